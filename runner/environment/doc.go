// Package environment makes or finds the Python environments that engines run in, and
// verifies that they do not change.
//
// An Environment is data: a Python release, requirements, an index, variables. The
// catalogue has the paper's, a later one, and two for machines without a GPU; a lab adds
// its own in hardware-matrix.yaml. A Store is a directory of environments:
//
//	environments/
//	  cpu-1f0c2b7d.lock     held by the process that makes the environment
//	  cpu-1f0c2b7d/         the hash is that of the declaration
//	    venv/               bin/python and the packages
//	    environment.json    what was installed; written last
//	  uv/                   coldstart's own uv, if none is on the PATH
//
// Setup takes the lock and reuses the environment if its packages agree with
// environment.json. Otherwise it runs uv (uv.go), reads what was installed (inventory.go)
// and records it (record.go). A directory without environment.json is left over from an
// interrupted setup, and is made anew.
//
// An environment may be built from a directory of the repository (source.go): each commit has
// its own. One that nobody has used for two weeks is removed.
//
// An environment that exists already, in a container image or a cluster's module, is
// declared by its interpreter. Setup asks its Python for the directories of its packages,
// and records those (found.go).
//
// A Checker says before the first start what an environment lacks: a package that a setting
// uses (needs.go), or the compiler that FlashInfer needs (flashinfer.go).
//
// Installed packages are read from their metadata. So Open, which verifies them before
// every measurement, takes milliseconds and starts no Python. Verify, before and after
// every start, also looks at the code files of the declared packages (code.go), which
// somebody may have edited.
package environment
