package main

import (
	"context"

	"joetz/payments/bank/cli"
)

// readBank runs `shop bank read FILE`, which needs no settings and no database.
func readBank(_ context.Context, env environment, args []string) int {
	return cli.Run(args, env.in, env.out, env.err)
}
