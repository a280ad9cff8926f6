package phase

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// frontEnd has the lines of a front end until its scheduler is configured, and afresh
// those of a spawned engine process before it waits.
const (
	frontEnd = `INFO 02-09 16:00:00 [__init__.py:241] Automatically detected platform cuda.
INFO 02-09 16:00:02 [scheduler.py:222] Chunked prefill is enabled with max_num_batched_tokens=2048.
`
	afresh  = "INFO 02-09 16:00:06 [__init__.py:241] Automatically detected platform cuda.\n"
	waiting = "\x1b[1;36m(EngineCore_0 pid=7)\x1b[0;0m INFO 02-09 16:00:08 [core.py:636] Waiting for init message from front-end.\n"
)

func TestSetup(t *testing.T) {
	tests := []struct {
		name, log string
		want      Setup
	}{
		{"nothing told", "INFO 02-09 16:00:00 [a.py:1] Starting\n", Setup{}},
		{"forked", frontEnd + waiting, Setup{Start: Forked}},
		{"spawned", frontEnd + afresh + waiting, Setup{Start: Spawned}},
		{"the last attempt's", frontEnd + afresh + waiting + frontEnd + waiting, Setup{Start: Forked}},
		{"a log without its front end", afresh + waiting, Setup{}},
		{"0.31 logs nothing of what a spawned process imports",
			frontEnd + waiting + "INFO 02-09 16:00:09 [core.py:74] Initializing a V1 LLM engine (v0.31.0)\n", Setup{}},
		{"backends of 0.10", `INFO 02-09 16:00:00 [cuda.py:328] Using Flash Attention backend on V1 engine.
INFO 02-09 16:00:00 [topk_topp_sampler.py:50] Using FlashInfer for top-p & top-k sampling.
`, Setup{Attention: "Flash Attention", Sampler: "FlashInfer"}},
		{"backends of 0.20", `INFO 02-09 16:00:00 [cuda.py:368] Using FLASH_ATTN attention backend out of potential backends: ['FLASH_ATTN'].
`, Setup{Attention: "FLASH_ATTN"}},
		{"no FlashInfer", `WARNING 02-09 16:00:00 [topk_topp_sampler.py:61] FlashInfer is not available. ` +
			`Falling back to the PyTorch-native implementation of top-p & top-k sampling.
`, Setup{Sampler: "PyTorch"}},
		{"configuration", "INFO 02-09 16:00:00 [core.py:74] Initializing a V1 LLM engine (v0.10.1.1) with config: seed=0, x='y' \n",
			Setup{Config: "seed=0, x='y'"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, err := Read(strings.NewReader(test.log), "log")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, log.Setup); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A line is read into fields, and the fields are written as a line.
func TestConfig(t *testing.T) {
	tests := []struct {
		name string
		line Config
		want map[string]string
	}{
		{"none", "", map[string]string{}},
		{"plain", "model='/m/a, b', dtype=torch.bfloat16", map[string]string{"model": "'/m/a, b'", "dtype": "torch.bfloat16"}},
		{"closed, as 0.6 prints it", "seed=0, served_model_name=m)", map[string]string{"seed": "0", "served_model_name": "m"}},
		{"no value", "seed, =1, x=", map[string]string{"x": ""}},
		{"an object", "decoding_config=DecodingConfig(backend='auto', reasoning_backend='')",
			map[string]string{"decoding_config.backend": "'auto'", "decoding_config.reasoning_backend": "''"}},
		{"JSON", `compilation_config={"level":3,"sizes":[2,1],"inductor":{"x":false},"custom_ops":[]}`, map[string]string{
			"compilation_config.level": "3", "compilation_config.sizes": "[2,1]",
			"compilation_config.inductor.x": "false", "compilation_config.custom_ops": "[]",
		}},
		{"Python", `compilation_config={'mode': <CompilationMode.VLLM_COMPILE: 3>, 'pass_config': {}}`, map[string]string{
			"compilation_config.mode": "<CompilationMode.VLLM_COMPILE: 3>", "compilation_config.pass_config": "{}",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := test.line.Fields()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			text, err := json.Marshal(test.line)
			if err != nil {
				t.Fatal(err)
			}
			var again Config
			if err := json.Unmarshal(text, &again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, again.Fields()); diff != "" {
				t.Errorf("by way of JSON, %s: %s", text, diff)
			}
		})
	}
}

func TestSetupDifferences(t *testing.T) {
	a := Setup{Start: Forked, Attention: "Flash Attention", Config: NewConfig(map[string]string{
		"model": "'/a/m'", "seed": "0", "old": "1", "same": "x",
	})}
	b := Setup{Start: Spawned, Sampler: "FlashInfer", Config: NewConfig(map[string]string{
		"model": "'/b/m'", "seed": "1", "new": "2", "same": "x",
	})}
	want := []Setting{{"engine process", Forked, Spawned}, {"new", "", "2"}, {"old", "1", ""}, {"seed", "0", "1"}}
	if diff := cmp.Diff(want, a.Differences(&b)); diff != "" {
		t.Error(diff)
	}
	b.Config = ""
	if diff := cmp.Diff(want[:1], a.Differences(&b)); diff != "" {
		t.Errorf("without a configuration line of B: %s", diff)
	}
}

// Releases write one value in several ways.
func TestSetupNotations(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b Setup
		want []Setting
	}{
		{"JSON and Python",
			Setup{Config: `c={"backend":"inductor","dir":null,"copy":false,"use":true,"ops":["none","+x"],"passes":{}}`},
			Setup{Config: `c={'backend': 'inductor', 'dir': None, 'copy': False, 'use': True, 'ops': ['none', '+x'], 'passes': {}}`}, nil},
		{"sizes from the largest and from the smallest on",
			Setup{Config: `c={"sizes":[16,8,4,2,1]}`}, Setup{Config: `c={'sizes': [1, 2, 4, 8, 16]}`}, nil},
		{"a number and its name", Setup{Config: `c={"mode":0}`}, Setup{Config: `c={'mode': <CUDAGraphMode.NONE: 0>}`}, nil},
		{"another number", Setup{Config: `c={"mode":1}`}, Setup{Config: `c={'mode': <CUDAGraphMode.FULL_AND_PIECEWISE: (2, 1)>}`},
			[]Setting{{"c.mode", "1", "<CUDAGraphMode.FULL_AND_PIECEWISE: (2, 1)>"}}},
		{"other sizes", Setup{Config: `c={"sizes":[4,2,1]}`}, Setup{Config: `c={'sizes': [1, 2, 8]}`},
			[]Setting{{"c.sizes", "[4,2,1]", "[1, 2, 8]"}}},
		{"other operations", Setup{Config: `c={"ops":["a","b"]}`}, Setup{Config: `c={'ops': ['b', 'a']}`},
			[]Setting{{"c.ops", `["a","b"]`, "['b', 'a']"}}},
		{"another string", Setup{Config: `c={"backend":""}`}, Setup{Config: `c={'backend': 'inductor'}`},
			[]Setting{{"c.backend", `""`, "'inductor'"}}},
		{"an empty field and none", Setup{Config: "x=1, parser=''"}, Setup{Config: "x=1"}, []Setting{{"parser", "''", ""}}},
		{"one backend", Setup{Attention: "Flash Attention"}, Setup{Attention: "FLASH_ATTN"}, nil},
		{"another backend", Setup{Attention: "FlashMLA"}, Setup{Attention: "FLASHINFER"},
			[]Setting{{"attention backend", "FlashMLA", "FLASHINFER"}}},
	} {
		if diff := cmp.Diff(test.want, test.a.Differences(&test.b)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
