//go:build simulation

package compare

import (
	"math/rand/v2"
	"testing"

	"coldstart/reports/phase"
)

// Where nothing differs, a single test claims a difference in about 5 % of all
// cases, whatever the runs' distribution and however few they are. The bound
// leaves room for three standard errors of 4000 trials.
func TestNoDifference(t *testing.T) {
	const trials, bound = 4000, 0.05 + 3*0.0035
	for name, value := range noise {
		for _, n := range []int{3, 5, 10} {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			claims := 0
			for range trials {
				c := compared(draw(r, n, value), draw(r, n, value))
				if v := c.Configurations[0].Phases[0].Verdict; v == Slower || v == Faster {
					claims++
				}
			}
			if rate := float64(claims) / trials; rate > bound {
				t.Errorf("%s, %d runs a side: a difference is claimed in %.1f %% of all cases", name, n, 100*rate)
			}
		}
	}
}

// Nor do many phases together: of whole comparisons without a difference, about
// one in twenty claims any, of what decides and of what explains alike.
func TestNoDifferenceAmongMany(t *testing.T) {
	const trials, configurations, phases, bound = 1000, 8, 12, 0.05 + 3*0.0069
	r := rand.New(rand.NewPCG(2, 3))
	wrong := map[bool]int{}
	for range trials {
		c := &Comparison{Margin: Margin}
		for range configurations {
			var configuration Configuration
			for i := range phases {
				p := newPhase(phase.Phase(i).String(), draw(r, 3, noise["normal"]), draw(r, 3, noise["normal"]))
				p.Decides = i == 0
				configuration.Phases = append(configuration.Phases, p)
			}
			c.Configurations = append(c.Configurations, configuration)
		}
		c.judge()
		for _, decides := range []bool{false, true} {
			claims := c.phases(func(p *Phase) bool {
				return p.Decides == decides && (p.Verdict == Slower || p.Verdict == Faster)
			})
			if len(claims) > 0 {
				wrong[decides]++
			}
		}
	}
	for decides, n := range wrong {
		if rate := float64(n) / trials; rate > bound {
			t.Errorf("decides %v: %.1f %% of all comparisons claim a difference", decides, 100*rate)
		}
	}
}
