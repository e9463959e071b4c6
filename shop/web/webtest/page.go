package webtest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Page is one answer.
type Page struct {
	Path     string // that was asked for
	Status   int
	Header   http.Header
	Location string // of a redirect
	Body     string

	t   testing.TB
	doc *html.Node
}

func newPage(t testing.TB, r *http.Request, answer *http.Response, body []byte) *Page {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", r.URL.Path, err)
	}
	return &Page{
		Path: r.URL.RequestURI(), Status: answer.StatusCode, Header: answer.Header,
		Location: answer.Header.Get("Location"), Body: string(body), t: t, doc: doc,
	}
}

// WantStatus fails the test when the answer has another status, and shows what was said instead.
func (p *Page) WantStatus(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("%s: status %d, want %d: %.300s", p.Path, p.Status, status, p.Text("main"))
	}
	return p
}

// Count is how many elements the selector finds.
func (p *Page) Count(selector string) int { p.t.Helper(); return len(p.all(selector)) }

// Has reports whether the selector finds anything.
func (p *Page) Has(selector string) bool { p.t.Helper(); return p.Count(selector) > 0 }

// Want fails the test when the selector finds nothing.
func (p *Page) Want(selector string) *Page {
	p.t.Helper()
	if !p.Has(selector) {
		p.t.Errorf("%s: no %q on the page", p.Path, selector)
	}
	return p
}

// WantNone fails the test when the selector finds anything.
func (p *Page) WantNone(selector string) *Page {
	p.t.Helper()
	if p.Has(selector) {
		p.t.Errorf("%s: %q is on the page: %.200s", p.Path, selector, p.Text(selector))
	}
	return p
}

// WantText fails the test when what the selector finds does not contain the text.
func (p *Page) WantText(selector, text string) *Page {
	p.t.Helper()
	if got := p.Text(selector); !strings.Contains(got, text) {
		p.t.Errorf("%s: %q reads %.300q, want %q in it", p.Path, selector, got, text)
	}
	return p
}

// Text is the text of everything that the selector finds, white space folded.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var b strings.Builder
	for _, n := range p.all(selector) {
		text(&b, n)
		b.WriteByte(' ')
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Attr is an attribute of the first element that the selector finds; "" when it has none.
func (p *Page) Attr(selector, name string) string {
	p.t.Helper()
	for _, n := range p.all(selector) {
		return attr(n, name)
	}
	return ""
}

// Attrs are an attribute of all elements that the selector finds, of those that have it.
func (p *Page) Attrs(selector, name string) []string {
	p.t.Helper()
	var values []string
	for _, n := range p.all(selector) {
		if has(n, name) {
			values = append(values, attr(n, name))
		}
	}
	return values
}

func (p *Page) all(selector string) []*html.Node {
	p.t.Helper()
	s, err := cascadia.Parse(selector)
	if err != nil {
		p.t.Fatalf("selector %q: %v", selector, err)
	}
	return cascadia.QueryAll(p.doc, s)
}

type form struct {
	method, action string
	values         url.Values
	fields         map[string]bool
}

func (p *Page) form(selector string) form {
	p.t.Helper()
	found := p.all(selector)
	if len(found) != 1 || found[0].Data != "form" {
		p.t.Fatalf("%s: %q finds %d elements, want one form; the page says: %.300s", p.Path, selector, len(found), p.Text("main"))
	}
	f := form{method: strings.ToUpper(attr(found[0], "method")), action: attr(found[0], "action"), values: url.Values{}, fields: map[string]bool{}}
	if f.method == "" {
		f.method = http.MethodGet
	}
	if f.action == "" {
		f.action = p.Path
	}
	for _, n := range cascadia.QueryAll(found[0], controls) {
		f.take(n)
	}
	return f
}

var controls = cascadia.MustCompile("input[name], textarea[name], select[name], button[name]")

// take notes a control and what it would send as it stands.
func (f *form) take(n *html.Node) {
	name := attr(n, "name")
	if has(n, "disabled") {
		return
	}
	f.fields[name] = true
	switch {
	case n.Data == "textarea":
		var b strings.Builder
		text(&b, n)
		f.values.Add(name, strings.TrimPrefix(b.String(), "\n"))
	case n.Data == "select":
		f.values.Add(name, selected(n))
	case n.Data == "button", attr(n, "type") == "submit", attr(n, "type") == "file":
	case attr(n, "type") == "checkbox", attr(n, "type") == "radio":
		if has(n, "checked") {
			f.values.Add(name, attr(n, "value"))
		}
	default:
		f.values.Add(name, attr(n, "value"))
	}
}

var options = cascadia.MustCompile("option")

func selected(n *html.Node) string {
	all := cascadia.QueryAll(n, options)
	for _, o := range all {
		if has(o, "selected") {
			return attr(o, "value")
		}
	}
	if len(all) > 0 {
		return attr(all[0], "value")
	}
	return ""
}

func text(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text(b, c)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
