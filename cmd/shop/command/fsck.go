package command

import (
	"context"
	"fmt"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/shop/fsck"
)

// checkRows runs `shop fsck`: every balance, status and place recomputed from the rows. It changes nothing and may run
// while the shop is open. The exit status is 1 when anything differs.
func checkRows(ctx context.Context, env Environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.Err, "usage: shop fsck")
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	now, err := c.Clock()
	if err != nil {
		return complain(env, err)
	}
	db, err := program.OpenDatabase(ctx, c)
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
		fmt.Fprintln(env.Out, d)
	}
	if len(found) > 0 {
		fmt.Fprintf(env.Err, "shop: %d differences; amounts are in cents\n", len(found))
		return failed
	}
	fmt.Fprintf(env.Out, "%d rules hold\n", len(fsck.Rules()))
	return fine
}
