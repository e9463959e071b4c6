package booking

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// PhotoChoices are the answers to whether photos of a child may be shown: everywhere, among those who go along, not at all.
var PhotoChoices = []string{"yes", "group", "no"}

// ErrNoPhotoChoice is an answer about photos that nobody asked.
var ErrNoPhotoChoice error = fault.Field("photo_consent", "booking.choose_photo_consent")

// ChangePhotos keeps another answer about photos. Consent is taken back as easily as it is given, so also while a holiday is
// on, after it, and when it was called off (GDPR art. 7.3); only an ended booking has nothing to change.
func (s *Service) ChangePhotos(ctx context.Context, who account.Identity, booking id.Booking, choice string) error {
	if !slices.Contains(PhotoChoices, choice) {
		return ErrNoPhotoChoice
	}
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.Can(b).Photos; err != nil || choice == b.PhotoConsent {
			return err
		}
		if err := setPhotos(ctx, tx, b.ID, choice); err != nil {
			return err
		}
		return s.changedTx(ctx, tx, who, b, "photos", b.PhotoConsent, choice)
	})
}
