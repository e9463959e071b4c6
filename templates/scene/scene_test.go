package scene_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"joetz/templates/scene"
	"joetz/terms/civil"
)

var sheet = flag.String("sheet", "", "write the contact sheet of the season to this file")

// season is the 37 holidays of the demo season.
func season(t *testing.T) []scene.Holiday {
	t.Helper()
	raw, err := os.ReadFile("testdata/season.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Code, Title, Destination, About, Trip string
		StartsOn                              civil.Date `json:"starts_on"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	var all []scene.Holiday
	for _, r := range rows {
		all = append(all, scene.Holiday{Code: r.Code, Title: r.Title, Destination: r.Destination, About: r.About,
			Abroad: r.Trip != "domestic", Flight: r.Trip == "flight", StartsOn: r.StartsOn})
	}
	return all
}

func TestSeason(t *testing.T) {
	t.Parallel()
	seen, motifs, total := map[string]string{}, map[string][]string{}, 0
	for _, h := range season(t) {
		svg := scene.Draw(h, h.Title)
		if svg != scene.Draw(h, h.Title) {
			t.Errorf("%s: two drawings of one holiday differ", h.Code)
		}
		if other := seen[svg]; other != "" {
			t.Errorf("%s and %s have the same picture", h.Code, other)
		}
		seen[svg] = h.Code
		if len(svg) > 4800 {
			t.Errorf("%s %s: %d bytes", h.Code, scene.MotifOf(h), len(svg))
		}
		total += len(svg)
		wellFormed(t, h.Code, svg)
		motifs[scene.MotifOf(h)] = append(motifs[scene.MotifOf(h)], h.Code)
	}
	t.Logf("%d motifs, %d bytes in all", len(motifs), total)
	for name, codes := range motifs {
		if len(codes) > 2 {
			t.Errorf("motif %s serves %v", name, codes)
		}
	}
}

func wellFormed(t *testing.T, code, svg string) {
	t.Helper()
	if strings.Contains(svg, "style=") || strings.Contains(svg, " id=") || strings.Contains(svg, "NaN") {
		t.Errorf("%s: has a style, an id or a bad number", code)
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", code, err)
			return
		}
	}
}

func TestTitleIsEscaped(t *testing.T) {
	t.Parallel()
	svg := scene.Draw(scene.Holiday{Code: "x"}, `<script>"`)
	if strings.Contains(svg, "<script>") {
		t.Error(svg)
	}
	if svg := scene.Draw(scene.Holiday{Code: "x"}, ""); !strings.Contains(svg, `aria-hidden="true"`) {
		t.Error("a drawing without a title is not hidden")
	}
}

func BenchmarkDraw(b *testing.B) {
	h := scene.Holiday{Code: "BU-27-11", Title: "Bemanning gezocht", StartsOn: civil.Must(2027, 7, 19)}
	for b.Loop() {
		scene.Draw(h, "")
	}
}

// TestSheet writes all pictures on one page, for eyes: go test ./templates/scene -run Sheet -sheet /tmp/sheet.html
func TestSheet(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString(`<!doctype html><meta charset="utf-8"><title>scenes</title><style>body{margin:12px;background:#fbf5e8;font:12px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);gap:10px}svg{display:block;width:100%;border-radius:8px}</style>`)
	for _, h := range season(t) {
		svg := scene.Draw(h, h.Title)
		fmt.Fprintf(&page, "<div>%s%s %s (%s, %d)</div>", svg, h.Code, h.Title, scene.MotifOf(h), len(svg))
	}
	if *sheet != "" {
		if err := os.WriteFile(*sheet, []byte(page.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
