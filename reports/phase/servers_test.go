package phase_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
)

// started is a start-up of a log in testdata/servers.
type started struct {
	Prefix     string
	Complete   bool
	Ready      float64 // seconds
	InitEngine float64
	Failed     int // attempts before it
}

// A log of several servers, by their prefixes, has a start-up of each. Prefixes of the
// machines of one server are one start-up.
func TestServers(t *testing.T) {
	servers := func(first, second string) []started {
		return []started{
			{Prefix: first, Complete: true, Ready: 30, InitEngine: 18},
			{Prefix: second, Complete: true, Ready: 30, InitEngine: 20, Failed: 1},
		}
	}
	tests := map[string]struct {
		servers  []started
		together started // not compared if there are several servers
	}{
		"compose":           {servers: servers("api-1", "api-2")},
		"compose-in-colour": {servers: servers("api-1", "api-2")},
		"pods":              {servers: servers("pod/vllm-api-1/server", "pod/vllm-api-2/server")},

		"data-parallel-on-two-machines":   {together: started{Complete: true, Ready: 34, InitEngine: 22}},
		"tensor-parallel-on-two-machines": {together: started{Complete: true, Ready: 30, InitEngine: 18}},
		"data-parallel-in-one-container":  {together: started{Complete: true, Ready: 34, InitEngine: 22}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			log, err := phase.ReadFile("testdata/servers/" + name + ".log")
			if err != nil {
				t.Fatal(err)
			}
			var servers []started
			for i := range log.Servers {
				servers = append(servers, startOf(&log.Servers[i]))
			}
			if diff := cmp.Diff(test.servers, servers); diff != "" {
				t.Errorf("servers (-want +got):\n%s", diff)
			}
			if together := startOf(&log); test.servers == nil && together != test.together {
				t.Errorf("together %+v, want %+v", together, test.together)
			}
		})
	}
}

// Servers whose prefixes are too many to be read separately are counted.
func TestServersLeftOut(t *testing.T) {
	const (
		server   = "(APIServer pid=1) INFO 03-04 09:00:00 [api_server.py:1896] vLLM API server version 0.12.0\n"
		headless = "INFO 03-04 09:00:02 [serve.py:135] Launching 1 data parallel engine(s) in headless mode, with head node address tcp://10.0.0.1:13345.\n"
	)
	lines := func(prefix string, n int, line string) (text string) {
		for i := range n {
			text += fmt.Sprintf("%s-%d  | %s", prefix, i, line)
		}
		return text
	}
	tests := map[string]struct {
		text    string
		servers int
		warning string // of the last one, or of the whole log if there is one server alone; empty for none
	}{
		"none":        {lines("api", 64, server), 64, ""},
		"one":         {lines("api", 65, server), 64, "a.log: servers left out: 1, because only 64 prefixes are read separately"},
		"each once":   {lines("api", 70, server) + lines("api", 70, server), 64, "a.log: servers left out: 6, because"},
		"no servers":  {lines("api", 64, server) + lines("web", 9, "GET /\n"), 64, ""},
		"headless":    {lines("api", 64, server) + lines("node", 3, headless) + lines("node", 3, server), 64, ""},
		"very many":   {lines("api", 3000, server), 64, "a.log: servers left out: 1000 or more, because"},
		"behind many": {lines("web", 64, "GET /\n") + lines("api", 2, server), 0, "the lines are of 2 servers; the times are of all of them together"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			log, err := phase.Read(strings.NewReader(test.text), "a.log")
			if err != nil {
				t.Fatal(err)
			}
			if len(log.Servers) != test.servers {
				t.Fatalf("%d servers, want %d", len(log.Servers), test.servers)
			}
			if n := len(log.Servers); n > 0 {
				log = log.Servers[n-1]
			}
			said := strings.Join(log.Warnings, "\n")
			if test.warning == "" && strings.Contains(said, "servers left out") || !strings.Contains(said, test.warning) {
				t.Errorf("warnings %q, want %q", said, test.warning)
			}
		})
	}
}

func startOf(log *phase.Log) started {
	took, _ := log.Times.Get(phase.InitEngine)
	return started{log.Prefix, log.Complete, log.TimeToReady, took, len(log.Attempts)}
}

// A server whose log ends when its engine is up was cut off, and nobody could call it ready.
func TestServerCutOff(t *testing.T) {
	const engine = `INFO 11-23 09:00:00.000 [api_server.py:1351] vLLM API server version 0.20.2
(EngineCore pid=7) INFO 11-23 09:00:08.000 [core.py:109] Initializing a V1 LLM engine (v0.20.2) with config: model='m'
(EngineCore pid=7) INFO 11-23 09:00:20.000 [core.py:299] init engine (profile, create kv cache, warmup model) took 9.00 s
`
	for end, warned := range map[string]bool{
		"": true,
		"(APIServer pid=1) INFO 11-23 09:00:21.000 [launcher.py:37] Available routes are:\n": false,
		"INFO:     Application startup complete.\n":                                          false,
	} {
		log, err := phase.Read(strings.NewReader(engine+end), "log")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.Join(log.Warnings, "\n"), "ends before the server listens"); got != warned || !log.Served {
			t.Errorf("served: %t; with %q behind: warnings %q", log.Served, end, log.Warnings)
		}
	}
}
