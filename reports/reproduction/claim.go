package reproduction

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/table"
)

// Claim is a finding of the paper that a measurement can confirm or contradict: a quantity
// of a figure, and the rule that the quantity obeys if the claim holds.
type Claim struct {
	ID        string      `json:"id"` // such as "gpu-swap"
	Text      string      `json:"text"`
	Figure    string      `json:"figure"`       // the paper's number
	Quantity  string      `json:"quantity"`     // a name in quantities
	Of        []string    `json:"of,omitempty"` // arguments of the quantity, such as a step or two loaders
	Published json.Number `json:"published"`    // the paper's value with its decimals
	Unit      string      `json:"unit"`         // "%", "×", "cores", or empty for a correlation
	Rule      Rule        `json:"rule"`
	Reason    string      `json:"reason"` // of the rule's limits
}

// Rule bounds a quantity, in its unit. Exactly one of its fields is set.
type Rule struct {
	Above   *float64    `json:"above,omitempty"`
	Below   *float64    `json:"below,omitempty"`
	Between *[2]float64 `json:"between,omitempty"` // low, high
}

// limits are the bounds, infinite if there is none.
func (r Rule) limits() Interval {
	switch {
	case r.Above != nil:
		return Interval{*r.Above, math.Inf(1)}
	case r.Below != nil:
		return Interval{math.Inf(-1), *r.Below}
	}
	return Interval{r.Between[0], r.Between[1]}
}

// in is the rule in words with a unit: "above ×1.05".
func (r Rule) in(unit string) string {
	switch {
	case r.Above != nil:
		return "above " + withUnit(short(*r.Above), unit)
	case r.Below != nil:
		return "below " + withUnit(short(*r.Below), unit)
	}
	return withUnit(short(r.Between[0])+" to "+short(r.Between[1]), unit)
}

func short(limit float64) string { return strconv.FormatFloat(limit, 'g', -1, 64) }

func (r Rule) check() error {
	set := 0
	for _, isSet := range []bool{r.Above != nil, r.Below != nil, r.Between != nil} {
		if isSet {
			set++
		}
	}
	switch {
	case set != 1:
		return errors.New(`the rule must have one of "above", "below" and "between"`)
	case r.Between != nil && r.Between[0] >= r.Between[1]:
		return fmt.Errorf("the rule's limits %g and %g are not in order", r.Between[0], r.Between[1])
	}
	return nil
}

// check says what is wrong with a claim.
func (c *Claim) check() error {
	quantity, known := quantities[c.Quantity]
	_, number := c.Published.Float64()
	var err error
	switch {
	case c.ID == "" || c.Text == "" || c.Figure == "" || c.Reason == "":
		err = errors.New("id, text, figure and reason must be given")
	case !known:
		err = fmt.Errorf("unknown quantity %q; the quantities are %s", c.Quantity, strings.Join(quantityNames(), ", "))
	case len(c.Of) != quantity.of:
		names := table.Count(quantity.of, "name")
		err = fmt.Errorf("quantity %s takes %s in \"of\", not %d", c.Quantity, names, len(c.Of))
	case number != nil:
		err = fmt.Errorf("the published value must be a number, not %q", c.Published)
	default:
		err = c.Rule.check()
	}
	if err != nil {
		return fmt.Errorf("claim %q: %w", c.ID, err)
	}
	return nil
}

// ReadClaims reads claims from JSON and refuses what no claim has. Their ids must be unique.
func ReadClaims(text []byte) (claims []Claim, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&claims); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more behind the claims")
	}
	var errs []error
	for i := range claims {
		errs = append(errs, claims[i].check())
		if slices.ContainsFunc(claims[:i], func(c Claim) bool { return c.ID == claims[i].ID }) {
			errs = append(errs, fmt.Errorf("claim %q is given twice", claims[i].ID))
		}
	}
	return claims, errors.Join(errs...)
}

// decimals is the number of decimals of the published value.
func (c *Claim) decimals() int {
	_, fraction, _ := strings.Cut(c.Published.String(), ".")
	return len(fraction)
}

// Format writes a value with the decimals of the published one.
func (c *Claim) Format(value float64) string { return fmt.Sprintf("%.*f", c.decimals(), value) }
