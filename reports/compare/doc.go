// Package compare tells whether a start-up got slower between two sets of results, in
// which phase, on which node, and with what certainty.
//
// The path of a measurement:
//
//	engine prints → measure keeps → phase reads → result holds
//	→ stat averages → compare has the numbers → chart lays out → pdf draws
//
// The steps, one file each:
//
//  1. pair.go finds what both sides measured: a configuration (a model with its
//     engine arguments) of a measurement set, on a node. Another model, machine or
//     cache policy is never compared; it is listed with the reason. What A and B may
//     differ in on purpose, such as the environment or the engine's release, is
//     listed with the result (side.go), and so are exact counters (counters.go).
//  2. quantity.go chooses what is compared of them: the time to ready with its segments,
//     or the paper's phases. Runs that know fewer moments than others set the cuts: what
//     not all know, such as the time before the first stamp, counts in none.
//  3. sample.go compares a phase's runs: the means and their difference, with
//     intervals, and a test. turns.go does that for sides measured in turns.
//  4. family.go adjusts the tests for their number: of twenty phases that did not
//     change, one has a p below 0.05.
//  5. power.go estimates how many runs would settle the unsettled phases.
//  6. answer.go answers the question in one sentence, with the steps that explain a
//     change (moves.go).
//
// # Two sessions
//
// Means are compared by Welch's t-test, benchmath.AssumeNormal. benchstat's default,
// the U-test of Mann and Whitney, assumes less. But with three runs per side its p is
// never below 0.1, and its median has no interval below six runs; a start-up takes a
// minute, and people measure three or five. The t-test assumes that means are about
// normal. Start-up times have a tail to the right. If both sides have it, it cancels in
// their difference; on one side alone it widens that side's spread, which makes the test
// conservative. TestNoDifference checks that: without a difference, the test claims one
// in at most 5 % of all cases, also for such values. If neither side varies, as in phases
// that are logged in hundredths, t is undefined, and the U-test is used.
//
// Statistics of two sessions cannot tell what else changed between them, such as a
// warmer machine or another user. The paper's authors measured one start-up twice, in the
// sets breakdown and baseline. The second took 3.8 % longer, far beyond the spread within
// either. Only runs in turns avoid that.
//
// # Turns
//
// Two sessions were measured in turns if they overlap in time on one node. Each turn then
// has one run of either side, and the test is a paired t-test of the differences in each
// turn: what slows both sides of a turn, such as a machine that gets warmer, falls out. Either
// side begins every other turn, so that a steady drift favours neither.
//
// Measuring in turns can stop after any turn, when the question is settled. A plain test
// after every turn would claim a difference in 22 % of all cases without one. looks.go
// allows for that: p and the interval are valid after any turn, as TestAnyTime checks.
// testdata/turns.md has the number of starts that stopping saves.
//
// # Many phases
//
// One phase of each configuration decides, unless the caller names others: the time to
// ready, or the best whole of the paper's phases if there are no segments. The p of
// deciding phases are adjusted by Holm's method: if nothing changed, a deciding phase is
// flagged in at most 1 of 20 comparisons. All other phases explain. Their p are adjusted by
// the method of Benjamini and Hochberg: at most 1 of 20 flagged differences is false.
// Holm's method would hide one slower phase among hundreds.
package compare
