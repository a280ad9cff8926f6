// Package compare says what differs between two sets of results, and how sure
// that is: whether a start-up got slower, in which phase, on which node.
//
// It stands beside figure on the way of a measurement:
//
//	engine prints → measure keeps → phase reads → result holds → stat averages → compare has the numbers → chart lays out → pdf draws
//
// The way of the data, a file each:
//
//  1. pair.go finds what both sides measured: a configuration (a model with its
//     engine arguments) of a measurement set, on a node. What is of another
//     model, machine or cache policy is never compared: it is left out, by name
//     and with the reason. What A and B may differ in on purpose, such as the
//     environment or the engine's release, is told with the result (side.go).
//  2. sample.go compares a phase's runs: means with their intervals, the
//     difference with its own, and a test.
//  3. family.go judges the tests of all phases together, because of twenty
//     phases that did not change one has a p below 0.05.
//  4. power.go tells how many runs would settle what these did not.
//
// # The test
//
// It is Welch's t-test, that is benchmath.AssumeNormal, on the means of the
// runs' own values. benchstat's usual choice, the U-test of Mann and Whitney,
// assumes less, but with three runs a side its p is never below 0.1 and its
// median has no interval before six; a start-up takes a minute, and three or five
// are what people measure. The t-test asks that means be about normal. Start-up
// times have a tail to the right, which two sides have alike, and so it cancels
// in their difference; a tail on one side alone widens that side's spread and
// makes the test careful. TestNoDifference keeps it so: without a difference it
// claims one in 5 % of all cases or fewer, for such values too. Where neither
// side spreads at all, as with phases that are logged in hundredths, t is not
// defined, and the U-test decides.
//
// What no statistics of two sessions can tell is what else changed between them:
// a warmer machine, another user. The paper's authors measured one start-up twice,
// in the sets breakdown and baseline, and the second took 3.8 % longer, far beyond
// the spread within either. Only runs in turns, A/B/A/B, take that away.
//
// # Many phases
//
// One phase of each configuration decides, unless the caller names others: the
// whole start-up. Their p are adjusted by Holm's method, so that of twenty
// comparisons without a difference at most one names a culprit. All other phases
// explain. Theirs are adjusted by the method of Benjamini and Hochberg, so that
// of the differences that are named one in twenty at most is none: to look for
// the phase that got slower among hundreds by Holm's would hide it.
package compare
