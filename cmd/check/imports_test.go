package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A rule about a folder that is gone reads as if there were one.
func TestEveryRuleHasItsFolder(t *testing.T) {
	t.Parallel()
	folders := slices.Concat(groups, services, []string{pureFolder})
	for _, r := range rules {
		folders = append(folders, r.folder)
	}
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join("..", "..", f)); err != nil {
			t.Error(err)
		}
	}
}
