package booking

import (
	"context"

	"joetz/medical"
)

// CareText is what the guardian of a basket wrote about a child, to be shown again in its form; "" when no care is needed.
// Booking keeps only yes or no: the words are in medical, sealed.
func (s *Service) CareText(ctx context.Context, c Checkout, child Child) (string, error) {
	if child.Care == nil || !*child.Care {
		return "", nil
	}
	sheet, err := s.Medical.ReadDraft(ctx, medical.Reader{Guardian: c.Guardian, Role: medical.Guardian}, child.Participant, child.Departure, "care")
	if err != nil {
		return "", err
	}
	return careWords(sheet), nil
}

// CareForReview is what the parent of a booking in review answered that those who decide may see: about care, and about
// nursing. Medical writes the reading down before it opens anything.
func (s *Service) CareForReview(ctx context.Context, r medical.Reader, b Booking) (medical.Sheet, error) {
	r.Role, r.Purpose = medical.Office, "care review"
	return s.Medical.Read(ctx, r, b.ID, "care", "med")
}

// careWords is the answer to "what works well"; "" when there is none or it is not for this reader.
func careWords(sheet medical.Sheet) string {
	for _, a := range sheet.Answers {
		if a.Question.ID == "care.how" {
			return a.Value.Text
		}
	}
	return ""
}
