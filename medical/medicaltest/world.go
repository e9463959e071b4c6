// Package medicaltest makes a small world in which fiches are filled in and read.
//
// Owns: World, and answers to every question. Only tests import it.
// May import: terms, medical, migrations/pg.
// Always true: it writes rows of other owners with plain SQL, as their owners would; it never opens a fiche but through
// medical.
package medicaltest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// World is a database with one camp (5 to 9 July 2027), one child with a mother and a father who may not see the fiche,
// and staff of every kind. Time stands still until a test moves it.
type World struct {
	*medical.Service
	Ctx    context.Context
	At     time.Time     // now
	Logged *bytes.Buffer // what the service logs
	Keyset string
	DSN    string

	Here, Elsewhere          id.Departure
	Child                    id.Participant // Noa, nine on the second day
	Booking                  id.Booking     // of Noa, here
	Mother, Father, Stranger id.Guardian
	Animator, Lead           id.Staff // here
	OtherAnimator            id.Staff // elsewhere
	Office, Accounting       id.Staff

	t testing.TB
}

// First is the day on which both camps begin.
var First = civil.Must(2027, 7, 5)

// Last is the day on which both camps end.
var Last = civil.Must(2027, 7, 9)

// New makes the world. It is 6 July 2027, noon.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{t: t, Ctx: t.Context(), At: time.Date(2027, 7, 6, 10, 0, 0, 0, time.UTC), Logged: &bytes.Buffer{}}
	var err error
	if w.Keyset, err = seal.Generate(); err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(w.Keyset)
	if err != nil {
		t.Fatal(err)
	}
	w.DSN = pgtest.DSN(t)
	db, err := pg.Open(w.Ctx, w.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	questions, err := questionnaire.Load()
	if err != nil {
		t.Fatal(err)
	}
	w.Service = &medical.Service{DB: db, Keys: keys, Questions: questions, Settings: medical.DefaultSettings,
		Now: func() time.Time { return w.At }, Log: slog.New(slog.NewTextHandler(w.Logged, nil))}
	season := w.Insert(`INSERT INTO season (year) VALUES (2027) RETURNING id`)
	w.Here, w.Elsewhere = w.Departure(season, "zee", First, Last), w.Departure(season, "bos", First, Last)
	w.Mother, w.Father, w.Stranger = w.AddGuardian("els"), w.AddGuardian("jan"), w.AddGuardian("vreemd")
	w.Child = w.AddChild("Noa", civil.Must(2018, 7, 6))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id, sees_fiche) VALUES ($1, $2, true), ($3, $2, false)`, w.Mother, w.Child, w.Father)
	w.Booking = w.Book(w.Child, w.Here, "placed")
	w.Animator, w.Lead, w.Office, w.Accounting, w.OtherAnimator = w.AddStaff("Amber", "animator"), w.AddStaff("Lies", "lead"),
		w.AddStaff("Olga", "office"), w.AddStaff("Bert", "accounting"), w.AddStaff("Ander", "animator")
	w.Assign(w.Animator, w.Here, false)
	w.Assign(w.Lead, w.Here, true)
	w.Assign(w.OtherAnimator, w.Elsewhere, false)
	for _, s := range []id.Staff{w.Animator, w.Lead, w.Office, w.Accounting, w.OtherAnimator} {
		w.Must(w.Promise(w.Ctx, medical.Reader{Staff: s, IP: "192.0.2.2", Device: "test"}))
	}
	return w
}

// Insert runs a statement that returns an id or a count.
func (w *World) Insert(query string, args ...any) int64 {
	w.t.Helper()
	var n int64
	if err := w.DB.GetContext(w.Ctx, &n, query, args...); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// Exec runs a statement.
func (w *World) Exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.DB.ExecContext(w.Ctx, query, args...); err != nil {
		w.t.Fatal(err)
	}
}

// Departure adds a holiday with one departure.
func (w *World) Departure(season int64, slug string, from, to civil.Date) id.Departure {
	w.t.Helper()
	h := w.Insert(`INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation,
		transport, birth_year_from, birth_year_to) VALUES ($1, $2, $2, $2, '', 'domestic', 'none', 'BE', '', '', '', 2010, 2020) RETURNING id`, season, slug)
	return id.Departure(w.Insert(`INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) VALUES ($1, $2, $3, now()) RETURNING id`, h, from, to))
}

// AddGuardian adds an adult.
func (w *World) AddGuardian(name string) id.Guardian {
	w.t.Helper()
	return id.Guardian(w.Insert(`INSERT INTO guardian (email, first_name, created_at) VALUES ($1, $2, now()) RETURNING id`, name+"@example.be", name))
}

// AddChild adds a child without parents.
func (w *World) AddChild(name string, born civil.Date) id.Participant {
	w.t.Helper()
	return id.Participant(w.Insert(`INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ($1, 'Peeters', $2, now()) RETURNING id`, name, born))
}

// AddStaff adds somebody with one role.
func (w *World) AddStaff(name, role string) id.Staff {
	w.t.Helper()
	n := w.Insert(`INSERT INTO staff (email, name, password_hash, created_at) VALUES (lower($1) || '@joetz.example', $1 || ' Achternaam', '', now()) RETURNING id`, name)
	w.Exec(`INSERT INTO staff_role (staff_id, role) VALUES ($1, $2)`, n, role)
	return id.Staff(n)
}

// Assign gives somebody a place at a camp.
func (w *World) Assign(s id.Staff, d id.Departure, lead bool) {
	w.t.Helper()
	w.Exec(`INSERT INTO assignment (staff_id, departure_id, lead) VALUES ($1, $2, $3)`, s, d, lead)
}

// Book books a child.
func (w *World) Book(p id.Participant, d id.Departure, status string) id.Booking {
	w.t.Helper()
	w.Exec(`INSERT INTO policy (hash, version, document, first_at) VALUES ('h', 'v', '', now()) ON CONFLICT DO NOTHING`)
	list := w.Insert(`WITH made AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES ($1, 1, 10000, now())
		ON CONFLICT DO NOTHING RETURNING id) SELECT id FROM made UNION SELECT id FROM price_list WHERE departure_id = $1`, d)
	order := w.Insert(`INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street,
		payer_postal_code, payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		VALUES ($1, lpad($1, 12, '0'), $2, now(), '', '', '', '', '', 'BE', 1, 'transfer', 'h', now()) RETURNING id`, fmt.Sprint(p, "0", d), w.Mother)
	return id.Booking(w.Insert(`INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured,
		price_list_id, policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		VALUES ($1, $2, $3, $4, 'base', 'not_needed', 'no', false, $5, 'h', 'domestic', 'none', '2027-01-01', '2027-07-05', 10000, 10000, 0, 0, now())
		RETURNING id`, order, p, d, status, list))
}

// AnswerCare answers the care question as the checkout does.
func (w *World) AnswerCare(p id.Participant, d id.Departure, by id.Guardian, c medical.CareAnswer) error {
	return pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error {
		return w.AnswerCareTx(w.Ctx, tx, medical.CareFor{Participant: p, Departure: d, By: by, CareAnswer: c})
	})
}

// Decide ends a care review as the office does.
func (w *World) Decide(r medical.Reader, b id.Booking, d medical.Decision) error {
	return pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error { return w.DecideTx(w.Ctx, tx, r, b, d) })
}

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Parent is the mother, reading.
func (w *World) Parent() medical.Reader {
	return medical.Reader{Guardian: w.Mother, Role: medical.Guardian, Request: "r1", IP: "192.0.2.1", Device: "test"}
}

// Staff is somebody of the organiser, reading.
func Staff(s id.Staff, role medical.Role) medical.Reader {
	return medical.Reader{Staff: s, Role: role, Purpose: "zorgvraag bekijken", Request: "r2", IP: "192.0.2.2", Device: "test"}
}

// AskEverything turns the holidays into ones for which every question is asked: for a target group, abroad, by plane; and
// makes Noa thirteen on the second day.
func (w *World) AskEverything() {
	w.t.Helper()
	w.Exec(`UPDATE holiday SET inclusive = true, country = 'FR', trip = 'flight'`)
	w.Exec(`UPDATE participant SET born_on = '2014-07-06'`)
}

// Rotate adds a key to the keyset and lets it seal from now on.
func (w *World) Rotate() {
	w.t.Helper()
	text, key, err := seal.Add(w.Keyset)
	w.Must(err)
	text, err = seal.Promote(text, key)
	w.Must(err)
	w.use(text)
}

// Retire takes a key out of the keyset.
func (w *World) Retire(key uint32) {
	w.t.Helper()
	text, err := seal.Retire(w.Keyset, key)
	w.Must(err)
	w.use(text)
}

func (w *World) use(keyset string) {
	w.t.Helper()
	keys, err := seal.Parse(keyset)
	w.Must(err)
	w.Keyset, w.Keys = keyset, keys
}
