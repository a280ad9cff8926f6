package matrix

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// document is the text of a file, and what was found wrong in it so far.
type document struct {
	name    string
	lines   []string
	aliases map[*ast.AliasNode]ast.Node // what each alias stands for; nil for nothing
	found   Errors
}

// position is a place in the text, line and column from 1.
type position struct{ line, column int }

// value is a node of the document.
type value struct {
	name string   // what messages call it: mostly its key
	node ast.Node // what is written there, the anchored node for an alias
	at   position // where it is written: the alias itself, not its anchor
}

// open parses the text of a file. Without a root, what is wrong has been noted.
func open(name string, data []byte) (*document, *value) {
	data = plainText(data)
	d := &document{name: name, lines: strings.Split(string(data), "\n")}
	body := d.body(data)
	if body == nil {
		return d, nil
	}
	a := aliases{anchors: map[string]ast.Node{}, of: map[*ast.AliasNode]ast.Node{}}
	ast.Walk(a, body)
	d.aliases = a.of
	root := d.value("the file", body)
	return d, &root
}

// plainText drops a byte order mark and makes every line end in a newline.
func plainText(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
}

// body is the one thing that the file holds.
func (d *document) body(data []byte) ast.Node {
	if at, ok := d.foreignByte(); ok {
		d.errorf(at, "not a text file: this byte is not valid UTF-8")
		return nil
	}
	if at, ok := d.tooDeep(); ok {
		d.errorf(at, "nested more than %d levels deep; hardware-matrix.yaml needs about six", deepest)
		return nil
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return nil
	}
	bodies := contents(file)
	switch len(bodies) {
	case 0:
		d.errorf(position{1, 1}, "the file is empty; it needs default_node, nodes and figures")
		return nil
	case 1:
		return bodies[0]
	default:
		d.errorf(start(bodies[1]), "a second YAML document begins here; remove the line --- before it")
		return nil
	}
}

// deepest bounds how deep a file nests. The parser calls itself for each level, and
// takes gigabytes for a file of nothing but brackets.
const deepest = 64

// tooDeep finds where the text opens more than deepest brackets, lists or indented
// blocks, before it is parsed.
func (d *document) tooDeep() (at position, found bool) {
	open := 0
	for i, line := range d.lines {
		content := strings.TrimLeft(line, " ")
		block := len(line) - len(content)
		for content != strings.TrimPrefix(content, "- ") {
			content = strings.TrimLeft(content[1:], " ")
			block++
		}
		if block > 2*deepest { // two spaces are a level
			return position{i + 1, 1}, true
		}
		for column, c := range []byte(line) {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(0, open-1)
			}
			if open > deepest {
				return position{i + 1, column + 1}, true
			}
		}
	}
	return position{}, false
}

// foreignByte finds the first byte that YAML text cannot hold.
func (d *document) foreignByte() (at position, found bool) {
	for i, line := range d.lines {
		column := 0
		for j, r := range line {
			column++
			_, size := utf8.DecodeRuneInString(line[j:])
			if r == 0 || r == utf8.RuneError && size == 1 {
				return position{i + 1, column}, true
			}
		}
	}
	return position{}, false
}

// syntax notes that the text is not YAML.
func (d *document) syntax(err error) {
	var at yaml.Error
	if !errors.As(err, &at) {
		d.errorf(position{1, 1}, "not YAML: %v", err)
		return
	}
	message := at.GetMessage()
	if strings.Contains(message, "\t") {
		message = "YAML does not allow tabs as indentation; use spaces"
	}
	d.errorf(tokenPosition(at.GetToken()), "not YAML: %s", message)
}

// contents are the bodies of a file's documents, without directives and empty
// documents.
func contents(file *ast.File) (bodies []ast.Node) {
	for _, doc := range file.Docs {
		if _, directive := doc.Body.(*ast.DirectiveNode); doc.Body != nil && !directive {
			bodies = append(bodies, doc.Body)
		}
	}
	return bodies
}

// aliases finds what each alias stands for: the last anchor of its name that ends
// before it. An alias inside its own anchor stands for nothing, so what aliases
// lead to never has a loop.
type aliases struct {
	anchors map[string]ast.Node
	of      map[*ast.AliasNode]ast.Node
}

// Visit is called for each node in the order of the text.
func (a aliases) Visit(node ast.Node) ast.Visitor {
	switch n := node.(type) {
	case *ast.AnchorNode:
		ast.Walk(a, n.Value)
		a.anchors[n.Name.String()] = n.Value
		return nil
	case *ast.AliasNode:
		a.of[n] = a.anchors[n.Value.String()]
		return nil
	}
	return a
}

// value is a node with its name; anchors and aliases are gone from it.
func (d *document) value(name string, node ast.Node) value {
	v := value{name: name, node: node, at: start(node)}
	for {
		switch n := v.node.(type) {
		case *ast.AnchorNode:
			v.node = n.Value
		case *ast.AliasNode:
			v.node = d.aliases[n]
			if v.node == nil {
				d.errorf(v.at, "there is no anchor &%s above this", n.Value)
			}
		default:
			return v
		}
	}
}

// start is where a node begins.
func start(node ast.Node) position {
	switch n := node.(type) {
	case nil:
		return position{1, 1}
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 { // the token is the colon's
			return start(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(n.Key)
	}
	return tokenPosition(node.GetToken())
}

func tokenPosition(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{1, 1}
	}
	return position{max(1, t.Position.Line), max(1, t.Position.Column)}
}

// enough is the panic that ends the reading of a file with too many mistakes.
type enough struct{}

// untilEnough reads a file up to its last mistake that is noted.
func (d *document) untilEnough(read reader, root value) {
	defer func() {
		if r := recover(); r != nil && r != any(enough{}) {
			panic(r)
		}
	}()
	read(root)
}

// errorf notes a mistake. The last one that is noted ends the reading.
func (d *document) errorf(at position, format string, args ...any) {
	e := &Error{File: d.name, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...)}
	if at.line <= len(d.lines) {
		e.Snippet = d.lines[at.line-1]
	}
	if d.found = append(d.found, e); len(d.found) == mostFound {
		panic(enough{})
	}
}

// errors is all that was noted, in the order of the text.
func (d *document) errors() Errors { return byPosition(d.found) }
