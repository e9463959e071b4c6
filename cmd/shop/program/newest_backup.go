package program

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// NewestBackup is the youngest file in a folder, drafts of backups in work apart; nil when there is none.
func NewestBackup(dir string) (name string, newest fs.FileInfo, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", nil, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // tidied away meanwhile
		}
		if err != nil {
			return "", nil, err
		}
		if newest == nil || info.ModTime().After(newest.ModTime()) {
			name, newest = filepath.Join(dir, e.Name()), info
		}
	}
	return name, newest, nil
}
