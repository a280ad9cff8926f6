package main

import (
	"errors"
	"fmt"

	"github.com/hbollon/go-edlib"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says in plain words what is wrong with a command's options.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var valueless *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &valueless):
		return usagef("--%s needs a value", valueless.GetFlag().Name)
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usagef("%s has no option -%s", cmd.CommandPath(), unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		return usagef("%s has no option --%s%s", cmd.CommandPath(), unknown.GetSpecifiedName(), meant(cmd, unknown.GetSpecifiedName()))
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		if kind, plain := plainKinds[flag.Value.Type()]; plain {
			return usagef("--%s must be %s, not %q", flag.Name, kind, invalid.GetValue())
		}
		return usagef("--%s %w", flag.Name, errors.Unwrap(invalid))
	}
	return usageError{err}
}

// plainKinds are what an option of pflag's own types takes.
var plainKinds = map[string]string{
	"bool": "true or false",
}

// meant asks for the command's option that is nearest to a name, if one is near.
func meant(cmd *cobra.Command, name string) string {
	nearest, least := "", len(name)/2+1
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if n := edlib.OSADamerauLevenshteinDistance(name, flag.Name); n < least {
			nearest, least = flag.Name, n
		}
	})
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean --%s?", nearest)
}
