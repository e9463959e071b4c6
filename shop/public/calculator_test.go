package public_test

import (
	"net/url"
	"strings"
	"testing"

	"joetz/shop/web/webtest"
	"joetz/templates/htmltest"
)

// ask opens the calculator with these answers.
func ask(t *testing.T, b *webtest.Browser, answers ...string) *webtest.Page {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(answers); i += 2 {
		values.Set(answers[i], answers[i+1])
	}
	page := b.Get("/wat-als-ik-annuleer?" + values.Encode())
	htmltest.Page(t, page.Body)
	return page
}

// own are facts that are in no brochure: a coach trip of 595.00 base and 475.00 to pay, booked on 1 December 2026.
func own(more ...string) []string {
	return append([]string{"bron", "zelf", "soort", "foreign_coach", "vertrek-day", "31", "vertrek-month", "juli", "vertrek-year", "2027",
		"basisprijs", "595", "prijs", "475", "geboekt-day", "1", "geboekt-month", "12", "geboekt-year", "2026",
		"annuleren-day", "15", "annuleren-month", "6", "annuleren-year", "2027"}, more...)
}

// The amounts are worked by hand from the clauses.
func TestCalculator(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	ask(t, b).WantStatus(200).WantNone("#outcome").Want(`form[action="/wat-als-ik-annuleer"]`)

	p := ask(t, b, own("betaald", "513,67", "verzekering", "yes")...).WantStatus(200)
	p.WantText(".notice-info", "46 dagen voor het vertrek").WantText(".notice-info", "€ 356,25"). // 75 % of 475.00
													WantText(".notice-info", "Je krijgt € 118,75 terug").                      // 513.67 - 356.25 - 38.67
													WantText(".notice-info", "Vanaf vrijdag 2 juli 2027 kost annuleren € 475") // day 29
	p.WantText(".facts", "€ 38,67") // 6.5 % of the base price
	p.WantText("main", "75 % van € 475,00").WantText("blockquote", "75 % voor een buitenlandse busreis")
	p.WantText("table", "tot en met 1 juni 2027").WantText("table", "€ 100") // day 60
	p.WantText("main", "€ 100,00 uiterlijk op 15 december 2026").WantText("main", "uiterlijk op 30 juni 2027")
	p.Want(`blockquote a[href="/voorwaarden#kosten-bij-annulering-of-omboeken"]`).Want(`input[name="prijs"][value="475"]`)

	// What was paid is guessed: the deposit.
	ask(t, b, own()...).WantText(".notice-info", "Je betaalde bij het boeken € 100,00. Je moet nog € 256,25 betalen")
	// After the departure, and on the day itself.
	ask(t, b, own("annuleren-month", "8")...).WantText(".notice-info", "na het vertrek").WantText("main", "Je annuleert na het vertrek").WantText(".notice-info", "€ 475,00")
	ask(t, b, own("annuleren-day", "31", "annuleren-month", "7")...).WantText(".notice-info", "de dag van het vertrek")
	// Booked too late for the insurance: no error, but a word about it.
	ask(t, b, own("geboekt-day", "10", "geboekt-month", "7", "geboekt-year", "2027", "annuleren-day", "10", "annuleren-month", "7", "verzekering", "yes")...).
		WantStatus(200).WantText("main", "kan de verzekering niet meer. Ze kon tot en met woensdag 30 juni 2027").WantText("main", "Je betaalt alles in één keer")
}

func TestCalculatorOfAHoliday(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	link := ""
	for _, href := range b.Get("/vakanties/duinenland").Attrs("main a", "href") {
		if strings.HasPrefix(href, "/wat-als-ik-annuleer?") {
			link = href
		}
	}
	if link == "" {
		t.Fatal("the holiday's page does not lead to the calculator")
	}
	p := b.Get(link).WantStatus(200)
	p.WantText("#outcome", "Duinenland").WantText(".notice-info", "€ 50,00").Want(`input[value="folder"][checked]`).Want(`option[selected]:not([value=""])`)
	htmltest.Page(t, p.Body)
}

func TestCalculatorSaysWhatToMend(t *testing.T) {
	t.Parallel()
	b, _, _ := open(t)
	for name, c := range map[string]struct {
		answers []string
		fields  []string // with an error beside them
		text    string
	}{
		"nothing of one's own": {[]string{"bron", "zelf"}, []string{"soort", "vertrek", "basisprijs"}, "Vul dit in."},
		"no holiday":           {[]string{"bron", "folder"}, []string{"vakantie"}, "Kies een van de antwoorden."},
		"no such holiday":      {[]string{"bron", "folder", "vakantie", "999999"}, []string{"vakantie"}, "Kies een van de antwoorden."},
		"no amount":            {own("basisprijs", "veel"), []string{"basisprijs"}, "Vul een bedrag in"},
		"no date":              {own("annuleren-day", "31"), []string{"annuleren"}, "Vul een datum in die bestaat"},
		"a price too high":     {own("prijs", "600"), []string{"prijs"}, "zo kunnen we niet rekenen"},
		"booked after leaving": {own("geboekt-year", "2027", "annuleren-month", "12"), []string{"geboekt"}, "al vertrokken"},
		"cancelled too early":  {own("annuleren-year", "2026"), []string{"annuleren"}, "voor de dag van de boeking"},
		"an amount too high":   {own("basisprijs", "99999999999999"), []string{"basisprijs"}, "Vul een bedrag in"},
		"another age":          {own("vertrek-year", "9999"), []string{"vertrek"}, "zo kunnen we niet rekenen"},
	} {
		t.Run(name, func(t *testing.T) {
			page := ask(t, b, c.answers...).WantStatus(422).WantNone("#outcome").WantText(".error", c.text)
			for _, field := range c.fields {
				page.Want(`.summary a[href="#f-` + field + `"]`)
			}
		})
	}
}
