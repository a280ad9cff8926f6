package local

import (
	"encoding/json"
	"os"
	"testing"
)

// vLLM's log settings are JSON that Python's logging takes: one handler, which
// writes to standard output.
func TestLogSettings(t *testing.T) {
	path, err := LayDownLogSettings(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var settings struct {
		Handlers map[string]struct{ Stream string }
		Loggers  map[string]struct{ Level string }
	}
	if err := json.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	if settings.Handlers["stdout"].Stream != "ext://sys.stdout" || settings.Loggers["vllm"].Level != "DEBUG" {
		t.Errorf("settings %+v", settings)
	}
}
