package accounting_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/invoice"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/accounting"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/htmltest"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// desk is a bookkeeper's browser on the real services.
type desk struct {
	*webtest.Browser
	t       *testing.T
	db      *sqlx.DB
	pay     *payments.Service
	staff   id.Staff
	balance money.Cents
	number  int
}

// signedIn takes every session for the bookkeeper's.
type signedIn struct{ staff id.Staff }

func (s signedIn) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{StaffID: s.staff, Name: "Rita Claes", Roles: []account.Role{account.Accounting}}, nil
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	now := func() time.Time { return time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC) }
	d := &desk{t: t, db: pgtest.New(t), pay: paymentstest.New(now)}
	d.staff = paymentstest.Staff(t, d.db, "Rita")
	app, err := web.New(web.Config{
		PublicURL: "http://" + webtest.Host, Key: make([]byte, 32), Now: now, Sessions: signedIn{d.staff},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ"},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &accounting.Handlers{DB: d.db, Payments: d.pay, Invoices: &invoice.Service{DB: d.db, Now: now},
		Bank: &reconcile.Service{DB: d.db, Payments: d.pay, Accounts: []bank.IBAN{"BE68539007547034"}, Now: now}}
	routes(app, h)
	d.Browser = webtest.New(t, app)
	d.SetCookie("sid", "a-session")
	return d
}

func routes(app *fiber.App, h *accounting.Handlers) {
	app.Get("/boekhouding", h.ShowStart)
	app.Get("/boekhouding/bank", h.ShowBank)
	app.Post("/boekhouding/bank", h.UploadBank)
	app.Get("/boekhouding/bank/wachtend", h.ShowWaiting)
	app.Post("/boekhouding/bank/wachtend", h.TakeCertain)
	app.Get("/boekhouding/bank/bestanden/:file", h.ShowBankFile)
	app.Get("/boekhouding/bank/bestanden/:file/origineel", h.DownloadBankFile)
	app.Get("/boekhouding/bank/bewegingen", h.ShowMovements)
	app.Get("/boekhouding/bank/bewegingen/:movement", h.ShowMovement)
	app.Post("/boekhouding/bank/bewegingen/:movement/boeking", h.MatchOrders)
	app.Post("/boekhouding/bank/bewegingen/:movement/rekening", h.PlaceMovement)
	app.Post("/boekhouding/bank/bewegingen/:movement/terugbetaling", h.MatchRefund)
	app.Post("/boekhouding/bank/bewegingen/:movement/teruggenomen", h.TakeBack)
	app.Post("/boekhouding/bank/bewegingen/:movement/losmaken", h.UndoMatch)
}

// page opens a page and reads it as a person with a screen reader would.
func (d *desk) page(path string) *webtest.Page {
	d.t.Helper()
	p := d.Open(path).WantStatus(200)
	htmltest.Page(d.t, p.Body)
	if i := strings.Index(p.Body, "[bank."); i >= 0 {
		d.t.Errorf("%s: a text is missing: %.60s", path, p.Body[i:])
	}
	return p
}

func (d *desk) order(payer, child string, amount money.Cents) paymentstest.Order {
	d.t.Helper()
	return paymentstest.NewOrder(d.t, d.db, d.pay, payer, child, amount)
}

// next is the bank's next statement.
func (d *desk) next(transfers ...bankfake.Transfer) []byte {
	d.t.Helper()
	d.number++
	st := bankfake.Statement{Account: "BE68539007547034", Date: civil.Must(2027, 3, 1).AddDays(d.number), Number: d.number, Opening: d.balance, Transfers: transfers}
	d.balance = st.Closing()
	data, err := bankfake.CODA(st)
	if err != nil {
		d.t.Fatal(err)
	}
	return data
}

// upload sends a file as the form does.
func (d *desk) upload(name string, data []byte) *webtest.Page {
	d.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("bestand", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	r := httptest.NewRequest(fiber.MethodPost, "/boekhouding/bank", &body)
	r.Header.Set(fiber.HeaderContentType, form.FormDataContentType())
	return d.Do(r)
}

// opened uploads a file and opens the page that it leads to.
func (d *desk) opened(transfers ...bankfake.Transfer) *webtest.Page {
	d.t.Helper()
	p := d.upload("dag.cod", d.next(transfers...))
	if p.Status != 303 {
		d.t.Fatalf("upload: %d %.300s", p.Status, p.Text("main"))
	}
	return d.page(p.Location)
}

func TestABookkeepersMorning(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.page("/boekhouding/bank").WantText(".empty", "Er is nog geen bestand ingelezen")
	d.page("/boekhouding/bank/wachtend").Want(".empty")
	d.page("/boekhouding/bank/bewegingen").Want(".empty")
	an, jan := d.order("An Peeters", "Lotte", 7500), d.order("Jan Maes", "Noor", 10000)
	data := d.next(
		bankfake.Transfer{Amount: 7500, Reference: an.OGM, Name: "PEETERS AN", IBAN: "BE96001234500105"},
		bankfake.Transfer{Amount: 10000, Name: "MAES JAN", Text: "kamp Noor"},
		bankfake.Transfer{Amount: -18000, Name: "VERZEKERAAR NV", Text: "premies"})
	sent := d.upload(`C:\Bank\dag <1>.cod`, data).WantStatus(303)

	file := d.page(sent.Location)
	file.WantText("h1", "dag <1>.cod").WantText(".notice", "Ingelezen: dag <1>.cod. 1 van 3 gekoppeld, 2 wachten.").Want(`.notice a[href="/boekhouding/bank/wachtend"]`).WantText("tbody", "Afschrift 001")
	if again := d.upload("dag.cod", data); again.Location != sent.Location {
		t.Errorf("the same file leads to %s", again.Location)
	}
	d.page(sent.Location).WantText(".notice", "Dit bestand was al ingelezen.")
	if raw := d.Open(sent.Location + "/origineel").WantStatus(200); raw.Body != string(data) || !strings.Contains(raw.Header.Get("Content-Disposition"), "attachment") {
		t.Error("the original is not what was sent")
	}
	d.page("/boekhouding").WantText(".tasks", "2 bewegingen op de bank wachten op een bestemming")
	d.page("/boekhouding/bank").WantText(".facts", "2 bewegingen")

	// The suggestion is right: one button, and back on the list.
	waiting := d.page("/boekhouding/bank/wachtend")
	waiting.WantText(".suggestion", "€ 100,00 voor boeking "+jan.Reference).WantText(".suggestion", "De naam is die van Jan Maes.").WantText(".suggestion", "precies wat nog open staat")
	after := d.Submit(waiting, "form.suggestion", nil)
	if after.Path != "/boekhouding/bank/wachtend" {
		t.Errorf("the suggestion leads to %s", after.Path)
	}
	after.WantText(".notice", "Gekoppeld: € 100,00 voor boeking "+jan.Reference+".").WantNone(".suggestion").WantText("main", "VERZEKERAAR NV")
	d.page(after.Attr(".notice a", "href")).WantText(".matches", "Boeking "+jan.Reference).Want(`.matches form[action$="/losmaken"]`)

	// What is no booking goes to an account, with a reason.
	movement := d.page(after.Attr("main h2 a", "href"))
	movement.WantText("h1", "−€ 180,00 aan VERZEKERAAR NV").Want(`.back[href="/boekhouding/bank/wachtend"]`)
	wrong := d.Submit(movement, `form[action$="/rekening"]`, url.Values{"account": {"4891"}}).WantStatus(422)
	htmltest.Page(t, wrong.Body)
	wrong.Want(`.summary a[href="#f-reason"]`).Want("#f-reason[aria-invalid]").Want(`.back[href="/boekhouding/bank/wachtend"]`)
	done := d.Submit(wrong, `form[action$="/rekening"]`, url.Values{"account": {"4891"}, "reason": {"afrekening februari"}}).WantStatus(200)
	done.Want(`.back[href="/boekhouding/bank/wachtend"]`).WantText(".notice", "Geboekt op rekening 4891.").WantNone(".notice a").WantText(".matches", "afrekening februari").WantText(".badge-good", "Alles heeft een bestemming.")
	d.page("/boekhouding/bank/wachtend").Want(".empty")
	d.page("/boekhouding/bank/bewegingen").WantText("tbody", "Boeking "+an.Reference+" van An Peeters")
	d.page("/boekhouding/bank/bewegingen?zoek=75,00").WantText("main", "1 beweging")
	d.page("/boekhouding/bank/bewegingen?toon=wachtend").Want(".empty")

	d.Open("/boekhouding/bank?lang=en")
	for _, path := range []string{"/boekhouding/bank", sent.Location, "/boekhouding/bank/bewegingen", "/boekhouding/bank/bewegingen/3", "/boekhouding/bank/wachtend"} {
		d.page(path).WantText("nav", "Accounting")
	}
}

// What is certain is taken together: each is shown and ticked, and what changed since stays on the list.
func TestCertainTogether(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an, jan, eva, bo := d.order("An Peeters", "Lotte", 7500), d.order("Jan Maes", "Noor", 10000), d.order("Eva Willems", "Fien", 5000), d.order("Bo Claes", "Mon", 4000)
	d.opened(
		bankfake.Transfer{Amount: 7500, Name: "PEETERS AN"}, bankfake.Transfer{Amount: 10000, Name: "MAES JAN"}, bankfake.Transfer{Amount: 5000, Name: "WILLEMS EVA"},
		bankfake.Transfer{Amount: 4000, Name: "CLAES BO"}, bankfake.Transfer{Amount: 4000, Name: "CLAES BO", Text: "dubbel?"}, bankfake.Transfer{Amount: 1234, Name: "ONBEKEND"})
	const form, box = `form[action="/boekhouding/bank/wachtend"]`, `input[name="zeker"]`
	list := d.page("/boekhouding/bank/wachtend")
	list.WantText(form, "€ 100,00 van MAES JAN: boeking "+jan.Reference+" van Jan Maes")
	values := list.Attrs(form+" "+box, "value")
	if ticked := list.Count(box + "[checked]"); len(values) != 3 || ticked != 3 { // nobody decides by themselves which of two pays an order
		t.Fatalf("%d boxes, %d ticked", len(values), ticked)
	}
	d.Submit(list, form, url.Values{"zeker": {}}).WantText(".notice", "Je vinkte niets aan.")

	// Meanwhile somebody takes the one of Jan by itself; Eva's is left out, and somebody sends nonsense.
	i := slices.IndexFunc(values, func(v string) bool { return strings.HasSuffix(v, ":10000") })
	d.Submit(list, fmt.Sprintf(`form.suggestion[action$="/bewegingen/%s/boeking"]`, strings.Split(values[i], ":")[0]), nil).WantText(".notice", jan.Reference)
	ticked := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.HasSuffix(v, ":5000") })
	after := d.Submit(list, form, url.Values{"zeker": append(ticked, "x")})
	after.WantText(".notice", "Gekoppeld: 1 beweging, samen € 75,00. Intussen veranderd en niet gekoppeld: 2 bewegingen.").WantText("main", eva.Reference).WantNone(form)
	d.page(after.Attr(".notice a", "href")).WantText("tbody", "Boeking "+an.Reference).WantText("tbody", "Boeking "+jan.Reference)
	if got := d.page("/boekhouding/bank/bewegingen").Text("tbody"); strings.Contains(got, "Boeking "+bo.Reference) || strings.Contains(got, "Boeking "+eva.Reference) {
		t.Errorf("matched what was not ticked: %s", got)
	}
}

func TestSplitUndoAndMistakes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := d.order("An Peeters", "Lotte", 7500), d.order("Bo Maes", "Noor", 5000)
	d.opened(bankfake.Transfer{Amount: 12500, Name: "OMA", Text: "voor de kinderen"})
	path := d.page("/boekhouding/bank/wachtend").Attr("main h2 a", "href")

	split := d.page(d.page(path).Attr(`main a[href*="delen=3"]`, "href")) // keeps the way back
	split.Want(`.back[href="/boekhouding/bank/wachtend"]`)
	wrong := d.Submit(split, `form[action$="/boeking"]`, url.Values{"part.0.order": {a.Reference}, "part.0.amount": {"75"}, "part.1.order": {"V9"}, "part.1.amount": {"50,00"}}).WantStatus(422)
	htmltest.Page(t, wrong.Body)
	wrong.WantText(".summary", "Deze boeking vinden we niet.").Want(`.summary a[href="#f-part.1.order"]`)
	if got := wrong.Attr(`[name="part.0.amount"]`, "value"); got != "75" {
		t.Errorf("the first amount is now %q", got)
	}
	tooMuch := d.Submit(wrong, `form[action$="/boeking"]`, url.Values{"part.1.order": {b.Reference}, "part.1.amount": {"50,01"}}).WantStatus(422)
	tooMuch.WantText(".summary", "Zoveel staat er niet meer")
	good := d.Submit(tooMuch, `form[action$="/boeking"]`, url.Values{"part.1.amount": {"50"}}).WantStatus(200)
	good.WantText(".matches", "Boeking "+a.Reference).WantText(".matches", "Boeking "+b.Reference).WantText(".matches", "met de hand (Rita)")

	undone := d.Submit(good, `.matches li:last-child form`, url.Values{"reason": {"was voor iemand anders"}}).WantStatus(200)
	undone.WantText(".notice", "Losgemaakt.").WantText(".badge-warning", "€ 50,00").WantText(".undone", "was voor iemand anders")
	htmltest.Page(t, undone.Body)
}

func TestMoneyThatGoesBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	o := d.order("An Peeters", "Lotte", 7500)
	d.opened(bankfake.Transfer{Amount: 7500, Reference: o.OGM, Name: "PEETERS AN"}, bankfake.Transfer{Amount: -7500, Name: "PEETERS AN", Text: "terugroeping"})
	path := d.page("/boekhouding/bank/wachtend").Attr("main h2 a", "href")
	movement := d.page(path)
	unsaid := d.Submit(movement, `form[action$="/teruggenomen"]`, url.Values{"reason": {"teruggeroepen"}}).WantStatus(422)
	unsaid.Want(`.summary a[href="#f-payment"]`)
	payment := unsaid.Attr(`[name="payment"]`, "value")
	d.Submit(unsaid, `form[action$="/teruggenomen"]`, url.Values{"payment": {payment}}).WantStatus(200).WantText(".notice", "De boeking staat weer open.").WantNone("main details")
}

func TestRefusesAWrongFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	data := d.next(bankfake.Transfer{Amount: 7500})
	bad := bytes.Replace(data, []byte("000000000075000"), []byte("000000000075010"), 1)
	p := d.upload("fout.cod", bad).WantStatus(422)
	htmltest.Page(t, p.Body)
	p.WantText(".summary", "We lazen fout.cod niet in").WantText(".summary", "Regel 2: De saldi kloppen niet: van € 0,00 zouden we op € 75,01 komen, de bank schrijft € 75,00. Verschil: € 0,01.").
		WantText(".summary", "Regel 7: De bank telt samen € 75,00, wij tellen € 75,01.")
	d.number += 20 // the clock of this desk stands at 10 March
	d.upload("straks.cod", d.next(bankfake.Transfer{Amount: 7500})).WantStatus(422).Want("#f-bestand[aria-invalid]").
		WantText(".summary", "Dit is geboekt op 23 maart 2027, en vandaag is het 10 maart 2027.").WantText(".field-bad", "Dit bestand kunnen we niet boeken.")
	d.upload("brief.txt", []byte("hallo")).WantStatus(422).WantText(".summary", "Dit is geen CODA- of camt.053-bestand.")
	d.upload("leeg", nil).WantStatus(422).Want(`.summary a[href="#f-bestand"]`)
	if n := d.page("/boekhouding/bank").Count("tbody tr"); n != 0 {
		t.Errorf("%d files were kept", n)
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, path := range []string{"/boekhouding/bank/bestanden/1", "/boekhouding/bank/bestanden/x", "/boekhouding/bank/bestanden/1/origineel", "/boekhouding/bank/bewegingen/1", "/boekhouding/bank/bewegingen/x"} {
		d.Open(path).WantStatus(404)
	}
	d.Post("/boekhouding/bank/bewegingen/1/boeking", url.Values{"part.0.order": {"V1"}, "part.0.amount": {"1"}}).WantStatus(404)
}
