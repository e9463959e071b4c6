package public_test

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"time"

	"joetz/templates/htmltest"
)

// Every page of the map is there and may be read by a crawler; every holiday has its page in it once.
func TestTheSitemap(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	robots := b.Get("/robots.txt").WantStatus(200)
	_, where, ok := strings.Cut(robots.Body, "\nSitemap: ")
	address, err := url.Parse(strings.TrimSpace(where))
	if !ok || err != nil || !address.IsAbs() {
		t.Fatalf("robots.txt names no map: %q, %v", robots.Body, err)
	}
	answer := b.Get(address.Path).WantStatus(200)
	var got struct {
		URLs []string `xml:"url>loc"`
	}
	if err := xml.Unmarshal([]byte(answer.Body), &got); err != nil {
		t.Fatal(err)
	}
	seen, holidays := map[string]bool{}, 0
	for _, text := range got.URLs {
		u, err := url.Parse(text)
		if err != nil || u.Host != address.Host || seen[text] {
			t.Fatalf("%q: seen before %v, %v", text, seen[text], err)
		}
		seen[text] = true
		page := b.Get(u.Path).WantStatus(200)
		htmltest.Page(t, page.Body)
		page.WantNone(`meta[name="robots"][content="noindex"]`)
		for _, shut := range strings.Split(robots.Body, "\n") {
			if path, ok := strings.CutPrefix(shut, "Disallow: "); ok && strings.HasPrefix(u.Path, path) {
				t.Errorf("%s is in the map, and %s is closed to crawlers", u.Path, path)
			}
		}
		if strings.HasPrefix(u.Path, "/vakanties/") {
			holidays++
		}
	}
	if want := b.Get("/vakanties").Count(".card"); holidays != want || want == 0 {
		t.Errorf("%d holidays in the map, %d on the page", holidays, want)
	}
}

// What a browser asks for by itself is there, and is what it says.
func TestIconsAtTheirOldAddresses(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	for path, begin := range map[string]string{
		"/favicon.ico": "\x00\x00\x01\x00", "/apple-touch-icon.png": "\x89PNG", "/apple-touch-icon-precomposed.png": "\x89PNG",
	} {
		if page := b.Get(path).WantStatus(200); !strings.HasPrefix(page.Body, begin) || !strings.HasPrefix(page.Header.Get("Content-Type"), "image/") {
			t.Errorf("%s: %s, begins with %q", path, page.Header.Get("Content-Type"), page.Body[:min(8, len(page.Body))])
		}
	}
}

// RFC 9116: a contact, and an end that has not passed and is less than a year away.
func TestSecurityText(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	fields := map[string]string{}
	for line := range strings.Lines(b.Get("/.well-known/security.txt").WantStatus(200).Body) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		fields[name] = value
	}
	ends, err := time.Parse(time.RFC3339, fields["Expires"])
	if fields["Contact"] != "mailto:info@joetz.be" || err != nil || !ends.After(today) || ends.After(today.AddDate(1, 0, 0)) {
		t.Errorf("%v, %v", fields, err)
	}
}
