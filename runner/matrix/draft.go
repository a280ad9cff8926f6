package matrix

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/goccy/go-yaml"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

//go:embed draft.tmpl
var draftText string

var draftTemplate = template.Must(template.New("draft").Parse(draftText))

// Draft is a lab's file with one node, which measures every figure that needs no other
// machine. models and environment may be empty. What is wrong with them comes as Errors, as
// in any lab's file.
func Draft(node result.Node, models, environment string, known catalogue.Catalogue) ([]byte, error) {
	declared, err := hardwareYAML(node.Declared)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = draftTemplate.Execute(&text, map[string]any{
		"Node": quoted(node.Name), "Models": quoted(models), "Environment": quoted(environment),
		"Hardware": declared, "Figures": ownFigures(known),
	})
	if err != nil {
		return nil, fmt.Errorf("drafting a lab's file: %w", err)
	}
	_, err = Parse("the draft", text.Bytes(), known)
	return text.Bytes(), err
}

// quoted is a text as YAML writes it.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	written, _ := json.Marshal(text) // a string of JSON is one of YAML
	return string(written)
}

// hardwareYAML writes what is known of a machine, line by line. The keys are those of its
// JSON.
func hardwareYAML(h hardware.Hardware) (lines []string, err error) {
	data, err := json.Marshal(declarable(h))
	if err != nil {
		return nil, fmt.Errorf("drafting a lab's file: %w", err)
	}
	text, err := yaml.JSONToYAML(data)
	if err != nil {
		return nil, fmt.Errorf("drafting a lab's file: %w", err)
	}
	if string(data) == "{}" {
		return nil, nil
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n"), nil
}

// declarable leaves out what has no meaning in a lab's file without a fact that is unknown.
func declarable(h hardware.Hardware) hardware.Hardware {
	if h.CPU.Model == "" {
		h.CPU = hardware.CPU{}
	}
	if h.DRAM.Size == 0 {
		h.DRAM = hardware.DRAM{}
	}
	if h.CUDA.Version == "" {
		h.CUDA = hardware.CUDA{}
	}
	if h.SSD.Count == 0 {
		h.SSD = hardware.SSD{}
	}
	return h
}

// drafted is a figure of a draft.
type drafted struct {
	Number string
	Roles  []string // on one node
}

// ownFigures are the figures that one machine can measure, in their order: those without
// roles, and those whose roles are compared on one node.
func ownFigures(known catalogue.Catalogue) (figures []drafted) {
	for _, f := range known.Figures {
		roles := slices.DeleteFunc(slices.Clone(f.Roles), func(role string) bool { return role == "" })
		if onOneNode(roles) {
			figures = append(figures, drafted{f.Number, roles})
		}
	}
	return figures
}

// onOneNode tells whether roles can all be one node's.
func onOneNode(roles []string) bool {
	for i, role := range roles {
		compare, named := comparisons[kindOf(role)]
		if i > 0 && named && compare(Role{Name: roles[0]}, Role{Name: role}) != "" {
			return false
		}
	}
	return true
}
