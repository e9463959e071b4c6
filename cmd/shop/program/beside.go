package program

import (
	"context"
	"errors"
	"log/slog"

	"joetz/cmd/shop/config"
)

// Beside makes the shop's services without a port, for a command beside a shop that runs or without one, and gives back
// what they took when do has ended.
func Beside(ctx context.Context, c config.Config, log *slog.Logger, do func(*Services) error) error {
	return BesideOn(ctx, c, log, nil, do)
}

// BesideOn is Beside on a database that is open and at this program's version, and is closed in the end; nil opens and migrates it.
func BesideOn(ctx context.Context, c config.Config, log *slog.Logger, db *Database, do func(*Services) error) error {
	p := &Program{cfg: c, log: log, DB: db}
	now, err := c.Clock()
	if err != nil {
		return errors.Join(err, p.Close())
	}
	p.Now = now
	err = p.offline(ctx, do)
	return errors.Join(err, p.Close())
}

func (p *Program) offline(ctx context.Context, do func(*Services) error) (err error) {
	if p.DB == nil {
		if p.DB, err = OpenDatabase(ctx, p.cfg); err != nil {
			return err
		}
	}
	if err := p.wireServices(ctx); err != nil {
		return err
	}
	if err := p.wireBooking(); err != nil {
		return err
	}
	return do(&p.Services)
}
