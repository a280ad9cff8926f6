package matrix

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// A reader takes a value in, or notes what is wrong with it. A value whose alias
// stands for nothing has its mistake noted already, and no reader adds another.
type reader func(v value)

// field is a key that a mapping may have, with what reads its value. A field
// with an example must be there.
type field struct {
	key     string
	example string // a value
	read    reader
}

func optional(key string, read reader) field { return field{key: key, read: read} }

func required(key, example string, read reader) field {
	return field{key: key, example: example, read: read}
}

// object reads a mapping with the keys of the fields. The fields are read in
// their own order, not in that of the file, so that one may rest on another.
func (d *document) object(fields ...field) reader {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	form := fmt.Sprintf("a mapping such as {%s: …}", strings.Join(keys, ": …, "))
	return func(v value) {
		entries, ok := d.mapping(v, form)
		if !ok {
			return
		}
		for _, e := range entries {
			if !slices.Contains(keys, e.name) {
				d.errorf(e.key, "unknown key %q%s", e.name, choice(e.name, "known keys:", keys))
			}
		}
		for _, f := range fields {
			i := slices.IndexFunc(entries, func(e entry) bool { return e.name == f.key })
			switch {
			case i >= 0:
				f.read(entries[i].value)
			case f.example != "":
				d.errorf(v.at, "%s is missing in %s; add it, such as %s: %s", f.key, v.name, f.key, f.example)
			}
		}
	}
}

// mostEntries bounds a mapping of any keys and a list. No lab has as many.
const mostEntries = 1000

// each reads a mapping of any keys, at least one and mostEntries at most.
func (d *document) each(want string, read func(entry)) reader {
	return func(v value) {
		entries, ok := d.mapping(v, want)
		if ok && len(entries) == 0 {
			d.errorf(v.at, "%s is empty; it must be %s", v.name, want)
		}
		if d.tooMany(v, len(entries), mostEntries) {
			return
		}
		for _, e := range entries {
			read(e)
		}
	}
}

// tooMany notes that a value has more entries or items than are read.
func (d *document) tooMany(v value, n, most int) bool {
	if n > most {
		d.errorf(v.at, "%s has %d entries, but may have %d at most", v.name, n, most)
	}
	return n > most
}

// list reads a list, item by item; messages call an item by name.
func (d *document) list(want, name string, read reader) reader {
	return func(v value) {
		list, ok := v.node.(*ast.SequenceNode)
		if !ok {
			d.mistyped(v, want)
			return
		}
		if d.tooMany(v, len(list.Values), mostEntries) {
			return
		}
		for _, item := range list.Values {
			read(d.value(name, item))
		}
	}
}

// atMost reads a list that has not more items.
func (d *document) atMost(most int, read reader) reader {
	return func(v value) {
		if list, ok := v.node.(*ast.SequenceNode); !ok || !d.tooMany(v, len(list.Values), most) {
			read(v)
		}
	}
}

// filled reads a list that has an item at least.
func (d *document) filled(want, name string, read reader) reader {
	return func(v value) {
		if list, ok := v.node.(*ast.SequenceNode); ok && len(list.Values) == 0 {
			d.errorf(v.at, "%s is empty; it must be %s", v.name, want)
		}
		d.list(want, name, read)(v)
	}
}

// text reads one line of text. A number is text as it is written: 3.10 stays 3.10.
func (d *document) text(to *string) reader {
	return d.line(func(_ value, text string) { *to = text })
}

// line reads one line of text and hands it on with its place.
func (d *document) line(take func(v value, text string)) reader {
	return func(v value) {
		s, ok := plain(v.node)
		switch {
		case !ok:
			d.mistyped(v, "text")
		case strings.TrimSpace(s) == "":
			d.errorf(v.at, "%s is empty; it must be text", v.name)
		case strings.ContainsFunc(s, unicode.IsControl):
			d.errorf(v.at, "%s must be one line of plain text", v.name)
		default:
			take(v, s)
		}
	}
}

// whole reads a whole number from low to high.
func (d *document) whole(to *int, low, high int) reader {
	return func(v value) {
		n, err := strconv.Atoi(digits(v.node))
		switch {
		case err != nil:
			d.mistyped(v, "a whole number")
		case n < low || n > high:
			d.errorf(v.at, "%s must be from %d to %d, not %d", v.name, low, high, n)
		default:
			*to = n
		}
	}
}

// number reads a number from low to high.
func (d *document) number(to *float64, low, high float64) reader {
	return func(v value) {
		n, err := strconv.ParseFloat(digits(v.node), 64)
		switch {
		case err != nil || math.IsNaN(n):
			d.mistyped(v, "a number")
		case n < low || n > high:
			d.errorf(v.at, "%s must be from %v to %v, not %s", v.name, low, high, digits(v.node))
		default:
			*to = n
		}
	}
}

// entry is a key of a mapping with its value; the value's name is the key.
type entry struct {
	key position
	value
}

// mapping is the entries of a mapping, each key once. Keys that a merge brings
// in come last and yield to the mapping's own.
func (d *document) mapping(v value, want string) ([]entry, bool) {
	node, ok := v.node.(ast.MapNode)
	if !ok {
		d.mistyped(v, want)
		return nil, false
	}
	own, merged := d.entries(node, make(map[ast.Node]bool))
	seen := make(map[string]position)
	own = slices.DeleteFunc(own, func(e entry) bool {
		first, twice := seen[e.name]
		if twice {
			d.errorf(e.key, "duplicate key %q; line %d has it already", e.name, first.line)
		} else {
			seen[e.name] = e.key
		}
		return twice
	})
	merged = slices.DeleteFunc(merged, func(e entry) bool {
		_, twice := seen[e.name]
		seen[e.name] = e.key
		return twice
	})
	return append(own, merged...), true
}

// entries are a mapping's own and those that it merges (<<: *anchor), the nearest
// first. A mapping is merged once, however often it is named.
func (d *document) entries(node ast.MapNode, done map[ast.Node]bool) (own, merged []entry) {
	for each := node.MapRange(); each.Next(); {
		if each.Key().IsMergeKey() {
			merged = append(merged, d.merged(d.value("<<", each.Value()), done)...)
		} else if name, ok := plain(each.Key()); ok {
			own = append(own, entry{key: start(each.Key()), value: d.value(name, each.Value())})
		} else {
			d.errorf(start(each.Key()), "a key must be a plain word")
		}
	}
	return own, merged
}

// merged are the entries of a mapping, or of a list of them.
func (d *document) merged(v value, done map[ast.Node]bool) (all []entry) {
	if v.node == nil || done[v.node] {
		return nil
	}
	done[v.node] = true
	switch node := v.node.(type) {
	case ast.MapNode:
		own, further := d.entries(node, done)
		return append(own, further...)
	case *ast.SequenceNode:
		for _, item := range node.Values {
			all = append(all, d.merged(d.value("<<", item), done)...)
		}
	default:
		d.mistyped(v, "a mapping to merge, such as *anchor")
	}
	return all
}

// mistyped notes that a value is not what is wanted.
func (d *document) mistyped(v value, want string) {
	switch v.node.(type) {
	case nil:
	case *ast.NullNode:
		d.errorf(v.at, "%s is empty; it must be %s", v.name, want)
	case *ast.TagNode:
		d.errorf(v.at, "%s has a YAML tag, which coldstart does not read; write %s without it", v.name, want)
	default:
		d.errorf(v.at, "%s must be %s, not %s", v.name, want, kind(v.node))
	}
}

// kind names the kind of a node, or quotes its text.
func kind(node ast.Node) string {
	switch node.(type) {
	case ast.MapNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		s, _ := plain(node)
		return fmt.Sprintf("%q", s)
	default:
		return node.GetToken().Value
	}
}

// plain is the text of a word, a number or a block of text, as written.
func plain(node ast.Node) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode:
		return node.GetToken().Value, true
	}
	return "", false
}

// digits is a number as written, empty for anything else.
func digits(node ast.Node) string {
	switch node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return node.GetToken().Value
	}
	return ""
}
