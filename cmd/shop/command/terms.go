package command

import (
	"context"
	"os"

	"joetz/terms/cli"
)

// askTerms runs `shop terms`, which needs no settings and no database.
func askTerms(_ context.Context, env Environment, args []string) int {
	return cli.Command{Stdin: env.In, Stdout: env.Out, Stderr: env.Err, ReadFile: os.ReadFile}.Run(args)
}
