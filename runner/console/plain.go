package console

import (
	"io/fs"
	"os"
	"strings"
)

// Plain is an error's text without the names of the system calls that failed.
func Plain(err error) string {
	text := err.Error()
	for _, failed := range failures(err) {
		switch e := failed.(type) {
		case *fs.PathError:
			text = named(text, e.Error(), e.Path, e.Err)
		case *os.LinkError:
			text = named(text, e.Error(), e.New, e.Err)
		}
	}
	return text
}

// named replaces an error within a text by what failed for which file, which the text may
// have named before.
func named(text, failed, path string, err error) string {
	const as = ": "
	text = strings.ReplaceAll(text, failed, path+as+err.Error())
	return strings.ReplaceAll(text, path+as+path+as, path+as)
}

// failures are an error and all that it wraps.
func failures(err error) []error {
	all := []error{err}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			all = append(all, failures(inner)...)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			all = append(all, failures(inner)...)
		}
	}
	return all
}
