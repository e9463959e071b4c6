package requests_test

import (
	"errors"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/mail"
	"joetz/shop/requests"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// office is the service with a clock that the test moves, and a family that came home on Saturday 31 July 2027.
type office struct {
	*requests.Service
	db      *sqlx.DB
	clock   atomic.Int64
	an, bo  id.Guardian
	booking id.Booking
	staff   account.Identity
}

func (o *office) now() time.Time { return time.UnixMicro(o.clock.Load()).UTC() }
func (o *office) on(y int, m time.Month, d int) {
	o.clock.Store(civil.Must(y, m, d).Start().Add(12 * time.Hour).UnixMicro())
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{db: pgtest.New(t)}
	o.on(2027, 7, 1)
	people, err := account.New(account.Config{DB: o.db, Now: o.now})
	if err != nil {
		t.Fatal(err)
	}
	text, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	o.Service = &requests.Service{DB: o.db, Now: o.now, Settings: requests.Defaults, Accounts: people, Seal: keys,
		Bookings: &booking.Service{DB: o.db, Now: o.now, Accounts: people, Payments: &payments.Service{Now: o.now}},
		Outbox:   &mail.Outbox{From: mail.Address{Name: "JOETZ", Email: "info@example.be"}, Now: o.now}}
	var row struct {
		An      id.Guardian `db:"an"`
		Bo      id.Guardian `db:"bo"`
		Booking id.Booking  `db:"booking"`
		Staff   id.Staff    `db:"staff"`
	}
	err = o.db.Get(&row, `
		WITH s AS (INSERT INTO season (year) VALUES (2027) RETURNING id),
		h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
			SELECT id, 'A1', 'a1', 'Zee', '', 'domestic', 'package', 'BE', 'Bredene', '', '', 2014, 2017 FROM s RETURNING id),
		d AS (INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-26', '2027-07-31', '2026-10-01' FROM h RETURNING id),
		l AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) SELECT id, 1, 33500, '2026-10-01' FROM d RETURNING id),
		p AS (INSERT INTO policy (hash, version, document, first_at) VALUES ('x', 'x', '', '2026-10-01') RETURNING hash),
		an AS (INSERT INTO guardian (email, first_name, last_name, created_at) VALUES ('an@example.be', 'An', 'Peeters', '2026-10-01') RETURNING id),
		bo AS (INSERT INTO guardian (email, created_at) VALUES ('bo@example.be', '2026-10-01') RETURNING id),
		st AS (INSERT INTO staff (email, name, password_hash, created_at) VALUES ('kantoor@example.be', 'Cis', '', '2026-10-01') RETURNING id),
		c AS (INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ('Lou', 'Peeters', '2016-05-01', '2026-10-01') RETURNING id),
		gs AS (INSERT INTO guardianship (guardian_id, participant_id) SELECT an.id, c.id FROM an, c),
		o AS (INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code, payer_city, payer_country,
			instalments, payment_method, policy_hash, terms_accepted_at)
			SELECT 'V1', '100000000101', an.id, '2027-02-01', 'An', 'an@example.be', 'x', '1', 'x', 'BE', 1, 'transfer', 'x', '2027-02-01' FROM an RETURNING id),
		b AS (INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash, trip, legal_regime,
			booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
			SELECT o.id, c.id, d.id, 'placed', 'base', 'not_needed', 'no', false, l.id, 'x', 'domestic', 'package', '2027-02-01', '2027-07-26', 33500, 33500, 0, 5000, '2027-02-01'
			FROM o, c, d, l, p RETURNING id)
		SELECT an.id AS an, bo.id AS bo, b.id AS booking, st.id AS staff FROM an, bo, b, st`)
	if err != nil {
		t.Fatal(err)
	}
	o.an, o.bo, o.booking, o.staff = row.An, row.Bo, row.Booking, account.Identity{StaffID: row.Staff, Roles: []account.Role{account.Office}}
	return o
}

func (o *office) open(t *testing.T, in requests.New) (requests.Request, error) {
	t.Helper()
	return o.Open(t.Context(), o.an, in)
}

func want(t *testing.T, err, wanted error) {
	t.Helper()
	if !errors.Is(err, wanted) {
		t.Fatalf("got %v, want %v", err, wanted)
	}
}

func field(t *testing.T, err error, name string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Fields[name] == "" {
		t.Fatalf("got %v, want something about %s", err, name)
	}
}

// Day 0 is the return; day 30 is a Monday and counts. A last day in a weekend moves to Monday.
func TestTheTermOfAComplaint(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	complaint := requests.New{Kind: requests.Complaint, Booking: o.booking, Body: "Het eten was koud."}
	service := requests.New{Kind: requests.Undelivered, Booking: o.booking, Body: "De daguitstap ging niet door."}
	o.on(2027, 7, 25)
	_, err := o.open(t, service)
	want(t, err, requests.ErrEarlyService)
	o.on(2027, 8, 30)
	for _, in := range []requests.New{complaint, service} {
		r, err := o.open(t, in)
		want(t, err, nil)
		if r.AnswerBy != civil.Must(2027, 9, 13) { // two weeks
			t.Errorf("an answer by %v", r.AnswerBy)
		}
	}
	o.on(2027, 8, 31)
	_, err = o.open(t, complaint)
	want(t, err, requests.ErrLateComplaint)
	if last := fault.Of(err).Args[0]; last != civil.Must(2027, 8, 30) {
		t.Errorf("the term ended %v", last)
	}
	_, err = o.open(t, service)
	want(t, err, requests.ErrLateService)
	complaint.Kind = requests.Question
	_, err = o.open(t, complaint) // kindly: as a question it is read
	want(t, err, nil)
	for ends, last := range map[civil.Date]civil.Date{
		civil.Must(2027, 7, 30): civil.Must(2027, 8, 30), // Sunday 29 August
		civil.Must(2027, 7, 29): civil.Must(2027, 8, 30), // Saturday 28 August
		civil.Must(2027, 7, 28): civil.Must(2027, 8, 27),
	} {
		if got := o.LastDay(requests.Complaint, booking.Booking{EndsOn: ends}); got != last {
			t.Errorf("back on %v: until %v, want %v", ends, got, last)
		}
	}
}

// A child that goes elsewhere was never on the first holiday: nobody writes about it, and everybody about the one in its place.
func TestABookingThatWasReplacedIsNotWrittenAbout(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var fresh id.Booking
	err := o.db.Get(&fresh, `
		WITH old AS (UPDATE booking SET status = 'cancelled', cancelled_at = '2027-06-01', cancelled_by = 'rebooked' WHERE id = $1 RETURNING *)
		INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash, trip, legal_regime,
			booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at, rebooked_from)
		SELECT order_id, participant_id, departure_id, 'placed', category, evidence, photo_consent, insured, price_list_id, policy_hash, trip, legal_regime,
			booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, '2027-06-01', id FROM old RETURNING id`, o.booking)
	want(t, err, nil)
	o.on(2027, 8, 2)
	for _, kind := range []requests.Kind{requests.Complaint, requests.Undelivered, requests.Question, requests.Leaving} {
		_, err := o.open(t, requests.New{Kind: kind, Booking: o.booking, Body: "Het eten was koud."})
		if f := fault.Of(err); f == nil || f.Fields["booking"] != "requests.moved" {
			t.Errorf("%s about the holiday that was left: %v", kind, err)
		}
	}
	_, err = o.open(t, requests.New{Kind: requests.Complaint, Booking: fresh, Body: "Het eten was koud."})
	want(t, err, nil)
	orders, err := o.Bookings.FamilyOrders(t.Context(), o.an)
	want(t, err, nil)
	var offered []id.Booking
	for _, b := range orders[0].Bookings {
		if requests.About(b) {
			offered = append(offered, b.ID)
		}
	}
	if len(orders[0].Bookings) != 2 || len(offered) != 1 || offered[0] != fresh {
		t.Errorf("of %d bookings these are offered: %v", len(orders[0].Bookings), offered)
	}
}

func TestNobodyElseReadsARequest(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.open(t, requests.New{Kind: requests.Question, Booking: o.booking, Body: "Mag de gitaar mee?", Files: []requests.Upload{{Name: "plan.pdf", Bytes: []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")}}})
	want(t, err, nil)
	_, err = o.One(t.Context(), o.bo, r.ID)
	want(t, err, requests.ErrNotFound)
	want(t, o.Reply(t.Context(), o.bo, r.ID, "En de drum?", nil), requests.ErrNotFound)
	got, err := o.One(t.Context(), o.an, r.ID)
	want(t, err, nil)
	file := got.Messages[0].Files[0].ID
	_, _, err = o.OpenFile(t.Context(), o.bo, r.ID, file)
	want(t, err, requests.ErrNotFound)
	if _, data, err := o.OpenFile(t.Context(), o.an, r.ID, file); err != nil || string(data[:5]) != "%PDF-" {
		t.Errorf("own file: %q %v", data, err)
	}
	var plain int
	if err := o.db.Get(&plain, `SELECT count(*) FROM request_file WHERE position('%PDF'::bytea IN sealed) > 0`); err != nil || plain != 0 {
		t.Errorf("%d files are readable in the database, %v", plain, err)
	}
	_, err = o.Open(t.Context(), o.bo, requests.New{Kind: requests.Question, Booking: o.booking, Body: "Van wie is dit?"})
	want(t, err, booking.ErrNoBooking)
	if all, err := o.Of(t.Context(), o.bo); err != nil || len(all) != 0 {
		t.Errorf("Bo reads %v %v", all, err)
	}
	_, err = o.open(t, requests.New{Kind: requests.Question, Body: "foto", Files: []requests.Upload{{Name: "a.jpg", Bytes: []byte("MZ not a picture")}}})
	field(t, err, "files")
}

// A complaint until it is closed, opened again in its term, and not after.
func TestAnAnswerAndItsEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.on(2027, 8, 2)
	r, err := o.open(t, requests.New{Kind: requests.Complaint, Booking: o.booking, Body: "Het eten was koud."})
	want(t, err, nil)
	if found, err := o.WaitingComplaints(t.Context(), 10); err != nil || found.Total != 1 || found.Items[0].Due != r.AnswerBy {
		t.Errorf("the worklist has %+v %v", found, err)
	}
	field(t, o.AnswerIt(t.Context(), o.staff, r.ID, requests.Answer{Body: " "}), "body")
	want(t, o.AnswerIt(t.Context(), o.staff, r.ID, requests.Answer{Body: "Dat spijt ons zeer.", Close: true}), nil)
	var mails []string
	if err := o.db.Select(&mails, `SELECT body_text FROM mail WHERE kind = 'notice_request_answered'`); err != nil || len(mails) != 1 || regexp.MustCompile("spijt").MatchString(mails[0]) {
		t.Errorf("mails %v %v", mails, err)
	}
	all, err := o.Of(t.Context(), o.an)
	if err != nil || !all[0].Unread() {
		t.Errorf("unread? %+v %v", all, err)
	}
	if _, err = o.One(t.Context(), o.an, r.ID); err != nil {
		t.Error(err)
	}
	if all, err = o.Of(t.Context(), o.an); err != nil || all[0].Unread() {
		t.Errorf("read: %+v %v", all, err)
	}
	if found, err := o.WaitingComplaints(t.Context(), 10); err != nil || found.Total != 0 {
		t.Errorf("the worklist has %+v %v", found, err)
	}
	o.on(2027, 8, 30)
	want(t, o.Reply(t.Context(), o.an, r.ID, "Nee, zo niet.", nil), nil)
	got, err := o.ForOffice(t.Context(), r.ID)
	if err != nil || got.Status != "open" || len(got.Messages) != 3 || got.AnswerBy != civil.Must(2027, 9, 13) {
		t.Errorf("opened again: %+v %v", got, err)
	}
	want(t, o.CloseIt(t.Context(), r.ID), nil)
	o.on(2027, 8, 31)
	want(t, o.Reply(t.Context(), o.an, r.ID, "Nog eens.", nil), requests.ErrTermOver)
	var events int
	if err := o.db.Get(&events, `SELECT count(*) FROM booking_event WHERE kind IN ('request_opened', 'request_answered') AND booking_id = $1`, o.booking); err != nil || events != 2 {
		t.Errorf("%d lines of history, %v", events, err)
	}
}

func TestLeavingEarly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.on(2027, 7, 20)
	in := requests.New{Kind: requests.Leaving, Booking: o.booking, LeavesAt: time.Date(2027, 7, 29, 12, 30, 0, 0, time.UTC), FetcherName: "Oma Els", FetcherPhone: "0470 11 22 33"}
	for name, wrong := range map[string]func(*requests.New){
		"leaves":        func(n *requests.New) { n.LeavesAt = time.Date(2027, 8, 1, 12, 0, 0, 0, time.UTC) },
		"fetcher_name":  func(n *requests.New) { n.FetcherName = "" },
		"fetcher_phone": func(n *requests.New) { n.FetcherPhone = "" },
		"booking":       func(n *requests.New) { n.Booking = 0 },
	} {
		bad := in
		wrong(&bad)
		_, err := o.open(t, bad)
		field(t, err, name)
	}
	r, err := o.open(t, in)
	want(t, err, nil)
	seen := func() (n int) {
		t.Helper()
		if err := o.db.Get(&n, `SELECT count(*) FROM camp_leaving WHERE booking_id = $1`, o.booking); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if seen() != 0 {
		t.Error("the camp sees what the office did not agree to")
	}
	want(t, o.AnswerIt(t.Context(), o.staff, r.ID, requests.Answer{Body: "Goed.", Agree: true}), nil)
	if seen() != 1 {
		t.Error("the camp does not see it")
	}
	want(t, o.AnswerIt(t.Context(), o.staff, r.ID, requests.Answer{Body: "Toch niet.", Agree: false}), nil)
	if seen() != 0 {
		t.Error("the agreement was taken back and the camp still sees it")
	}
	o.on(2027, 8, 1)
	_, err = o.open(t, in)
	field(t, err, "booking")
}

// Numbers have no gap and no double, however many ask at once.
func TestNumbersAreGivenOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var all sync.WaitGroup
	var numbers sync.Map
	for range 8 {
		all.Go(func() {
			r, err := o.Open(t.Context(), o.an, requests.New{Kind: requests.Question, Body: "Vraag"})
			if err != nil {
				t.Error(err)
			}
			numbers.Store(r.Number, true)
		})
	}
	all.Wait()
	for _, n := range []string{"K2027-0001", "K2027-0008"} {
		if _, ok := numbers.Load(n); !ok {
			t.Errorf("nobody has %s", n)
		}
	}
	want(t, func() error { _, err := o.OpenErasure(t.Context(), o.an, ""); return err }(), nil)
	_, err := o.OpenErasure(t.Context(), o.an, "")
	want(t, err, requests.ErrErasureOpen)
}
