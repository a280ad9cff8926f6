package reproduction

import (
	"strings"
	"testing"
)

// A claim that says anything wrong, or anything unknown, is refused.
func TestClaimsAreReadStrictly(t *testing.T) {
	const good = `{"id": "x", "text": "t", "figure": "4", "quantity": "pearson", "published": 0.9, "unit": "", "rule": {"above": 0.5}, "reason": "r"}`
	change := func(old, new string) string { return "[" + strings.Replace(good, old, new, 1) + "]" }
	tests := map[string]struct{ text, want string }{ // an empty want is no error
		"good":                {"[" + good + "]", ""},
		"an unknown field":    {change(`"unit"`, `"units"`), `unknown field "units"`},
		"an unknown rule":     {change(`"above"`, `"over"`), `unknown field "over"`},
		"no rule":             {change(`"above": 0.5`, ``), `claim "x": the rule must have one of "above", "below" and "between"`},
		"two rules":           {change(`"above": 0.5`, `"above": 0.5, "below": 1`), `claim "x": the rule must have one of`},
		"limits not in order": {change(`"above": 0.5`, `"between": [2, 1]`), "the rule's limits 2 and 1 are not in order"},
		"no reason":           {change(`"reason": "r"`, `"reason": ""`), "id, text, figure and reason must be given"},
		"no quantity":         {change("pearson", "spearman"), `unknown quantity "spearman"; the quantities are busy_cores, cpu_share, pearson, `},
		"of too much":         {change(`"pearson"`, `"pearson", "of": ["a"]`), `quantity pearson takes 0 names in "of", not 1`},
		"no number":           {change(`"published": 0.9, `, ``), "the published value must be a number"},
		"twice":               {"[" + good + "," + good + "]", `claim "x" is given twice`},
		"more behind":         {"[" + good + "] []", "there is more behind the claims"},
		"cut off":             {"[" + good, "unexpected EOF"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ReadClaims([]byte(test.text))
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
