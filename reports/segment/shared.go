package segment

// Shared cuts start-ups at the moments that all of them know, so that their times can be
// compared: segments that are one in some of them are one in all. What some of them do not
// know at their beginning, such as process_start, and first_token, count in none: lacking
// are the names of those. A start-up that ends with capture_warmup was ready then. Moments with
// which the unlike segments begin are known, but not the same moment in all.
func Shared(all []Times, unlike ...int) (shared []Times, lacking []string) {
	common := all[0].cuts()
	for _, of := range unlike {
		common[of] = false
	}
	for _, t := range all {
		for i, known := range t.cuts() {
			common[i] = common[i] && known
		}
	}
	var covered, kept [len(names)]bool
	for _, t := range all {
		cut := t.cutAt(&common)
		shared = append(shared, cut)
		t.cover(&covered)
		cut.cover(&kept)
	}
	for i, name := range names {
		if covered[i] && !kept[i] {
			lacking = append(lacking, name)
		}
	}
	return shared, lacking
}

// cuts are the moments of a start-up: the begin of each segment, and the first token.
type cuts [len(names) + 1]bool

func (t Times) cuts() (known cuts) {
	for i := range t {
		known[t[i].First], known[t[i].Last+1] = true, true
	}
	known[FirstToken] = true // ready
	return known
}

// cutAt are the times between some of the start-up's moments.
func (t Times) cutAt(known *cuts) (cut Times) {
	for i := range t {
		first, end := t[i].First, t[i].Last+1
		for first >= 0 && !known[first] {
			first--
		}
		for end < len(known) && !known[end] {
			end++
		}
		switch last := len(cut) - 1; {
		case first < 0 || end == len(known):
		case last >= 0 && cut[last].First == first:
			cut[last].Took += t[i].Took
		default:
			cut = append(cut, Time{first, end - 1, t[i].Took})
		}
	}
	return cut
}

func (t Times) cover(covered *[len(names)]bool) {
	for i := range t {
		for of := t[i].First; of <= t[i].Last; of++ {
			covered[of] = true
		}
	}
}
