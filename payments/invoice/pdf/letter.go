package pdf

import (
	"bytes"
	"fmt"

	"joetz/payments/invoice/qr"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Letter is a letter about money on the organiser's paper, one page as a rule, for the post.
type Letter struct {
	Lang          string
	On            civil.Date // the day that it is dated
	To            Payer
	Reference     string // of the order
	Title         string
	Paragraphs    []string // before how to pay
	Closing       []string // after it
	Amount        money.Cents
	By            civil.Date
	Communication string // "+++260/0000/10173+++"
	EPC           string
}

// RenderLetters draws letters behind one another, each on a sheet of its own: printed on both sides, no family's letter
// begins on the back of another's. words gives the texts of a language, area invoice.
func RenderLetters(letters []Letter, seller Seller, words func(lang string) Words) ([]byte, error) {
	if len(letters) == 0 {
		return nil, fmt.Errorf("pdf: no letters")
	}
	first := letters[0]
	s := newSheet(Document{Lang: first.Lang, IssuedOn: first.On}, seller, words(first.Lang))
	s.SetTitle(first.Title, true)
	s.SetAuthor(seller.Name, true)
	s.SetCreator(seller.Brand, true)
	s.SetProducer(seller.Brand, true)
	s.SetLang(first.Lang)
	for n, l := range letters {
		if n > 0 && s.PageCount()%2 == 1 {
			s.AddPage() // the back of the sheet before
		}
		s.Words, s.doc = words(l.Lang), Document{Lang: l.Lang, Kind: "letter", IssuedOn: l.On, DueOn: l.By, Payer: l.To, Total: l.Amount, Communication: l.Communication}
		if err := s.letter(l); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fmt.Errorf("pdf: letters: %w", err)
	}
	return out.Bytes(), nil
}

func (s *sheet) letter(l Letter) error {
	var code [][]bool
	if l.EPC != "" {
		var err error
		if code, err = qr.Modules(l.EPC); err != nil {
			return fmt.Errorf("letter of %s: %w", l.Reference, err)
		}
	}
	s.AddPage()
	s.sender()
	y := 50.0
	for i, line := range s.payer() { // in the window of the envelope
		f := body.sized(10.5)
		f.bold = i == 0
		y += s.paragraph(118, y, 72, f, line)
	}
	s.y = max(86, y+10)
	text := body.sized(10.5)
	s.write(left, s.y, width, small, s.T("invoice.letter.dated", l.On, l.Reference))
	s.y += 7
	s.y += s.paragraph(left, s.y, width, face{size: 16, bold: true, color: pineDeep, align: "L"}, l.Title) + 5
	for _, p := range l.Paragraphs {
		s.room(text.height() * 3)
		s.y += s.paragraph(left, s.y, width, text, p) + 3
	}
	s.y += 2
	s.payment(code)
	for _, p := range l.Closing {
		s.room(text.height() * 2)
		s.y += s.paragraph(left, s.y, width, text, p) + 3
	}
	s.footer()
	return nil
}
