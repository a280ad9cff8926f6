package local

import (
	"fmt"
	"strings"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/environment"
	prober "coldstart/runner/hardware"
)

// Command is one start of an engine.
type Command struct {
	Args []string // the program and its arguments
	Env  []string // all of its environment, NAME=value
	// Verify is called before and after the start. It returns an error if the environment
	// was changed. It may be nil.
	Verify func() error
	// Grouped says that all processes of the engine stay in the process group of the
	// first one, so that another process on the GPU belongs to somebody else. Those of a
	// container do not.
	Grouped bool
	// RefusesWith is the exit status of an engine that refuses its arguments; 0 if it has none.
	RefusesWith int
	// Serves is the host:port of an engine that serves until it is ended; empty for one that
	// ends by itself.
	Serves string
	// Key is what a server's first request is sent with, as a bearer token; empty if the server
	// asks for none. It is never printed.
	Key string
}

// visible are the GPUs that the engine may use. An engine in a container does not inherit the
// variables that name them, and may use all. It is still watched only on those that are named.
func (c *Command) visible(has []hardware.GPU) []hardware.GPU {
	if !c.Grouped {
		return has
	}
	return prober.Visible(c.Env, has)
}

func (c *Command) verify() error {
	if c.Verify == nil {
		return nil
	}
	return c.Verify()
}

// Places are what coldstart's own engines are started from.
type Places struct {
	// Environment opens the environment that a configuration is measured in.
	Environment func(*result.Configuration) (*environment.Installed, error)
	Arguments   []result.Arg      // of every start, after the configuration's
	Variables   map[string]string // of every start
	Files       string            // directory for the engine's own files
	Models      string            // directory of the models
	// Caches is the directory of what the engine, PyTorch and Triton compile. Each session has
	// its own: empty for the warm-up, and filled for the counted runs.
	Caches string
}

// Maker makes the commands of one kind of engine.
type Maker interface {
	// Check checks that a set can be measured on a node.
	Check(set *result.Set, node string) error
	// Origin is the origin of a run.
	Origin(run engine.Run) (*engine.Origin, error)
	// Command makes the command of one run.
	Command(run engine.Run) (Command, error)
}

// Arguments are engine arguments as words of a command line.
func Arguments(args []result.Arg) (words []string) {
	for _, arg := range args {
		words = append(append(words, "--"+arg.Name), values(arg.Value)...)
	}
	return words
}

// ParseArguments are words of a command line as engine arguments, each --NAME, --NAME=VALUE,
// or --NAME and its values. Words before the first name are an error.
func ParseArguments(words []string) (args []result.Arg, err error) {
	for _, word := range words {
		name, isName := strings.CutPrefix(word, "--")
		switch {
		case isName:
			arg := result.Arg{}
			arg.Name, arg.Value, _ = strings.Cut(name, "=")
			args = append(args, arg)
		case len(args) == 0:
			return nil, fmt.Errorf("%q is no engine argument, which begin with --", word)
		default:
			last := &args[len(args)-1]
			last.Value = strings.TrimSpace(last.Value + " " + word)
		}
	}
	return args, nil
}

// values are the words of an argument's value. JSON is one word.
func values(value string) []string {
	if strings.HasPrefix(value, "{") {
		return []string{value}
	}
	return strings.Fields(value)
}

// OnlyGPUs are the variables that show a process only some GPUs, by nvidia-smi's indices. By
// default CUDA's index 0 is the fastest GPU.
func OnlyGPUs(gpus result.GPUs) map[string]string {
	return map[string]string{"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": string(gpus)}
}
