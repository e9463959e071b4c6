package command

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/payments/books"
	"joetz/shop/account"
	"joetz/shop/fsck"
	"joetz/terms/civil"
)

// seedSeason runs `shop seed --season N`: a past year of N bookings in a shop that has none, held against every rule; with
// -close its first month is closed too.
func seedSeason(ctx context.Context, env Environment, args []string) int {
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(env.Err)
	n := flags.Int("season", 0, "how many bookings the year has")
	shut := flags.Bool("close", false, "close its first month as well")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || *n < 1 || *n > 200_000 {
		fmt.Fprintln(env.Err, "usage: shop seed --season N [--close]   N from 1 to 200000")
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	if c.Production() {
		fmt.Fprintln(env.Err, "shop: made-up bookings have no place in production")
		return misuse
	}
	if err := makeSeason(ctx, env, c, *n, *shut); err != nil {
		return complain(env, err)
	}
	return fine
}

func makeSeason(ctx context.Context, env Environment, c config.Config, n int, shut bool) (err error) {
	now, err := c.Clock()
	if err != nil {
		return err
	}
	c.Bare, c.Addr = true, "127.0.0.1:0"
	p, err := program.New(ctx, c, now, program.NewLog(c, env.Err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	begun := now()
	say := func(what string) { fmt.Fprintf(env.Out, "%6.1f s  %s\n", now().Sub(begun).Seconds(), what) }
	year := civil.Of(now()).Year()
	if civil.Of(now()).Before(civil.Must(year, 10, 2)) {
		year--
	}
	if err := p.Seeder().Year(ctx, year, n, say); err != nil {
		return err
	}
	found, err := fsck.Run(ctx, p.DB.DB, now())
	if err != nil {
		return err
	}
	for _, d := range found {
		fmt.Fprintln(env.Out, d)
	}
	if len(found) > 0 {
		return fmt.Errorf("%d differences", len(found))
	}
	say(fmt.Sprintf("%d rules hold", len(fsck.Rules())))
	if shut {
		return closeFirst(ctx, p, say)
	}
	return nil
}

// closeFirst closes the first month as a bookkeeper would, leaving open what is not finished.
func closeFirst(ctx context.Context, p *program.Program, say func(string)) error {
	who, err := p.Services.Accounts.CreateStaff(ctx, account.CreateStaffInput{Email: "jaar@boekhouding.example", Name: "Bert Boekhouder", Roles: []account.Role{account.Accounting}})
	if err != nil {
		return err
	}
	_, month, _, err := p.Services.Books.Months(ctx)
	if err != nil {
		return err
	}
	checks, err := p.Services.Books.Checks(ctx, month)
	if err != nil {
		return err
	}
	var open []string
	for _, x := range checks {
		open = append(open, x.Code)
	}
	say("the month was checked")
	if err := p.Services.Books.Close(ctx, books.Closing{Until: month, LeftOpen: open, Note: "een jaar om te proberen", By: who}); err != nil {
		return err
	}
	say("closed up to " + month.String())
	return nil
}
