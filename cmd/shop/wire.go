package main

import (
	"context"
	"time"

	"joetz/medical"
	"joetz/medical/seal"
	"joetz/payments"
	"joetz/payments/books"
	"joetz/payments/invoice"
	"joetz/payments/online"
	"joetz/payments/reconcile"
	"joetz/payments/stripegw"
	"joetz/shop"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/evidence"
	"joetz/shop/extra"
	"joetz/shop/mail"
	"joetz/shop/seed"
	"joetz/shop/throttle"
	"joetz/shop/waitlist"
	"joetz/shop/watch"
	"joetz/shop/web"

	"github.com/jmoiron/sqlx"
)

// services are the parts between the database and the pages.
type services struct {
	waitlist *waitlist.Service
	keys     *seal.Keyring
	stripe   *stripegw.Gateway
	outbox   *mail.Outbox
	mails    *mail.Sender
	accounts *account.Service

	catalogue *catalogue.Service
	medical   *medical.Service
	watch     *watch.Service
	invoices  *invoice.Service
	payments  *payments.Service
	bookings  *booking.Service
	evidence  *evidence.Service
	discounts *discount.Service
	extras    *extra.Service
	online    *online.Service
	bank      *reconcile.Service
	books     *books.Service
}

// wire builds services, jobs and pages from the bottom up.
func (p *program) wire(ctx context.Context) error {
	if !p.cfg.production() { // the seed sets the clock back while it tells its stories
		p.trial.clock = seed.NewClock(p.now)
		p.now = p.trial.clock.Now
	}
	cookies, err := p.cfg.cookieKey()
	if err != nil {
		return err
	}
	if err := p.wireServices(ctx, cookies); err != nil {
		return err
	}
	if err := p.wireBooking(); err != nil {
		return err
	}
	if again, err := reapplyTombstones(ctx, p.services.medical, p.cfg.Tombstones); err != nil {
		return err
	} else if again > 0 {
		p.log.WarnContext(ctx, "an older database was put back: fiches were wiped again", "number", again)
	}
	p.runners = p.jobs()
	if err := p.fill(ctx); err != nil {
		return err
	}
	pages, err := p.pages(cookies)
	if err != nil {
		return err
	}
	pages.Parent.Waitlist, pages.Office.Waitlist = p.services.waitlist, p.services.waitlist
	if p.app, err = shop.New(pages); err != nil {
		return err
	}
	p.app.Server().CloseOnShutdown = true // so that a browser does not send its next request into a stopping shop
	return nil
}

// pages are the handlers of every route.
func (p *program) pages(cookies []byte) (pages shop.Config, err error) {
	pages = shop.Config{
		Web: p.web(cookies), Ready: p.ready, Public: p.public(), Parent: p.parentPages(), Office: p.officeDays(p.officePages()), Change: p.changePages(), Animator: p.animatorPages(),
		Accounting: p.accountingPages(),
		Hooks:      p.hooks(), Demo: p.demoPages(), StandIn: p.standInPages(),
	}
	pages.Offer = p.offerPages()
	pages.Decide = p.decidePages()
	pages.SignIn, err = p.signIn()
	return pages, err
}

func (p *program) wireServices(ctx context.Context, cookies []byte) (err error) {
	s := &p.services
	if s.keys, err = p.cfg.keyring(); err != nil {
		return err
	}
	if s.stripe, err = p.gateway(ctx, cookies); err != nil {
		return err
	}
	s.outbox = &mail.Outbox{From: sender(), Head: letterhead(p.URL()), Now: p.now}
	s.mails = &mail.Sender{DB: p.db.DB, Now: p.now}
	if p.cfg.SMTPURL != "" {
		if s.mails.SMTP, err = mail.ParseSMTP(p.cfg.SMTPURL.reveal(), nil); err != nil {
			return err
		}
	}
	s.accounts, err = newAccounts(p.db.DB, p.now, s.outbox, s.keys, p.URL())
	return err
}

func newAccounts(db *sqlx.DB, now func() time.Time, outbox *mail.Outbox, keys *seal.Keyring, site string) (*account.Service, error) {
	return account.New(account.Config{
		DB: db, Now: now, Mail: account.Post{Outbox: outbox}, Seal: keys, Throttle: &throttle.Limiter{DB: db, Now: now},
		PublicURL: site, Issuer: organiser.Name,
	})
}

func (p *program) web(key []byte) web.Config {
	return web.Config{
		PublicURL:      p.URL(),
		PaymentOrigins: p.paymentOrigins(),
		TrustedProxies: p.cfg.TrustedProxies,
		Key:            key,
		Test:           !p.services.stripe.Live(),
		Organiser:      organiser,
		Now:            p.now,
		Log:            p.log,
		Sessions:       p.services.accounts,
		Observe:        p.metrics.observe,
	}
}

// paymentOrigins is where a parent's browser goes to pay; the stand-in's pages are the shop's own.
func (p *program) paymentOrigins() []string {
	if p.standIn != nil {
		return nil
	}
	return []string{"https://checkout.stripe.com"}
}
