package process

import (
	"slices"
	"strings"
)

// Variable returns the value of a variable in an environment, whose settings are NAME=value. If
// a name occurs twice, the last one wins.
func Variable(environment []string, name string) (value string, set bool) {
	for _, setting := range slices.Backward(environment) {
		if value, set = strings.CutPrefix(setting, name+"="); set {
			return value, true
		}
	}
	return "", false
}
