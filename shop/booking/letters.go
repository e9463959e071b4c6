package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/bank"
	"joetz/shop/mail"
	"joetz/shop/memberprice"
	letters "joetz/templates/mail"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// BankAccount is the organiser's account that parents pay to.
type BankAccount struct {
	Holder string // as the bank knows it
	IBAN   bank.IBAN
	BIC    string
}

// PaymentCode is the text of the QR code for a transfer of amount for an order, as accounting has it written now.
func (s *Service) PaymentCode(ctx context.Context, amount money.Cents, comm bank.OGM) (string, error) {
	epc, err := s.Invoices.EPC(ctx, s.Now())
	if err != nil {
		return "", err
	}
	a := s.Account
	return epc.Payload(bank.EPCTransfer{Name: a.Holder, IBAN: a.IBAN, BIC: a.BIC, Amount: amount, Reference: comm.Digits()})
}

// OrderPath is the address of an order's page for its parent.
func OrderPath(order id.Order) string { return fmt.Sprintf("/mijn/bestelling/%d", order) }

// WritePlaced writes to the parent of a new order, or of one whose care was discussed. The invoice gets its number first,
// so that the PDF in the mail is the final one.
func (s *Service) WritePlaced(ctx context.Context, a PlacedArgs) error {
	if _, err := s.Invoices.Number(ctx); err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil {
		return err
	}
	in := letters.BookingConfirmed{
		FirstName: o.PayerFirstName(), Reference: o.Reference, TermsVersion: s.TermsVersion(ctx, o.PolicyHash), Path: OrderPath(o.ID), TermsPath: "/voorwaarden",
	}
	claims, err := memberprice.Of(ctx, s.DB, o.bookingIDs()...)
	if err != nil {
		return err
	}
	signed, err := s.Medical.SignedFor(ctx, o.Guardian, o.bookingIDs())
	if err != nil {
		return err
	}
	for _, b := range o.Bookings {
		if b.Active() {
			child := letterChild(b, claims[b.ID].Until)
			if done, sees := signed[b.ID]; sees && !done {
				child.FicheUntil = b.FicheUntil()
			}
			in.Children = append(in.Children, child)
			in.Total += b.Price + b.Extras + b.Premium
			in.Paid += b.Statement.Paid
		}
	}
	for _, d := range o.Due() {
		in.Schedule = append(in.Schedule, letters.Due{Kind: d.Kind, On: d.On, Amount: d.Amount, Paid: d.Open == 0})
	}
	pay, epc, err := s.transfer(ctx, o)
	if err != nil {
		return err
	}
	if o.PaymentMethod == "transfer" && o.Other.ID == 0 {
		in.Pay = pay
	}
	in.Payer = o.Other.Name
	var papers []id.Invoice
	if a.Invoice != 0 {
		papers = []id.Invoice{a.Invoice}
	}
	m, err := s.Outbox.BookingConfirmed(ctx, o.Addressee(), o.Lang, o.ID, in, epc, papers...)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

func letterChild(b Booking, until civil.Date) letters.Child {
	c := letters.Child{
		FirstName: b.FirstName, Holiday: b.Title, From: b.DepartsOn, To: b.EndsOn, Boarding: b.BoardingName, Category: string(b.Category),
		Price: b.Price, Extras: b.Extras, Premium: b.Premium, InReview: b.Status == "in_review",
	}
	if b.Evidence == memberprice.Awaited {
		c.ProofUntil = until
	}
	return c
}

// ficheDays is how many days before departure a fiche is wanted: the camp's team reads them in the last two weeks.
const ficheDays = 14

// FicheUntil is the day on which the fiche should be signed: two weeks before departure, or for who books later within three
// days, and never after the departure.
func (b Booking) FicheUntil() civil.Date {
	until := civil.Later(b.DepartsOn.AddDays(-ficheDays), b.BookedOn.AddDays(3))
	if until.After(b.DepartsOn) {
		return b.DepartsOn
	}
	return until
}

// WriteCancelled writes to the parent of a booking that ended: what it cost, why, and what comes back or is still due.
func (s *Service) WriteCancelled(ctx context.Context, a CancelledArgs) error {
	b, o, err := s.letterAbout(ctx, a.Booking)
	if err != nil {
		return err
	}
	on := civil.Of(*b.CancelledAt)
	t, err := s.termsOf(ctx, s.DB, b.PolicyHash)
	if err != nil {
		return err
	}
	facts := b.cancelFacts(on, Cancel{By: terms.ParseBy(b.CancelledBy), Claim: a.Premium > 0, Costs: a.Costs})
	facts.Paid, facts.DepositPaid = a.Paid, b.Covered || a.DepositPaid || a.Paid > 0 && a.Paid >= b.Deposit
	in := letters.BookingCancelled{
		FirstName: o.PayerFirstName(), Reference: o.Reference, Child: b.FirstName, Holiday: b.Title, From: b.DepartsOn, To: b.EndsOn, On: on,
		By: b.CancelledBy, Fee: a.Fee, Premium: a.Premium, Costs: a.Costs,
		Paid: a.Paid, Insured: b.Insured && a.Premium > 0, Path: OrderPath(o.ID),
	}
	kept, err := s.keptAtEnd(ctx, b)
	if err != nil {
		return err
	}
	for _, p := range kept {
		in.Kept = append(in.Kept, letters.KeptExtra{Name: p.Name(o.Lang), Amount: p.Kept})
		in.Costs -= p.Kept
	}
	for _, r := range tell(o.Lang, t.ExplainCancel(facts), in.Costs, kept) {
		in.Reasons = append(in.Reasons, r.Text)
	}
	if a.Refund > 0 {
		if in.Refund, err = s.letterRefund(ctx, o, a.Refund); err != nil {
			return err
		}
	}
	var epc string
	if a.Open > 0 {
		if in.Outstanding, epc, err = s.BankTransfer(ctx, o, a.Open, on.AddDays(14)); err != nil {
			return err
		}
	}
	papers, err := s.papersSince(ctx, *b.CancelledAt, b.ID)
	if err != nil {
		return err
	}
	m, err := s.Outbox.BookingCancelled(ctx, o.Addressee(), o.Lang, o.ID, in, epc, papers...)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

// letterAbout reads the booking that a letter is about, and its order. Documents that wait for their number get it first, so
// that they can go along.
func (s *Service) letterAbout(ctx context.Context, key id.Booking) (Booking, Order, error) {
	if _, err := s.Invoices.Number(ctx); err != nil {
		return Booking{}, Order{}, err
	}
	return s.bookingAndOrder(ctx, key)
}

func (s *Service) bookingAndOrder(ctx context.Context, key id.Booking) (Booking, Order, error) {
	b, err := s.BookingByID(ctx, key)
	if err != nil {
		return b, Order{}, err
	}
	o, err := s.OrderByID(ctx, b.Order)
	return b, o, err
}

// papersSince are the documents that bookings got from a change on, which go along with the letter about it: credit notes,
// the invoice of a fee, and those of a new booking.
func (s *Service) papersSince(ctx context.Context, since time.Time, bookings ...id.Booking) ([]id.Invoice, error) {
	var papers []id.Invoice
	for _, b := range bookings {
		documents, err := s.Invoices.OfBooking(ctx, s.DB, b)
		if err != nil {
			return nil, err
		}
		for _, d := range documents {
			if !d.CreatedAt.Before(since) {
				papers = append(papers, d.ID)
			}
		}
	}
	return papers, nil
}

func (s *Service) letterRefund(ctx context.Context, o Order, amount money.Cents) (letters.Refund, error) {
	refunds, err := s.Payments.RefundsOf(ctx, s.DB, o.ID)
	if err != nil || len(refunds) == 0 {
		return letters.Refund{Amount: amount}, err
	}
	last := refunds[len(refunds)-1]
	return letters.Refund{Amount: amount, Method: last.Method, DueOn: last.DueOn}, nil
}

// PaidArgs asks a job to thank a parent for a payment.
type PaidArgs struct {
	Order  id.Order    `json:"order"`
	Amount money.Cents `json:"amount"`
	On     civil.Date  `json:"on"`
	Method string      `json:"method"`
	Back   money.Cents `json:"back,omitempty"` // of it, on its way back: it came after the end
}

// Kind names the job.
func (PaidArgs) Kind() string { return "booking.paid" }

// WritePaid thanks a parent for a payment and says what is still open.
func (s *Service) WritePaid(ctx context.Context, a PaidArgs) error {
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil {
		return err
	}
	credit, err := s.Payments.CreditOf(ctx, s.DB, o.ID)
	if err != nil {
		return err
	}
	in := letters.PaymentReceived{FirstName: o.PayerFirstName(), Reference: o.Reference, Amount: a.Amount, On: a.On, Method: a.Method, Credit: credit, Back: a.Back, Path: OrderPath(o.ID)}
	for _, d := range o.Due() {
		in.Open += d.Open
		if d.Open > 0 && in.Next == nil {
			in.Next = &letters.Due{Kind: d.Kind, On: d.On, Amount: d.Open}
		}
	}
	m, err := s.Outbox.PaymentReceived(ctx, o.Addressee(), o.Lang, o.ID, in)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

// transfer is how to pay what an order asks first; nil when it asks nothing.
func (s *Service) transfer(ctx context.Context, o Order) (pay *letters.BankTransfer, epc string, err error) {
	for _, d := range o.Due() {
		if d.Open > 0 {
			return s.BankTransfer(ctx, o, d.Open, d.On)
		}
	}
	return nil, "", nil
}

// BankTransfer says how to pay an amount of an order by transfer, and the payload of its QR code.
func (s *Service) BankTransfer(ctx context.Context, o Order, amount money.Cents, by civil.Date) (pay *letters.BankTransfer, epc string, err error) {
	comm, err := bank.ParseOGM(o.StructuredComm)
	if err != nil {
		return nil, "", err
	}
	if epc, err = s.PaymentCode(ctx, amount, comm); err != nil {
		return nil, "", err
	}
	return &letters.BankTransfer{
		Payee: s.Account.Holder, IBAN: s.Account.IBAN.String(), Amount: amount, DueOn: by, Communication: comm.String(),
	}, epc, nil
}

// Post leaves a letter to the parent, and with it what its documents' other payers get.
func (s *Service) Post(ctx context.Context, m mail.Message) error {
	copies, err := s.payerCopies(ctx, m)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		for _, one := range append(copies, m) {
			if _, err := s.Outbox.EnqueueTx(ctx, tx, one); err != nil {
				return err
			}
		}
		return nil
	})
}
