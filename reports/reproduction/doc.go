// Package reproduction tells whether results reproduce the paper's: it compares the
// figures with the paper's, and judges the paper's claims.
//
//	compare.go        a figure here ÷ the paper's figure, with its interval
//	parts.go          which of the paper's nodes each node here plays
//	claim.go          a claim: a quantity of a figure, and the rule that it must obey
//	quantity.go       the quantities, each an estimate with its interval
//	judge.go          verdicts: the estimate's interval against the rule
//	setup.go          whether the engine was configured as for the recorded runs
//	reproduction.go   all of these for two result sets
//	words.go          tables and sentences
//
// Every interval is a 95 % confidence interval. A quantity without an interval decides
// nothing.
package reproduction
