package lock

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"coldstart/runner/process"
)

// signature is what the file of a lock says about it.
type signature struct {
	Holder  process.Mark `json:"holder"`
	Since   string       `json:"since"`            // time of the day
	Program process.Mark `json:"program,omitzero"` // the last one that Extend named
}

// sign writes into a lock that this process holds it.
func sign(file *os.File) {
	signature{Holder: process.MarkOf(os.Getpid()), Since: time.Now().Format(time.TimeOnly)}.write(file)
}

// write replaces the signature of this user's lock. A lock that cannot be written is held
// all the same. The old text is cut last: whenever this process is killed, the file begins
// with one signature or the other.
func (s signature) write(file *os.File) {
	text, err := json.Marshal(s)
	if err != nil || !isOwn(file) {
		return
	}
	if n, err := file.WriteAt(append(text, '\n'), 0); err == nil {
		file.Truncate(int64(n))
	}
}

// read is the signature of a lock; the zero signature if it has none.
func read(file *os.File) (s signature) {
	const most = 4096 // bytes
	if json.NewDecoder(io.NewSectionReader(file, 0, most)).Decode(&s) != nil {
		return signature{}
	}
	return s
}

func (s signature) String() string { return fmt.Sprintf("process %d since %s", s.Holder.ID, s.Since) }

// hasEnded tells whether the process that signed has ended.
func (s signature) hasEnded() bool { return s.Holder.ID != 0 && !s.Holder.Runs() }

// left is what the holder left behind of its program; empty if that has ended.
func (s signature) left() string {
	group := s.Program.Group()
	if len(group) == 0 {
		return ""
	}
	return fmt.Sprintf("process %d of group %d, which %s left behind", group[0], s.Program.ID, s)
}
