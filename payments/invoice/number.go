package invoice

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// Given is a number that was just given.
type Given struct {
	Invoice id.Invoice
	Order   id.Order
	Kind    string
	Number  string
}

// number is how a number is written: V for invoices, VV for deposits, CN for credit notes, each counting from 1 each year.
func number(series string, year, n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s-%d-%05d", series, year, n)
}

const batch = 500

// Number gives every waiting document its number and reports how many. Any number of processes may call it at once; it is
// the handler of NumberArgs. A crash between leaves whole batches given and the rest waiting.
func (s *Service) Number(ctx context.Context) (total int, err error) {
	if waits, err := someWait(ctx, s.DB); err != nil || !waits { // who numbers just now has not committed: then some wait
		return 0, err
	}
	for {
		var given []Given
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
			if err = lockSeries(ctx, tx); err != nil {
				return err
			}
			if given, err = giveNumbers(ctx, tx, batch, s.Now()); err != nil || len(given) == 0 || s.Numbered == nil {
				return err
			}
			return s.Numbered(ctx, tx, given)
		})
		if err != nil {
			return total, err
		}
		if total += len(given); len(given) < batch {
			return total, nil
		}
	}
}
