package public_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/public"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/htmltest"
	"joetz/templates/layout"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// today is a day in the winter before the season.
var today = time.Date(2027, 1, 20, 10, 0, 0, 0, civil.Brussels)

type nobody struct{}

func (nobody) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{}, nil
}

// open is a shop with the demo season, its database and a visitor.
func open(t *testing.T, change ...func(*public.Config)) (*webtest.Browser, *sqlx.DB, *fiber.App) {
	t.Helper()
	db := pgtest.New(t)
	now := func() time.Time { return today }
	service := &catalogue.Service{DB: db, Now: now}
	addSeason(t, db, service)
	cfg := public.Config{Catalogue: service, Terms: terms.JOETZ2027(), Insurer: "Allianz", Now: now}
	for _, f := range change {
		f(&cfg)
	}
	app, err := web.New(web.Config{Key: make([]byte, 32), Now: now, Log: slog.New(slog.DiscardHandler), Sessions: nobody{}, Test: true,
		Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ", Street: "Sint-Jansstraat 32", Postcode: "1000", City: "Brussel",
			Enterprise: "BE 0123.456.749", Email: "info@joetz.be"}})
	if err != nil {
		t.Fatal(err)
	}
	handlers := public.New(cfg)
	for _, page := range handlers.Addresses() {
		app.Get(page.Path, page.Handle)
	}
	app.Get("/foto/:name", handlers.Photo)
	return webtest.New(t, app), db, app
}

// addSeason puts the 37 holidays of testdata/season.json on sale since the autumn before.
func addSeason(t *testing.T, db *sqlx.DB, service *catalogue.Service) {
	t.Helper()
	raw, err := os.ReadFile("testdata/season.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		catalogue.NewHoliday
		StartsOn  civil.Date `json:"start_date"`
		EndsOn    civil.Date `json:"end_date"`
		YearFrom  int        `json:"birth_year_from"`
		YearTo    int        `json:"birth_year_to"`
		Regime    string     `json:"legal_regime"`
		Base      int64      `json:"base_price_eur"`
		Solidaris *int64     `json:"solidaris_price_eur"`
		VT        *int64     `json:"vt_price_eur"`
		Group     string     `json:"target_group"`
		Not       []string   `json:"not_included"`
		Boarding  []struct {
			Name string
			Min  int `json:"min_participants"`
		} `json:"boarding_places"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	cents := func(euros *int64) *money.Cents {
		if euros == nil {
			return nil
		}
		c := money.Cents(*euros * 100)
		return &c
	}
	err = pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		for _, r := range rows {
			h := r.NewHoliday
			h.Slug = catalogue.Slug(h.Title)
			h.StartsOn, h.EndsOn, h.BirthYearFrom, h.BirthYearTo = r.StartsOn, r.EndsOn, r.YearFrom, r.YearTo
			h.LegalRegime, h.TargetGroup, h.NotIncluded = r.Regime, r.Group, r.Not
			h.Base, h.Solidaris, h.VT = money.Cents(r.Base*100), cents(r.Solidaris), cents(r.VT)
			h.OnSaleAt = time.Date(2026, 10, 1, 9, 0, 0, 0, civil.Brussels)
			for _, b := range r.Boarding {
				h.BoardingPlaces = append(h.BoardingPlaces, catalogue.BoardingPlace{Name: b.Name, MinParticipants: b.Min})
			}
			if _, err := service.AddTx(t.Context(), tx, h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sell takes n places of a holiday away: sold, or held in baskets.
func sell(t *testing.T, db *sqlx.DB, code string, n int, held bool) {
	t.Helper()
	set := `booking_id = -(10000 + number + departure_id * 1000)`
	if held {
		set = `checkout_id = 1, held_until = '2027-01-20 12:00+01'`
	}
	answer, err := db.Exec(`UPDATE place SET `+set+` WHERE (departure_id, number) IN (
		SELECT p.departure_id, p.number FROM place p JOIN departure d ON d.id = p.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE h.code = $1 AND p.booking_id IS NULL AND p.checkout_id IS NULL ORDER BY p.number LIMIT $2)`, code, n)
	if err != nil {
		t.Fatal(err)
	}
	if changed, _ := answer.RowsAffected(); changed != int64(n) {
		t.Fatalf("%s has no %d places to take", code, n)
	}
}

// Every page reads well in both languages, links only to pages that exist, and every picture is there.
func TestPagesAndTheirLinks(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	// Pages of others that these pages lead to.
	elsewhere := map[string]bool{"/aanmelden": true, "/mijn": true}
	for _, lang := range []string{"nl", "en"} {
		seen := map[string]bool{}
		todo := []string{"/"}
		b.Header.Set("Accept-Language", lang)
		for len(todo) > 0 {
			path := todo[0]
			todo = todo[1:]
			page := b.Get(path).WantStatus(200)
			if strings.HasSuffix(path, ".svg") || strings.HasPrefix(path, "/assets/") {
				continue
			}
			htmltest.Page(t, page.Body)
			page.Want(`html[lang="` + lang + `"]`).Want(`meta[name="description"]`)
			for _, target := range append(page.Attrs("a", "href"), append(page.Attrs("img", "src"), page.Attrs("script", "src")...)...) {
				target, _, _ = strings.Cut(target, "#")
				plain, _, _ := strings.Cut(target, "?")
				if target != "" && strings.HasPrefix(target, "/") && !seen[target] && !elsewhere[plain] && !strings.Contains(target, "lang=") {
					seen[target] = true
					todo = append(todo, target)
				}
			}
		}
		if len(seen) < 37*2 {
			t.Errorf("%s: only %d addresses were found", lang, len(seen))
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	b, db, _ := open(t)
	sell(t, db, "BI-27-16", 12, false)
	for query, want := range map[string]int{
		"": 37, "?soort=flight": 5, "?soort=domestic": 18, "?soort=abroad": 14, "?soort=inclusive": 3, "?land=HR": 2,
		"?maand=2027-02": 2, "?maand=2027-02&soort=domestic": 1, "?geboortejaar=2021": 2, "?zoek=MALTA": 1, "?vrij=yes": 36,
		"?geboortejaar=1950": 0, "?maand=nonsense": 37, "?geboortejaar=abc": 37, "?soort=unknown": 37,
	} {
		page := b.Get("/vakanties" + query).WantStatus(200)
		if got := page.Count(".card"); got != want {
			t.Errorf("%s: %d holidays, want %d", query, got, want)
		}
		htmltest.Page(t, page.Body)
	}
	b.Get("/vakanties?geboortejaar=1950").Want(".empty").Want(`a[href="/vakanties"]`)
	b.Get("/vakanties?soort=flight").Want(`option[value="flight"][selected]`).WantText("[role=status]", "5 vakanties gevonden").
		WantText(`option[value="flight"]`, "(5)").WantText(`option[value="domestic"]`, "(18)").WantText(`option[value="HR"]`, "(0)").
		WantText(`option[value="2027-07"]`, "(")
	cheapest := b.Get("/vakanties?volgorde=prijs").Text(".card:first-child .card-title")
	if cheapest != "Proefweekend: voor het eerst van huis" {
		t.Errorf("the cheapest is %q", cheapest)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	b, db, _ := open(t)
	sell(t, db, "BI-27-02", 25, false) // 3 of 28 left
	sell(t, db, "BI-27-16", 12, false) // none of 12
	sell(t, db, "BI-27-14", 10, false) // 11: ten sold, one held
	sell(t, db, "BI-27-14", 1, true)
	b.Get("/vakanties/kleine-superhelden").WantText(".ticket", "Nog 3 plaatsen").Want(`form[action="/boeken"] [name="departure"]`).Want(`[name="children"]`)
	b.Get("/vakanties/rustig-aan-zee-autivriendelijk").WantText(".ticket", "Volzet").WantNone(`form[action="/boeken"]`)
	b.Get("/vakanties/golven-op-wielen-inclusief").WantText(".ticket", "mandje").WantNone(`form[action="/boeken"]`).
		WantText(".notice", "kinderen en jongeren met een fysieke beperking")
	b.Get("/vakanties/duinenland").WantText(".ticket", "Plaatsen vrij")
}

// The amounts on a holiday's page, worked by hand from the terms: a coach trip of € 475 that leaves on 19 July 2027.
func TestMoneyOfAHoliday(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	p := b.Get("/vakanties/bemanning-gezocht").WantStatus(200)
	p.WantText(".ticket-price", "€ 475").WantText(".ticket-price", "vanaf € ")
	p.WantText(".facts", "€ 100 uiterlijk op 3 februari 2027") // deposit, 14 days after 20 January
	p.WantText(".facts", "€ 375 uiterlijk op 19 juni 2027")    // balance, a month before
	p.WantText("main", "Voor € 30,87 kan je")                  // 6.5 % of 475.00 is 30.875, rounded down
	p.WantText("main", "ten laatste op 19 juni 2027")
	p.WantText("table", "tot en met 20 mei 2027")      // day 60
	p.WantText("table", "€ 356,25")                    // 75 %
	p.WantText("table", "vanaf 20 juni 2027")          // day 29
	p.WantText("main", "Omboeken kost € 50 per kind.") // coach trip
	flight := b.Get("/vakanties/fjorden-te-voet")
	flight.WantText("main", "Omboeken kost bij deze vakantie evenveel als annuleren.")
	if rows := flight.Count(".table tbody tr"); rows != 2 {
		t.Errorf("a flight has %d steps, want deposit and all", rows)
	}
	soon := b.Get("/vakanties/sneeuwklas-zonder-klas") // leaves in 16 days
	soon.WantText("main", "Daarom betaal je alles bij het boeken").WantText("main", "kan voor deze vakantie niet meer")
}

func TestLanguageAndUnknownHoliday(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	b.Open("/vakanties/duinenland?lang=en").WantText("h1", "Duinenland").WantText(".ticket", "Book this holiday").WantText(".ticket", "€289")
	page := b.Get("/vakanties/bestaat-niet").WantStatus(404).WantText("h1", "does not exist")
	htmltest.Page(t, page.Body)
}

// When the database is away the list is shown as it was, and says from when it is.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	b, db, _ := open(t)
	b.Get("/vakanties").WantStatus(200).WantNone(".notice")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	page := b.Get("/vakanties").WantStatus(200).WantText(".notice", "Ze zijn van 10:00")
	if page.Count(".card") != 37 {
		t.Errorf("%d holidays", page.Count(".card"))
	}
	b.Get("/vakanties/duinenland").WantStatus(200)
}

// A copy is read again only when it is too old.
func TestFreshness(t *testing.T) {
	t.Parallel()
	now := today
	b, db, _ := open(t, func(c *public.Config) {
		c.Fresh, c.Now = time.Second, func() time.Time { return now }
	})
	want := func(text string) {
		t.Helper()
		b.Get("/vakanties/kleine-superhelden").WantText(".ticket", text)
	}
	want("Plaatsen vrij")
	sell(t, db, "BI-27-02", 28, false)
	want("Plaatsen vrij")
	now = now.Add(time.Second)
	want("Volzet")
}
