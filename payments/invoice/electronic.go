package invoice

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice/ubl"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// UBL is the document as UBL 2.1 XML, the same bytes at every call, and the name of its file.
func (s *Service) UBL(ctx context.Context, key id.Invoice) (raw []byte, filename string, err error) {
	inv, err := s.numbered(ctx, key)
	if err != nil {
		return nil, "", err
	}
	doc, err := s.document(ctx, inv)
	if err != nil {
		return nil, "", err
	}
	email, err := payerEmail(ctx, s.DB, key)
	if err != nil {
		return nil, "", err
	}
	raw, err = ubl.Render(ubl.Document{Document: doc, BuyerEmail: email}, s.Paper.Seller)
	return raw, inv.Number + ".xml", err
}

// IssuedIn lists the numbered documents of a stretch of days, both included, in the order of their numbers.
func (s *Service) IssuedIn(ctx context.Context, from, to civil.Date) ([]id.Invoice, error) {
	return issuedIn(ctx, s.DB, from, to)
}

// OpenDay is what is open of some documents on one day.
type OpenDay struct {
	DueOn civil.Date  `db:"due_on"`
	Open  money.Cents `db:"open_cents"`
}

// OpenDays says when what is open of these documents falls due, the first day first; empty when nothing is open.
func (s *Service) OpenDays(ctx context.Context, q sqlx.QueryerContext, documents ...id.Invoice) ([]OpenDay, error) {
	return openDays(ctx, q, documents)
}

// OpenOn lists the documents of an order of which something is open that falls due on that day, with their lines; Open and
// NextDue are of that day only.
func (s *Service) OpenOn(ctx context.Context, q sqlx.QueryerContext, order id.Order, due civil.Date) ([]Invoice, error) {
	rows, err := openOn(ctx, q, order, due)
	if err != nil {
		return nil, err
	}
	all := make([]Invoice, len(rows))
	for i, r := range rows {
		if all[i], err = s.ByID(ctx, q, r.Invoice); err != nil {
			return nil, err
		}
		all[i].Open, all[i].NextDue = r.Open, due
	}
	return all, nil
}
