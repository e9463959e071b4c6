package command

import (
	"context"

	"joetz/payments/bank/cli"
)

// readBank runs `shop bank read FILE`, which needs no settings and no database.
func readBank(_ context.Context, env Environment, args []string) int {
	return cli.Run(args, env.In, env.Out, env.Err)
}
