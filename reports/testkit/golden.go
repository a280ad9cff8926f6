package testkit

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the expected files below testdata again")

// Updating tells whether tests write the expected files again.
func Updating() bool { return *update }

// Golden compares a text with the file at path, which a person has read. go test -update
// writes the file again.
func Golden(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("not as in %s (-want +got):\n%s", path, diff)
	}
}

// GoldenJSON compares a value with the JSON at path, where numbers may be rounded otherwise,
// as another processor does. go test -update writes the file again.
func GoldenJSON[T any](t testing.TB, path string, got T, options ...cmp.Option) {
	t.Helper()
	if *update {
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	var want T
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&want); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if diff := cmp.Diff(want, got, append(options, cmpopts.EquateApprox(1e-9, 1e-9))...); diff != "" {
		t.Errorf("not as in %s (-want +got):\n%s", path, diff)
	}
}
