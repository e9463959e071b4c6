package family

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"joetz/medical"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Documents makes the PDF of a numbered document.
type Documents interface {
	Render(ctx context.Context, inv id.Invoice) (pdf []byte, name string, err error)
}

// Document is a numbered invoice or credit note.
type Document struct {
	ID    id.Invoice
	Order id.Order
}

// Export is what is put into the file that a family downloads.
type Export struct {
	Reader    medical.Reader
	Lang      string
	Documents []Document
	PDF       Documents
	Written   any // requests with their messages
	Mails     any // which mails were sent
}

type exportedChild struct {
	Child  account.Child  `json:"kind"`
	Rights account.Rights `json:"rechten"`
	Adults []string       `json:"volwassenen"`
}

type exportedBooking struct {
	Reference string             `json:"bestelling"`
	Booking   booking.Booking    `json:"boeking"`
	Money     payments.Statement `json:"bedragen"`
}

// Zip makes one file of everything that is held about a family: data as JSON, documents as PDF, and the medical answers of
// the children whose fiche this guardian may see, which medical writes down as an export. It is made for the one who asked,
// in memory, and kept nowhere.
func (s *Service) Zip(ctx context.Context, guardian id.Guardian, in Export) ([]byte, error) {
	v, _, err := s.View(ctx, guardian)
	if err != nil {
		return nil, err
	}
	ties, err := s.Accounts.TiesOf(ctx, guardian)
	if err != nil {
		return nil, err
	}
	invitations, err := s.Accounts.GuardianInvitations(ctx, guardian)
	if err != nil {
		return nil, err
	}
	events, err := s.Bookings.FamilyEvents(ctx, v.Orders, 10_000)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var children []exportedChild
	for _, c := range v.Children {
		e := exportedChild{Child: c, Rights: v.Rights[c.ID]}
		for _, t := range ties[c.ID] {
			e.Adults = append(e.Adults, t.Name)
		}
		children = append(children, e)
	}
	var bookings []exportedBooking
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			bookings = append(bookings, exportedBooking{Reference: o.Reference, Booking: b, Money: b.Statement})
		}
	}
	for name, data := range map[string]any{
		"ouder.json": v.Guardian, "kinderen.json": children, "bestellingen.json": v.Orders, "boekingen.json": bookings,
		"geschiedenis.json": eventsOut(events), "uitnodigingen.json": invitations, "berichten.json": in.Written, "mails.json": in.Mails,
	} {
		if err := addJSON(z, name, data); err != nil {
			return nil, err
		}
	}
	if err := s.addFiches(ctx, z, v, in); err != nil {
		return nil, err
	}
	for _, d := range in.Documents {
		pdf, name, err := in.PDF.Render(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		if err := addFile(z, "facturen/"+name, pdf); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("family: zip: %w", err)
	}
	return out.Bytes(), nil
}

func (s *Service) addFiches(ctx context.Context, z *zip.Writer, v View, in Export) error {
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			if !v.Rights[b.Participant].SeesFiche {
				continue
			}
			answers, err := s.Medical.Export(ctx, in.Reader, b.ID, in.Lang)
			if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			if len(answers) > 0 {
				if err := addJSON(z, fmt.Sprintf("fiches/fiche-%d.json", b.ID), answers); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

type exportedEvent struct {
	Kind string          `json:"wat"`
	At   string          `json:"wanneer"`
	Who  string          `json:"wie"`
	More json.RawMessage `json:"details"`
}

func eventsOut(events []booking.Event) []exportedEvent {
	out := make([]exportedEvent, len(events))
	for i, e := range events {
		out[i] = exportedEvent{Kind: e.Kind, At: civil.Of(e.At).String(), Who: e.Actor, More: e.Detail}
		if !json.Valid(e.Detail) {
			out[i].More = nil
		}
	}
	return out
}

func addJSON(z *zip.Writer, name string, data any) error {
	text, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return fmt.Errorf("family: %s: %w", name, err)
	}
	return addFile(z, name, text)
}

func addFile(z *zip.Writer, name string, data []byte) error {
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(data)
	}
	return errors.Join(err)
}
