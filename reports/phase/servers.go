package phase

import (
	"errors"
	"fmt"
)

// servers are the prefixes of a log's lines, each with a reading of its lines alone. A log
// of docker compose or of several pods may have the lines of several servers, which start
// independently of each other.
//
// The lines of one server may have several prefixes, too: those of machines that help it.
// Workers name no release, and engines of data-parallel ranks say that they have no server.
// Ranks in one container are processes of one start-up; see Rank.
type servers struct {
	all      []*server
	named    bool // an engine or a server named its release
	headless bool // the engines belong to a server of another machine

	// Of a prefix too many it is only known whether it has a server or an engine of its own.
	beyond []byte          // that of the current line; nil for any other
	others map[string]bool // the first mostOthers
}

// server reads the lines with one prefix.
type server struct {
	prefix string
	parser parser
}

// mostServers bounds the prefixes that are read separately.
const mostServers = 64

// mostOthers bounds the further prefixes that are counted.
const mostOthers = 1000

// read reads a line of the whole log that has a prefix.
func (s *servers) read(whole *parser, line []byte, u utterance) {
	if own := s.find(u.source, whole); own != nil {
		own.parser.record(line, &u)
	} else {
		s.beyond = u.source
	}
}

// find finds a prefix, or adds it. It is nil for one too many.
func (s *servers) find(prefix []byte, whole *parser) *server {
	for _, one := range s.all {
		if one.prefix == string(prefix) {
			return one
		}
	}
	if len(s.all) == mostServers {
		return nil
	}
	one := &server{string(prefix), newParser(whole.name, whole.lines)}
	one.parser.now.line = whole.lines.number
	s.all = append(s.all, one)
	return one
}

// note takes note of a message, if it tells whether a server of its own starts here.
func (s *servers) note(m *message) {
	named, headless := m.stage >= answering, m.tells == aHeadless
	s.named = s.named || named
	s.headless = s.headless || headless
	if s.beyond != nil {
		s.noteOther(named, headless)
	}
}

// noteOther is note for a prefix too many.
func (s *servers) noteOther(named, headless bool) {
	own, known := s.others[string(s.beyond)]
	if !named && !headless || known && !own || !known && len(s.others) == mostOthers {
		return
	}
	if s.others == nil {
		s.others = make(map[string]bool)
	}
	s.others[string(s.beyond)] = !headless
}

// left is the number of servers whose prefixes are too many.
func (s *servers) left() (n int) {
	for _, own := range s.others {
		if own {
			n++
		}
	}
	return n
}

// own are the prefixes with a server or an engine of its own.
func (s *servers) own() (own []*server) {
	for _, one := range s.all {
		if p := &one.parser; p.servers.named && !p.servers.headless {
			own = append(own, one)
		}
	}
	return own
}

// logs are the start-ups of several servers; nil if there is one alone. The last one has a
// warning of those that are left out.
func (s *servers) logs() (logs []Log) {
	own := s.own()
	if len(own) < 2 {
		return nil
	}
	for _, one := range own {
		log := one.parser.finish()
		log.Prefix = one.prefix
		logs = append(logs, log)
	}
	if n := s.left(); n > 0 {
		last := &logs[len(logs)-1]
		count := fmt.Sprint(n)
		if len(s.others) == mostOthers {
			count += " or more"
		}
		last.Warnings = append(last.Warnings, fmt.Sprintf("%s: servers left out: %s, "+
			"because only %d prefixes are read separately", last.Name, count, mostServers))
	}
	return logs
}

// StartUps puts the start-ups of several servers in the place of their log, each with why it
// cannot count. A log that could not be read to its end was cut off in the last one.
func StartUps(read []Log, failed []error) (logs []Log, failures []error) {
	for i := range read {
		if len(read[i].Servers) == 0 {
			logs, failures = append(logs, read[i]), append(failures, failed[i])
			continue
		}
		for _, server := range read[i].Servers {
			logs, failures = append(logs, server), append(failures, server.Err())
		}
		if last := len(failures) - 1; read[i].Err() == nil {
			failures[last] = errors.Join(failures[last], failed[i])
		}
	}
	return logs, failures
}
