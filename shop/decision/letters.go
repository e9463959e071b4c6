package decision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/booking"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Path is the address on which a family reads a decision about a booking.
func Path(item int64) string { return fmt.Sprintf("/mijn/besluit/%d", item) }

// Write writes one of the letters.
func (s *Service) Write(ctx context.Context, a LetterArgs) error {
	i, err := itemByID(ctx, s.DB, a.Item)
	if err != nil {
		return err
	}
	v, err := s.view(ctx, i)
	if err != nil {
		return err
	}
	o, err := s.Bookings.OrderByID(ctx, i.Order)
	if err != nil {
		return err
	}
	in := letters.Notice{Quote: v.Decision.Reason, Path: Path(i.ID)}
	b, by := v.Was, civil.Of(i.ChangedAt).AddDays(payments.RefundWithinDays)
	switch a.What {
	case Refunded:
		names, back, err := s.together(ctx, a, v)
		if err != nil {
			return err
		}
		if len(a.With) > 0 {
			in.Path = booking.OrderPath(o.ID)
		}
		in.Kind, in.Args = "decision_refunded", []any{letters.Names(o.Lang, names), b.Title, b.DepartsOn, back, by}
		if back == 0 {
			in.Kind = "decision_ended"
		}
	case "choose":
		in.Kind, in.Args = "decision_choose", []any{b.FirstName, b.Title, b.DepartsOn, civil.Of(*v.Decision.Until).AddDays(-1), v.Back}
		if v.Back == 0 {
			in.Kind, in.Args = "decision_choose_free", in.Args[:4]
		}
	case Moved:
		in.Kind, in.Args = "decision_moved", []any{b.FirstName, b.Title, v.Booking.Title, v.Booking.DepartsOn, i.ExitUntil}
	case Left:
		in.Kind, in.Args = "decision_left", []any{b.FirstName, v.Booking.Title, i.Amount, by}
		if i.Amount == 0 {
			in.Kind, in.Args = "decision_left_free", in.Args[:2]
		}
	case Raised:
		in.Kind, in.Args = "decision_raised", []any{b.FirstName, b.Title, i.Amount, civil.Of(i.ChangedAt).AddDays(payments.SupplementWithinDays), i.ExitUntil}
		if !i.ExitUntil.IsZero() {
			in.Kind = "decision_raised_exit"
		}
		in.Quote = strings.Join(slices.Concat([]string{v.Decision.Reason}, booking.Because(o.Lang, v.Why)), "\n\n")
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.Bookings.NoticeTx(ctx, tx, i.Order, in) })
}

// together are the children of whom one letter tells, and what goes back of all.
func (s *Service) together(ctx context.Context, a LetterArgs, first View) (names []string, back money.Cents, err error) {
	names, back = []string{first.Was.FirstName}, first.Item.Amount
	for _, item := range a.With {
		i, err := itemByID(ctx, s.DB, item)
		if err != nil {
			return nil, 0, err
		}
		b, err := s.Bookings.BookingByID(ctx, i.Booking)
		if err != nil {
			return nil, 0, err
		}
		names, back = append(names, b.FirstName), back+i.Amount
	}
	return names, back, nil
}
