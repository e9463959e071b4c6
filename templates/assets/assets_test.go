package assets_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"joetz/templates/assets"
)

func TestEveryAssetIsFoundByItsURL(t *testing.T) {
	t.Parallel()
	for _, name := range assets.Names() {
		f, ok := assets.Lookup(strings.TrimPrefix(assets.URL(name), assets.Prefix))
		if !ok || f.Name != name || len(f.Raw) == 0 || f.Type == "" {
			t.Errorf("%s: found %v", name, f)
		}
	}
	if _, ok := assets.Lookup("x/none.css"); ok {
		t.Error("an unknown name was found")
	}
	if _, ok := assets.Lookup("../assets.go"); ok {
		t.Error("a file outside was found")
	}
}

func TestBodyDecodesToTheSameBytes(t *testing.T) {
	t.Parallel()
	f, _ := assets.Lookup("app.css")
	for accept, want := range map[string]string{"gzip, deflate, br": "br", "gzip": "gzip", "": ""} {
		body, encoding := f.Body(accept)
		if encoding != want {
			t.Errorf("accept %q: encoding %q, want %q", accept, encoding, want)
		}
		var r io.Reader = bytes.NewReader(body)
		switch encoding {
		case "br":
			r = brotli.NewReader(r)
		case "gzip":
			var err error
			if r, err = gzip.NewReader(r); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, f.Raw) {
			t.Errorf("accept %q: body does not decode to the file: %v", accept, err)
		}
	}
}

// A background with a colour of its own would keep it in the dark while the letters on it turn light. So it names its letters'
// colour in the same rule, or takes both from the palette.
func TestBackgroundsFollowThePalette(t *testing.T) {
	t.Parallel()
	sheets, err := filepath.Glob("css/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal(sheets, err)
	}
	literal := regexp.MustCompile(`background(-color)?:[^;]*#[0-9a-f]{3,6}\b`)
	for _, name := range sheets {
		if strings.HasSuffix(name, "60-camp.css") || strings.HasSuffix(name, "80-dark.css") || strings.HasSuffix(name, "90-print.css") {
			continue // always light, always dark, always on paper
		}
		sheet, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for rule := range strings.SplitSeq(string(sheet), "}") {
			if literal.MatchString(rule) && !regexp.MustCompile(`[ {;]color:`).MatchString(rule) {
				t.Errorf("%s: %s}", name, strings.TrimSpace(rule))
			}
		}
	}
}

// All pages share one style sheet, so a class of one group's pages must not be another's too. The sheets from 50 to 79 are
// those of groups of pages.
func TestGroupsDoNotShareClasses(t *testing.T) {
	t.Parallel()
	sheets, err := filepath.Glob("css/[567]*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal(sheets, err)
	}
	rules := regexp.MustCompile(`(?s)/\*.*?\*/|\{[^{}]*\}`)
	first := regexp.MustCompile(`(?:^|[,{}\n])\s*\.([\w-]+)`)
	owner := map[string]string{}
	for _, name := range sheets {
		sheet, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range first.FindAllStringSubmatch(rules.ReplaceAllString(string(sheet), "\n"), -1) {
			if other := owner[m[1]]; other != "" && other != name {
				t.Errorf(".%s is in %s and in %s", m[1], other, name)
			}
			owner[m[1]] = name
		}
	}
}

// The whole first load has 60 kB; the shared files may take half of it, the page and its drawings the rest.
func TestWeight(t *testing.T) {
	t.Parallel()
	total := 0
	for _, name := range []string{"app.css", "desk.css", "app.js", "htmx.js", "icon.svg"} {
		f, _ := assets.Lookup(name)
		body, _ := f.Body("br")
		t.Logf("%-10s %6d plain %6d compressed", name, len(f.Raw), len(body))
		total += len(body)
	}
	if total > 30_000 {
		t.Errorf("shared assets weigh %d bytes compressed", total)
	}
}

// What a visitor sees does not lean on the sheet that comes with a sign-in.
func TestVisitorsNeedNoDesk(t *testing.T) {
	t.Parallel()
	styled := regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	classes := func(name string) map[string]bool {
		f, ok := assets.Lookup("x/" + name)
		if !ok {
			t.Fatal(name)
		}
		found := map[string]bool{}
		for rule := range strings.SplitSeq(string(f.Raw), "}") {
			for _, m := range styled.FindAllStringSubmatch(rule[:max(0, strings.LastIndex(rule, "{"))], -1) {
				found[m[1]] = true
			}
		}
		return found
	}
	everybody, desk := classes("app.css"), classes("desk.css")
	var pages []string
	for _, area := range []string{"public", "signin", "errors"} {
		found, err := filepath.Glob("../" + area + "/*.templ")
		if err != nil || len(found) == 0 {
			t.Fatal(area, err)
		}
		pages = append(pages, found...)
	}
	for _, name := range pages {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
			for class := range strings.FieldsSeq(m[1]) {
				if desk[class] && !everybody[class] {
					t.Errorf("%s: .%s is only in desk.css", name, class)
				}
			}
		}
	}
}
