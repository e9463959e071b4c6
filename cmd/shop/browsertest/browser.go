// Package browsertest drives a real browser through the shop as its users do: by the words that they read.
//
// Owns: one headless Chromium per test process. May import: rod.
// Always true: a step waits for what it needs to see and never for time to pass; without Chromium a test is skipped on
// somebody's own machine and fails where CI is set.
package browsertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

// patience is how long a step may take on the slowest machine before the test gives up: nothing that goes well comes near it.
const patience = time.Minute

var chromium = sync.OnceValues(func() (*rod.Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	url, err := launcher.New().Bin(path).Headless(true).NoSandbox(true).Leakless(true).
		Set("disable-gpu").Set("disable-quic").Set("no-first-run").Set("disable-background-networking").
		Set("disable-component-update").Set("disable-sync").Set("lang", "nl-BE").Launch()
	if err != nil {
		return nil, err
	}
	b := rod.New().ControlURL(url)
	return b, b.Connect()
})

// find is Chromium on this machine. The one that was built without windows comes first: it costs a quarter of the other.
func find() (path string, err error) {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", err
}

// Tab is one browser window of one person, with cookies of its own.
type Tab struct {
	*rod.Page
	t    testing.TB
	site string
}

// Open opens a window of that width on a shop's address.
func Open(t testing.TB, site string, width int) *Tab {
	t.Helper()
	if _, err := find(); err != nil && os.Getenv("CI") == "" {
		t.Skip("no Chromium on this machine")
	}
	browser, err := chromium()
	if err != nil {
		t.Fatalf("Chromium: %v", err)
	}
	private, err := browser.Incognito()
	if err != nil {
		t.Fatal(err)
	}
	page, err := private.Page(proto.TargetCreateTarget{URL: "about:blank"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the browser may be gone already
		_ = page.Close()
		_ = private.Close() // with its open connections, for which a shop that stops would wait
	})
	tab := &Tab{Page: page.Context(t.Context()), t: t, site: site}
	tab.must(proto.EmulationSetDeviceMetricsOverride{Width: width, Height: 844, DeviceScaleFactor: 1, Mobile: width < 600}.Call(tab))
	version, err := browser.Version()
	tab.must(err)
	tab.must(tab.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: version.UserAgent, AcceptLanguage: "nl-BE"}))
	return tab
}

func (b *Tab) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%v\n%s", err, b.where())
	}
}

// where is what the person sees when a step fails.
func (b *Tab) where() string {
	info, err := b.Info()
	if err != nil {
		return ""
	}
	el, err := b.Timeout(time.Second).Element("main, body")
	if err != nil {
		return "at " + info.URL
	}
	text, _ := el.Text()
	return "at " + info.URL + ":\n" + text[:min(len(text), 1500)]
}

// Site is the address that paths are of.
func (b *Tab) Site() string { return b.site }

// Visit goes to a path of the shop.
func (b *Tab) Visit(path string) *Tab {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.site + path
	}
	b.must(b.Navigate(path))
	b.must(b.Timeout(patience).WaitLoad())
	return b
}

// Path is where the person is.
func (b *Tab) Path() string {
	b.t.Helper()
	info, err := b.Info()
	b.must(err)
	return strings.TrimPrefix(info.URL, b.site)
}

// Fill types into the field of that label.
func (b *Tab) Fill(label, value string) *Tab {
	b.t.Helper()
	el := b.control(label)
	b.must(el.SelectAllText())
	b.must(el.Input(value))
	return b
}

// Pick chooses the radio button, tick box or other control of that label. With nth more than one the group it is in must
// come first: Within.
func (b *Tab) Pick(label string) *Tab {
	b.t.Helper()
	b.click(b.control(label))
	return b
}

// PickIn chooses the answer of a question, where several questions have the same answers.
func (b *Tab) PickIn(question, answer string) *Tab {
	b.t.Helper()
	set := b.find("fieldset", question)
	label, err := set.ElementR("label", `^\s*`+regexp.QuoteMeta(answer))
	b.must(err)
	b.click(label)
	return b
}

// Choose picks an option of the select of that label, by its text.
func (b *Tab) Choose(label, option string) *Tab {
	b.t.Helper()
	b.must(b.control(label).Select([]string{regexp.QuoteMeta(option)}, true, rod.SelectorTypeRegex))
	return b
}

// Upload gives files to the field of that label.
func (b *Tab) Upload(label, name string, content []byte) *Tab {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	b.must(os.WriteFile(path, content, 0o600))
	b.must(b.control(label).SetFiles([]string{path}))
	return b
}

// startsWith finds an element by the beginning of its text, whether or not it is on the screen yet; of several selectors
// the first that has one. It is null, and looked for again, as long as there is none.
const startsWith = `(selectors, text) => selectors.split(" | ").flatMap(s => [...document.querySelectorAll(s)]).find(
	e => e.textContent.replace(/\s+/g, " ").trim().startsWith(text)) ?? null`

func (b *Tab) find(selector, text string) *rod.Element {
	b.t.Helper()
	el, err := b.Timeout(patience).ElementByJS(rod.Eval(startsWith, selector, text))
	b.must(err)
	return el.CancelTimeout()
}

// click is the browser's own click, as a keyboard or a screen reader makes it: where a card's link covers the whole card
// there is no point of the link itself to aim at.
func (b *Tab) click(el *rod.Element) {
	b.t.Helper()
	_, err := el.Timeout(patience).Eval(`() => { this.scrollIntoView({block: "center"}); this.click() }`)
	b.must(err)
}

// control finds the form control of a label, by the beginning of the label's text.
func (b *Tab) control(label string) *rod.Element {
	b.t.Helper()
	id, err := b.find("label", label).Attribute("for")
	b.must(err)
	el, err := b.Timeout(patience).Element(`[id="` + *id + `"]`) // an id may have dots
	b.must(err)
	return el
}

// Press sends a form or follows a link, by its text, and waits for the page that comes.
func (b *Tab) Press(text string) *Tab {
	b.t.Helper()
	const buttons = "main button, main a, main summary | header a, header button"
	b.find(buttons, text) // before the page is marked: a script may make it only now
	return b.Leads("pressing "+text, func() { b.strike(buttons, text) })
}

// strike finds and clicks in one go: a script of the page may put another button in the place of the one that was found.
func (b *Tab) strike(selectors, text string) {
	b.t.Helper()
	b.must(b.Timeout(patience).Wait(rod.Eval(`(selectors, text) => {
		const el = (`+startsWith+`)(selectors, text);
		if (el) { el.scrollIntoView({block: "center"}); el.click(); }
		return el !== null }`, selectors, text)))
}

// Leads does what brings another page, and waits for that page. The page that is left carries a mark: the browser's events of
// loading would tell of it too, now and then after one has begun to listen.
func (b *Tab) Leads(what string, act func()) *Tab {
	b.t.Helper()
	_, err := b.Timeout(patience).Eval(`() => { window.left = true }`)
	b.must(err)
	act()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		there, err := b.Timeout(patience).Eval(`() => !window.left && document.readyState === "complete"`)
		if err == nil && there.Value.Bool() { // an error is a page that goes while it is asked
			return b
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s brought no page: %v\n%s", what, err, b.where())
		}
	}
}

// Sees fails the test unless the page says all of that.
func (b *Tab) Sees(texts ...string) *Tab {
	b.t.Helper()
	seen := b.Read()
	for _, want := range texts {
		if !strings.Contains(seen, want) {
			b.t.Fatalf("does not say %q\n%s", want, b.where())
		}
	}
	return b
}

// SeesNot fails the test when the page says any of that.
func (b *Tab) SeesNot(texts ...string) *Tab {
	b.t.Helper()
	seen := b.Read()
	for _, unwanted := range texts {
		if strings.Contains(seen, unwanted) {
			b.t.Fatalf("says %q\n%s", unwanted, b.where())
		}
	}
	return b
}

// Read is the text of the page, with each run of white space as one space.
func (b *Tab) Read() string {
	b.t.Helper()
	el, err := b.Timeout(patience).Element("body")
	b.must(err)
	text, err := el.Text()
	b.must(err)
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), " ")
}

// Until loads the page again until it says that: for what a job does after the answer.
func (b *Tab) Until(text string) *Tab {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for !strings.Contains(b.Read(), text) {
		if time.Now().After(deadline) {
			b.t.Fatalf("never said %q\n%s", text, b.where())
		}
		b.must(b.Reload())
		b.must(b.Timeout(patience).WaitLoad())
	}
	return b
}

// Shot writes a picture of the whole page to SHOP_TEST_SHOTS, when that is set, for people to look at.
func (b *Tab) Shot(name string) *Tab {
	b.t.Helper()
	dir := os.Getenv("SHOP_TEST_SHOTS")
	if dir == "" {
		return b
	}
	png, err := b.Screenshot(true, nil)
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
	return b
}

// Tap presses a button or link that a script answers on the same page.
func (b *Tab) Tap(text string) *Tab {
	b.t.Helper()
	b.strike("main button, main a, main summary", text)
	return b
}

// Awaits waits until the page says that, without loading it again: for what a script does.
func (b *Tab) Awaits(text string) *Tab {
	b.t.Helper()
	if err := b.Timeout(patience).Wait(rod.Eval(`(text) => document.body && document.body.innerText.replace(/\s+/g, " ").includes(text)`, text)); err != nil {
		b.t.Fatalf("never said %q: %v\n%s", text, err, b.where())
	}
	return b
}

// Stored is what the page's origin keeps in IndexedDB, names and values as far as they are text.
func (b *Tab) Stored() string {
	b.t.Helper()
	out, err := b.Eval(`() => new Promise((resolve, reject) => { const r = indexedDB.open("camp"); r.onerror = () => reject(r.error);
		r.onupgradeneeded = () => { r.onerror = () => resolve("[]"); r.transaction.abort(); }; // nothing is kept: an empty one would be in the page's way
		r.onsuccess = async () => {
		const all = []; for (const name of r.result.objectStoreNames) all.push(await new Promise((ok) => { const q = r.result.transaction(name).objectStore(name).getAll(); q.onsuccess = () => ok(q.result); }));
		r.result.close(); resolve(JSON.stringify(all)); } })`)
	b.must(err)
	return out.Value.Str()
}
