package models

import (
	"os"
	"path/filepath"
	"strings"
)

// Cached is the folder of a repository in the cache of the hub's client, at the revision that
// it fetched last.
func Cached(repository string) (folder string, found bool) {
	if repository == "" {
		return "", false
	}
	place := filepath.Join(cacheDir(), "models--"+strings.ReplaceAll(repository, "/", "--"))
	revision, err := os.ReadFile(filepath.Join(place, "refs", "main"))
	name := strings.TrimSpace(string(revision))
	if err != nil || !filepath.IsLocal(name) {
		return "", false
	}
	folder = filepath.Join(place, "snapshots", name)
	info, err := os.Stat(folder)
	return folder, err == nil && info.IsDir()
}

// cacheDir is where the hub's client keeps what it fetched, by the variables that it knows.
func cacheDir() string {
	if dir := os.Getenv("HF_HUB_CACHE"); dir != "" {
		return dir
	}
	if home := os.Getenv("HF_HOME"); home != "" {
		return filepath.Join(home, "hub")
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, _ := os.UserHomeDir()
		cache = filepath.Join(home, ".cache")
	}
	return filepath.Join(cache, "huggingface", "hub")
}
