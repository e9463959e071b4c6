package proof

import (
	"context"

	"joetz/shop/booking"
	"joetz/shop/memberprice"
	letters "joetz/templates/mail"
	"joetz/terms/id"
	"joetz/terms/money"
)

// LetterArgs asks a job to write to a parent about a proof.
type LetterArgs struct {
	Booking id.Booking   `json:"booking"`
	What    string       `json:"what"` // reminder, late, accepted, refused, again or base
	Reason  string       `json:"reason,omitempty"`
	Words   string       `json:"words,omitempty"`
	From    money.Cents  `json:"from,omitempty"` // the price before and after
	To      money.Cents  `json:"to,omitempty"`
	Refund  money.Cents  `json:"refund,omitempty"`
	Open    money.Cents  `json:"open,omitempty"`
	Papers  []id.Invoice `json:"papers,omitempty"`
}

// Kind names the job.
func (LetterArgs) Kind() string { return "booking.proof_letter" }

// Write writes to the parent about a proof: what was decided or is asked, why, on which clause, and what is due when.
func (s *Service) Write(ctx context.Context, a LetterArgs) error {
	if len(a.Papers) > 0 { // so that the PDF in the mail is the final one
		if _, err := s.Bookings.Invoices.Number(ctx); err != nil {
			return err
		}
	}
	c, err := s.ByID(ctx, a.Booking)
	if err != nil {
		return err
	}
	b, o := c.Booking, c.Order
	t, err := s.Bookings.TermsOf(ctx, b.PolicyHash)
	if err != nil {
		return err
	}
	in := letters.Proof{
		What: a.What, FirstName: o.PayerFirstName(), Reference: o.Reference, Child: b.FirstName, Holiday: b.Title, From: b.DepartsOn, To: b.EndsOn,
		Category: string(c.Claim.Category), Until: c.Claim.Until, Reason: a.Reason, Words: a.Words, Old: a.From, New: a.To, Refund: a.Refund,
		Papers: len(a.Papers), Path: memberprice.Path(b.ID),
	}
	clause := t.Clause("member_price")
	in.Clause, in.ClauseWords = clause.Title, clause.Words
	var epc string
	if a.From != a.To && a.What != "late" {
		in.Path = booking.OrderPath(o.ID)
		has, err := s.Bookings.Discounts.OfBooking(ctx, s.DB, b.ID)
		if err != nil {
			return err
		}
		for _, g := range has {
			in.Discounts = append(in.Discounts, letters.KeptExtra{Name: g.Name(o.Lang), Amount: g.Off})
		}
		for _, part := range b.Statement.Parts {
			in.Schedule = append(in.Schedule, letters.Due{Kind: part.Kind, On: part.DueOn, Amount: part.Amount, Paid: part.Open() == 0})
			if part.Kind == "supplement" && part.Open() > 0 {
				if in.Pay, epc, err = s.Bookings.BankTransfer(ctx, o, part.Open(), part.DueOn); err != nil {
					return err
				}
			}
		}
	}
	m, err := s.Bookings.Outbox.Proof(ctx, o.Addressee(), o.Lang, o.ID, in, epc, a.Papers...)
	if err != nil {
		return err
	}
	return s.Bookings.Post(ctx, m)
}
