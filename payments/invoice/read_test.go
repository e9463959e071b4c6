package invoice_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/invoice"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func TestStatusFollowsFromAllocations(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, c := range []struct {
		name string
		kind string
		due  string
		paid []money.Cents
		want invoice.Status
		open money.Cents
	}{
		{"nothing paid", "deposit", "2027-02-15", nil, invoice.Unpaid, 7500},
		{"due today", "deposit", "2027-02-01", nil, invoice.Unpaid, 7500},
		{"due yesterday", "deposit", "2027-01-31", nil, invoice.Overdue, 7500},
		{"a part", "deposit", "2027-02-15", []money.Cents{2500}, invoice.Partly, 5000},
		{"a part, late", "deposit", "2027-01-31", []money.Cents{7499}, invoice.Overdue, 1},
		{"all", "deposit", "2027-01-31", []money.Cents{2500, 5000}, invoice.Paid, 0},
		{"taken back", "deposit", "2027-02-15", []money.Cents{7500, -7500}, invoice.Unpaid, 7500},
		{"credit note", "credit", "2027-01-01", nil, invoice.Credit, 0},
	} {
		amount := money.Cents(7500)
		if c.kind == "credit" {
			amount = -7500
		}
		key, pay := o.simple(t, c.kind, c.due, amount)
		for _, p := range c.paid {
			pay(p)
		}
		got := o.read(t, key)
		if got.Status != c.want || got.Open != c.open || got.Total != amount || len(got.Lines) != 1 {
			t.Errorf("%s: got %s, open %v, total %v", c.name, got.Status, got.Open, got.Total)
		}
	}
	key, _ := o.simple(t, "deposit", "2027-01-11", 7500)
	if got := o.read(t, key).Age(civil.Of(o.now)); got != 21 {
		t.Errorf("age: got %d days, want 21", got)
	}
	o.db.MustExec(`UPDATE instalment SET void_at = now() WHERE id = (SELECT instalment_id FROM invoice_line WHERE invoice_id = $1)`, key)
	if got := o.read(t, key); got.Status != invoice.Credited || got.Open != 0 {
		t.Errorf("its instalment is void: got %s, open %v", got.Status, got.Open)
	}
	o.clean(t)
}

func TestUnknownInvoice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if _, err := o.ByID(t.Context(), o.db, 404); !errors.Is(err, invoice.ErrUnknown) {
		t.Errorf("got %v", err)
	}
	if _, _, err := o.Render(t.Context(), 404); !errors.Is(err, invoice.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

// family is an order of two children with deposits on one invoice.
func family(t *testing.T, o *office) (id.Order, []id.Booking, []id.Instalment, id.Invoice) {
	t.Helper()
	order, bookings := o.order(t, 2)
	parts := make([]id.Instalment, 2)
	n := invoice.New{Order: order, Kind: "deposit", IssuedOn: civil.Of(o.now), DueOn: date(t, "2027-02-15"), Payer: payer}
	for i, b := range bookings {
		parts[i] = o.instalment(t, order, b, "deposit", "2027-02-15", 7500)
		o.instalment(t, order, b, "balance", "2027-06-05", 14000)
		n.Lines = append(n.Lines, invoice.Line{Booking: b, Instalment: parts[i], Kind: "deposit", Description: "Lotte Peeters, Strand", Amount: 7500})
	}
	return order, bookings, parts, o.create(t, n)
}

// The document is drawn from rows that do not change, so it is the same years later, whatever happened to the order since.
func TestPaperStaysTheSame(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, bookings, parts, key := family(t, o)
	first, name, err := o.Render(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if name != "VV-2027-00001.pdf" || !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Errorf("name %q, begins %q", name, first[:8])
	}
	o.now = o.now.Add(100 * 24 * time.Hour)
	o.pay(t, order, bookings[0], parts[0], 7500)
	o.db.MustExec(`UPDATE instalment SET void_at = $2 WHERE booking_id = $1`, bookings[1], o.now)
	o.instalment(t, order, bookings[1], "fee", "2027-06-20", 5000)
	again, _, err := o.Render(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) {
		t.Error("the paper changed with the order")
	}
	duplicate, _, err := o.Copy(t.Context(), key)
	if err != nil || bytes.Equal(first, duplicate) {
		t.Errorf("the copy is not marked (%v)", err)
	}
}

// A fee is paid with money that was there already: its paper, drawn once it has its number, says so, and keeps saying it.
func TestPaperKnowsWhatWasPaidAtIssue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, pay := o.simple(t, "fee", "2027-02-15", 5000)
	pay(5000)
	asked, payLater := o.simple(t, "fee", "2027-02-15", 5000)
	before, _, err := o.Render(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	payLater(5000)
	after, _, err := o.Render(t.Context(), asked)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a later payment changed the paper (%v)", err)
	}
	var stored []money.Cents
	if err := o.db.Select(&stored, `SELECT paid_cents FROM invoice_number ORDER BY invoice_id`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]money.Cents{5000, 0}, stored); diff != "" {
		t.Error(diff)
	}
}

func TestOfOrder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, bookings, parts, deposit := family(t, o)
	note := o.create(t, invoice.New{Order: order, Kind: "credit", IssuedOn: civil.Of(o.now), DueOn: civil.Of(o.now), Payer: payer,
		Lines: []invoice.Line{{Booking: bookings[1], Kind: "credit", Description: "Lotte Peeters, Strand", Amount: -7500}}})
	o.db.MustExec(`UPDATE instalment SET void_at = $2 WHERE booking_id = $1`, bookings[1], o.now)
	o.pay(t, order, bookings[0], parts[0], 7500)
	other, _ := o.order(t, 1)
	_, _, err := o.Render(t.Context(), note)
	if err != nil {
		t.Fatal(err)
	}
	all, err := o.OfOrder(t.Context(), o.db, order)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID     id.Invoice
		Number string
		Status invoice.Status
		Open   money.Cents
	}
	var got []row
	for _, i := range all {
		got = append(got, row{i.ID, i.Number, i.Status, i.Open})
	}
	want := []row{{deposit, "VV-2027-00001", invoice.Paid, 0}, {note, "CN-2027-00001", invoice.Credit, 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none, err := o.OfOrder(t.Context(), o.db, other); err != nil || len(none) != 0 {
		t.Errorf("another order: %v (%v)", none, err)
	}
	o.clean(t)
}

// A balance that is asked in two parts: the second is not late because the first was due.
func TestPartsAreDueOnTheirOwnDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, bookings := o.order(t, 1)
	first := o.instalment(t, order, bookings[0], "balance", "2027-06-05", 7000)
	second := o.instalment(t, order, bookings[0], "balance", "2027-07-05", 7000)
	key := o.create(t, invoice.New{Order: order, Kind: "balance", IssuedOn: civil.Of(o.now), DueOn: date(t, "2027-06-05"), Payer: payer, Lines: []invoice.Line{
		{Booking: bookings[0], Instalment: first, Kind: "balance", Description: "Lotte", Amount: 7000},
		{Booking: bookings[0], Instalment: second, Kind: "balance", Description: "Lotte", Amount: 7000}}})
	type stand struct {
		Status  invoice.Status
		NextDue string
		Age     int
		Figures invoice.Figures
	}
	look := func(day time.Time) stand {
		o.now = day
		inv := o.read(t, key)
		f, err := o.Figures(t.Context(), o.db)
		if err != nil {
			t.Fatal(err)
		}
		o.clean(t)
		return stand{inv.Status, inv.NextDue.String(), inv.Age(civil.Of(o.now)), f}
	}
	june := time.Date(2027, 6, 20, 9, 0, 0, 0, time.UTC)
	half := invoice.Aged{Count: 1, Open: 7000}
	if diff := cmp.Diff(stand{invoice.Overdue, "2027-06-05", 15, invoice.Figures{NotDue: half, Month: half}}, look(june)); diff != "" {
		t.Error("nothing paid:", diff)
	}
	o.pay(t, order, bookings[0], first, 7000)
	if diff := cmp.Diff(stand{invoice.Partly, "2027-07-05", 0, invoice.Figures{NotDue: half}}, look(june)); diff != "" {
		t.Error("first part paid:", diff)
	}
	if l, err := o.List(t.Context(), o.db, invoice.Query{Show: invoice.ShowOverdue}); err != nil || l.Count != 0 {
		t.Errorf("overdue: %d (%v)", l.Count, err)
	}
	if got := look(june.AddDate(0, 1, 0)); got.Status != invoice.Overdue || got.Age != 15 {
		t.Errorf("a month later: %+v", got)
	}
	o.pay(t, order, bookings[0], second, 7000)
	if diff := cmp.Diff(stand{Status: invoice.Paid}, look(june.AddDate(0, 2, 0))); diff != "" {
		t.Error("all paid:", diff)
	}
}
