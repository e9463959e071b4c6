package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
)

// fresh generates the templates' code anew, beside the repository, and compares. It is always generated for the whole
// folder (templ generate -path templates): the names of files in the code depend on where one starts.
func fresh(ctx context.Context, r *repository) ([]finding, error) {
	if r.fix {
		_, err := r.tool(ctx, "templ", "generate", "-path", r.abs("templates"))
		return nil, err
	}
	dir, err := os.MkdirTemp("", "check-templ-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	want := map[string]bool{} // generated files that have a template
	for _, name := range r.match("*.templ") {
		want[strings.TrimSuffix(name, ".templ")+"_templ.go"] = true
		if err := r.copyTo(dir, name); err != nil {
			return nil, err
		}
	}
	if err := r.copyTo(dir, "go.mod"); err != nil {
		return nil, err
	}
	if _, err := r.tool(ctx, "templ", "generate", "-path", filepath.Join(dir, "templates")); err != nil {
		return nil, err
	}
	var found []finding
	for _, name := range r.match("*_templ.go") {
		if !want[name] {
			found = append(found, finding{name, 0, "has no template any more: delete it"})
		}
	}
	for name := range want {
		there, err := r.read(name)
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		made, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(there, made) {
			found = append(found, finding{name, 0, "is not what its template generates (-fix does it)"})
		}
	}
	return found, nil
}

func (r *repository) copyTo(dir, name string) error {
	text, err := r.read(name)
	if err != nil {
		return err
	}
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	return os.WriteFile(target, text, 0o600)
}
