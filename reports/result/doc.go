// Package result owns the format of plans and measurements on disk.
//
// It stands between measuring and reporting:
//
//	engine prints → measure keeps → phase reads → result holds → stat averages → figure has the numbers → chart lays out → pdf draws
//
// A session's directory:
//
//	plan.json                                 Plan: what was to be measured, and what to draw of it
//	cells/<cell>/cell.json                    Cell result: every run with its phases, written behind their logs
//	cells/<cell>/logs/<iteration>/<configuration>.log
//	cells/<cell>/cpu_usage.csv                where the set samples the cores
//
// A cell without cell.json has no finished run and counts for nothing; one that was
// interrupted says so, and has the runs that were finished. Files are written beside
// their place and moved into it, so that each is there whole or not at all.
//
// Read takes such a directory, or any directory above several: the download of
// job artifacts has one folder an artifact, or, from a browser, one archive,
// which is read as it is.
package result
