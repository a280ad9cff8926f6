package phase

// Counters are what a start-up's lines count, whatever the machine's speed: of several
// processes, the one that counts most. 0: the log does not say. vLLM prints one line for all
// graphs of a range of batch sizes, and one for all that it captures for a size in one mode.
type Counters struct {
	Modules  int `json:"modules_imported,omitempty"` // of Python, in the launcher's process, when the engine was ready
	Compiled int `json:"graphs_compiled,omitempty"`  // compile ranges
	Loaded   int `json:"graphs_loaded,omitempty"`    // compile ranges that were read from the cache
	Captured int `json:"graphs_captured,omitempty"`  // batch sizes by mode; at level DEBUG only
}

// counter is one of Counters.
type counter uint8

const (
	importedModules counter = iota
	compiledGraphs
	loadedGraphs
	capturedGraphs
	counters
)

// counterRows are the messages of counters. The first is the launcher's.
var counterRows = []message{
	row("", "", counts(importedModules), "imported {count} modules"),
	row("", "", counts(compiledGraphs), "Compiling a graph for {any} takes {seconds} s"),
	row("", "", counts(loadedGraphs), "Directly load the compiled graph(s) for {any} from the cache, took {seconds} s"),
	row("", "", counts(capturedGraphs), "Capturing a cudagraph on ("),
}

func counts(c counter) meaning { return meaning{tells: aCount, counter: c} }

// count adds what a message counts.
func (p *process) count(e *event) {
	m := &messages[e.row]
	if m.has(countField) {
		p.counts[m.counter] = int(e.values.count)
		return
	}
	p.counts[m.counter]++
}

// counters are those of the start-up.
func (a *attempt) counters() Counters {
	var most [counters]int
	for _, p := range a.processes {
		for c, n := range p.counts {
			most[c] = max(most[c], n)
		}
	}
	return Counters{
		Modules: most[importedModules], Compiled: most[compiledGraphs],
		Loaded: most[loadedGraphs], Captured: most[capturedGraphs],
	}
}
