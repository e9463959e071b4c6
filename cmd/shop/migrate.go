package main

import (
	"context"
	"fmt"
)

// migrate is for deployments that change the database before they change the program; serve migrates too.
func migrate(ctx context.Context, env environment, _ []string) int {
	c, err := readConfig(env.vars)
	if err != nil {
		fmt.Fprintln(env.err, "shop:", err)
		return misuse
	}
	db, err := openDatabase(ctx, c)
	if err != nil {
		return complain(env, err)
	}
	if err := db.Close(); err != nil {
		return complain(env, err)
	}
	fmt.Fprintln(env.out, "the database is up to date")
	return fine
}
