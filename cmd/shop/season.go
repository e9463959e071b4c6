package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"joetz/payments/books"
	"joetz/shop/account"
	"joetz/shop/fsck"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// seedSeason runs `shop seed --season N`: a past year of N bookings in a shop that has none, held against every rule; with
// -close its first month is closed too.
func seedSeason(ctx context.Context, env environment, args []string) int {
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(env.err)
	n := flags.Int("season", 0, "how many bookings the year has")
	shut := flags.Bool("close", false, "close its first month as well")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || *n < 1 || *n > 200_000 {
		fmt.Fprintln(env.err, "usage: shop seed --season N [--close]   N from 1 to 200000")
		return misuse
	}
	c, err := readConfig(env.vars)
	if err != nil {
		fmt.Fprintln(env.err, "shop:", err)
		return misuse
	}
	if c.production() {
		fmt.Fprintln(env.err, "shop: made-up bookings have no place in production")
		return misuse
	}
	if err := makeSeason(ctx, env, c, *n, *shut); err != nil {
		return complain(env, err)
	}
	return fine
}

func makeSeason(ctx context.Context, env environment, c config, n int, shut bool) (err error) {
	now, err := clock(c.Now)
	if err != nil {
		return err
	}
	c.bare, c.Addr = true, "127.0.0.1:0"
	p, err := newProgram(ctx, c, now, newLog(c, env.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.listener.Close(), p.db.Close()) }()
	begun := now()
	say := func(what string) { fmt.Fprintf(env.out, "%6.1f s  %s\n", now().Sub(begun).Seconds(), what) }
	year := civil.Of(now()).Year()
	if civil.Of(now()).Before(civil.Must(year, 10, 2)) {
		year--
	}
	if err := p.seeder().Year(ctx, year, n, say); err != nil {
		return err
	}
	found, err := fsck.Run(ctx, p.db.DB, now())
	if err != nil {
		return err
	}
	for _, d := range found {
		fmt.Fprintln(env.out, d)
	}
	if len(found) > 0 {
		return fmt.Errorf("%d differences", len(found))
	}
	say(fmt.Sprintf("%d rules hold", len(fsck.Rules())))
	if shut {
		return p.closeFirst(ctx, say)
	}
	return nil
}

// closeFirst closes the first month as a bookkeeper would, leaving open what is not finished.
func (p *program) closeFirst(ctx context.Context, say func(string)) error {
	who, err := p.services.accounts.CreateStaff(ctx, account.CreateStaffInput{Email: "jaar@boekhouding.example", Name: "Bert Boekhouder", Roles: []account.Role{account.Accounting}})
	if err != nil {
		return err
	}
	_, month, _, err := p.services.books.Months(ctx)
	if err != nil {
		return err
	}
	checks, err := p.services.books.Checks(ctx, month)
	if err != nil {
		return err
	}
	var open []string
	for _, x := range checks {
		open = append(open, x.Code)
	}
	say("the month was checked")
	if err := p.services.books.Close(ctx, books.Closing{Until: month, LeftOpen: open, Note: "een jaar om te proberen", By: who}); err != nil {
		return err
	}
	say("closed up to " + month.String())
	return nil
}

func (p *program) seeder() *seed.Seeder {
	s := &p.services
	return &seed.Seeder{
		DB: p.db.DB, Clock: p.trial.clock, Accounts: s.accounts, Catalogue: s.catalogue, Bookings: s.bookings, Payments: s.payments, Bank: s.bank,
		Account: s.bookings.Account.IBAN, Invoices: s.invoices, Log: p.log,
	}
}
