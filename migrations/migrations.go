// Package migrations holds the database's history: numbered SQL files, forward only.
//
// Owns: the files and their order. Each file says why it exists; each table's COMMENT names the one package that writes it.
// May import: the standard library.
// Always true: numbers are contiguous; a file that was released is never edited (migrations/pg refuses to start on one);
// schema.sql is the sum of all, to read, and is checked by cmd/check.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
)

// FS has the migrations as goose reads them.
//
//go:embed 0*.sql
var FS embed.FS

// Sum is short for the content of all migrations: equal sums, equal schemas.
func Sum() string {
	h := sha256.New()
	names, _ := fs.Glob(FS, "*.sql") // the pattern is well-formed
	for _, name := range names {
		text, _ := fs.ReadFile(FS, name) // embedded: cannot fail
		h.Write(append([]byte(name), text...))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
