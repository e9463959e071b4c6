package medical

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Pack is a camp's fiches to be taken along on one phone. OFFLINE.md tells how a phone keeps them, and its limits.
type Pack struct {
	ID       int64
	Public   []byte // P-256 point, uncompressed: what the phone notes without signal is sealed to it
	Made     time.Time
	Until    time.Time // from then on the phone may not open it
	Children []ChildDay
	Lead     bool
}

// TakeAlong gives the fiches of a camp to be kept on the reader's phone for some hours, or until its window closes. It is
// logged as a reading of every child. Faults: as Camp; NotFound when taking along is switched off.
func (s *Service) TakeAlong(ctx context.Context, r Reader, d id.Departure) (Pack, error) {
	if s.Settings.OfflineHours <= 0 {
		return Pack{}, ErrNotFound
	}
	children, err := s.Bundle(ctx, r, d)
	if err != nil {
		return Pack{}, err
	}
	camp, ok, err := campOf(ctx, s.DB, d)
	if err != nil || !ok {
		return Pack{}, notFoundOr(err)
	}
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return Pack{}, fmt.Errorf("take along: %w", err)
	}
	_, last := s.Settings.Window(r.Role, camp.StartsOn, camp.EndsOn)
	out := Pack{Public: private.PublicKey().Bytes(), Children: children, Lead: r.Role == Lead, Made: s.now()}
	out.Until = out.Made.Add(time.Duration(s.Settings.OfflineHours) * time.Hour)
	if end := last.AddDays(1).Start().UTC(); end.Before(out.Until) {
		out.Until = end
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if out.ID, err = nextBundle(ctx, tx); err != nil {
			return err
		}
		sealed, err := s.Keys.Seal(private.Bytes(), bundlePlace(out.ID))
		if err != nil {
			return err
		}
		return insertBundle(ctx, tx, bundleRow{out.ID, r.Staff, d, sealed, out.Made, out.Until})
	})
	return out, err
}

func bundlePlace(n int64) []byte { return fmt.Appendf(nil, "fiche_bundle:%d:sealed", n) }

// MayKeep reports whether a phone may keep a camp's fiches: asked at each contact. What is refused is logged.
func (s *Service) MayKeep(ctx context.Context, r Reader, d id.Departure) (bool, error) {
	camp, ok, err := campOf(ctx, s.DB, d)
	if err != nil {
		return false, ErrUnavailable.With(err)
	}
	if !ok || s.Settings.OfflineHours <= 0 || r.Role != Animator && r.Role != Lead {
		return false, nil
	}
	g, err := s.grantFor(ctx, s.DB, r, subjectRow{campRow: camp, BookingStatus: "placed"})
	if err != nil {
		return false, ErrUnavailable.With(err)
	}
	if !g.none() {
		return true, nil
	}
	l := s.lineOf(r, actionOffline, refused, nil)
	l.Departure = d
	return false, s.record(ctx, l)
}

// PackOwner tells who took a pack along, and of which camp, to whoever holds it: public is its Pack.Public, which nobody else was
// told. It says nothing about a child, and is for phones of which nobody is signed in any more. NotFound otherwise.
func (s *Service) PackOwner(ctx context.Context, pack int64, public []byte) (id.Staff, id.Departure, error) {
	row, ok, err := bundleByID(ctx, s.DB, pack)
	if err != nil {
		return 0, 0, ErrUnavailable.With(err)
	}
	if !ok {
		return 0, 0, ErrNotFound
	}
	private, err := s.packKey(row)
	if err != nil {
		return 0, 0, err
	}
	if subtle.ConstantTimeCompare(private.PublicKey().Bytes(), public) != 1 {
		return 0, 0, ErrNotFound
	}
	return row.Staff, row.Departure, nil
}

// packKey is the key that opens what was noted with a pack.
func (s *Service) packKey(row bundleRow) (*ecdh.PrivateKey, error) {
	raw, err := s.Keys.Open(row.Sealed, bundlePlace(row.ID))
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	private, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		return nil, ErrUnavailable.With(errors.New("a pack's key does not open"))
	}
	return private, nil
}

// Noted is one report that was written down without signal, sealed to a pack's public key.
type Noted struct {
	ID    string `json:"id"`  // the report's Client
	Point []byte `json:"key"` // the phone's own P-256 point, used once
	Nonce []byte `json:"iv"`
	Data  []byte `json:"data"`
}

// notedReport is what Data opens to.
type notedReport struct {
	Booking id.Booking `json:"booking"`
	Opened  bool       `json:"opened"` // not a report: the fiches were opened on the phone
	Report
}

// Receive writes down what was noted without signal. It takes reports also from somebody whose place at the camp has ended
// since: what they did has happened. It shows nothing. kept are the ids that need not be sent again; the others were
// refused for good. Faults: NotFound for a pack that is not the reader's; a fault that passes ends it, and all may be
// sent again.
func (s *Service) Receive(ctx context.Context, r Reader, pack int64, all []Noted) (kept []string, err error) {
	row, ok, err := bundleOf(ctx, s.DB, pack, r.Staff)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	if !ok {
		return nil, ErrNotFound
	}
	private, err := s.packKey(row)
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		report, err := openNoted(private, n)
		if err != nil || report.Client != n.ID {
			s.Log.WarnContext(ctx, "a report from a phone does not open", "pack", pack)
			continue
		}
		switch err := s.receive(ctx, r, row, report); {
		case err == nil:
			kept = append(kept, n.ID)
		case !passes(err):
			s.Log.WarnContext(ctx, "a report from a phone was refused", "pack", pack, "error", err)
		default:
			return kept, err
		}
	}
	return kept, nil
}

// passes reports whether trying again may help: not when the report itself is at fault.
func passes(err error) bool { return fault.Of(err) == nil || errors.Is(err, ErrUnavailable) }

func (s *Service) receive(ctx context.Context, r Reader, row bundleRow, in notedReport) error {
	if in.Opened {
		if !clientID.MatchString(in.Client) {
			return ErrNotFound
		}
		l := s.lineOf(r, actionOffline, allowed, nil)
		l.Departure, l.Purpose, l.Request = row.Departure, "opened on the phone at "+in.At.UTC().Format(time.RFC3339), in.Client
		return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { // once, however often it is sent
			if err := lockLog(ctx, tx); err != nil {
				return err
			}
			if told, err := logged(ctx, tx, l); err != nil || told {
				return err
			}
			return s.recordTx(ctx, tx, l)
		})
	}
	in.Offline = true
	report, err := s.tidy(in.Report)
	if err != nil {
		return err
	}
	if report.Noted.Before(row.MadeAt.Add(-clockSlip)) || report.Noted.After(row.ExpiresAt.Add(clockSlip)) {
		return ErrNotFound
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		subject, ok, err := subjectOf(ctx, tx, in.Booking)
		if err != nil || !ok || subject.Departure != row.Departure {
			return notFoundOr(err)
		}
		r, g, err := s.asLead(ctx, tx, r, subject)
		if err != nil {
			return err
		}
		if g.none() {
			g = grant{audience: questionnaire.Animators} // as when it was taken along; it only names the medicine in the record
		}
		_, err = s.writeTx(ctx, tx, r, g, subject, report)
		return err
	})
}

// asLead is the reader as who leads the camp, whose reason to go against a limit counts, or else as an animator.
func (s *Service) asLead(ctx context.Context, tx *sqlx.Tx, r Reader, subject subjectRow) (Reader, grant, error) {
	lead := r
	lead.Role = Lead
	if g, err := s.grantFor(ctx, tx, lead, subject); err != nil || !g.none() {
		return lead, g, err
	}
	g, err := s.grantFor(ctx, tx, r, subject)
	return r, g, err
}

// openNoted opens what a phone sealed: ECDH on P-256, SHA-256 over the shared secret and both points, AES-256-GCM.
func openNoted(private *ecdh.PrivateKey, n Noted) (out notedReport, err error) {
	point, err := ecdh.P256().NewPublicKey(n.Point)
	if err != nil {
		return out, err
	}
	shared, err := private.ECDH(point)
	if err != nil {
		return out, err
	}
	h := sha256.New()
	for _, part := range [][]byte{shared, n.Point, private.PublicKey().Bytes()} {
		h.Write(part)
	}
	block, err := aes.NewCipher(h.Sum(nil))
	if err != nil {
		return out, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil || len(n.Nonce) != gcm.NonceSize() {
		return out, errors.New("nonce")
	}
	raw, err := gcm.Open(nil, n.Nonce, n.Data, []byte(n.ID))
	if err != nil {
		return out, err
	}
	if json.Unmarshal(raw, &out) != nil {
		return out, errors.New("no report") // the cause may quote it
	}
	return out, nil
}

// keepPacks is how long after its end a phone may still bring what it noted.
const keepPacks = 60 * 24 * time.Hour

// rewrapBundles brings the keys of packs under the primary key.
func (s *Service) rewrapBundles(ctx context.Context) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		rows, err := bundlesAll(ctx, tx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			sealed, changed, err := s.Keys.Reseal(row.Sealed, bundlePlace(row.ID))
			if err != nil {
				return fmt.Errorf("pack %d: %w", row.ID, err)
			}
			if changed {
				if err := replaceBundle(ctx, tx, row.ID, sealed); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// countBundles adds the packs under each key to the fiches.
func (s *Service) countBundles(ctx context.Context, in map[uint32]int) error {
	sealed, err := bundlesSealed(ctx, s.DB)
	for _, one := range sealed {
		in[seal.KeyOf(one)]++
	}
	return err
}
