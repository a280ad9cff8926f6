package phase

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Setup is how the engine was set up. A field is empty if the log does not say.
type Setup struct {
	Start     string `json:"start,omitempty"`     // of the engine's process: Forked or Spawned
	Attention string `json:"attention,omitempty"` // backend, in the log's words, such as "Flash Attention"
	Sampler   string `json:"sampler,omitempty"`   // for top-p and top-k: "FlashInfer" or "PyTorch"
	Config    Config `json:"config,omitempty"`
}

// Ranks is the number of processes with a GPU each that one engine has, by its configuration;
// 1 if that does not say.
func (s *Setup) Ranks() int {
	fields, all := s.Config.Fields(), 1
	for _, name := range []string{"tensor_parallel_size", "pipeline_parallel_size"} {
		if size, err := strconv.Atoi(fields[name]); err == nil && size > 0 && size <= mostRanks {
			all *= size
		}
	}
	return all
}

// mostRanks is more than any engine has of a kind.
const mostRanks = 10_000

// The values of Setup.Start. A forked process is a copy of the front end; a spawned
// process is a new Python, which imports vLLM again.
const (
	Forked  = "forked"
	Spawned = "spawned"
)

// longestName is how many bytes of the name of a backend or sampler are kept.
const longestName = 100

func shortened(text []byte) string { return string(text[:min(len(text), longestName)]) }

// A Setting is one thing in which two setups differ.
type Setting struct {
	Name string // of a field of the configuration line or of Setup
	A, B string // empty: the line has no such field
}

// placed are the fields that name a model or a path. They do not change what the
// engine does.
var placed = []string{
	"model", "tokenizer", "served_model_name", "download_dir", "instance_id",
	"compilation_config.cache_dir", "compilation_config.local_cache_dir", "compilation_config.debug_dump_path",
}

// Differences are the settings in which two setups differ, in order of their names.
// They are compared only if both logs state them; a field that only one of two
// configuration lines has is a difference. Fields that name models and paths are
// left out, and other notations of one value are none.
func (s *Setup) Differences(other *Setup) (settings []Setting) {
	for _, fact := range []Setting{
		{"engine process", s.Start, other.Start},
		{"attention backend", s.Attention, other.Attention},
		{"sampler", s.Sampler, other.Sampler},
	} {
		if fact.A != "" && fact.B != "" && plainBackend(fact.A) != plainBackend(fact.B) {
			settings = append(settings, fact)
		}
	}
	if s.Config == "" || other.Config == "" || s.Config == other.Config {
		return settings
	}
	ours, theirs := s.Config.Fields(), other.Config.Fields()
	all := maps.Clone(ours)
	maps.Copy(all, theirs)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a, inA := ours[name]
		b, inB := theirs[name]
		if same := inA == inB && plain(a) == plain(b); !same && !slices.Contains(placed, name) {
			settings = append(settings, Setting{name, a, b})
		}
	}
	return settings
}

// plainBackend is one name for "Flash Attention", as 0.10 has it, and "FLASH_ATTN", as 0.20.
func plainBackend(name string) string {
	return backendWords.Replace(strings.ToLower(name))
}

var backendWords = strings.NewReplacer(" ", "", "_", "", "attention", "attn")

// plain is one notation of a value. Earlier releases print a part of the line as JSON, later
// ones all of it as Python; the sizes of CUDA graphs begin with the largest or the smallest.
func plain(value string) string {
	switch value {
	case "null":
		return "None"
	case "true":
		return "True"
	case "false":
		return "False"
	}
	if items, ok := List(value); ok {
		if numbers, ok := Numbers(items); ok {
			slices.Sort(numbers)
			return fmt.Sprint(numbers)
		}
		for i := range items {
			items[i] = plain(items[i])
		}
		return fmt.Sprint(items)
	}
	if _, inner, ok := strings.Cut(value, ": "); ok && value[0] == '<' {
		return plain(strings.TrimSuffix(inner, ">")) // of <CUDAGraphMode.NONE: 0>
	}
	if last := len(value) - 1; last > 0 && value[0] == value[last] && strings.IndexByte(`'"`, value[0]) >= 0 {
		return value[1:last]
	}
	return value
}

// List are the items of a value in brackets, as printed.
func List(value string) (items []string, ok bool) {
	if !strings.HasPrefix(value, "[") || !strings.HasSuffix(value, "]") || len(value) < 2 {
		return nil, false
	}
	for rest := value[1 : len(value)-1]; rest != ""; {
		var item string
		item, rest = cutField(rest)
		items = append(items, item)
	}
	return items, true
}

// Numbers are the items if all of them are whole numbers.
func Numbers(items []string) (numbers []int, ok bool) {
	for _, item := range items {
		n, err := strconv.Atoi(item)
		if err != nil {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, len(numbers) > 0
}

// Config is an engine's configuration line, "name=value, name=value", as printed. In
// JSON it is an object of its fields.
type Config string

// Fields are the line's fields by name, each value as printed. Fields within a field
// have dotted names, such as "compilation_config.level".
func (c Config) Fields() map[string]string {
	fields := map[string]string{}
	addFields(fields, "", string(c), deepestField)
	return fields
}

// NewConfig makes a line from fields.
func NewConfig(fields map[string]string) Config {
	var line []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		line = append(line, name+"="+fields[name])
	}
	return Config(strings.Join(line, ", "))
}

// MarshalJSON writes the fields.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.Fields()) }

// UnmarshalJSON reads the fields.
func (c *Config) UnmarshalJSON(text []byte) error {
	var fields map[string]string
	err := json.Unmarshal(text, &fields)
	*c = NewConfig(fields)
	return err
}

// deepestField limits how deep nested fields are read. vLLM nests two deep.
const deepestField = 4

// addFields adds the fields of text, a comma-separated list, under a prefix.
func addFields(fields map[string]string, prefix, text string, depth int) {
	for text != "" {
		var field string
		field, text = cutField(text)
		name, value, ok := cutName(field)
		if !ok {
			continue
		}
		if inner, nested := inBrackets(value); nested && depth > 0 {
			addFields(fields, prefix+name+".", inner, depth-1)
		} else {
			fields[prefix+name] = value
		}
	}
}

// cutField cuts text at the first comma outside quotes and brackets.
func cutField(text string) (field, rest string) {
	var quote byte
	depth := 0
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			if depth == 0 { // as some releases end the line
				return strings.TrimSpace(text[:i]), text[i+1:]
			}
			depth--
		case c == ',' && depth == 0:
			return strings.TrimSpace(text[:i]), text[i+1:]
		}
	}
	return strings.TrimSpace(text), ""
}

// cutName cuts a field into its name and its value: name=value, 'name': value or
// "name":value.
func cutName(field string) (name, value string, ok bool) {
	end := strings.IndexAny(field, "=:")
	if end < 0 {
		return "", "", false
	}
	name = strings.Trim(field[:end], `'" `)
	return name, strings.Trim(field[end+1:], " "), name != ""
}

// inBrackets is the text inside a value that holds fields: {…} of JSON or Python, or
// Name(…).
func inBrackets(value string) (inner string, nested bool) {
	open := strings.IndexAny(value, "({[")
	if open < 0 || value[open] == '[' || open+1 >= len(value)-1 {
		return "", false
	}
	if before := value[:open]; value[open] == '{' && before != "" || strings.ContainsAny(before, `'" `) {
		return "", false
	}
	inner = value[open+1 : len(value)-1]
	_, _, ok := cutName(inner)
	return inner, ok && strings.IndexByte(")}", value[len(value)-1]) >= 0
}
