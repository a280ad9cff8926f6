// Package hardware finds out what the machine is that it runs on.
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, hardware table, comment
//
// The lab's file declares what a node is; this package looks. What it finds
// stands in each measured cell, and the hardware table shows it beside what was
// declared. The command hardware prints it, and doctor judges it.
//
// A probe never fails. It needs no root and changes nothing: it reads the files
// of the kernel, asks nvidia-smi once for all that it knows, and starts the
// measured environment's Python once without importing anything heavy. A fact
// that cannot be had is unknown with its reason, and none keeps the others
// waiting: the parts of a probe, a file each, look side by side, each with a
// time limit.
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
	Root   string // of the files that are read; empty is the machine's own, /
	Models string // directory of the models; without one, nothing is said of what lies under it
	Python string // program of the environment that is measured; without one, nothing is said of it
	Run    Runner // nil starts programs of this machine

	// Variables are those that lead Python to its packages, where it needs any.
	Variables map[string]string
}

// Probe looks at the machine. Without Python it takes well under a second where
// the GPU's driver answers.
func Probe(ctx context.Context, o Options) *hardware.Probe {
	m := newMachine(o)
	parts := []part{
		{facts: []string{"cpu"}, look: m.cpu},
		{facts: []string{"gpus", "driver"}, look: m.gpus},
		{facts: []string{"dram"}, look: m.dram},
		{facts: []string{"os", "kernel", "clock_source"}, look: m.system},
		{facts: []string{"container", "vm"}, look: m.virtual},
		{facts: []string{"drives"}, look: m.drives},
		{facts: []string{"models"}, look: m.storage},
		{facts: []string{"environment"}, look: m.environment, more: pythonLimit},
	}
	for i := range parts {
		parts[i].begin(ctx)
	}
	probe := new(hardware.Probe)
	for _, p := range parts {
		p.await().keepIn(probe)
	}
	return probe
}

// partLimit is how long a part may take, unless it needs more: nvidia-smi's limit
// and some. What else is read are kernel files, which answer at once, and the
// models directory, which does not if it is on a network file system that died.
const partLimit = smiLimit + time.Second

// part looks for some facts.
type part struct {
	facts []string // unknown together, if it does not come back in time
	look  func(context.Context) finding
	more  time.Duration // that it may take beyond partLimit

	found chan finding
	late  <-chan time.Time
}

func (p *part) begin(ctx context.Context) {
	p.found, p.late = make(chan finding, 1), time.After(partLimit+p.more)
	go func() { p.found <- p.look(ctx) }()
}

// await takes what the part found. A part that is stuck in the kernel cannot be
// stopped; it is left behind, and whatever it still finds is dropped.
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

// finding is what one part found: how to keep it in a probe, and what it lacks.
type finding struct {
	keep    func(*hardware.Probe)
	unknown map[string]string // reasons by fact
}

// lack notes why a fact is not known.
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

// machine is where a probe looks.
type machine struct {
	Options
	files fs.FS // below the root, so paths have no leading slash
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
