package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// repository is the code that is looked at.
type repository struct {
	root     string
	module   string
	fix      bool
	files    []string // all, relative to root, with slashes
	packages func() ([]pkg, error)
}

// pkg is a package as go list tells it.
type pkg struct {
	ImportPath string
	Name       string
	Doc        string
	Dir        string
	GoFiles    []string
	Imports    []string
}

func openRepository(ctx context.Context, fix bool) (*repository, error) {
	gomod, err := output(ctx, "", "go", "env", "GOMOD")
	if err != nil {
		return nil, err
	}
	r := &repository{root: filepath.Dir(strings.TrimSpace(string(gomod))), fix: fix}
	module, err := output(ctx, r.root, "go", "list", "-m")
	if err != nil {
		return nil, err
	}
	r.module = strings.TrimSpace(string(module))
	if r.files, err = r.listFiles(ctx); err != nil {
		return nil, err
	}
	r.packages = sync.OnceValues(func() ([]pkg, error) { return r.listPackages(ctx) })
	return r, nil
}

// listFiles lists what git knows, and what is new and will be added.
func (r *repository) listFiles(ctx context.Context) (names []string, err error) {
	// A checkout may belong to somebody else than who checks it, as in a container.
	list, err := output(ctx, r.root, "git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		if _, err := os.Stat(r.abs(name)); err == nil { // else deleted, and not committed yet
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (r *repository) abs(name string) string { return filepath.Join(r.root, filepath.FromSlash(name)) }

func (r *repository) read(name string) ([]byte, error) { return os.ReadFile(r.abs(name)) }

// match lists the files whose base name matches one of the patterns.
func (r *repository) match(patterns ...string) (names []string) {
	for _, name := range r.files {
		for _, p := range patterns {
			if ok, _ := path.Match(p, path.Base(name)); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

func (r *repository) listPackages(ctx context.Context) ([]pkg, error) {
	out, err := output(ctx, r.root, "go", "list", "-json=ImportPath,Name,Doc,Dir,GoFiles,Imports", "./...")
	if err != nil {
		return nil, err
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// folder is the package's place below the module, "shop/web".
func (r *repository) folder(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, r.module), "/")
}

// source is a parsed file of our own code; tests and generated code are left out.
type source struct {
	name string
	fset *token.FileSet
	tree *ast.File
}

func (s source) line(pos token.Pos) int { return s.fset.Position(pos).Line }

var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func (r *repository) sources() ([]source, error) {
	var all []source
	for _, name := range r.match("*.go") {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		text, err := r.read(name)
		if err != nil {
			return nil, err
		}
		if generatedMark.Match(text) {
			continue
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		all = append(all, source{name, fset, tree})
	}
	return all, nil
}

// output runs a program in dir and returns what it printed; its complaints are in the error.
func output(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(complaints.Bytes()))
	}
	return out, nil
}

// tool runs a pinned tool.
func (r *repository) tool(ctx context.Context, name string, args ...string) ([]byte, error) {
	return output(ctx, r.root, "go", append([]string{"tool", "-modfile=" + r.abs("cmd/check/tools.mod"), name}, args...)...)
}
