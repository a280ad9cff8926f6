// Package paper holds what the paper published, as data: the models, measurement sets and
// figures of its experiments, its claims, and the runs that its authors recorded. CREDIT.md
// names the source.
package paper

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Session names the session of the recorded runs.
const Session = "paper"

// Date is that of the last recorded run.
var Date = time.Date(2026, time.February, 16, 0, 0, 0, 0, time.UTC)

// Iterations is how many counted iterations were recorded.
const Iterations = 5

// MainNode is the node that most was measured on, figures 1 and 12 on no other.
const MainNode = "n1"

// release is that of vLLM in all recorded runs but those of figure 1.
const release = "0.10.1.1"

// mustDecode reads a JSON file that is part of the program: an error is a bug.
func mustDecode(name string, data []byte, to any) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		panic(fmt.Errorf("paper: %s: %w", name, err))
	}
}

// row is a row of a table that is part of the program: an error in it is a bug.
type row map[string]string

func table(data []byte) (rows []row) {
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		panic(fmt.Errorf("paper: %w", err))
	}
	header := records[0]
	for _, record := range records[1:] {
		r := make(row, len(header))
		for i, column := range header {
			r[column] = record[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// number is 0 where the cell is empty.
func (r row) number(column string) float64 {
	if r[column] == "" {
		return 0
	}
	value, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		panic(fmt.Errorf("paper: column %s: %w", column, err))
	}
	return value
}
