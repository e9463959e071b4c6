package booking

import (
	"context"

	letters "joetz/templates/mail"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ProofLetterArgs asks a job to write to a parent about a proof.
type ProofLetterArgs struct {
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
func (ProofLetterArgs) Kind() string { return "booking.proof_letter" }

// WriteProof writes to the parent about a proof: what was decided or is asked, why, on which clause, and what is due when.
func (s *Service) WriteProof(ctx context.Context, a ProofLetterArgs) error {
	if len(a.Papers) > 0 { // so that the PDF in the mail is the final one
		if _, err := s.Invoices.Number(ctx); err != nil {
			return err
		}
	}
	c, err := s.ProofByID(ctx, a.Booking)
	if err != nil {
		return err
	}
	b := c.Booking
	t, err := s.termsOf(ctx, s.DB, b.PolicyHash)
	if err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, b.Order)
	if err != nil {
		return err
	}
	in := letters.Proof{
		What: a.What, FirstName: o.PayerFirstName(), Reference: o.Reference, Child: b.FirstName, Holiday: b.Title, From: b.DepartsOn, To: b.EndsOn,
		Category: string(c.Proof.Category), Until: c.Proof.Until, Reason: a.Reason, Words: a.Words, Old: a.From, New: a.To, Refund: a.Refund,
		Papers: len(a.Papers), Path: ProofPath(b.ID),
	}
	clause := t.Clause("member_price")
	in.Clause, in.ClauseWords = clause.Title, clause.Words
	var epc string
	if a.From != a.To && a.What != "late" {
		in.Path = OrderPath(o.ID)
		has, err := s.Discounts.OfBooking(ctx, s.DB, b.ID)
		if err != nil {
			return err
		}
		for _, g := range has {
			in.Discounts = append(in.Discounts, letters.KeptExtra{Name: g.Name(o.Lang), Amount: g.Off})
		}
		for _, part := range b.Statement.Parts {
			in.Schedule = append(in.Schedule, letters.Due{Kind: part.Kind, On: part.DueOn, Amount: part.Amount, Paid: part.Open() == 0})
			if part.Kind == "supplement" && part.Open() > 0 {
				if in.Pay, epc, err = s.BankTransfer(ctx, o, part.Open(), part.DueOn); err != nil {
					return err
				}
			}
		}
	}
	m, err := s.Outbox.Proof(ctx, o.Addressee(), o.Lang, o.ID, in, epc, a.Papers...)
	if err != nil {
		return err
	}
	return s.post(ctx, m)
}
