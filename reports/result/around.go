package result

// Around is the state of the machine around one run: what could blur it. A value
// that could not be had is absent.
type Around struct {
	LoadBefore   *float64   `json:"load_before,omitempty"`   // load average of the minute before the start: processes that ran or wanted to
	AvailableGiB *float64   `json:"available_gib,omitempty"` // memory that was to be had before the start, 2^30 bytes
	OthersBusy   *float64   `json:"others_busy,omitempty"`   // cores that other processes kept busy during the run, on average
	ReadGiB      *float64   `json:"read_gib,omitempty"`      // read from the machine's drives during the run, by whomever, 2^30 bytes
	GPUs         []GPUState `json:"gpus,omitempty"`          // before the start
}

// GPUState is a GPU's state before a run. Index, UsedGiB, Processes and SlowedBy
// are those of GPU.
type GPUState struct {
	Index     int      `json:"index"`
	UsedGiB   float64  `json:"used_gib"`
	Processes int      `json:"compute_processes"`
	SlowedBy  []string `json:"slowed_by,omitempty"`
}
