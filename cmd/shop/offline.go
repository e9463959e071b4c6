package main

import (
	"context"
	"errors"
	"log/slog"
)

// withServices runs a command that needs the shop's services and no port, beside a shop that runs or without one.
func withServices(ctx context.Context, env environment, c config, do func(*services, *slog.Logger) error) int {
	now, err := clock(c.Now)
	if err != nil {
		return complain(env, err)
	}
	p := &program{cfg: c, now: now, log: newLog(c, env.err)}
	err = p.offline(ctx, do)
	if err := errors.Join(err, p.close()); err != nil {
		return complain(env, err)
	}
	return fine
}

func (p *program) offline(ctx context.Context, do func(*services, *slog.Logger) error) (err error) {
	if p.db, err = openDatabase(ctx, p.cfg); err != nil {
		return err
	}
	cookies, err := p.cfg.cookieKey()
	if err != nil {
		return err
	}
	if err := p.wireServices(ctx, cookies); err != nil {
		return err
	}
	if err := p.wireBooking(); err != nil {
		return err
	}
	return do(&p.services, p.log)
}
