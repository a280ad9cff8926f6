// Package history keeps what start-ups took, commit by commit, and finds where they became
// slower or faster.
//
// A history is a file of lines, or a directory of such files, named *.jsonl. Each line is a
// Record: one configuration that a session measured on a node, as JSON.
//
//	Records makes the lines of results → Append adds them to a file
//	→ Read reads files → Series are the records that can be compared,
//	with a Line for each phase, its Changes and the sentence that tells them, Drift
//
// Files may come from anywhere. A line that cannot be read costs itself, and is a warning.
//
// # Changes
//
// A line is searched by E-divisive with a t-test (divisive.go has the sources), after single outliers
// are taken away. That needs three records on each side of a change, and one more if they are
// few or vary. Changes below 2 % are not told, nor are those of phases below 0.1 s.
//
// TestStepsAreFound and TestFalseAlarms try it on the noise of recorded runs. Of 100 steps of
// 5 %, 99 are found in the whole start-up, measured once per record, and 92 or more in single
// phases, measured five times. Where nothing changed, the whole start-up has at most 0.03
// false alarms per 100 records, and 0.06 over the life of a history that is searched after
// every record. Phases have up to 0.1 and 0.3; the one that varies most, graph_capturing, has
// 0.4 and 0.9.
//
// These rates are of runs that vary independently. A machine that drifts is a change like
// any other: a history cannot tell it from the code. To judge one commit, measure it and
// its predecessor in turns.
package history
