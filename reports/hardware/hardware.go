// Package hardware says what a machine is: processors, memory, system, software
// and drives, as a lab's file declares them (Hardware) and as a probe found them
// (Probe).
//
// Both are Descriptions. Compare compares two of them row by row of the paper's
// hardware table: what differs only in its wording is equal. Table and
// Node.Findings show the rows. Every row belongs to a Part of the machine, which
// says what a difference in it means.
package hardware

// Hardware is a machine as a lab's file declares it, row by row of the paper's
// hardware table, in the words of whoever wrote it. An empty string, a zero count
// or a zero size means that nothing is declared.
type Hardware struct {
	CPU     CPU    `json:"cpu,omitzero"`
	GPU     string `json:"gpu,omitempty"` // model, such as "H100 NVL"; several as "2× H100 + L40S"
	DRAM    DRAM   `json:"dram,omitzero"`
	OS      string `json:"os,omitempty"`      // such as "Debian 12"
	Kernel  string `json:"kernel,omitempty"`  // release, as uname -r prints it
	Python  string `json:"python,omitempty"`  // release, such as "3.11.2"
	CUDA    CUDA   `json:"cuda,omitzero"`     // of the engine's environment
	PyTorch string `json:"pytorch,omitempty"` // release with its build, such as "2.7.1+cu126"
	VLLM    string `json:"vllm,omitempty"`    // release without a leading v
	SSD     SSD    `json:"ssd,omitzero"`
	FS      string `json:"fs,omitempty"` // file system under the models directory, its type first
}

// CPU is one or several equal processors.
type CPU struct {
	Model   string `json:"model,omitempty"`
	Sockets int    `json:"sockets,omitempty"`
	Cores   int    `json:"cores,omitempty"` // physical cores of one socket
}

// DRAM is main memory.
type DRAM struct {
	Type string `json:"type,omitempty"` // such as "DDR5"
	// Size is the memory that the system can use, in the paper's GB: free -h calls
	// them Gi, 2^30 bytes. A machine with 256 GB of modules has about 251. The
	// paper's 2TB is 2000.
	Size float64 `json:"size_gb,omitempty"`
}

// CUDA is the toolkit's version and the driver's.
type CUDA struct {
	Version string `json:"version,omitempty"` // such as "12.6"
	Driver  string `json:"driver,omitempty"`  // such as "580.82.07"
}

// SSD is the drives that hold the models.
type SSD struct {
	Count     int    `json:"count,omitempty"`
	Interface string `json:"interface,omitempty"` // such as "PCIe 5.0"
}
