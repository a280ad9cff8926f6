package registration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"

	"coldstart/reports/forge"
)

// api asks the forge about runners. Every error says what was asked for and what
// a person can do, and never the token.
type api struct {
	Forge
	client *github.Client
}

// errNoToken says that there is no token to ask the API with.
var errNoToken = errors.New("there is no token to ask the API with: give one in GITHUB_TOKEN")

// newAPI asks with a token that may administer the repository.
func newAPI(client *http.Client, f Forge, token Secret) (*api, error) {
	if token.IsZero() {
		return nil, errNoToken
	}
	speaking, err := forge.NewClient(client, f.API, token.value)
	if err != nil {
		return nil, err
	}
	return &api{Forge: f, client: speaking}, nil
}

// explain says what was asked for, and what to do.
func (a *api) explain(asked string, err error) error {
	return fmt.Errorf("%s: cannot %s: %w", a.Name(), asked, forge.Explain(err, a.remedies()))
}

func (a *api) remedies() forge.Remedies {
	permission := "runners are an administrator's business: a fine-grained token needs the repository permission 'Administration: read and write', " +
		"a classic one the scope 'repo' and a user who administers the repository; a workflow's GITHUB_TOKEN never has it"
	missing := "there is no repository " + a.Name() + " at " + a.API + ", or the token may not administer it; " + permission
	if a.Gitea {
		permission = "runners are an administrator's business: the token needs the scope 'write:repository' and a user who administers the repository"
		missing = "there is no repository " + a.Name() + " at " + a.API + ", or the token may not administer it, or this release of the server has no such call; " + permission
	}
	return forge.Remedies{
		http.StatusUnauthorized:        "the token is wrong or expired: give a valid one in GITHUB_TOKEN",
		http.StatusForbidden:           "the token may not do this; " + permission,
		http.StatusNotFound:            missing,
		http.StatusMethodNotAllowed:    "this release of the server has no such call: do it in the repository's settings, under Actions, Runners",
		http.StatusUnprocessableEntity: "the runner is at work: wait until it is idle",
	}
}

// registrationToken is a token that registers a runner within the hour. Gitea
// gives it to a GET, GitHub makes it for a POST.
func (a *api) registrationToken(ctx context.Context) (Secret, error) {
	method := http.MethodPost
	if a.Gitea {
		method = http.MethodGet
	}
	var made github.RegistrationToken
	if err := a.do(ctx, method, "/registration-token", &made); err != nil {
		return Secret{}, a.explain("get a registration token", err)
	}
	if made.GetToken() == "" {
		return Secret{}, a.explain("get a registration token", errors.New("the server's answer has none"))
	}
	return NewSecret(made.GetToken()), nil
}

// do makes one request about the repository's runners.
func (a *api) do(ctx context.Context, method, what string, answer any) error {
	request, err := a.client.NewRequest(method, strings.TrimPrefix(a.endpoint(what), a.API+"/"), nil)
	if err != nil {
		return err
	}
	_, err = a.client.Do(ctx, request, answer)
	return err
}

// download finds the runner for an architecture, as GitHub calls it.
func (a *api) download(ctx context.Context, architecture string) (*github.RunnerApplicationDownload, error) {
	all, _, err := a.client.Actions.ListRunnerApplicationDownloads(ctx, a.Owner, a.Repo)
	if err != nil {
		return nil, a.explain("list the runner's downloads", err)
	}
	var others []string
	for _, d := range all {
		if d.GetOS() == "linux" && d.GetArchitecture() == architecture {
			return d, nil
		}
		others = append(others, d.GetOS()+"/"+d.GetArchitecture())
	}
	return nil, fmt.Errorf("the server has no runner for linux/%s, only for %s; give one with --runner-archive", architecture, strings.Join(others, ", "))
}

// online is a runner as the forge knows it.
type online struct {
	ID     int64
	Name   string
	Online bool
	Busy   bool
	Labels []string
}

// runners are all that the forge knows, by name. It asks for page after page
// until it has as many as there are: not every forge names the next page.
func (a *api) runners(ctx context.Context) (all []online, err error) {
	options := &github.ListRunnersOptions{ListOptions: github.ListOptions{PerPage: 100}}
	for total := 1; len(all) < total; {
		options.Page++
		page, _, err := a.client.Actions.ListRunners(ctx, a.Owner, a.Repo, options)
		if err != nil {
			return nil, a.explain("list the runners", err)
		}
		if len(page.Runners) == 0 {
			break
		}
		for _, r := range page.Runners {
			all = append(all, known(r))
		}
		total = page.TotalCount
	}
	slices.SortFunc(all, func(a, b online) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

func known(r *github.Runner) online {
	o := online{ID: r.GetID(), Name: r.GetName(), Busy: r.GetBusy()}
	// Gitea says idle or active of a runner that is online.
	o.Online = slices.Contains([]string{"online", "idle", "active"}, r.GetStatus())
	for _, label := range r.Labels {
		o.Labels = append(o.Labels, label.GetName())
	}
	return o
}

// runner finds a runner by its name.
func (a *api) runner(ctx context.Context, name string) (found online, exists bool, err error) {
	all, err := a.runners(ctx)
	if err != nil {
		return online{}, false, err
	}
	i := slices.IndexFunc(all, func(o online) bool { return strings.EqualFold(o.Name, name) })
	if i < 0 {
		return online{}, false, nil
	}
	return all[i], true, nil
}

// forget makes the forge forget a runner. One that it does not know is fine.
func (a *api) forget(ctx context.Context, id int64) error {
	_, err := a.client.Actions.RemoveRunner(ctx, a.Owner, a.Repo, id)
	if err != nil && !forge.IsStatus(err, http.StatusNotFound) {
		return a.explain("unregister the runner", err)
	}
	return nil
}
