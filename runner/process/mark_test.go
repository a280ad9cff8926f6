package process

import (
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"
)

// led starts a process that leads a group and leaves a child in it.
func led(t *testing.T) (mark Mark, child int) {
	t.Helper()
	leader := exec.Command("sh", "-c", "sleep 1000 & read line")
	leader.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := leader.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := leader.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(-leader.Process.Pid, syscall.SIGKILL) })
	mark = MarkOf(leader.Process.Pid)
	if !mark.Runs() {
		t.Skip("this system does not tell about processes")
	}
	for len(mark.Group()) < 2 {
		time.Sleep(poll)
	}
	child = mark.Group()[1]
	input.Close()
	leader.Wait()
	return mark, child
}

// A group lives on without its leader, and is not taken for another group that got its
// number.
func TestMark(t *testing.T) {
	mark, child := led(t)
	if got := mark.Group(); mark.Runs() || !slices.Equal(got, []int{child}) {
		t.Errorf("runs %t, group %v, want %d alone", mark.Runs(), got, child)
	}
	for name, other := range map[string]Mark{
		"another boot":    {mark.ID, mark.Session, mark.Started, "another"},
		"another session": {mark.ID, mark.Session + 1, mark.Started, mark.Boot},
		"nothing":         {},
	} {
		if got := other.Group(); other.Runs() || len(got) > 0 {
			t.Errorf("%s: group %v", name, got)
		}
	}
}

// A process that got the number of an ended one is not that one, and leads another group.
func TestMarkOfAReusedNumber(t *testing.T) {
	cmd := exec.Command("sleep", "1000")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	mark := MarkOf(cmd.Process.Pid)
	if !mark.Runs() || !slices.Equal(mark.Group(), []int{mark.ID}) {
		t.Skip("this system does not tell about processes")
	}
	mark.Started--
	if got := mark.Group(); mark.Runs() || len(got) > 0 {
		t.Errorf("runs %t, group %v", mark.Runs(), got)
	}
}
