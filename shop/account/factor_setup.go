package account

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"net/url"

	"github.com/jmoiron/sqlx"
	"github.com/skip2/go-qrcode"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// FactorOffer is a second factor to be set up: a secret for an authenticator app, as text and as a QR code.
type FactorOffer struct {
	Name   string
	Secret string // base32, to be typed in groups of four
	URL    string // otpauth://, which a phone opens in its app
	QR     string // PNG as a data: address
}

// OfferFactor offers a second factor to a session that gave the password and has none. Asking again offers the same.
func (s *Service) OfferFactor(ctx context.Context, token string) (FactorOffer, error) {
	var secret string
	var row *sessionRow
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		var sealed []byte
		var err error
		if row, sealed, err = s.pending(ctx, tx, token, true); err != nil {
			return err
		}
		if sealed != nil {
			return ErrFactorOver // there is one: it is asked, not replaced
		}
		if row.Offered != nil {
			secret, err = s.openOffer(row)
			return err
		}
		raw := make([]byte, 20)
		_, _ = rand.Read(raw) // never fails
		secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
		offered, err := s.Seal.Seal([]byte(secret), offerContext(row.TokenHash))
		if err != nil {
			return fmt.Errorf("seal second factor: %w", err)
		}
		return setOffer(ctx, tx, row.TokenHash, offered)
	})
	if err != nil {
		return FactorOffer{}, err
	}
	return s.offer(row.LastName, row.Email, secret)
}

func (s *Service) openOffer(row *sessionRow) (string, error) {
	secret, err := s.Seal.Open(row.Offered, offerContext(row.TokenHash))
	if err != nil {
		return "", fmt.Errorf("open second factor: %w", err)
	}
	return string(secret), nil
}

func (s *Service) offer(name, email, secret string) (FactorOffer, error) {
	address := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + s.Issuer + ":" + email,
		RawQuery: url.Values{"secret": {secret}, "issuer": {s.Issuer}}.Encode(),
	}
	png, err := qrcode.Encode(address.String(), qrcode.Medium, 264)
	if err != nil {
		return FactorOffer{}, fmt.Errorf("second factor: %w", err)
	}
	return FactorOffer{name, secret, address.String(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)}, nil
}

// ConfirmFactor keeps the offered second factor once a code shows that it arrived in the app, completes the sign-in, and
// returns the recovery codes, which nobody can read again.
func (s *Service) ConfirmFactor(ctx context.Context, a FactorAnswer) (in SignedIn, recovery []string, err error) {
	if err := s.countFactor(ctx, a); err != nil {
		return SignedIn{}, nil, err
	}
	var refused error
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		refused, in, recovery = nil, SignedIn{}, nil
		row, sealed, err := s.pending(ctx, tx, a.Session, true)
		if err != nil {
			return err
		}
		if sealed != nil || row.Offered == nil {
			return ErrFactorOver
		}
		secret, err := s.openOffer(row)
		if err != nil {
			return err
		}
		step, ok, err := stepOf(secret, digits(a.Code), s.now())
		if err != nil {
			return err
		}
		if !ok {
			refused, err = s.refuseFactorTx(ctx, tx, row)
			return err
		}
		if recovery, err = s.keepFactorTx(ctx, tx, *row.StaffID, secret, step); err != nil {
			return err
		}
		in, err = s.completeTx(ctx, tx, row, a)
		return err
	})
	if err != nil {
		return SignedIn{}, nil, err
	}
	return in, recovery, refused
}

func (s *Service) keepFactorTx(ctx context.Context, tx *sqlx.Tx, key id.Staff, secret string, step int64) (recovery []string, err error) {
	sealed, err := s.Seal.Seal([]byte(secret), factorContext(key))
	if err != nil {
		return nil, fmt.Errorf("seal second factor: %w", err)
	}
	if err := setFactor(ctx, tx, key, sealed, step); err != nil {
		return nil, err
	}
	codes, hashes, err := recoveryCodes()
	if err != nil {
		return nil, err
	}
	if err := replaceRecoveryCodes(ctx, tx, key, hashes, s.now()); err != nil {
		return nil, err
	}
	return codes, s.noteTx(ctx, tx, "second_factor_set", Identity{StaffID: key}, 0)
}

// ResetFactor removes somebody's second factor, for a lost phone without recovery codes. It ends their sessions; the next
// sign-in sets a new one up, behind the password. by is the colleague who made sure who was asking.
func (s *Service) ResetFactor(ctx context.Context, key, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := setFactor(ctx, tx, key, nil, 0); err != nil {
			return err
		}
		if err := replaceRecoveryCodes(ctx, tx, key, nil, s.now()); err != nil {
			return err
		}
		return s.endAllTx(ctx, tx, Identity{StaffID: key}, "second_factor_removed", by)
	})
}
