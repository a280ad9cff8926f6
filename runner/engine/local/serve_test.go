package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/privacy"
	"coldstart/runner/process"
)

// The test's program is also the server that it starts.
const (
	serverFault   = "COLDSTART_TEST_SERVER" // how the server fails, or ok
	serverAddress = "COLDSTART_TEST_ADDRESS"
)

func TestMain(m *testing.M) {
	if fault := os.Getenv(serverFault); fault != "" {
		fakeServer(fault, os.Getenv(serverAddress))
	}
	os.Exit(m.Run())
}

// fakeServer is like 'vllm serve', as far as coldstart sees it.
func fakeServer(fault, address string) {
	fmt.Println("INFO 11-28 07:00:00.000 [api_server.py:1] starting")
	switch fault {
	case "ends before":
		fmt.Println("Traceback (most recent call last):\nValueError: no such shard")
		os.Exit(1)
	case "ends quietly":
		os.Exit(0)
	case "elsewhere":
		address = "127.0.0.1:0"
	case "child":
		child := exec.Command("sh", "-c", "trap '' TERM; echo child $$; while :; do sleep 1; done")
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			panic(err)
		}
		signal.Ignore(syscall.SIGTERM)
	}
	asked, begun := 0, time.Now()
	http.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case fault == "ok" && asked < 3, fault == "child" && time.Since(begun) < 2*lookForProcesses:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("POST /v1/completions", func(w http.ResponseWriter, r *http.Request) {
		switch fault {
		case "asks for a key":
			if r.Header.Get("Authorization") != "Bearer "+serverKey {
				w.WriteHeader(http.StatusUnauthorized)
				fmt.Fprint(w, `{"error": "Unauthorized"}`)
				return
			}
			fmt.Fprint(w, "data: {\"choices\": [{\"index\": 0, \"text\": \"\"}]}\n\n")
		case "ends after":
			os.Exit(1)
		case "no such path":
			http.NotFound(w, r)
		case "refuses":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error": {"message": "the model does\n not generate", "code": 400}}`)
		case "refuses as 0.10":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"object": "error", "message": "the model does not generate", "code": 400}`)
		case "breaks":
			fmt.Fprint(w, "data: {\"error\": {\"message\": \"EngineCore encountered an issue.\"}}\n\ndata: [DONE]\n\n")
		case "no token":
			fmt.Fprint(w, "data: {\"choices\": []}\n\ndata: [DONE]\n\n")
		case "cuts":
			connection, _, _ := http.NewResponseController(w).Hijack()
			connection.Close()
		default:
			fmt.Fprint(w, "data: {\"choices\": [{\"index\": 0, \"text\": \"\"}]}\n\n")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	})
	listener, err := listen(address)
	if err != nil {
		panic(err)
	}
	panic(http.Serve(listener, nil))
}

// serverKey is the key of a fake server that asks for one.
const serverKey = "s3cr3t"

// serving makes the commands of a fake server.
type serving struct{ fault, address, key string }

func (serving) Check(*result.Set, string) error           { return nil }
func (serving) Origin(engine.Run) (*engine.Origin, error) { return &engine.Origin{}, nil }
func (s serving) Command(engine.Run) (Command, error) {
	return Command{
		Args: []string{os.Args[0]}, Env: append(os.Environ(), serverFault+"="+s.fault, serverAddress+"="+s.address),
		Grouped: true, Serves: s.address, Key: s.key,
	}, nil
}

// addresses counts the addresses that were given out.
var addresses atomic.Int32

// freeAddress is one at which nothing listens. Each is at a host of its own, which Linux has
// for loopback, so that no other server or client of this machine takes its port meanwhile.
func freeAddress(t *testing.T) string {
	t.Helper()
	pid := os.Getpid()
	host := fmt.Sprintf("127.%d.%d.%d", 1+pid>>8%128, pid%256, addresses.Add(1))
	listener, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// needProc skips a test that is about an engine's processes, or has servers at Linux's
// loopback addresses, where there is no /proc.
func needProc(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("skipped: there is no /proc")
	}
}

// visited starts a fake server. It returns its log too.
func visited(t *testing.T, s serving, limit time.Duration) (engine.Started, string, error) {
	t.Helper()
	e := &Engine{Maker: s, Limit: limit, Grace: 200 * time.Millisecond, Filter: privacy.Secrets(nil)}
	var log bytes.Buffer
	run := engine.Run{Set: &result.Set{Start: result.Serve}, Configuration: &result.Configuration{ID: "m"}}
	started, err := e.Start(t.Context(), run, &log)
	return started, log.String(), err
}

// A server is up to its first token, and is ended then, with all its processes.
func TestServe(t *testing.T) {
	needProc(t)
	for _, fault := range []string{"ok", "child"} {
		begun := time.Now()
		started, log, err := visited(t, serving{fault: fault, address: freeAddress(t)}, time.Minute)
		if err != nil || started.Failed != "" {
			t.Fatalf("%s: %v, failed %q, log %q", fault, err, started.Failed, log)
		}
		m := started.Moments
		if m == nil || len(m.Processes) == 0 {
			t.Fatalf("%s: moments %+v", fault, m)
		}
		order := []time.Time{begun.Add(-20 * time.Millisecond), m.Processes[0].Began, m.Ready, m.FirstToken, time.Now().Add(time.Millisecond)}
		if !slices.IsSortedFunc(order, time.Time.Compare) {
			t.Errorf("%s: not in order: %v", fault, order)
		}
		if strings.Contains(log, "ServeError") {
			t.Errorf("%s: log %q", fault, log)
		}
		if fault != "child" {
			continue
		}
		_, text, _ := strings.Cut(log, "child ")
		pid, err := strconv.Atoi(strings.Fields(text)[0])
		if err != nil {
			t.Fatal(err)
		}
		if stat, found := process.ReadStat(strconv.Itoa(pid)); found && stat.Runs() {
			t.Errorf("process %d of the group is left", pid)
		}
		if !slices.ContainsFunc(m.Processes, func(p result.Process) bool { return p.PID == pid && p.Name == "sh" }) {
			t.Errorf("process %d is not among %+v", pid, m.Processes)
		}
	}
}

// A server that asks for a key gets it, and the key is not told.
func TestServeWithAKey(t *testing.T) {
	needProc(t)
	for key, answers := range map[string]bool{serverKey: true, "an0ther": false} {
		started, log, err := visited(t, serving{"asks for a key", freeAddress(t), key}, time.Minute)
		if m := started.Moments; m == nil || m.FirstToken.IsZero() == answers {
			t.Errorf("%s: moments %+v, %v", key, m, err)
		}
		if told := log + started.Failed + fmt.Sprint(err, started.Warnings); strings.Contains(told, key) {
			t.Errorf("the key is told: %s", told)
		}
	}
}

// Each fault has one line, in the result and in the log.
func TestServeFaults(t *testing.T) {
	needProc(t)
	tests := []struct {
		fault string
		limit time.Duration
		want  string
		ready bool
	}{
		{"ends before", time.Minute, "the server ended before it was ready (exit status 1)", false},
		{"ends quietly", time.Minute, "the server ended before it was ready (exit status 0)", false},
		{"elsewhere", 5 * time.Second, "not ready after 5s: http://ADDRESS/health: connect: connection refused", false},
		{"ends after", time.Minute, "the server ended after it was ready, before its first token (exit status 1)", true},
		{"no such path", time.Minute, "the first request failed: HTTP 404 Not Found: 404 page not found", true},
		{"refuses", time.Minute, "the first request failed: HTTP 400 Bad Request: the model does not generate", true},
		{"refuses as 0.10", time.Minute, "the first request failed: HTTP 400 Bad Request: the model does not generate", true},
		{"breaks", time.Minute, "the first request failed: EngineCore encountered an issue.", true},
		{"no token", time.Minute, "the first request failed: the answer ended without a token", true},
		{"cuts", time.Minute, "the first request failed: EOF", true},
		{"asks for a key", time.Minute, `the first request failed: HTTP 401 Unauthorized: {"error": "Unauthorized"}`, true},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			address := freeAddress(t)
			want := strings.ReplaceAll(test.want, "ADDRESS", address)
			started, log, err := visited(t, serving{fault: test.fault, address: address}, test.limit)
			var failed *serveError
			told := started.Failed
			if errors.As(err, &failed) {
				told = failed.Error()
			}
			if told != want || (err == nil) != (started.Failed != "") {
				t.Errorf("%v, failed %q, want %q", err, started.Failed, want)
			}
			if !strings.HasSuffix(log, "\nServeError: coldstart: "+want+"\n") {
				t.Errorf("log %q", log)
			}
			if m := started.Moments; m == nil || m.Ready.IsZero() == test.ready || !m.FirstToken.IsZero() || len(m.Processes) == 0 {
				t.Errorf("moments %+v", m)
			}
		})
	}
}

// At the limit, the last answer of a server is why it is not ready.
func TestNotReady(t *testing.T) {
	limit := &process.LimitError{Limit: time.Minute}
	ctx, reach := context.WithCancelCause(t.Context())
	for _, test := range []struct {
		want   string
		answer http.HandlerFunc
	}{
		{"HTTP 503 Service Unavailable", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }},
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { reach(limit); <-r.Context().Done() }},
	} {
		server := httptest.NewServer(test.answer)
		defer server.Close()
		v := &visitor{address: server.Listener.Addr().String()}
		v.ask(ctx)
		if got, want := v.explain(limit).Error(), "not ready after 1m0s: "+server.URL+"/health: "+test.want; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A server that is ready may leave the first request without an answer.
func TestNoToken(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			io.Copy(io.Discard, r.Body) // only then the server sees that the client has gone
			<-r.Context().Done()
		}
	}))
	defer server.Close()
	v := &visitor{address: server.Listener.Addr().String(), patience: 100 * time.Millisecond}
	err := v.visit(t.Context())
	var refused *refusedError
	if !errors.As(err, &refused) || refused.text != "no token within 100ms" || v.ready.IsZero() || !v.firstToken.IsZero() {
		t.Errorf("%v, ready %v, first token %v", err, v.ready, v.firstToken)
	}
}

// A closed listener's address is free, also while programs are started, which hold it until
// their exec.
func TestListenWhileProgramsStart(t *testing.T) {
	needProc(t)
	var over atomic.Bool
	defer over.Store(true)
	for range 4 {
		go func() {
			for !over.Load() {
				_ = exec.Command(os.Args[0], "-test.run", "^$").Run()
			}
		}()
	}
	address := freeAddress(t)
	for range 2000 {
		if err := free(address); err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing is started at an address where the answers would be another's.
func TestServeAddress(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	busy := other.Addr().String()
	for address, want := range map[string]string{
		busy:              "the server cannot listen at " + busy + ": bind: address already in use",
		"127.0.0.1:0":     `the server's port must be a number from 1 to 65535, not "0"`,
		"127.0.0.1:70000": `the server's port must be a number from 1 to 65535, not "70000"`,
		"127.0.0.1:http":  `the server's port must be a number from 1 to 65535, not "http"`,
	} {
		started, log, err := visited(t, serving{fault: "ok", address: address}, time.Minute)
		if err == nil || err.Error() != want || log != "\nServeError: coldstart: "+want+"\n" || started.Moments != nil {
			t.Errorf("%s: %v, want %q; log %q, moments %+v", address, err, want, log, started.Moments)
		}
	}
}

// An engine that ends by itself has its processes' times too, and no other moments.
func TestProcessesOfAnEngine(t *testing.T) {
	needProc(t)
	e := &Engine{Maker: sleeper{}, Limit: time.Minute, Grace: time.Second, Filter: privacy.Secrets(nil)}
	started, err := e.Start(t.Context(), engine.Run{Set: &result.Set{}, Configuration: &result.Configuration{}}, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	m := started.Moments
	if m == nil || len(m.Processes) != 1 || m.Processes[0].Name != "sleep" || !m.Ready.IsZero() || !m.FirstToken.IsZero() {
		t.Errorf("moments %+v", m)
	}
}
