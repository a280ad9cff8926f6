package privacy

// An index finds the places where a secret's name or shape may begin, by their first
// three bytes, in whichever case. Most lines have none and cost no more than that.
type index struct {
	begins [1 << 15 / 64]uint64
	words  map[int][]string
	shapes map[int][]shape
}

var stems = newIndex()

func newIndex() *index {
	x := &index{words: map[int][]string{}, shapes: map[int][]shape{}}
	for word := range secretWords {
		x.words[x.add(word)] = append(x.words[hashOf([]byte(word))], word)
	}
	for _, shape := range shapes {
		x.shapes[x.add(shape.prefix)] = append(x.shapes[hashOf([]byte(shape.prefix))], shape)
	}
	x.add(keyBegins)
	for flag := range logins {
		x.add(flag)
	}
	return x
}

func (x *index) add(text string) int {
	h := hashOf([]byte(text))
	x.begins[h/64] |= 1 << (h % 64)
	return h
}

// next is the first place from i on where something may begin, or -1.
func (x *index) next(line []byte, i int) int {
	if i+2 >= len(line) {
		return -1
	}
	h := int(line[i]&31)<<5 | int(line[i+1]&31)
	for at, c := range line[i+2:] {
		h = h<<5&(1<<15-1) | int(c&31)
		if x.begins[h/64]>>(h%64)&1 != 0 {
			return i + at
		}
	}
	return -1
}

// hashOf is the hash of three bytes: of a letter the same in both cases.
func hashOf(text []byte) int {
	return int(text[0]&31)<<10 | int(text[1]&31)<<5 | int(text[2]&31)
}
