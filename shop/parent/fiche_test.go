package parent_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/seal/sealtest"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/parent"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/layout"
	"joetz/terms"
)

type sessions struct{ w *medicaltest.World }

func (s sessions) Identify(_ context.Context, token string) (account.Identity, error) {
	parent := account.Identity{Roles: []account.Role{account.Parent}, SignedInAt: s.w.At}
	switch token {
	case "els":
		parent.GuardianID = s.w.Mother
	case "jan":
		parent.GuardianID = s.w.Father
	case "vreemd":
		parent.GuardianID = s.w.Stranger
	default:
		return account.Identity{}, nil
	}
	return parent, nil
}

func newFicheApp(t testing.TB) (*medicaltest.World, *fiber.App) {
	t.Helper()
	w := medicaltest.New(t)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	w.Exec(`UPDATE guardian SET first_name = 'Els', last_name = 'Peeters', phone = '0470 12 34 56' WHERE id = $1`, w.Mother)
	now := func() time.Time { return w.At }
	people, err := account.New(account.Config{DB: w.DB, Now: now, Seal: w.Keys})
	if err != nil {
		t.Fatal(err)
	}
	app, err := web.New(web.Config{Key: make([]byte, 32), Now: now, Log: slog.New(slog.NewTextHandler(w.Logged, nil)), Sessions: sessions{w},
		Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ", Email: "info@joetz.example"}})
	if err != nil {
		t.Fatal(err)
	}
	h := &parent.Handlers{DB: w.DB, Accounts: people, Medical: w.Service,
		Bookings: &booking.Service{DB: w.DB, Now: now, Terms: terms.JOETZ2027(), Accounts: people, Medical: w.Service}}
	app.Get("/mijn/fiche/:booking", h.ShowFiche)
	app.Get("/mijn/fiche/:booking/deel/:number", h.ShowTopic)
	app.Post("/mijn/fiche/:booking/deel/:number", h.SaveTopic)
	app.Get("/mijn/fiche/:booking/nakijken", h.ShowCheck)
	app.Post("/mijn/fiche/:booking/ondertekenen", h.Sign)
	app.Get("/mijn/fiche/:booking/wie-keek", h.ShowWho)
	app.Get("/mijn/fiche/:booking/bestand/:file", h.ShowFile)
	return w, app
}

func as(t testing.TB, app *fiber.App, who string) *webtest.Browser {
	b := webtest.New(t, app)
	b.SetCookie("sid", who)
	return b
}

const form = "main form"

// pages are what a parent types, page by page; a page that has more to ask after that takes the next entry.
func pages(word func(string) string) []url.Values {
	return []url.Values{
		{"contact.persons.1.relation": {"mother"}, "contact.persons.2.name": {word("persoon")}, "contact.persons.2.relation": {"grandparent"},
			"contact.persons.2.phone": {"0486/98.76.54"}, "contact.gp_name": {word("huisarts")}, "contact.gp_phone": {"02 555 12 12"}, "contact.fund": {"cm"}},
		{"allergy.any": {"yes"}}, // without a script the rest comes after saving
		{"allergy.rows.1.kind": {"food"}, "allergy.rows.1.what": {word("noten")}, "allergy.rows.1.severity": {"life-threatening"},
			"allergy.rows.1.reaction": {word("reactie")}, "allergy.rows.1.todo": {"112 bellen"}},
		{"allergy.pen": {"yes"}},
		{"allergy.pen_where": {word("pen")}},
		{"food.diet": {"halal"}},
		{"food.diet_more": {word("keuken")}},
		{"health.any": {"no"}, "health.recent": {"no"}, "health.tetanus": {"unknown"}},
		{"med.any": {"yes"}},
		{"med.rows.1.name": {word("ventolin")}, "med.rows.1.reason": {word("astma")}, "med.rows.1.dose": {"2 pufjes"}, "med.rows.1.route": {"inhaled"},
			"med.rows.1.when": {"evening", "needed"}, "med.rows.1.storage": {"room"}, "med.rows.1.who": {"supervised"}, "med.rows.1.prescription": {"no"}, "med.nursing": {"no"}},
		{"med.needed.1.when": {word("benauwd")}, "med.needed.1.max_per_day": {"4"}, "med.needed.1.hours_between": {"4"}},
		{"sleep.night": {"none"}, "sleep.toilet": {"no"}},
		{"sport.swim": {"25m"}, "sport.limits": {"no"}},
		{"social.first": {"no"}, "social.group": {"no"}, "social.risk": {"no"}},
		{"care.any": {"no"}},
		{"consent.explicit": {"yes"}, "consent.paracetamol": {"call"}, "consent.weight": {"28"}, "consent.firstaid": {"plaster", "tick"}, "consent.emergency": {"yes"},
			"consent.share": {"yes"}, "consent.keep": {"yes"}, "consent.truth": {"yes"}, "consent.other": {word("verder")}},
	}
}

// A parent on an old phone, without a script, from the first page to the signature.
func TestFillInWithoutScript(t *testing.T) {
	t.Parallel()
	w, app := newFicheApp(t)
	var words []string
	b := as(t, app, "els")
	p := b.Open("/mijn/fiche/1").WantStatus(http.StatusOK)
	p.WantText("h1", "Fiche van Noa").WantText(".tasks", "Nog te doen")
	p = b.Open(p.Attr(".buttons a", "href")).WantStatus(http.StatusOK)
	p.WantText(".who-sees", "hoofdanimator")
	if p.Attr(`[name="contact.persons.1.name"]`, "value") != "Els Peeters" || p.Attr(`[name="contact.persons.1.phone"]`, "value") == "" {
		t.Error("the parent is asked for what we know")
	}
	for i, typed := range pages(func(about string) string { words = append(words, sealtest.Canary(about)); return words[len(words)-1] }) {
		for name := range typed {
			hidden := `.when[hidden] [name="` + name + `"]`
			if p.Has(hidden) {
				t.Errorf("step %d: %s is typed into a question that nobody without a script sees", i, name)
			}
		}
		p = b.Submit(p, form, typed).WantStatus(http.StatusOK)
		if title := p.Text("title"); !strings.HasPrefix(title, "Fiche") || len(title) > 40 {
			t.Errorf("the tab says %q", title)
		}
	}
	p.WantText("h1", "Kijk de antwoorden voor Noa na").WantNone(".notice-warning")
	for _, word := range words {
		if !strings.Contains(p.Body, word) {
			t.Errorf("%s is not on the page with all answers", word)
		}
	}
	p.WantText("dl", "'s avonds, enkel bij nood").WantText("dl", "op zee") // the holiday's name stands in the consent
	p = b.Submit(p, form, nil).WantStatus(http.StatusOK)
	p.WantText(".notice-good", "Ondertekend op").WantText(".notice-good", "Bedankt")

	sheet, err := w.Read(w.Ctx, medicaltest.Staff(w.Office, medical.Office), w.Booking)
	if err == nil {
		t.Errorf("office reads a fiche without a care question: state %d", sheet.State)
	}
	w.At = time.Date(2027, 7, 6, 10, 0, 0, 0, time.UTC)
	sheet, err = w.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking)
	w.Must(err)
	if sheet.State != medical.Signed || sheet.Mark() != medical.Red {
		t.Errorf("at camp: state %d, mark %d", sheet.State, sheet.Mark())
	}
	b.Open("/mijn/fiche/1/wie-keek").WantText(".log", "Amber, animator").WantText(".log", "bekeek de fiche").WantText(".log", "Olga, kantoor").WantText(".log-refused", "geweigerd")
	sealtest.Absent(t, "the log", w.Logged.Bytes(), words...)
	b.Open("/mijn/fiche/1/deel/1").WantText("h1", "Kijk de antwoorden") // closed: only to look at
	if p := b.Post("/mijn/fiche/1/deel/1", url.Values{"contact.gp_name": {"x"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("saved during the camp: %d", p.Status)
	}
}

func TestMistakesStayOnThePage(t *testing.T) {
	t.Parallel()
	_, app := newFicheApp(t)
	b := as(t, app, "els")
	p := b.Open("/mijn/fiche/1/deel/1")
	p = b.Submit(p, form, url.Values{"contact.persons.1.phone": {"bel mama"}, "contact.gp_name": {"Dr. Maes"}})
	p.WantStatus(http.StatusUnprocessableEntity).WantText("title", "Fout:")
	for _, field := range []string{"contact.persons.1.phone", "contact.persons", "contact.gp_phone", "contact.fund"} {
		p.Want(`.summary a[href="#f-` + field + `"]`).Want(`[id="f-` + field + `"]`)
	}
	p.WantNone(`.summary a[href="#f-contact.gp_name"]`)
	if p.Attr(`[name="contact.persons.1.phone"]`, "value") != "bel mama" || p.Attr(`[name="contact.gp_name"]`, "value") != "Dr. Maes" {
		t.Error("what was typed is gone")
	}
	// and is there again on another device
	again := as(t, app, "els").Open("/mijn/fiche/1/deel/1")
	if again.Attr(`[name="contact.gp_name"]`, "value") != "Dr. Maes" {
		t.Error("what was typed was not kept")
	}
}

func TestRowsAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	_, app := newFicheApp(t)
	b := as(t, app, "els")
	p := b.Open("/mijn/fiche/1/deel/1")
	if n := p.Count(".row-card"); n != 2 {
		t.Fatalf("%d cards, want the two that are needed", n)
	}
	p = b.Submit(p, form, url.Values{"contact.persons.2.name": {"Opa"}, "nog": {"contact.persons"}}).WantStatus(http.StatusOK)
	if n := p.Count(".row-card"); n != 3 || p.Attr(`[name="contact.persons.2.name"]`, "value") != "Opa" || p.Has(".summary") {
		t.Fatalf("%d cards after adding", n)
	}
	p = b.Submit(p, form, url.Values{"contact.persons.3.name": {"Tante"}, "weg": {"contact.persons.2"}}).WantStatus(http.StatusOK)
	if n := p.Count(".row-card"); n != 3 || p.Attr(`[name="weg-zeker"]`, "value") != "contact.persons.2" || p.Has(".summary") {
		t.Fatalf("%d cards when asked whether one may go", n)
	}
	p = b.Submit(p, form, url.Values{"weg-niet": {"contact.persons.2"}}).WantStatus(http.StatusOK)
	if n := p.Count(".row-card"); n != 3 || p.Has(`[name="weg-zeker"]`) || !strings.Contains(p.Body, "Opa") || !strings.Contains(p.Body, "Tante") {
		t.Fatalf("%d cards after it may stay", n)
	}
	p = b.Submit(p, form, url.Values{"weg": {"contact.persons.2"}}).WantStatus(http.StatusOK)
	p = b.Submit(p, form, url.Values{"weg-zeker": {"contact.persons.2"}}).WantStatus(http.StatusOK)
	if n := p.Count(".row-card"); n != 2 || strings.Contains(p.Body, "Opa") || !strings.Contains(p.Body, "Tante") {
		t.Errorf("%d cards after removing: %v", n, p.Text(".row-card legend"))
	}
}

func TestOnlyTheGuardianWhoMay(t *testing.T) {
	t.Parallel()
	w, app := newFicheApp(t)
	w.FillIn()
	for _, who := range []string{"jan", "vreemd", "nobody"} {
		for _, path := range []string{"", "/deel/1", "/nakijken", "/wie-keek"} {
			if p := as(t, app, who).Get("/mijn/fiche/1" + path); p.Status != http.StatusNotFound || strings.Contains(p.Body, "Noa") {
				t.Errorf("%s at %s: %d", who, path, p.Status)
			}
		}
		for _, path := range []string{"/deel/1", "/ondertekenen"} {
			if p := as(t, app, who).Post("/mijn/fiche/1"+path, url.Values{"contact.gp_name": {"x"}}); p.Status != http.StatusNotFound {
				t.Errorf("%s posts to %s: %d", who, path, p.Status)
			}
		}
	}
	b := as(t, app, "els")
	for _, path := range []string{"/mijn/fiche/x", "/mijn/fiche/99", "/mijn/fiche/1/deel/0", "/mijn/fiche/1/deel/99"} {
		b.Get(path).WantStatus(http.StatusNotFound)
	}
	if p := b.Get("/mijn/fiche/1/nakijken").WantStatus(http.StatusOK); p.Header.Get("Cache-Control") != "private, no-cache" && p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control %q", p.Header.Get("Cache-Control"))
	}
}

// Every page says who sees the answers, in both languages, and every question has a label of its own.
func TestEveryTopic(t *testing.T) {
	t.Parallel()
	w, app := newFicheApp(t)
	w.AskEverything()
	w.FillIn()
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	for _, lang := range []string{"nl", "en"} {
		b := as(t, app, "els")
		b.Header.Set("Accept-Language", lang)
		for n := 1; n <= 11; n++ {
			p := b.Get(fmt.Sprintf("/mijn/fiche/1/deel/%d", n)).WantStatus(http.StatusOK)
			p.Want(".who-sees span").Want("h1")
			if strings.Contains(p.Body, "[fiche.") || strings.Contains(p.Body, "[questionnaire.") || strings.Contains(p.Body, "[vakantie]") || strings.Contains(p.Body, "[holiday]") {
				t.Errorf("%s, part %d: a text is missing", lang, n)
			}
			if p.Count("fieldset")+p.Count("input") < 2 {
				t.Errorf("%s, part %d: hardly a question", lang, n)
			}
		}
	}
}

func TestUploadOnThePage(t *testing.T) {
	t.Parallel()
	w, app := newFicheApp(t)
	b := as(t, app, "els")
	medicine := url.Values{"med.any": {"yes"}, "med.nursing": {"no"}, "med.rows.key": {"1"}, "med.rows.1.name": {"Ventolin"}, "med.rows.1.reason": {"x"}, "med.rows.1.dose": {"x"},
		"med.rows.1.route": {"inhaled"}, "med.rows.1.when": {"evening"}, "med.rows.1.storage": {"room"}, "med.rows.1.who": {"leader"}, "med.rows.1.prescription": {"yes"}}
	b.Post("/mijn/fiche/1/deel/5", medicine)
	p := b.Open("/mijn/fiche/1/deel/5").Want(`form[enctype="multipart/form-data"]`).Want(`input[type="file"][name="med.label.1.file"]`)
	p.WantText(".row-card", "Ventolin")

	send := func(name string, data []byte) *webtest.Page {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for key, values := range medicine {
			for _, v := range values {
				form.WriteField(key, v)
			}
		}
		part, err := form.CreateFormFile("med.label.1.file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(data)
		form.Close()
		r := httptest.NewRequest(http.MethodPost, "http://"+webtest.Host+"/mijn/fiche/1/deel/5", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return b.Do(r)
	}
	send("virus.exe", []byte("MZ...")).WantStatus(http.StatusUnprocessableEntity).Want(`.summary a[href="#f-med.label.1.file"]`).WantText(".summary", "jpg of png")
	if got := send("label.pdf", []byte("%PDF-1.4 %%EOF")); got.Status != http.StatusSeeOther {
		t.Fatalf("status %d", got.Status)
	}
	p = b.Open("/mijn/fiche/1/deel/5").WantText(".file a", "label.pdf")
	link := p.Attr(".file a", "href")
	file := b.Get(link).WantStatus(http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Disposition": `attachment; filename=label.pdf`} {
		if got := file.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	b.Open("/mijn/fiche/1/nakijken").WantText("dd", "label.pdf")
	for _, who := range []string{"jan", "vreemd"} {
		as(t, app, who).Get(link).WantStatus(http.StatusNotFound)
	}
	p = b.Submit(b.Open("/mijn/fiche/1/deel/5"), form, url.Values{"bestand-weg": {"med.label.1"}}).WantStatus(http.StatusOK)
	p.WantNone(".file")
	if n := w.Insert(`SELECT count(*) FROM fiche_upload`); n != 0 {
		t.Errorf("%d files left", n)
	}
}

// Two windows with the same page: the second one is told what the first saved, keeps what it typed, and decides.
func TestTwoWindows(t *testing.T) {
	t.Parallel()
	_, app := newFicheApp(t)
	els, jan := as(t, app, "els"), as(t, app, "els")
	typed := pages(func(about string) string { return about })[0]
	one, two := els.Open("/mijn/fiche/1/deel/1"), jan.Open("/mijn/fiche/1/deel/1")
	els.Submit(one, form, typed).WantStatus(http.StatusOK)
	typed.Set("contact.gp_name", "Dr. Anders")
	again := jan.Submit(two, form, typed).WantStatus(http.StatusUnprocessableEntity)
	again.WantText(".summary", "intussen").WantText(".notice-warning dl", "huisarts").WantText("title", "Fout:")
	if n := again.Count(".notice-warning dt"); n != 1 {
		t.Errorf("%d questions differ: %s", n, again.Text(".notice-warning"))
	}
	if got := again.Attr(`[name="contact.gp_name"]`, "value"); got != "Dr. Anders" {
		t.Errorf("what was typed is %q", got)
	}
	if got := els.Open("/mijn/fiche/1/deel/1").Attr(`[name="contact.gp_name"]`, "value"); got != "huisarts" {
		t.Errorf("the first window's answer is %q", got)
	}
	jan.Submit(again, form, nil).WantStatus(http.StatusOK)
	if got := els.Open("/mijn/fiche/1/deel/1").Attr(`[name="contact.gp_name"]`, "value"); got != "Dr. Anders" {
		t.Errorf("decided, and the answer is %q", got)
	}
	// One window sent twice, with the browser's back button between, is no quarrel.
	back := els.Open("/mijn/fiche/1/deel/1")
	els.Submit(back, form, nil).WantStatus(http.StatusOK)
	els.Submit(back, form, nil).WantStatus(http.StatusOK).WantNone(".summary")
}
