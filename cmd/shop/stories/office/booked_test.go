package office

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// resize gives a tab another width.
func resize(t *testing.T, o *browsertest.Tab, width int) {
	t.Helper()
	if err := (proto.EmulationSetDeviceMetricsOverride{Width: width, Height: 844, DeviceScaleFactor: 1, Mobile: width < 600}).Call(o); err != nil {
		t.Fatal(err)
	}
}

// both takes a picture of the page that a tab is on, at its own width and at a phone's.
func both(t *testing.T, o *browsertest.Tab, name string) {
	t.Helper()
	o.Shot(name + "-1280")
	resize(t, o, 390)
	wide, err := o.Eval(`() => document.documentElement.scrollWidth`)
	if err != nil {
		t.Fatal(err)
	}
	if w := wide.Value.Int(); w > 390 {
		t.Errorf("%s is %d pixels wide on a phone", name, w)
	}
	o.Shot(name + "-390")
	resize(t, o, 1280)
}

// TestOfficeChangesWhatIsBooked: places, prices from a later day, dates and boarding places of a departure with bookings; what
// bookings rest on is refused beside its field, and the history says who changed what and why.
func TestOfficeChangesWhatIsBooked(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2026, 12, 10, 10, 0, 0, 0, civil.Brussels))
	departure := shoptest.Number(t, p, `SELECT d.id FROM departure d JOIN holiday h ON h.id = d.holiday_id WHERE EXISTS (SELECT 1 FROM boarding_place b WHERE b.departure_id = d.id)
		AND d.status = 'published' AND d.starts_on > '2027-03-01' ORDER BY (SELECT count(*) FROM booking b WHERE b.departure_id = d.id AND b.status <> 'cancelled') DESC, d.id LIMIT 1`)
	holiday := shoptest.Number(t, p, `SELECT holiday_id FROM departure WHERE id = $1`, departure)
	sold := shoptest.Number(t, p, `SELECT count(*) FROM place WHERE departure_id = $1 AND booking_id IS NOT NULL`, departure)
	capacity := shoptest.Number(t, p, `SELECT count(*) FROM place WHERE departure_id = $1`, departure)
	if sold < 1 {
		t.Fatal("nobody booked it")
	}
	path, page := fmt.Sprintf("/kantoor/aanbod/vertrek/%d/", departure), fmt.Sprintf("/kantoor/aanbod/vakantie/%d", holiday)
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])

	o.Visit(path+"plaatsen").Fill("Hoeveel plaatsen", "0").Press("Bewaar").Sees("Vul dit in.")
	o.Fill("Hoeveel plaatsen", "0").Fill("Waarom", "kleiner huis").Press("Bewaar").Sees("weghalen")
	both(t, o, "offer-places-errors")
	o.Fill("Hoeveel plaatsen", fmt.Sprint(capacity+2)).Fill("Waarom", "een extra tent").Press("Bewaar").Sees("Bewaard.")
	o.Visit(path+"plaatsen").Sees("Plaatsen bij", "een extra tent", "Katelijne Kantoor", fmt.Sprint(capacity+2))
	both(t, o, "offer-places")
	o.Fill("Hoeveel plaatsen", fmt.Sprint(capacity)).Fill("Waarom", "geen tent").Press("Bewaar").Sees("Bewaard.")
	if n := shoptest.Number(t, p, `SELECT count(*) FROM place WHERE departure_id = $1`, departure); n != capacity {
		t.Errorf("%d places, want %d", n, capacity)
	}

	o.Visit(path+"prijs").Fill("Basisprijs", "499").Press("Bewaar").Sees("Schrijf op waarom de prijs verandert.")
	shoptest.SetField(t, o, "f-from_day", "2027-01-05")
	shoptest.SetField(t, o, "f-from_clock", "00:00")
	both(t, o, "offer-price-errors")
	o.Fill("Waarom", "de bus werd duurder").Press("Bewaar").Sees("Bewaard.", "€ 499,00", "Straks", "Prijs gewijzigd", "de bus werd duurder")
	both(t, o, "offer-price-coming")

	o.Visit(path + "wijzigen").Sees("Data en begin van de verkoop liggen vast")
	o.Fill("Opstapplaats 1", "Station Gent-Dampoort").Press("Bewaar").Sees("Schrijf op waarom je dit verandert")
	both(t, o, "offer-departure-locked")
	o.Fill("Waarom", "de bus stopt elders").Press("Bewaar").Sees("Bewaard.", "Station Gent-Dampoort", "de bus stopt elders")

	// Two colleagues on one text: the second sees both, takes over, and saves; then the first text is put back.
	first, second := browsertest.Open(t, p.URL(), 1280), o
	shoptest.SignInStaff(first, seed.SignIns[1])
	second.Visit(page + "/tekst")
	was := second.MustElement(`[name="destination"]`).MustProperty("value").Str()
	first.Visit(page+"/tekst").Fill("Bestemming", "Aan de andere kant").Fill("Waarom", "andere locatie").Press("Bewaar").Sees("Bewaard.")
	second.Fill("Bestemming", "Hier").Fill("Waarom", "ook verhuisd").Press("Bewaar").Sees("Een collega heeft intussen bewaard", "Nu bewaard:", "Aan de andere kant")
	both(t, second, "offer-conflict")
	second.Press("Bewaar").Sees("Bewaard.", "ook verhuisd")
	second.Press("Zet deze tekst terug").Sees("Hieronder staat de eerdere tekst")
	both(t, second, "offer-restore")
	second.Fill("Bestemming", was).Press("Bewaar").Sees("Bewaard.", "teruggezet")
	second.Visit(path + "intrekken").Press("Haal").Sees("Annuleer het vertrek")
	both(t, second, "offer-withdraw-refused")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}

// TestNothingToBook: what nobody booked is withdrawn; without anything online the public pages say so and do not break.
func TestNothingToBook(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2026, 12, 10, 10, 0, 0, 0, civil.Brussels))
	departure := shoptest.Number(t, p, `SELECT d.id FROM departure d WHERE d.status = 'published' AND d.starts_on > '2027-03-01'
		AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.departure_id = d.id) AND NOT EXISTS (SELECT 1 FROM place x WHERE x.departure_id = d.id AND x.checkout_id IS NOT NULL) ORDER BY d.id LIMIT 1`)
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit(fmt.Sprintf("/kantoor/aanbod/vertrek/%d/intrekken", departure)).Sees("Ouders zien dit vertrek niet meer")
	both(t, o, "offer-withdraw")
	o.Fill("Waarom", "geen huis gevonden").Press("Haal").Sees("Bewaard.", "Concept", "Offline gehaald", "geen huis gevonden").SeesNot("Verwijder dit vertrek")
	if _, err := p.DB.ExecContext(t.Context(), `UPDATE departure SET status = 'draft', published_at = coalesce(published_at, now()) WHERE status = 'published'`); err != nil {
		t.Fatal(err)
	}
	b := browsertest.Open(t, p.URL(), 1280)
	b.Visit("/vakanties")
	both(t, b, "offer-nothing-list")
	b.Visit("/")
	both(t, b, "offer-nothing-home")
}

// TestLimitsOfADeparture: the office says how many girls of a year may come; parents are asked, read that it is full, and
// wait; a limit cannot go under who comes already.
func TestLimitsOfADeparture(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2026, 12, 10, 10, 0, 0, 0, civil.Brussels))
	const holiday = "Het geheim van Massembre"
	departure := shoptest.Number(t, p, `SELECT d.id FROM departure d JOIN holiday h ON h.id = d.holiday_id WHERE h.title = $1`, holiday)
	path := fmt.Sprintf("/kantoor/aanbod/vertrek/%d/grenzen", departure)
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit(path).Sees("Zo verdeel je de")
	shoptest.SetField(t, o, "f-limits.0.from", "2016")
	shoptest.SetField(t, o, "f-limits.0.places", "veel")
	shoptest.SetField(t, o, "f-limits.1.places", "3")
	o.Press("Bewaar").Sees("Kies 0 tot 500 plaatsen.", "Kies voor wie deze grens geldt")
	both(t, o, "limits-errors")
	o.MustElement(`[id="f-limits.0.gender"]`).MustSelect("Meisjes")
	shoptest.SetField(t, o, "f-limits.0.places", "1")
	shoptest.SetField(t, o, "f-limits.1.places", "")
	o.Press("Bewaar").Sees("Schrijf") // a reason
	o.Fill("Waarom", "een meisjeskamer minder").Press("Bewaar").Sees("Bewaard.", "Meisjes, geboren in 2016: 0 van 1")
	both(t, o, "limits-holiday")

	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties").Press(holiday).Choose("Hoeveel kinderen", "1").Press("Boek")
	shoptest.SignInParent(t, b, "mieke@example.be")
	girl := func(b *browsertest.Tab, name string) *browsertest.Tab {
		b.Fill("Voornaam", name).Fill("Familienaam", "Test").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2016").Press("Verder")
		b.Sees("Keuzes voor "+name, "Waar slaapt "+name)
		return b.Pick("Basisprijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft "+name, "Nee").PickIn("Mogen we foto", "Ja")
	}
	girl(b, "Lena").Press("Verder").Sees("Waar slaapt Lena").Shot("limits-asked-390").PickIn("Waar slaapt Lena", "Bij de meisjes").Press("Verder").Sees("Wie boekt er?")

	// The one place for a girl of 2016 is in Lena's basket: another girl of that year reads it, a boy goes on.
	c := browsertest.Open(t, p.URL(), 390)
	c.Visit("/vakanties").Press(holiday).Sees("Er is geen plaats meer voor meisjes geboren in 2016").Shot("limits-full-390")
	c.Choose("Hoeveel kinderen", "1").Press("Boek")
	shoptest.SignInParent(t, c, "tine@example.be")
	girl(c, "Ada").PickIn("Waar slaapt Ada", "Bij de meisjes").Press("Verder").Sees("Er is geen plaats meer voor meisjes geboren in 2016").Shot("limits-refused-390")
	c.Visit(fmt.Sprintf("/mijn/wachtlijst/nieuw/%d", departure)).Shot("limits-waitlist-390")
	c.Sees("Er is geen plaats meer voor meisjes geboren in 2016", "Waar slaapt Ada")

	o.Visit(path).Sees("1 van 1 gebruikt")
	shoptest.SetField(t, o, "f-limits.0.places", "0")
	o.Fill("Waarom", "dicht").Press("Bewaar").Sees("Van deze soort zijn er al 1 geboekt")
	both(t, o, "limits-below")
	shoptest.SetField(t, o, "f-limits.0.places", "2")
	o.Fill("Waarom", "toch een kamer").Press("Bewaar").Sees("Bewaard.", "Meisjes, geboren in 2016: 1 van 2")
	o.Visit(path).Sees("Grenzen gewijzigd", "toch een kamer", "een meisjeskamer minder")
	both(t, o, "limits")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
