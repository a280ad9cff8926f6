package environment

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The test program is also a fake uv and a fake Python if it is started by those names, so
// that environments are made quickly on any machine.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "uv":
		if os.Getenv(stubborn) != "" {
			signal.Ignore(syscall.SIGTERM)
		}
		if err := uvCommand(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
	case "python": // runs a check
		if os.Args[2] == "raise" {
			fmt.Println("it raises")
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// stubborn is a variable that makes the fake uv ignore SIGTERM.
const stubborn = "COLDSTART_TEST_STUBBORN"

// uvProgram is the path of the fake uv.
func uvProgram(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "uv")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fakeUV puts the fake uv first on the PATH.
func fakeUV(t *testing.T) {
	t.Helper()
	t.Setenv("PATH", filepath.Dir(uvProgram(t))+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("NO_PROXY", "127.0.0.1")
}

func uvCommand(args []string) error {
	switch strings.Join(args[:min(2, len(args))], " ") {
	case "--version":
		fmt.Println("uv 0.0 (fake)")
		return nil
	case "pip install":
		return uvInstall(args[2:])
	case "pip compile":
		return uvCompile(args[2:])
	default:
		return uvVenv(args[1:])
	}
}

func uvVenv(args []string) error {
	flags := flag.NewFlagSet("venv", flag.ContinueOnError)
	flags.Bool("no-project", false, "")
	python := flags.String("python", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *python == "3.99" {
		return errors.New("No interpreter found for Python 3.99")
	}
	venv := flags.Arg(0)
	self, err := os.Executable()
	return errors.Join(err,
		os.MkdirAll(filepath.Join(venv, "bin"), 0o755),
		os.MkdirAll(packagesOf(venv, *python), 0o755),
		os.Symlink(self, filepath.Join(venv, "bin", "python")),
		os.WriteFile(filepath.Join(venv, "pyvenv.cfg"), []byte("home = /\nversion_info = "+*python+".9\n"), 0o644))
}

func packagesOf(venv, python string) string {
	return filepath.Join(venv, "lib", "python"+python, "site-packages")
}

func uvInstall(args []string) error {
	flags := flag.NewFlagSet("install", flag.ContinueOnError)
	flags.Bool("no-deps", false, "")
	dry := flags.Bool("dry-run", false, "")
	flags.Bool("no-progress", false, "")
	flags.Bool("compile-bytecode", false, "")
	python, index := flags.String("python", "", ""), flags.String("default-index", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	requirements := flags.Args()
	if i := len(requirements) - 2; i > 0 && requirements[i] == "--overrides" {
		text, err := os.ReadFile(requirements[i+1])
		if err != nil {
			return err
		}
		requirements = append(requirements[:i], strings.Fields(string(text))...)
	}
	requirements = slices.DeleteFunc(requirements, func(r string) bool { return strings.Contains(r, ";") })
	if *dry {
		fmt.Printf("Resolved %[1]d packages in 1ms\nWould download %[1]d packages\n", len(requirements))
		return nil
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(*python), "..", "lib", "*", "site-packages"))
	if err != nil {
		return err
	}
	for _, r := range requirements {
		if err := fetch(*index, strings.Replace(r, "==", "-", 1), found[0]); err != nil {
			return err
		}
	}
	if strings.HasPrefix(requirements[0], "one==") {
		fmt.Println(" Downloaded one")
	}
	fmt.Printf("Installed %d packages\n", len(requirements))
	return nil
}

// uvCompile tells the size of the package one alone.
func uvCompile(args []string) error {
	text, err := os.ReadFile(args[len(args)-1])
	if err != nil {
		return err
	}
	for _, r := range strings.Fields(string(text)) {
		name, _, _ := strings.Cut(r, "==")
		fmt.Printf("[[packages]]\nname = %q\n", name)
		if name == "one" {
			fmt.Println("sdist = { size = 9 }\nwheels = [{ size = 1_500_000_000 }, { size = 1_400_000_000 }]")
		}
	}
	return nil
}

// fetch unpacks a package.
func fetch(index, name, to string) error {
	answer, err := http.Get(fmt.Sprintf("%s/%s-py3-none-any.whl", index, name))
	if err != nil {
		return fmt.Errorf("Failed to fetch: %w", err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return fmt.Errorf("No solution found: %w", err)
	}
	return os.CopyFS(to, archive)
}
