package phase

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/segment"
)

// sglang is how the package of an engine would describe SGLang's log, with the messages of
// a start-up at its default log level.
var sglang = Format{
	Engine: "SGLang",
	Process: func(head []byte) []byte { // "[2026-03-04 09:00:12 TP0] "
		_, name, _ := bytes.Cut(bytes.TrimRight(head, "] "), []byte(":"))
		_, name, _ = bytes.Cut(name, []byte(" "))
		return name
	},
	Rows: []Row{
		{Wording: "server_args=ServerArgs({config}"},
		{Wording: "Init torch distributed begin", Ends: segment.FrontEnd},
		{Wording: "Load weight begin", Ends: segment.WorkerSetup},
		{Wording: "Load weight end. type=", Ends: segment.ModelLoading, Phase: ModelLoading},
		{Wording: "Load weight end. elapsed={seconds} s", Ends: segment.ModelLoading, Phase: ModelLoading},
		{Wording: "Memory pool end", Ends: segment.ProfileCompile},
		{Wording: "Capture cuda graph end. Time elapsed: {seconds} s", Ends: segment.CaptureWarmup, Phase: GraphCapturing},
		{Wording: "The server is fired up and ready to roll!", Ends: segment.ServingSetup},
	},
}

// trt writes stamps that no logger does that is known.
var trt = Format{
	Engine: "TRT", Compared: "1.2", Stamp: "[01/02/2006-15:04:05]",
	Rows: []Row{
		{Wording: "version: {release}"},
		{Wording: "Load begins", Ends: segment.WorkerSetup},
		{Wording: "Load took {seconds}s", Ends: segment.ModelLoading, Phase: LoadWeights},
		{From: "1.1", Wording: "Warm", Ends: segment.CaptureWarmup},
		{Wording: "Serving", Ends: segment.ServingSetup},
	},
}

const sglangLog = `[2026-03-04 09:00:00] server_args=ServerArgs(model_path='m', tp_size=2)
[2026-03-04 09:00:10 TP0] Init torch distributed begin.
[2026-03-04 09:00:11 TP1] Init torch distributed begin.
[2026-03-04 09:00:12 TP0] Load weight begin. avail mem=78.73 GB
[2026-03-04 09:00:12 TP1] Load weight begin. avail mem=78.73 GB
[2026-03-04 09:00:16 TP0] Load weight end. elapsed=4.21 s, type=LlamaForCausalLM, mem usage=15.02 GB.
[2026-03-04 09:00:17 TP1] Load weight end. elapsed=5.02 s, type=LlamaForCausalLM, mem usage=15.02 GB.
[2026-03-04 09:00:18 TP0] Memory pool end. avail mem=8.46 GB
[2026-03-04 09:00:18 TP0] Capture cuda graph begin. This can take up to several minutes. avail mem=7.88 GB
[2026-03-04 09:00:24 TP0] Capture cuda graph end. Time elapsed: 5.71 s. mem usage=1.20 GB. avail mem=6.68 GB.
INFO:     Application startup complete.
INFO:     Uvicorn running on http://127.0.0.1:30000 (Press CTRL+C to quit)
[2026-03-04 09:00:27] The server is fired up and ready to roll!
`

const trtLog = `[03/04/2026-09:00:00] [TRT-LLM] [I] version: 1.0.0
[03/04/2026-09:00:04] [TRT-LLM] [I] Load begins
[03/04/2026-09:00:09] [TRT-LLM] [I] Load took 4.5s
[03/04/2026-09:00:11] [TRT-LLM] [I] Warm
[03/04/2026-09:00:12] [TRT-LLM] [I] Serving
`

// vllmLog quotes a message of another engine, which is not its own.
const vllmLog = `INFO 03-04 09:00:00.000 [core.py:1] Initializing a V1 LLM engine (v0.10.1.1) with config: a=b
INFO 03-04 09:00:01.000 [core.py:1] Load weight begin. avail mem=78.73 GB
INFO 03-04 09:00:02.000 [core.py:1] Model loading took 2.5 GiB and 1.5 seconds
INFO 03-04 09:00:03.000 [core.py:1] init engine (profile, create kv cache, warmup model) took 1 seconds
`

// Registered engines' logs are read beside vLLM's. Not parallel, since it registers.
func TestRegister(t *testing.T) {
	known, knownLayouts := messages, layouts
	Register(sglang)
	Register(trt)
	t.Cleanup(func() {
		messages, layouts, engines = known, knownLayouts, engines[:1]
		candidates = candidatesOf(messages)
	})
	const segments = `{"front_end":11,"worker_setup":1,"model_loading":5,` +
		`"profile_compile":1,"capture_warmup":6,"serving_setup":3}`
	unstated := strings.NewReplacer("elapsed=4.21 s, ", "", "elapsed=5.02 s, ", "")
	tests := []struct {
		name, log string
		want      string // engine, phases, segments, ranks; or the error
	}{
		{"SGLang", sglangLog,
			`SGLang {"model_loading":5.02,"graph_capturing":5.71,"actual_total_time":27} ` + segments + " TP0 TP1"},
		{"SGLang before it stated the time", unstated.Replace(sglangLog),
			`SGLang {"model_loading":5,"graph_capturing":5.71,"actual_total_time":27} ` + segments},
		{"SGLang in part", sglangLog[:strings.Index(sglangLog, "INFO:")],
			"x:10: the start-up failed or the log was cut off: it ends after graph_capturing, before the server was ready"},
		{"another stamp", trtLog, `TRT {"load_weights":4.5,"actual_total_time":12} ` +
			`{"front_end+worker_setup":4,"model_loading":5,"profile_compile+capture_warmup+serving_setup":3}`},
		{"a row of a later release", strings.Replace(trtLog, "1.0.0", "1.3.0", 1),
			`TRT {"load_weights":4.5,"actual_total_time":12} ` +
				`{"front_end+worker_setup":4,"model_loading":5,"profile_compile+capture_warmup":2,"serving_setup":1}` +
				" x:1: TRT 1.3.0 is newer than 1.2, the newest release that coldstart knows; its phases may cover other spans"},
		{"vLLM", vllmLog, `vLLM {"model_loading":1.5,"init_engine":1,"actual_total_time":3} ` +
			`{"worker_setup+model_loading":2,"profile_compile+capture_warmup":1}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, err := Read(strings.NewReader(test.log), "x")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, summed(t, &log)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// summed is a log in one line.
func summed(t *testing.T, log *Log) string {
	t.Helper()
	if err := log.Err(); err != nil {
		return err.Error()
	}
	times, err := json.Marshal(log.Times)
	segments, unwritten := json.Marshal(log.Segments)
	if err := errors.Join(err, unwritten); err != nil {
		t.Fatal(err)
	}
	told := []string{log.Engine, string(times), string(segments)}
	for _, r := range log.Ranks {
		told = append(told, r.Name)
	}
	return strings.Join(append(told, log.Warnings...), " ")
}
