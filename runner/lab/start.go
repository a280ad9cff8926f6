package lab

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/engine/replay"
	"coldstart/runner/matrix"
	"coldstart/runner/models"
	"coldstart/runner/plan"
)

// startUp names the set and the figure of a model that is measured alone.
const startUp = "start"

// PlanStart lays out the breakdown of one model's start-up on a node: a folder, a model of
// the catalogue, or a repository of the hub. words are further arguments of the engine. The
// lab then has the model, its set and its figure, and the host the directory of the model.
func (l *Lab) PlanStart(r Request, h *Host, n *Node, model string, words []string) (*result.Plan, []string, error) {
	if r.Engine == replay.Name {
		return nil, nil, requestErrorf("engine", "start needs an engine that measures, such as --engine vllm")
	}
	args, err := engineArguments(words)
	if err != nil {
		return nil, nil, RequestError{"arguments", err}
	}
	m, err := h.findModel(n, model)
	if err != nil {
		return nil, nil, err
	}
	session, notes, err := l.session(&r)
	if err != nil {
		return nil, nil, err
	}
	l.file = l.file.Instead(l.startOf(m, args), matrix.Figure{Number: startUp, Nodes: []string{n.Name}})
	made, more, err := plan.Make(l.file, plan.Selection{Figures: startUp, Nodes: []string{n.Name}}, session)
	return made, append(notes, more...), err
}

// startOf is a catalogue of one model, the set that measures it, and its breakdown.
func (l *Lab) startOf(m result.Model, args []result.Arg) (own catalogue.Catalogue) {
	entry := l.file.Own.Entry(m)
	entry.Fixed = slices.DeleteFunc(slices.Clone(entry.Fixed), func(a result.Arg) bool {
		return slices.ContainsFunc(args, func(b result.Arg) bool { return a.Name == b.Name })
	})
	entry.Fixed = append(entry.Fixed, args...)
	if _, err := l.Catalogue().Model(m.Key); err != nil {
		own.Models = []result.Model{m}
	}
	own.Sets = []result.Set{{Name: startUp, Variables: matrix.Protocol(), Configurations: entry.Configurations()}}
	own.Figures = []catalogue.Figure{{
		Figure: result.Figure{
			Number: startUp, Kind: string(figure.Stack), Title: "Start-up breakdown of " + m.Label, YLabel: "Time (s)",
			Steps: l.Catalogue().StepsOf(string(figure.Stack)), Roles: []string{""},
		},
		Sets: map[string]string{"": startUp},
	}}
	return own
}

// findModel finds a model on this machine, and complete. A folder comes before a model of
// the catalogue, and that before a repository of the hub.
func (h *Host) findModel(n *Node, name string) (m result.Model, err error) {
	all := n.lab.Catalogue()
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return h.inFolder(name, all)
	}
	m, err = all.Model(name)
	known := err == nil
	switch {
	case known:
	case models.IsRepository(name):
		m = ofRepository(name, all)
	default:
		return m, requestErrorf("model", "there is no folder %s, and no such model: name a folder, a repository of the hub "+
			"such as Qwen/Qwen3-0.6B, or a model that 'coldstart models list' has", name)
	}
	dir := h.modelsOf(n)
	fetch := fmt.Sprintf("fetch it with 'coldstart models download %s --models %s'", name, cmp.Or(dir, "DIR"))
	switch {
	case dir != "" && models.Check(dir, models.FolderOf(&m)) == nil:
		h.ModelsDir = dir
		return m, nil
	case dir == "" || !exists(filepath.Join(dir, models.FolderOf(&m))):
		if snapshot, found := models.Cached(m.Repository); found {
			return h.named(m, snapshot)
		}
		where := name + " is not in the hub's cache, and this machine has no other directory of models"
		if dir != "" {
			where = fmt.Sprintf("%s is neither in %s nor in the hub's cache", name, dir)
		}
		return m, requestErrorf("model", "%s; %s", where, fetch)
	}
	return m, fmt.Errorf("%w; %s", models.Check(dir, models.FolderOf(&m)), fetch)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// inFolder is the model of a folder, which is none of the catalogue, whatever its name.
func (h *Host) inFolder(path string, all catalogue.Catalogue) (result.Model, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return result.Model{}, err
	}
	m := result.Model{Key: freeKey(filepath.Base(path), all), Label: filepath.Base(path)}
	return h.named(m, path)
}

// named is a model whose files are in a folder of any name.
func (h *Host) named(m result.Model, path string) (result.Model, error) {
	h.ModelsDir, m.Folder = filepath.Split(path)
	if m.Folder == m.Key {
		m.Folder = ""
	}
	return m, models.Check(h.ModelsDir, models.FolderOf(&m))
}

// ofRepository is a model of the hub: one of the catalogue, or else any.
func ofRepository(name string, all catalogue.Catalogue) result.Model {
	for _, m := range all.Models {
		if m.Repository == name {
			return m
		}
	}
	_, last, _ := strings.Cut(name, "/")
	return result.Model{Key: freeKey(last, all), Label: last, Repository: name, Folder: name}
}

// freeKey makes a key of a folder's name that no model of the catalogue has.
func freeKey(folder string, all catalogue.Catalogue) string {
	first := keyOf(folder)
	key := first
	for i := 2; slices.Contains(all.Keys(), key); i++ {
		key = fmt.Sprintf("%s-%d", first, i)
	}
	return key
}

// longestKey leaves room for the arguments in the name of a log.
const longestKey = 64

// keyOf makes a name that files can have of a folder's.
func keyOf(folder string) string {
	const around = "-."
	key := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune("._-", r) || 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return '-'
	}, folder), around)
	return cmp.Or(strings.TrimRight(key[:min(len(key), longestKey)], around), "model")
}
