// Command fake is a fake engine: it prints the start-up log of one of the paper's recorded
// runs, as a lab's own engine does (see package command), or fails as its flags say.
//
// Tests measure with it, and a lab can try its workflow without a GPU:
//
//	go build -o /usr/local/bin/fake-engine ./runner/engine/fake
//
//	engines:
//	  vllm: {command: [fake-engine]}
//
// Its own flags come before --model:
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

// options are the flags, and the variables of a run.
type options struct {
	speed         float64
	fault, after  string
	only          string // the iteration that fails; empty for all
	once, journal string // files
	set, node     string
	configuration string
	iteration     int
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

// parse reads the flags before --model, and the variables.
func parse(args []string) (*options, error) {
	if end := slices.Index(args, "--model"); end >= 0 {
		args = args[:end]
	}
	o := &options{
		set: os.Getenv("COLDSTART_SET"), node: os.Getenv("COLDSTART_NODE"),
		configuration: os.Getenv("COLDSTART_CONFIGURATION"),
	}
	flags := flag.NewFlagSet("fake-engine", flag.ContinueOnError)
	flags.Float64Var(&o.speed, "speed", 0, "print the log within a second divided by this; 0 at once")
	flags.StringVar(&o.fault, "fault", "", "fail: crash, hang, stubborn, grandchild, half-line or flood")
	flags.StringVar(&o.after, "after", "", "fail after this phase; empty for the log's end")
	flags.StringVar(&o.only, "only", "", "fail only in this iteration")
	flags.StringVar(&o.once, "once", "", "fail only if this file does not exist, and create it")
	flags.StringVar(&o.journal, "journal", "", "append a line to this file for every start")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	asked := os.Getenv("COLDSTART_ITERATION")
	var err error
	if o.iteration, err = strconv.Atoi(asked); err != nil {
		return nil, fmt.Errorf("COLDSTART_ITERATION must be a number, not %q", asked)
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

// note appends the run to the journal.
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

// recorded is the log of the recorded run that is nearest to the requested one. Node and
// model may differ if the paper has no such run.
func (o *options) recorded() ([]byte, error) {
	set, configuration, iteration := o.set, o.configuration, o.iteration
	switch sets := paper.Sets(); {
	case sets[set].SampleCPU: // the paper has only samples
		set = "models"
	case sets[set].Releases: // the paper has no warm-up
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
	if _, err := (&replay.Engine{Began: time.Now()}).Start(context.Background(), run, &log); err != nil {
		return nil, err
	}
	_, rest, _ := bytes.Cut(log.Bytes(), []byte("\n")) // the first line says that it is a replay
	return rest, nil
}

func find(set result.Set, configuration string) *result.Configuration {
	i := slices.IndexFunc(set.Configurations, func(c result.Configuration) bool { return c.ID == configuration })
	if i < 0 {
		return nil
	}
	return &set.Configurations[i]
}

// print prints the log: at speed 1 within a second.
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
