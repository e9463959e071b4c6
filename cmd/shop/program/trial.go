package program

import (
	"context"
	"fmt"
	"slices"

	"joetz/cmd/shop/config"
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
func (p *Program) fill(ctx context.Context) error {
	if p.cfg.Production() {
		return p.refuseDemoSignIns(ctx)
	}
	if p.cfg.Bare {
		return nil
	}
	for _, person := range seed.SignIns {
		p.trial.signIns = append(p.trial.signIns, pages.DemoAccount{Role: string(person.Role), Email: person.Email, Password: person.Password})
	}
	seeder := p.Seeder()
	// Of several shops that start at once on a new database, one fills it.
	if err := pg.Alone(ctx, p.DB.DB, "seed", func() error { return seeder.Fill(ctx) }); err != nil {
		return fmt.Errorf("the demo season: %w", err)
	}
	return nil
}

// refuseDemoSignIns keeps a database that was filled for trying out, with passwords that everybody can read, out of
// production.
func (p *Program) refuseDemoSignIns(ctx context.Context) error {
	staff, err := p.Services.Accounts.AllStaff(ctx)
	if err != nil {
		return err
	}
	var wrong config.Problems
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
func (p *Program) signIn() (*signin.Handlers, error) {
	h := &signin.Handlers{Accounts: p.Services.Accounts}
	if p.cfg.Production() {
		return h, nil
	}
	demo, err := account.NewDemo(p.Services.Accounts, p.cfg.Production())
	if err != nil {
		return nil, err
	}
	h.Demo, h.DemoMail, h.DemoRows = demo, p.trial.mail, p.trial.signIns
	return h, nil
}

// demoPages shows the mails that nobody sends; nil in production and where a mail server takes them.
func (p *Program) demoPages() *demo.Handlers {
	if p.sampleStatement() == "" {
		return nil
	}
	p.trial.mail = demo.MailPath
	return &demo.Handlers{DB: p.DB.DB, Outbox: p.Services.Outbox, Documents: p.Services.Invoices, Bank: p.Services.Bank, Account: p.Services.Bank.Accounts[0]}
}

// sampleStatement is where accounting finds a bank file to try out with; "" where there are no pages for that.
func (p *Program) sampleStatement() string {
	if p.cfg.Production() || p.cfg.SMTPURL != "" {
		return ""
	}
	return demo.BankPath
}

// Seeder makes what a shop for trying out is filled with.
func (p *Program) Seeder() *seed.Seeder {
	s := &p.Services
	return &seed.Seeder{
		DB: p.DB.DB, Clock: p.trial.clock, Accounts: s.Accounts, Catalogue: s.Catalogue, Bookings: s.Bookings, Payments: s.Payments, Bank: s.Bank,
		Account: s.Bookings.Account.IBAN, Invoices: s.Invoices, Log: p.log,
	}
}
