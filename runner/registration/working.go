package registration

import (
	"os"
	"path/filepath"
	"strings"
)

// working says whether the runner is running a job, as far as this machine knows:
// GitHub's has a process of its own for a job. act_runner has none, so of that one
// only the forge knows.
func (s *System) working(r *Runner) bool {
	programs, _ := filepath.Glob(s.path("/proc/[0-9]*/exe"))
	for _, link := range programs {
		program, err := os.Readlink(link)
		if err != nil {
			continue // it ended, or is the kernel's
		}
		// An update leaves bin a link to bin.VERSION, and a program "(deleted)".
		if strings.HasPrefix(program, r.Dir+"/bin") && strings.Contains(program, "/Runner.Worker") {
			return true
		}
	}
	return false
}
