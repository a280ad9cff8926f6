package catalogue

import (
	"testing"

	"coldstart/runner/environment"
)

// Every configuration has an environment, and only figure 1 has others than the
// paper's.
func TestEnvironments(t *testing.T) {
	for name, set := range Sets() {
		for _, c := range set.Configurations {
			e, found := environment.Catalogue().Find(Environment(c))
			if !found {
				t.Errorf("%s of set %s: no environment %s", c.ID, name, Environment(c))
			}
			if got := e.Name == environment.Default; got == set.Releases {
				t.Errorf("%s of set %s is measured in %s", c.ID, name, e.Name)
			}
		}
	}
}
