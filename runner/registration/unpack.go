package registration

import (
	"archive/tar"
	"compress/gzip"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// unpacker unpacks an archive into a directory, and writes nowhere else: os.Root refuses
// paths and links that lead out.
type unpacker struct{ into *os.Root }

// unpack unpacks a .tar.gz. An error names the entry.
func (u unpacker) unpack(archive io.Reader) error {
	plain, err := gzip.NewReader(archive)
	if err != nil {
		return fmt.Errorf("this is not a .tar.gz: %w", err)
	}
	entries := tar.NewReader(plain)
	for {
		header, err := entries.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("the archive is damaged or cut off: %w", err)
		}
		if err := u.entry(header, entries); err != nil {
			return fmt.Errorf("entry %q: %w", header.Name, err)
		}
	}
}

func (u unpacker) entry(header *tar.Header, content io.Reader) error {
	name, err := inside(header.Name)
	if err != nil {
		return err
	}
	if header.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	if err := u.into.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return u.into.MkdirAll(name, 0o755)
	case tar.TypeReg:
		return u.file(name, header, content)
	case tar.TypeSymlink:
		return u.symlink(name, header.Linkname)
	case tar.TypeLink:
		target, err := inside(header.Linkname)
		if err != nil {
			return fmt.Errorf("its link: %w", err)
		}
		return u.into.Link(target, name)
	}
	return fmt.Errorf("it is neither file, directory nor link (type %q)", header.Typeflag)
}

// inside is a name as a path below the archive's top.
func inside(name string) (string, error) {
	clean := path.Clean(name)
	if path.IsAbs(name) || !filepath.IsLocal(clean) || strings.ContainsRune(name, 0) {
		return "", fmt.Errorf("%q leads out of the runner's directory: do not trust this archive", name)
	}
	return clean, nil
}

// symlink makes a link to a place inside. Node.js, which the archive contains, needs some.
func (u unpacker) symlink(name, target string) error {
	if path.IsAbs(target) {
		return fmt.Errorf("its link %q leads out of the runner's directory: do not trust this archive", target)
	}
	if _, err := inside(path.Join(path.Dir(name), target)); err != nil {
		return fmt.Errorf("its link: %w", err)
	}
	return u.into.Symlink(target, name)
}

// file keeps an entry's permissions, without special bits, and its time, by which the
// release's age is known.
func (u unpacker) file(name string, header *tar.Header, content io.Reader) error {
	mode := header.FileInfo().Mode().Perm() | 0o600
	file, err := u.into.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return u.into.Chtimes(name, time.Time{}, header.ModTime)
}

// machines are architectures in ELF headers.
var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// runsOn refuses a program for another architecture. A script is for all.
func runsOn(arch string, dir *os.Root, name string) error {
	file, err := dir.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	program, err := elf.NewFile(file)
	if err != nil {
		return nil
	}
	defer program.Close()
	if program.Machine != machines[arch] {
		return fmt.Errorf("the archive is for another architecture: %s is for %s, and this machine is %s",
			name, program.Machine, arch)
	}
	return nil
}
