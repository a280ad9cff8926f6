//go:build hub

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coldstart/runner/console"
	"coldstart/runner/models"
)

// hubPythons lists the Pythons, colon-separated, of the environments whose releases of
// huggingface_hub are tried.
const hubPythons = "COLDSTART_HUB_PYTHONS"

// hubCommit is what every repository of the fake hub is at.
const hubCommit = "0123456789abcdef0123456789abcdef01234567"

// fakeHub answers the requests of the hub's client.
type fakeHub struct {
	*httptest.Server
	cdn   *httptest.Server             // where weights are
	files map[string]map[string][]byte // by repository and name
	gated string                       // repository that only goodToken may read
	sizes map[string]int64             // of files, reported instead of their own
	// meddle answers a request in the hub's place if it returns true.
	meddle func(w http.ResponseWriter, r *http.Request) bool

	mutex sync.Mutex
	seen  []string // requests of files: method, path, and range
	token map[string]bool
}

const goodToken = "hf_aTokenThatMayReadTheGatedOnes"

func newHub(t *testing.T) *fakeHub {
	shards := `{"metadata": {}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}`
	h := &fakeHub{
		gated: "meta-llama/Llama-3.2-3B", sizes: map[string]int64{}, token: map[string]bool{},
		files: map[string]map[string][]byte{
			"Qwen/Qwen1.5-0.5B": {
				"config.json": []byte("{}"), "tokenizer.json": []byte("{}"), "model.safetensors.index.json": []byte(shards),
				"model-00001-of-00002.safetensors": bytes.Repeat([]byte("first"), 1000), "model-00002-of-00002.safetensors": bytes.Repeat([]byte("second"), 5_000_000),
				"pytorch_model.bin": []byte("the same again"), "original/consolidated.pth": []byte("and again"), "LICENSE": []byte("terms"),
			},
			"meta-llama/Llama-3.2-3B": {"config.json": []byte("{}"), "tokenizer.json": []byte("{}"), "model.safetensors": []byte("weights")},
			"01-ai/Yi-6B":             {"config.json": []byte("{}"), "tokenizer.model": []byte("t"), "model.safetensors.index.json": []byte(shards), "model-00001-of-00002.safetensors": []byte("first")},
		},
	}
	h.Server, h.cdn = httptest.NewServer(h), httptest.NewServer(h)
	t.Cleanup(h.Close)
	t.Cleanup(h.cdn.Close)
	return h
}

func (h *fakeHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mutex.Lock()
	h.token[r.Header.Get("Authorization")] = true
	file := !strings.HasPrefix(r.URL.Path, "/api/")
	if file {
		h.seen = append(h.seen, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Range")))
	}
	h.mutex.Unlock()
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/models"), "/"), "/")
	repository := strings.Join(parts[:min(2, len(parts))], "/")
	files, known := h.files[repository]
	allowed := repository != h.gated || r.Header.Get("Authorization") == "Bearer "+goodToken
	switch {
	case h.meddle != nil && h.meddle(w, r):
	case !known:
		refuse(w, 404, "RepoNotFound", "Repository not found")
	case !file && len(parts) == 2:
		h.info(w, repository)
	case file && parts[2] == "cdn": // by an address that is itself a secret
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(files[strings.Join(parts[3:], "/")]))
	case !allowed && r.Header.Get("Authorization") == "":
		refuse(w, 401, "GatedRepo", "Access to model "+repository+" is restricted. You must have access to it and be authenticated to access it.")
	case !allowed:
		refuse(w, 403, "GatedRepo", "Access to model "+repository+" is restricted and you are not in the authorized list.")
	case !file:
		fmt.Fprint(w, "{}") // auth-check
	default:
		h.resolve(w, r, repository, strings.Join(parts[4:], "/"))
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	if code != "" {
		w.Header().Set("X-Error-Code", code)
	}
	w.Header().Set("X-Error-Message", message)
	http.Error(w, `{"error": "`+message+`"}`, status)
}

// info lists a repository.
func (h *fakeHub) info(w http.ResponseWriter, repository string) {
	var siblings []map[string]any
	for name, content := range h.files[repository] {
		size := int64(len(content))
		if told, other := h.sizes[name]; other {
			size = told
		}
		siblings = append(siblings, map[string]any{"rfilename": name, "size": size, "blobId": hashOf(name)})
	}
	answer := map[string]any{"_id": "1", "id": repository, "modelId": repository, "sha": hubCommit, "private": false, "gated": false, "siblings": siblings, "tags": []string{}}
	if repository == h.gated {
		answer["gated"] = "manual"
	}
	json.NewEncoder(w).Encode(answer)
}

// resolve serves a small file, and redirects to weights.
func (h *fakeHub) resolve(w http.ResponseWriter, r *http.Request, repository, name string) {
	content, known := h.files[repository][name]
	if !known {
		refuse(w, 404, "EntryNotFound", "Entry not found")
		return
	}
	w.Header().Set("X-Repo-Commit", hubCommit)
	if filepath.Ext(name) != ".safetensors" {
		w.Header().Set("ETag", `"`+hashOf(name)+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		return
	}
	w.Header().Set("X-Linked-ETag", `"`+hashOf(name)+`"`)
	w.Header().Set("X-Linked-Size", fmt.Sprint(len(content)))
	// Another host, since the client follows the hub's own redirections by itself.
	w.Header().Set("Location", strings.Replace(h.cdn.URL, "127.0.0.1", "localhost", 1)+"/"+repository+"/cdn/"+name)
	w.WriteHeader(302)
}

// hashOf stands for the hash of a file.
func hashOf(name string) string { return fmt.Sprintf("%040x", name)[:40] }

// fetched tells how often files whose path ends so were read.
func (h *fakeHub) fetched(suffix string) (n int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, request := range h.seen {
		path, _, _ := strings.Cut(strings.TrimPrefix(request, "GET "), " ")
		if strings.HasPrefix(request, "GET ") && strings.HasSuffix(path, suffix) {
			n++
		}
	}
	return n
}

// hubLab is a machine with a client of the hub.
type hubLab struct {
	*fakeHub
	models string
	words  []string // of every command
}

func newHubLab(t *testing.T, python string) *hubLab {
	dir := t.TempDir()
	h := &hubLab{fakeHub: newHub(t), models: filepath.Join(dir, "models")}
	lab, err := os.ReadFile(papersLab)
	if err != nil {
		t.Fatal(err)
	}
	matrix := filepath.Join(dir, "lab.yaml")
	text := fmt.Sprintf("environments: {client: {interpreter: %s, packages: [huggingface_hub]}}\n%s", python, lab)
	if err := os.WriteFile(matrix, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	environments := filepath.Join(dir, "environments")
	if got := coldstart(t, "setup", "--environment", "client", "--matrix", matrix, "--dir", environments); got.code != exitDone {
		t.Fatal(got.err)
	}
	// A token that an earlier login left is not used.
	home := filepath.Join(dir, "home")
	if err := os.MkdirAll(home, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "token"), []byte("hf_ofAnEarlierLogin"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"HF_HOME": home, "HF_ENDPOINT": h.URL, "HF_TOKEN": "", "HF_HUB_OFFLINE": "", "NO_PROXY": "127.0.0.1,localhost"} {
		t.Setenv(name, value)
	}
	h.words = []string{"--models", h.models, "--environment", "client", "--environments", environments, "--matrix", matrix}
	return h
}

func (h *hubLab) download(t *testing.T, args ...string) ran {
	t.Helper()
	return coldstart(t, slices.Concat([]string{"models", "download"}, args, h.words)...)
}

// withClients runs a test with each release of the hub's client.
func withClients(t *testing.T, test func(t *testing.T, h *hubLab)) {
	pythons := filepath.SplitList(os.Getenv(hubPythons))
	if len(pythons) == 0 {
		t.Fatalf("%s names no Python with huggingface_hub", hubPythons)
	}
	for _, python := range pythons {
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(python))), func(t *testing.T) { test(t, newHubLab(t, python)) })
	}
}

// Available models are downloaded in one format; refused ones are listed first, with their
// page. Without HF_TOKEN no token is sent.
func TestHubDownload(t *testing.T) {
	withClients(t, func(t *testing.T, h *hubLab) {
		got := h.download(t, "qwen-0.5b", "llama3-3b", "falcon-7b")
		if got.code != exitFailed || !strings.Contains(got.err, "not downloaded, for the reasons above: llama3-3b, falcon-7b") {
			t.Errorf("exit %d: %s", got.code, got.err)
		}
		gated := strings.Index(got.err, "llama3-3b: "+h.URL+"/meta-llama/Llama-3.2-3B: the model is gated: request access on its page, then set HF_TOKEN")
		missing := strings.Index(got.err, "falcon-7b: "+h.URL+"/tiiuae/falcon-7b: no such repository")
		begun, done := strings.Index(got.err, "models to download into "+h.models+": 1, 0.0 GB"), strings.Index(got.err, "qwen-0.5b: complete")
		if gated < 0 || missing < gated || begun < missing || done < begun {
			t.Errorf("reported in another order:\n%s", got.err)
		}
		if err := models.Check(h.models, "qwen-0.5b"); err != nil {
			t.Error(err)
		}
		for name, content := range h.files["Qwen/Qwen1.5-0.5B"] {
			got, err := os.ReadFile(filepath.Join(h.models, "qwen-0.5b", name))
			wanted := name != "pytorch_model.bin" && name != "original/consolidated.pth"
			if wanted != (err == nil) || wanted && !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(content), err)
			}
		}
		if len(h.token) != 1 || !h.token[""] {
			t.Errorf("tokens were sent: %v", h.token)
		}
		before := len(h.seen)
		if again := h.download(t, "qwen-0.5b"); again.code != exitDone || !strings.Contains(again.err, "models there: 1 of 1") || len(h.seen) != before {
			t.Errorf("again, exit %d, %d requests: %s", again.code, len(h.seen)-before, again.err)
		}
	})
}

// HF_TOKEN gives access to a gated model, and is neither printed nor kept.
func TestHubToken(t *testing.T) {
	withClients(t, func(t *testing.T, h *hubLab) {
		t.Setenv("HF_TOKEN", goodToken)
		got := h.download(t, "llama3-3b")
		if got.code != exitDone || models.Check(h.models, "llama3-3b") != nil || !h.token["Bearer "+goodToken] {
			t.Errorf("exit %d, sent %v: %s", got.code, h.token, got.err)
		}
		if strings.Contains(got.err+got.out, goodToken) {
			t.Errorf("the token is printed:\n%s%s", got.out, got.err)
		}
		for _, name := range names(t, h.models) {
			if text, _ := os.ReadFile(filepath.Join(h.models, name)); bytes.Contains(text, []byte(goodToken)) {
				t.Errorf("the token is kept in %s", name)
			}
		}
	})
}

// awaitHalf waits until the client has written a part of a large file.
func (h *hubLab) awaitHalf(t *testing.T) {
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(10 * time.Millisecond) {
		for _, half := range h.halves() {
			if info, err := os.Stat(half); err == nil && info.Size() > 1<<20 {
				return
			}
		}
	}
	t.Error("the client has written nothing")
}

// halves are the files of qwen-0.5b that the client has not written whole.
func (h *hubLab) halves() []string {
	found, _ := filepath.Glob(filepath.Join(h.models, "qwen-0.5b", ".cache", "huggingface", "download", "*.incomplete"))
	return found
}

// An interrupted download says how to continue, and downloads no complete file twice; a
// client that keeps partial files continues them.
func TestHubInterrupted(t *testing.T) {
	withClients(t, func(t *testing.T, h *hubLab) {
		const first, second = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
		content := h.files["Qwen/Qwen1.5-0.5B"][second]
		ctx, interrupt := context.WithCancel(t.Context())
		h.meddle = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != "GET" || !strings.HasSuffix(r.URL.Path, "/cdn/"+second) {
				return false
			}
			for h.fetched("/cdn/"+first) == 0 || models.Check(h.models, "qwen-0.5b") == nil {
				time.Sleep(10 * time.Millisecond)
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			w.Write(content[:2*len(content)/3])
			w.(http.Flusher).Flush()
			h.awaitHalf(t)
			interrupt()
			<-r.Context().Done()
			return true
		}
		var out, err bytes.Buffer
		code := run(ctx, console.New(&out, &err), slices.Concat([]string{"models", "download", "qwen-0.5b"}, h.words))
		if code != exitFailed || !strings.Contains(err.String(), "interrupted; complete files are kept in "+h.models+": run the same command again to continue") {
			t.Errorf("exit %d: %s", code, err.String())
		}
		if models.Check(h.models, "qwen-0.5b") == nil {
			t.Error("half a model is whole")
		}
		h.meddle = nil
		halves := h.halves()
		if got := h.download(t, "qwen-0.5b"); got.code != exitDone || models.Check(h.models, "qwen-0.5b") != nil {
			t.Errorf("exit %d: %s", got.code, got.err)
		}
		if n := h.fetched("/cdn/" + first); n != 1 {
			t.Errorf("a whole file was fetched %d times", n)
		}
		resumed := slices.ContainsFunc(h.seen, func(request string) bool {
			return strings.HasSuffix(strings.SplitN(request, " ", 3)[1], second) && strings.Contains(request, " bytes=") && !strings.Contains(request, " bytes=0-")
		})
		keeps := len(halves) > 0 && strings.Count(filepath.Base(halves[0]), ".") == 2
		if keeps != resumed {
			t.Errorf("half files %v, continued: %t", halves, resumed)
		}
		if left := h.halves(); len(left) > 0 {
			t.Errorf("left %v", left)
		}
	})
}

// Every failure is explained with a remedy, and leaves no model that passes for complete.
func TestHubFaults(t *testing.T) {
	weights := func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, "/cdn/") || strings.HasSuffix(r.URL.Path, ".safetensors")
	}
	answer := func(status int, code, message string, of func(*http.Request) bool) func(*hubLab) {
		return func(h *hubLab) {
			h.meddle = func(w http.ResponseWriter, r *http.Request) bool {
				if of(r) {
					refuse(w, status, code, message)
				}
				return of(r)
			}
		}
	}
	any := func(*http.Request) bool { return true }
	tests := []struct {
		name, model string
		fault       func(h *hubLab)
		want        string
	}{
		{"a token that the hub does not know", "qwen-0.5b", answer(401, "", "Invalid credentials in Authorization header", any), "cannot ask the hub about models: the hub rejects the token in HF_TOKEN"},
		{"not gated, and refused", "qwen-0.5b", answer(403, "", "Forbidden", weights), "qwen-0.5b is incomplete: the hub denies access"},
		{"gone meanwhile", "qwen-0.5b", answer(404, "EntryNotFound", "Entry not found", weights), "qwen-0.5b is incomplete: no such repository"},
		{"no network", "qwen-0.5b", func(h *hubLab) { h.Close() }, "cannot reach the hub: connect this machine, or set HF_ENDPOINT to a mirror"},
		{"the hub down", "qwen-0.5b", answer(500, "", "oops", any), "the hub reports an internal error"},
		{"no room", "qwen-0.5b", func(h *hubLab) { h.sizes["model-00002-of-00002.safetensors"] = 1 << 60 }, "GB free, but 1152921504.6 GB are needed: choose another directory with --models"},
		{"half a file", "yi-6b", func(h *hubLab) { h.sizes["config.json"] = 50 }, "yi-6b is incomplete: a file is incomplete: run the same command again to continue (MODELS/yi-6b/config.json has 2 bytes of 50)"},
		{"a proxy's own page", "qwen-0.5b", func(h *hubLab) {
			h.meddle = func(w http.ResponseWriter, r *http.Request) bool { return r.Method == "HEAD" }
		}, "qwen-0.5b is incomplete: cannot reach the hub"},
		{"a shard that the repository lacks", "yi-6b", func(*hubLab) {}, "yi-6b is incomplete: MODELS/yi-6b/model-00002-of-00002.safetensors is missing"},
	}
	withClients(t, func(t *testing.T, h *hubLab) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				h := &hubLab{fakeHub: newHub(t), models: filepath.Join(t.TempDir(), "models"), words: slices.Clone(h.words)}
				h.words[1] = h.models
				t.Setenv("HF_ENDPOINT", h.URL)
				test.fault(h)
				got := h.download(t, test.model)
				if got.code != exitFailed || !strings.Contains(strings.ReplaceAll(got.err, h.models, "MODELS"), test.want) {
					t.Errorf("exit %d: %s\nwant %s", got.code, got.err, test.want)
				}
				if strings.Contains(got.err, "Traceback") || models.Check(h.models, test.model) == nil {
					t.Errorf("taken for whole, or a trace:\n%s", got.err)
				}
			})
		}
		t.Run("forbidden by a variable", func(t *testing.T) {
			t.Setenv("HF_HUB_OFFLINE", "1")
			if got := h.download(t, "qwen-0.5b"); got.code != exitFailed || !strings.Contains(got.err, "HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids downloads: unset them") {
				t.Errorf("exit %d: %s", got.code, got.err)
			}
		})
	})
}
