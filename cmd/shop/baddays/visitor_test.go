package baddays

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// visitor is somebody with a browser.
type visitor struct {
	client *http.Client
	site   func() string // where the shop is just now
	heard  *atomic.Int64 // counts the answers; nil: nobody counts
}

// page is an answer.
type page struct {
	status int
	to     string // where it sends on, without the site
	body   string
	header http.Header
}

func newVisitor(site func() string, session string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // no options
	}
	v := &visitor{site: site, client: &http.Client{Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if session != "" {
		v.setCookie("sid", session)
	}
	return v
}

func (v *visitor) setCookie(name, value string) {
	u, err := url.Parse(v.site())
	if err != nil {
		panic(err)
	}
	v.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

func (v *visitor) get(path string) (page, error) { return v.send(http.MethodGet, path, "", nil) }

func (v *visitor) post(path string, form url.Values) (page, error) {
	return v.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a file in a field.
func (v *visitor) upload(path, field, name string, data []byte) (page, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		return page{}, err
	}
	if _, err := part.Write(data); err != nil {
		return page{}, err
	}
	if err := w.Close(); err != nil {
		return page{}, err
	}
	return v.send(http.MethodPost, path, w.FormDataContentType(), &b)
}

func (v *visitor) send(method, path, kind string, body io.Reader) (page, error) {
	site := v.site()
	req, err := http.NewRequest(method, site+path, body)
	if err != nil {
		return page{}, err
	}
	req.Header.Set("Origin", site)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	answer, err := v.client.Do(req)
	if err != nil {
		return page{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return page{}, err
	}
	if v.heard != nil {
		v.heard.Add(1)
	}
	return page{answer.StatusCode, withoutSite(answer.Header.Get("Location")), string(text), answer.Header}, nil
}

// withoutSite is an address without the shop that gave it: another one answers as well.
func withoutSite(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() != "127.0.0.1" {
		return address
	}
	return u.RequestURI()
}

// wants is an error unless the answer leads on to a place that begins so.
func (p page) wants(step, prefix string) error {
	if p.status == http.StatusSeeOther && strings.HasPrefix(p.to, prefix) {
		return nil
	}
	return fmt.Errorf("%s: status %d, to %q instead of %q: %.200s", step, p.status, p.to, prefix, title(p.body))
}

func title(body string) string {
	_, rest, _ := strings.Cut(body, "<title>")
	name, _, _ := strings.Cut(rest, "</title>")
	return name
}

// form is a form of a page, with what is typed in it.
type form struct {
	method, action string
	fields         url.Values
}

var (
	selectForms  = cascadia.MustCompile("form")
	selectFields = cascadia.MustCompile("input[name], textarea[name], select[name], button[name]")
	selectOption = cascadia.MustCompile("option")
)

// forms lists the forms of a page.
func (p page) forms() (all []form) {
	doc, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return nil
	}
	for _, n := range cascadia.QueryAll(doc, selectForms) {
		f := form{method: strings.ToUpper(attribute(n, "method")), action: attribute(n, "action"), fields: url.Values{}}
		for _, field := range cascadia.QueryAll(n, selectFields) {
			f.read(field)
		}
		all = append(all, f)
	}
	return all
}

func (f form) read(n *html.Node) {
	name, value := attribute(n, "name"), attribute(n, "value")
	switch kind := attribute(n, "type"); {
	case n.Data == "select":
		options := cascadia.QueryAll(n, selectOption)
		if len(options) > 0 {
			value = attribute(options[0], "value")
		}
		for _, o := range options {
			if has(o, "selected") {
				value = attribute(o, "value")
			}
		}
		f.fields.Add(name, value)
	case n.Data == "textarea" && n.FirstChild != nil:
		f.fields.Add(name, n.FirstChild.Data)
	case (kind == "checkbox" || kind == "radio") && !has(n, "checked"):
		if _, there := f.fields[name]; !there {
			f.fields[name] = nil
		}
	case n.Data == "button":
	default:
		f.fields.Add(name, value)
	}
}

func attribute(n *html.Node, name string) string {
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

// formOf is the page's form that has these fields; nil when there is none.
func (p page) formOf(fields ...string) *form {
next:
	for _, f := range p.forms() {
		for _, name := range fields {
			if _, there := f.fields[name]; !there {
				continue next
			}
		}
		return &f
	}
	return nil
}
