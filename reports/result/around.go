package result

// Around is the state of the machine around one run, which may disturb its times. A
// value that could not be read is absent.
type Around struct {
	LoadBefore   *float64   `json:"load_before,omitempty"`   // load average of the minute before the start
	AvailableGiB *float64   `json:"available_gib,omitempty"` // memory available before the start, 2^30 bytes
	OthersBusy   *float64   `json:"others_busy,omitempty"`   // mean number of cores kept busy by other processes
	ReadGiB      *float64   `json:"read_gib,omitempty"`      // read from the drives during the run, 2^30 bytes
	GPUs         []GPUState `json:"gpus,omitempty"`          // before the start
}

// GPUState is a GPU's state before a run.
type GPUState struct {
	Index     int      `json:"index"`
	UsedGiB   float64  `json:"used_gib"`
	Processes int      `json:"compute_processes"`
	SlowedBy  []string `json:"slowed_by,omitempty"`
}
