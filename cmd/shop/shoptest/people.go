package shoptest

import (
	"encoding/csv"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/shop/seed"
)

// SignInParent signs a parent in with the code from the mail, as the demo's mail page shows it.
func SignInParent(t *testing.T, b *browsertest.Tab, email string) {
	t.Helper()
	b.Fill("E-mailadres", email).Press("Stuur")
	mails := browsertest.Open(t, strings.TrimSuffix(b.Site(), "/"), 1280).Visit("/demo/mail")
	mails.Until(email).Press("Je code om aan te melden").Press("Lees de mail zonder opmaak")
	code := strings.ReplaceAll(regexp.MustCompile(`\b\d{3} \d{3}\b`).FindString(mails.Read()), " ", "")
	if code == "" {
		t.Fatalf("no code in the mails: %s", mails.Read())
	}
	b.Fill("Code van zes", code).Press("Aanmelden")
}

// SignInStaff signs in with password and second factor; the demo shows the code of the app that it does not have.
func SignInStaff(b *browsertest.Tab, who seed.SignIn) {
	b.Visit("/medewerkers/aanmelden").Fill("E-mailadres", who.Email).Fill("Wachtwoord", who.Password).Press("Volgende")
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(b.Read())
	b.Fill("Code uit je app", code).Press("Aanmelden")
}

// BookTwo walks a new family from the list to the confirmed order, with two children.
func BookTwo(t *testing.T, b *browsertest.Tab, holiday, method string) {
	t.Helper()
	b.Press(holiday).Shot("holiday-390")
	b.Choose("Hoeveel kinderen", "2").Press("Boek")
	SignInParent(t, b, "mieke@example.be")
	b.Sees("Kind 1 van 2")
	b.Fill("Voornaam", "Lena").Fill("Familienaam", "Test").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2016").Shot("child-390").Press("Verder")
	b.Sees("Keuzes voor Lena")
	b.Press("Verder").Sees("Kies een prijs.").Shot("choices-errors-390")
	b.Pick("VT-prijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Ja").PickIn("Heeft Lena", "Nee").PickIn("Mogen we foto", "Nee").Shot("choices-390").Press("Verder")
	b.Sees("Kind 2 van 2")
	b.Fill("Voornaam", "Mats").Fill("Familienaam", "Test").Fill("Dag", "9").Fill("Maand", "11").Fill("Jaar", "2017").Press("Verder")
	b.Sees("Keuzes voor Mats")
	b.Pick("Basisprijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft Mats", "Nee").PickIn("Mogen we foto", "Ja").Press("Verder")
	b.Sees("Wie boekt er?")
	b.Fill("Jouw voornaam", "Mieke").Fill("Jouw familienaam", "Test").Fill("Telefoonnummer", "0470 12 34 56").Fill("Straat", "Kerkstraat 1").Fill("Postcode", "3000").Fill("Gemeente", "Leuven").Shot("details-390").Press("Verder")
	b.Sees("Klopt alles?", "Lena Test", "Mats Test", "€ 468,00").Shot("confirm-390")
	b.Press("Boeken en betalen").Sees("Kies hoe je wil betalen.", "Je moet akkoord gaan")
	b.Pick("In 3 keer").Pick(method).Pick("Ik ga akkoord").Press("Boeken en betalen")
}

// SetField fills a date or time field, whose keys depend on the browser's language.
func SetField(t *testing.T, b *browsertest.Tab, id, value string) {
	t.Helper()
	if _, err := b.Eval(`(id, value) => { document.getElementById(id).value = value }`, id, value); err != nil {
		t.Fatal(err)
	}
}

// Fetched is what a link gives with the browser's cookies.
func Fetched(t *testing.T, b *browsertest.Tab, path string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.Site()+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	cookies, err := b.Cookies(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
	return text
}

// Download fetches a CSV file with the browser's cookies.
func Download(t *testing.T, b *browsertest.Tab, path string) *csv.Reader {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(Fetched(t, b, path)), "\ufeff")))
	r.Comma = ';'
	return r
}
