package office

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// filled is a template with cells filled in.
func filled(t *testing.T, template []byte, cells map[string]any) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for cell, value := range cells {
		if err := f.SetCellValue("Vakanties", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestOfficeImportsASpreadsheet: the template is fetched, filled in with two errors, mended, read again and confirmed; the
// holidays are drafts that nobody outside sees.
func TestOfficeImportsASpreadsheet(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2027, 3, 10, 10, 0, 0, 0, civil.Brussels))
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/aanbod").Tap("Een ander seizoen maken").Fill("Jaar", "2028").Press("Maak dit seizoen").Sees("Seizoen 2028 is nog leeg").Shot("import-empty-1280")
	o.Press("Lees een bestand in").Sees("Haal het sjabloon op").Press("Toon wat er gebeurt").Sees("Vul dit in.").Shot("import-1280")
	template := shoptest.Fetched(t, o, "/kantoor/aanbod/invoer/sjabloon?seizoen=2028")
	cells := map[string]any{"A2": "ZE-28-01", "B2": "Schelpen en zand", "P2": "3/7/2028", "Q2": "7/7/2028", "S2": "veel",
		"A3": "ZE-28-01", "B3": "Schelpen en zand", "P3": "10/7/2028", "Q3": "9/7/2028", "S3": 215.5}
	for _, column := range []string{"C", "D", "E", "F", "G", "H", "I", "J", "K", "M", "N", "O", "R", "T", "U", "V"} {
		f, err := excelize.OpenReader(bytes.NewReader(template))
		if err != nil {
			t.Fatal(err)
		}
		value, err := f.GetCellValue("Vakanties", column+"2")
		if err != nil {
			t.Fatal(err)
		}
		cells[column+"2"], cells[column+"3"] = value, value
	}
	o.Upload("Excel- of CSV-bestand", "zomer.xlsx", filled(t, template, cells)).Press("Toon wat er gebeurt")
	o.Sees("Nakijken: zomer.xlsx", "2 fouten. Er is niets overgenomen.", "S Basisprijs", "veel", "Q Terug", "De terugkeer is voor het vertrek.").SeesNot("Neem 2 rijen over").Shot("import-errors-1280")
	o.Visit("/kantoor/aanbod?seizoen=2028").Sees("Seizoen 2028 is nog leeg")

	cells["S2"], cells["Q3"] = 199, "14/7/2028"
	o.Press("Lees een bestand in").Upload("Excel- of CSV-bestand", "zomer.xlsx", filled(t, template, cells)).Press("Toon wat er gebeurt")
	o.Sees("1 nieuwe vakantie", "1 extra vertrek", "3 – 7 juli 2028", "10 – 14 juli 2028", "€ 215,50", "€ 199").SeesNot("fout").Shot("import-preview-1280")
	preview := o.Path()
	o.Press("Neem 2 rijen over").Sees("2 rijen overgenomen als concept", "Schelpen en zand", "Concept", "Bestand overgenomen").Shot("import-done-1280")
	o.Visit(preview).Sees("Dit bestand is overgenomen").SeesNot("Neem 2 rijen over")
	o.Visit("/kantoor/aanbod?seizoen=2028").Press("Schelpen en zand").Sees("Uit een bestand", "3 – 7 juli 2028", "10 – 14 juli 2028")
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties/schelpen-en-zand-ze-28-01").Sees("vinden deze vakantie niet")
	r, err := http.Get(p.URL() + "/kantoor/aanbod/invoer/sjabloon")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.Header.Get("Content-Type") == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
		t.Error("a stranger gets the template")
	}
}
