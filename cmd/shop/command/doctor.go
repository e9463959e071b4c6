package command

import (
	"context"
	"fmt"
	"io"
	"time"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/migrations/pg"
	"joetz/shop/mail"
	"joetz/shop/queue"
)

// finding is what one look of the doctor found.
type finding struct {
	about string
	state string // ok, look (works, and wants somebody's attention) or bad
	text  string // what was seen and, unless ok, what to do
}

// The states of a finding.
const (
	healthy = "ok"
	look    = "look"
	bad     = "bad"
)

// doctor looks at everything that a shop leans on and says what to do. It changes nothing; a private database is opened as the shop
// opens it, at this program's version.
func doctor(ctx context.Context, env Environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.Err, "shop: doctor takes no arguments")
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		report(env.Out, finding{"settings", bad, err.Error()})
		return failed
	}
	worst := 0
	for _, f := range beforeDatabase(c, env.Vars) {
		worst = max(worst, report(env.Out, f))
	}
	db, f, ok := databaseOpens(ctx, c)
	if !ok {
		report(env.Out, f)
		return failed
	}
	err = program.BesideOn(ctx, c, program.NewLog(c, env.Err), db, func(s *program.Services) error {
		for _, examine := range []func(context.Context, *program.Services, config.Config) finding{
			databaseWorks, replicaFollows, clocksAgree, roomIsLeft, mailWorks, mailArrives, stripeWorks, jobsEnd, keysFit, logIsWhole, wipesAreKept,
		} {
			ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
			worst = max(worst, report(env.Out, examine(ctx, s, c)))
			cancel()
		}
		return nil
	})
	if err != nil {
		report(env.Out, finding{"database", bad, fmt.Sprintf("cannot be opened, and nothing that needs it was looked at: %v", err)})
		return failed
	}
	if worst == 2 {
		return failed
	}
	return fine
}

// report prints a finding and tells how bad it is: 0 ok, 1 look, 2 bad.
func report(w io.Writer, f finding) int {
	fmt.Fprintf(w, "%-5s %-12s %s\n", f.state, f.about, f.text)
	switch f.state {
	case healthy:
		return 0
	case look:
		return 1
	}
	return 2
}

func keysWork(c config.Config) finding {
	if _, err := c.Keyring(); err != nil {
		return finding{"keys", bad, fmt.Sprintf("SHOP_KEYS cannot be used (%v): no medical answer can be read or written. Restore the copy that is kept apart from the backups; only a shop that never took an answer may make new ones with shop keys new", err)}
	}
	return finding{"keys", healthy, "the keys of medical answers open; keep a copy apart from the backups"}
}

func databaseWorks(ctx context.Context, s *program.Services, _ config.Config) finding {
	facts, err := databaseFacts(ctx, s.Catalogue.DB)
	switch {
	case err != nil:
		return finding{"database", bad, adviceOn(err)}
	case facts.Closed:
		return finding{"database", bad, "answers, and takes no changes: DATABASE_URL names a replica, a server that was failed over from, or one that was put to reading only (default_transaction_read_only, by a provider when the disk is nearly full). Name the one that takes changes, or make room; families read on meanwhile, and are told to come back for the rest"}
	case facts.Super && facts.Remote:
		return finding{"database", look, "answers, but the shop is its superuser: give it an account of its own, so that the rules on log tables hold for it too"}
	case facts.Limit == "0":
		return finding{"database", look, "answers, and ends no statement that takes too long, as behind PgBouncer, where the shop cannot set it: ALTER ROLE ... SET statement_timeout = '30s', and what else README.md names (In production, 3)"}
	case facts.Used*10 > facts.Most*8:
		return finding{"database", look, fmt.Sprintf("%d of %d connections are in use: raise max_connections or run fewer shops", facts.Used, facts.Most)}
	}
	return finding{"database", healthy, fmt.Sprintf("PostgreSQL %s, at this program's version, %d of %d connections in use", facts.Version, facts.Used, facts.Most)}
}

// replicaFollows looks at the replica, which the shop can do without.
func replicaFollows(ctx context.Context, s *program.Services, _ config.Config) finding {
	replica := s.Catalogue.Replica
	if replica == nil {
		return finding{"replica", healthy, "none; pages for everybody are read from the database itself"}
	}
	switch st, err := replica.Standing(ctx); {
	case err != nil:
		return finding{"replica", look, fmt.Sprintf("DATABASE_REPLICA_URL does not answer: %v. Pages are read from the database itself", err)}
	case !st.Recovering:
		return finding{"replica", bad, "DATABASE_REPLICA_URL names a server that is no replica (or no longer): nothing is read from it. Name a streaming replica of DATABASE_URL, or nothing"}
	case st.Behind > 1<<20:
		return finding{"replica", look, fmt.Sprintf("is %d MB behind, its last change is of %.0f s ago: pages are read from the database itself until it has caught up", st.Behind>>20, st.Silent)}
	}
	return finding{"replica", healthy, "follows"}
}

func clocksAgree(ctx context.Context, s *program.Services, c config.Config) finding {
	if c.Now != "" {
		return finding{"clock", look, "SHOP_NOW moves it"}
	}
	looked, err := pg.Look(ctx, s.Catalogue.DB, time.Now)
	if err != nil {
		return finding{"clock", bad, fmt.Sprintf("could not be compared: %v. Run shop doctor again", err)}
	}
	return clockFinding(looked.ClockAhead)
}

// clockFinding judges how far this machine's clock is ahead of the database's.
func clockFinding(ahead time.Duration) finding {
	if apart := ahead.Abs(); apart > pg.ClockPatience {
		which := "ahead of"
		if ahead < 0 {
			which = "behind"
		}
		return finding{"clock", bad, fmt.Sprintf("this machine is %v %s the database's: the shop goes by this machine's, so holds and sessions of other shops would end too soon or too late, colleagues could not sign in with their codes, and Stripe's messages would be refused as old; set both by NTP", apart.Round(time.Second), which)}
	}
	return finding{"clock", healthy, "agrees with the database's"}
}

func roomIsLeft(_ context.Context, _ *program.Services, c config.Config) finding {
	free, err := diskFree(c.DataDir)
	switch {
	case c.DatabaseURL != "":
		return finding{"disk", healthy, "the database is elsewhere: watch its disk there"}
	case err != nil:
		return finding{"disk", look, fmt.Sprintf("the room in %s could not be read: %v", c.DataDir, err)}
	case free < 1<<30:
		return finding{"disk", bad, fmt.Sprintf("less than 1 GB is left in %s: make room, PostgreSQL stops when it is full", c.DataDir)}
	}
	return finding{"disk", healthy, fmt.Sprintf("%d GB left in %s", free>>30, c.DataDir)}
}

func mailWorks(ctx context.Context, s *program.Services, _ config.Config) finding {
	if s.Mails.SMTP == nil {
		return finding{"mail", look, "no mail server: mails stay in the shop, at /demo/mail"}
	}
	if err := s.Mails.SMTP.Check(ctx); err != nil {
		return finding{"mail", bad, fmt.Sprintf("the server of SMTP_URL lets nobody in: %v. See that its host, port, user and password are right and that it can be reached from here; until then mails wait, and are tried again for a day", err)}
	}
	return finding{"mail", healthy, "the mail server takes our sign-in"}
}

func mailArrives(ctx context.Context, s *program.Services, _ config.Config) finding {
	m, err := mail.StandingOf(ctx, s.Mails.DB)
	switch {
	case err != nil:
		return finding{"mails", bad, fmt.Sprintf("could not be counted: %v. Run shop doctor again", err)}
	case m.Refused > 0:
		return finding{"mails", look, fmt.Sprintf("%d were refused for good, %d wait: the office sees whom to call", m.Refused, m.Waiting)}
	}
	return finding{"mails", healthy, fmt.Sprintf("%d wait", m.Waiting)}
}

func stripeWorks(ctx context.Context, s *program.Services, c config.Config) finding {
	if c.StripeKey == "" {
		return finding{"Stripe", look, "no account: a stand-in plays Stripe and no money moves"}
	}
	if err := s.Stripe.Check(ctx); err != nil {
		return finding{"Stripe", bad, fmt.Sprintf("refuses STRIPE_SECRET_KEY or does not answer: %v. Parents can still pay by transfer", err)}
	}
	if !s.Stripe.Live() {
		return finding{"Stripe", look, "answers, with a key for trying out: no money moves"}
	}
	return finding{"Stripe", healthy, "answers"}
}

func jobsEnd(ctx context.Context, s *program.Services, _ config.Config) finding {
	jobs, err := queue.StandingAt(ctx, s.Catalogue.DB, s.Catalogue.Now())
	switch {
	case err != nil:
		return finding{"jobs", bad, fmt.Sprintf("could not be counted: %v. Run shop doctor again", err)}
	case jobs.Dead > 0:
		return finding{"jobs", look, fmt.Sprintf("%d were given up: table job says why, state 'dead'", jobs.Dead)}
	case jobs.Oldest > 10*time.Minute:
		return finding{"jobs", bad, fmt.Sprintf("one has been due for %v: no shop is working on them, or they cannot keep up: see that one runs, and what its log says of jobs", jobs.Oldest.Round(time.Minute))}
	}
	return finding{"jobs", healthy, fmt.Sprintf("%d are due", jobs.Waiting)}
}

// logIsWhole tells what the newest reading of the fiches' access log found.
func logIsWhole(ctx context.Context, s *program.Services, _ config.Config) finding {
	v, err := s.Medical.LastVerified(ctx)
	switch {
	case err != nil:
		return finding{"fiche log", bad, fmt.Sprintf("could not be asked: %v", err)}
	case v.At.IsZero():
		return finding{"fiche log", look, "was never verified: the job medical.verify does it each night, where a shop runs"}
	case v.Broken > 0:
		return finding{"fiche log", bad, fmt.Sprintf("is not what was written: %d places, the first at line %d (%s). Compare with the head that is in the shop's own log of earlier nights, and with a backup; the office has it on its list", v.Broken, v.First, v.At.Format(time.DateTime))}
	case s.Medical.Now().Sub(v.At) > 36*time.Hour:
		return finding{"fiche log", look, fmt.Sprintf("was last verified on %s: the job medical.verify does not run each night", v.At.Format(time.DateTime))}
	}
	return finding{"fiche log", healthy, fmt.Sprintf("%d lines, verified on %s", v.Lines, v.At.Format(time.DateTime))}
}

// wipesAreKept tells whether a wiped fiche is known outside the database too.
func wipesAreKept(_ context.Context, _ *program.Services, c config.Config) finding {
	if c.Tombstones == "" {
		return finding{"wiped fiches", look, "SHOP_TOMBSTONES names no file: a backup that is put back brings wiped fiches to life, unless shop fiches tombstones was kept beside it"}
	}
	all, err := program.TombstonesIn(c.Tombstones)
	if err != nil {
		return finding{"wiped fiches", bad, fmt.Sprintf("%v: no fiche can be wiped, and the shop does not start", err)}
	}
	return finding{"wiped fiches", healthy, fmt.Sprintf("%d on the list outside the database, written before each is gone", len(all))}
}
