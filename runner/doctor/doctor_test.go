package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/environment"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// healthy is a node that nothing is wrong with: an H100 that serves figures 2 and
// 13, whose one model is complete.
func healthy(t *testing.T) *Node {
	t.Helper()
	declared := hardware.Hardware{
		CPU: hardware.CPU{Model: "AMD EPYC 9354", Sockets: 1, Cores: 32}, GPU: "H100", VLLM: "0.10.1.1", PyTorch: "2.7.1+cu126", Python: "3.11.2",
	}
	plan := &result.Plan{
		Models: []result.Model{{Key: "llama3-3b", Repository: "meta-llama/Llama-3.2-3B", WeightsGiB: 6}},
		Sets: []result.Set{
			{Name: "breakdown", Configurations: []result.Configuration{{ID: "llama3-3b", Model: "llama3-3b"}}},
			{Name: "baseline-ssd", DropPageCache: true, Configurations: []result.Configuration{{ID: "llama3-3b", Model: "llama3-3b"}}},
		},
		Cells: []result.Cell{
			{ID: "figure2-n1", Figure: "2", Node: "n1", Set: "breakdown"},
			{ID: "figure13-case1-n1", Figure: "13", Role: "case1", Node: "n1", Set: "baseline-ssd"},
			{ID: "figure2-n2", Figure: "2", Node: "n2", Set: "breakdown"},
			{ID: "hardware-n1", Node: "n1"},
		},
	}
	models := t.TempDir()
	for _, name := range []string{"config.json", "tokenizer.json", "model.safetensors"} {
		writeFile(t, filepath.Join(models, "llama3-3b", name))
	}
	made := &environment.Installed{Environment: environment.Environment{Name: "vllm-0.10.1.1"}, Record: &environment.Record{}}
	return &Node{
		Asked:        Asked{Figures: "all", Register: "coldstart register --node n1 --repo me/vllm"},
		Environments: []Environment{{Name: "vllm-0.10.1.1", Installed: made}},
		Plan:         plan, Node: result.Node{Name: "n1", Declared: declared}, Models: models, Python: "/env/bin/python", API: "https://api.example.com",
		Probe: &hardware.Probe{
			CPU:         hardware.ProbedCPU{CPU: hardware.CPU{Model: "AMD EPYC 9354 32-Core Processor", Sockets: 1, Cores: 32}, Governor: "performance"},
			GPUs:        []hardware.GPU{{Name: "NVIDIA H100 80GB HBM3", MemoryGiB: 79.6, MIG: "disabled", Persists: "enabled", PowerW: 700, DefaultW: 700}},
			Driver:      hardware.Driver{Version: "580.82.07", CUDA: "13.0"},
			ClockSource: "tsc", Environment: hardware.Releases{Python: "3.11.2", PyTorch: "2.7.1+cu126", CUDA: "12.6", VLLM: "0.10.1.1"},
			Unknown: map[string]string{},
		},
		Machine: Machine{
			FreeGiB:           func(string) (float64, error) { return 100, nil },
			OpenFiles:         func() (uint64, error) { return 1 << 20, nil },
			MayDropPageCache:  func(context.Context) bool { return true },
			User:              func() string { return "runner" },
			ClockSynchronized: func() (bool, error) { return true, nil },
			ServerTime:        func(context.Context, string) (time.Time, error) { return noon, nil },
			Now:               func() time.Time { return noon },
			Runner:            func(context.Context, string) (Runner, bool) { return Runner{Version: "2.336.0"}, true },
			MissingLibraries:  func(context.Context) (says, remedy string) { return "", "" },
		},
		Public:  func(context.Context) (string, error) { return "", nil },
		Checker: &environment.Checker{Open: func(*result.Configuration) (*environment.Installed, error) { return made, nil }},
	}
}

func writeFile(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// text is findings as a person reads them.
func text(findings []Finding) string {
	var lines strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&lines, "%s %s: %s", f.Status, f.Check, f.Says)
		if f.Remedy != "" {
			fmt.Fprintf(&lines, " -> %s", f.Remedy)
		}
		lines.WriteByte('\n')
	}
	return lines.String()
}

// Each check passes a healthy node, with a line.
func TestHealthyNode(t *testing.T) {
	findings := Examine(context.Background(), healthy(t))
	if Worst(findings) != Pass || len(findings) != len(checks) {
		t.Errorf("%d findings of %d checks:\n%s", len(findings), len(checks), text(findings))
	}
}

// A node without a GPU is one if it is declared so.
func TestDeclaredWithoutGPU(t *testing.T) {
	n := healthy(t)
	n.Probe.GPUs, n.Node.Declared.GPU = []hardware.GPU{}, "none"
	if found := checkGPU(context.Background(), n); Worst(found) != Pass {
		t.Error(text(found))
	}
}

// Only GPUs that a job of the node may use are examined.
func TestGPUsOfTheJobs(t *testing.T) {
	const hidden = "fail gpu: CUDA_VISIBLE_DEVICES hides all 2 GPUs of this machine from the engine"
	tests := []struct {
		name          string
		first, second result.GPUs // of the node's jobs
		visible       string      // CUDA_VISIBLE_DEVICES; "all" without it
		environment   string      // the same, of the environment
		busy          []string    // what is found
	}{
		{"all", "", "", "all", "", []string{"GPU 0 is in use", "GPU 1 is in use"}},
		{"the second", "1", "1", "all", "", []string{"GPU 1 is in use"}},
		{"one each", "0", "1", "all", "", []string{"GPU 0 is in use", "GPU 1 is in use"}},
		{"the visible one", "", "", "1", "", []string{"GPU 1 is in use"}},
		{"the visible one, and that of a job", "0", "", "1", "", []string{"GPU 0 is in use", "GPU 1 is in use"}},
		{"that of the jobs", "0", "0", "1", "", []string{"GPU 0 is in use"}},
		{"the environment's wins", "", "", "0", "1", []string{"GPU 1 is in use"}},
		{"none", "", "", "", "", []string{hidden}},
		{"none there", "", "", "7", "", []string{hidden}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("CUDA_VISIBLE_DEVICES", test.visible)
			if test.visible == "all" {
				os.Unsetenv("CUDA_VISIBLE_DEVICES")
			}
			n := healthy(t)
			n.Node.Declared.GPU = "2x H100"
			n.Probe.GPUs = []hardware.GPU{{Index: 0, Processes: 1}, {Index: 1, Processes: 1}}
			n.Plan.Cells[0].GPU, n.Plan.Cells[1].GPU = test.first, test.second
			if test.environment != "" {
				n.Environments[0].Installed.Environment.Variables = map[string]string{"CUDA_VISIBLE_DEVICES": test.environment}
			}
			var busy []string
			for _, f := range Examine(t.Context(), n) {
				switch {
				case f.Check == "gpu idle":
					says, _, _ := strings.Cut(f.Says, " (")
					busy = append(busy, says)
				case f.Check == "gpu" && f.Status == Fail:
					busy = append(busy, "fail gpu: "+f.Says)
				}
			}
			if !slices.Equal(busy, test.busy) {
				t.Errorf("found %q, want %q", busy, test.busy)
			}
		})
	}
}

// An idle GPU passes. If the machine has others, the line says which one is idle.
func TestIdleGPUs(t *testing.T) {
	n := healthy(t)
	n.Probe.GPUs = []hardware.GPU{{Index: 0, Processes: 1}, {Index: 1}}
	n.Plan.Cells[0].GPU, n.Plan.Cells[1].GPU = "1", "1"
	if got := text(checkIdle(t.Context(), n)); !strings.Contains(got, "GPU 1: no process uses it") {
		t.Error(got)
	}
	n.Probe.GPUs[0].Processes = 0
	n.Plan.Cells[0].GPU = "0"
	if got := text(checkIdle(t.Context(), n)); !strings.Contains(got, "no process uses it") || strings.Contains(got, "GPU") {
		t.Error(got)
	}
}

// unmade makes a node need environments that are not made.
func unmade(names ...string) func(*Node) {
	return func(n *Node) {
		n.Python, n.Probe.Environment, n.Environments = "", hardware.Releases{}, nil
		for _, name := range names {
			n.Environments = append(n.Environments, Environment{Name: name, Figures: []string{"2"}, Err: fmt.Errorf("%s is %w", name, environment.ErrNotSetUp)})
		}
	}
}

// wants makes a node measure a model too, whose folder has another name if one is given.
func (n *Node) wants(m result.Model, folder string) {
	n.Plan.Models = append(n.Plan.Models, m)
	set := &n.Plan.Sets[0]
	set.Configurations = append(set.Configurations, result.Configuration{ID: m.Key + folder, Model: m.Key, Directory: folder})
}

// withFlashInfer has FlashInfer installed in the node's environment, in a directory, and leads
// it to a compiler that does not exist.
func (n *Node) withFlashInfer(dir string) {
	made := n.Environments[0].Installed
	made.Record.Packages = []result.Package{{Name: "flashinfer-python", Version: "0.2.11"}, {Name: "vllm", Version: "0.10.1.1"}}
	made.Dir = dir
	os.MkdirAll(filepath.Join(dir, "venv", "lib", "python3.11", "site-packages", "flashinfer"), 0o755)
	made.Environment.Variables = map[string]string{"CUDA_HOME": "/nowhere", "FLASHINFER_WORKSPACE_BASE": dir, "PYTORCH_NVCC": ""}
}

// Whatever is wrong is found by one line with its remedy, and nothing else changes.
func TestUnfitNodes(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name  string
		spoil func(*Node)
		want  string // the line; MODELS stands for the models directory
	}{
		{"a public repository", func(n *Node) {
			n.Public = func(context.Context) (string, error) { return "me/vllm is public.\nIts runners", nil }
		}, "warn repository: me/vllm is public. Its runners"},
		{"a repository that cannot be asked about", func(n *Node) {
			n.Public = func(context.Context) (string, error) { return "", broken }
		}, "warn repository: it is unknown whether strangers can run code here: broken"},
		{"another CPU", func(n *Node) { n.Probe.CPU.Model = "Intel Xeon" },
			"warn hardware: n1: CPU is declared as AMD EPYC 9354 (32C), but the node has Intel Xeon (32C) -> coldstart hardware --node n1"},
		{"another machine", func(n *Node) { n.Probe.CPU.Model, n.Probe.Environment.Python = "Intel Xeon", "3.9" },
			"warn hardware: 2 facts differ from what is declared: CPU, Python -> coldstart hardware --node n1"},
		{"no GPU", func(n *Node) { n.Probe.GPUs = []hardware.GPU{} },
			"fail gpu: this machine has none, but hardware-matrix.yaml declares H100 -> coldstart hardware --node n1"},
		{"a GPU that nobody has heard of", func(n *Node) { n.Probe.GPUs = []hardware.GPU{}; n.Node.Declared.GPU = "None, so far" },
			"fail gpu: this machine has none, but hardware-matrix.yaml declares None, so far -> coldstart hardware --node n1"},
		{"no nvidia-smi", func(n *Node) { n.Probe.GPUs = nil; n.Probe.Unknown["gpus"] = "nvidia-smi is not installed" },
			"fail gpu: unknown: nvidia-smi is not installed -> install NVIDIA's driver, which has nvidia-smi"},
		{"a GPU too few", func(n *Node) { n.Plan.Cells[0].GPU = "1" },
			"fail gpu: job figure2-n1 needs GPU 1, which this machine lacks -> nvidia-smi -L"},
		{"a busy GPU", func(n *Node) { n.Probe.GPUs[0].Processes = 2 },
			"fail gpu idle: GPU 0 is in use (processes: 2) -> nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_memory --format=csv"},
		{"a GPU that hides its process", func(n *Node) { n.Probe.GPUs[0].UsedGiB = 70 },
			"fail gpu idle: GPU 0 has 70.0 GiB in use by a process that is not visible here -> "},
		{"no persistence", func(n *Node) { n.Probe.GPUs[0].Persists = "disabled" },
			"warn gpu state: GPU 0 loads its driver anew for each start: persistence is off -> sudo nvidia-smi -i 0 -pm 1"},
		{"a power limit", func(n *Node) { n.Probe.GPUs[0].PowerW = 500 },
			"warn gpu state: GPU 0 is limited to 500 of 700 W -> sudo nvidia-smi -i 0 -pl 700"},
		{"a hot GPU", func(n *Node) { n.Probe.GPUs[0].SlowedBy = []string{"hw_thermal_slowdown"} },
			"warn gpu state: GPU 0 runs at a reduced clock: hw_thermal_slowdown -> nvidia-smi -i 0 -q -d PERFORMANCE,TEMPERATURE,POWER"},
		{"MIG", func(n *Node) { n.Probe.GPUs[0].MIG = "enabled" },
			"warn gpu state: GPU 0 is split by MIG: an engine uses a part of it -> sudo nvidia-smi -i 0 -mig 0"},
		{"an old driver", func(n *Node) { n.Probe.Driver = hardware.Driver{Version: "470.1", CUDA: "11.4"} },
			"fail driver: driver 470.1 runs CUDA 11.4, but PyTorch was built for 12.6 -> install a driver for CUDA 12.6 or later"},
		{"another vLLM", func(n *Node) { n.Probe.Environment.VLLM = "0.11.0" },
			"fail environment: vLLM 0.11.0 is installed, but hardware-matrix.yaml declares 0.10.1.1 -> " +
				"correct vllm: of the node in hardware-matrix.yaml, or give it environment: vllm-0.10.1.1"},
		{"no vLLM", func(n *Node) {
			n.Probe.Environment = hardware.Releases{}
			n.Probe.Unknown["environment"] = "python is missing"
		},
			"fail environment: no vLLM at /env/bin/python: python is missing -> coldstart setup"},
		{"an environment that is not made", unmade("vllm-0.10.1.1"),
			"fail environment: vllm-0.10.1.1 is not made (figure 2) -> coldstart setup --environment vllm-0.10.1.1"},
		{"another environment than the one that is made", func(n *Node) { unmade("vllm-0.10.1.1")(n); n.Others = []string{"cpu"} },
			"fail environment: vllm-0.10.1.1 is not made (figure 2) -> coldstart setup --environment vllm-0.10.1.1\n" +
				"pass environment: made on this machine, and chosen with --environment: cpu"},
		{"environments that are not made", func(n *Node) {
			unmade("vllm-0.3.1", "vllm-0.4.0", "vllm-0.5.0", "vllm-0.6.0", "vllm-0.7.0", "vllm-0.10.1.1")(n)
			n.Environments[5].Figures = []string{"2", "3"}
		}, "fail environment: vllm-0.10.1.1 is not made (figures 2, 3) -> coldstart setup --environment vllm-0.10.1.1\n" +
			"fail environment: 5 environments are not made (figure 2): vllm-0.3.1, vllm-0.4.0, vllm-0.5.0 and 2 more -> " +
			"coldstart setup --environment vllm-0.3.1,vllm-0.4.0,vllm-0.5.0,vllm-0.6.0,vllm-0.7.0"},
		{"an environment that was changed", func(n *Node) {
			n.Environments = append(n.Environments, Environment{Name: "cpu", Err: errors.New("environment cpu was changed: numpy 9 was added")})
		}, "fail environment: environment cpu was changed: numpy 9 was added -> coldstart setup --environment cpu --renew"},
		{"an environment of a lab's file that was named", func(n *Node) { unmade("nightly")(n); n.Asked.Matrix = "lab.yaml" },
			"fail environment: nightly is not made (figure 2) -> coldstart setup --environment nightly --matrix lab.yaml"},
		{"a variable without its package", func(n *Node) {
			n.Plan.Sets[0].Variables = map[string]string{"VLLM_ATTENTION_BACKEND": "FLASHINFER"}
		},
			"fail packages: figure 2: environment vllm-0.10.1.1 has no flashinfer-python, which VLLM_ATTENTION_BACKEND=FLASHINFER of llama3-3b needs" +
				" -> add it to packages: of the environment and run 'coldstart setup --environment vllm-0.10.1.1', or choose another environment with --environment"},
		{"an argument without its package", func(n *Node) {
			n.Plan.Cells = append(n.Plan.Cells, result.Cell{ID: "figure3-n1", Figure: "3", Node: "n1", Set: "breakdown"})
			n.Plan.Sets[0].Configurations[0].Args = []result.Arg{{Name: "load-format", Value: "tensorizer"}}
		},
			"fail packages: figures 2, 3: environment vllm-0.10.1.1 has no tensorizer, which --load-format tensorizer of llama3-3b needs" +
				" -> add it to packages: "},
		{"FlashInfer without a compiler", func(n *Node) {
			n.withFlashInfer(t.TempDir())
			n.Plan.Cells = append(n.Plan.Cells, result.Cell{ID: "figure3-n1", Figure: "3", Node: "n1", Set: "breakdown"})
		},
			"fail packages: figures 2, 3, 13: environment vllm-0.10.1.1 compiles FlashInfer 0.2.11 at its first start, which needs nvcc of CUDA 12, " +
				"but there is none in /nowhere/bin -> install nvcc of CUDA 12 and export CUDA_HOME with its directory, " +
				"such as /usr/local/cuda-12.6"},
		{"a missing model", func(n *Node) { os.RemoveAll(filepath.Join(n.Models, "llama3-3b")) },
			"fail models: MODELS/llama3-3b: no such model folder -> coldstart models download --node n1 --models MODELS"},
		{"half a model", func(n *Node) { os.Remove(filepath.Join(n.Models, "llama3-3b", "config.json")) },
			"fail models: MODELS/llama3-3b: its configuration is missing (config.json) -> coldstart models download --node n1 --models MODELS"},
		{"missing models", func(n *Node) {
			n.Asked = Asked{Figures: "2,4", Models: []string{"llama3-3b", "yi-6b"}, Environment: "cpu"}
			n.wants(result.Model{Key: "yi-6b", Repository: "01-ai/Yi-6B"}, "")
			os.RemoveAll(filepath.Join(n.Models, "llama3-3b"))
		}, "fail models: 2 of 2 are not complete in MODELS: llama3-3b, yi-6b -> " +
			"coldstart models download --node n1 --models MODELS --environment cpu --figures 2,4 --only llama3-3b,yi-6b"},
		{"a missing copy", func(n *Node) { n.wants(n.Plan.Models[0], "llama3-3b-tensorized") },
			"fail models: MODELS/llama3-3b-tensorized: no such model folder -> coldstart models tensorize --node n1 --models MODELS"},
		{"a missing model of the lab's own", func(n *Node) { n.wants(result.Model{Key: "own"}, "") },
			"fail models: MODELS/own: no such model folder -> put each model's files into its folder below MODELS"},

		{"no models directory named", func(n *Node) { n.Models = "" },
			"warn models: the figures need 1 model, whose directory is unknown -> coldstart doctor --node n1 --models DIR"},
		{"a full disk", func(n *Node) {
			os.RemoveAll(filepath.Join(n.Models, "llama3-3b"))
			n.Machine.FreeGiB = func(string) (float64, error) { return 5, nil }
		}, "fail disk: 5 GiB are free at MODELS; the missing models need 6 GiB -> du -sh MODELS/* | sort -h"},
		{"no sudo rule", func(n *Node) { n.Machine.MayDropPageCache = func(context.Context) bool { return false } },
			"fail page cache: this user may not drop it, which figure 13 needs before every run -> echo 'runner ALL=(root) NOPASSWD: /usr/sbin/sysctl -q vm.drop_caches=3' | sudo EDITOR='tee -a' visudo -f /etc/sudoers.d/coldstart"},
		{"a saving governor", func(n *Node) { n.Probe.CPU.Governor = "powersave" },
			"warn cpu clock: the governor is powersave, which raises the clock only under load -> echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"},
		{"little shared memory", func(n *Node) { n.Machine.FreeGiB = func(string) (float64, error) { return 0.5, nil } },
			"warn shared memory: 0.5 GiB are free in /dev/shm -> sudo mount -o remount,size=8G /dev/shm"},
		{"no shared memory", func(n *Node) { n.Machine.FreeGiB = func(string) (float64, error) { return 0.01, nil } },
			"fail shared memory: 0.0 GiB are free in /dev/shm"},
		{"few open files", func(n *Node) { n.Machine.OpenFiles = func() (uint64, error) { return 1024, nil } },
			"warn open files: a process may open 1024 files, and vLLM asks for 65535 -> echo 'runner hard nofile 65535' | sudo tee -a /etc/security/limits.conf"},
		{"a slow clock source", func(n *Node) { n.Probe.ClockSource = "hpet" },
			"warn system clock: the kernel's clock source is hpet, which is slow -> "},
		{"a clock on its own", func(n *Node) { n.Machine.ClockSynchronized = func() (bool, error) { return false, nil } },
			"warn system clock: the clock is not synchronized; setting it during a start spoils the phases -> sudo timedatectl set-ntp true"},
		{"no network", func(n *Node) {
			n.Machine.ServerTime = func(context.Context, string) (time.Time, error) { return time.Time{}, broken }
		}, "fail server: https://api.example.com cannot be reached: broken -> curl -sSI https://api.example.com"},
		{"a clock that is wrong", func(n *Node) { n.Machine.Now = func() time.Time { return noon.Add(-2 * time.Hour) } },
			"fail server: https://api.example.com answers, but its clock and this one are 2h0m0s apart -> sudo timedatectl set-ntp true"},
		{"a runner that gets no jobs", func(n *Node) {
			n.Machine.Runner = func(context.Context, string) (Runner, bool) { return Runner{"2.328.0", "too old", "update it"}, true }
		}, "warn runner: too old -> update it"},
		{"a library is missing", func(n *Node) {
			n.Machine.MissingLibraries = func(context.Context) (says, remedy string) { return "needs libicu", "install it" }
		}, "warn libraries: needs libicu -> install it"},
		{"no runner", func(n *Node) {
			n.Machine.Runner = func(context.Context, string) (Runner, bool) { return Runner{}, false }
		},
			"warn runner: none is registered here for n1 -> coldstart register --node n1 --repo me/vllm"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := healthy(t)
			before := map[string]bool{}
			for _, line := range strings.Split(text(Examine(context.Background(), n)), "\n") {
				before[line] = true
			}
			models := n.Models
			test.spoil(n)
			var worse []string
			for _, line := range strings.Split(strings.ReplaceAll(text(Examine(context.Background(), n)), models, "MODELS"), "\n") {
				if line != "" && !before[strings.ReplaceAll(line, "MODELS", models)] {
					worse = append(worse, line)
				}
			}
			if len(worse) == 0 || !strings.HasPrefix(strings.Join(worse, "\n"), test.want) && !strings.Contains("\n"+strings.Join(worse, "\n"), "\n"+test.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(worse, "\n"), test.want)
			}
		})
	}
}

// A node of another plan's figures needs nothing that they need.
func TestOnlyTheNodesOwnFiguresCount(t *testing.T) {
	n := healthy(t)
	n.Node.Name = "n4"
	n.Models = t.TempDir()
	n.Machine.MayDropPageCache = func(context.Context) bool { return false }
	for _, f := range Examine(context.Background(), n) {
		if f.Status == Fail {
			t.Errorf("%s: %s", f.Check, f.Says)
		}
	}
}

// Without a repository, a runner is judged if there is one, and no server is asked.
func TestWithoutARepository(t *testing.T) {
	n := healthy(t)
	n.API = ""
	n.Machine.ServerTime = func(context.Context, string) (time.Time, error) { return noon, errors.New("asked") }
	for _, registered := range []bool{true, false} {
		n.Machine.Runner = func(context.Context, string) (Runner, bool) { return Runner{Version: "2.336.0"}, registered }
		var checks []string
		for _, f := range Examine(context.Background(), n) {
			checks = append(checks, f.Check)
		}
		if slices.Contains(checks, "server") || slices.Contains(checks, "runner") != registered {
			t.Errorf("registered %t: checks %q", registered, checks)
		}
	}
}

// The packages of an environment that is not set up are not judged.
func TestPackagesOfNoEnvironment(t *testing.T) {
	n := healthy(t)
	n.Plan.Sets[0].Variables = map[string]string{"VLLM_ATTENTION_BACKEND": "FLASHINFER"}
	n.Checker.Open = func(*result.Configuration) (*environment.Installed, error) { return nil, environment.ErrNotSetUp }
	if findings := checkPackages(context.Background(), n); len(findings) > 0 {
		t.Error(text(findings))
	}
}

// This machine can be asked, whatever it answers.
func TestThisMachine(t *testing.T) {
	m := ThisMachine()
	if free, err := m.FreeGiB(t.TempDir()); err != nil || free <= 0 {
		t.Errorf("%v GiB free, %v", free, err)
	}
	if _, err := m.FreeGiB(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("a directory that is not there has room")
	}
	if hard, err := m.OpenFiles(); err != nil || hard == 0 {
		t.Errorf("%d files, %v", hard, err)
	}
	if m.User() == "" {
		t.Error("nobody runs this")
	}
	if _, err := m.ServerTime(context.Background(), "http://127.0.0.1:1"); err == nil {
		t.Error("a server answered where none is")
	}
}
