package main

import (
	"joetz/shop/account"
	"joetz/shop/demo"
	"joetz/shop/signin"
	pages "joetz/templates/signin"
)

// trial is what makes a shop one for trying out. Production has none of it.
type trial struct {
	signIns []pages.DemoAccount // made by the seed
	mail    string              // the page where mails can be read; "" where a mail server takes them
}

// signIn makes the pages of signing in.
func (p *program) signIn() (*signin.Handlers, error) {
	h := &signin.Handlers{Accounts: p.services.accounts}
	if p.cfg.production() {
		return h, nil
	}
	demo, err := account.NewDemo(p.services.accounts, p.cfg.production())
	if err != nil {
		return nil, err
	}
	h.Demo, h.DemoMail, h.DemoRows = demo, p.trial.mail, p.trial.signIns
	return h, nil
}

// demoPages shows the mails that nobody sends; nil in production and where a mail server takes them.
func (p *program) demoPages() *demo.Handlers {
	if p.cfg.production() || p.cfg.SMTPURL != "" {
		return nil
	}
	p.trial.mail = demo.MailPath
	return &demo.Handlers{DB: p.db.DB, Outbox: p.services.outbox, Documents: p.services.invoices}
}
