package medical

import (
	"context"

	"joetz/medical/questionnaire"
	"joetz/terms/id"
)

// sharedTopic and shared are what is of the family and not of one child: whom to call, who collects, the doctor, the health
// fund. Nothing about a child's health, no number of a person, and nothing that is consented to is taken over.
const sharedTopic = "contact"

var shared = []string{"contact.persons", "contact.pickup", "contact.gp_name", "contact.gp_phone", "contact.fund"}

// OfSibling gives what the guardian told about the family for another child, to be looked through and saved for this one; none
// when there is nothing. It is a reading like any other. Faults: as Read.
func (s *Service) OfSibling(ctx context.Context, r Reader, b id.Booking, topic string) (questionnaire.Answers, id.Participant, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok || r.Role != Guardian || topic != sharedTopic {
		return nil, 0, err
	}
	row, ok, err := siblingFiche(ctx, s.DB, r.Guardian, subject.Participant, sharedTopic)
	if err != nil || !ok {
		return nil, 0, err
	}
	sheet, err := s.ReadDraft(ctx, r, row.Participant, row.Departure, sharedTopic)
	if err != nil || sheet.State == Unreadable {
		return nil, 0, err
	}
	kept, out := sheet.Kept(), questionnaire.Answers{}
	for _, q := range shared {
		if v, ok := kept[q]; ok {
			out[q] = v
		}
	}
	return out, row.Participant, nil
}
