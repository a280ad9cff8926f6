package registration

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// processes are the programs that run out of the runner's directory, by process: the one
// that waits for jobs, and for GitHub's runner one per job.
func (s *System) processes(r *Runner) map[int]string {
	dir := s.real(r.Dir)
	found := map[int]string{}
	links, _ := filepath.Glob(s.path("/proc/[0-9]*/exe"))
	for _, link := range links {
		program, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(program, dir+"/") {
			continue // it ended, belongs to the kernel, or is another's
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			found[pid] = program
		}
	}
	return found
}

// real is a path of the machine without links, as the kernel names programs.
func (s *System) real(path string) string {
	root, err := filepath.EvalSymlinks(s.Root)
	if err != nil {
		return path
	}
	target, err := filepath.EvalSymlinks(s.path(path))
	if err != nil {
		return path
	}
	below, err := filepath.Rel(root, target)
	if err != nil {
		return path
	}
	return "/" + below
}

// working says whether the runner is running a job, as far as this machine knows: GitHub's
// runner has a process per job. act_runner has none, so only the server knows.
func (s *System) working(r *Runner) bool {
	for _, program := range s.processes(r) {
		// An update leaves bin a link to bin.VERSION, and a program "(deleted)".
		if strings.Contains(program, "/bin") && strings.Contains(program, "/Runner.Worker") {
			return true
		}
	}
	return false
}

// endProcesses ends what systemd does not know, such as a runner that was started by hand.
// It names what does not end.
func (s *System) endProcesses(ctx context.Context, r *Runner) error {
	const step = time.Second
	for waited := time.Duration(0); ; waited += step {
		running := s.processes(r)
		if len(running) == 0 {
			return nil
		}
		pids := slices.Sorted(maps.Keys(running))
		if waited >= stopGrace {
			return fmt.Errorf("%s still runs, which was started by hand: end it with kill -9 %d, and run this again",
				running[pids[0]], pids[0])
		}
		if waited == 0 {
			for _, pid := range pids {
				s.End(pid) // if it fails, the process is named later
			}
		}
		if err := s.Wait(ctx, step); err != nil {
			return err
		}
	}
}
