package lab

import (
	"fmt"
	"regexp"
	"strings"

	"coldstart/reports/result"
)

// shortArguments are vLLM's short names of arguments.
var shortArguments = map[string]string{
	"-tp": "tensor-parallel-size", "-pp": "pipeline-parallel-size", "-dp": "data-parallel-size", "-q": "quantization",
}

var argumentForm = regexp.MustCompile(`^--?[A-Za-z]`)

// engineArguments are the arguments that a command line has for an engine.
func engineArguments(words []string) (args []result.Arg, err error) {
	for _, word := range words {
		if !argumentForm.MatchString(word) {
			if len(args) == 0 {
				return nil, fmt.Errorf("%q is not an engine argument: those begin with --, such as --max-model-len 8192", word)
			}
			last := &args[len(args)-1]
			if err := addWord(last, word); err != nil {
				return nil, err
			}
			continue
		}
		name, value, given := strings.Cut(word, "=")
		if !strings.HasPrefix(name, "--") {
			long, known := shortArguments[name]
			if !known {
				return nil, fmt.Errorf("write the long name of %s, such as --max-model-len", name)
			}
			name = "--" + long
		}
		if name == "--model" {
			return nil, fmt.Errorf("the model is the first argument of start, not --model")
		}
		args = append(args, result.Arg{Name: strings.TrimPrefix(name, "--")})
		if given {
			if err := addWord(&args[len(args)-1], value); err != nil {
				return nil, err
			}
		}
	}
	return args, nil
}

// addWord adds a word to an argument's value. Only JSON may have spaces: other values are
// split at them again.
func addWord(arg *result.Arg, word string) error {
	if !strings.HasPrefix(word, "{") && len(strings.Fields(word)) != 1 {
		return fmt.Errorf("the value %q of --%s has spaces or nothing, which only a value of JSON may have", word, arg.Name)
	}
	arg.Value = strings.TrimSpace(arg.Value + " " + word)
	return nil
}
