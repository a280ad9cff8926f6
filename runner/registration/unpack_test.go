package registration

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func unpackInto(t *testing.T, archive []byte) (dir string, err error) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "into")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	return dir, (unpacker{root}).unpack(bytes.NewReader(archive))
}

func TestUnpackKeepsWhatTheRunnerHas(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o022)) // as of a registration
	entries := append([]entry{{"pax_global_header", tar.TypeReg, 0o644, ""}, {"suid", tar.TypeReg, 0o4755, "x"}, {"hard", tar.TypeLink, 0o644, "suid"}}, standIn...)
	dir, err := unpackInto(t, archiveOf(t, entries))
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, filepath.Join(dir, "externals/node20/bin/npm"), "npm") // by its link
	info, err := os.Stat(filepath.Join(dir, "hard"))
	if err != nil || info.Mode() != 0o755 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
}

func TestUnpackRefusesWhatLeadsOut(t *testing.T) {
	tests := map[string]struct {
		entries []entry
		want    string
	}{
		"parent":                  {[]entry{{"../evil", tar.TypeReg, 0o644, "x"}}, "leads out"},
		"parent further in":       {[]entry{{"a/../../evil", tar.TypeReg, 0o644, "x"}}, "leads out"},
		"absolute":                {[]entry{{"/evil", tar.TypeReg, 0o644, "x"}}, "leads out"},
		"absolute link":           {[]entry{{"l", tar.TypeSymlink, 0o777, "/etc"}}, "leads out"},
		"link":                    {[]entry{{"a/l", tar.TypeSymlink, 0o777, "../../etc"}}, "leads out"},
		"hard link":               {[]entry{{"l", tar.TypeLink, 0o777, "../evil"}}, "leads out"},
		"file over a link":        {[]entry{{"d", tar.TypeDir, 0o755, ""}, {"l", tar.TypeSymlink, 0o777, "d"}, {"l", tar.TypeReg, 0o644, "x"}}, "exists"},
		"by way of two links":     {[]entry{{"a/b/c", tar.TypeDir, 0o755, ""}, {"x", tar.TypeSymlink, 0o777, "a/b"}, {"y", tar.TypeSymlink, 0o777, "x/../../a"}, {"z", tar.TypeSymlink, 0o777, "a/b/c/../.."}, {"x/../../evil", tar.TypeReg, 0o644, "x"}}, "leads out"},
		"device":                  {[]entry{{"null", tar.TypeChar, 0o666, ""}}, "neither file, directory nor link"},
		"fifo":                    {[]entry{{"pipe", tar.TypeFifo, 0o666, ""}}, "neither file, directory nor link"},
		"the directory as a file": {[]entry{{".", tar.TypeReg, 0o666, "x"}}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir, err := unpackInto(t, archiveOf(t, test.entries))
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "entry ") {
				t.Errorf("error %v", err)
			}
			if _, err := os.Lstat(filepath.Join(dir, "..", "evil")); err == nil {
				t.Error("it got out")
			}
		})
	}
}

func TestUnpackDamaged(t *testing.T) {
	whole := archiveOf(t, standIn)
	for name, archive := range map[string][]byte{
		"cut off": whole[:len(whole)/2], "not compressed": []byte("#!/bin/sh"), "empty": nil,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := unpackInto(t, archive); err == nil {
				t.Error("no error")
			}
		})
	}
}

// elfEntry is an archive whose program is for arm64.
func elfEntry() []entry {
	header := make([]byte, 64)
	copy(header, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(header[16:], 2)   // executable
	binary.LittleEndian.PutUint16(header[18:], 183) // AArch64
	binary.LittleEndian.PutUint32(header[20:], 1)
	binary.LittleEndian.PutUint16(header[52:], 64)
	var entries []entry
	for _, e := range standIn {
		if strings.HasSuffix(e.name, listener) {
			e.text = string(header)
		}
		entries = append(entries, e)
	}
	return entries
}
