package privacy

import "strconv"

// symbol is the character that a line has at i, and how many bytes it takes there: one,
// or more if JSON, a shell, Python or a URL escapes it, also several times over.
// Characters beyond ASCII have no part in names and separators and count as their bytes.
func symbol(line []byte, i int) (c byte, width int) {
	switch line[i] {
	case '\\':
		return behindBackslash(line, i)
	case '%':
		j := i + 1
		for j+1 < len(line) && line[j] == '2' && line[j+1] == '5' {
			j += 2
		}
		if c, ok := hex(line, j, 2); ok {
			return c, j + 2 - i
		}
	}
	return line[i], 1
}

func behindBackslash(line []byte, i int) (c byte, width int) {
	j := i
	for j < len(line) && line[j] == '\\' {
		j++
	}
	if j == len(line) {
		return '\\', j - i
	}
	switch c := line[j]; {
	case c == 'n', c == 'r':
		return '\n', j + 1 - i
	case c == 't':
		return '\t', j + 1 - i
	case c == 'u':
		if c, ok := hex(line, j+1, 4); ok {
			return c, j + 5 - i
		}
	case c == 'x':
		if c, ok := hex(line, j+1, 2); ok {
			return c, j + 3 - i
		}
	case c >= '!' && c <= '~' && !isLetter(c) && !isDigit(c):
		return c, j + 1 - i
	}
	return '\\', j - i
}

// hex is the ASCII character that n hexadecimal digits name.
func hex(line []byte, i, n int) (byte, bool) {
	if i+n > len(line) {
		return 0, false
	}
	c, err := strconv.ParseUint(string(line[i:i+n]), 16, 16)
	return byte(c), err == nil && c < 0x80
}

// before is the symbol that ends at i, and where it begins. A line has none at its
// beginning.
func before(line []byte, i int) (c byte, at int) {
	const longest = 16
	at = i
	for k := i - 1; k >= max(0, i-longest); k-- {
		if s, width := symbol(line, k); width == i-k {
			c, at = s, k
		}
	}
	return c, at
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }
func opens(c byte) bool   { return c == '[' || c == '{' || c == '(' }
func closes(c byte) bool  { return c == ']' || c == '}' || c == ')' }
