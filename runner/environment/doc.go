// Package environment makes the Python environments that engines run in, or finds
// them, and sees to it that they stay what they were.
//
// An Environment is data: a Python release, requirements, an index, variables.
// The catalogue holds the paper's, a later one, and two for machines without a GPU;
// a lab adds its own in hardware-matrix.yaml. A Store is a directory of made ones:
//
//	environments/
//	  cpu-1f0c2b7d.lock     held by the process that makes it
//	  cpu-1f0c2b7d/         the hash is of what the declaration installs
//	    venv/               bin/python and the packages
//	    environment.json    what was installed; written last
//	  uv/                   coldstart's own uv, where none is on the PATH
//
// Making one goes in five steps: lock, see whether environment.json and the
// packages agree (then it is reused as it is), run the commands of uv
// (uv.go), look at what they left (inventory.go), and keep that (record.go).
// Without environment.json a directory is no environment: it is what an
// interrupted setup left, and made anew.
//
// One that is there already, in a container's image or a cluster's module, names
// its interpreter. It is not made: its Python is asked where it imports from, and
// the packages there are its record (found.go). From then on it is as the others.
//
// What is installed is read from the packages' own metadata, so that Open, which
// verifies it before every measurement, takes milliseconds and starts no Python.
// Verify, before and after every start, looks at the files of the declared packages'
// code as well (code.go): somebody may have edited one.
package environment
