// Package reproduction answers whether the paper's results are reproduced here: it
// holds the figures of results against the paper's own, and judges the paper's claims.
//
//	compare.go        a figure here ÷ the same figure of the paper, with its interval
//	parts.go          which of the paper's nodes a node here plays
//	claim.go          a claim as data: a quantity of a figure, and the rule that it must obey
//	quantity.go       the quantities, each an estimate with its interval
//	judge.go          verdicts: the estimate's interval against the rule
//	setup.go          whether the engine was set up as it was for the recorded runs
//	reproduction.go   all of it, of two result sets
//	words.go          the same as tables
//
// Every interval is at 95 % confidence. A quantity without an interval decides nothing.
package reproduction
