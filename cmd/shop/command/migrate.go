package command

import (
	"context"
	"fmt"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
)

// migrate is for deployments that change the database before they change the program; serve migrates too.
func migrate(ctx context.Context, env Environment, _ []string) int {
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	db, err := program.OpenDatabase(ctx, c)
	if err != nil {
		return complain(env, err)
	}
	if err := db.Close(); err != nil {
		return complain(env, err)
	}
	fmt.Fprintln(env.Out, "the database is up to date")
	return fine
}
