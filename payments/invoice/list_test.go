package invoice_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/invoice"
	"joetz/terms/id"
	"joetz/terms/money"
)

func TestList(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	late, payLate := o.simple(t, "deposit", "2027-01-10", 7500)
	later, _ := o.simple(t, "balance", "2027-01-20", 14000)
	due, _ := o.simple(t, "deposit", "2027-02-15", 5000)
	paid, pay := o.simple(t, "deposit", "2027-01-05", 7500)
	credit, _ := o.simple(t, "credit", "2027-02-01", -7500)
	pay(7500)
	payLate(2500)
	if _, err := o.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	dueInvoice := o.read(t, due)
	for _, c := range []struct {
		name  string
		query invoice.Query
		want  []id.Invoice
		open  money.Cents
	}{
		{"open, longest overdue first", invoice.Query{}, []id.Invoice{late, later, due}, 24000},
		{"overdue", invoice.Query{Show: invoice.ShowOverdue}, []id.Invoice{late, later}, 19000},
		{"most open first", invoice.Query{Sort: invoice.ByOpen}, []id.Invoice{later, late, due}, 24000},
		{"paid", invoice.Query{Show: invoice.ShowPaid}, []id.Invoice{paid}, 0},
		{"credit notes", invoice.Query{Show: invoice.ShowCredit}, []id.Invoice{credit}, 0},
		{"all, by total", invoice.Query{Show: invoice.ShowAll, Sort: invoice.ByTotal}, []id.Invoice{later, paid, late, due, credit}, 24000},
		{"by number", invoice.Query{Show: invoice.ShowAll, Sort: invoice.ByNumber}, []id.Invoice{credit, later, paid, due, late}, 24000},
		{"number", invoice.Query{Search: "vv-2027-00002"}, []id.Invoice{due}, 5000},
		{"number of a paid one among the open", invoice.Query{Search: "VV-2027-00003"}, nil, 0},
		{"communication", invoice.Query{Search: "+++" + dueInvoice.Communication[:3] + "/" + dueInvoice.Communication[3:7] + "/" + dueInvoice.Communication[7:] + "+++"}, []id.Invoice{due}, 5000},
		{"reference", invoice.Query{Search: dueInvoice.Reference}, []id.Invoice{due}, 5000},
		{"part of a name", invoice.Query{Search: " den böl "}, []id.Invoice{late, later, due}, 24000},
		{"a sign that means something to SQL", invoice.Query{Search: "%"}, nil, 0},
		{"a quote", invoice.Query{Search: "' OR '1'='1"}, nil, 0},
		{"unknown order and kind", invoice.Query{Show: "x", Sort: "x; DROP TABLE invoice"}, []id.Invoice{late, later, due}, 24000},
		{"a page past the end", invoice.Query{Page: 9}, []id.Invoice{late, later, due}, 24000},
	} {
		got, err := o.List(t.Context(), o.db, c.query)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var keys []id.Invoice
		for _, i := range got.Invoices {
			keys = append(keys, i.ID)
		}
		if diff := cmp.Diff(c.want, keys); diff != "" || got.Open != c.open || got.Count != len(c.want) {
			t.Errorf("%s: open %v, count %d\n%s", c.name, got.Open, got.Count, diff)
		}
	}
	o.clean(t)
}

func TestListPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var want []id.Invoice
	for range 7 {
		key, _ := o.simple(t, "deposit", "2027-02-15", 7500)
		want = append(want, key)
	}
	var got []id.Invoice
	for page := range 3 {
		l, err := o.List(t.Context(), o.db, invoice.Query{Page: page + 1, Size: 3})
		if err != nil || l.Last != 3 || l.Count != 7 || l.Open != 52500 {
			t.Fatalf("page %d: %+v (%v)", page+1, l, err)
		}
		for _, i := range l.Invoices {
			got = append(got, i.ID)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages: got %v, want %v", got, want)
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	o := newOffice(t) // 1 February 2027
	for due, amount := range map[string]money.Cents{"2027-02-01": 100, "2027-03-01": 200, "2027-01-31": 1000, "2027-01-02": 2000,
		"2027-01-01": 10000, "2026-12-03": 20000, "2026-12-02": 100000} {
		o.simple(t, "deposit", due, amount)
	}
	got, err := o.Figures(t.Context(), o.db)
	if err != nil {
		t.Fatal(err)
	}
	want := invoice.Figures{NotDue: invoice.Aged{Count: 2, Open: 300}, Month: invoice.Aged{Count: 2, Open: 3000},
		Two: invoice.Aged{Count: 2, Open: 30000}, Older: invoice.Aged{Count: 1, Open: 100000}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if late := got.Overdue(); late.Count != 5 || late.Open != 133000 {
		t.Errorf("overdue: %+v", late)
	}
	if all := got.All(); all.Count != 7 || all.Open != 133300 {
		t.Errorf("all: %+v", all)
	}
}
