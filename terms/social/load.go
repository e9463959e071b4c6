package social

import (
	"bytes"
	"embed"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"joetz/terms"
)

//go:embed rules.toml tables/*.toml
var files embed.FS

// Rules are the brochure as data. They never change and are safe for concurrent use.
type Rules struct {
	clauses  map[string]terms.Clause
	parties  map[string]partyRule
	poverty  povertyRule
	evidence []Evidence
	tables   []incomeTable // by year, newest first
}

type ruleFile struct {
	Clauses  map[string]terms.Clause `toml:"clauses"`
	Party    map[string]partyRule    `toml:"party"`
	Poverty  povertyRule             `toml:"poverty"`
	Evidence []Evidence              `toml:"evidence"`
}

// Brochure are the rules in force.
var Brochure = must(load())

func must(r *Rules, err error) *Rules {
	if err != nil {
		panic(err) // cannot happen: a test loads the embedded files
	}
	return r
}

func load() (*Rules, error) {
	var f ruleFile
	if err := read("rules.toml", &f); err != nil {
		return nil, err
	}
	entries, err := files.ReadDir("tables")
	if err != nil {
		return nil, err
	}
	r := &Rules{clauses: f.Clauses, parties: f.Party, poverty: f.Poverty, evidence: f.Evidence}
	for _, e := range entries {
		var t incomeTable
		if err := read("tables/"+e.Name(), &t); err != nil {
			return nil, err
		}
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("tables/%s: %w", e.Name(), err)
		}
		r.tables = append(r.tables, t)
	}
	slices.SortFunc(r.tables, func(a, b incomeTable) int { return b.Year - a.Year })
	return r, r.check()
}

func read(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (r *Rules) check() error {
	for _, name := range []string{"income", "mutuality", "uitpas", "poverty", Holiday.String(), GroupDayTrip.String()} {
		if r.clauses[name].Words == "" {
			return fmt.Errorf("rules.toml: clauses.%s: is missing", name)
		}
	}
	for _, s := range []Setting{Holiday, GroupDayTrip} {
		if p := r.parties[s.String()]; p.Share < 1 || p.Share > 100 {
			return fmt.Errorf("rules.toml: party.%s.share: is not between 1 and 100", s)
		}
	}
	for i, e := range r.evidence {
		if _, ok := r.clauses[e.Clause]; !ok || e.Name == "" || !slices.Contains(results, e.Result) {
			return fmt.Errorf("rules.toml: evidence[%d]: name, clause or result is wrong", i)
		}
	}
	return nil
}
