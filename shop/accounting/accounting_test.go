package accounting_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/accounting"
	"joetz/shop/mail"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/htmltest"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type words string

func (w words) T(key string, args ...any) string { return messages.T(string(w), key, args...) }

type nobody struct{}

func (nobody) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{}, nil
}

// ledgerRoom is the accounting pages on the real services, with a clock that the test moves.
type ledgerRoom struct {
	t        *testing.T
	db       *sqlx.DB
	now      time.Time
	invoices *invoice.Service
	payments *payments.Service
	app      *fiber.App
}

func newRoom(t *testing.T) *ledgerRoom {
	t.Helper()
	r := &ledgerRoom{t: t, db: pgtest.New(t), now: time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return r.now }
	r.invoices = &invoice.Service{DB: r.db, Now: now, Enqueue: func(context.Context, *sqlx.Tx, invoice.JobArgs) error { return nil },
		Paper: invoice.Paper{Words: func(lang string) pdf.Words { return words(lang) },
			Seller: pdf.Seller{Brand: "JOETZ", Name: "JOETZ vzw", Payee: "JOETZ vzw", IBAN: "BE68 5390 0754 7034"}}}
	r.payments = &payments.Service{Now: now, Invoices: r.invoices, Enqueue: func(context.Context, *sqlx.Tx, payments.JobArgs) error { return nil }}
	h := &accounting.Handlers{DB: r.db, Invoices: r.invoices, Payments: r.payments, Outbox: &mail.Outbox{Now: now},
		Bank: &reconcile.Service{DB: r.db, Payments: r.payments, Now: now}}
	var err error
	if r.app, err = web.New(web.Config{PublicURL: "http://" + webtest.Host, Key: make([]byte, 32), Now: now, Sessions: nobody{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ"}}); err != nil {
		t.Fatal(err)
	}
	r.app.Get("/boekhouding", h.ShowStart)
	r.app.Get("/boekhouding/rekeningen", h.ShowAccounts)
	r.app.Get("/boekhouding/facturen", h.ShowInvoices)
	r.app.Get("/boekhouding/facturen/:invoice", h.ShowInvoice)
	r.app.Get("/boekhouding/facturen/:invoice/pdf", h.ShowPDF)
	r.app.Get("/boekhouding/facturen/:invoice/kopie", h.ShowCopy)
	return r
}

// order is one family's order of one child: a deposit of 75 due on 15 February, 140 on 5 June.
func (r *ledgerRoom) order(comm, name string) (id.Order, id.Booking) {
	r.t.Helper()
	var row struct {
		Order   id.Order   `db:"order_id"`
		Booking id.Booking `db:"id"`
	}
	if err := r.db.Get(&row, `
		WITH s AS (INSERT INTO season (year) SELECT 3000 + count(*) FROM season RETURNING id),
		h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation,
			transport, birth_year_from, birth_year_to) SELECT id, $1, $1, 'Strand', '', 'domestic', 'none', 'BE', 'x', 'y', 'z', 2010, 2020 FROM s RETURNING id),
		d AS (INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-05', '2027-07-09', now() FROM h RETURNING id),
		l AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) SELECT id, 1, 21500, now() FROM d RETURNING id),
		g AS (INSERT INTO guardian (email, created_at) VALUES ($1 || '@example.be', now()) RETURNING id),
		p AS (INSERT INTO policy (hash, version, document, first_at) VALUES ('t', 't', '', now()) ON CONFLICT DO NOTHING),
		o AS (INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street,
			payer_postal_code, payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
			SELECT 'J-' || $1, $1, id, now(), $2, 'x@example.be', 'Kerkstraat 1', '9000', 'Gent', 'BE', 2, 'transfer', 't', now() FROM g RETURNING id),
		c AS (INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ('Lotte', 'Peeters', '2017-02-03', now()) RETURNING id)
		INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash,
			trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		SELECT o.id, c.id, d.id, 'placed', 'base', 'not_needed', 'no', false, l.id, 't', 'domestic', 'none', '2027-02-01', '2027-07-05', 21500, 21500, 0, 7500, now()
		FROM o, c, d, l RETURNING order_id, id`, comm, name); err != nil {
		r.t.Fatal(err)
	}
	r.tx(func(tx *sqlx.Tx) error {
		_, err := r.payments.OpenTx(r.t.Context(), tx, row.Order, payments.Payer{Name: name, Street: "Kerkstraat 1", PostalCode: "9000", City: "Gent", Country: "BE", Lang: "nl"},
			[]payments.Opening{{Booking: row.Booking, Description: "Lotte Peeters, Strand, 2027-07-05", Lines: []payments.Line{{Kind: "price", Amount: 21500}},
				Schedule: []payments.Due{{Kind: "deposit", On: civil.Must(2027, 2, 15), Amount: 7500}, {Kind: "balance", On: civil.Must(2027, 6, 5), Amount: 14000}}}})
		return err
	})
	if _, err := r.invoices.Number(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return row.Order, row.Booking
}

func (r *ledgerRoom) tx(f func(tx *sqlx.Tx) error) {
	r.t.Helper()
	if err := pg.InTx(r.t.Context(), r.db, f); err != nil {
		r.t.Fatal(err)
	}
}

func (r *ledgerRoom) receive(order id.Order, amount money.Cents) {
	r.t.Helper()
	r.tx(func(tx *sqlx.Tx) error {
		_, err := r.payments.ReceiveTx(r.t.Context(), tx, payments.Receipt{Order: order, Method: "transfer", Amount: amount, ReceivedOn: civil.Of(r.now),
			SourceSystem: "bank", SourceID: fmt.Sprint(r.now.UnixNano(), amount), PayerName: "I. PEETERS", PayerIBAN: "BE62510007547061"})
		return err
	})
}

// page opens a page that must be sound.
func (r *ledgerRoom) page(path string) *webtest.Page {
	r.t.Helper()
	p := webtest.New(r.t, r.app).Get(path).WantStatus(http.StatusOK)
	htmltest.Page(r.t, p.Body)
	if i := strings.Index(p.Body, "[accounting."); i >= 0 {
		r.t.Errorf("%s: a text is missing: %.60s", path, p.Body[i:])
	}
	return p
}

func TestStartTellsWhatWaits(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.page("/boekhouding").WantText(".tasks", "Er is nog geen bankbestand ingelezen").WantText("main", "Nog te ontvangen: € 0,00")
	order, _ := r.order("260000010173", "Inès Peeters")
	r.order("000000009797", "An De Wit")
	r.page("/boekhouding").WantText("main", "Nog te ontvangen: € 150,00").WantText(".bars", "Nog niet vervallen 2 facturen € 150,00").
		WantNone(`a[href="/boekhouding/facturen?toon=te-laat"]`)
	r.receive(order, 2500)
	r.now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	late := r.page("/boekhouding")
	late.WantText(`.tasks a[href="/boekhouding/facturen?toon=te-laat"]`, "2 facturen zijn te laat").WantText(".tasks", "samen € 125,00")
	late.WantText(".bars", "1 tot 30 dagen te laat 2 facturen € 125,00").WantText("main", "Bank 550 € 25,00")
}

func TestInvoicesAreFound(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	order, _ := r.order("260000010173", "Inès Peeters")
	r.order("000000009797", "An De Wit")
	r.receive(order, 7500)
	for _, c := range []struct {
		query string
		want  []string
		none  []string
	}{
		{"", []string{"VV-2027-00002", "An De Wit", "€ 75,00", "Open"}, []string{"VV-2027-00001"}},
		{"?toon=betaald", []string{"VV-2027-00001", "Inès Peeters", "Betaald"}, []string{"VV-2027-00002"}},
		{"?toon=alles&zoek=peeters", []string{"VV-2027-00001"}, []string{"VV-2027-00002"}},
		{"?toon=alles&zoek=%2B%2B%2B260%2F0000%2F10173%2B%2B%2B", []string{"VV-2027-00001"}, []string{"VV-2027-00002"}},
		{"?zoek=vv-2027-00002", []string{"VV-2027-00002"}, []string{"VV-2027-00001"}},
		{"?toon=te-laat", []string{"Geen facturen gevonden"}, []string{"VV-2027"}},
		{"?toon=xyz&volgorde=1;drop&blad=-3", []string{"VV-2027-00002"}, nil},
		{"?blad=99", []string{"VV-2027-00002"}, nil},
		{"?blad=9223372036854775807", []string{"VV-2027-00002"}, nil},
	} {
		p := r.page("/boekhouding/facturen" + c.query)
		for _, want := range c.want {
			p.WantText("main", want)
		}
		for _, none := range c.none {
			if strings.Contains(p.Text("main"), none) {
				t.Errorf("%s: %s is there", c.query, none)
			}
		}
	}
}

// A deposit is paid in two parts, then the booking ends with a fee: the pages tell it as it happened.
func TestInvoiceTellsItsStory(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	order, booking := r.order("260000010173", "Inès Peeters")
	r.receive(order, 2500)
	p := r.page("/boekhouding/facturen/1").WantText("h1", "Voorschotfactuur VV-2027-00001").WantText("main", "Deels betaald").
		WantText("main", "+++260/0000/10173+++").WantText("main", "Nog te ontvangen: € 50,00")
	p.WantText("table", "Lotte Peeters, Strand, 5 juli 2027€ 75,00€ 25,00").WantText("main", "I. PEETERS").WantText("main", "BE62 5100 0754 7061")
	p.WantText(".history", "Kreeg nummer VV-2027-00001").WantText(".history", "€ 25,00 van de ontvangsten hierop geplaatst")

	r.now = r.now.Add(48 * time.Hour)
	r.tx(func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(t.Context(), tx, order); err != nil {
			return err
		}
		_, err := paymentstest.CloseTx(t.Context(), tx, r.payments, payments.Closing{Order: order, Booking: booking, Description: "Lotte Peeters, Strand",
			Payer: payments.Payer{Name: "Inès Peeters", Country: "BE", Lang: "nl"}, Fee: 7500, Actor: "system"})
		return err
	})
	if _, err := r.invoices.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := r.page("/boekhouding/facturen/1").WantText("main", "Gecrediteerd").WantText(".history", "€ 25,00 er weer afgehaald")
	after.WantText("main", "CN-2027-00001").WantText("main", "V-2027-00001")
	r.page("/boekhouding/facturen/2").WantText("h1", "Creditnota CN-2027-00001").WantText("main", "−€ 75,00")
	r.page("/boekhouding/rekeningen").WantText("main", "Debet en credit zijn gelijk")
}

func TestPapers(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.order("260000010173", "Inès Peeters")
	visitor := webtest.New(t, r.app)
	first := visitor.Get("/boekhouding/facturen/1/pdf").WantStatus(http.StatusOK)
	if !strings.HasPrefix(first.Body, "%PDF-") || first.Header.Get("Content-Type") != "application/pdf" ||
		first.Header.Get("Content-Disposition") != "inline; filename=VV-2027-00001.pdf" {
		t.Errorf("pdf: %v", first.Header)
	}
	if visitor.Get("/boekhouding/facturen/1/pdf").Body != first.Body {
		t.Error("the paper changed")
	}
	if visitor.Get("/boekhouding/facturen/1/kopie").WantStatus(http.StatusOK).Body == first.Body {
		t.Error("the copy is not marked")
	}
	for _, missing := range []string{"/boekhouding/facturen/9", "/boekhouding/facturen/x", "/boekhouding/facturen/9/pdf", "/boekhouding/facturen/x/kopie"} {
		visitor.Get(missing).WantStatus(http.StatusNotFound)
	}
}
