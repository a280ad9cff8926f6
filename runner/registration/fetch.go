package registration

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"coldstart/runner/forge"
)

const (
	longestDownload  = 30 * time.Minute // the runner has about 200 MB
	downloadAttempts = 3
)

// largestArchive bounds a download, bytes. Tests have smaller ones.
var largestArchive int64 = 2 << 30

// source is where a program comes from: what the API names, or a local file instead.
type source struct {
	forge.Download
	file string
}

// get copies the source to a new file at path, and returns its SHA-256. If that is not the
// expected one, it removes the file.
func (s *System) get(ctx context.Context, from source, path string) (sum string, err error) {
	for attempt := range downloadAttempts {
		sum, err = s.tryGet(ctx, from, path)
		if !errors.Is(err, errPassing) {
			break
		}
		if waiting := s.Wait(ctx, time.Second<<attempt); waiting != nil {
			return "", waiting
		}
	}
	return sum, err
}

// errPassing marks a failure that may be temporary.
var errPassing = errors.New("the download broke off")

func (s *System) tryGet(ctx context.Context, from source, path string) (sum string, err error) {
	in, err := s.open(ctx, from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	sum, err = s.keep(in, path)
	var writing *fs.PathError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		err = fmt.Errorf("%s has more than %d MB, which no runner has", from.place(), large.Limit>>20)
	case err != nil && from.URL != "" && !errors.As(err, &writing):
		err = fmt.Errorf("%w: %w", errPassing, err)
	case err == nil && from.SHA256 != "" && !strings.EqualFold(sum, from.SHA256):
		err = fmt.Errorf("%s has the wrong SHA-256: it is %s instead of %s; nothing was unpacked",
			from.place(), sum, from.SHA256)
	}
	if err != nil {
		os.Remove(s.path(path))
		return "", err
	}
	return sum, nil
}

// place is the source's name in messages. The server may have put the token of the download
// into its address.
func (f source) place() string { return cmp.Or(f.file, f.Token.HideIn(f.URL)) }

func (s *System) open(ctx context.Context, from source) (io.ReadCloser, error) {
	if from.file != "" {
		return os.Open(from.file)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.URL, nil)
	if err != nil {
		return nil, errors.New("the server names no valid address for the runner: give the archive with --runner-archive")
	}
	if !from.Token.IsZero() {
		request.Header.Set("Authorization", "Bearer "+from.Token.Reveal())
	}
	response, err := s.Download.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPassing, forge.Explain(err, from.Token))
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		err := fmt.Errorf("%s cannot be downloaded: the server says %s; give the archive with --runner-archive",
			from.place(), from.Token.HideIn(response.Status))
		if response.StatusCode >= http.StatusInternalServerError {
			err = fmt.Errorf("%w: %w", errPassing, err)
		}
		return nil, err
	}
	return http.MaxBytesReader(nil, response.Body, largestArchive), nil
}

// keep writes what it reads into a new file.
func (s *System) keep(in io.Reader, path string) (sum string, err error) {
	os.Remove(s.path(path)) // of an earlier attempt
	file, err := os.OpenFile(s.path(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	sum, err = hashOf(io.TeeReader(in, file))
	return sum, cmp.Or(err, file.Close())
}

// hashOf is the SHA-256 of what it reads.
func hashOf(in io.Reader) (string, error) {
	hash := sha256.New()
	_, err := io.Copy(hash, in)
	return hex.EncodeToString(hash.Sum(nil)), err
}
