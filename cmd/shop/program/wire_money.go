package program

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/books"
	"joetz/payments/export"
	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/payments/online"
	"joetz/payments/reconcile"
	"joetz/payments/sepa"
	"joetz/shop/accounting"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/circular"
	"joetz/shop/discount"
	"joetz/shop/dunning"
	"joetz/shop/evidence"
	"joetz/shop/extra"
	"joetz/shop/hooks"
	"joetz/shop/office"
	"joetz/shop/parent"
	"joetz/shop/proof"
	"joetz/shop/queue"
	"joetz/shop/waitroom"
	"joetz/templates/messages"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// words are the texts of an invoice in one language.
type words string

func (w words) T(key string, args ...any) string { return messages.T(string(w), key, args...) }

// wireBooking makes what a booking goes through: catalogue, care, money, and the booking itself.
func (p *Program) wireBooking() error {
	s := &p.Services
	iban, err := bank.ParseIBAN(account550.IBAN)
	if err != nil {
		return err
	}
	questions, err := questionnaire.Load()
	if err != nil {
		return err
	}
	s.Catalogue = &catalogue.Service{DB: p.DB.DB, Replica: p.DB.replica, Now: p.Now, Terms: catalogueTerms(), Fresh: time.Second}
	rules := medical.DefaultSettings
	rules.OfflineHours = p.cfg.OfflineHours
	s.Medical = &medical.Service{DB: p.DB.DB, Keys: s.Keys, Questions: questions, Settings: rules, Now: p.Now, Log: p.log}
	p.wireWatch()
	enqueue := func(ctx context.Context, tx *sqlx.Tx, args payments.JobArgs) error {
		return queue.InsertTx(ctx, tx, args)
	}
	s.Invoices = &invoice.Service{
		Now: p.Now, DB: p.DB.DB, Paper: invoice.Paper{Seller: seller(), Words: func(lang string) pdf.Words { return words(lang) }},
		Enqueue: enqueue,
	}
	s.Payments = &payments.Service{Now: p.Now, Invoices: s.Invoices, Enqueue: enqueue}
	s.Extras = &extra.Service{DB: p.DB.DB, Now: p.Now}
	s.Discounts = &discount.Service{DB: p.DB.DB, Now: p.Now}
	s.Evidence = &evidence.Service{DB: p.DB.DB, Keys: s.Keys, Now: p.Now}
	alone := money.Cents(p.cfg.GoodwillAlone) * 100
	s.Bookings = &booking.Service{
		DB: p.DB.DB, Now: p.Now, Terms: terms.JOETZ2027(), Catalogue: s.Catalogue, Accounts: s.Accounts, Payments: s.Payments,
		Invoices: s.Invoices, Medical: s.Medical, Outbox: s.Outbox,
		Evidence: s.Evidence, Discounts: s.Discounts, Extras: s.Extras,
		Account:       booking.BankAccount{Holder: account550.Payee, IBAN: iban, BIC: account550.BIC},
		GoodwillLimit: &alone,
	}
	s.Dunning = &dunning.Service{DB: p.DB.DB, Now: p.Now, Bookings: s.Bookings}
	s.Proofs = &proof.Service{DB: p.DB.DB, Now: p.Now, Bookings: s.Bookings}
	s.Bookings.MayUndo, s.Bookings.FreeUntil = p.decisions().MayUndo, p.decisions().FreeUntil
	p.wireWaitlist()
	s.Payments.Recorded = p.recordedTx
	s.Online = &online.Service{
		DB: p.DB.DB, Now: p.Now, Log: p.log, Gateway: s.Stripe, Payments: s.Payments, Enqueue: enqueue,
	}
	s.Bank = &reconcile.Service{DB: p.DB.DB, Payments: s.Payments, Payouts: s.payouts, RefundFile: sepa.RefundsIn, Accounts: []bank.IBAN{iban}, Now: p.Now}
	s.Books = &books.Service{DB: p.DB.DB, Now: p.Now, Perform: s.Bookings.Perform}
	s.Mails.Documents = s.Invoices
	return nil
}

// recordedTx is what follows from money: thanks, and after a transfer nobody should pay the same on line.
func (p *Program) recordedTx(ctx context.Context, tx *sqlx.Tx, receipts []payments.Receipt) error {
	if err := p.Services.Bookings.PaidTx(ctx, tx, receipts); err != nil {
		return err
	}
	var transferred []id.Order
	for _, r := range receipts {
		if r.Method == "transfer" {
			transferred = append(transferred, r.Order)
		}
	}
	if len(transferred) == 0 {
		return nil
	}
	return p.Services.Online.ExpireTx(ctx, tx, transferred...)
}

// payouts tells the bank's side what Stripe sent there.
func (s *Services) payouts(ctx context.Context, from, to civil.Date) ([]reconcile.Payout, error) {
	sent, err := s.Online.Payouts(ctx, from, to)
	var waiting []reconcile.Payout
	for _, p := range slices.Backward(sent) { // oldest first
		if p.Status == "paid" || p.Status == "in_transit" {
			waiting = append(waiting, reconcile.Payout{ID: p.ID, Amount: p.Amount})
		}
	}
	return waiting, err
}

func (p *Program) parentPages() *parent.Handlers {
	s := &p.Services
	return &parent.Handlers{
		DB: p.DB.DB, SiteURL: p.URL(), Accounts: s.Accounts, Bookings: s.Bookings, Proofs: s.Proofs, Catalogue: s.Catalogue, Payments: s.Payments,
		Invoices: s.Invoices, Online: s.Online, Medical: s.Medical, Family: p.Family(), Requests: p.requests(), Decisions: p.decisions(),
		Letters: p.Circulars(), Info: circular.InfoDefaults,
		Room: &waitroom.Service{DB: p.DB.DB, Now: p.Now, Settings: waitroom.DefaultSettings},
	}
}

func (p *Program) officePages() *office.Handlers {
	s := &p.Services
	return &office.Handlers{Discounts: s.Discounts, Extras: s.Extras, DB: p.DB.DB, Bookings: s.Bookings, Proofs: s.Proofs, Payments: s.Payments, Invoices: s.Invoices, Worklist: p.Worklist(), Watch: p.Services.Watch,
		Accounts: s.Accounts, Requests: p.requests(), Family: p.Family()}
}

func (p *Program) accountingPages() *accounting.Handlers {
	s := &p.Services
	return &accounting.Handlers{DB: p.DB.DB, Invoices: s.Invoices, Payments: s.Payments, Outbox: s.Outbox, Bank: s.Bank, Sample: p.sampleStatement(),
		Books: s.Books, Online: s.Online, Bookings: s.Bookings, Dunning: s.Dunning, Refunds: p.refundFiles(), Export: &export.Service{Books: s.Books, Invoices: s.Invoices, Bank: s.Bank}}
}

func (p *Program) hooks() *hooks.Handlers {
	return &hooks.Handlers{Online: p.Services.Online, Log: p.log}
}

// RefundLimit is the refund above which a second person agrees.
const RefundLimit = 500_00

// refundFiles pays refunds by transfer from the organiser's account.
func (p *Program) refundFiles() *sepa.Service {
	s := &p.Services
	return &sepa.Service{DB: p.DB.DB, Now: p.Now, Payments: s.Payments, Version: sepa.Pain09, Limit: RefundLimit, Changed: s.Bookings.RefundAccountChangedTx,
		Debtor: sepa.Debtor{Name: account550.Payee, IBAN: s.Bank.Accounts[0], BIC: account550.BIC, Enterprise: digits(organiser.Enterprise)}}
}

// digits leaves only the digits of a text.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
