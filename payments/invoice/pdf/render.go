package pdf

import (
	"bytes"
	"fmt"

	"joetz/payments/invoice/qr"
)

// Render draws the document.
func Render(doc Document, seller Seller, words Words) ([]byte, error) {
	var code [][]bool
	if doc.EPC != "" {
		var err error
		if code, err = qr.Modules(doc.EPC); err != nil {
			return nil, fmt.Errorf("invoice %s: %w", doc.Number, err)
		}
	}
	s := newSheet(doc, seller, words)
	s.describe()
	s.AddPage()
	s.head()
	s.facts()
	s.lines()
	s.totals()
	s.earlier()
	if doc.First() > 0 && doc.PaidOn.IsZero() {
		s.payment(code)
	}
	s.schedule()
	s.closing()
	s.footers()
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fmt.Errorf("invoice %s: %w", doc.Number, err)
	}
	return out.Bytes(), nil
}

// describe fills in what readers show about a file.
func (s *sheet) describe() {
	s.SetTitle(s.title()+" "+s.number(), true)
	s.SetAuthor(s.seller.Name, true)
	s.SetCreator(s.seller.Brand, true)
	s.SetProducer(s.seller.Brand, true)
	s.SetLang(s.doc.Lang)
}

func (s *sheet) title() string { return s.T("invoice.title." + s.doc.Kind) }

func (s *sheet) number() string {
	if s.doc.Number == "" {
		return s.T("invoice.no_number")
	}
	return s.doc.Number
}
