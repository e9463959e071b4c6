package command

import (
	"context"
	"errors"
	"fmt"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
)

// serve runs the shop until it is told to stop.
func serve(ctx context.Context, env Environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.Err, "shop: serve takes no arguments; settings are environment variables, shop config lists them")
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
	spendMemory(env.Vars)
	p, err := program.New(ctx, c, now, program.NewLog(c, env.Err))
	if errors.Is(err, context.Canceled) {
		return fine // stopped while it started
	}
	if err != nil {
		return complain(env, err)
	}
	p.Welcome(env.Out)
	if err := p.Run(ctx); err != nil {
		return complain(env, err)
	}
	return fine
}
