package command

import (
	"context"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
)

// withServices runs a command that needs the shop's services and no port, beside a shop that runs or without one.
func withServices(ctx context.Context, env Environment, c config.Config, do func(*program.Services) error) int {
	if err := program.Beside(ctx, c, program.NewLog(c, env.Err), do); err != nil {
		return complain(env, err)
	}
	return fine
}
