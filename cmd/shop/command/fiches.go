package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
)

const fichesUsage = `usage: shop fiches plan | tombstones | reapply

plan        what will be wiped, and when
tombstones  every fiche that was wiped, one line of JSON each: keep it beside each backup, made as late as possible
reapply     reads that list and wipes again what a backup, put back, has brought to life; run it before the shop starts
`

// fiches tells what is wiped, and wipes again after a backup was put back.
func fiches(ctx context.Context, env Environment, args []string) int {
	work := map[string]func(*program.Services) error{
		"plan":       func(s *program.Services) error { return printPlan(ctx, env, s) },
		"tombstones": func(s *program.Services) error { return printTombstones(ctx, env, s) },
		"reapply":    func(s *program.Services) error { return wipeListed(ctx, env, s, env.In) },
	}
	if len(args) != 1 || work[args[0]] == nil {
		fmt.Fprint(env.Err, fichesUsage)
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	return withServices(ctx, env, c, func(s *program.Services) error { return work[args[0]](s) })
}

func printPlan(ctx context.Context, env Environment, s *program.Services) error {
	plan, err := s.Medical.WipePlan(ctx)
	for _, p := range plan {
		held := ""
		if p.Held {
			held = "  held by a file"
		}
		fmt.Fprintf(env.Out, "%s  fiche %d  %s%s\n", p.On, p.Fiche, p.Because, held)
	}
	return err
}

func printTombstones(ctx context.Context, env Environment, s *program.Services) error {
	all, err := s.Medical.Tombstones(ctx, time.Time{})
	if err != nil {
		return err
	}
	out := json.NewEncoder(env.Out)
	for _, t := range all {
		if err := out.Encode(t); err != nil {
			return err
		}
	}
	return nil
}

// wipeListed wipes again what a list of tombstones says was wiped, and tells how much of it had come back to life.
func wipeListed(ctx context.Context, env Environment, s *program.Services, list io.Reader) error {
	all, err := program.ReadTombstones(list)
	if err != nil {
		return fmt.Errorf("%w; nothing was wiped", err)
	}
	wiped, err := s.Medical.Reapply(ctx, all)
	fmt.Fprintf(env.Out, "%d of %d fiches wiped again\n", wiped, len(all))
	return err
}
