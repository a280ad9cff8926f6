package registration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// install puts the program into its directory, which is there whole or not at
// all: everything happens beside it, and then it is renamed.
func (w *registrar) install() step {
	fresh := w.beside(".new")
	s := step{
		name: "program",
		done: func(context.Context) bool { return w.System.exists(w.Dir) },
		do: func(ctx context.Context) error {
			err := w.prepare(ctx, fresh)
			if err == nil {
				err = w.System.saveState(&w.Runner, &w.now) // the version, which nobody would know after an interruption
			}
			if err == nil {
				err = os.Rename(w.System.path(fresh), w.System.path(w.Dir))
			}
			if err != nil {
				os.RemoveAll(w.System.path(fresh))
			}
			if errors.Is(err, syscall.ENOSPC) {
				err = fmt.Errorf("%w; make room for about 2 GB in %s", err, path.Dir(w.Dir))
			}
			return err
		},
	}
	owned := []string{"chown -R --no-dereference " + w.User + ": " + fresh, "mv " + fresh + " " + w.Dir}
	if w.Forge.Gitea {
		s.does = fmt.Sprintf("Copy act_runner to %s, for %s alone", w.Dir, w.User)
		s.shell = append([]string{"install -D -m 755 " + quoted(cmp.Or(w.Agent, "act_runner")) + " " + fresh + "/" + actRunnerFile, "chmod 750 " + fresh}, owned...)
		return s
	}
	archive := w.beside(".tar.gz")
	s.does = fmt.Sprintf("Unpack GitHub's runner to %s, for %s alone", w.Dir, w.User)
	s.shell = []string{
		fmt.Sprintf("GET %s (authorized by GITHUB_TOKEN): the entry with os linux, architecture %s", w.Forge.endpoint("/downloads"), cmp.Or(architectures[w.System.Arch], w.System.Arch)),
		"curl -L -o " + archive + " DOWNLOAD_URL",
		"echo SHA256_CHECKSUM " + archive + " | sha256sum -c, or stop here",
	}
	if w.Archive != "" {
		s.shell = []string{"cp " + quoted(w.Archive) + " " + archive}
		if w.SHA256 != "" {
			s.shell = append(s.shell, "echo "+w.SHA256+" "+archive+" | sha256sum -c, or stop here")
		}
	}
	s.shell = append(s.shell, "install -d -m 750 "+fresh, "tar -xzf "+archive+" --no-same-owner -C "+fresh+", or stop if anything in it leads out")
	s.shell = append(append(s.shell, owned...), "rm "+archive)
	return s
}

// prepare makes the program's directory, complete but for its name.
func (w *registrar) prepare(ctx context.Context, fresh string) error {
	account, err := w.System.Lookup(w.User)
	if err != nil {
		return err
	}
	os.RemoveAll(w.System.path(fresh)) // of an earlier attempt
	if err := os.Mkdir(w.System.path(fresh), 0o750); err != nil {
		return err
	}
	into, err := os.OpenRoot(w.System.path(fresh))
	if err != nil {
		return err
	}
	defer into.Close()
	if w.Forge.Gitea {
		err = w.copyAgent(into)
	} else {
		err = w.unpackOfficial(ctx, into)
	}
	if err != nil {
		return err
	}
	return w.System.ownAll(into, account)
}

// ownAll gives everything in a directory, and itself, to an account.
func (s *System) ownAll(dir *os.Root, account Account) error {
	return fs.WalkDir(dir.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return s.Own(dir, name, account)
	})
}

func (w *registrar) copyAgent(into *os.Root) error {
	from, err := os.Open(w.Agent)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := into.OpenFile(actRunnerFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	return runsOn(w.System.Arch, into, actRunnerFile)
}

// listener is the program within GitHub's runner that waits for jobs.
const listener = "bin/Runner.Listener"

func (w *registrar) unpackOfficial(ctx context.Context, into *os.Root) error {
	from, err := w.source(ctx)
	if err != nil {
		return err
	}
	archive := w.beside(".tar.gz")
	sum, err := w.System.get(ctx, from, archive)
	if err != nil {
		return err
	}
	defer os.Remove(w.System.path(archive))
	file, err := os.Open(w.System.path(archive))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := newUnpacker(into).unpack(file); err != nil {
		return fmt.Errorf("%s: %w", from.place(), err)
	}
	for _, script := range []string{"config.sh", "run.sh"} {
		if _, err := into.Stat(script); err != nil {
			return fmt.Errorf("%s is no archive of GitHub's runner: it has no %s", from.place(), script)
		}
	}
	w.now.SHA256, w.now.Version = sum, version.FindString(from.name)
	return runsOn(w.System.Arch, into, listener)
}

// source is where GitHub's runner comes from.
func (w *registrar) source(ctx context.Context) (source, error) {
	if w.Archive != "" {
		return source{file: w.Archive, sha256: w.SHA256, name: path.Base(w.Archive)}, nil
	}
	api, err := newAPI(w.System.HTTP, w.Forge, w.Token)
	if err != nil {
		return source{}, err
	}
	named, err := api.download(ctx, architectures[w.System.Arch])
	if err != nil {
		return source{}, err
	}
	from := source{url: named.GetDownloadURL(), token: NewSecret(named.GetTempDownloadToken()), sha256: cmp.Or(w.SHA256, named.GetSHA256Checksum()), name: named.GetFilename()}
	switch {
	case from.sha256 == "":
		return source{}, errors.New("the server names no SHA-256 of the runner: give the one that its release notes show with --runner-sha256")
	case strings.HasPrefix(w.Forge.API, "https:") && !strings.HasPrefix(from.url, "https:"):
		return source{}, errors.New("the server names an address of the runner that is not https: give the archive with --runner-archive")
	}
	return from, nil
}
