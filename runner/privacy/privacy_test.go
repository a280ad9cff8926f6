package privacy

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/testkit"
)

func TestSecrets(t *testing.T) {
	f := Secrets([]string{"HF_TOKEN=hf_abcdefgh", "PATH=/usr/bin", "MY_KEY=ab", "LANG=C.UTF-8", "SSH_KEY=first line\nsecond line\n"})
	tests := []struct{ line, want string }{
		{"VLLM_API_KEY=s3cr3t rest", "VLLM_API_KEY=*** rest"},
		{"'VLLM_API_KEY': 'a b c', 'X': 1", "'VLLM_API_KEY': ***, 'X': 1"},
		{`{"AWS_SECRET_ACCESS_KEY": "abc", "y": 2}`, `{"AWS_SECRET_ACCESS_KEY": ***, "y": 2}`},
		{"api_key=None, hf_token='x'", "api_key=None, hf_token=***"},
		{"Authorization: Bearer abcdefghijkl", "Authorization: Bearer ***"},
		{"downloading with hf_abcdefgh from the hub", "downloading with *** from the hub"},
		{"a word with ab in it", "a word with ab in it"},
		{`OPENAI_APIKEY=x PGPASSWORD=y MYSQL_PWD=z GH_PAT=u DB_PASS=v AWS_CREDS=w API_KEYS=t`, `OPENAI_APIKEY=*** PGPASSWORD=*** MYSQL_PWD=*** GH_PAT=*** DB_PASS=*** AWS_CREDS=*** API_KEYS=***`},
		{`'MY_SECRET': 'it\'s "so"', "X_TOKEN": "a\"b", 'PWD': '/work'`, `'MY_SECRET': ***, "X_TOKEN": ***, 'PWD': '/work'`},
		{"a second line of the key, and its first line", "a *** of the key, and its ***"},
		{"HTTPS_PROXY=http://user:password@proxy:3128 and https://hf_x@mirror/simple", "HTTPS_PROXY=http://***@proxy:3128 and https://***@mirror/simple"},
		{"serve --api-key abc --hf-token=def --password 'g h' -H 'X-Api-Key: ijk'", "serve --api-key *** --hf-token=*** --password *** -H 'X-Api-Key: ***'"},
		{"{'api_key': ['one', 'two'], 'n': [1]}", "{'api_key': ***, 'n': [1]}"},
		{`{"apiKey": "one", "accessToken": "two", "clientSecret":"three"}`, `{"apiKey": ***, "accessToken": ***, "clientSecret":***}`},
		{"serve --hf_token one --model m", "serve --hf_token *** --model m"},
		{"Authorization: token one-two-three", "Authorization: token ***"},
		{`'authorization': 'Digest username="u", response="one"', 'n': 1`, "'authorization': ***, 'n': 1"},
		{`curl -H 'Authorization: Digest username="u", response="one"' /x`, `curl -H 'Authorization: Digest ***' /x`},
		{"Set-Cookie: id=one; Path=/", "Set-Cookie: ***"},
		{"GET https://b.example/m?X-Amz-Credential=a%2Fb&X-Amz-Signature=0ff1ce&x=1", "GET https://b.example/m?X-Amz-Credential=***&X-Amz-Signature=***&x=1"},
		{"GET https://b.example/m?Policy=p&Signature=s~-_&Key-Pair-Id=K", "GET https://b.example/m?Policy=***&Signature=***&Key-Pair-Id=K"},
		{"got ghp_abcdefghijklmnopqrstuvwxyz0123456789, 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", "got ***, ***"},
		{"AKIAABCDEFGHIJKLMNOP sk-proj-abcdefghijklmnopqrstuvwx", "*** ***"},
		{"Bearer is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "Bearer is ***"},
		// What a log is read for stays.
		{"hf_config, hf_overrides={}, risk-averse-and-long-enough-word, maxToken 5", "hf_config, hf_overrides={}, risk-averse-and-long-enough-word, maxToken 5"},
		{"tokenizer='m', skip_tokenizer_init=False, max_num_batched_tokens=2048", "tokenizer='m', skip_tokenizer_init=False, max_num_batched_tokens=2048"},
		{"NEW: Init Tokenizer took 0.29 seconds", "NEW: Init Tokenizer took 0.29 seconds"},
		{"num_key_value_heads=8", "num_key_value_heads=8"},
		{"TOKENIZERS_PARALLELISM=false, VLLM_MAX_TOKENS_PER_EXPERT=9, --max-num-batched-tokens 8", "TOKENIZERS_PARALLELISM=false, VLLM_MAX_TOKENS_PER_EXPERT=9, --max-num-batched-tokens 8"},
		{"'VLLM_SHARED_EXPERTS_STREAM_TOKEN_THRESHOLD': 256, VLLM_MULTI_STREAM_GEMM_TOKEN_THRESHOLD=1024",
			"'VLLM_SHARED_EXPERTS_STREAM_TOKEN_THRESHOLD': 256, VLLM_MULTI_STREAM_GEMM_TOKEN_THRESHOLD=1024"},
		{"VLLM_MOE_DP_CHUNK_SIZE=256, VLLM_LOG_BATCHSIZE_INTERVAL=-1.0, long_prefill_token_threshold=0, A_TOKEN_MAX_COUNT=1",
			"VLLM_MOE_DP_CHUNK_SIZE=256, VLLM_LOG_BATCHSIZE_INTERVAL=-1.0, long_prefill_token_threshold=0, A_TOKEN_MAX_COUNT=1"},
		{"A_TOKEN_LIMIT=HF_TOKEN=one B_TOKEN_LIMIT='HF_TOKEN=two'", "A_TOKEN_LIMIT=HF_TOKEN=*** B_TOKEN_LIMIT='HF_TOKEN=***'"},
		{"A_TOKEN_FILE=one TOKEN_2=two MY_TOKEN=TOKEN_SIZE=1", "A_TOKEN_FILE=*** TOKEN_2=*** MY_TOKEN=***"},
		{"per-token scales of non-key heads", "per-token scales of non-key heads"},
		{"tcp://127.0.0.1:51199, user@host, x @ https://host/x", "tcp://127.0.0.1:51199, user@host, x @ https://host/x"},
	}
	for _, test := range tests {
		if got := string(f.line([]byte(test.line))); got != test.want {
			t.Errorf("%q became %q, want %q", test.line, got, test.want)
		}
	}
}

// However a value is escaped, it is hidden: by Go's and Python's JSON, shells, and URLs.
func TestEscapedSecrets(t *testing.T) {
	const secret = `a/b+c "d"\e<é😀`
	f := Secrets([]string{"MY_SECRET=" + secret, "X_TOKEN=!?!?!?"})
	for _, form := range []string{
		secret,
		`a/b+c \"d\"\\e<é😀`,
		`a\/b+c \"d\"\\e\u003cé😀`,
		`a/b+c \"d\"\\e<\u00e9\ud83d\ude00`,
		`a/b+c \\\"d\\\"\\\\e<\\u00E9\\uD83D\\uDE00`,
		`a/b%2Bc%20%22d%22%5Ce%3C%C3%A9%F0%9F%98%80`,
		`a%2fb%2bc+%22d%22%5ce%3c%c3%a9%f0%9f%98%80`,
		`a%252Fb%252Bc%2520%2522d%2522%255Ce%253C%25C3%25A9%25F0%259F%2598%2580`,
		`a/b+c\ \"d\"\\e\<é😀`,
		`!?!?!?`, `%21%3F%21%3F%21%3F`,
	} {
		if got := f.Text("before " + form + " after"); got != "before *** after" {
			t.Errorf("%q became %q", form, got)
		}
	}
	if part := "a/b+c and %2B"; f.Text(part) != part {
		t.Errorf("%q became %q", part, f.Text(part))
	}
}

// A command and its variables are kept as what was measured, and their secrets are
// not.
func TestCommandsAndVariables(t *testing.T) {
	words := Words([]string{"podman", "-e", "HF_TOKEN=hf_x", "--api-key", "x", "y", "--token", "None", "--pgpassword", "z", "/p", "--password=y", "https://u:p@host/x", "--model", "/m"})
	if want := []string{"podman", "-e", "HF_TOKEN=***", "--api-key", "***", "***", "--token", "None", "--pgpassword", "***", "/p", "--password=***", "https://***@host/x", "--model", "/m"}; !slices.Equal(words, want) {
		t.Errorf("words %q, want %q", words, want)
	}
	variables := Variables(map[string]string{"HF_TOKEN": "x", "INDEX": "https://u:p@host/x", "VLLM_USE_V1": "1", "A_TOKEN_THRESHOLD": "256"})
	if want := map[string]string{"A_TOKEN_THRESHOLD": "256", "HF_TOKEN": "***", "INDEX": "https://***@host/x", "VLLM_USE_V1": "1"}; !maps.Equal(variables, want) {
		t.Errorf("variables %q, want %q", variables, want)
	}
}

func TestIdentities(t *testing.T) {
	f := Secrets(nil).Identities(Identity{User: "huzaifa", Host: "gpu-node-7", Addresses: []string{"131.234.187.203"}})
	tests := []struct{ line, want string }{
		{"cache: /home/huzaifa/.cache/vllm", "cache: /home/user/.cache/vllm"},
		{"/local/huzaifa/workspace", "/local/user/workspace"},
		{"init_method=tcp://10.1.2.3:51199", "init_method=tcp://address:51199"},
		{"bound to 131.234.187.203 on gpu-node-7", "bound to address on host"},
		{"V1 LLM engine (v0.10.1.1) with config", "V1 LLM engine (v0.10.1.1) with config"},
		{"distributed_init_method=tcp://127.0.0.1:5", "distributed_init_method=tcp://address:5"},
	}
	for _, test := range tests {
		if got := string(f.line([]byte(test.line))); got != test.want {
			t.Errorf("%q became %q, want %q", test.line, got, test.want)
		}
	}
}

// However the bytes come, a secret is seen whole.
func TestWriter(t *testing.T) {
	const text = "VLLM_API_KEY=s3cr3t\nplain\nMY_TOKEN=x"
	for _, size := range []int{1, 7, 100} {
		if got, want := written(t, Secrets(nil), text, size), "VLLM_API_KEY=***\nplain\nMY_TOKEN=***"; got != want {
			t.Errorf("in pieces of %d: %q, want %q", size, got, want)
		}
	}
}

// A line without an end costs bounded memory and loses nothing.
func TestWriterLongLine(t *testing.T) {
	var out bytes.Buffer
	w := Secrets(nil).Writer(&out).(*writer)
	for range 40 {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 100_000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || out.Len() != 4_000_000 || cap(w.line) > 2*longestLine {
		t.Errorf("%d bytes came out, %d are held, %v", out.Len(), cap(w.line), err)
	}
}

// No recorded start-up is changed: a log is kept for what it says.
func TestRecordedLogsStay(t *testing.T) {
	logs := 0
	for _, dir := range []string{testkit.Artifact(t), filepath.Join(testkit.Artifact(t), "..", "logs")} {
		err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".txt" && filepath.Ext(path) != ".log" {
				return err
			}
			text, err := os.ReadFile(path)
			logs++
			stays(t, path, text)
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	if logs == 0 {
		t.Error("no logs")
	}
}

// stays checks that a text is written as it is.
func stays(t *testing.T, path string, text []byte) {
	t.Helper()
	got := written(t, Secrets(nil), string(text), len(text))
	after := strings.Split(got, "\n")
	for i, line := range strings.Split(string(text), "\n") {
		if i >= len(after) || line != after[i] {
			t.Errorf("%s:%d: %q became %q", path, i+1, line, after[min(i, len(after)-1)])
			return
		}
	}
}

// written is what a Writer makes of a text that comes in pieces.
func written(t testing.TB, f *Filter, text string, size int) string {
	t.Helper()
	var out bytes.Buffer
	w := f.Writer(&out)
	for piece := range slices.Chunk([]byte(text), max(size, 1)) {
		if _, err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
