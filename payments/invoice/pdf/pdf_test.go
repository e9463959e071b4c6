package pdf_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"joetz/payments/invoice/pdf"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

type words string

func (w words) T(key string, args ...any) string { return messages.T(string(w), key, args...) }

var seller = pdf.Seller{Brand: "JOETZ", Name: "JOETZ vzw", Street: "Sint-Jansstraat 32", City: "1000 Brussel",
	Enterprise: "BE 0123.456.749", Register: "RPR Brussel", Email: "info@joetz.be", Phone: "02 515 04 02", Site: "www.joetz.be",
	Payee: "JOETZ vzw", IBAN: "BE68 5390 0754 7034", BIC: "KREDBEBB"}

const epc = "BCD\n002\n1\nSCT\n\nJOETZ vzw\nBE68539007547034\nEUR150.00\n\n260000010173"

func deposit() pdf.Document {
	return pdf.Document{
		Kind: "deposit", Lang: "nl", Number: "VV-2027-00017", Reference: "J-1000017",
		IssuedOn: civil.Must(2027, 2, 1), DueOn: civil.Must(2027, 2, 15),
		Payer: pdf.Payer{Name: "Inès Van den Bölke", Street: "Kerkstraat 12 bus 3", PostalCode: "9000", City: "Gent", Country: "BE"},
		Lines: []pdf.Line{
			{Description: "Lotte Van den Bölke, Strandjutters in Bredene, 2027-07-05 - 2027-07-09", Amount: 7500},
			{Description: "Milan Van den Bölke, Strandjutters in Bredene, 5-9 juli 2027", Amount: 7500},
		},
		Total: 15000, Communication: "+++260/0000/10173+++", EPC: epc,
		Schedule: []pdf.Due{{Kind: "deposit", On: civil.Must(2027, 2, 15), Amount: 15000, Here: true},
			{Kind: "balance", On: civil.Must(2027, 6, 5), Amount: 18325}},
	}
}

func credit() pdf.Document {
	d := deposit()
	d.Kind, d.Number, d.Total, d.EPC, d.Schedule = "credit", "CN-2027-00003", -7500, "", nil
	d.Lines = []pdf.Line{{Description: "Milan Van den Bölke, Strandjutters in Bredene, 5-9 juli 2027", Amount: -7500}}
	d.Earlier = []pdf.Earlier{{Number: "VV-2027-00017", On: civil.Must(2027, 2, 1), Amount: 15000}}
	return d
}

// long is a family of twelve on a document of three instalments.
func long() pdf.Document {
	d := deposit()
	d.Kind, d.Number, d.Lang, d.Duplicate, d.PaidOn = "balance", "V-2027-00102", "en", true, civil.Must(2027, 5, 30)
	d.Lines, d.Total = nil, 0
	for i := range 28 {
		l := pdf.Line{Description: fmt.Sprintf("Kind %d Van den Bölke-Vandenbroucke de la Vallée Poussin, %s, 5-9 juli 2027", i+1,
			strings.Repeat("Avontuur in de Ardennen ", 1+i%4)), Amount: 21550}
		d.Lines, d.Total = append(d.Lines, l), d.Total+l.Amount
	}
	d.Earlier = []pdf.Earlier{{Number: "VV-2027-00017", On: civil.Must(2027, 2, 1), Amount: 15000}}
	d.Payer.Country = "NL"
	return d
}

func render(t *testing.T, d pdf.Document) []byte {
	t.Helper()
	raw, err := pdf.Render(d, seller, words(d.Lang))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSameDocumentSameBytes(t *testing.T) {
	t.Parallel()
	for _, d := range []pdf.Document{deposit(), credit(), long()} {
		if !bytes.Equal(render(t, d), render(t, d)) {
			t.Errorf("%s: two drawings differ", d.Number)
		}
	}
}

// tool finds a program of poppler; where it is missing the test is skipped, in CI it fails.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return path
}

func save(t *testing.T, raw []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "invoice.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func text(t *testing.T, raw []byte) string {
	t.Helper()
	out, err := exec.Command(tool(t, "pdftotext"), "-layout", save(t, raw), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(string(out), "\u00a0", " ")), " ")
}

// What the law and the family need is there to read, in both languages.
func TestTextOfAnInvoice(t *testing.T) {
	t.Parallel()
	d := deposit()
	got := text(t, render(t, d))
	for _, want := range []string{"Voorschotfactuur", "VV-2027-00017", "1 februari 2027", "15 februari 2027", "JOETZ vzw",
		"Sint-Jansstraat 32", "1000 Brussel", "BE 0123.456.749", "RPR Brussel", "Inès Van den Bölke", "Kerkstraat 12 bus 3", "9000 Gent",
		"Lotte Van den Bölke, Strandjutters in Bredene, 5 juli 2027 - 9 juli 2027", "€ 75,00", "€ 150,00", "Vrijgesteld van btw - art. 44, § 2, 2° W.Btw",
		"BE68 5390 0754 7034", "KREDBEBB", "+++260/0000/10173+++", "J-1000017", "5 juni 2027", "€ 183,25"} {
		if !strings.Contains(got, want) {
			t.Errorf("nl: no %q in %q", want, got)
		}
	}
	d.Lang, d.Number = "en", ""
	got = text(t, render(t, d))
	for _, want := range []string{"Deposit invoice", "being made", "1 February 2027", "€150.00", "Exempt from VAT - art. 44, § 2, 2°"} {
		if !strings.Contains(got, want) {
			t.Errorf("en: no %q in %q", want, got)
		}
	}
	if strings.Contains(got, "[invoice.") || strings.Contains(got, "{0}") {
		t.Errorf("en: a text is missing: %q", got)
	}
}

func TestTextOfACreditNote(t *testing.T) {
	t.Parallel()
	got := text(t, render(t, credit()))
	for _, want := range []string{"Creditnota", "CN-2027-00003", "−€ 75,00", "hoort bij factuur VV-2027-00017 van 1 februari 2027"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	for _, wrong := range []string{"Zo betaal je", "Te betalen"} {
		if strings.Contains(got, wrong) {
			t.Errorf("a credit note asks for money: %q", wrong)
		}
	}
}

// Every line of a long invoice is printed once, with the total, the marks and the page numbers.
func TestLongInvoiceLosesNothing(t *testing.T) {
	t.Parallel()
	d := long()
	got := text(t, render(t, d))
	for i := range d.Lines {
		if n := strings.Count(got, fmt.Sprintf("Kind %d Van", i+1)); n != 1 {
			t.Errorf("line %d: printed %d times", i+1, n)
		}
	}
	if strings.Contains(got, "How to pay") {
		t.Error("a paid invoice asks for money")
	}
	for _, want := range []string{"€6,034.00", "DUPLICATE", "PAID ON 30 May 2027", "Page 1 of", "NL"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

// Asked in two parts, an invoice names both with their days, and the code is for the first.
func TestTextOfParts(t *testing.T) {
	t.Parallel()
	d := deposit()
	d.Kind, d.Total = "balance", 49800
	d.Schedule = []pdf.Due{{Kind: "deposit", On: civil.Must(2026, 11, 17), Amount: 10000, Paid: true},
		{Kind: "balance", On: civil.Must(2027, 6, 16), Amount: 24900, Here: true}, {Kind: "balance", On: civil.Must(2027, 7, 16), Amount: 24900, Here: true}}
	if d.First() != 24900 {
		t.Errorf("due first: %v", d.First())
	}
	got := text(t, render(t, d))
	for _, want := range []string{"in 2 delen", "Deel 1 € 249,00 tot en met 16 juni 2027", "Deel 2 € 249,00 tot en met 16 juli 2027", "€ 498,00", "deel 1: € 249,00 Betaalplan"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.Contains(got, "Ten laatste op") {
		t.Error("all of it is asked at once")
	}
	if d.Schedule = nil; d.First() != 49800 {
		t.Errorf("without a schedule: %v", d.First())
	}
}

// What was paid when the document was issued is taken off: nobody is asked for the same money twice.
func TestTextOfWhatWasPaid(t *testing.T) {
	t.Parallel()
	fee := deposit()
	fee.Kind, fee.Schedule, fee.Paid, fee.EPC = "fee", nil, 15000, ""
	parts := deposit()
	parts.Kind, parts.Total, parts.Paid = "balance", 49800, 30000
	parts.Schedule = []pdf.Due{{Kind: "balance", On: civil.Must(2027, 6, 16), Amount: 24900, Here: true}, {Kind: "balance", On: civil.Must(2027, 7, 16), Amount: 24900, Here: true}}
	for _, c := range []struct {
		doc         pdf.Document
		first       money.Cents
		says, hides []string
	}{
		{fee, 0, []string{"Totaal € 150,00", "Al betaald −€ 150,00", "Nog te betalen € 0,00", "niets meer", "Je hoeft niets te doen"}, []string{"Zo betaal je", "+++260"}},
		{parts, 19800, []string{"Totaal € 498,00", "Al betaald −€ 300,00", "Nog te betalen € 198,00", "Bedrag € 198,00", "Ten laatste op 16 juli 2027",
			"Saldo tot en met 16 juni 2027 betaald", "Saldo tot en met 16 juli 2027 deze factuur"}, []string{"Deel 1", "Je hoeft niets te doen"}},
	} {
		if got := c.doc.First(); got != c.first {
			t.Errorf("%s: due first %v, want %v", c.doc.Kind, got, c.first)
		}
		got := text(t, render(t, c.doc))
		for _, want := range c.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %q", c.doc.Kind, want, got)
			}
		}
		for _, wrong := range c.hides {
			if strings.Contains(got, wrong) {
				t.Errorf("%s: has %q", c.doc.Kind, wrong)
			}
		}
	}
}

// A second implementation reads the code from the printed page, at the resolution of an office printer.
func TestCodeReadsFromThePaper(t *testing.T) {
	t.Parallel()
	pages := pages(t, render(t, deposit()), 150)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(epc, result.GetText()); diff != "" {
		t.Error(diff)
	}
}

func pages(t *testing.T, raw []byte, dpi int) []image.Image {
	t.Helper()
	file := save(t, raw)
	prefix := filepath.Join(filepath.Dir(file), "page")
	if out, err := exec.Command(tool(t, "pdftoppm"), "-png", "-r", fmt.Sprint(dpi), file, prefix).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	names, err := filepath.Glob(prefix + "*.png")
	if err != nil {
		t.Fatal(err)
	}
	var all []image.Image
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(f)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, img)
	}
	return all
}

// Nothing is printed in the margins, where printers cut and binders punch.
func TestMarginsStayWhite(t *testing.T) {
	t.Parallel()
	const dpi = 72
	const edge = 42 // 15 mm
	for _, d := range []pdf.Document{deposit(), credit(), long()} {
		for n, img := range pages(t, render(t, d), dpi) {
			b := img.Bounds()
			for y := b.Min.Y; y < b.Max.Y; y++ {
				for x := b.Min.X; x < b.Max.X; x++ {
					inside := x >= edge && x < b.Max.X-edge && y >= b.Min.Y+20 && y < b.Max.Y-20
					if r, g, bl, _ := img.At(x, y).RGBA(); !inside && (r < 0xf000 || g < 0xf000 || bl < 0xf000) {
						t.Fatalf("%s page %d: ink at %d,%d", d.Number, n+1, x, y)
					}
				}
			}
		}
	}
}

// Names from anywhere come out, or are at least seen to be there.
func TestNamesFromAnywhere(t *testing.T) {
	t.Parallel()
	d := deposit()
	for name, want := range map[string]string{
		"Şeyma Öztürk-Yıldız": "Şeyma Öztürk-Yıldız",
		"Zoë Çağlar Łukasz":   "Zoë Çağlar Łukasz",
		"Nguyễn Thị Hạnh":     "Nguyễn Thị Hạnh",
		"e\u0301lodie":        "élodie", // decomposed
		"محمد":                "????",
		"Jan 🎉":               "Jan ?",
		"Jan\u202eevil":       "Jan evil",
	} {
		d.Payer.Name = name
		if got := text(t, render(t, d)); !strings.Contains(got, want) {
			t.Errorf("%s: no %q", name, want)
		}
	}
}
