package program

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

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
	"joetz/shop/dunning"
	"joetz/shop/evidence"
	"joetz/shop/extra"
	"joetz/shop/mail"
	"joetz/shop/proof"
	"joetz/shop/seed"
	"joetz/shop/throttle"
	"joetz/shop/waitlist"
	"joetz/shop/watch"
	"joetz/shop/web"
)

// Services are the parts between the database and the pages.
type Services struct {
	Waitlist *waitlist.Service
	Keys     *seal.Keyring
	Stripe   *stripegw.Gateway
	Outbox   *mail.Outbox
	Mails    *mail.Sender
	Accounts *account.Service

	Catalogue *catalogue.Service
	Medical   *medical.Service
	Watch     *watch.Service
	Invoices  *invoice.Service
	Payments  *payments.Service
	Bookings  *booking.Service
	Dunning   *dunning.Service
	Proofs    *proof.Service
	Evidence  *evidence.Service
	Discounts *discount.Service
	Extras    *extra.Service
	Online    *online.Service
	Bank      *reconcile.Service
	Books     *books.Service
}

// wire builds services, jobs and pages from the bottom up.
func (p *Program) wire(ctx context.Context) error {
	if !p.cfg.Production() { // the seed sets the clock back while it tells its stories
		p.trial.clock = seed.NewClock(p.Now)
		p.Now = p.trial.clock.Now
	}
	if err := p.wireServices(ctx); err != nil {
		return err
	}
	if err := p.wireBooking(); err != nil {
		return err
	}
	if again, err := reapplyTombstones(ctx, p.Services.Medical, p.cfg.Tombstones); err != nil {
		return err
	} else if again > 0 {
		p.log.WarnContext(ctx, "an older database was put back: fiches were wiped again", "number", again)
	}
	p.runners = p.Jobs()
	if err := p.fill(ctx); err != nil {
		return err
	}
	pages, err := p.pages()
	if err != nil {
		return err
	}
	pages.Parent.Waitlist, pages.Office.Waitlist = p.Services.Waitlist, p.Services.Waitlist
	if p.app, err = shop.New(pages); err != nil {
		return err
	}
	p.app.Server().CloseOnShutdown = true // so that a browser does not send its next request into a stopping shop
	return nil
}

// pages are the handlers of every route.
func (p *Program) pages() (pages shop.Config, err error) {
	cookies, err := p.cfg.CookieKey()
	if err != nil {
		return pages, err
	}
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

func (p *Program) wireServices(ctx context.Context) (err error) {
	s := &p.Services
	cookies, err := p.cfg.CookieKey()
	if err != nil {
		return err
	}
	if s.Keys, err = p.cfg.Keyring(); err != nil {
		return err
	}
	if s.Stripe, err = p.gateway(ctx, cookies); err != nil {
		return err
	}
	s.Outbox = &mail.Outbox{From: sender(), Head: letterhead(p.URL()), Now: p.Now}
	s.Mails = &mail.Sender{DB: p.DB.DB, Now: p.Now}
	if p.cfg.SMTPURL != "" {
		if s.Mails.SMTP, err = mail.ParseSMTP(p.cfg.SMTPURL.Reveal(), nil); err != nil {
			return err
		}
	}
	s.Accounts, err = newAccounts(p.DB.DB, p.Now, s.Outbox, s.Keys, p.URL())
	return err
}

func newAccounts(db *sqlx.DB, now func() time.Time, outbox *mail.Outbox, keys *seal.Keyring, site string) (*account.Service, error) {
	return account.New(account.Config{
		DB: db, Now: now, Mail: account.Post{Outbox: outbox}, Seal: keys, Throttle: &throttle.Limiter{DB: db, Now: now},
		PublicURL: site, Issuer: organiser.Name,
	})
}

func (p *Program) web(key []byte) web.Config {
	return web.Config{
		PublicURL:      p.URL(),
		PaymentOrigins: p.paymentOrigins(),
		TrustedProxies: p.cfg.TrustedProxies,
		Key:            key,
		Test:           !p.Services.Stripe.Live(),
		Organiser:      organiser,
		Now:            p.Now,
		Log:            p.log,
		Sessions:       p.Services.Accounts,
		Observe:        p.observe,
		Leaving:        p.stopping.Load,
	}
}

// paymentOrigins is where a parent's browser goes to pay; the stand-in's pages are the shop's own.
func (p *Program) paymentOrigins() []string {
	if p.StandIn != nil {
		return nil
	}
	return []string{"https://checkout.stripe.com"}
}
