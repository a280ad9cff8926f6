package hub

import "fmt"

// Failure says why the hub, or one of its repositories, cannot be had.
type Failure struct {
	Kind string `json:"kind"` // as python/hub.py has it, such as "gated"
	Says string `json:"says"` // the client's own first line
}

// remedies are what to do about a failure, by its kind.
var remedies = map[string]string{
	"gated":      "it is gated: ask for access on its page, and set HF_TOKEN to a token of the account that has it",
	"missing":    "the hub has no such repository, or not for everybody: set HF_TOKEN to a token of an account that may read it",
	"forbidden":  "the hub refuses it to you: HF_TOKEN must hold a token that may read gated repositories, as the settings of its account say",
	"token":      "the hub does not know the token in HF_TOKEN: make another one in the settings of your account, or unset it",
	"busy":       "the hub has had too many requests: wait, or set HF_TOKEN, and the same command goes on",
	"server":     "the hub has a fault of its own: the same command goes on later",
	"offline":    "the hub cannot be reached: connect this machine, or name a mirror by HF_ENDPOINT or a proxy by HTTPS_PROXY, and the same command goes on",
	"disabled":   "HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids it: unset them",
	"cut":        "a file arrived in part: the same command goes on",
	"disk":       "the disk is full: make room, and the same command goes on",
	"unwritable": "the directory cannot be written: choose another with --models",
	"client":     "the environment has no huggingface_hub: name another with --environment",
}

// Remedy says what is wrong and what to do about it, or what the client says where
// it is unknown.
func (f *Failure) Remedy() string {
	if remedy, known := remedies[f.Kind]; known {
		return remedy
	}
	return "the hub's client failed, and the same command goes on"
}

func (f *Failure) Error() string { return fmt.Sprintf("%s (%s)", f.Remedy(), f.Says) }
