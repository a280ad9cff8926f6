package local_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
)

// pretend puts a program of that name before all others in PATH.
func pretend(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// smi is an nvidia-smi of one GPU: its used memory is in the returned file, processes is its
// list of processes, and the script watched prints those during a run. A run that it watches
// has the file .watched beside the returned one.
func smi(t *testing.T, mib, processes, watched string) (used string) {
	t.Helper()
	if watched == "" {
		watched = ":"
	}
	used = filepath.Join(t.TempDir(), "MIB")
	if err := os.WriteFile(used, []byte(mib), 0o644); err != nil {
		t.Fatal(err)
	}
	pretend(t, "nvidia-smi", fmt.Sprintf(`
case $1 in
-q) cat <<END
<nvidia_smi_log><driver_version>580.1</driver_version><gpu><product_name>NVIDIA H100</product_name>
<fb_memory_usage><total>81559 MiB</total><used>$(cat %s) MiB</used></fb_memory_usage>
<clocks_event_reasons><clocks_event_reason_hw_thermal_slowdown>Active</clocks_event_reason_hw_thermal_slowdown></clocks_event_reasons>
<processes>%s</processes></gpu></nvidia_smi_log>
END
;;
--query-compute-apps=pid) %s; touch %s.watched; exec sleep 100 ;;
esac`, used, processes, watched, used))
	return used
}

func start(t *testing.T, script string) (engine.Started, string) {
	t.Helper()
	var log bytes.Buffer
	started, err := newEngine(&shell{script: script}).Start(t.Context(), anyRun, &log)
	if err != nil {
		t.Fatal(err)
	}
	return started, log.String()
}

// A run on a GPU that others use is flagged: by their processes before the start, by their
// memory if their processes are invisible, and by processes that start during the run.
func TestGPUBusy(t *testing.T) {
	const process = "<process_info><type>C</type></process_info>"
	tests := []struct {
		name, mib, processes, watched string
		want                          []string
	}{
		{"idle", "4", "", "", nil},
		{"a process before", "4", process, "", []string{"another process used GPU 0 when the engine was started"}},
		{"memory before", "9000", "", "", []string{"GPU 0 had 8.8 GiB in use when the engine was started"}},
		{"a process meanwhile", "4", "", fmt.Sprint("echo ", os.Getpid()), []string{fmt.Sprintf("process %d also used GPU 0 during the run", os.Getpid())}},
		{"a process that cannot be seen", "4", "", "echo 4194304", nil},
	}
	for _, test := range tests {
		used := smi(t, test.mib, test.processes, test.watched)
		started, _ := start(t, fmt.Sprintf("until [ -e %s.watched ]; do sleep 0.01; done", used))
		if got, want := strings.Join(started.Warnings, "\n"), strings.Join(test.want, "\n"); got != want {
			t.Errorf("%s: warnings %q, want %q", test.name, got, want)
		}
	}
}

// Of a machine that is shared, only the GPUs that the engine may use are watched: a start of
// somebody else on another one neither flags a run nor keeps the next one waiting, which would
// end with a warning.
func TestOtherGPUsAreNotWatched(t *testing.T) {
	asked := filepath.Join(t.TempDir(), "asked")
	pretend(t, "nvidia-smi", fmt.Sprintf(`
gpu() { echo "<gpu><product_name>NVIDIA H200</product_name><uuid>GPU-$1</uuid>
<fb_memory_usage><total>143771 MiB</total><used>$2 MiB</used></fb_memory_usage><processes>$3</processes></gpu>"; }
case $1 in
-q) echo "<nvidia_smi_log><driver_version>580.1</driver_version>"
    [ -e %[1]s ] && gpu 32d4cf3b 90000 "<process_info><type>C</type></process_info>" || gpu 32d4cf3b 4
    gpu 8a9b935a 4; echo "</nvidia_smi_log>" ;;
--query-compute-apps=pid) echo "$@" >%[1]s.new; mv %[1]s.new %[1]s; exec sleep 100 ;;
esac`, asked))
	for _, visible := range []string{"1", "GPU-8a9b935a"} {
		os.Remove(asked)
		t.Setenv("CUDA_VISIBLE_DEVICES", visible)
		started, _ := start(t, fmt.Sprintf("until [ -e %s ]; do sleep 0.01; done", asked))
		words, _ := os.ReadFile(asked)
		if len(started.Warnings) > 0 || !strings.HasSuffix(strings.TrimSpace(string(words)), "--id=1") {
			t.Errorf("CUDA_VISIBLE_DEVICES=%s: warnings %q; nvidia-smi was asked with %s", visible, started.Warnings, words)
		}
		if gpus := started.Around.GPUs; len(gpus) != 1 || gpus[0].Index != 1 {
			t.Errorf("CUDA_VISIBLE_DEVICES=%s: around, the GPUs are %+v", visible, gpus)
		}
	}
}

// The next run waits until the GPU's memory is free again.
func TestGPUMemoryIsAwaited(t *testing.T) {
	used := smi(t, "4", "", "")
	left := filepath.Join(t.TempDir(), "left") // the group of processes
	started, _ := start(t, fmt.Sprintf("echo 40000 >%[1]s; setsid sh -c 'touch %[2]s; sleep 1; echo 4 >%[1]s.new; mv %[1]s.new %[1]s' & until [ -e %[2]s ]; do sleep 0.1; done", used, left))
	if len(started.Warnings) > 0 {
		t.Errorf("warnings %q", started.Warnings)
	}
	if text, _ := os.ReadFile(used); strings.TrimSpace(string(text)) != "4" {
		t.Error("the start did not wait for the memory")
	}
}

// Every run has the state of the machine around it.
func TestAround(t *testing.T) {
	smi(t, "123", "", "")
	started, _ := start(t, "sleep 0.2")
	a := started.Around
	if a == nil || a.LoadBefore == nil || a.AvailableGiB == nil || *a.AvailableGiB <= 0 || a.OthersBusy == nil || *a.OthersBusy < 0 {
		t.Fatalf("around: %+v", a)
	}
	if _, counted := local.ReadGiB(); counted != (a.ReadGiB != nil) || counted && *a.ReadGiB < 0 {
		t.Errorf("the kernel counts what is read: %t; around: %+v", counted, a)
	}
	if len(a.GPUs) != 1 || a.GPUs[0].UsedGiB != 0.12 || len(a.GPUs[0].SlowedBy) != 1 {
		t.Errorf("GPUs: %+v", a.GPUs)
	}
}

// A node that cannot drop the page cache is unfit for figure 13; nothing is measured with a
// warm cache instead.
func TestUnfitWithoutSudo(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root needs no sudo: the test of the page cache shows the refusal")
	}
	pretend(t, "sudo", "echo 'a password is required' >&2; exit 1")
	run := anyRun
	run.Set = &result.Set{Name: "baseline-ssd", DropPageCache: true}
	var log bytes.Buffer
	var unfit *engine.UnfitError
	_, err := newEngine(&shell{script: "echo begun"}).Start(context.Background(), run, &log)
	if !errors.As(err, &unfit) || !strings.Contains(err.Error(), "a password is required") || log.Len() > 0 {
		t.Errorf("error %v, log %q", err, log.String())
	}
}
