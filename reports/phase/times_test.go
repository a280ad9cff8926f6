package phase_test

import (
	"encoding/json"
	"testing"

	"coldstart/reports/phase"
)

// Of several odd times, the error names the first phase of the table, on every reading.
func TestTimesError(t *testing.T) {
	for range 50 {
		var times phase.Times
		err := json.Unmarshal([]byte(`{"total_time":-1,"tokenizer_init":-2,"load_weights":-3,"init_engine":-4}`), &times)
		if want := "tokenizer_init cannot take -2 s"; err == nil || err.Error() != want {
			t.Fatalf("%v, want %s", err, want)
		}
	}
}
