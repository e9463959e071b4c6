package booking_test

import (
	"errors"
	"testing"

	"joetz/shop/booking"
)

// Consent to photos is taken back as easily as it was given: by who books and by the office, also when the holiday is over,
// and not by another family. The history keeps both answers, and each change is mailed once.
func TestPhotosAreAskedBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := s.Date().AddDays(90)
	g := s.Family(1)
	b := s.lou(s.Departure(3, leaves), g, false)
	other := "no"
	if b.PhotoConsent == other {
		other = "yes"
	}
	if err := s.ChangePhotos(t.Context(), parentOf(s.Family(2)), b.ID, other); err == nil {
		t.Error("another family changed it")
	}
	if err := s.ChangePhotos(t.Context(), parentOf(g), b.ID, "maybe"); !errors.Is(err, booking.ErrNoPhotoChoice) {
		t.Errorf("an answer that nobody asked: %v", err)
	}
	for range 2 { // the second press changes nothing
		if err := s.ChangePhotos(t.Context(), parentOf(g), b.ID, other); err != nil {
			t.Fatal(err)
		}
	}
	if now := s.Again(b.ID); now.PhotoConsent != other {
		t.Errorf("%s, want %s", now.PhotoConsent, other)
	}
	s.Clock.Set(s.Clock.Now().AddDate(0, 0, 120))
	if err := s.ChangePhotos(t.Context(), s.Clerk(), b.ID, "group"); err != nil {
		t.Errorf("after the holiday: %v", err)
	}
	if now := s.Again(b.ID); now.PhotoConsent != "group" || now.Statement.Charged != b.Statement.Charged {
		t.Errorf("%s, charged %d", now.PhotoConsent, now.Statement.Charged)
	}
	if n := s.Count(`SELECT count(*) FROM booking_event WHERE booking_id = $1 AND kind = 'photos' AND detail->>'from' <> detail->>'to'`, b.ID); n != 2 {
		t.Errorf("%d changes in the history, want 2", n)
	}
	if n := s.Count(`SELECT count(*) FROM job WHERE kind = $1`, booking.ChangedArgs{}.Kind()); n != 2 {
		t.Errorf("%d mails asked for, want 2", n)
	}
	s.Sound()
}
