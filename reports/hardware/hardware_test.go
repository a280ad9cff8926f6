package hardware_test

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/hardware"
	"coldstart/reports/table"
	"coldstart/reports/testkit"
)

// paper is the four nodes of the paper. Their table, testdata/paper.csv, is that
// of the paper's artifact, github.com/Huzifa1/vllm-profiling (Apache-2.0).
func paper() []hardware.Node {
	debian := hardware.Hardware{
		CPU:      hardware.CPU{Model: "AMD EPYC 9354", Sockets: 1, Cores: 32},
		DRAM:     hardware.DRAM{Type: "DDR5", Size: 251},
		Platform: hardware.Platform{OS: "Debian 12", Kernel: "6.1.0-40-amd64"},
		Python:   "3.11.2",
		CUDA:     hardware.CUDA{Version: "12.6", Driver: "580.82.07"},
		PyTorch:  "2.7.1+cu126",
		VLLM:     "0.10.1.1",
	}
	redHat := hardware.Hardware{
		DRAM:     hardware.DRAM{Type: "DDR5", Size: 2000},
		Platform: hardware.Platform{OS: "Red Hat Enterprise Linux (RHEL) 9", Kernel: "5.14.0-503.34.1.el9_5"},
		Python:   "3.12",
		CUDA:     hardware.CUDA{Version: "12.8", Driver: "570.124.06"},
		PyTorch:  "2.7.1+cu126",
		VLLM:     "0.10.1.1",
	}
	n1, n2, n3, n4 := debian, debian, redHat, redHat
	n1.GPU, n2.GPU, n3.GPU, n4.GPU = "H100 NVL", "L40S", "H100", "L40S"
	n3.CPU = hardware.CPU{Model: "Intel Xeon Platinum 8568Y+", Sockets: 2, Cores: 48}
	n4.CPU = hardware.CPU{Model: "Intel Xeon Gold 5520+", Sockets: 2, Cores: 28}
	n3.SSD = hardware.SSD{Count: 4, Interface: "PCIe 5.0"}
	n3.FS = "XFS/LVM with RAID-0 mirror"
	return []hardware.Node{
		{Name: "n1", Declared: n1}, {Name: "n2", Declared: n2}, {Name: "n3", Declared: n3}, {Name: "n4", Declared: n4},
	}
}

// probed is n1 in its system's words, n2 with other parts than declared, n3 not
// probed, and a node of which nothing is declared.
func probed() []hardware.Node {
	nodes := paper()[:3]
	nodes[0].Probed = &hardware.Probe{
		CPU:         hardware.ProbedCPU{CPU: hardware.CPU{Model: "AMD EPYC 9354 32-Core Processor", Sockets: 1, Cores: 32}},
		GPUs:        []hardware.GPU{{Name: "NVIDIA H100 NVL"}},
		Driver:      hardware.Driver{Version: "580.82.07"},
		DRAM:        hardware.DRAM{Size: 251.53},
		Platform:    hardware.Platform{OS: "Debian GNU/Linux 12 (bookworm)", Kernel: "6.1.0-40-amd64"},
		Environment: hardware.Releases{Python: "3.11.2", PyTorch: "2.7.1+cu126", VLLM: "v0.10.1.1"},
		Models:      hardware.Storage{FileSystem: "ext4"},
	}
	nodes[1].Probed = &hardware.Probe{
		CPU:         hardware.ProbedCPU{CPU: hardware.CPU{Model: "AMD EPYC 9354 32-Core Processor", Sockets: 2, Cores: 32}},
		GPUs:        []hardware.GPU{{Name: "NVIDIA L40"}},
		DRAM:        hardware.DRAM{Type: "DDR5", Size: 503},
		Platform:    hardware.Platform{Kernel: "6.1.0-41-amd64"},
		Environment: hardware.Releases{VLLM: "0.11.0"},
	}
	here := &hardware.Probe{Platform: hardware.Platform{OS: "Ubuntu 24.04.1 LTS"}}
	return append(nodes, hardware.Node{Name: "here", Probed: here})
}

func compare(t *testing.T, name string, shown table.Table, width int) {
	t.Helper()
	var got bytes.Buffer
	if err := shown.Terminal(&got, table.Screen{Width: width}); err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "testdata/"+name, got.String())
}

func TestDeclaredHardwareIsThePapersTable(t *testing.T) {
	declared := hardware.Table(paper())
	var got bytes.Buffer
	if err := declared.CSV(&got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/paper.csv") // a fact, which -update leaves alone
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("not the paper's table (-want +got):\n%s", diff)
	}
	compare(t, "paper-80.txt", declared, 80)
}

func TestProbedHardwareStandsBesideTheDeclared(t *testing.T) {
	compare(t, "probed.txt", hardware.Table(probed()), 0)
}

func TestMismatches(t *testing.T) {
	want := []string{
		"n2: CPU is declared as AMD EPYC 9354 (32C), but the node has 2× AMD EPYC 9354 32-Core Processor (2×32C)",
		"n2: GPU is declared as L40S, but the node has NVIDIA L40",
		"n2: DRAM is declared as DDR5 251GB, but the node has DDR5 503GB",
		"n2: Kernel is declared as 6.1.0-40-amd64, but the node has 6.1.0-41-amd64",
		"n2: vLLM is declared as v0.10.1.1, but the node has v0.11.0",
	}
	var got []string
	for _, node := range probed() {
		for _, m := range node.Mismatches() {
			got = append(got, m.String())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a person writes and what a system says: which pairs are the same thing.
func TestComparison(t *testing.T) {
	cpu := func(model string, sockets, cores int) hardware.Hardware {
		return hardware.Hardware{CPU: hardware.CPU{Model: model, Sockets: sockets, Cores: cores}}
	}
	gpu := func(model string) hardware.Hardware { return hardware.Hardware{GPU: model} }
	dram := func(kind string, gb float64) hardware.Hardware {
		return hardware.Hardware{DRAM: hardware.DRAM{Type: kind, Size: gb}}
	}
	system := func(name string) hardware.Hardware { return hardware.Hardware{Platform: hardware.Platform{OS: name}} }
	kernel := func(release string) hardware.Hardware {
		return hardware.Hardware{Platform: hardware.Platform{Kernel: release}}
	}
	ssd := func(count int, bus string) hardware.Hardware {
		return hardware.Hardware{SSD: hardware.SSD{Count: count, Interface: bus}}
	}
	gpus := func(names ...string) *hardware.Probe {
		p := &hardware.Probe{GPUs: []hardware.GPU{}}
		for _, name := range names {
			p.GPUs = append(p.GPUs, hardware.GPU{Name: name})
		}
		return p
	}
	fs := func(text string) hardware.Hardware { return hardware.Hardware{FS: text} }
	storage := func(fileSystem string, drives int, layers ...string) *hardware.Probe {
		models := hardware.Storage{FileSystem: fileSystem, Layers: layers, Drives: make([]string, drives)}
		return &hardware.Probe{Models: models}
	}
	cuda := func(version, driver string) hardware.Hardware {
		return hardware.Hardware{CUDA: hardware.CUDA{Version: version, Driver: driver}}
	}
	driver := func(built, newest string) *hardware.Probe {
		return &hardware.Probe{
			Environment: hardware.Releases{CUDA: built}, Driver: hardware.Driver{Version: "570.124.06", CUDA: newest},
		}
	}
	for _, c := range []struct {
		name             string
		declared, probed hardware.Description
		same             bool
	}{
		{"Intel's marks", cpu("Intel Xeon Gold 5520+", 2, 28), cpu("INTEL(R) XEON(R) GOLD 5520+", 2, 28), true},
		{"a clock", cpu("Intel Xeon Gold 6230", 2, 20), cpu("Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", 2, 20), true},
		{"another model", cpu("AMD EPYC 9354", 1, 32), cpu("AMD EPYC 9354P 32-Core Processor", 1, 32), false},
		{"other sockets", cpu("AMD EPYC 9354", 1, 32), cpu("AMD EPYC 9354", 2, 32), false},
		{"other cores", cpu("AMD EPYC 9354", 1, 32), cpu("AMD EPYC 9354", 1, 16), false},
		{"cores not declared", cpu("AMD EPYC 9354", 0, 0), cpu("AMD EPYC 9354", 2, 32), true},
		{"a GPU's memory", gpu("H100"), gpu("NVIDIA H100 80GB HBM3"), true},
		{"a GPU's form", gpu("H100"), gpu("NVIDIA H100 PCIe"), true},
		{"H100 is not H100 NVL", gpu("H100"), gpu("NVIDIA H100 NVL"), false},
		{"L40S is not L40", gpu("L40S"), gpu("NVIDIA L40"), false},
		{"rounded memory", dram("DDR5", 251), dram("", 251.5), true},
		{"memory at the limit", dram("", 1000), dram("", 1030), true},
		{"memory beyond the limit", dram("", 1000), dram("", 1031), false},
		{"memory of another type", dram("DDR5", 251), dram("DDR4", 251), false},
		{"a full name", system("Red Hat Enterprise Linux (RHEL) 9"), system("Red Hat Enterprise Linux 9.5 (Plow)"), true},
		{"a point release", system("Ubuntu 22.04"), system("Ubuntu 22.04.4 LTS"), true},
		{"another release", system("Debian 12"), system("Debian GNU/Linux 13 (trixie)"), false},
		{"spacing and case", system("debian   12"), system("Debian 12"), true},
		{"CUDA less precise", cuda("12.6", "580.82.07"), cuda("12.6.3", "580.82.07"), true},
		{"another driver", cuda("12.6", "580.82.07"), cuda("12.6", "580.95.05"), false},
		{"driver not found", cuda("12.6", "580.82.07"), cuda("12.6", ""), true},
		{"SSDs", ssd(4, "PCIe 5.0"), ssd(4, "NVMe"), true},
		{"fewer SSDs", ssd(4, "PCIe 5.0"), ssd(3, "PCIe 5.0"), false},
		{"slower SSDs", ssd(4, "PCIe 5.0"), ssd(4, "PCIe 4.0"), false},
		{"what lies below a file system", fs("XFS/LVM with RAID-0 mirror"), storage("xfs", 0), true},
		{"another file system", fs("XFS"), storage("ext4", 1), false},
		{"layers as declared", fs("XFS/LVM with RAID-0 mirror"), storage("xfs", 4, "LVM", "RAID-0"), true},
		{"LVM may stripe by itself", fs("XFS/LVM with RAID-0 mirror"), storage("xfs", 4, "LVM"), true},
		{"no layers", fs("XFS/LVM with RAID-0 mirror"), storage("xfs", 1), false},
		{"another RAID", fs("XFS on RAID 0"), storage("xfs", 2, "RAID-1"), false},
		{"no RAID", fs("XFS on RAID 0"), storage("xfs", 1), false},
		{"layers not declared", fs("xfs"), storage("xfs", 4, "LVM", "RAID-0"), true},
		{"whole GB of a small machine", dram("", 16), dram("", 15.4), true},
		{"several GPUs", gpu("H100"), gpus("NVIDIA H100 80GB HBM3", "NVIDIA H100 80GB HBM3"), true},
		{"as many GPUs", gpu("2x H100"), gpus("NVIDIA H100 80GB HBM3", "NVIDIA H100 80GB HBM3"), true},
		{"fewer GPUs", gpu("2× H100"), gpus("NVIDIA H100 80GB HBM3"), false},
		{"two kinds of GPU", gpu("L40S, H100"), gpus("NVIDIA H100 80GB HBM3", "NVIDIA L40S"), true},
		{"one kind of two", gpu("H100"), gpus("NVIDIA H100 80GB HBM3", "NVIDIA L40S"), false},
		{"no GPU", gpu("H100"), gpus(), false},
		{"a lost GPU", gpu("H100"), gpus("NVIDIA L40S", ""), true},
		{"none declared", gpu("none"), gpus(), true},
		{"both declared", gpu("2× H100 + L40S"), gpu("L40S and 2x H100"), true},
		{"layers, both declared", fs("XFS/LVM"), fs("xfs on RAID 0"), true},
		{"the driver's CUDA", cuda("12.8", "570.124.06"), driver("12.6", "12.8"), true},
		{"neither CUDA", cuda("12.8", "570.124.06"), driver("12.6", "12.9"), false},
		{"a kernel's machine", kernel("5.14.0-503.34.1.el9_5"), kernel("5.14.0-503.34.1.el9_5.x86_64"), true},
		{"a leading v", hardware.Hardware{VLLM: "v0.10.1.1"}, hardware.Hardware{VLLM: "0.10.1.1"}, true},
		{"a build", hardware.Hardware{PyTorch: "2.7.1"}, hardware.Hardware{PyTorch: "2.7.1+cu126"}, true},
		{"2.7.1 is not 2.7.10", hardware.Hardware{PyTorch: "2.7.1"}, hardware.Hardware{PyTorch: "2.7.10"}, false},
		{"nothing found", gpu("L40S"), hardware.Hardware{}, true},
		{"nothing declared", hardware.Hardware{}, gpu("L40S"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			facts := hardware.Compare(c.declared, c.probed)
			different := slices.ContainsFunc(facts, func(f hardware.Fact) bool { return f.Verdict == hardware.Different })
			if different == c.same {
				t.Errorf("same is %v, want %v: %v", !different, c.same, facts)
			}
		})
	}
}

// Parts of facts: what can be said is said.
func TestCellsOfPartialFacts(t *testing.T) {
	for _, c := range []struct {
		row  int
		of   hardware.Hardware
		want string
	}{
		{0, hardware.Hardware{CPU: hardware.CPU{Model: "AMD EPYC 9354"}}, "AMD EPYC 9354"},
		{0, hardware.Hardware{CPU: hardware.CPU{Sockets: 2, Cores: 8}}, "--"},
		{0, hardware.Hardware{CPU: hardware.CPU{Model: "Xeon", Sockets: 2}}, "2× Xeon"},
		{2, hardware.Hardware{DRAM: hardware.DRAM{Size: 251.53}}, "251.5GB"},
		{2, hardware.Hardware{DRAM: hardware.DRAM{Size: 1536}}, "1.54TB"},
		{2, hardware.Hardware{DRAM: hardware.DRAM{Size: 100}}, "100GB"},
		{2, hardware.Hardware{DRAM: hardware.DRAM{Type: "DDR5"}}, "DDR5"},
		{6, hardware.Hardware{CUDA: hardware.CUDA{Version: "12.6"}}, "12.6"},
		{6, hardware.Hardware{CUDA: hardware.CUDA{Driver: "580.82.07"}}, "(Driver 580.82.07)"},
		{9, hardware.Hardware{SSD: hardware.SSD{Count: 1}}, "1× SSD"},
	} {
		got := hardware.Table([]hardware.Node{{Name: "n", Declared: c.of}}).Rows[c.row][1].Text
		if got != c.want {
			t.Errorf("%+v: got %q, want %q", c.of, got, c.want)
		}
	}
}

func TestCompare(t *testing.T) {
	declared := hardware.Hardware{GPU: "H100", Platform: hardware.Platform{OS: "Debian 12", Kernel: "6.1"}}
	probed := hardware.Hardware{GPU: "NVIDIA L40S", Platform: hardware.Platform{OS: "Debian GNU/Linux 12"}, Python: "3.12.1"}
	verdicts := map[string]hardware.Verdict{
		"GPU": hardware.Different, "OS": hardware.Equal, "Kernel": hardware.Unknown,
		"Python": hardware.Undeclared, "FS": hardware.Undeclared,
	}
	for _, fact := range hardware.Compare(declared, probed) {
		if want, ok := verdicts[fact.Name]; ok && fact.Verdict != want {
			t.Errorf("%+v: want %v", fact, want)
		}
	}
	for _, fact := range hardware.Compare(hardware.Hardware{}, &hardware.Probe{}) {
		if fact.Verdict != hardware.Undeclared {
			t.Errorf("of nothing: %+v", fact)
		}
	}
}

// All that a probe found, beside a declaration and alone.
func TestProbe(t *testing.T) {
	found := &hardware.Probe{
		CPU: hardware.ProbedCPU{
			CPU:     hardware.CPU{Model: "AMD EPYC 9354 32-Core Processor", Sockets: 1, Cores: 32},
			Threads: 64, Governor: "powersave",
		},
		GPUs: []hardware.GPU{
			{
				Name: "NVIDIA H100 NVL", MemoryGiB: 93.58, MIG: "disabled", PowerW: 400, Persists: "enabled",
				Link: hardware.Link{Generation: 1, Width: 16, MaxGeneration: 5, MaxWidth: 16},
			},
			{
				Index: 1, Name: "NVIDIA L40S", MemoryGiB: 44.99, MIG: "not supported", Processes: 2,
				SlowedBy: []string{"sw_power_cap"},
			},
			{Index: 2, Name: "NVIDIA L40S"},
		},
		Driver: hardware.Driver{Version: "580.82.07", CUDA: "13.0"},
		Drives: []hardware.Drive{
			{
				Name: "nvme0", Model: "KIOXIA KCMYXRUG3T84", SizeGB: 3840.8,
				Link: hardware.Link{Generation: 5, Width: 4, MaxGeneration: 5, MaxWidth: 4},
			},
			{Name: "nvme1", Link: hardware.Link{Generation: 4, Width: 4}},
		},
		Models:  hardware.Storage{FileSystem: "xfs", Layers: []string{"LVM"}, Drives: []string{"nvme0n1"}},
		Unknown: map[string]string{"dram": "this machine has no /proc/meminfo", "gpus[2]": "the GPU is lost"},
	}
	compare(t, "probe.txt", hardware.Node{Name: "n1", Declared: paper()[0].Declared, Probed: found}.Findings(), 0)
	compare(t, "probe-alone.txt", hardware.Node{Probed: found}.Findings(), 0)
	want := []string{"dram: this machine has no /proc/meminfo", "gpus[2]: the GPU is lost"}
	if diff := cmp.Diff(want, found.Reasons()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBrief(t *testing.T) {
	want := []string{
		"AMD EPYC 9354 32-Core Processor (32C) · NVIDIA H100 NVL · 251.5GB",
		"2× AMD EPYC 9354 32-Core Processor (2×32C) · NVIDIA L40 · DDR5 503GB",
		"2× Intel Xeon Platinum 8568Y+ (2×48C) · H100 · DDR5 2TB",
		"",
	}
	var got []string
	for _, node := range probed() {
		got = append(got, node.Brief())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
