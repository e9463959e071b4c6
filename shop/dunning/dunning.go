// Package dunning reminds families of what they owe, within what the law lets a firm ask of consumers.
//
// Owns: notices before a part is due, free reminders after it, letters by post where no mail arrives, and costs of late
// payment. Tables: dunning_step, dunning_costs, dunning_charge, dunning_batch,
// dunning_batch_end, dunning_letter.
// May import: terms, migrations/pg, sqlx, lib/pq, payments, shop/account, shop/booking, shop/mail, shop/queue, templates/mail,
// templates/messages.
// Always true: the first reminder is free and gives fourteen days, counted from the third working day for the post
// (art. XIX.2 WER); a step is taken once, and what was left out stands with its reason; nothing is asked while money may be
// under way, a question is open or the bank's newest file is missing; costs are never asked by themselves, never beyond the
// caps (art. XIX.4 WER), and never more than the reminder announced.
package dunning

import (
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/booking"
	"joetz/terms/civil"
)

// Service is the use cases of dunning.
type Service struct {
	DB       *sqlx.DB
	Now      func() time.Time
	Bookings *booking.Service
}

func (s *Service) today() civil.Date { return civil.Of(s.Now()) }
