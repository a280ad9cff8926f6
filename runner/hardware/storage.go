package hardware

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/hardware"
)

// storage finds the file system of the models directory and the layers below it, down to
// the drives.
func (m *machine) storage(context.Context) (f finding) {
	if m.Models == "" {
		f.lack("models", "no models directory was named")
		return f
	}
	directory, err := m.resolve(m.Models)
	if err != nil {
		f.lack("models", "the models directory cannot be found: "+cause(err).Error())
		return f
	}
	mountinfo, err := m.text("proc/self/mountinfo")
	if err != nil {
		f.lack("models", err.Error())
		return f
	}
	at, ok := mountOf(readMounts(mountinfo), directory)
	if !ok {
		f.lack("models", "/proc/self/mountinfo has no mount above the models directory")
		return f
	}
	s := stack{machine: m}
	s.below(at)
	if len(s.drives) == 0 {
		f.lack("models.drives", "the kernel shows no block device below "+at.fileSystem+
			": it may be another machine's, in memory, a container's, or known to its own tools alone")
	}
	found := hardware.Storage{FileSystem: at.fileSystem, Layers: s.layers, Drives: s.drives}
	f.keep = func(p *hardware.Probe) { p.Models = found }
	return f
}

// resolve is the path of a directory on the machine, without links.
func (m *machine) resolve(directory string) (string, error) {
	root, err := filepath.EvalSymlinks(m.Root)
	if err != nil {
		return "", err
	}
	if directory, err = filepath.Abs(directory); err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(filepath.Join(root, directory))
	if err != nil {
		return "", err
	}
	below, err := filepath.Rel(root, real)
	if err != nil || !filepath.IsLocal(below) {
		return "", errors.Join(err, fs.ErrNotExist)
	}
	return path.Join("/", filepath.ToSlash(below)), nil
}

// stack gathers the layers below a file system.
type stack struct {
	*machine
	layers []string // from the top, each once
	drives []string
	seen   []string // directories of devices that were visited
}

const blockClass = "sys/block"

// below descends from a mount. A file system over several devices has no device of its own,
// but the names of its members.
func (s *stack) below(at mount) {
	if device, ok := s.blockDevice(func(dir string) bool { return s.content(dir+"/dev") == at.device }); ok {
		s.descend(device)
		return
	}
	if at.fileSystem == "btrfs" {
		s.btrfs(strings.TrimPrefix(at.source, "/dev/"))
	}
}

// btrfs descends from a btrfs, which is its own RAID.
func (s *stack) btrfs(source string) {
	const class = "sys/fs/btrfs"
	source = strings.TrimPrefix(source, "mapper/")
	for _, id := range s.names(class) {
		members := s.names(class + "/" + id + "/devices")
		if !slices.ContainsFunc(members, func(name string) bool { return s.called(name, source) }) {
			continue
		}
		for _, level := range s.names(class + "/" + id + "/allocation/data") {
			if number, ok := strings.CutPrefix(level, "raid"); ok {
				s.addLayer("RAID-" + strings.ToUpper(number))
			}
		}
		for _, name := range members {
			s.descendName(name)
		}
	}
}

// called tells whether a block device has a name, or is mapped under it.
func (s *stack) called(device, name string) bool {
	return device == name || s.content(blockClass+"/"+device+"/dm/name") == name
}

// blockDevice is the directory of the disk or partition that fits.
func (s *stack) blockDevice(fits func(dir string) bool) (dir string, ok bool) {
	for _, disk := range s.names(blockClass) {
		dir := blockClass + "/" + disk
		if fits(dir) {
			return dir, true
		}
		for _, name := range s.names(dir) {
			if partition := dir + "/" + name; strings.HasPrefix(name, disk) && fits(partition) {
				return partition, true
			}
		}
	}
	return "", false
}

func (s *stack) descendName(name string) {
	if dir, ok := s.blockDevice(func(dir string) bool { return path.Base(dir) == name }); ok {
		s.descend(dir)
	}
}

// descend goes from a block device down to the drives, and visits each device once.
func (s *stack) descend(dir string) {
	if s.exists(dir + "/partition") {
		dir = path.Dir(dir)
	}
	if slices.Contains(s.seen, dir) {
		return
	}
	s.seen = append(s.seen, dir)
	layer := s.layer(dir)
	s.addLayer(layer)
	lower := s.names(dir + "/slaves")
	if len(lower) == 0 || layer == "multipath" { // several paths to one drive
		s.drives = append(s.drives, path.Base(dir))
		return
	}
	for _, name := range lower {
		s.descendName(name)
	}
}

// layer is what a block device does, empty for a drive.
func (s *stack) layer(dir string) string {
	level := s.content(dir + "/md/level")
	if number, ok := strings.CutPrefix(level, "raid"); ok {
		return "RAID-" + number
	}
	if level != "" {
		return level // "linear"
	}
	kind, _, mapped := strings.Cut(s.content(dir+"/dm/uuid"), "-")
	switch {
	case kind == "LVM":
		return "LVM"
	case kind == "CRYPT":
		return "encryption"
	case kind == "mpath":
		return "multipath"
	case mapped || s.exists(dir+"/dm"):
		return "device mapper"
	}
	return ""
}

func (s *stack) addLayer(layer string) {
	if layer != "" && !slices.Contains(s.layers, layer) {
		s.layers = append(s.layers, layer)
	}
}
