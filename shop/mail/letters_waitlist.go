package mail

import (
	"context"

	letters "joetz/templates/mail"
)

// Waitlist is a message about an entry on a waiting list.
func (o *Outbox) Waitlist(ctx context.Context, to Address, lang string, in letters.Waitlist) (Message, error) {
	return o.write(ctx, "waitlist_"+in.What, to, lang, in)
}
