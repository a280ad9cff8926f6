// Package hardware probes this machine.
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, hardware table, comment
//
// hardware-matrix.yaml declares what a node is; a probe finds out. The result stands in
// each measured cell, and the hardware table shows it beside the declaration. The
// command hardware prints it, and doctor judges it.
//
// A probe never fails. It needs no root and changes nothing: it reads the kernel's files,
// runs nvidia-smi once, and starts the measured environment's Python once without
// importing anything heavy. A fact that it cannot find is unknown and has a reason. The
// parts of a probe, one per file, run concurrently, each with a time limit.
package hardware

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"time"

	"coldstart/reports/hardware"
)

// Options say where to look.
type Options struct {
	Root      string            // of the files that are read; empty is /
	Models    string            // directory of the models; empty leaves its storage unknown
	Python    string            // program of the measured environment; empty leaves that unknown
	Variables map[string]string // that lead Python to its packages
	Run       Runner            // nil starts programs of this machine
}

// Probe probes the machine. Without Python it takes well under a second where the GPU's
// driver answers.
func Probe(ctx context.Context, o Options) *hardware.Probe {
	m := newMachine(o)
	return probe(ctx,
		&part{facts: []string{"cpu"}, look: m.cpu},
		&part{facts: []string{"gpus", "driver"}, look: m.gpus},
		&part{facts: []string{"dram"}, look: m.dram},
		&part{facts: []string{"os", "kernel", "clock_source"}, look: m.system},
		&part{facts: []string{"container", "vm"}, look: m.virtual},
		&part{facts: []string{"drives"}, look: m.drives},
		&part{facts: []string{"models"}, look: m.storage},
		&part{facts: []string{"environment"}, look: m.environment, more: pythonLimit},
	)
}

// GPUs are the machine's GPUs and what uses them; none if they are unknown.
func GPUs(ctx context.Context) []hardware.GPU {
	return probe(ctx, &part{facts: []string{"gpus"}, look: newMachine(Options{}).gpus}).GPUs
}

func probe(ctx context.Context, parts ...*part) *hardware.Probe {
	for _, p := range parts {
		p.begin(ctx)
	}
	probe := new(hardware.Probe)
	for _, p := range parts {
		p.await().keepIn(probe)
	}
	return probe
}

// partLimit is how long a part may take by default: nvidia-smi's limit and some. Kernel
// files answer at once; the models directory may hang on a dead network file system.
const partLimit = smiLimit + time.Second

// part looks for some facts.
type part struct {
	facts []string // unknown together, if the part takes too long
	look  func(context.Context) finding
	more  time.Duration // that it may take beyond partLimit

	found chan finding
	late  <-chan time.Time
}

func (p *part) begin(ctx context.Context) {
	p.found, p.late = make(chan finding, 1), time.After(partLimit+p.more)
	go func() { p.found <- p.look(ctx) }()
}

// await takes what the part found. A part that is stuck in the kernel cannot be stopped;
// it is abandoned.
func (p *part) await() finding {
	select {
	case f := <-p.found:
		return f
	case <-p.late:
	}
	f := finding{}
	for _, fact := range p.facts {
		f.lack(fact, fmt.Sprintf("no answer in %v", partLimit+p.more))
	}
	return f
}

// finding is what one part found.
type finding struct {
	keep    func(*hardware.Probe) // may be nil
	unknown map[string]string     // reasons by fact
}

// lack notes why a fact is unknown.
func (f *finding) lack(fact, reason string) {
	if f.unknown == nil {
		f.unknown = map[string]string{}
	}
	f.unknown[fact] = reason
}

func (f finding) keepIn(probe *hardware.Probe) {
	if f.keep != nil {
		f.keep(probe)
	}
	if probe.Unknown == nil {
		probe.Unknown = f.unknown
		return
	}
	maps.Copy(probe.Unknown, f.unknown)
}

// machine is what a probe looks at.
type machine struct {
	Options
	files fs.FS // below Root: paths have no leading slash
}

func newMachine(o Options) *machine {
	if o.Root == "" {
		o.Root = "/"
	}
	if o.Run == nil {
		o.Run = start
	}
	return &machine{Options: o, files: os.DirFS(o.Root)}
}
