// Package result owns the format of plans and measurements on disk.
//
// A session's directory:
//
//	plan.json                                 Plan: what to measure, and what to draw from it
//	cells/<cell>/cell.json                    CellResult: every run with its phases, written after their logs
//	cells/<cell>/logs/<iteration>/<configuration>.log
//	cells/<cell>/cpu_usage.csv                if the set samples the cores
//
// A run has the times of its log (Seconds), its segments, which add up to the time to ready
// and which are cut at measured moments where there are any (Segments), and the moments that no log has (Moments): when
// each process began, and of a set that serves (Start) when the server was ready and when the
// first token of its first request came.
//
// A cell without cell.json has no finished run and does not count. The cell.json of
// an interrupted cell has the finished runs and an error. Each file is complete or
// absent: it is written under another name and then renamed.
//
// Read reads such a directory, or a directory above several. A download of job
// artifacts has one folder per artifact or, from a browser, one archive, which is
// read without unpacking it.
package result
