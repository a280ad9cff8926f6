package hardware

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"coldstart/reports/hardware"
)

// pythonLimit is how long the environment's Python may take: some 50 ms, or seconds if its
// files come over a network.
const pythonLimit = 10 * time.Second

// facts is the program that the environment's Python runs.
//
//go:embed facts.py
var facts string

// environment finds what is installed in the measured environment.
func (m *machine) environment(ctx context.Context) (f finding) {
	if m.Python == "" {
		f.lack("environment", "no Python environment was named")
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, pythonLimit)
	defer cancel()
	command := m.asking()
	output, failed := m.Run(ctx, command[0], command[1:]...)
	found, err := readFacts(output)
	if failed != nil || err != nil {
		f.lack("environment", programError("Python", pythonLimit, output, failed))
		return f
	}
	for fact, of := range map[string]struct{ value, reason string }{
		"pytorch": {found.PyTorch, "PyTorch is not installed in the environment"},
		"vllm":    {found.VLLM, "vLLM is not installed in the environment"},
		"cuda":    {found.CUDA, "the environment has no PyTorch that was built for CUDA"},
	} {
		if of.value == "" {
			f.lack("environment."+fact, of.reason)
		}
	}
	f.keep = func(p *hardware.Probe) { p.Environment = found }
	return f
}

// asking is the command that runs facts.
func (m *machine) asking() []string {
	command := []string{m.Python, "-B", "-c", facts}
	if len(m.Variables) == 0 {
		return command
	}
	settings := []string{"env"}
	for _, name := range slices.Sorted(maps.Keys(m.Variables)) {
		settings = append(settings, name+"="+m.Variables[name])
	}
	return append(settings, command...)
}

// readFacts reads the last line of output; an environment may print lines of its own first.
func readFacts(output []byte) (found hardware.Releases, err error) {
	output = bytes.TrimSpace(output)
	line := output[bytes.LastIndexByte(output, '\n')+1:]
	if err := json.Unmarshal(line, &found); err != nil {
		return hardware.Releases{}, err
	}
	if found.Python == "" {
		return hardware.Releases{}, errors.New("no release of Python")
	}
	found.VLLM = strings.TrimPrefix(found.VLLM, "v")
	return found, nil
}
