package bookingtest

import (
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/payments/paymentstest"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Others who pay in a parent's place.
var (
	Granny = booking.Payer{Name: "Oma Jansen", Email: "oma@example.be", Street: "Dorpsplein 3", PostalCode: "3500", City: "Hasselt", Country: "BE"}
	OCMW   = booking.Payer{Name: "OCMW Leuven", Email: "facturen@ocmw.example", Street: "A. Vesaliusstraat 47", PostalCode: "3000", City: "Leuven", Country: "BE",
		Enterprise: "BE 0123.456.749", Reference: "DOSSIER 77"}
)

// texts are the words of a language.
type texts string

func (t texts) T(key string, args ...any) string { return messages.T(string(t), key, args...) }

// NewWriting makes a shop that writes letters and papers.
func NewWriting(t testing.TB) *Shop {
	t.Helper()
	s := NewShop(t)
	s.Outbox = &mail.Outbox{From: mail.Address{Email: "info@example.be"}, Head: letters.Letterhead{Name: "JOETZ vzw", Brand: "JOETZ", Site: "http://shop", Email: "info@example.be"}, Now: s.Clock.Now}
	s.Account = booking.BankAccount{Holder: "JOETZ VZW", IBAN: "BE68539007547034", BIC: "KREDBEBB"}
	s.Invoices.Paper = invoice.Paper{Words: func(lang string) pdf.Words { return texts(lang) },
		Seller: pdf.Seller{Brand: "JOETZ", Name: "JOETZ vzw", Enterprise: "BE 0123.456.749", Email: "info@example.be", Payee: "JOETZ VZW", IBAN: "BE68 5390 0754 7034", BIC: "KREDBEBB"}}
	return s
}

// Owes books one child, for whom p pays (the zero Payer: the parent): a deposit of 50.00, asked on the day due.
func (s *Shop) Owes(g account.Guardian, leaves civil.Date, p booking.Payer) (order id.Order, due civil.Date) {
	s.T.Helper()
	token, err := s.Start(s.ctx(), s.Departure(3, leaves), 1)
	must(s.T, err)
	must(s.T, s.Fill(token, g, 1))
	if p.Name != "" {
		must(s.T, pg.InTx(s.ctx(), s.DB, func(tx *sqlx.Tx) error {
			return s.ChoosePayerTx(s.ctx(), tx, token, g.ID, booking.PayerChoice{Who: "new", New: p})
		}))
	}
	placed, err := s.Confirm(token, g, 1)
	must(s.T, err)
	must(s.T, s.DB.Get(&due, `SELECT min(due_on) FROM instalment WHERE order_id = $1`, placed.Order))
	return placed.Order, due
}

// Mailed lists kind and address of the mails about an order, sorted.
func (s *Shop) Mailed(order id.Order) (all []string) {
	s.T.Helper()
	must(s.T, s.DB.Select(&all, `SELECT kind || ' ' || to_address FROM mail WHERE order_id = $1 ORDER BY 1`, order))
	return all
}

// Says holds the one text that a query gives against what must stand in it.
func (s *Shop) Says(query, want string) {
	s.T.Helper()
	var got string
	must(s.T, s.DB.Get(&got, query))
	if !strings.Contains(got, want) {
		s.T.Errorf("%s says no %s", got, want)
	}
}

// Colleague makes a member of staff.
func (s *Shop) Colleague(name string) account.Identity {
	s.T.Helper()
	return account.Identity{StaffID: paymentstest.Staff(s.T, s.DB, name), Name: name, Lang: "nl"}
}
