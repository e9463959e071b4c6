package main

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
	"joetz/shop/evidence"
	"joetz/shop/extra"
	"joetz/shop/hooks"
	"joetz/shop/office"
	"joetz/shop/parent"
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
func (p *program) wireBooking() error {
	s := &p.services
	iban, err := bank.ParseIBAN(account550.IBAN)
	if err != nil {
		return err
	}
	questions, err := questionnaire.Load()
	if err != nil {
		return err
	}
	s.catalogue = &catalogue.Service{DB: p.db.DB, Replica: p.db.replica, Now: p.now, Terms: catalogueTerms(), Fresh: time.Second}
	rules := medical.DefaultSettings
	rules.OfflineHours = p.cfg.OfflineHours
	s.medical = &medical.Service{DB: p.db.DB, Keys: s.keys, Questions: questions, Settings: rules, Now: p.now, Log: p.log}
	p.wireWatch()
	enqueue := func(ctx context.Context, tx *sqlx.Tx, args payments.JobArgs) error {
		return queue.InsertTx(ctx, tx, args)
	}
	s.invoices = &invoice.Service{
		Now: p.now, DB: p.db.DB, Paper: invoice.Paper{Seller: seller(), Words: func(lang string) pdf.Words { return words(lang) }},
		Enqueue: enqueue,
	}
	s.payments = &payments.Service{Now: p.now, Invoices: s.invoices, Enqueue: enqueue}
	s.extras = &extra.Service{DB: p.db.DB, Now: p.now}
	s.discounts = &discount.Service{DB: p.db.DB, Now: p.now}
	s.evidence = &evidence.Service{DB: p.db.DB, Keys: s.keys, Now: p.now}
	alone := money.Cents(p.cfg.GoodwillAlone) * 100
	s.bookings = &booking.Service{
		DB: p.db.DB, Now: p.now, Terms: terms.JOETZ2027(), Catalogue: s.catalogue, Accounts: s.accounts, Payments: s.payments,
		Invoices: s.invoices, Medical: s.medical, Outbox: s.outbox,
		Evidence: s.evidence, Discounts: s.discounts, Extras: s.extras,
		Account:       booking.BankAccount{Holder: account550.Payee, IBAN: iban, BIC: account550.BIC},
		GoodwillLimit: &alone,
	}
	s.bookings.MayUndo = p.decisions().MayUndo
	p.wireWaitlist()
	s.payments.Recorded = p.recordedTx
	s.online = &online.Service{
		DB: p.db.DB, Now: p.now, Log: p.log, Gateway: s.stripe, Payments: s.payments, Enqueue: enqueue,
	}
	s.bank = &reconcile.Service{DB: p.db.DB, Payments: s.payments, Payouts: s.payouts, Accounts: []bank.IBAN{iban}, Now: p.now}
	s.books = &books.Service{DB: p.db.DB, Now: p.now, Perform: s.bookings.Perform}
	s.mails.Documents = s.invoices
	return nil
}

// recordedTx is what follows from money: thanks, and after a transfer nobody should pay the same on line.
func (p *program) recordedTx(ctx context.Context, tx *sqlx.Tx, receipts []payments.Receipt) error {
	if err := p.services.bookings.PaidTx(ctx, tx, receipts); err != nil {
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
	return p.services.online.ExpireTx(ctx, tx, transferred...)
}

// payouts tells the bank's side what Stripe sent there.
func (s *services) payouts(ctx context.Context, from, to civil.Date) ([]reconcile.Payout, error) {
	sent, err := s.online.Payouts(ctx, from, to)
	var waiting []reconcile.Payout
	for _, p := range slices.Backward(sent) { // oldest first
		if p.Status == "paid" || p.Status == "in_transit" {
			waiting = append(waiting, reconcile.Payout{ID: p.ID, Amount: p.Amount})
		}
	}
	return waiting, err
}

func (p *program) parentPages() *parent.Handlers {
	s := &p.services
	return &parent.Handlers{
		DB: p.db.DB, SiteURL: p.URL(), Accounts: s.accounts, Bookings: s.bookings, Catalogue: s.catalogue, Payments: s.payments,
		Invoices: s.invoices, Online: s.online, Medical: s.medical, Family: p.family(), Requests: p.requests(), Decisions: p.decisions(),
		Letters: p.circulars(), Info: circular.InfoDefaults,
		Room: &waitroom.Service{DB: p.db.DB, Now: p.now, Settings: waitroom.DefaultSettings},
	}
}

func (p *program) officePages() *office.Handlers {
	s := &p.services
	return &office.Handlers{Discounts: s.discounts, Extras: s.extras, DB: p.db.DB, Bookings: s.bookings, Payments: s.payments, Invoices: s.invoices, Worklist: p.worklist(), Watch: p.services.watch,
		Accounts: s.accounts, Requests: p.requests(), Family: p.family()}
}

func (p *program) accountingPages() *accounting.Handlers {
	s := &p.services
	return &accounting.Handlers{DB: p.db.DB, Invoices: s.invoices, Payments: s.payments, Outbox: s.outbox, Bank: s.bank, Sample: p.sampleStatement(),
		Books: s.books, Online: s.online, Bookings: s.bookings, Refunds: p.refundFiles(), Export: &export.Service{Books: s.books, Invoices: s.invoices, Bank: s.bank}}
}

func (p *program) hooks() *hooks.Handlers {
	return &hooks.Handlers{Online: p.services.online, Log: p.log}
}

// refundLimit is the refund above which a second person agrees.
const refundLimit = 500_00

// refundFiles pays refunds by transfer from the organiser's account.
func (p *program) refundFiles() *sepa.Service {
	s := &p.services
	return &sepa.Service{DB: p.db.DB, Now: p.now, Payments: s.payments, Version: sepa.Pain09, Limit: refundLimit, Changed: s.bookings.RefundAccountChangedTx,
		Debtor: sepa.Debtor{Name: account550.Payee, IBAN: s.bank.Accounts[0], BIC: account550.BIC, Enterprise: digits(organiser.Enterprise)}}
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
