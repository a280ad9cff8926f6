//go:build !linux

package process

import "time"

// Boot is not known: there is no /proc either.
func Boot() time.Time { return time.Time{} }
