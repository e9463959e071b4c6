package main

import (
	"context"
	"fmt"

	"joetz/shop/fsck"
)

// checkRows runs `shop fsck`: every balance, status and place recomputed from the rows. It changes nothing and may run
// while the shop is open. The exit status is 1 when anything differs.
func checkRows(ctx context.Context, env environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.err, "usage: shop fsck")
		return misuse
	}
	c, err := readConfig(env.vars)
	if err != nil {
		fmt.Fprintln(env.err, "shop:", err)
		return misuse
	}
	now, err := clock(c.Now)
	if err != nil {
		return complain(env, err)
	}
	db, err := openDatabase(ctx, c)
	if err != nil {
		return complain(env, err)
	}
	found, err := fsck.Run(ctx, db.DB, now())
	if end := db.Close(); err == nil {
		err = end
	}
	if err != nil {
		return complain(env, err)
	}
	for _, d := range found {
		fmt.Fprintln(env.out, d)
	}
	if len(found) > 0 {
		fmt.Fprintf(env.err, "shop: %d differences; amounts are in cents\n", len(found))
		return failed
	}
	fmt.Fprintf(env.out, "%d rules hold\n", len(fsck.Rules()))
	return fine
}
