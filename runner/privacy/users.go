package privacy

import "bytes"

// users hides the users of URLs, with or without a password, since some servers take a
// token as the user; and a password in user:password@host.
func (s *scan) users() {
	floor := 0
	for {
		at := bytes.IndexByte(s.line[floor:], '@')
		if at < 0 {
			return
		}
		end := floor + at
		s.user(floor, end)
		floor = end + 1
	}
}

// user looks at what stands before the @ at end, from floor on.
func (s *scan) user(floor, end int) {
	begin := end
	for begin > floor && !isSpace(s.line[begin-1]) && !isQuote(s.line[begin-1]) && s.line[begin-1] != '<' {
		begin--
	}
	word := s.line[begin:end]
	if last := len(s.spans) - 1; begin == floor && last >= 0 && s.spans[last].end == floor-1 {
		if bytes.IndexByte(word, '/') < 0 {
			s.spans[last].end = end // an @ in a password
		}
		return
	}
	if i := bytes.LastIndex(word, []byte("://")); i >= 0 {
		user := word[i+len("://"):]
		host, _, path := bytes.Cut(user, []byte("/"))
		_, secret, _ := bytes.Cut(host, []byte(":"))
		if !path || !isHarmless(secret, password) && bytes.IndexFunc(secret, isNoDigit) >= 0 {
			s.hide(begin, end-len(user), end)
		}
		return
	}
	digest := bytes.HasPrefix(s.line[end:], []byte("@sha256:"))
	if i := bytes.LastIndexByte(word, ':'); i > 0 && isRandom(word[i+1:]) && !digest {
		s.hide(begin, begin+i+1, end)
	}
}

func isNoDigit(r rune) bool { return r < '0' || r > '9' }

// logins are the flags of programs that log in somewhere, and whether a user precedes the
// password.
var logins = map[string]bool{"-u ": true, "--user ": true, "--user=": true, "-p ": false}

// login hides the password behind such a flag, and tells where to go on; if none stands
// at i, it is 0.
func (s *scan) login(i int) (next int) {
	if i > 0 && !isSpace(s.line[i-1]) {
		return 0
	}
	for flag, user := range logins {
		if !bytes.HasPrefix(s.line[i:], []byte(flag)) {
			continue
		}
		begin := i + len(flag)
		end := s.wordEnd(begin, place{level: 1})
		value := s.line[begin:end]
		at := bytes.IndexByte(value, ':')
		if user && at > 0 && bytes.IndexFunc(bytes.Trim(value[at+1:], `"'`), isNoDigit) >= 0 {
			return s.hide(i, begin+at+1, end)
		}
		if !user && isRandom(value) {
			return s.hide(i, begin, end)
		}
		return 0
	}
	return 0
}
