package environment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/runner/paper"
)

// Every configuration has an environment: figure 1's those of their releases, the others
// the paper's, with FlashInfer if the recorded logs had it.
func TestEnvironments(t *testing.T) {
	got := map[string][]string{} // with FlashInfer, by set
	for name, set := range paper.Sets() {
		for _, c := range set.Configurations {
			e, found := Catalogue().Find(Of(&c))
			if !found {
				t.Errorf("%s of set %s: no environment %s", c.ID, name, Of(&c))
			}
			papers := e.Name == Default || e.Name == WithFlashInfer
			if papers == set.Releases {
				t.Errorf("%s of set %s is measured in %s", c.ID, name, e.Name)
			}
			if e.Name == WithFlashInfer {
				got[name] = append(got[name], c.Model)
			}
		}
	}
	want := map[string][]string{"models": {"granite4.0-h-32b", "granite4.0-h-3b"}}
	for _, name := range []string{"no-torch-compile", "graph-batch-sizes", "loaders", "no-compile-cache"} {
		for _, c := range paper.Sets()[name].Configurations {
			want[name] = append(want[name], c.Model)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with FlashInfer (-want +got):\n%s", diff)
	}
}
