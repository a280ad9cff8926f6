// Command fake is a fake engine: it prints the start-up log of a run
// that the paper's authors recorded, as a lab's own engine would print one (package
// command has the contract), or goes wrong in a way that is asked for.
//
// Tests measure with it, and a lab can try its workflow without a GPU:
//
//	go build -o /usr/local/bin/fake-engine ./runner/engine/fake
//
//	engines:
//	  vllm: {command: [fake-engine]}
//
// Its own flags stand before --model:
//
//	fake-engine [--speed 10] [--fault crash --after model_loading] [--only 1] [--once FILE]
//	  [--journal FILE] --model DIR …
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/replay"
	"coldstart/runner/paper"
)

// options are the flags.
type options struct {
	speed          float64
	fault, after   string
	only           string // iteration that a fault is of; empty for all
	once, journal  string // files
	set, node      string
	configuration  string
	iteration      int
	iterationAsked string
}

func main() {
	o, err := parse(os.Args[1:])
	if err == nil {
		err = o.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fake-engine:", err)
		os.Exit(2)
	}
}

// parse reads the flags before --model, and what the contract has in variables.
func parse(args []string) (*options, error) {
	if end := slices.Index(args, "--model"); end >= 0 {
		args = args[:end]
	}
	o := &options{
		set: os.Getenv("COLDSTART_SET"), node: os.Getenv("COLDSTART_NODE"),
		configuration: os.Getenv("COLDSTART_CONFIGURATION"), iterationAsked: os.Getenv("COLDSTART_ITERATION"),
	}
	flags := flag.NewFlagSet("fake-engine", flag.ContinueOnError)
	flags.Float64Var(&o.speed, "speed", 0, "print in real time times this; 0 at once")
	flags.StringVar(&o.fault, "fault", "", "go wrong: crash, hang, stubborn, grandchild, half-line or flood")
	flags.StringVar(&o.after, "after", "", "name of the phase after which it goes wrong; empty for the log's end")
	flags.StringVar(&o.only, "only", "", "go wrong in this iteration alone")
	flags.StringVar(&o.once, "once", "", "go wrong once: the file tells that it was done")
	flags.StringVar(&o.journal, "journal", "", "file that gets a line for every start")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	var err error
	if o.iteration, err = strconv.Atoi(o.iterationAsked); err != nil {
		return nil, fmt.Errorf("COLDSTART_ITERATION is %q, no number", o.iterationAsked)
	}
	return o, nil
}

func (o *options) run() error {
	if err := o.note(); err != nil {
		return err
	}
	fault, err := o.due()
	if err != nil {
		return err
	}
	log, err := o.recorded()
	if err != nil {
		return err
	}
	if fault != nil {
		return fault(until(log, o.after))
	}
	return o.print(log)
}

// note writes into the journal which run is asked for.
func (o *options) note() error {
	if o.journal == "" {
		return nil
	}
	file, err := os.OpenFile(o.journal, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintf(file, "%s %s %d\n", o.set, o.configuration, o.iteration)
	return err
}

// recorded is the log of the recorded run that is nearest to the one asked for: it
// need not be of the same node, and of a model that the paper did not have it is
// another's.
func (o *options) recorded() ([]byte, error) {
	set, configuration, iteration := o.set, o.configuration, o.iteration
	switch sets := paper.Sets(); {
	case sets[set].SampleCPU: // the paper has samples of it, and no log
		set = "models"
	case sets[set].Releases: // the warm-ups were not published
		iteration = 1
	case sets[set].Name == "" || find(sets[set], configuration) == nil:
		set, configuration = "breakdown", "llama3-3b"
	}
	recorded := paper.Sets()[set]
	run := engine.Run{
		Set: &recorded, Configuration: find(recorded, configuration), Node: o.node,
		Iteration: min(iteration, paper.Iterations),
	}
	if run.Configuration == nil {
		return nil, fmt.Errorf("set %s has no configuration %q", set, configuration)
	}
	if (&replay.Engine{}).Check(&recorded, o.node) != nil {
		run.Node = paper.MainNode
	}
	var log bytes.Buffer
	if _, err := (&replay.Engine{}).Start(context.Background(), run, &log); err != nil {
		return nil, err
	}
	_, rest, _ := bytes.Cut(log.Bytes(), []byte("\n")) // its first line says that it is a replay
	return rest, nil
}

func find(set result.Set, configuration string) *result.Configuration {
	i := slices.IndexFunc(set.Configurations, func(c result.Configuration) bool { return c.ID == configuration })
	if i < 0 {
		return nil
	}
	return &set.Configurations[i]
}

// print prints the log, over some time where a speed is given: a second in all at
// speed 1.
func (o *options) print(log []byte) error {
	lines := bytes.SplitAfter(log, []byte("\n"))
	for _, line := range lines {
		if o.speed > 0 {
			time.Sleep(time.Duration(float64(time.Second) / o.speed / float64(len(lines))))
		}
		if _, err := os.Stdout.Write(line); err != nil {
			return err
		}
	}
	return nil
}
