package models

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func tensorizes(making string) error {
	return os.WriteFile(filepath.Join(making, "model.tensors"), []byte("t"), 0o644)
}

// A copy has the model's files except its weights, is a stand-in if the model is, and is
// made once.
func TestCopy(t *testing.T) {
	for _, standIn := range []bool{true, false} {
		dir := made(t, "yi-6b")
		if !standIn {
			if err := os.Remove(filepath.Join(dir, "yi-6b", standInFile)); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []bool{false, true} {
			there, err := Copy(dir, "yi-6b", "yi-6b-copy", tensorizes)
			if there != want || err != nil {
				t.Fatalf("there %t, %v", there, err)
			}
		}
		if err := Check(dir, "yi-6b-copy"); err != nil || IsStandIn(dir, "yi-6b-copy") != standIn {
			t.Errorf("stand-in %t of %t, %v", IsStandIn(dir, "yi-6b-copy"), standIn, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "yi-6b-copy", "model.safetensors")); err == nil {
			t.Error("the weights were copied")
		}
		if err := Remove(dir, "yi-6b-copy"); err != nil {
			t.Error(err)
		}
	}
}

func TestCopyRefuses(t *testing.T) {
	broken := errors.New("no GPU")
	tests := []struct {
		name    string
		prepare func(dir string) error
		write   func(string) error
		want    string
	}{
		{"no model", func(dir string) error { return os.RemoveAll(filepath.Join(dir, "yi-6b")) }, tensorizes, "no such model folder"},
		{"an incomplete model", func(dir string) error { return os.Remove(filepath.Join(dir, "yi-6b", "model.safetensors")) }, tensorizes, "its weight file is missing"},
		{"it fails", func(string) error { return nil }, func(string) error { return broken }, "cannot make DIR/yi-6b-copy: no GPU"},
		{"nothing is written", func(string) error { return nil }, func(string) error { return nil }, "its weight file is missing"},
		{"an incomplete folder of somebody else", func(dir string) error { return os.Mkdir(filepath.Join(dir, "yi-6b-copy"), 0o755) }, tensorizes, "coldstart did not make it, and does not overwrite it"},
		{"the copy of a stand-in beside an original", func(dir string) error {
			_, err := Copy(dir, "yi-6b", "yi-6b-copy", tensorizes)
			return errors.Join(err, os.Remove(filepath.Join(dir, "yi-6b", standInFile)))
		}, tensorizes, "'coldstart models remove yi-6b-copy --models DIR' removes the copy"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := made(t, "yi-6b")
			if err := test.prepare(dir); err != nil {
				t.Fatal(err)
			}
			there, err := Copy(dir, "yi-6b", "yi-6b-copy", test.write)
			if there || err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), dir, "DIR"), test.want) {
				t.Errorf("there %t, error %v", there, err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// The notes of the hub's client do not change a model's fingerprint.
func TestFingerprint(t *testing.T) {
	dir := made(t, "yi-6b")
	before, err := Fingerprint(dir, "yi-6b")
	if err != nil {
		t.Fatal(err)
	}
	noted := filepath.Join(dir, "yi-6b", hubCache, "huggingface")
	if err := os.MkdirAll(noted, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(path string) string {
		if err := os.WriteFile(path, []byte("1"), 0o644); err != nil {
			t.Fatal(err)
		}
		after, err := Fingerprint(dir, "yi-6b")
		if err != nil {
			t.Fatal(err)
		}
		return after
	}
	if after := write(filepath.Join(noted, "config.json.metadata")); after != before {
		t.Error("notes of the client changed the model")
	}
	if after := write(filepath.Join(dir, "yi-6b", "vocab.json")); after == before {
		t.Error("another file changed nothing")
	}
}

// ToMake counts only models that are not there.
func TestToMake(t *testing.T) {
	dir := made(t, "yi-6b")
	alone, err := ToMake(dir, []string{"qwen-0.5b"})
	both, err2 := ToMake(dir, []string{"qwen-0.5b", "yi-6b"})
	if err != nil || err2 != nil || alone != both || alone < 900_000_000 || alone > 1_100_000_000 {
		t.Errorf("%d and %d bytes, %v, %v", alone, both, err, err2)
	}
}
