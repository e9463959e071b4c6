// Package evidence keeps what a family hands in to show its right to a price: photos and PDFs, sealed.
//
// Owns: the files, their sealing, their end. What they prove is decided in shop/proof.
// Tables: evidence_file.
// May import: terms, migrations/pg, medical/seal, medical/upload, sqlx, pq.
// Always true: what a file is is decided by its bytes; a picture was drawn anew and holds pixels only; nothing is stored in
// the clear; each file opens only for its own row (evidence:id:file); names of files are not kept.
package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/medical/upload"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// MaxFiles is how many files the proof of one booking has.
const MaxFiles = 6

// Field is the form's field that faults of files name.
const Field = "files"

// ErrNoFile is returned when there is no such file of that booking.
var ErrNoFile error = fault.New(fault.NotFound, "evidence.no_file")

// Service keeps the files; its methods join the caller's transaction.
type Service struct {
	DB   *sqlx.DB
	Keys *seal.Keyring
	Now  func() time.Time
}

// Clean is a file that is safe to keep: a picture drawn anew, or a PDF.
type Clean struct {
	Type string // upload.JPEG or upload.PDF
	Data []byte
}

// String never gives the file.
func (Clean) String() string { return seal.Text("").String() }

// Format never gives the file, whatever the verb.
func (Clean) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// Entry is what is known of a file without opening it.
type Entry struct {
	ID         int64      `db:"id"`
	Booking    id.Booking `db:"booking_id"`
	Type       string     `db:"type"`
	UploadedAt time.Time  `db:"uploaded_at"`
}

// Picture reports whether the file can be shown in a page.
func (e Entry) Picture() bool { return e.Type == upload.JPEG }

var faults = map[error]string{
	upload.ErrEmpty: "evidence.empty", upload.ErrTooBig: "evidence.big", upload.ErrPixels: "evidence.pixels",
	upload.ErrType: "evidence.type", upload.ErrDamaged: "evidence.damaged", upload.ErrLocked: "evidence.locked",
	upload.ErrActive: "evidence.active",
}

// Check makes a stranger's file safe to keep. Call it outside a transaction: drawing a picture anew may take a second.
// Invalid faults on Field say what its owner can do about it.
func Check(data []byte) (Clean, error) {
	if heic(data) {
		return Clean{}, fault.Field(Field, "evidence.heic")
	}
	out, kind, err := upload.Clean(data)
	for known, key := range faults {
		if errors.Is(err, known) {
			return Clean{}, fault.Field(Field, key)
		}
	}
	return Clean{kind, out}, err
}

// heic recognises what an iPhone keeps its photos in: browsers cannot show it, and no library of ours draws it.
func heic(data []byte) bool {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return false
	}
	for _, brand := range []string{"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"} {
		if bytes.HasPrefix(data[8:], []byte(brand)) {
			return true
		}
	}
	return false
}

// AddTx seals a file for a booking. The same file twice is kept once: added is false. Invalid on Field beyond MaxFiles. The
// caller holds a lock that keeps two additions to one booking apart.
func (s *Service) AddTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, f Clean, actor string) (added bool, err error) {
	sum := sha256.Sum256(f.Data)
	n, known, err := countFiles(ctx, tx, booking, sum[:])
	switch {
	case err != nil:
		return false, err
	case known:
		return false, nil
	case n >= MaxFiles:
		return false, fault.Field(Field, "evidence.many", MaxFiles)
	}
	file, err := nextFile(ctx, tx)
	if err != nil {
		return false, err
	}
	key, wrapped, err := s.Keys.NewKey(keyPlace(file))
	if err != nil {
		return false, err
	}
	sealed, err := key.Seal(f.Data, filePlace(file))
	if err != nil {
		return false, err
	}
	return true, insertFile(ctx, tx, fileRow{
		ID: file, Booking: booking, Key: wrapped, Sealed: sealed, Type: f.Type, Bytes: len(f.Data), Sum: sum[:], At: s.Now(), By: actor,
	})
}

// FilesOf lists the files of bookings, oldest first, without opening them.
func (s *Service) FilesOf(ctx context.Context, q sqlx.QueryerContext, bookings ...id.Booking) (map[id.Booking][]Entry, error) {
	return entriesOf(ctx, q, bookings)
}

// Open opens one file of a booking. ErrNoFile when it is not that booking's. The caller writes down who looked.
func (s *Service) Open(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, file int64) (Clean, error) {
	row, err := fileByID(ctx, q, booking, file)
	if err != nil {
		return Clean{}, err
	}
	key, err := s.Keys.Key(row.Key, keyPlace(file))
	if err != nil {
		return Clean{}, fmt.Errorf("evidence: file %d: %w", file, err)
	}
	data, err := key.Open(row.Sealed, filePlace(file))
	if err != nil {
		return Clean{}, fmt.Errorf("evidence: file %d: %w", file, err)
	}
	return Clean{row.Type, data}, nil
}

// RemoveTx takes one file away for good; ErrNoFile when it is not that booking's.
func (s *Service) RemoveTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, file int64) error {
	return deleteFile(ctx, tx, booking, file)
}

// WipeTx takes all files of bookings away for good, and reports how many: their time is over, or the family asks it.
func (s *Service) WipeTx(ctx context.Context, tx *sqlx.Tx, bookings ...id.Booking) (int, error) {
	return deleteFiles(ctx, tx, bookings)
}

// Rewrap brings the files' keys under the key that seals now, and reports how many; it may run beside the shop.
func (s *Service) Rewrap(ctx context.Context) (int, error) {
	keys, err := allKeys(ctx, s.DB)
	changed := 0
	for _, k := range keys {
		wrapped, moved, err := s.Keys.Rewrap(k.Key, keyPlace(k.ID))
		if err != nil {
			return changed, fmt.Errorf("evidence: key of file %d: %w", k.ID, err)
		}
		if !moved {
			continue
		}
		if err := replaceKey(ctx, s.DB, k.ID, k.Key, wrapped); err != nil {
			return changed, err
		}
		changed++
	}
	return changed, err
}

// KeysInUse counts the files per key of the keyset.
func (s *Service) KeysInUse(ctx context.Context) (map[uint32]int, error) {
	keys, err := allKeys(ctx, s.DB)
	use := map[uint32]int{}
	for _, k := range keys {
		use[seal.KeyOf(k.Key)]++
	}
	return use, err
}

func filePlace(file int64) seal.Place { return seal.Place{Table: "evidence", ID: file, Column: "file"} }
func keyPlace(file int64) seal.Place  { return seal.Place{Table: "evidence", ID: file, Column: "key"} }
