package invoice

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// Show says which documents a list has.
type Show string

// What a list can show.
const (
	ShowOpen    Show = "open"    // anything still to pay
	ShowOverdue Show = "overdue" // of that, what is past its date
	ShowPaid    Show = "paid"
	ShowCredit  Show = "credit" // credit notes
	ShowAll     Show = "all"
)

// Sort says in which order a list is.
type Sort string

// The orders of a list.
const (
	ByDue    Sort = "due" // longest overdue first
	ByNumber Sort = "number"
	ByPayer  Sort = "payer"
	ByOpen   Sort = "open" // most open first
	ByTotal  Sort = "total"
)

// Query is what a list asks. Unknown values of Show and Sort are taken for the first of their kind.
type Query struct {
	Search string // number, order, structured communication, or a part of the payer's name
	Show   Show
	Sort   Sort
	Page   int // from 1
	Size   int // at most 200; 0 is 50
}

// List is one page of documents, and what is on all pages together.
type List struct {
	Invoices []Invoice
	Count    int
	Open     money.Cents
	Page     int
	Last     int // page
}

const pageSize = 50

// List is one page of documents, for accounting.
func (s *Service) List(ctx context.Context, q sqlx.QueryerContext, in Query) (List, error) {
	in.Search = strings.TrimSpace(in.Search)
	if in.Size < 1 || in.Size > 200 {
		in.Size = pageSize
	}
	in.Page = max(1, in.Page)
	today := civil.Of(s.Now())
	keys, count, open, err := listKeys(ctx, q, in, today)
	if err != nil {
		return List{}, err
	}
	if len(keys) == 0 && in.Page > 1 { // past the end: a link from when there were more
		in.Page = 1
		if keys, count, open, err = listKeys(ctx, q, in, today); err != nil {
			return List{}, err
		}
	}
	invoices, err := invoicesByID(ctx, q, keys, today)
	return List{Invoices: invoices, Count: count, Open: open, Page: in.Page, Last: max(1, (count+in.Size-1)/in.Size)}, err
}

// Aged is what is open in one stretch of age.
type Aged struct {
	Count int
	Open  money.Cents
}

// Figures is what is open, by age.
type Figures struct {
	NotDue Aged
	Month  Aged // overdue by 1 to 30 days
	Two    Aged // 31 to 60
	Older  Aged
}

// Overdue is all that is past its date.
func (f Figures) Overdue() Aged {
	return Aged{f.Month.Count + f.Two.Count + f.Older.Count, f.Month.Open + f.Two.Open + f.Older.Open}
}

// All is everything open.
func (f Figures) All() Aged {
	late := f.Overdue()
	return Aged{f.NotDue.Count + late.Count, f.NotDue.Open + late.Open}
}

// Figures sums what is open by age.
func (s *Service) Figures(ctx context.Context, q sqlx.QueryerContext) (Figures, error) {
	return figures(ctx, q, civil.Of(s.Now()))
}
