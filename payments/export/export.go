// Package export writes what the accountant takes along: the journal as CSV or Excel, documents as UBL, the bank's own files.
//
// Owns: the shapes of these files. Tables: none.
// May import: terms, payments/books, payments/invoice, payments/reconcile, excelize.
// Always true: a journal adds up to zero per entry and in all, or it is not written; a cell that a spreadsheet would take
// for a formula is text; the same books give the same bytes.
package export

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"joetz/payments/books"
	"joetz/payments/invoice"
	"joetz/payments/reconcile"
	"joetz/terms/money"
)

// Service writes files.
type Service struct {
	Books    *books.Service
	Invoices *invoice.Service
	Bank     *reconcile.Service
}

// ErrUnbalanced is returned when the journal does not add up; shop fsck tells where.
var ErrUnbalanced = errors.New("export: the journal does not add up")

// byteOrder makes Excel read the file as UTF-8.
const byteOrder = "\uFEFF"

// Columns are the columns of the journal.
var Columns = []string{"datum", "stuk", "lijn", "journaal", "document", "rekening", "naam", "bestelling", "klant", "omschrijving", "debet", "credit", "boeking", "gebeurd op"}

// Journal writes the entries of a span as CSV: semicolons, decimal commas, a line per posting.
func (s *Service) Journal(ctx context.Context, w io.Writer, span books.Span) error {
	lines, err := s.lines(ctx, span)
	if err != nil {
		return err
	}
	rows := make([][]string, 0, len(lines)+1)
	rows = append(rows, Columns)
	for _, l := range lines {
		rows = append(rows, record(l))
	}
	return writeCSV(w, rows)
}

// lines are the lines of a span, which add up.
func (s *Service) lines(ctx context.Context, span books.Span) ([]books.Line, error) {
	lines, _, sum, err := s.Books.Lines(ctx, books.LineQuery{Span: span})
	if err != nil {
		return nil, err
	}
	if sum != 0 {
		return nil, ErrUnbalanced
	}
	entries := map[int64]money.Cents{}
	for _, l := range lines {
		entries[l.Entry] += l.Amount
	}
	for _, left := range entries {
		if left != 0 {
			return nil, ErrUnbalanced
		}
	}
	return lines, nil
}

func writeCSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, byteOrder); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// journals are the events of the ledger in the accountant's words.
var journals = map[string]string{
	"invoice": "factuur", "credit": "creditnota", "advance": "ontvangen voorschot", "payment": "ontvangst", "payment_fee": "betaalkosten", "allocation": "toewijzing",
	"refund": "terug te betalen", "refund_done": "terugbetaling", "refund_failed": "terugbetaling mislukt", "refund_returned": "terugbetaling teruggekomen",
	"withdrawal": "ontvangst weggenomen", "difference": "klein verschil", "performed": "vakantie ging door", "revision": "wijziging", "bank": "bank", "bank_placed": "bank geplaatst",
	"bank_unplaced": "bank losgemaakt", "bank_refund": "terugbetaling bank", "stripe_charge": "stripe ontvangst", "stripe_refund": "stripe terugbetaling",
	"stripe_refund_failure": "stripe terugbetaling mislukt", "stripe_dispute": "stripe betwisting", "stripe_dispute_reversal": "stripe betwisting gewonnen",
	"stripe_fee": "stripe kosten", "stripe_payout": "stripe uitbetaling", "stripe_payout_reversal": "stripe uitbetaling teruggekomen",
}

func journal(event string) string { return cmp.Or(journals[event], event) }

// record is one line of the journal as text.
func record(l books.Line) []string {
	happened := ""
	if !l.HappenedOn.IsZero() {
		happened = l.HappenedOn.String()
	}
	booking := ""
	if l.Booking != 0 {
		booking = strconv.FormatInt(int64(l.Booking), 10)
	}
	return []string{l.On.String(), strconv.FormatInt(l.Entry, 10), strconv.Itoa(l.Line), journal(l.Event), Plain(l.Document), l.Account, Plain(l.Name), Plain(l.Reference), Plain(l.Payer), Plain(l.Reason),
		amount(max(0, l.Amount)), amount(max(0, -l.Amount)), booking, happened}
}

// amount is "1234,50", empty for nothing.
func amount(c money.Cents) string {
	if c == 0 {
		return ""
	}
	return strings.Replace(c.String(), ".", ",", 1)
}

// Plain is text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it, and control
// characters are left out.
func Plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	if trimmed := strings.TrimLeft(text, " "); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", firstRune(trimmed)) {
		return "'" + text
	}
	return text
}

func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// Premiums writes the insurer's statement as CSV, without a name: the insurer knows bookings by their number.
func (s *Service) Premiums(ctx context.Context, w io.Writer, span books.Span) error {
	all, _, err := s.Books.PremiumsIn(ctx, span)
	if err != nil {
		return err
	}
	rows := [][]string{{"datum", "bestelling", "boeking", "vakantie", "van", "tot", "prijs", "premie"}}
	for _, x := range all {
		rows = append(rows, []string{x.On.String(), x.Ref, strconv.FormatInt(int64(x.Booking), 10), Plain(x.Code), x.StartsOn.String(), x.EndsOn.String(),
			signed(x.Price), signed(x.Amount)})
	}
	return writeCSV(w, rows)
}

func signed(c money.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }
