package main

import (
	"context"
	"os"

	"joetz/terms/cli"
)

// askTerms runs `shop terms`, which needs no settings and no database.
func askTerms(_ context.Context, env environment, args []string) int {
	return cli.Command{Stdin: env.in, Stdout: env.out, Stderr: env.err, ReadFile: os.ReadFile}.Run(args)
}
