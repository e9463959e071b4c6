package main

import (
	"context"
	"fmt"
	"slices"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/demo"
	"joetz/shop/seed"
	"joetz/shop/signin"
	pages "joetz/templates/signin"
)

// trial is what makes a shop one for trying out. Production has none of it.
type trial struct {
	clock   *seed.Clock
	signIns []pages.DemoAccount // made by the seed
	mail    string              // the page where mails can be read; "" where a mail server takes them
}

// fill gives a shop for trying out its season, people and stories, once.
func (p *program) fill(ctx context.Context) error {
	if p.cfg.production() {
		return p.refuseDemoSignIns(ctx)
	}
	if p.cfg.bare {
		return nil
	}
	for _, person := range seed.SignIns {
		p.trial.signIns = append(p.trial.signIns, pages.DemoAccount{Role: string(person.Role), Email: person.Email, Password: person.Password})
	}
	seeder := p.seeder()
	// Of several shops that start at once on a new database, one fills it.
	if err := pg.Alone(ctx, p.db.DB, "seed", func() error { return seeder.Fill(ctx) }); err != nil {
		return fmt.Errorf("the demo season: %w", err)
	}
	return nil
}

// refuseDemoSignIns keeps a database that was filled for trying out, with passwords that everybody can read, out of
// production.
func (p *program) refuseDemoSignIns(ctx context.Context) error {
	staff, err := p.services.accounts.AllStaff(ctx)
	if err != nil {
		return err
	}
	var wrong problems
	for _, s := range staff {
		known := func(demo seed.SignIn) bool { return demo.Email == s.Email }
		if s.Active && slices.ContainsFunc(seed.SignIns, known) {
			wrong = append(wrong, s.Email+" is a sign-in for trying out, with a known password, and SHOP_ENV is production: use a new database")
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
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
	if p.sampleStatement() == "" {
		return nil
	}
	p.trial.mail = demo.MailPath
	return &demo.Handlers{DB: p.db.DB, Outbox: p.services.outbox, Documents: p.services.invoices, Bank: p.services.bank, Account: p.services.bank.Accounts[0]}
}

// sampleStatement is where accounting finds a bank file to try out with; "" where there are no pages for that.
func (p *program) sampleStatement() string {
	if p.cfg.production() || p.cfg.SMTPURL != "" {
		return ""
	}
	return demo.BankPath
}
