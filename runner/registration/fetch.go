package registration

import (
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
	longestDownload  = 30 * time.Minute
	downloadAttempts = 3
	largestArchive   = 2 << 30 // bytes; the runner's is about 200 MB
)

// source is where a program comes from: a file of the administrator's, or an
// address that the API names.
type source struct {
	file   string
	url    string
	token  forge.Token // for the address, where the API gives one
	sha256 string      // hexadecimal; empty for a file that nobody gave one for
	name   string      // of the file
}

// get puts what the source has into a new file at path, and gives its SHA-256. If
// that is not the source's, there is no file.
func (s *System) get(ctx context.Context, from source, path string) (sum string, err error) {
	for attempt := range downloadAttempts {
		sum, err = s.tryGet(ctx, from, path)
		if from.file != "" || !errors.Is(err, errPassing) {
			break
		}
		if waiting := s.Wait(ctx, time.Second<<attempt); waiting != nil {
			return "", waiting
		}
	}
	return sum, err
}

// errPassing marks what may go well next time.
var errPassing = errors.New("the download broke off")

func (s *System) tryGet(ctx context.Context, from source, path string) (sum string, err error) {
	in, err := s.open(ctx, from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	sum, err = s.keep(in, path, from.url != "")
	if err == nil && from.sha256 != "" && !strings.EqualFold(sum, from.sha256) {
		err = fmt.Errorf("%s is not what it should be: its SHA-256 is %s, and should be %s; nothing of it was unpacked",
			from.place(), sum, from.sha256)
	}
	if err != nil {
		os.Remove(s.path(path))
		return "", err
	}
	return sum, nil
}

// place is where the source is, as messages name it.
func (f source) place() string {
	if f.file != "" {
		return f.file
	}
	return f.url
}

func (s *System) open(ctx context.Context, from source) (io.ReadCloser, error) {
	if from.file != "" {
		return os.Open(from.file)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.url, nil)
	if err != nil {
		return nil, fmt.Errorf("the address that the server names for the runner is none: %w", err)
	}
	if !from.token.IsZero() {
		request.Header.Set("Authorization", "Bearer "+from.token.Reveal())
	}
	response, err := s.Download.Do(request)
	if err != nil {
		return nil, errors.Join(errPassing, forge.Explain(err))
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		err := fmt.Errorf("%s cannot be downloaded: the server says %s; or give the archive with --runner-archive",
			from.url, response.Status)
		if response.StatusCode >= http.StatusInternalServerError {
			err = errors.Join(errPassing, err)
		}
		return nil, err
	}
	return response.Body, nil
}

// keep writes what it reads into a new file, of bounded size.
func (s *System) keep(in io.Reader, path string, remote bool) (sum string, err error) {
	os.Remove(s.path(path)) // of an earlier attempt
	file, err := os.OpenFile(s.path(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, hash), io.LimitReader(in, largestArchive+1))
	var writing *fs.PathError
	switch {
	case err != nil && remote && !errors.As(err, &writing):
		err = errors.Join(errPassing, err)
	case err == nil && size > largestArchive:
		err = fmt.Errorf("the archive has more than %d MB, which no runner has", largestArchive>>20)
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return hex.EncodeToString(hash.Sum(nil)), err
}
