package medical_test

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
	"joetz/medical/seal/sealtest"
	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// world is a database with one camp (5 to 9 July 2027), one child with a mother and a father who may not see the fiche,
// and staff of every kind. Time stands still until a test moves it.
type world struct {
	*medical.Service
	t                                                 testing.TB
	ctx                                               context.Context
	at                                                time.Time
	log                                               *bytes.Buffer
	text                                              string // the keyset
	dsn                                               string
	camp                                              id.Departure
	other                                             id.Departure
	child                                             id.Participant
	booking                                           id.Booking
	mother                                            id.Guardian
	father                                            id.Guardian
	stranger                                          id.Guardian
	animator, lead, office, accounting, otherAnimator id.Staff
}

var campStart, campEnd = civil.Must(2027, 7, 5), civil.Must(2027, 7, 9)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), at: time.Date(2027, 7, 6, 10, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	var err error
	if w.text, err = seal.Generate(); err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(w.text)
	if err != nil {
		t.Fatal(err)
	}
	w.dsn = pgtest.DSN(t)
	db, err := pg.Open(w.ctx, w.dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	questions, err := questionnaire.Load()
	if err != nil {
		t.Fatal(err)
	}
	w.Service = &medical.Service{DB: db, Keys: keys, Questions: questions, Settings: medical.DefaultSettings,
		Now: func() time.Time { return w.at }, Log: slog.New(slog.NewTextHandler(w.log, nil))}
	season := w.insert(`INSERT INTO season (year) VALUES (2027) RETURNING id`)
	w.camp, w.other = w.departure(season, "zee", campStart, campEnd), w.departure(season, "bos", campStart, campEnd)
	w.mother, w.father, w.stranger = w.guardian("els"), w.guardian("jan"), w.guardian("vreemd")
	w.child = w.participant("Noa", civil.Must(2018, 7, 6))
	w.exec(`INSERT INTO guardianship (guardian_id, participant_id, sees_fiche) VALUES ($1, $2, true), ($3, $2, false)`, w.mother, w.child, w.father)
	w.booking = w.book(w.child, w.camp, "placed")
	w.animator, w.lead, w.office, w.accounting, w.otherAnimator = w.staff("Amber", "animator"), w.staff("Lies", "lead"),
		w.staff("Olga", "office"), w.staff("Bert", "accounting"), w.staff("Ander", "animator")
	w.assign(w.animator, w.camp, false)
	w.assign(w.lead, w.camp, true)
	w.assign(w.otherAnimator, w.other, false)
	return w
}

func (w *world) insert(query string, args ...any) int64 {
	w.t.Helper()
	var n int64
	if err := w.DB.GetContext(w.ctx, &n, query, args...); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.DB.ExecContext(w.ctx, query, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) departure(season int64, slug string, from, to civil.Date) id.Departure {
	w.t.Helper()
	h := w.insert(`INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation,
		transport, birth_year_from, birth_year_to) VALUES ($1, $2, $2, $2, '', 'domestic', 'none', 'BE', '', '', '', 2010, 2020) RETURNING id`, season, slug)
	return id.Departure(w.insert(`INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) VALUES ($1, $2, $3, now()) RETURNING id`, h, from, to))
}

func (w *world) guardian(name string) id.Guardian {
	w.t.Helper()
	return id.Guardian(w.insert(`INSERT INTO guardian (email, first_name, created_at) VALUES ($1, $2, now()) RETURNING id`, name+"@example.be", name))
}

func (w *world) participant(name string, born civil.Date) id.Participant {
	w.t.Helper()
	return id.Participant(w.insert(`INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ($1, 'Peeters', $2, now()) RETURNING id`, name, born))
}

func (w *world) staff(name, role string) id.Staff {
	w.t.Helper()
	n := w.insert(`INSERT INTO staff (email, name, password_hash, created_at) VALUES (lower($1) || '@joetz.example', $1 || ' Achternaam', '', now()) RETURNING id`, name)
	w.exec(`INSERT INTO staff_role (staff_id, role) VALUES ($1, $2)`, n, role)
	return id.Staff(n)
}

func (w *world) assign(s id.Staff, d id.Departure, lead bool) {
	w.t.Helper()
	w.exec(`INSERT INTO assignment (staff_id, departure_id, lead) VALUES ($1, $2, $3)`, s, d, lead)
}

func (w *world) book(p id.Participant, d id.Departure, status string) id.Booking {
	w.t.Helper()
	w.exec(`INSERT INTO policy (hash, version, document, first_at) VALUES ('h', 'v', '', now()) ON CONFLICT DO NOTHING`)
	list := w.insert(`WITH made AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES ($1, 1, 10000, now())
		ON CONFLICT DO NOTHING RETURNING id) SELECT id FROM made UNION SELECT id FROM price_list WHERE departure_id = $1`, d)
	order := w.insert(`INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street,
		payer_postal_code, payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		VALUES ($1, lpad($1, 12, '0'), $2, now(), '', '', '', '', '', 'BE', 1, 'transfer', 'h', now()) RETURNING id`, fmt.Sprint(p, "0", d), w.mother)
	return id.Booking(w.insert(`INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured,
		price_list_id, policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		VALUES ($1, $2, $3, $4, 'base', 'not_needed', 'no', false, $5, 'h', 'domestic', 'none', '2027-01-01', '2027-07-05', 10000, 10000, 0, 0, now())
		RETURNING id`, order, p, d, status, list))
}

// answerCare answers the care question as the checkout does.
func (w *world) answerCare(p id.Participant, d id.Departure, by id.Guardian, c medical.CareAnswer) error {
	return pg.InTx(w.ctx, w.DB, func(tx *sqlx.Tx) error { return w.AnswerCareTx(w.ctx, tx, p, d, by, c) })
}

func (w *world) decide(r medical.Reader, b id.Booking, d medical.Decision) error {
	return pg.InTx(w.ctx, w.DB, func(tx *sqlx.Tx) error { return w.DecideTx(w.ctx, tx, r, b, d) })
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) parent() medical.Reader {
	return medical.Reader{Guardian: w.mother, Role: medical.Guardian, Request: "r1", IP: "192.0.2.1", Device: "test"}
}

func staffReader(s id.Staff, role medical.Role) medical.Reader {
	return medical.Reader{Staff: s, Role: role, Purpose: "zorgvraag bekijken", Request: "r2", IP: "192.0.2.2", Device: "test"}
}

func canary(about string) string { return sealtest.Canary(about) }
