package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"
)

const fichesUsage = `usage: shop fiches plan | tombstones | reapply

plan        what will be wiped, and when
tombstones  every fiche that was wiped, one line of JSON each: keep it beside each backup, made as late as possible
reapply     reads that list and wipes again what a backup, put back, has brought to life; run it before the shop starts
`

// fiches tells what is wiped, and wipes again after a backup was put back.
func fiches(ctx context.Context, env environment, args []string) int {
	work := map[string]func(*services) error{
		"plan":       func(s *services) error { return printPlan(ctx, env, s) },
		"tombstones": func(s *services) error { return printTombstones(ctx, env, s) },
		"reapply":    func(s *services) error { return reapply(ctx, env, s) },
	}
	if len(args) != 1 || work[args[0]] == nil {
		fmt.Fprint(env.err, fichesUsage)
		return misuse
	}
	c, err := readConfig(env.vars)
	if err != nil {
		fmt.Fprintln(env.err, "shop:", err)
		return misuse
	}
	return withServices(ctx, env, c, func(s *services, _ *slog.Logger) error { return work[args[0]](s) })
}

func printPlan(ctx context.Context, env environment, s *services) error {
	plan, err := s.medical.WipePlan(ctx)
	for _, p := range plan {
		held := ""
		if p.Held {
			held = "  held by a file"
		}
		fmt.Fprintf(env.out, "%s  fiche %d  %s%s\n", p.On, p.Fiche, p.Because, held)
	}
	return err
}

func printTombstones(ctx context.Context, env environment, s *services) error {
	all, err := s.medical.Tombstones(ctx, time.Time{})
	if err != nil {
		return err
	}
	out := json.NewEncoder(env.out)
	for _, t := range all {
		if err := out.Encode(t); err != nil {
			return err
		}
	}
	return nil
}

func reapply(ctx context.Context, env environment, s *services) error {
	all, err := readTombstones(env.in)
	if err != nil {
		return fmt.Errorf("%w; nothing was wiped", err)
	}
	wiped, err := s.medical.Reapply(ctx, all)
	fmt.Fprintf(env.out, "%d of %d fiches wiped again\n", wiped, len(all))
	return err
}
