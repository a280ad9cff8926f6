package measure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"coldstart/reports/result"
)

// DefaultLedgerDir is the default directory of ledgers: in the user's directory for state (XDG
// Base Directory Specification).
func DefaultLedgerDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "coldstart"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("there is no directory for finished runs: %w; name one with --state DIR", err)
	}
	return filepath.Join(home, ".local", "state", "coldstart"), nil
}

// Sessions are the sessions with runs in dir, the newest name last.
func Sessions(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Ledger is a directory of the finished runs of all sessions on this node, so that none is
// measured twice and none is lost.
//
// Cells that share runs, jobs that run again and sessions that were interrupted look here
// first. A run is found by its identity: everything that could change its result.
// Sessions never share runs.
//
//	DIR/<session>/<hash of the identity>/
//	  identity.json            for people
//	  <iteration>.<try>.log    the run's log
//	  <iteration>.<try>.csv    samples of the cores, where the set has them
//	  <iteration>.<try>.json   the run, written last
//
// A run is complete once its .json exists. Each file is written beside its place, synced
// and renamed, so an interruption loses the run in progress and no other. Nothing is ever
// removed.
type Ledger struct{ Dir string }

// Begin makes a session's folder, unless it exists.
func (l Ledger) Begin(session string) error {
	if !filepath.IsLocal(session) || session == "." || strings.ContainsAny(session, `/\`) {
		return fmt.Errorf("session %q cannot name a folder", session)
	}
	if err := os.MkdirAll(filepath.Join(l.Dir, session), 0o755); err != nil {
		return fmt.Errorf("finished runs cannot be kept: %w; choose another directory with --state", err)
	}
	return nil
}

// page opens the runs of an identity; there may be none.
func (l Ledger) page(id identity) (*page, error) {
	if err := l.Begin(id.Session); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(id, "", "  ")
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(text)
	p := &page{filepath.Join(l.Dir, id.Session, hex.EncodeToString(hash[:8]))}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(p.dir, "identity.json")
	if _, err := os.Stat(path); err == nil {
		return p, nil
	}
	return p, result.WriteFile(path, append(text, '\n'))
}
