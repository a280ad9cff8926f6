// Package phase reads an engine's start-up log and tells how long each phase of
// the start-up took.
//
// It is the third room on the way of a measurement:
//
//	engine prints → measure keeps → phase reads → result holds → stat averages → figure has the numbers → chart lays out → pdf draws
//
// A log is read in one pass, in five steps:
//
//  1. lines cuts the bytes into lines, of any length and with any line end; a
//     progress bar's carriage return ends a line too.
//  2. messages finds where a record's message begins: at the start of a line
//     and behind each "[file.py:12]".
//  3. formats, a table, says which message carries which quantity or marks
//     which moment.
//  4. spans turns moments into seconds, by the stamps of their records.
//  5. derive works out the phases that no line states.
//
// What a log does not say is absent from the result: a number is read only
// from a message that is there whole, and nothing is guessed.
//
// The phases are those of H. S. Kabakibo, A. Trivedi, L. Wang, "Breaking the
// Ice: Analyzing Cold Start Latency in vLLM", MLSys 2026.
package phase
