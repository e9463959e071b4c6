package account

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/mail"
	letters "joetz/templates/mail"
)

// Post is the Mailer that writes into the outbox.
type Post struct{ Outbox *mail.Outbox }

// SignInCodeTx writes the message with a code.
func (p Post) SignInCodeTx(ctx context.Context, tx *sqlx.Tx, to Addressee, code string, until time.Time) error {
	m, err := p.Outbox.SignInCode(ctx, mail.Address{Name: to.Name, Email: to.Email}, to.Lang,
		letters.SignInCode{Code: code[:3] + " " + code[3:], Until: until})
	if err != nil {
		return err
	}
	_, err = p.Outbox.EnqueueTx(ctx, tx, m)
	return err
}

// InvitationTx writes the message with a link to set a password.
func (p Post) InvitationTx(ctx context.Context, tx *sqlx.Tx, to Addressee, link string, until time.Time) error {
	m, err := p.Outbox.Invitation(ctx, mail.Address{Name: to.Name, Email: to.Email}, to.Lang,
		letters.Invitation{Name: to.Name, Link: link, Until: until})
	if err != nil {
		return err
	}
	_, err = p.Outbox.EnqueueTx(ctx, tx, m)
	return err
}

// NoticeTx writes a short message about a family.
func (p Post) NoticeTx(ctx context.Context, tx *sqlx.Tx, to Addressee, n letters.Notice) error {
	m, err := p.Outbox.Notice(ctx, mail.Address{Name: to.Name, Email: to.Email}, to.Lang, 0, n)
	if err != nil {
		return err
	}
	_, err = p.Outbox.EnqueueTx(ctx, tx, m)
	return err
}
