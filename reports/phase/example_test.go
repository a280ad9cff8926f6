package phase_test

import (
	"fmt"
	"strings"

	"coldstart/reports/phase"
)

// A log of a start-up gives the phases that it states. The others are absent.
func ExampleRead() {
	const text = `
INFO 02-09 16:00:00.000 [default_loader.py:262] Loading weights took 1.25 seconds
INFO 02-09 16:00:02.000 [gpu_model_runner.py:1892] Model loading took 7.6 GiB and 1.60 seconds
INFO 02-09 16:00:09.500 [core.py:214] init engine (profile, create kv cache, warmup model) took 7.50 seconds
`
	log, err := phase.Read(strings.NewReader(text), "start.log")
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range phase.All() {
		if seconds, known := log.Times.Get(p); known {
			fmt.Printf("%-18s %5.2f s\n", p, seconds)
		}
	}
	fmt.Println("complete:", log.Complete)
	// Output:
	// load_weights        1.25 s
	// model_loading       1.60 s
	// init_engine         7.50 s
	// actual_total_time   9.50 s
	// complete: true
}

// A log that ends too early says so. Its phases must not be averaged.
func ExampleLog_Err() {
	const text = "INFO 02-09 16:00:00.000 [default_loader.py:262] Loading weights took 1.25 seconds\n"
	log, err := phase.Read(strings.NewReader(text), "start.log")
	fmt.Println(err)
	fmt.Println(log.Err())
	// Output:
	// <nil>
	// start.log:1: the start-up failed or the log was cut off: it ends after load_weights, before init_engine
}
