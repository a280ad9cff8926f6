package hardware

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"coldstart/reports/hardware"
)

// files are those of that name in all machines of testdata.
func files(t testing.TB, name string) (all []string) {
	t.Helper()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no machines: %v", err)
	}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == name {
				all = append(all, string(file.Data))
			}
		}
	}
	return all
}

func FuzzSMI(f *testing.F) {
	for _, output := range files(f, "bin/nvidia-smi") {
		f.Add([]byte(output))
	}
	f.Fuzz(func(t *testing.T, output []byte) {
		log, err := readSMI(output)
		if err != nil {
			return
		}
		var probe hardware.Probe
		log.finding().keepIn(&probe)
		for _, gpu := range probe.GPUs {
			if gpu.MemoryGiB < 0 || gpu.PowerW < 0 || gpu.Link.Generation < 0 || gpu.Link.Width < 0 {
				t.Errorf("less than nothing: %+v", gpu)
			}
		}
		for fact, reason := range probe.Unknown {
			if reason == "" || strings.ContainsAny(reason, "\n\033") {
				t.Errorf("%s is unknown because %q", fact, reason)
			}
		}
	})
}

func FuzzMounts(f *testing.F) {
	for _, mountinfo := range files(f, "proc/self/mountinfo") {
		f.Add(mountinfo, "/models")
	}
	f.Add(`1 0 8:1 / /a\040b\134c rw shared:1 master:2 - ext4 /dev/sda1 rw`, `/a b\c/d`)
	f.Fuzz(func(t *testing.T, mountinfo, path string) {
		at, ok := mountOf(readMounts(mountinfo), path)
		if ok && at.point != "/" && !strings.HasPrefix(path, at.point) {
			t.Errorf("%q does not lie in %q", path, at.point)
		}
	})
}

func FuzzOSRelease(f *testing.F) {
	for _, text := range files(f, "etc/os-release") {
		f.Add(text)
	}
	f.Add("ID='x'\nNAME=\"a \\\"b\\\"\"\nVERSION_ID=\"")
	f.Fuzz(func(t *testing.T, text string) { distribution(text) })
}

func FuzzCPUInfo(f *testing.F) {
	for _, text := range files(f, "proc/cpuinfo") {
		f.Add(text)
	}
	f.Add("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n")
	root := f.TempDir()
	if err := os.Mkdir(filepath.Join(root, "proc"), 0o755); err != nil {
		f.Fatal(err)
	}
	m := newMachine(Options{Root: root})
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(root, "proc/cpuinfo"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var probe hardware.Probe
		m.cpu(t.Context()).keepIn(&probe)
		if probe.CPU.Model == "" && probe.Why("cpu.model") == "" {
			t.Error("the model is unknown for no reason")
		}
		m.hypervisor()
	})
}

func TestMountOf(t *testing.T) {
	mounts := readMounts(`1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 8:2 / /data rw,relatime shared:1 master:2 - xfs /dev/sda2 rw
3 1 8:3 / /data rw - ext4 /dev/sda3 rw
4 1 8:4 / /with\040space rw - ext4 /dev/sda4 rw
no line of mountinfo
`)
	for path, device := range map[string]string{
		"/": "8:1", "/home": "8:1", "/data": "8:3", "/data/models": "8:3", "/database": "8:1", "/with space/x": "8:4",
	} {
		if at, ok := mountOf(mounts, path); !ok || at.device != device {
			t.Errorf("%s lies in %+v, want %s", path, at, device)
		}
	}
}

func TestDistribution(t *testing.T) {
	for text, want := range map[string]string{
		"ID=ubuntu\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"":                   "Ubuntu 24.04",
		"NAME=\"Red Hat Enterprise Linux\"\nID=\"rhel\"\nVERSION_ID=\"9.5\"": "Red Hat Enterprise Linux (RHEL) 9.5",
		"NAME='Arch Linux'\nID=arch":                                         "Arch Linux",
		"# a remark\nID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=12":    "Debian 12",
		"": "",
	} {
		if got := distribution(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Words that nvidia-smi writes where it has no value, in old drivers and new.
func TestSMIWithoutValues(t *testing.T) {
	log, err := readSMI([]byte(`<?xml version="1.0" ?>
<nvidia_smi_log>
	<kmd_version>610.43.02</kmd_version>
	<driver_version>610.43.02 [Deprecated]</driver_version>
	<cuda_umd_version>13.3</cuda_umd_version>
	<cuda_version>13.3 [Deprecated; will be removed in CUDA 14.0]</cuda_version>
	<gpu>
		<product_name>NVIDIA L40S</product_name>
		<mig_mode><current_mig>[N/A]</current_mig></mig_mode>
		<fb_memory_usage><total>46068 MiB</total><used>[Insufficient Permissions]</used></fb_memory_usage>
		<clocks_throttle_reasons><clocks_throttle_reason_hw_slowdown>Active</clocks_throttle_reason_hw_slowdown></clocks_throttle_reasons>
		<power_readings><power_limit>350.00 W</power_limit><default_power_limit>[Not Supported]</default_power_limit></power_readings>
		<processes><process_info><type>C</type></process_info><process_info><type>G</type></process_info><process_info><type>C+G</type></process_info></processes>
	</gpu>
	<gpu>
		<product_name>[GPU is lost]</product_name>
		<processes>N/A</processes>
	</gpu>
</nvidia_smi_log>`))
	if err != nil {
		t.Fatal(err)
	}
	var probe hardware.Probe
	log.finding().keepIn(&probe)
	if probe.Driver != (hardware.Driver{Version: "610.43.02", CUDA: "13.3"}) {
		t.Errorf("driver %+v", probe.Driver)
	}
	gpu := probe.GPUs[0]
	if gpu.MIG != "not supported" || gpu.MemoryGiB != 44.99 || gpu.PowerW != 350 || gpu.Processes != 2 || len(gpu.SlowedBy) != 1 || gpu.SlowedBy[0] != "hw_slowdown" {
		t.Errorf("GPU %+v", gpu)
	}
	for fact, why := range map[string]string{
		"gpus[0].used_gib":          `nvidia-smi says "[Insufficient Permissions]"`,
		"gpus[0].power_default_w":   `nvidia-smi says "[Not Supported]"`,
		"gpus[0].link":              "this release of nvidia-smi does not report it",
		"gpus[0].compute_processes": "",
		"gpus[1].name":              `nvidia-smi says "[GPU is lost]"`,
		"gpus[1].compute_processes": `nvidia-smi says "N/A"`,
	} {
		if got := probe.Why(fact); got != why {
			t.Errorf("%s is unknown because %q, want %q", fact, got, why)
		}
	}
}

func TestGeneration(t *testing.T) {
	for speed, want := range map[string]int{"2.5 GT/s PCIe": 1, "16.0 GT/s PCIe": 4, "16 GT/s": 4, "32.0 GT/s PCIe": 5, "64.0 GT/s PCIe": 6, "Unknown": 0, "": 0} {
		if got := generation(speed); got != want {
			t.Errorf("%q is generation %d, want %d", speed, got, want)
		}
	}
}
