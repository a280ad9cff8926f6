// Package hardware describes machines: processors, memory, system, software and
// drives, as hardware-matrix.yaml declares them (Hardware) and as a probe found them
// (Probe).
//
// Both are Descriptions. Compare compares two of them row by row of the paper's
// hardware table and ignores differences in wording. Table and Node.Findings show the
// rows. Every row belongs to a Part of the machine, which says what a difference means.
package hardware

// Hardware is a machine as hardware-matrix.yaml declares it, row by row of the paper's
// hardware table. An empty string, a zero count or a zero size means that nothing is
// declared.
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

// CPU is one or several processors of one model.
type CPU struct {
	Model   string `json:"model,omitempty"`
	Sockets int    `json:"sockets,omitempty"`
	Cores   int    `json:"cores,omitempty"` // physical cores of one socket
}

// DRAM is main memory.
type DRAM struct {
	Type string `json:"type,omitempty"` // such as "DDR5"
	// Size is the memory that the system can use, in the paper's GB: 2^30 bytes, which
	// free -h calls Gi. A machine with 256 GB of modules has about 251. The paper's 2TB
	// is 2000.
	Size float64 `json:"size_gb,omitempty"`
}

// CUDA is the versions of the toolkit and the driver.
type CUDA struct {
	Version string `json:"version,omitempty"` // such as "12.6"
	Driver  string `json:"driver,omitempty"`  // such as "580.82.07"
}

// SSD describes the drives that hold the models.
type SSD struct {
	Count     int    `json:"count,omitempty"`
	Interface string `json:"interface,omitempty"` // such as "PCIe 5.0"
}
