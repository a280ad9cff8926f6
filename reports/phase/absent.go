package phase

import "slices"

// An absence is why releases of vLLM do not log phases; see the package comment.
type absence struct {
	phases       []Phase
	from, before release // a zero bound is no bound
	unless       string  // an argument of the engine with which they do
	why          string
}

var absences = []absence{
	{
		phases: []Phase{KVCacheProfiling}, from: mustRelease("0.18"), unless: "enforce-eager",
		why: "a trial capture of CUDA graphs is otherwise part of the profiling, and no line says when it begins",
	},
	{
		phases: []Phase{GetModelInfo, FrameworkBootstrap, TotalTime}, from: mustRelease("0.19"), before: mustRelease("0.20"),
		unless: "max-num-batched-tokens",
		why:    "without it, the line that ends get_model_info is not printed",
	},
}

// Absent says which argument a vLLM release needs to log a phase, and why: "--enforce-eager:
// …". It is empty if none is needed, or if the release is not known. has tells whether the
// engine has an argument.
func Absent(p Phase, name string, has func(argument string) bool) (why string) {
	of, known := parseRelease(name)
	if !known {
		return ""
	}
	for i := range absences {
		a := &absences[i]
		between := !of.less(a.from) && (a.before == release{} || of.less(a.before))
		if between && slices.Contains(a.phases, p) && !has(a.unless) {
			return "--" + a.unless + ": " + a.why
		}
	}
	return ""
}
