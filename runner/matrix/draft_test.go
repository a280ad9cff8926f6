package matrix_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
	"coldstart/runner/matrix"
)

// A draft is read back as what it was made of.
func TestDraft(t *testing.T) {
	tests := map[string]struct {
		node                result.Node
		models, environment string
	}{
		"whole": {
			result.Node{Name: "gpu-box", Declared: hardware.Hardware{
				CPU: hardware.CPU{Model: "AMD EPYC 9354: 32-Core", Sockets: 2, Cores: 32}, GPU: "2× NVIDIA L40S",
				DRAM: hardware.DRAM{Type: "DDR5", Size: 251.5}, Platform: hardware.Platform{OS: "Debian 12", Kernel: "6.1.0-40-amd64"}, Python: "3.12",
				CUDA: hardware.CUDA{Version: "12.6", Driver: "580.82.07"}, PyTorch: "2.7.1+cu126", VLLM: "0.10.1.1",
				SSD: hardware.SSD{Count: 4, Interface: "PCIe 5.0"}, FS: "xfs/LVM on 4 drives",
			}},
			"/data/my models", "vllm-0.20.2",
		},
		"nothing known": {node: result.Node{Name: "laptop"}},
		"word of YAML":  {node: result.Node{Name: "true"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text, err := matrix.Draft(test.node, test.models, test.environment, figures)
			if err != nil {
				t.Fatal(err)
			}
			testkit.Golden(t, filepath.Join("testdata", "draft", strings.ReplaceAll(name, " ", "-")+".yaml"), string(text))
			path := filepath.Join(t.TempDir(), "lab.yaml")
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			m, err := matrix.Load(path, figures)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(m.Nodes, []result.Node{test.node}) {
				t.Errorf("nodes %+v, want %+v", m.Nodes, test.node)
			}
			if m.Models[test.node.Name] != test.models || m.NodeEnvironments[test.node.Name] != test.environment {
				t.Errorf("models %q, environment %q", m.Models, m.NodeEnvironments)
			}
		})
	}
}

// A fact that means nothing without another one is left out.
func TestDraftOfHalfAMachine(t *testing.T) {
	half := result.Node{Name: "n", Declared: hardware.Hardware{
		CPU: hardware.CPU{Cores: 4}, CUDA: hardware.CUDA{Driver: "580"}, DRAM: hardware.DRAM{Type: "DDR5"},
		SSD: hardware.SSD{Interface: "PCIe 4.0"},
	}}
	text, err := matrix.Draft(half, "", "", figures)
	if err != nil || strings.Contains(string(text), "hardware:\n") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestDraftMistakes(t *testing.T) {
	for name, want := range map[string]string{
		"my box": "not a valid runner label", "linux": "a label that GitHub gives to many runners",
	} {
		_, err := matrix.Draft(result.Node{Name: name}, "", "", figures)
		var mistakes matrix.Errors
		if !errors.As(err, &mistakes) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if _, err := matrix.Draft(result.Node{Name: "n"}, "", "warp", figures); err == nil || !strings.Contains(err.Error(), `no environment "warp"`) {
		t.Errorf("error %v", err)
	}
}
