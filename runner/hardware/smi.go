package hardware

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
)

// smiLog is the part of the document of 'nvidia-smi -q -x' that is read. One call says
// everything, and lacks only the fields that the driver lacks, while the queries that
// write CSV fail as a whole, and do not know the version of CUDA. Elements with two
// fields were renamed: the first in release 610, the last one in release 535.
type smiLog struct {
	XMLName       xml.Name `xml:"nvidia_smi_log"`
	KMDVersion    string   `xml:"kmd_version"`
	DriverVersion string   `xml:"driver_version"`
	UMDVersion    string   `xml:"cuda_umd_version"`
	CUDAVersion   string   `xml:"cuda_version"`
	GPUs          []smiGPU `xml:"gpu"`
}

// smiGPU is one GPU, in nvidia-smi's order. Values have units, or words where there is no
// value: see absent.
type smiGPU struct {
	Name          string     `xml:"product_name"`
	UUID          string     `xml:"uuid"`
	Persistence   string     `xml:"persistence_mode"`
	MIG           string     `xml:"mig_mode>current_mig"`
	Generation    string     `xml:"pci>pci_gpu_link_info>pcie_gen>current_link_gen"`
	MaxGeneration string     `xml:"pci>pci_gpu_link_info>pcie_gen>max_link_gen"`
	Width         string     `xml:"pci>pci_gpu_link_info>link_widths>current_link_width"`
	MaxWidth      string     `xml:"pci>pci_gpu_link_info>link_widths>max_link_width"`
	Memory        string     `xml:"fb_memory_usage>total"`
	Used          string     `xml:"fb_memory_usage>used"`
	Power         string     `xml:"gpu_power_readings>current_power_limit"`
	OldPower      string     `xml:"power_readings>power_limit"`
	Default       string     `xml:"gpu_power_readings>default_power_limit"`
	OldDefault    string     `xml:"power_readings>default_power_limit"`
	Reasons       smiReasons `xml:"clocks_event_reasons"`
	OldReasons    smiReasons `xml:"clocks_throttle_reasons"`
	Processes     struct {
		Words string `xml:",chardata"`
		All   []struct {
			Type string `xml:"type"`
		} `xml:"process_info"`
	} `xml:"processes"`
}

// smiReasons are the reasons for the present clock, one per element.
type smiReasons struct {
	All []struct {
		XMLName xml.Name
		State   string `xml:",chardata"`
	} `xml:",any"`
}

// readSMI reads the document, which may have lines before and after it.
func readSMI(output []byte) (log smiLog, err error) {
	err = xml.NewDecoder(bytes.NewReader(output)).Decode(&log)
	return log, err
}

func (l *smiLog) finding() (f finding) {
	driver := hardware.Driver{
		Version: version(l.KMDVersion, l.DriverVersion),
		CUDA:    version(l.UMDVersion, l.CUDAVersion),
	}
	gpus := make([]hardware.GPU, len(l.GPUs))
	for i := range l.GPUs {
		gpus[i] = l.GPUs[i].read(i, &f)
	}
	if driver.Version == "" {
		f.lack("driver.version", notTold(cmp.Or(l.KMDVersion, l.DriverVersion)))
	}
	if driver.CUDA == "" {
		f.lack("driver.cuda", notTold(cmp.Or(l.UMDVersion, l.CUDAVersion)))
	}
	f.keep = func(p *hardware.Probe) { p.GPUs, p.Driver = gpus, driver }
	return f
}

// read reads a GPU, and notes the facts that nvidia-smi lacks.
func (g *smiGPU) read(index int, f *finding) hardware.GPU {
	lack := func(fact, text string) { f.lack(fmt.Sprintf("gpus[%d].%s", index, fact), notTold(text)) }
	quantity := func(fact, text, unit string) float64 {
		x, ok := number(text, unit)
		if !ok {
			lack(fact, text)
		}
		return x
	}
	gpu := hardware.GPU{
		Index:     index,
		UUID:      g.UUID,
		MemoryGiB: round(quantity("memory_gib", g.Memory, "MiB")/1024, 2),
		UsedGiB:   round(quantity("used_gib", g.Used, "MiB")/1024, 2),
		Link: hardware.Link{
			Generation:    whole(g.Generation),
			Width:         whole(strings.TrimSuffix(g.Width, "x")),
			MaxGeneration: whole(g.MaxGeneration),
			MaxWidth:      whole(strings.TrimSuffix(g.MaxWidth, "x")),
		},
		PowerW:   quantity("power_limit_w", cmp.Or(g.Power, g.OldPower), "W"),
		DefaultW: quantity("power_default_w", cmp.Or(g.Default, g.OldDefault), "W"),
		SlowedBy: append(g.Reasons.active(), g.OldReasons.active()...),
	}
	if gpu.Name = strings.Join(strings.Fields(g.Name), " "); absent(gpu.Name) {
		gpu.Name = ""
		lack("name", g.Name)
	}
	if gpu.Link.Generation == 0 {
		lack("link", g.Generation)
	}
	if gpu.Persists = setting(g.Persistence); gpu.Persists == "" {
		lack("persistence", g.Persistence)
	}
	switch gpu.MIG = setting(g.MIG); {
	case gpu.MIG == "" && strings.Trim(g.MIG, "[] ") == "N/A":
		gpu.MIG = "not supported"
	case gpu.MIG == "":
		lack("mig", g.MIG)
	}
	for _, process := range g.Processes.All {
		if strings.Contains(process.Type, "C") { // C, C+G, and M+C under MPS; G draws
			gpu.Processes++
		}
	}
	if words := strings.TrimSpace(g.Processes.Words); words != "" && words != "None" {
		lack("compute_processes", words)
	}
	return gpu
}

// active are the present reasons that slow the clock down.
func (r *smiReasons) active() (names []string) {
	for _, reason := range r.All {
		name := reason.XMLName.Local
		for _, prefix := range []string{"clocks_event_reason_", "clocks_throttle_reason_"} {
			name = strings.TrimPrefix(name, prefix)
		}
		if strings.TrimSpace(reason.State) == "Active" && name != "gpu_idle" {
			names = append(names, name)
		}
	}
	return names
}

// absent recognizes the words that nvidia-smi has in place of a value, with or without
// brackets.
func absent(text string) bool { return noValue.MatchString(strings.Trim(text, "[] ")) }

var noValue = regexp.MustCompile(
	`^($|N/A$|Not Supported$|Unknown|ERR|GPU is lost|Requested functionality|Insufficient)`)

// notTold is the reason for an absent value.
func notTold(text string) string {
	if line := firstLine([]byte(text)); line != "" {
		return fmt.Sprintf("nvidia-smi says %q", line)
	}
	return "this release of nvidia-smi does not report it"
}

// number is a quantity, "81559 MiB" or "700.00 W".
func number(text, unit string) (x float64, ok bool) {
	fields := strings.Fields(text)
	if len(fields) != 2 || fields[1] != unit {
		return 0, false
	}
	x, err := strconv.ParseFloat(fields[0], 64)
	return x, err == nil && x >= 0 && x < 1e9
}

// whole is a whole number, 0 for anything else.
func whole(text string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// setting is "enabled" or "disabled", empty for anything else.
func setting(text string) string {
	if text = strings.ToLower(strings.TrimSpace(text)); text == "enabled" || text == "disabled" {
		return text
	}
	return ""
}

// version is the first of the texts that begins with a version. Release 610 adds a remark
// to the elements that it will remove.
func version(texts ...string) string {
	for _, text := range texts {
		if fields := strings.Fields(text); len(fields) > 0 && strings.Trim(fields[0], "0123456789.") == "" {
			return fields[0]
		}
	}
	return ""
}
