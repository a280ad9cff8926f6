package models

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"coldstart/runner/paper"
)

// Make makes a stand-in of a catalogue model in dir, unless it is there: its shape, random
// weights that are the same on every machine, and a tokenizer whose file has the size of
// the original's. It never overwrites an original, and leaves no incomplete stand-in.
// progress gets the bytes written so far, from several goroutines.
//
// This program writes the weights, not PyTorch on a GPU: it makes small random numbers
// faster than a drive takes them, and needs no Python.
func Make(ctx context.Context, dir, key string, progress func(done int64)) error {
	m, err := find(key)
	if err != nil {
		return err
	}
	if there, err := m.isThere(dir); there || err != nil {
		return err
	}
	original, err := paper.Catalogue().Model(key)
	if err != nil {
		return err
	}
	return inPlace(dir, key, func(making string) error {
		return m.write(ctx, making, original.TokenizerMB, progress)
	})
}

// Describe writes the files of a stand-in but its weights into a directory: enough for an
// engine to configure itself, but not to start.
func Describe(dir, key string, tokenizerMB float64) error {
	m, err := find(key)
	if err != nil {
		return err
	}
	return m.describe(dir, tokenizerMB)
}

// ToMake is how many bytes of weights Make would write for models.
func ToMake(dir string, keys []string) (bytes int64, err error) {
	for _, key := range keys {
		m, err := find(key)
		if err != nil {
			return 0, err
		}
		there, err := m.isThere(dir)
		if err != nil {
			return 0, err
		}
		if !there {
			bytes += m.bytes()
		}
	}
	return bytes, nil
}

// find finds a model that can be made.
func find(key string) (*model, error) {
	shape, known := paper.Shapes()[key]
	a, makeable := architectures[key]
	if !known || !makeable {
		return nil, fmt.Errorf("cannot make a stand-in of %s: it has not Llama's or Falcon's layout of weights, "+
			"or its shape is unknown; choose from %s", key, strings.Join(Makeable(), ", "))
	}
	return &model{key: key, Shape: shape, architecture: a}, nil
}

func (m *model) bytes() (sum int64) {
	for _, t := range m.tensors() {
		sum += int64(t.bytes())
	}
	return sum
}

// inPlace has a folder of dir written under another name, and renames it once it is
// complete. It replaces an incomplete one.
func inPlace(dir, folder string, write func(making string) error) error {
	place, making := filepath.Join(dir, folder), filepath.Join(dir, "."+folder+".making")
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	if err := os.Mkdir(making, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(making)
	if err := write(making); err != nil {
		return fmt.Errorf("cannot make %s: %w", place, err)
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	return os.Rename(making, place)
}

// isThere tells whether the stand-in is there. Another model in its place is an error.
func (m *model) isThere(dir string) (bool, error) {
	var missing *MissingError
	switch err := Check(dir, m.key); {
	case errors.As(err, &missing):
		return false, nil
	case !IsStandIn(dir, m.key):
		return false, fmt.Errorf("%s is not a stand-in, and coldstart does not overwrite it: "+
			"choose another directory with --models", filepath.Join(dir, m.key))
	default:
		return err == nil, nil
	}
}

// NeedRoom returns an error if the file system of dir has less room than that many bytes.
func NeedRoom(dir string, bytes int64) error {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if free := int64(disk.Bavail) * int64(disk.Bsize); free < bytes {
		return fmt.Errorf("%s has %.1f GB free, but %.1f GB are needed: choose another directory with --models, "+
			"choose fewer models, or remove some with 'coldstart models remove'",
			dir, float64(free)/1e9, float64(bytes)/1e9)
	}
	return nil
}

// write writes the model's files into an empty directory.
func (m *model) write(ctx context.Context, dir string, tokenizerMB float64, progress func(done int64)) error {
	if err := m.writeWeights(ctx, dir, progress); err != nil {
		return err
	}
	return m.describe(dir, tokenizerMB)
}

// describe writes configuration and tokenizer.
func (m *model) describe(dir string, tokenizerMB float64) error {
	tokenizer, err := madeTokenizer(m.Vocabulary, tokenizerMB)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "tokenizer.json"), tokenizer, 0o644); err != nil {
		return err
	}
	for name, content := range map[string]any{
		"config.json": m.config(), "tokenizer_config.json": tokenizerConfig(m.positions),
		"generation_config.json": generationConfig, standInFile: standIn{Model: m.key, Shape: m.Shape},
	} {
		if err := writeJSON(dir, name, content); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(dir, name string, content any) error {
	text, err := json.MarshalIndent(content, "", " ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, name), append(text, '\n'), 0o644)
}

// standIn is the content of a stand-in's marker file.
type standIn struct {
	Model string      `json:"model"` // whose shape it has
	Shape paper.Shape `json:"shape"`
}

// shardBytes is the largest size of a file of weights, as on the hub.
const shardBytes = 5_000_000_000

// shards are the weights file by file.
func (m *model) shards() (shards [][]tensor) {
	size := shardBytes + 1
	for _, t := range m.tensors() {
		if size+t.bytes() > shardBytes {
			shards, size = append(shards, nil), 0
		}
		shards[len(shards)-1] = append(shards[len(shards)-1], t)
		size += t.bytes()
	}
	return shards
}

// writeWeights writes all files of weights in parallel, and their index if there are
// several.
func (m *model) writeWeights(ctx context.Context, dir string, progress func(done int64)) error {
	var done atomic.Int64
	shards, listed := m.shards(), map[string]string{}
	writers, ctx := errgroup.WithContext(ctx)
	for i, tensors := range shards {
		name := "model.safetensors"
		if len(shards) > 1 {
			name = fmt.Sprintf("model-%05d-of-%05d.safetensors", i+1, len(shards))
		}
		writers.Go(func() error {
			return writeShard(filepath.Join(dir, name), m.dtype, tensors, func(bytes int) error {
				progress(done.Add(int64(bytes)))
				return ctx.Err()
			})
		})
		for _, t := range tensors {
			listed[t.name] = name
		}
	}
	if err := writers.Wait(); err != nil || len(shards) == 1 {
		return err
	}
	return writeJSON(dir, weightFormats[0].index, map[string]any{
		"metadata": map[string]any{"total_size": done.Load()}, "weight_map": listed,
	})
}

// writeShard writes one file of weights, and calls wrote for every piece.
func writeShard(path, dtype string, tensors []tensor, wrote func(bytes int) error) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	form := forms[dtype]
	if err := writeHeader(file, form.name, tensors); err != nil {
		return err
	}
	to := bufio.NewWriterSize(file, pieceBytes)
	for _, t := range tensors {
		if err := form.fill(to, t, wrote); err != nil {
			return err
		}
	}
	return errors.Join(to.Flush(), file.Sync())
}

// form is a type of numbers of two bytes, and how eight random bytes become four random
// numbers between 2^-11 and 2^-7: sign, mantissa and the lower bits of the exponent are
// kept, the rest of the exponent is set.
type form struct {
	name      string // in safetensors
	keep, set uint64
	one       uint16
}

var forms = map[string]form{
	"bfloat16": {name: "BF16", keep: 0x81ff_81ff_81ff_81ff, set: 0x3a00_3a00_3a00_3a00, one: 0x3f80},
	"float16":  {name: "F16", keep: 0x8fff_8fff_8fff_8fff, set: 0x1000_1000_1000_1000, one: 0x3c00},
}

// pieceBytes is how much is written at once.
const pieceBytes = 1 << 20

// fill writes a tensor's values: ones for a norm, else random ones that depend only on the
// tensor's name.
func (f form) fill(to io.Writer, t tensor, wrote func(bytes int) error) error {
	next := f.random(t.name)
	if isNorm(t.name) {
		ones := uint64(f.one) * 0x0001_0001_0001_0001
		next = func() uint64 { return ones }
	}
	piece := make([]byte, 0, pieceBytes)
	for left := t.bytes(); left > 0; {
		for piece = piece[:0]; len(piece) < min(left, pieceBytes); {
			piece = binary.LittleEndian.AppendUint64(piece, next())
		}
		n := min(left, len(piece))
		if _, err := to.Write(piece[:n]); err != nil {
			return err
		}
		left -= n
		if err := wrote(n); err != nil {
			return err
		}
	}
	return nil
}

func isNorm(name string) bool {
	return strings.HasSuffix(name, "norm.weight") || strings.HasSuffix(name, "ln_f.weight")
}

func (f form) random(name string) func() uint64 {
	hash := fnv.New64a()
	io.WriteString(hash, name)
	source := rand.NewPCG(hash.Sum64(), tinySeed)
	return func() uint64 { return source.Uint64()&f.keep | f.set }
}

// Remove removes a folder that coldstart made: a stand-in, or a copy in another format.
func Remove(dir, folder string) error {
	path := filepath.Join(dir, folder)
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return &MissingError{Path: path}
	case err != nil:
		return err
	case !isMade(dir, folder):
		return fmt.Errorf("coldstart did not make %s, and does not remove it: remove it by hand", path)
	}
	return os.RemoveAll(path)
}

// isMade tells whether coldstart made a folder.
func isMade(dir, folder string) bool {
	_, err := os.Stat(filepath.Join(dir, folder, copyFile))
	return err == nil || IsStandIn(dir, folder)
}
