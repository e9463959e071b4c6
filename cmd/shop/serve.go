package main

import (
	"context"
	"errors"
	"fmt"
)

// serve runs the shop until it is told to stop.
func serve(ctx context.Context, env environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.err, "shop: serve takes no arguments; settings are environment variables, shop config lists them")
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
	p, err := newProgram(ctx, c, now, newLog(c, env.err))
	if errors.Is(err, context.Canceled) {
		return fine // stopped while it started
	}
	if err != nil {
		return complain(env, err)
	}
	p.welcome(env.out)
	if err := p.Run(ctx); err != nil {
		return complain(env, err)
	}
	return fine
}
