package models

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/paper"
)

// small is a model of a real architecture and a small shape.
func small(t *testing.T, key string) *model {
	t.Helper()
	return &model{key: key, architecture: architectures[key], Shape: paper.Shape{Layers: 2, Hidden: 64, Intermediate: 128, Heads: 4, KeyValues: 2, Vocabulary: 1000}}
}

func made(t *testing.T, key string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, key), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := small(t, key).write(t.Context(), filepath.Join(dir, key), 0.1, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Every architecture makes a complete folder that is marked as a stand-in, with finite
// small weights and ones for norms.
func TestWrite(t *testing.T) {
	for _, key := range Makeable() {
		dir := made(t, key)
		if err := Check(dir, key); err != nil || !IsStandIn(dir, key) {
			t.Errorf("%s: %v, stand-in %t", key, err, IsStandIn(dir, key))
		}
		file, err := os.ReadFile(filepath.Join(dir, key, "model.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		length := binary.LittleEndian.Uint64(file)
		var header map[string]struct {
			Dtype   string
			Shape   []int
			Offsets []int `json:"data_offsets"`
		}
		if err := json.Unmarshal(file[8:8+length], &header); err != nil {
			t.Fatal(err)
		}
		values := file[8+length:]
		for name, at := range header {
			if name == "__metadata__" {
				continue
			}
			norm := isNorm(name)
			for i := at.Offsets[0]; i < at.Offsets[1]; i += 2 {
				x := decode(at.Dtype, binary.LittleEndian.Uint16(values[i:]))
				if norm && x != 1 || !norm && !(math.Abs(x) > 1e-4 && math.Abs(x) < 0.01) {
					t.Fatalf("%s: %s has %v", key, name, x)
				}
			}
		}
		if _, separate := header["lm_head.weight"]; separate == architectures[key].tied {
			t.Errorf("%s: separate output %t", key, separate)
		}
	}
}

// decode reads a number of two bytes.
func decode(dtype string, bits uint16) float64 {
	if dtype == "BF16" {
		return float64(math.Float32frombits(uint32(bits) << 16))
	}
	sign, exponent, mantissa := 1-2*float64(bits>>15), int(bits>>10&0x1f), float64(bits&0x3ff)
	return sign * math.Ldexp(1+mantissa/1024, exponent-15)
}

// The weights are reproducible, and differ between tensors.
func TestWeightsAreReproducible(t *testing.T) {
	a, b := made(t, "qwen-0.5b"), made(t, "qwen-0.5b")
	first, _ := os.ReadFile(filepath.Join(a, "qwen-0.5b", "model.safetensors"))
	second, _ := os.ReadFile(filepath.Join(b, "qwen-0.5b", "model.safetensors"))
	if string(first) != string(second) || len(first) == 0 {
		t.Error("the weights of two runs differ")
	}
	f := forms["bfloat16"]
	if x, y := f.random("a")(), f.random("b")(); x == y {
		t.Error("two tensors begin with the same value")
	}
}

// Large models have several files of at most 5 GB.
func TestShards(t *testing.T) {
	for _, key := range Makeable() {
		m := &model{key: key, architecture: architectures[key], Shape: paper.Shapes()[key]}
		total := 0
		for _, tensors := range m.shards() {
			size := 0
			for _, tensor := range tensors {
				size += tensor.bytes()
			}
			if size > shardBytes || size == 0 {
				t.Errorf("%s: a file of %d bytes", key, size)
			}
			total += size
		}
		// What vLLM logs for the original, which includes some buffers.
		for _, facts := range paper.Models() {
			if facts.Key == key {
				if ratio := float64(total) / (1 << 30) / facts.WeightsGiB; ratio < 0.93 || ratio > 1.01 {
					t.Errorf("%s: %.2f GiB of weights, and the original has %.2f", key, float64(total)/(1<<30), facts.WeightsGiB)
				}
			}
		}
	}
}

func TestMakeRefuses(t *testing.T) {
	dir := t.TempDir()
	none := func(int64) {}
	original := filepath.Join(dir, "qwen-0.5b")
	if err := os.Mkdir(original, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(original, "config.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"qwen-14.3b": "cannot make a stand-in of qwen-14.3b",
		"opt-6.7b":   "cannot make a stand-in of opt-6.7b",
		"qwen-0.5b":  "qwen-0.5b is not a stand-in, and coldstart does not overwrite it",
	} {
		if err := Make(t.Context(), dir, key, none); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", key, err)
		}
	}
	if err := Remove(dir, "qwen-0.5b"); err == nil || !strings.Contains(err.Error(), "does not remove it") {
		t.Errorf("an original is removed: %v", err)
	}
	var missing *MissingError
	if err := Remove(dir, "yi-6b"); !errors.As(err, &missing) {
		t.Errorf("nothing is removed: %v", err)
	}
	if err := NeedRoom(dir, 1<<60); err == nil || !strings.Contains(err.Error(), "GB are needed") {
		t.Errorf("room for everything: %v", err)
	}
}

// An interrupted Make leaves nothing.
func TestMakeInterrupted(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	err := Make(ctx, dir, "qwen-0.5b", func(int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// An incomplete stand-in is not taken for a complete one, and is made anew.
func TestMissingShard(t *testing.T) {
	dir := made(t, "yi-6b")
	if err := os.Remove(filepath.Join(dir, "yi-6b", "model.safetensors")); err != nil {
		t.Fatal(err)
	}
	if err := Check(dir, "yi-6b"); err == nil {
		t.Error("a model without weights is whole")
	}
	if there, err := small(t, "yi-6b").isThere(dir); there || err != nil {
		t.Errorf("there %t, %v", there, err)
	}
}
