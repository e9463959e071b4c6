package medical

import (
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

// Service keeps fiches. All fields are needed but Bury.
type Service struct {
	DB        *sqlx.DB
	Keys      *seal.Keyring
	Questions *questionnaire.Catalogue
	Settings  Settings
	Now       func() time.Time
	Log       *slog.Logger

	// Bury keeps a tombstone outside the database, for good, before the wipe that it tells about is committed: when it
	// fails, nothing is wiped. nil: a list is made now and then (Tombstones).
	Bury func(Tombstone) error
}

// now is cut to what a timestamptz holds, so that what is signed is what comes back.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func (s *Service) today() civil.Date { return civil.Of(s.Now()) }

// What people hear.
var (
	// ErrNotFound: there is no such fiche, or not for this reader. The two are never told apart.
	ErrNotFound error = fault.New(fault.NotFound, "medical.not_found")
	// ErrUnavailable: the access log or the keys cannot be reached, so nothing is shown.
	ErrUnavailable = fault.New(fault.Unavailable, "medical.unavailable")
	errCareText    = fault.Field("care_text", "medical.care_text_needed")
	errCareLong    = fault.Field("care_text", "medical.care_text_long", careTextMax)
	errClosed      = fault.New(fault.Conflict, "medical.closed")
	errIncomplete  = fault.New(fault.Conflict, "medical.incomplete")
	errChanged     = fault.New(fault.Conflict, "medical.changed")
	errNoReview    = fault.New(fault.Conflict, "medical.no_review")
)
