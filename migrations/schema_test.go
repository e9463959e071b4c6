package migrations_test

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
)

var update = flag.Bool("update", false, "write schema.sql")

const header = `-- The whole schema, to read. It is made from the migrations and never run: go run ./cmd/check -fix schema
-- The comment on each table names the package that owns it; no other package writes it.
`

// schema.sql is what the migrations make, so that nobody has to add them up.
func TestSchemaIsFresh(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	dump, err := exec.Command(pgtest.Tool(t, "pg_dump"), "--schema-only", "--no-owner", "--no-privileges",
		"--exclude-table=goose_db_version*", "--exclude-table=migration_sum", "--dbname="+dsn).Output()
	if err != nil {
		t.Fatal(err)
	}
	made := header + readable(string(dump))
	if *update {
		if err := os.WriteFile("schema.sql", []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if version := versionLine.FindString(string(kept)); version != versionLine.FindString(made) {
		t.Skipf("schema.sql was made by another major version of PostgreSQL (%s), which words it differently", version)
	}
	if line := firstDifference(string(kept), made); line > 0 {
		t.Errorf("schema.sql is not what the migrations make, from line %d on; go run ./cmd/check -fix schema", line)
	}
}

// firstDifference is the number of the first line that differs, 0 when none does.
func firstDifference(a, b string) int {
	if a == b {
		return 0
	}
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return i + 1
		}
	}
	return min(len(as), len(bs)) + 1
}

var (
	versionLine = regexp.MustCompile(`(?m)^-- PostgreSQL \d+`)
	dumpVersion = regexp.MustCompile(`-- Dumped by pg_dump version (\d+)`)
	noise       = regexp.MustCompile(`(?m)^(SET |SELECT pg_catalog\.set_config|\\|--$|-- Dumped|-- PostgreSQL database dump).*\n`)
	title       = regexp.MustCompile(`(?m)^-- Name: .*\n`)
	blank       = regexp.MustCompile(`\n{3,}`)
)

// readable takes away what pg_dump writes for machines.
func readable(dump string) string {
	version := "-- PostgreSQL " + dumpVersion.FindStringSubmatch(dump)[1] + "\n\n"
	for _, out := range []*regexp.Regexp{noise, title} {
		dump = out.ReplaceAllString(dump, "")
	}
	dump = strings.ReplaceAll(dump, "public.", "")
	return version + strings.TrimSpace(blank.ReplaceAllString(dump, "\n\n")) + "\n"
}
