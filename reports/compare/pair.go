package compare

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/table"
)

// A pair is a configuration that both sides measured at one site.
type pair struct {
	siteA, siteB *site
	a, b         runs
	id, label    string
	turns        int // that the plans allow at most, if the sides were measured in turns; or 0
}

// pairing collects what can be compared, and why the rest cannot.
type pairing struct {
	a, b    *result.Results
	all     []pair
	differs []Fact
	leftOut []LeftOut
	unknown []string // nodes whose machine a side does not record
}

func pairUp(a, b *result.Results, o Options) (*pairing, error) {
	p := &pairing{a: a, b: b}
	sets := o.Sets
	for _, s := range sets {
		if err := checkSet("A", a, s.A); err != nil {
			return nil, err
		}
		if err := checkSet("B", b, s.B); err != nil {
			return nil, err
		}
	}
	if len(sets) == 0 {
		sets = p.commonSets()
	}
	for _, s := range sets {
		p.pairSets(a.Plan.Set(s.A), b.Plan.Set(s.B))
	}
	return p, nil
}

// measuredSets are the names of the sets that have runs.
func measuredSets(r *result.Results) (names []string) {
	for i := range r.Plan.Sets {
		if set := &r.Plan.Sets[i]; len(sites(r, set)) > 0 {
			names = append(names, set.Name)
		}
	}
	return names
}

func checkSet(side string, r *result.Results, name string) error {
	if names := measuredSets(r); !slices.Contains(names, name) {
		return fmt.Errorf("%s has no runs of a measurement set %q; it has %s", side, name, strings.Join(names, ", "))
	}
	return nil
}

// commonSets are the sets that both sides measured. The others are left out.
func (p *pairing) commonSets() (common []SetPair) {
	a, b := measuredSets(p.a), measuredSets(p.b)
	for _, name := range a {
		if slices.Contains(b, name) {
			common = append(common, SetPair{name, name})
		} else {
			p.leave("measurement set "+name, "only A has it"+unmeasured("B", p.b, name))
		}
	}
	for _, name := range b {
		if !slices.Contains(a, name) {
			p.leave("measurement set "+name, "only B has it"+unmeasured("A", p.a, name))
		}
	}
	told := slices.Concat(a, b)
	for _, set := range slices.Concat(p.a.Plan.Sets, p.b.Plan.Sets) {
		why := unmeasured("A", p.a, set.Name) + unmeasured("B", p.b, set.Name)
		if why != "" && !slices.Contains(told, set.Name) {
			p.leave("measurement set "+set.Name, "neither side has it"+why)
			told = append(told, set.Name)
		}
	}
	return common
}

// unmeasured is the clause "; B failed to measure it: …", or empty.
func unmeasured(side string, r *result.Results, set string) string {
	for _, planned := range r.Plan.Cells {
		if cell := r.Cells[planned.ID]; planned.Set == set && cell != nil && cell.Error != "" {
			return fmt.Sprintf("; %s failed to measure it: %s", side, cell.Error)
		}
	}
	return ""
}

func (p *pairing) leave(what, reason string) {
	p.leftOut = append(p.leftOut, LeftOut{What: what, Reason: reason})
}

func (p *pairing) differ(facts ...Fact) { p.differs = appendNew(p.differs, facts...) }

// pairSets pairs the sites of two sets. Sets of the same name must be equal. Sets of
// different names were chosen by the caller, and their differences are listed.
func (p *pairing) pairSets(a, b *result.Set) {
	facts := setFacts(a, b)
	if a.Name == b.Name && len(facts) > 0 && !p.isChange() {
		reason := "the set differs between A and B: " + joinFacts(facts)
		if a.Start != b.Start {
			reason += "; only start-ups of one kind are compared: measure both engine only, or both served"
			if p.a.Plan.Origin().Found() {
				reason += "; a log without a server's lines counts as engine only"
			}
		}
		p.leave("measurement set "+a.Name, reason)
		return
	}
	p.differ(appendFact(nil, "measurement set", a.Name, b.Name)...)
	p.differ(facts...)
	sitesA, sitesB := sites(p.a, a), sites(p.b, b)
	for _, s := range sitesA {
		p.pairSite(s, sitesB)
	}
	for _, s := range sitesB {
		if !slices.ContainsFunc(sitesA, func(other *site) bool { return other.is(s.node, s.gpu) }) {
			p.leave(s.String(), "only B has it")
		}
	}
}

// setFacts are the differences between two sets that change a start-up.
func setFacts(a, b *result.Set) (facts []Fact) {
	policy := map[bool]string{false: "kept", true: "dropped before every run"}
	facts = appendFact(facts, "page cache", policy[a.DropPageCache], policy[b.DropPageCache])
	facts = appendFact(facts, "start", a.Start.String(), b.Start.String())
	for _, name := range variableNames(a.Variables, b.Variables) {
		facts = appendFact(facts, "variable "+name, variableText(a.Variables, name), variableText(b.Variables, name))
	}
	return facts
}

func joinFacts(facts []Fact) string {
	var words []string
	for _, f := range facts {
		words = append(words, f.String())
	}
	return strings.Join(words, "; ")
}

// pairSite pairs the configurations of A's site with those of B's site at the same place.
func (p *pairing) pairSite(a *site, all []*site) {
	i := slices.IndexFunc(all, func(b *site) bool { return b.is(a.node, a.gpu) })
	if i < 0 {
		p.leave(a.String(), "B has it on "+joinSites(all)+" only")
		return
	}
	b := all[i]
	another, unknown, facts := machine(a, b)
	if another != "" {
		p.leave(a.String(), another)
		return
	}
	if unknown && !slices.Contains(p.unknown, a.node) {
		p.unknown = append(p.unknown, a.node)
	}
	before := len(p.all)
	for i := range a.set.Configurations {
		p.pairConfiguration(a, b, &a.set.Configurations[i])
	}
	for i := range b.set.Configurations {
		if c := &b.set.Configurations[i]; p.partner(a.set, c) == nil && b.runs(c.ID).any() {
			p.leave(b.String()+": "+c.ID, "only B has it")
		}
	}
	if len(p.all) > before {
		p.differ(facts...)
	}
}

func (r runs) any() bool { return len(r.counted)+len(r.failed) > 0 }

// standIn reports whether any run used a model with random weights.
func (r runs) standIn() bool {
	return slices.ContainsFunc(slices.Concat(r.counted, r.failed), func(run *result.Run) bool { return run.StandIn })
}

// mixture is the origin of runs that must not be averaged.
const mixture = "the original and a stand-in mixed"

// origin says whether the original or a stand-in was measured.
func (r runs) origin() string {
	original := func(run *result.Run) bool { return !run.StandIn }
	switch all := slices.Concat(r.counted, r.failed); {
	case !r.standIn():
		return "the original"
	case slices.ContainsFunc(all, original):
		return mixture
	}
	return "a stand-in with random weights"
}

func joinSites(all []*site) string {
	var places []string
	for _, s := range all {
		place := s.node
		if s.gpu != "" {
			place = fmt.Sprintf("%v of %s", s.gpu, s.node)
		}
		places = append(places, place)
	}
	return strings.Join(places, ", ")
}

// isChange reports that the sides are those of a change, which may declare sets and
// configurations of one name otherwise. The differences are listed.
func (p *pairing) isChange() bool { return p.a.Plan.Commit != "" && p.b.Plan.Commit != "" }

// partner is the configuration of the other side that one is compared with: that of the same
// name in a change, or else the same one.
func (p *pairing) partner(set *result.Set, c *result.Configuration) *result.Configuration {
	if p.isChange() {
		i := slices.IndexFunc(set.Configurations, func(o result.Configuration) bool { return o.ID == c.ID })
		if i >= 0 {
			return &set.Configurations[i]
		}
	}
	return find(set, c)
}

// find finds the configuration of a set with the same model, arguments and variables.
func find(set *result.Set, c *result.Configuration) *result.Configuration {
	for i := range set.Configurations {
		other := &set.Configurations[i]
		if other.Model == c.Model && other.Directory == c.Directory && other.Release == c.Release &&
			slices.Equal(other.Args, c.Args) && maps.Equal(other.Variables, c.Variables) {
			return other
		}
	}
	return nil
}

func (p *pairing) pairConfiguration(a, b *site, c *result.Configuration) {
	runsA, other := a.runs(c.ID), p.partner(b.set, c)
	if !runsA.any() && (other == nil || !b.runs(other.ID).any()) {
		return // in the set, but not measured
	}
	what := a.String() + ": " + c.ID
	if other == nil {
		p.leave(what, "only A has it: B has no such model with the same arguments and variables")
		return
	}
	found := pair{siteA: a, siteB: b, a: runsA, b: b.runs(other.ID), id: c.ID, label: p.label(c, runsA.standIn())}
	if reason := found.otherModel(p.a.Plan.Model(c.Model), p.b.Plan.Model(c.Model)); reason != "" {
		p.leave(what, reason)
		return
	}
	if reason := found.refused(); reason != "" {
		lost := len(found.a.counted) > 0 && len(found.b.counted) == 0 && len(found.b.failed) > 0
		p.leftOut = append(p.leftOut, LeftOut{What: what, Reason: reason, Failed: lost})
		return
	}
	p.all = append(p.all, found)
	p.differ(appendFact(nil, "model", modelLabel(p.a, c.Model), modelLabel(p.b, c.Model))...)
	p.differ(found.environmentFacts()...)
	p.differ(found.setupFacts()...)
	for _, f := range found.counterFacts() {
		f.Of = found.label
		p.differ(f)
	}
}

// modelLabel is a model for people.
func modelLabel(r *result.Results, key string) string {
	if m := r.Plan.Model(key); m != nil {
		return m.Label
	}
	return key
}

// label is a configuration for people: its model with the engine's arguments.
func (p *pairing) label(c *result.Configuration, standIn bool) string {
	words := []string{modelLabel(p.a, c.Model)}
	if standIn {
		words = append(words, "(stand-in)")
	}
	if c.Release != "" {
		words = append(words, c.Release)
	}
	for _, arg := range c.Args {
		words = append(words, "--"+arg.Name)
		if arg.Value != "" {
			words = append(words, arg.Value)
		}
	}
	return strings.Join(words, " ")
}

// refused says why a pair cannot be compared; empty if it can.
func (p *pair) refused() string {
	for _, side := range []struct {
		name string
		runs *runs
		set  *result.Set
	}{{"A", &p.a, p.siteA.set}, {"B", &p.b, p.siteB.set}} {
		if len(side.runs.counted) == 0 {
			return side.name + " " + side.runs.why()
		}
		if releases := side.runs.releases(); len(releases) > 1 {
			return fmt.Sprintf("%s has runs of several releases (%s), which cannot be averaged",
				side.name, strings.Join(releases, ", "))
		}
		if reason := mixed(side.set, side.runs); reason != "" {
			return side.name + ": " + reason
		}
	}
	return ""
}

// otherModel says why the two sides have different models, such as an original and a
// stand-in. A model that a plan does not describe is matched by name.
func (p *pair) otherModel(a, b *result.Model) string {
	if a != nil && b != nil && a.Repository != b.Repository {
		return fmt.Sprintf("another model: %s in A, %s in B", a.Repository, b.Repository)
	}
	if a, b := p.a.origin(), p.b.origin(); a != b && p.a.any() && p.b.any() || a == mixture {
		return fmt.Sprintf("%s in A, %s in B", a, b)
	}
	return ""
}

// environmentFacts are the differences between the environments of the two sides; none if
// a side does not record one.
func (p *pair) environmentFacts() []Fact {
	a, b := p.a.environments(), p.b.environments()
	if len(a) != 1 || len(b) != 1 {
		return nil
	}
	return environmentFacts(&a[0], &b[0])
}

// compare compares a pair: by segments, or by the paper's phases if the caller chose some, or
// if a run has no segments.
func (p *pair) compare(o Options) Configuration {
	c := Configuration{
		ID: p.id, Label: p.label, Set: p.siteA.set.Name, Node: p.siteA.node, GPU: p.siteA.gpu, StandIn: p.a.standIn(),
	}
	if name := p.siteB.set.Name; name != c.Set {
		c.SetB = name
	}
	c.Counters = p.counterFacts()
	p.pairTurns(&c)
	all, lacking := p.segments()
	c.Segments = len(all) > 0 && !o.ofPaper()
	if !c.Segments {
		all, lacking = paperPhases(), nil
	}
	c.warnLacking(lacking, p.beginnings())
	var onlyA, onlyB []string
	for _, q := range all {
		a, b := p.a.values(q), p.b.values(q)
		switch {
		case len(a) > 0 && len(b) > 0:
			c.Phases = append(c.Phases, p.comparePhase(q, a, b))
		case len(a) > 0:
			onlyA = append(onlyA, q.name)
		case len(b) > 0:
			onlyB = append(onlyB, q.name)
		}
	}
	if c.Segments {
		c.within = p.within()
	}
	c.warnOnly("A", onlyA)
	c.warnOnly("B", onlyB)
	c.warnMixed("A", &p.a)
	c.warnMixed("B", &p.b)
	c.warnFailed("A", &p.a)
	c.warnFailed("B", &p.b)
	c.warnEnded("A", p.a.cell)
	c.warnEnded("B", p.b.cell)
	return c
}

// within compares the paper's phases that both sides have.
func (p *pair) within() (phases []Phase) {
	for _, q := range paperPhases() {
		if a, b := p.a.values(q), p.b.values(q); len(a) > 0 && len(b) > 0 {
			phases = append(phases, p.comparePhase(q, a, b))
		}
	}
	return phases
}

// comparePhase compares the values of a quantity, turn by turn if there are turns that have
// both.
func (p *pair) comparePhase(q quantity, a, b []float64) Phase {
	if p.turns > 0 {
		if inA, inB := p.turnValues(q); len(inA) > 0 {
			return newTurnsPhase(q.name, inA, inB, p.turns)
		}
	}
	return newPhase(q.name, a, b)
}

// newPhase compares a phase of two sides that were not measured in turns.
func newPhase(name string, a, b []float64) Phase {
	p := Phase{Phase: name, A: estimate(a), B: estimate(b), once: 1}
	p.Difference = difference(&p.A, &p.B)
	value, warnings, ok := tested(&p.A, &p.B)
	if ok {
		p.P, p.once = &value, value
	}
	for _, w := range warnings {
		p.Warnings = append(p.Warnings, w.Error())
	}
	return p
}

func (c *Configuration) warnOnly(side string, phases []string) {
	if len(phases) > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("only %s logs %s", side, strings.Join(phases, ", ")))
	}
}

// warnLacking names the segments that are not compared. begins are what logs begin with.
func (c *Configuration) warnLacking(segments, begins []string) {
	left := strings.Join(segments, ", ") + " " + table.Agree(len(segments), "is", "are") + " not compared"
	switch {
	case len(begins) < 2 && len(segments) == 0:
	case len(begins) < 2:
		c.Warnings = append(c.Warnings, left+": not all runs have "+table.Agree(len(segments), "it", "them"))
	default:
		reason := "some logs begin with " + strings.Join(begins, ", others with ") + ", as with and without debug lines or in other releases"
		if len(segments) > 0 {
			reason += ": " + left
		}
		c.Warnings = append(c.Warnings, reason)
	}
}

func (c *Configuration) warnEnded(side string, cell *result.CellResult) {
	if cell.Error != "" {
		c.Warnings = append(c.Warnings, fmt.Sprintf("the measurement of %s was cut short: %s", side, cell.Error))
	}
}

func (c *Configuration) warnFailed(side string, r *runs) {
	if n := len(r.failed); n > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("%s failed to start in %s: %s",
			side, table.Part(n, n+len(r.counted), "run"), r.failed[0].Failed))
	}
}
