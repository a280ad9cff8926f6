package environment

import (
	"fmt"
	"path"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/table"
)

// need is a setting of vLLM that uses a package which vLLM does not require. Either
// variable or argument is given. value is a pattern of path.Match, regardless of case.
type need struct {
	variable, argument, value string
	pack                      string // normalized name
}

// needs was compared with the sources of vLLM 0.10.1.1 and 0.32. Without the package the
// start fails, or vLLM falls back to something else. A new setting is a new row.
var needs = []need{
	{variable: "VLLM_ATTENTION_BACKEND", value: "FLASHINFER*", pack: "flashinfer-python"},
	{argument: "attention-backend", value: "FLASHINFER*", pack: "flashinfer-python"},
	{variable: "VLLM_USE_FLASHINFER_SAMPLER", value: "1", pack: "flashinfer-python"},
	{variable: "VLLM_USE_FLASHINFER_MOE_FP8", value: "1", pack: "flashinfer-python"},
	{variable: "VLLM_USE_FLASHINFER_MOE_FP4", value: "1", pack: "flashinfer-python"},
	{variable: "VLLM_USE_FLASHINFER_MOE_MXFP4_MXFP8", value: "1", pack: "flashinfer-python"},
	{variable: "VLLM_USE_FLASHINFER_MOE_MXFP4_BF16", value: "1", pack: "flashinfer-python"},
	{variable: "VLLM_ATTENTION_BACKEND", value: "XFORMERS*", pack: "xformers"},
	{variable: "VLLM_USE_MODELSCOPE", value: "1", pack: "modelscope"},
	{variable: "VLLM_USE_MODELSCOPE", value: "true", pack: "modelscope"},
	{argument: "distributed-executor-backend", value: "ray", pack: "ray"},
	{argument: "quantization", value: "bitsandbytes", pack: "bitsandbytes"},
	{argument: "load-format", value: "bitsandbytes", pack: "bitsandbytes"},
	{argument: "load-format", value: "fastsafetensors", pack: "fastsafetensors"},
	{argument: "load-format", value: "instanttensor", pack: "instanttensor"},
	{argument: "load-format", value: "modelexpress", pack: "modelexpress"},
	{argument: "load-format", value: "runai_streamer*", pack: "runai-model-streamer"},
	{argument: "load-format", value: "tensorizer", pack: "tensorizer"},
}

// asked is the setting in variables or arguments that needs the package, such as
// VLLM_USE_MODELSCOPE=1; empty if there is none.
func (n *need) asked(variables map[string]string, args []result.Arg) string {
	if n.variable != "" {
		if value := variables[n.variable]; n.fits(value) {
			return n.variable + "=" + value
		}
		return ""
	}
	for _, arg := range args {
		if strings.ReplaceAll(arg.Name, "_", "-") == n.argument && n.fits(arg.Value) {
			return "--" + arg.Name + " " + arg.Value
		}
	}
	return ""
}

func (n *need) fits(value string) bool {
	fits, _ := path.Match(strings.ToLower(n.value), strings.ToLower(value))
	return fits
}

// A LackError says that an environment lacks the package that a setting needs.
type LackError struct {
	Environment, Package string
	Setting              string   // such as "--load-format tensorizer"
	Configurations       []string // those with the setting
	found                bool     // setup installs nothing in the environment
}

func (e *LackError) Error() string { return e.Lack() + ": " + e.Remedy() }

// Lack says which package is missing, and for which setting.
func (e *LackError) Lack() string {
	const most = 3
	return fmt.Sprintf("environment %s has no %s, which %s of %s needs",
		e.Environment, e.Package, e.Setting, table.First(e.Configurations, most))
}

// Remedy says how to get the package.
func (e *LackError) Remedy() string {
	if e.found {
		return fmt.Sprintf("install it there and run 'coldstart setup --environment %s --renew', "+
			"or choose another environment with --environment", e.Environment)
	}
	return fmt.Sprintf("add it to packages: of the environment and run 'coldstart setup --environment %s', "+
		"or choose another environment with --environment", e.Environment)
}

// same tells whether two errors differ only in the configurations.
func (e *LackError) same(other *LackError) bool {
	return e.Environment == other.Environment && e.Package == other.Package && e.Setting == other.Setting
}

// lacking are the packages that the environment lacks, and that variables or arguments of a
// start need. variables include the environment's own.
func (i *Installed) lacking(variables map[string]string, args []result.Arg) (lacking []*LackError) {
	for n := range needs {
		setting := needs[n].asked(variables, args)
		if setting == "" || version(i.Record.Packages, needs[n].pack) != "" {
			continue
		}
		lacking = append(lacking, &LackError{
			Environment: i.Environment.Name, Package: needs[n].pack, Setting: setting, found: i.Record.Found != nil,
		})
	}
	return lacking
}
