package environment

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"coldstart/reports/table"
	"coldstart/runner/process"
)

// foresight is what uv tells of an installation before it begins.
type foresight struct {
	packages int              // that are installed
	missing  int              // of those, what uv's cache lacks
	sizes    map[string]int64 // bytes of packages' files, where the index tells them
	arrived  int64            // bytes that were downloaded since
}

// planned are the lines of a dry run that count packages.
var planned = regexp.MustCompile(`^(Resolved|Would download) (\d+) packages?`)

// foresee asks uv what the installing commands would do. It installs nothing; what uv does not
// tell stays unknown, and whatever is wrong is left to the commands themselves.
func (m *maker) foresee(ctx context.Context, u *uv, installs [][]string) {
	f := foresight{sizes: map[string]int64{}}
	for _, install := range installs {
		said := &process.Tail{Keep: 1, Each: func(line string) {
			found := planned.FindStringSubmatch(line)
			if found == nil {
				return
			}
			n, _ := strconv.Atoi(found[2]) // digits
			if found[1] == "Resolved" {
				f.packages += n
			} else {
				f.missing += n
			}
		}}
		program := m.program(u.dryRun(install))
		if program.Run(ctx, said) != nil {
			return
		}
	}
	if f.missing > 0 {
		f.addSizes(m.lock(ctx, u, m.environment.Packages, false))
		f.addSizes(m.lock(ctx, u, m.environment.NoDeps, true))
	}
	m.foresight = f
	if says := f.String(); says != "" {
		m.Progress(says)
	}
}

// locked is what is read of a file pylock.toml (PEP 751). uv leaves out the wheels that do
// not fit this machine.
type locked struct {
	Packages []struct {
		Name   string
		Sdist  sized
		Wheels []sized
	}
}

type sized struct{ Size int64 } // bytes; 0 if the index does not tell

// lock asks uv for the files of requirements, with what these require or without. A uv before
// 0.7 does not know the format.
func (m *maker) lock(ctx context.Context, u *uv, requirements []string, alone bool) (all locked) {
	file := filepath.Join(m.dir, "requirements.txt")
	if len(requirements) == 0 || os.WriteFile(file, []byte(strings.Join(requirements, "\n")), 0o644) != nil {
		return all
	}
	defer os.Remove(file)
	text, err := m.program(u.lock(m.environment, m.dir, file, alone)).Output(ctx)
	if err != nil || toml.Unmarshal(text, &all) != nil {
		return locked{}
	}
	return all
}

// addSizes adds the largest file of each package: of several wheels that fit, uv takes one,
// and they hardly differ.
func (f *foresight) addSizes(all locked) {
	for _, p := range all.Packages {
		size := p.Sdist.Size
		if len(p.Wheels) > 0 {
			size = slices.MaxFunc(p.Wheels, func(a, b sized) int { return cmp.Compare(a.Size, b.Size) }).Size
		}
		if size > 0 {
			f.sizes[p.Name] = size
		}
	}
}

// bytes is the size of all packages, as far as it is known.
func (f *foresight) bytes() (all int64) {
	for _, size := range f.sizes {
		all += size
	}
	return all
}

// String says what there is to do; empty if nothing is known.
func (f *foresight) String() string {
	switch {
	case f.packages == 0:
		return ""
	case f.missing == 0:
		return table.Count(f.packages, "package") + ", nothing to download: uv's cache has all"
	}
	says := fmt.Sprintf("%s, %d to download", table.Count(f.packages, "package"), f.missing)
	all := f.bytes()
	if all == 0 {
		return says + ", of unknown size"
	}
	says += fmt.Sprintf(": %s%s", f.most(), gigabytes(all))
	if unknown := f.packages - len(f.sizes); unknown > 0 {
		says += fmt.Sprintf(" and %d of unknown size", unknown)
	}
	return says + fmt.Sprintf(" (%v at 100 Mbit/s, %v at 1 Gbit/s)", duration(all, 100e6), duration(all, 1e9))
}

// most is put before the size of all packages where some of them need no download: uv does
// not tell which.
func (f *foresight) most() string {
	if f.missing < f.packages {
		return "at most "
	}
	return ""
}

// arrive counts a package that was downloaded, and says so.
func (f *foresight) arrive(name string) string {
	says, all := "Downloaded "+name, f.bytes()
	if f.sizes[name] == 0 {
		return says
	}
	f.arrived += f.sizes[name]
	return fmt.Sprintf("%s: %s of %s%s", says, gigabytes(f.arrived), f.most(), gigabytes(all))
}

func gigabytes(bytes int64) string { return fmt.Sprintf("%.2f GB", float64(bytes)/1e9) }

// duration is how long a line of some bits a second takes for bytes, in whole seconds.
func duration(bytes int64, line float64) time.Duration {
	return time.Duration(math.Ceil(float64(bytes)*8/line)) * time.Second
}
