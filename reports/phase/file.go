package phase

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
)

var gzipMagic = []byte{0x1f, 0x8b}

// ReadFile reads the start-up log in a file, which may be compressed with gzip.
func ReadFile(path string) (Log, error) {
	file, err := os.Open(path)
	if err != nil {
		return Log{Name: path}, fmt.Errorf("%s: %w", path, errors.Unwrap(err))
	}
	defer file.Close()
	return ReadAny(file, path)
}

// ReadAny reads a start-up log that may be compressed with gzip. From a compressed
// log that was cut off, it returns the part before the cut and an error.
func ReadAny(r io.Reader, name string) (Log, error) {
	peeked := bufio.NewReaderSize(r, 16)
	head, err := peeked.Peek(len(gzipMagic))
	if err != nil && !errors.Is(err, io.EOF) {
		return Log{Name: name}, fmt.Errorf("%s: %w", name, err)
	}
	if !bytes.Equal(head, gzipMagic) {
		return Read(peeked, name)
	}
	unpacked, err := gzip.NewReader(bufio.NewReader(peeked))
	if err != nil {
		return Log{Name: name}, fmt.Errorf("%s: begins like a gzip file but cannot be unpacked: %w", name, err)
	}
	return Read(unpacked, name)
}
