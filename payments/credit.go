package payments

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// note is what one payer is credited.
type note struct {
	payer  invoice.Payer
	amount money.Cents
	parts  []id.Instalment // that asked it
}

// notesTx says to whom an amount that was asked by these parts is credited: to each payer what was addressed to them, the
// newest first, whoever pays the order by now. What no part explains goes to fallback.
func (s *Service) notesTx(ctx context.Context, tx *sqlx.Tx, asked []instalmentRow, amount money.Cents, fallback invoice.Payer) ([]note, error) {
	ids := make([]id.Instalment, len(asked))
	for n, i := range asked {
		ids[n] = i.ID
	}
	payers, err := invoice.PayersTx(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var notes []note
	add := func(p invoice.Payer, part money.Cents, of ...id.Instalment) {
		at := slices.IndexFunc(notes, func(n note) bool { return n.payer == p })
		if at < 0 {
			at, notes = len(notes), append(notes, note{payer: p})
		}
		notes[at].amount += part
		notes[at].parts = append(notes[at].parts, of...)
	}
	left := amount
	for _, i := range slices.Backward(asked) {
		if p, ok := payers[i.ID]; ok && i.Kind != "fee" && left > 0 {
			add(p, min(left, i.Amount), i.ID)
			left -= min(left, i.Amount)
		}
	}
	if left != 0 {
		add(fallback, left)
	}
	return slices.DeleteFunc(notes, func(n note) bool { return n.amount <= 0 }), nil
}

// voided is what makes way of one booking's schedule.
type voided struct {
	booking     id.Booking
	description string
	parts       []instalmentRow
	about       string // why, where the kind of a part does not say it
}

// credited is what a payer is credited of one booking.
type credited struct {
	instalmentRow
	description string
	about       string
}

// credits are the credit notes of one event while they are written: one for each payer, over all bookings.
type credits struct {
	order  id.Order
	reason string
	turns  []*creditNote
}

type creditNote struct {
	payer invoice.Payer
	lines []invoice.Line
	parts []id.Instalment // that it takes back
	entry ledger.Entry
}

// of is the note of a payer.
func (c *credits) of(p invoice.Payer) *creditNote {
	at := slices.IndexFunc(c.turns, func(n *creditNote) bool { return n.payer == p })
	if at < 0 {
		at, c.turns = len(c.turns), append(c.turns, &creditNote{payer: p})
	}
	return c.turns[at]
}

// issueTx writes the credit notes and books them.
func (s *Service) issueTx(ctx context.Context, tx *sqlx.Tx, c credits) (notes []id.Invoice, err error) {
	now := s.Now()
	today := civil.Of(now)
	for _, n := range c.turns {
		note, err := s.Invoices.CreateTx(ctx, tx, invoice.New{Order: c.order, Kind: "credit", IssuedOn: today, DueOn: today, Payer: n.payer, Lines: n.lines, Corrects: n.parts})
		if err != nil {
			return notes, err
		}
		notes = append(notes, note)
		entry := n.entry
		entry.Event, entry.SourceSystem, entry.SourceID, entry.On, entry.Order, entry.Reason = "credit", "shop", fmt.Sprint(note), today, c.order, c.reason
		if _, err := ledger.PostTx(ctx, tx, now, entry); err != nil {
			return notes, err
		}
	}
	return notes, nil
}

// addPartsTx adds to the credit notes the parts that were invoiced and are void now: to each payer what was addressed to them;
// fallback is the payer where no document says. They are booked off where they stood.
func (s *Service) addPartsTx(ctx context.Context, tx *sqlx.Tx, notes *credits, fallback Payer, all ...voided) error {
	var void []credited
	var ids []id.Instalment
	for _, v := range all {
		for _, i := range v.parts {
			if i.Invoiced {
				void, ids = append(void, credited{i, v.description, cmp.Or(v.about, aboutFee(i.Kind))}), append(ids, i.ID)
			}
		}
	}
	if len(void) == 0 {
		return nil
	}
	payers, err := invoice.PayersTx(ctx, tx, ids)
	if err != nil {
		return err
	}
	var turns []invoice.Payer
	parts := map[invoice.Payer][]credited{}
	off := map[id.Booking]*bookOff{}
	for _, i := range void {
		p, ok := payers[i.ID]
		if !ok {
			p = invoice.Payer(fallback)
		}
		if parts[p] == nil {
			turns = append(turns, p)
		}
		parts[p] = append(parts[p], i)
		if off[i.Booking] == nil {
			if off[i.Booking], err = bookOffOf(ctx, tx, i.Booking); err != nil {
				return err
			}
		}
	}
	for _, p := range turns {
		if err := notes.of(p).add(parts[p], off); err != nil {
			return err
		}
	}
	return nil
}

// bookOff is where a booking's money stands in the books while its credit notes are booked off, one after another.
type bookOff struct {
	stands  map[ledger.Account]money.Cents
	premium money.Cents // booked for the insurer, and not charged any more
}

func bookOffOf(ctx context.Context, tx *sqlx.Tx, booking id.Booking) (*bookOff, error) {
	stands, err := ledger.BookingBalances(ctx, tx, booking)
	if err != nil {
		return nil, err
	}
	unbooked, err := premiumUnbooked(ctx, tx, booking)
	return &bookOff{stands: stands, premium: max(0, -unbooked)}, err
}

func (b *bookOff) take(entry *ledger.Entry, booking id.Booking, from ledger.Account, most, wanted money.Cents) (left money.Cents) {
	part := max(0, min(wanted, most, -b.stands[from]))
	entry.Move(from, ledger.Customers, part, booking)
	b.stands[from] += part
	return wanted - part
}

// credit adds to the entry of a credit note what it takes off one booking: fees off the fees, the rest off the advances;
// first of all what the insurer has of a premium that is not charged any more. It returns what the books lack.
func (b *bookOff) credit(entry *ledger.Entry, booking id.Booking, fees, others money.Cents) (lacking money.Cents) {
	feesLeft := b.take(entry, booking, ledger.Insurer, b.premium, fees)
	b.premium -= fees - feesLeft
	feesLeft = b.take(entry, booking, ledger.FeeRevenue, feesLeft, feesLeft)
	wanted := others + feesLeft
	others = b.take(entry, booking, ledger.Insurer, b.premium, wanted)
	b.premium -= wanted - others
	for _, from := range []ledger.Account{ledger.AdvancesInvoiced, ledger.AdvancesReceived, ledger.Insurer, ledger.FeeRevenue} {
		others = b.take(entry, booking, from, others, others)
	}
	return others
}

// add puts parts on a credit note, and books them off.
func (n *creditNote) add(parts []credited, off map[id.Booking]*bookOff) error {
	fees, others := map[id.Booking]money.Cents{}, map[id.Booking]money.Cents{}
	var bookings []id.Booking
	for _, i := range parts {
		n.parts = append(n.parts, i.ID)
		n.lines = append(n.lines, invoice.Line{Booking: i.Booking, Kind: "credit", Description: i.description, About: i.about, Amount: -i.Amount})
		if !slices.Contains(bookings, i.Booking) {
			bookings = append(bookings, i.Booking)
		}
		if i.Kind == "fee" {
			fees[i.Booking] += i.Amount
		} else {
			others[i.Booking] += i.Amount
		}
	}
	for _, b := range bookings {
		if lacking := off[b].credit(&n.entry, b, fees[b], others[b]); lacking != 0 {
			return fmt.Errorf("payments: credit note on booking %d: the books lack %v", b, lacking)
		}
	}
	return nil
}

// levelTx brings a booking's accounts to where its charges and its money say they stand: the insurer gets the premium that is
// charged, as far as it was invoiced; of the rest, what is paid is received advance. A revision that only swaps charges, or
// gives money back, moves them without any document.
func (s *Service) levelTx(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, reason string) error {
	rows, err := s.rowsOf(ctx, tx, order, booking)
	if err != nil {
		return err
	}
	var paid money.Cents
	allAsked := true
	for _, i := range rows {
		allAsked = allAsked && i.Invoiced
		if i.Kind != "fee" {
			paid += i.Allocated
		}
	}
	stands, err := ledger.BookingBalances(ctx, tx, booking)
	if err != nil {
		return err
	}
	unbooked, err := premiumUnbooked(ctx, tx, booking)
	if err != nil {
		return err
	}
	advance := -stands[ledger.AdvancesInvoiced] - stands[ledger.AdvancesReceived]
	more := min(unbooked, advance) // for the insurer; negative: too much
	if more > 0 && !allAsked {
		more = 0
	}
	received := max(0, min(paid, advance-more))
	entry := ledger.Entry{Event: "revision", SourceSystem: "shop", On: civil.Of(s.Now()), Order: order, Reason: reason}
	entry.Move(ledger.AdvancesInvoiced, ledger.Insurer, more, booking)
	entry.Move(ledger.AdvancesInvoiced, ledger.AdvancesReceived, received+stands[ledger.AdvancesReceived], booking)
	if len(entry.Postings) == 0 {
		return nil
	}
	nth, err := ledger.CountOf(ctx, tx, order)
	if err != nil {
		return err
	}
	entry.SourceID = fmt.Sprintf("%d/%d", order, nth) // the order is locked: its entries are counted once
	_, err = ledger.PostTx(ctx, tx, s.Now(), entry)
	return err
}

// insureTx is levelTx for bookings whose premium no later part will carry: a low price can be all in the deposit.
func (s *Service) insureTx(ctx context.Context, tx *sqlx.Tx, order id.Order, bookings ...id.Booking) error {
	for _, b := range bookings {
		unbooked, err := premiumUnbooked(ctx, tx, b)
		if err != nil {
			return err
		}
		if unbooked <= 0 {
			continue
		}
		if err := s.levelTx(ctx, tx, order, b, ""); err != nil {
			return err
		}
	}
	return nil
}
