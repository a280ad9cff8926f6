package hardware_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"coldstart/reports/hardware"
	prober "coldstart/runner/hardware"
)

// script puts a program into a directory and returns its path.
func script(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// lacks checks that a fact is unknown for a reason with such words.
func lacks(t *testing.T, found *hardware.Probe, fact, words string) {
	t.Helper()
	if why := found.Why(fact); !strings.Contains(why, words) || words == "" && why != "" {
		t.Errorf("%s is unknown because %q; want %q", fact, why, words)
	}
}

// Whatever nvidia-smi does, the rest is known, and why it said nothing.
func TestNvidiaSMIFails(t *testing.T) {
	for _, c := range []struct{ name, script, why string }{
		{"driver not loaded", `echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running."; echo; exit 9`,
			"nvidia-smi failed (exit status 9): NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."},
		{"library of another driver", `echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18`, "(exit status 18): Failed to initialize NVML"},
		{"no words", "exit 3", "nvidia-smi failed (exit status 3)"},
		{"garbage", `printf '\033[31m\001\377 oops\n'`, "nvidia-smi printed something unexpected: "},
		{"another document", "echo '<html><body>no</body></html>'", "printed something unexpected: <html>"},
		{"cut off", "echo '<nvidia_smi_log><gpu id=\"0\"><product_name>NVIDIA'", "printed something unexpected"},
		{"nothing", "true", "nvidia-smi printed something unexpected"},
		{"no end", "exec yes '<nvidia_smi_log>'", "nvidia-smi gave no answer: it wrote more than 8388608 bytes"},
		{"no GPU", "echo '<nvidia_smi_log><attached_gpus>0</attached_gpus></nvidia_smi_log>'", "nvidia-smi sees no GPU"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t, "h100")
			smi := script(t, t.TempDir(), "nvidia-smi", c.script)
			o.Run = func(ctx context.Context, _ string, args ...string) ([]byte, error) {
				return prober.Start(ctx, smi, args...)
			}
			found := prober.Probe(t.Context(), o)
			lacks(t, found, "gpus[0].memory_gib", c.why)
			if len(found.GPUs) != 1 || found.GPUs[0].Name != "NVIDIA H100 80GB HBM3" || found.Driver.Version != "580.159.04" {
				t.Errorf("the driver's files tell GPU and driver, but the probe found %+v, %+v", found.GPUs, found.Driver)
			}
			if strings.ContainsAny(found.Why("gpus"), "\033\001\n") {
				t.Errorf("a terminal would obey %q", found.Why("gpus"))
			}
			if found.CPU.Threads != 16 {
				t.Errorf("%d threads", found.CPU.Threads)
			}
		})
	}
}

// A GPU with a warning fails nvidia-smi, and is told all the same.
func TestNvidiaSMIWarns(t *testing.T) {
	o := open(t, "h100")
	whole := o.Run
	o.Run = func(ctx context.Context, program string, args ...string) ([]byte, error) {
		output, _ := whole(ctx, program, args...)
		return append(output, "WARNING: infoROM is corrupted at gpu 0000:00:06.0\n"...), &exec.ExitError{}
	}
	if found := prober.Probe(t.Context(), o); len(found.GPUs) != 1 || found.GPUs[0].MemoryGiB != 79.65 || found.Why("gpus") != "" {
		t.Errorf("found %+v, %s", found.GPUs, found.Why("gpus"))
	}
}

// A hung nvidia-smi costs its limit and no more, also where it cannot be killed.
func TestNvidiaSMIHangs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as nvidia-smi may")
	}
	o := open(t, "h100")
	smi := script(t, t.TempDir(), "nvidia-smi", "sleep 60 & trap '' TERM; wait")
	o.Run = func(ctx context.Context, _ string, args ...string) ([]byte, error) {
		return prober.Start(ctx, smi, args...)
	}
	found := prober.Probe(t.Context(), o)
	lacks(t, found, "gpus[0].compute_processes", "nvidia-smi did not answer in 4s")
}

// A part that is stuck, and does not even heed its context, is left behind.
func TestStuckPart(t *testing.T) {
	o := open(t, "h100")
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		defer close(stuck)
		o.Run = func(context.Context, string, ...string) ([]byte, error) {
			<-stuck
			return nil, errors.New("late")
		}
		begun := time.Now()
		found := prober.Probe(t.Context(), o)
		if took := time.Since(begun); took != 5*time.Second {
			t.Errorf("the probe took %v", took)
		}
		lacks(t, found, "gpus", "no answer in 5s")
		lacks(t, found, "cpu", "")
	})
}

func TestNoNvidiaSMI(t *testing.T) {
	o := open(t, "h100")
	os.Remove(filepath.Join(o.Root, "bin/nvidia-smi"))
	found := prober.Probe(t.Context(), o)
	lacks(t, found, "gpus[0].link", "nvidia-smi is not installed, or not on the PATH")
	os.Remove(filepath.Join(o.Root, "sys/module/nvidia/version"))
	found = prober.Probe(t.Context(), o)
	lacks(t, found, "driver.version", "an NVIDIA GPU is there, but its driver is not loaded")
	os.RemoveAll(filepath.Join(o.Root, "sys/bus"))
	found = prober.Probe(t.Context(), o)
	if found.GPUs != nil {
		t.Errorf("without a bus to look at, found %+v", found.GPUs)
	}
	lacks(t, found, "gpus", "nvidia-smi is not installed")
}

func TestPython(t *testing.T) {
	for _, c := range []struct{ name, script, fact, why string }{
		{"no packages", `echo '{"python": "3.12.1", "pytorch": "", "cuda": "", "vllm": ""}'`, "environment.vllm", "vLLM is not installed in the environment"},
		{"words before it", `echo hello; echo '{"python": "3.12.1", "pytorch": "2.7.1", "cuda": "12.6", "vllm": "0.10.1.1"}'`, "environment", ""},
		{"garbage", "echo Segmentation; echo fault", "environment", "Python printed something unexpected: Segmentation"},
		{"an old Python", `echo 'SyntaxError: invalid syntax' >&2; exit 1`, "environment", "Python failed (exit status 1): SyntaxError: invalid syntax"},
		{"no release", "echo '{}'", "environment", "Python printed something unexpected: {}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t, "nogpu")
			o.Python, o.Run = script(t, t.TempDir(), "python", c.script), prober.Start
			lacks(t, prober.Probe(t.Context(), o), c.fact, c.why)
		})
	}
	for path, why := range map[string]string{
		"":                     "no Python environment was named",
		"/nowhere/bin/python":  "Python gave no answer: no such file or directory",
		"no-such-python-97531": "Python is not installed, or not on the PATH",
		os.TempDir():           "Python gave no answer: ",
	} {
		o := open(t, "nogpu")
		o.Python, o.Run = path, prober.Start
		lacks(t, prober.Probe(t.Context(), o), "environment.python", why)
	}
}

// Python's limit ends with the session.
func TestPythonHangs(t *testing.T) {
	o := open(t, "nogpu")
	o.Python, o.Run = script(t, t.TempDir(), "python", "exec sleep 60"), prober.Start
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	lacks(t, prober.Probe(ctx, o), "environment", "Python did not answer in")
}

// A Python that finds its packages by variables is asked with them.
func TestPythonIsLed(t *testing.T) {
	o := open(t, "nogpu")
	o.Python, o.Run = script(t, t.TempDir(), "python", `echo "{\"python\": \"3.12.3\", \"vllm\": \"$A of $PYTHONPATH\"}"`), prober.Start
	o.Variables = map[string]string{"PYTHONPATH": "/root/site", "A": "0.20.2"}
	if found := prober.Probe(t.Context(), o).Environment; found.VLLM != "0.20.2 of /root/site" {
		t.Errorf("found %+v", found)
	}
}

// A machine that tells nothing: every fact is unknown with its reason.
func TestNothing(t *testing.T) {
	root := t.TempDir()
	found := prober.Probe(t.Context(), prober.Options{Root: root, Models: "/models", Python: "python", Run: programs(root)})
	for _, fact := range []string{"cpu.model", "cpu.governor", "gpus", "driver.version", "dram.size_gb", "dram.type", "os", "kernel", "clock_source", "container", "vm", "environment", "drives", "models"} {
		if found.Why(fact) == "" {
			t.Errorf("%s is unknown for no reason", fact)
		}
	}
	for fact, reason := range found.Unknown {
		if strings.Contains(reason, root) {
			t.Errorf("%s: the reason has a path of the fixture in it: %s", fact, reason)
		}
	}
	if found.GPUs != nil || found.Drives != nil {
		t.Errorf("what is not known is none: %+v, %+v", found.GPUs, found.Drives)
	}
}

// What is no directory or text where one is wanted.
func TestUnreadable(t *testing.T) {
	o := open(t, "n3")
	for _, name := range []string{"proc/cpuinfo", "proc/meminfo", "etc/os-release", "proc/self/mountinfo"} {
		os.Remove(filepath.Join(o.Root, name))
		if err := os.Mkdir(filepath.Join(o.Root, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	o.Models = "/models"
	found := prober.Probe(t.Context(), o)
	lacks(t, found, "cpu.model", "/proc/cpuinfo: is a directory")
	lacks(t, found, "dram.size_gb", "/proc/meminfo: is a directory")
	lacks(t, found, "models", "/proc/self/mountinfo: is a directory")
	lacks(t, found, "kernel", "")

	if os.Geteuid() == 0 {
		return // root reads all
	}
	closed := filepath.Join(o.Root, "sys/firmware/dmi/entries/17-0/raw")
	put(t, o.Root, "sys/firmware/dmi/entries/17-0/raw", "")
	os.RemoveAll(filepath.Join(o.Root, "sys/devices/system/edac"))
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	lacks(t, prober.Probe(t.Context(), o), "dram.type", hardware.NeedsRoot+"/sys/firmware/dmi/entries/17-0/raw is closed to others")
}

func TestModelsDirectory(t *testing.T) {
	o := open(t, "n3")
	for directory, why := range map[string]string{
		"":          "no models directory was named",
		"/absent":   "the models directory cannot be found: no such file or directory",
		"/models/.": "",
	} {
		o.Models = directory
		lacks(t, prober.Probe(t.Context(), o), "models", why)
	}
}

// Which container and which virtual machine, by the traces that they leave.
func TestVirtual(t *testing.T) {
	const x86 = "processor\t: 0\nflags\t\t: fpu hypervisor\n"
	for _, c := range []struct {
		name          string
		files         map[string]string
		container, vm string
	}{
		{"bare metal", map[string]string{"proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu\n", "proc/self/ns/pid@": "pid:[4026531836]", "sys/class/dmi/id/sys_vendor": "Microsoft Corporation"}, "none", "none"},
		{"docker in KVM", map[string]string{"proc/cpuinfo": x86, "proc/self/ns/pid@": "pid:[4026532999]", ".dockerenv": "", "sys/class/dmi/id/sys_vendor": "QEMU"}, "docker", "KVM"},
		{"podman in VMware", map[string]string{"proc/cpuinfo": x86, "run/.containerenv": "", "sys/class/dmi/id/product_name": "VMware7,1"}, "podman", "VMware"},
		{"a pod in EC2", map[string]string{"proc/cpuinfo": x86, "proc/self/ns/pid@": "pid:[4026532999]", "proc/self/cgroup": "0::/kubepods/besteffort", "sys/class/dmi/id/sys_vendor": "Amazon EC2"}, "kubepods", "Amazon EC2"},
		{"nspawn in Hyper-V without firmware", map[string]string{"proc/cpuinfo": x86, "run/systemd/container": "systemd-nspawn", "sys/devices/system/clocksource/clocksource0/available_clocksource": "hyperv_clocksource_tsc_page"}, "systemd-nspawn", "Hyper-V"},
		{"no traces", map[string]string{"proc/cpuinfo": x86, "proc/self/ns/pid@": "pid:[4026532999]"}, "of unknown kind", "of unknown kind"},
		{"ARM", map[string]string{"proc/cpuinfo": "processor\t: 0\nFeatures\t: fp\n", "proc/self/cgroup": "0::/", "sys/class/dmi/id/sys_vendor": "NVIDIA"}, "none", "none"},
		{"ARM in KVM", map[string]string{"proc/cpuinfo": "processor\t: 0\nFeatures\t: fp\n", "proc/self/cgroup": "0::/", "sys/class/dmi/id/product_name": "KVM Virtual Machine"}, "none", "KVM"},
		{"WSL", map[string]string{"proc/sys/kernel/osrelease": "5.15.90.1-microsoft-standard-WSL2", "proc/cpuinfo": x86}, "", "WSL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range c.files {
				put(t, root, name, text)
			}
			found := prober.Probe(t.Context(), prober.Options{Root: root, Run: programs(root)})
			if found.Container != c.container || found.VM != c.vm {
				t.Errorf("container %q in %q, want %q in %q", found.Container, found.VM, c.container, c.vm)
			}
		})
	}
}

// What lies below a file system, layer by layer.
func TestStorage(t *testing.T) {
	root := func(device, fileSystem, source string) map[string]string {
		return map[string]string{"proc/self/mountinfo": "1 0 " + device + " / / rw - " + fileSystem + " " + source + " rw\n"}
	}
	for _, c := range []struct {
		name   string
		mounts map[string]string
		files  map[string]string
		want   string
	}{
		{"a disk", root("8:0", "ext4", "/dev/sda"), map[string]string{"sys/block/sda/dev": "8:0"}, "ext4 on 1 drive"},
		{"encrypted LVM", root("253:1", "ext4", "/dev/mapper/v-r"), map[string]string{
			"sys/block/dm-1/dev": "253:1", "sys/block/dm-1/dm/uuid": "LVM-abc", "sys/block/dm-1/slaves/dm-0": "",
			"sys/block/dm-0/dev": "253:0", "sys/block/dm-0/dm/uuid": "CRYPT-LUKS2-abc", "sys/block/dm-0/slaves/nvme0n1p3": "",
			"sys/block/nvme0n1/dev": "259:0", "sys/block/nvme0n1/nvme0n1p3/dev": "259:3", "sys/block/nvme0n1/nvme0n1p3/partition": "3",
		}, "ext4/LVM/encryption on 1 drive"},
		{"multipath", root("253:0", "xfs", "/dev/mapper/mpatha"), map[string]string{
			"sys/block/dm-0/dev": "253:0", "sys/block/dm-0/dm/uuid": "mpath-3600", "sys/block/dm-0/slaves/sda": "", "sys/block/dm-0/slaves/sdb": "",
		}, "xfs/multipath on 1 drive"},
		{"btrfs over two", root("0:30", "btrfs", "/dev/nvme0n1p1"), map[string]string{
			"sys/fs/btrfs/1234/devices/nvme0n1p1": "", "sys/fs/btrfs/1234/devices/nvme1n1": "", "sys/fs/btrfs/1234/allocation/data/raid0/total_bytes": "1",
			"sys/block/nvme0n1/dev": "259:0", "sys/block/nvme0n1/nvme0n1p1/dev": "259:1", "sys/block/nvme0n1/nvme0n1p1/partition": "1", "sys/block/nvme1n1/dev": "259:2",
		}, "btrfs/RAID-0 on 2 drives"},
		{"a network's", root("0:50", "nfs4", "server:/models"), nil, "nfs4"},
		{"a circle", root("9:0", "ext4", "/dev/md0"), map[string]string{
			"sys/block/md0/dev": "9:0", "sys/block/md0/md/level": "raid1", "sys/block/md0/slaves/md0": "",
		}, "ext4/RAID-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			for _, files := range []map[string]string{c.mounts, c.files} {
				for name, text := range files {
					put(t, root, name, text)
				}
			}
			found := prober.Probe(t.Context(), prober.Options{Root: root, Models: "/", Run: programs(root)})
			if got := found.Models.String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The firmware's table, which root can read: a module of DDR5 and an empty slot.
func TestFirmwareTable(t *testing.T) {
	module := func(kind byte) string {
		raw := make([]byte, 0x5c)
		raw[0], raw[1], raw[0x12] = 17, 0x5c, kind
		return string(raw)
	}
	root := t.TempDir()
	put(t, root, "sys/firmware/dmi/entries/17-0/raw", module(0x22))
	put(t, root, "sys/firmware/dmi/entries/17-1/raw", module(0x02))
	put(t, root, "sys/firmware/dmi/entries/17-2/raw", "short")
	put(t, root, "sys/firmware/dmi/entries/4-0/raw", module(0x1a))
	if found := prober.Probe(t.Context(), prober.Options{Root: root, Run: programs(root)}); found.DRAM.Type != "DDR5" {
		t.Errorf("memory of type %q", found.DRAM.Type)
	}
}
