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
	CPU  CPU    `json:"cpu,omitzero"`
	GPU  string `json:"gpu,omitempty"` // model, such as "H100 NVL"; several as "2× H100 + L40S"
	DRAM DRAM   `json:"dram,omitzero"`
	Platform
	Python  string `json:"python,omitempty"`  // release, such as "3.11.2"
	CUDA    CUDA   `json:"cuda,omitzero"`     // of the engine's environment
	PyTorch string `json:"pytorch,omitempty"` // release with its build, such as "2.7.1+cu126"
	VLLM    string `json:"vllm,omitempty"`    // release without a leading v
	SSD     SSD    `json:"ssd,omitzero"`
	FS      string `json:"fs,omitempty"` // file system under the models directory, its type first
}

// Platform has the facts of one text each that a declaration and a probe share. A further
// one is a field here and a row of rows, its key in the lab's file, and its part of the
// probe.
type Platform struct {
	OS     string `json:"os,omitempty"`     // such as "Debian 12"
	Kernel string `json:"kernel,omitempty"` // release, as uname -r prints it
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

// Releases are the releases in the measured Python environment.
type Releases struct {
	Python  string `json:"python,omitempty"`  // release, such as "3.11.2"
	PyTorch string `json:"pytorch,omitempty"` // release with its build, such as "2.7.1+cu126"
	CUDA    string `json:"cuda,omitempty"`    // that PyTorch was built for, such as "12.6"
	VLLM    string `json:"vllm,omitempty"`    // release without a leading v
}

// A Description describes a machine: a declared Hardware or a found *Probe.
type Description interface{ described() *description }

// description is a machine as the table shows it, with the parts that are compared.
type description struct {
	Hardware
	gpus       []gpuKind // of the row GPU
	newestCUDA string    // that the driver runs, such as "13.0"; empty for a declaration
	storage    Storage   // of the row FS
}

func (h Hardware) described() *description {
	return &description{Hardware: h, gpus: declaredGPUs(h.GPU), storage: declaredStorage(h.FS)}
}

func (p *Probe) described() *description {
	gpus := p.gpuKinds()
	return &description{
		Hardware: Hardware{
			CPU: p.CPU.CPU, GPU: joined(gpus), DRAM: p.DRAM, Platform: p.Platform, Python: p.Environment.Python,
			CUDA:    CUDA{Version: p.Environment.CUDA, Driver: p.Driver.Version},
			PyTorch: p.Environment.PyTorch, VLLM: p.Environment.VLLM, SSD: p.ssd(), FS: p.Models.String(),
		},
		gpus: gpus, newestCUDA: p.Driver.CUDA, storage: p.Models,
	}
}

// Declared is what was found, as hardware-matrix.yaml declares it.
func (p *Probe) Declared() Hardware { return p.described().Hardware }

// row is a row of the hardware table.
type row struct {
	name string
	part Part
	show func(*description) string                // empty if unknown
	same func(declared, probed *description) bool // called if both are known
}

// rows are in the paper's order.
var rows = []row{
	{"CPU", Processor, showCPU, sameCPU},
	{"GPU", Processor, func(d *description) string { return d.GPU }, sameGPUs},
	{"DRAM", Memory, showDRAM, sameDRAM},
	word("OS", System, func(d *description) string { return d.OS }),
	word("Kernel", System, func(d *description) string { return d.Kernel }),
	word("Python", Software, func(d *description) string { return d.Python }),
	{"CUDA", System, showCUDA, sameCUDA},
	word("PyTorch", Software, func(d *description) string { return d.PyTorch }),
	word("vLLM", Software, showVLLM),
	{"SSD", System, showSSD, sameSSD},
	{"FS", System, func(d *description) string { return d.FS }, sameFS},
}

// word is a row of one name or release, compared as shown.
func word(name string, part Part, show func(*description) string) row {
	return row{name, part, show, func(declared, probed *description) bool {
		return alike(show(declared), show(probed))
	}}
}

func (r row) compare(declared, probed *description) Fact {
	fact := Fact{Name: r.name, Part: r.part, Declared: r.show(declared), Probed: r.show(probed), Verdict: Equal}
	switch {
	case fact.Declared == "":
		fact.Verdict = Undeclared
	case fact.Probed == "":
		fact.Verdict = Unknown
	case !r.same(declared, probed):
		fact.Verdict = Different
	}
	return fact
}
