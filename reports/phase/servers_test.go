package phase_test

import (
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

func startOf(log *phase.Log) started {
	took, _ := log.Times.Get(phase.InitEngine)
	return started{log.Prefix, log.Complete, log.TimeToReady, took, len(log.Attempts)}
}
