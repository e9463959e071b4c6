package animator_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/shop/account"
	"joetz/shop/animator"
	"joetz/shop/camp"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// sessions signs in whoever the cookie names: these tests are about what is seen, not about signing in.
type sessions struct{ w *medicaltest.World }

func (s sessions) Identify(_ context.Context, token string) (account.Identity, error) {
	switch token {
	case "amber":
		return account.Identity{StaffID: s.w.Animator, Name: "Amber", Roles: []account.Role{account.Animator}}, nil
	case "lies":
		return account.Identity{StaffID: s.w.Lead, Name: "Lies", Roles: []account.Role{account.Lead, account.Animator}}, nil
	case "ander":
		return account.Identity{StaffID: s.w.OtherAnimator, Name: "Ander", Roles: []account.Role{account.Animator}}, nil
	}
	return account.Identity{}, nil
}

func newApp(t testing.TB) (*medicaltest.World, *fiber.App) {
	t.Helper()
	w := medicaltest.New(t)
	w.Exec(`UPDATE guardian SET first_name = 'Els', last_name = 'Peeters', phone = '0470 12 34 56' WHERE id = $1`, w.Mother)
	now := func() time.Time { return w.At }
	app, err := web.New(web.Config{Key: make([]byte, 32), Now: now, Log: slog.New(slog.NewTextHandler(w.Logged, nil)), Sessions: sessions{w},
		Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ"}})
	if err != nil {
		t.Fatal(err)
	}
	h := &animator.Handlers{Camps: &camp.Service{DB: w.DB, Medical: w.Service, Now: now}}
	app.Get("/animator", h.ShowCamps)
	app.Get("/animator/kamp/:departure", h.ShowCamp)
	app.Get("/animator/kamp/:departure/kind/:booking", h.ShowChild)
	app.Get("/animator/kamp/:departure/keuken", h.ShowKitchen)
	app.Get("/animator/kamp/:departure/afdruk", h.ShowPrint)
	app.Post("/animator/kamp/:departure/afdruk", h.Print)
	app.Get("/animator/kamp/:departure/meenemen", h.ShowTakeAlong)
	app.Post("/animator/kamp/:departure/meenemen", h.TakeAlong)
	app.Get("/animator/kamp/:departure/naar-huis", h.ShowHome)
	app.Post("/animator/kamp/:departure/naar-huis", h.TakeHome)
	app.Get("/animator/kamp/:departure/mag-bewaren", h.MayKeep)
	app.Get("/animator/pak/:pack", h.PackMayStay)
	app.Post("/animator/meldingen", h.Receive)
	app.Get("/animator/belofte", h.ShowPromise)
	app.Post("/animator/belofte", h.Promise)
	app.Get("/animator/kamp/:departure/kind/:booking/geef/:medicine", h.ShowGive)
	app.Post("/animator/kamp/:departure/kind/:booking/geef/:medicine", h.Give)
	app.Get("/animator/kamp/:departure/kind/:booking/verslag", h.ShowDiary)
	app.Post("/animator/kamp/:departure/kind/:booking/verslag", h.Write)
	return w, app
}

func visit(t testing.TB, app *fiber.App, who string) *webtest.Browser {
	b := webtest.New(t, app)
	b.SetCookie("sid", who)
	return b
}

func TestOpensOnTodaysCamp(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	p := visit(t, app, "amber").Open("/animator").WantStatus(http.StatusOK)
	p.WantText("h1", "zee").WantText("header.camp-head", "dag 2 van 5")
	w.At = time.Date(2027, 6, 29, 10, 0, 0, 0, time.UTC)
	p = visit(t, app, "amber").Open("/animator").WantStatus(http.StatusOK)
	p.WantText("h1", "Mijn kampen").Want(`a[href="/animator/kamp/1"]`)
	w.At = time.Date(2027, 6, 20, 10, 0, 0, 0, time.UTC)
	p = visit(t, app, "amber").Open("/animator").WantStatus(http.StatusOK)
	p.WantNone(`a[href="/animator/kamp/1"]`).WantText(".camps", "28 juni 2027")
	w.At = time.Date(2027, 7, 12, 10, 0, 0, 0, time.UTC)
	visit(t, app, "amber").Open("/animator").WantText("main", "Je hebt nu geen kamp")
}

func TestCampList(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	w.FillIn()
	lou := w.AddChild("Loïc", medicaltest.First.AddMonths(-12*9))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, lou)
	w.Book(lou, w.Here, "placed")
	w.Must(w.AnswerCare(lou, w.Here, w.Mother, medical.CareAnswer{}))

	b := visit(t, app, "amber")
	p := b.Open("/animator/kamp/1").WantStatus(http.StatusOK)
	p.WantText(".first", "Noa").WantText(".first", "Allergie: levensgevaar")
	p.Want(`.kid-red .mark-red`).Want(`.kid-unknown .mark-unknown`)
	p.WantText(".kids", "9 jaar").WantText(".kids", "Jarig vandaag")
	p.Want(`.kid a[href="tel:+32470123456"]`)
	if got := p.Attr(`.kid a[href^="tel:"]`, "aria-label"); !strings.Contains(got, "Els") || !strings.Contains(got, "Loïc") {
		t.Errorf("a telephone that says %q", got)
	}
	p = b.Submit(p, "form.find", url.Values{"q": {"LOI"}})
	if p.Count(".kid") != 1 || !strings.Contains(p.Text(".kid"), "Loïc") {
		t.Errorf("found %d: %s", p.Count(".kid"), p.Text(".kids"))
	}

	mia := w.AddChild("Mia", medicaltest.First.AddMonths(-12*8))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, mia)
	w.Book(mia, w.Here, "placed")
	w.Must(w.AnswerCare(mia, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "rust", Lang: "nl"}))
	found := b.Submit(b.Open("/animator/kamp/1"), "form.find", url.Values{"q": {"Mia"}})
	found.WantText(".kid", "nog niets afgesproken").WantText(".kid", "Fiche niet volledig") // one mark stands for both
	if title := p.Text("title"); strings.Contains(title, "Noa") || strings.Contains(title, "llergie") {
		t.Errorf("the tab says %q", title)
	}
}

func TestChildPage(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	amber, lies := visit(t, app, "amber"), visit(t, app, "lies")
	const path = "/animator/kamp/1/kind/1"

	p := amber.Open(path).WantStatus(http.StatusOK)
	p.WantText(".alarm", "Nog niet ingevuld").WantText(".care-bad", "niet beantwoord").WantNone(".notice-good")
	p.Want(`.calls a[href="tel:+32470123456"]`).Want(`a[href="tel:112"]`).Want(`a[href="tel:+3270245245"]`)

	w.AskEverything()
	words := w.FillIn()
	p = amber.Open(path)
	p.WantText(".alarm", "niet volledig of niet ondertekend").WantText(".flags-red", "Adrenalinepen").WantNone(".notice-good")
	if p.Text("title") != "Noa – JOETZ" {
		t.Errorf("the tab says %q", p.Text("title"))
	}
	leadPage := lies.Open(path).WantStatus(http.StatusOK)
	seen := 0
	for _, q := range w.Questions.Current().Questions {
		letters := strings.Map(func(r rune) rune {
			if r < 'a' || r > 'z' {
				return -1
			}
			return r
		}, q.ID)
		for _, word := range words {
			if !strings.HasPrefix(word, "kanarie"+letters) || len(q.Fields) > 0 {
				continue
			}
			seen++
			for _, c := range []struct {
				page  *webtest.Page
				codes string
			}{{p, "A"}, {leadPage, "AL"}} {
				want := strings.Contains(c.codes, q.View.Code())
				if got := strings.Contains(c.page.Body, word); got != want {
					t.Errorf("%s (%s) for %s: on the page %v, want %v", q.ID, q.View.Code(), c.codes, got, want)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d questions were looked for", seen)
	}
	if p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control: %q", p.Header.Get("Cache-Control"))
	}
}

func TestChildPageWhenItDoesNotOpen(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{}))
	w.Exec(`DELETE FROM fiche_key`)
	p := visit(t, app, "amber").Open("/animator/kamp/1/kind/1").WantStatus(http.StatusOK)
	p.WantText(".alarm-red", "niet openen").WantText(".care-bad", "niet geopend").Want(`.calls a[href="tel:+32470123456"]`).WantNone(".notice-good")
	visit(t, app, "amber").Open("/animator/kamp/1").WantText(".first", "Noa")
}

// Everything that is not, not yet, or no longer somebody's answers as a page that does not exist.
func TestNotFound(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	w.FillIn()
	lou := w.AddChild("Lou", medicaltest.First.AddMonths(-12*9))
	elsewhere := w.Book(lou, w.Elsewhere, "placed")
	during, after, before := w.At, time.Date(2027, 7, 11, 10, 0, 0, 0, time.UTC), time.Date(2027, 6, 27, 10, 0, 0, 0, time.UTC)
	here, child := "/animator/kamp/1", "/animator/kamp/1/kind/1"
	for _, c := range []struct {
		who, path, change, undo string
		at                      time.Time
		want                    int
	}{
		{"amber", here, "", "", during, 200}, {"amber", child, "", "", during, 200}, {"lies", child, "", "", during, 200},
		{"ander", here, "", "", during, 404}, {"ander", child, "", "", during, 404},
		{"ander", "/animator/kamp/2", "", "", during, 200}, {"ander", "/animator/kamp/2/kind/1", "", "", during, 404},
		{"amber", "/animator/kamp/1/kind/" + itoa(elsewhere), "", "", during, 404},
		{"amber", "/animator/kamp/2/kind/" + itoa(elsewhere), "", "", during, 404},
		{"amber", here, "", "", before, 404}, {"amber", child, "", "", before, 404}, {"lies", child, "", "", before, 200},
		{"amber", here, "", "", after, 404}, {"amber", child, "", "", after, 404}, {"lies", child, "", "", after, 200},
		{"amber", here, `UPDATE assignment SET removed_at = now()`, `UPDATE assignment SET removed_at = NULL`, during, 404},
		{"amber", child, `UPDATE assignment SET removed_at = now()`, `UPDATE assignment SET removed_at = NULL`, during, 404},
		{"amber", here, `UPDATE departure SET status = 'cancelled'`, `UPDATE departure SET status = 'published'`, during, 404},
		{"nobody", here, "", "", during, 404}, {"nobody", child, "", "", during, 404},
		{"amber", "/animator/kamp/999", "", "", during, 404}, {"amber", "/animator/kamp/x", "", "", during, 404}, {"amber", "/animator/kamp/1/kind/-1", "", "", during, 404},
	} {
		w.At = c.at
		if c.change != "" {
			w.Exec(c.change)
		}
		p := visit(t, app, c.who).Get(c.path)
		if p.Status != c.want {
			t.Errorf("%s at %s on %s %s: %d, want %d", c.who, c.path, c.at.Format(time.DateOnly), c.change, p.Status, c.want)
		}
		if p.Status == 404 && strings.Contains(p.Body, "Noa") {
			t.Errorf("%s at %s: the page names the child", c.who, c.path)
		}
		if c.undo != "" {
			w.Exec(c.undo)
		}
	}
}

func itoa(b id.Booking) string { return strconv.FormatInt(int64(b), 10) }
