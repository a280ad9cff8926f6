package privacy

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"
)

// planted is part of each secret in testdata/hidden.txt.
const planted = "Tr0ub4dor"

// lines are those of a file, without its comments.
func lines(t testing.TB, path string) (lines []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all := bufio.NewScanner(file)
	for all.Scan() {
		if line := all.Text(); line != "" && !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 || all.Err() != nil {
		t.Fatal(path, all.Err())
	}
	return lines
}

func TestForms(t *testing.T) {
	for _, line := range lines(t, "testdata/hidden.txt") {
		got := words.Text(line)
		if strings.Contains(got, planted) || !strings.Contains(line, planted) {
			t.Errorf("%q became %q", line, got)
		}
		if again := words.Text(got); again != got {
			t.Errorf("%q became %q the second time", got, again)
		}
	}
	for _, line := range lines(t, "testdata/stays.txt") {
		if got := words.Text(line); got != line {
			t.Errorf("%q became %q", line, got)
		}
	}
}

// What looks like the secret of a service is hidden wherever it stands. None stands here
// in one piece, as hosts of code refuse them.
func TestShapes(t *testing.T) {
	const random = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6a7B8c9D0"
	for _, secret := range []string{
		"ghp" + "_" + random[:36], "github" + "_pat_" + random[:22] + "_" + random[:59],
		"glpat" + "-" + random[:20],
		"hf" + "_" + random[:34], "sk" + "-" + random[:32], "sk" + "-ant-api03-" + random[:40],
		"sk" + "_live_" + random[:24],
		"nvapi" + "-" + random, "gsk" + "_" + random[:52], "r8" + "_" + random[:37], "npm" + "_" + random[:36],
		"pypi" + "-" + random, "dckr" + "_pat_" + random[:27], "AK" + "IAIOSFODNN7EXAMPLE", "AS" + "IAIOSFODNN7EXAMPLE",
		"ya29" + "." + random[:40], "dop" + "_v1_" + random, "hvs" + "." + random[:40],
		"xox" + "b-123456789012-" + random[:12],
		"SG" + "." + random[:22] + "." + random[:43], "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
	} {
		for _, around := range []string{
			"|", "got | and", "'|'", "_|", "/cache/|/x", "%3D|%26x", `\n|\n`, `\u0022|\u0022`, "x=|&y",
		} {
			before, after, _ := strings.Cut(around, "|")
			if got, want := words.Text(before+secret+after), before+mask+after; got != want {
				t.Errorf("%q became %q", before+secret+after, got)
			}
		}
	}
}

// A secret of several lines is hidden, and the lines of other programs between and behind
// stay.
func TestSeveralLines(t *testing.T) {
	pem := strings.Repeat("MIIEpAIBAAKCAQEA", 4)
	for _, test := range []struct{ text, want string }{
		{"-----BEGIN RSA PRIVATE KEY-----\n" + pem + "\n" + pem + "\nMIIE==\n-----END RSA PRIVATE KEY-----\nINFO loading",
			"***\n***\n***\n***\n***\nINFO loading"},
		{"(w pid=1) -----BEGIN PRIVATE KEY-----\n(w pid=1) " + pem + "\nINFO loading\n",
			"(w pid=1) ***\n(w pid=1) ***\nINFO loading\n"},
		{`KEY='-----BEGIN PRIVATE KEY-----\n` + pem + `\n-----END PRIVATE KEY-----' next`, "KEY='***' next"},
		{"{'api_keys': [\n    'one',\n    'two'],\n 'model': 'm'}\n", "{'api_keys': [\n    ***\n    ***,\n 'model': 'm'}\n"},
		{"(a pid=1) {'api_key':\n(a pid=1)    'one',\n(a pid=1)  'model': 'm'}",
			"(a pid=1) {'api_key':\n(a pid=1)    ***\n(a pid=1)  'model': 'm'}"},
		{"api_keys:\n  - one\n  - two\nmodel: m\n", "api_keys:\n  ***\n  ***\nmodel: m\n"},
		{"api_keys=[\nINFO 12-01 10:10:10 loading\n'm'", "api_keys=[\nINFO 12-01 10:10:10 loading\n'm'"},
		{"token_ids=[\n  1,\n  2]\n", "token_ids=[\n  1,\n  2]\n"},
	} {
		if got := written(t, words, test.text, len(test.text)); got != test.want {
			t.Errorf("%q became %q, want %q", test.text, got, test.want)
		}
	}
}

// Wherever a long line is cut, no secret is.
func TestLongLineIsCutBesideSecrets(t *testing.T) {
	f := Secrets([]string{"HF_TOKEN=known " + planted})
	secrets := []string{"known " + planted, "API_KEY='some " + planted + "'", "hf" + "_" + strings.Repeat(planted, 4)}
	for _, secret := range secrets {
		for at := range 12 {
			for _, cut := range []int{longestLine, longestLine - overlap} {
				line := strings.Repeat("x", cut-len(secret)-2+4*at) + " " + secret + " " + strings.Repeat("y ", longestLine)
				got := written(t, f, line, 1<<15)
				if strings.Contains(got, planted) || !strings.Contains(got, mask) || !strings.HasSuffix(got, " y y ") {
					t.Errorf("%q %d bytes from the cut: %q", secret, 4*at, got[cut-100:])
				}
			}
		}
	}
	all := "API_KEY='" + strings.Repeat(planted, longestLine/4) + "'\nnext\n"
	if got := written(t, f, all, 1<<15); got != "API_KEY=***\nnext\n" {
		t.Errorf("%d bytes came out of a secret longer than a piece", len(got))
	}
}

// floods are what a line may repeat to cost much.
var floods = []string{
	"'A_TOKEN_LIMIT='", `key="`, "'TOKEN=", "token: a", `Authorization: "`, `("token", "x`,
	"@", "a:b@", "a://b:c/d@", `token=\`,
	"%25", `\`, "key-", "-", "-----BEGIN PRIVATE KEY-----",
	"api_key=[", "api_key=(1,", "cookie: a", "cookies={", "bearer ", "sk-", "eyJ.",
	"session='a", "token ",
	"HF_TOKEN ", "--api-key ", "--api-key a ", "token%3D", "&key=", "['api_key', 'x' ", `password="1" `,
	"token=[1,", "<token>", "API_KEY=1,a", "pass={", "pass='",
}

// A line four times as long costs four times as much: what is read of it is counted.
func TestLongLinesCostTheirLength(t *testing.T) {
	for _, flood := range floods {
		read := func(size int) int {
			return secretsOf([]byte(strings.Repeat(flood, size/len(flood))), open{}).read
		}
		if short, long := read(1<<16), read(1<<18); long > 5*short+1000 {
			t.Errorf("%q: %d symbols of 64 KiB are read, and %d of 256 KiB", flood, short, long)
		}
	}
}

func BenchmarkLongLine(b *testing.B) {
	for _, flood := range append(floods, "INFO 12-01 10:10:10 [core.py:77] Loading weights took 1.5 seconds") {
		b.Run(flood, func(b *testing.B) {
			line := []byte(strings.Repeat(flood, 1<<20/len(flood)))
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				words.line(line)
			}
		})
	}
}

// BenchmarkLines is the cost of a line of vLLM's start-up.
func BenchmarkLines(b *testing.B) {
	text, err := os.ReadFile("../../reports/phase/testdata/releases/0.20.2-cold.log")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for line := range bytes.Lines(text) {
			words.line(line)
		}
	}
}

// Whatever stands around a secret whose value is known, it is hidden; what stands around
// the others does not let them out; and nothing grows but by the mask.
func FuzzSecrets(f *testing.F) {
	for _, line := range append(lines(f, "testdata/hidden.txt"), lines(f, "testdata/stays.txt")...) {
		f.Add("INFO ", line)
		f.Add(line, " end")
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "correct-horse-battery"
		known := Secrets([]string{"HF_TOKEN=" + secret})
		if strings.Contains(before+after, secret) {
			return
		}
		for _, line := range []string{before + secret + after, before + "\nHF_TOKEN='" + secret + "' " + after} {
			if got := written(t, known, line, 7); strings.Contains(got, secret) || len(got) > len(line)*len(mask) {
				t.Errorf("%q became %q", line, got)
			}
		}
		if got := written(t, words, before+"\nHF_TOKEN='"+secret+"' "+after, 100); strings.Contains(got, secret) {
			t.Errorf("%q around it: %q", []string{before, after}, got)
		}
	})
}
