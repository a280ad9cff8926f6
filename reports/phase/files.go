package phase

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// standardInput is the path that stands for standard input.
const standardInput = "-"

// Find finds start-up logs: a directory stands for every .log and .txt below it, also
// compressed ones; other names stand for themselves.
func Find(args []string) (paths []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		if arg == standardInput || err == nil && !info.IsDir() {
			paths = append(paths, arg)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", arg, errors.Unwrap(err))
		}
		found, err := logsBelow(arg)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no .log or .txt file in this directory or below it", arg)
		}
		paths = append(paths, found...)
	}
	return paths, nil
}

func logsBelow(dir string) (paths []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		extension := filepath.Ext(strings.TrimSuffix(path, ".gz"))
		if err == nil && entry.Type().IsRegular() && (extension == ".log" || extension == ".txt") {
			paths = append(paths, path)
		}
		return err
	})
	return paths, err
}

// ReadAll reads the logs at paths, as many at a time as there are processors. Each log
// that could not be read, or has no complete start-up, has its failure at the same index.
func ReadAll(paths []string, input io.Reader) (logs []Log, failures []error) {
	logs, failures = make([]Log, len(paths)), make([]error, len(paths))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			var err error
			if path == standardInput {
				logs[i], err = ReadAny(input, "standard input")
			} else {
				logs[i], err = ReadFile(path)
			}
			if failures[i] = err; err == nil {
				failures[i] = logs[i].Err()
			}
			return nil
		})
	}
	group.Wait()
	return logs, failures
}
