package pdf

import (
	"strings"

	"joetz/payments/invoice/qr"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// brand is the organiser's sign: the two stripes of a marked trail, and the name.
func (s *sheet) brand(y float64) {
	s.rounded(left, y, 9, 3.3, 0.7, pine)
	s.rounded(left, y+4.3, 9, 3.3, 0.7, sun)
	s.write(left+12, y-0.4, 80, face{size: 17, bold: true, color: pineDeep, align: "L"}, s.seller.Brand)
}

// sender is who writes, at the top of a first page.
func (s *sheet) sender() {
	s.brand(top)
	y := top - 0.6
	s.write(120, y, 70, small.right().in(ink), s.seller.Name)
	for _, l := range []string{s.seller.Street, s.seller.City, s.seller.Email, s.seller.Site} {
		if l != "" {
			y += small.height()
			s.write(120, y, 70, small.right(), l)
		}
	}
}

// head is the upper part of the first page: who writes, what, to whom.
func (s *sheet) head() {
	s.sender()
	y := 50.0
	s.write(118, y-5, 72, small, s.T("invoice.payer"))
	for i, l := range s.payer() {
		f := body.sized(10.5)
		f.bold = i == 0
		y += s.paragraph(118, y, 72, f, l)
	}
	end := y

	y = 49
	y += s.paragraph(left, y, 90, face{size: 21, bold: true, color: pineDeep, align: "L"}, s.title())
	s.write(left, y+0.8, 90, face{size: 12, bold: true, color: pine, align: "L"}, s.number())
	y += 8
	if s.doc.Duplicate {
		y += s.stamp(left, y, s.T("invoice.duplicate"), coral)
	}
	if !s.doc.PaidOn.IsZero() {
		y += s.stamp(left, y, s.T("invoice.paid", s.doc.PaidOn), pine)
	}
	s.y = max(80, y+4, end+7)
}

func (s *sheet) payer() []string {
	p := s.doc.Payer
	lines := []string{p.Name, p.Street, strings.TrimSpace(p.PostalCode + " " + p.City)}
	if p.Country != "" && p.Country != "BE" {
		lines = append(lines, p.Country)
	}
	if e := p.Enterprise; len(e) == 10 {
		lines = append(lines, s.T("invoice.payer_enterprise", "BE "+e[:4]+"."+e[4:7]+"."+e[7:]))
	}
	if p.Reference != "" {
		lines = append(lines, s.T("invoice.payer_reference", p.Reference))
	}
	return lines
}

// stamp is a mark with a border, like a rubber stamp. It returns its height with the space below.
func (s *sheet) stamp(x, y float64, text string, c color) float64 {
	f := face{size: 9, bold: true, color: c, align: "C"}
	s.SetFont("sans", "B", f.size)
	w := s.GetStringWidth(printable(text)) + 7
	s.SetDrawColor(c[0], c[1], c[2])
	s.SetLineWidth(0.5)
	s.RoundedRect(x, y, w, 7, 1.4, "1234", "D")
	s.write(x, y+1.35, w, f, text)
	return 9
}

// facts is the band with what bookkeepers look for.
func (s *sheet) facts() {
	cells := [][2]string{
		{s.T("invoice.number"), s.number()},
		{s.T("invoice.issued"), s.T("invoice.date", s.doc.IssuedOn)},
		{s.T("invoice.due"), s.T("invoice.date", s.doc.DueOn)},
		{s.T("invoice.reference"), s.doc.Reference},
	}
	switch n := len(s.doc.parts()); {
	case n == 0:
		cells[2] = [2]string{s.T("invoice.due_parts"), s.T("invoice.nothing")}
	case n > 1:
		cells[2] = [2]string{s.T("invoice.due_parts"), s.T("invoice.parts", n)}
	}
	if s.doc.isCredit() {
		cells = append(cells[:2], cells[3])
	}
	const h = 15.0
	s.box(left, s.y, width, h, paper)
	w := (width - 8) / float64(len(cells))
	for i, c := range cells {
		x := left + 5 + float64(i)*w
		s.write(x, s.y+2.7, w-2, small, c[0])
		s.write(x, s.y+7.4, w-2, strong, c[1])
	}
	s.y += h + 7
}

// The columns of the lines: what it is, how many, each, together.
const (
	colCount, colEach, colAmount = 128.0, 138.0, 164.0
	colText                      = colCount - left - 4
)

func (s *sheet) lineHead() {
	f := small.in(pine)
	f.bold = true
	s.write(left, s.y, colText, f, s.T("invoice.description"))
	s.write(colCount, s.y, 10, f.right(), s.T("invoice.count"))
	s.write(colEach, s.y, 26, f.right(), s.T("invoice.each"))
	s.write(colAmount, s.y, right-colAmount, f.right(), s.T("invoice.amount"))
	s.y += f.height() + 1.6
	s.line(left, right, s.y, 0.4, pine)
	s.y += 1.8
}

func (s *sheet) lines() {
	s.lineHead()
	for i, l := range s.doc.Lines {
		text := civil.Replace(l.Description, func(d civil.Date) string { return s.T("invoice.date", d) })
		h := float64(len(s.broken(colText, body, text))) * body.height()
		if s.room(h + 4) {
			s.lineHead()
		} else if i > 0 {
			s.line(left, right, s.y, 0.15, rule)
			s.y += 1.8
		}
		s.paragraph(left, s.y, colText, body, text)
		s.write(colCount, s.y, 10, body.right(), "1")
		s.write(colEach, s.y, 26, body.right(), s.money(l.Amount))
		s.write(colAmount, s.y, right-colAmount, body.right(), s.money(l.Amount))
		s.y += h + 1.8
	}
}

func (s *sheet) totals() {
	s.room(26)
	s.line(left, right, s.y, 0.4, pine)
	s.y += 2.4
	s.sum(small, s.T("invoice.vat"), 0)
	s.y += 1
	switch {
	case s.doc.isCredit():
		s.sum(total, s.T("invoice.total_credit"), s.doc.Total)
	case s.doc.Paid > 0:
		s.sum(body, s.T("invoice.whole"), s.doc.Total)
		s.sum(body, s.T("invoice.already_paid"), -s.doc.Paid)
		s.y += 1
		s.sum(total, s.T("invoice.left"), s.doc.open())
	default:
		s.sum(total, s.T("invoice.total"), s.doc.Total)
	}
	s.y += 1.4
	s.y += s.paragraph(left, s.y, width, small.right(), s.T("invoice.exempt")) + 4
}

// total is the face of what counts most.
var total = face{size: 12.5, bold: true, color: pineDeep, align: "L"}

// sum is one line under the lines.
func (s *sheet) sum(f face, label string, amount money.Cents) {
	s.write(118, s.y, 44, f, label)
	s.write(colAmount-12, s.y, right-colAmount+12, f.right(), s.money(amount))
	s.y += f.height()
}

// earlier names the invoices that came before: the law asks it of the final invoice, and of a credit note.
func (s *sheet) earlier() {
	if len(s.doc.Earlier) == 0 {
		return
	}
	key := "invoice.follows"
	if s.doc.isCredit() {
		key = "invoice.corrects"
	}
	for _, e := range s.doc.Earlier {
		text := s.T(key, e.Number, e.On, s.money(e.Amount))
		s.room(small.height())
		s.y += s.paragraph(left, s.y, width, small, text)
	}
	s.y += 3
}

// payment is how to pay: to type, and to scan.
func (s *sheet) payment(code [][]bool) {
	parts := s.doc.parts()
	var rows [][2]string
	if len(parts) == 1 {
		rows = append(rows, [2]string{s.T("invoice.pay.amount"), s.money(parts[0].Amount)}, [2]string{s.T("invoice.pay.by"), s.T("invoice.date", parts[0].On)})
	}
	for i, p := range parts {
		if len(parts) > 1 {
			rows = append(rows, [2]string{s.T("invoice.pay.part", i+1), s.T("invoice.pay.part_by", s.money(p.Amount), p.On)})
		}
	}
	rows = append(rows, [2]string{s.T("invoice.pay.iban"), s.seller.IBAN}, [2]string{s.T("invoice.pay.bic"), s.seller.BIC},
		[2]string{s.T("invoice.pay.payee"), s.seller.Payee}, [2]string{s.T("invoice.pay.communication"), s.doc.Communication})
	h := max(56, 22+float64(len(rows))*5.8)
	s.room(h + 4)
	s.y += 1
	s.box(left, s.y, width, h, pineTint)
	x, y := left+6, s.y+4.2
	s.write(x, y, 100, face{size: 12, bold: true, color: pineDeep, align: "L"}, s.T("invoice.pay.title"))
	y += 8.2
	for i, r := range rows {
		value := strong.sized(10.5)
		if i == len(rows)-1 {
			value = value.in(pineDeep)
		}
		s.write(x, y, 32, body.in(muted), r[0])
		s.write(x+33, y-0.2, 80, value, r[1])
		y += 5.8
	}
	s.paragraph(x, y+0.8, 106, small, s.T("invoice.pay.advice"))
	if code != nil {
		scan := s.T("invoice.pay.scan")
		if len(parts) > 1 {
			scan = s.T("invoice.pay.scan_part", s.money(parts[0].Amount))
		}
		s.code(right-6-40, s.y+4.5, 40, code)
		s.paragraph(right-6-43, s.y+46, 46, small.center(), scan)
	}
	s.y += h + 6
}

// code draws the QR code, as one rectangle per run so that print shows no hair lines between the squares.
func (s *sheet) code(x, y, size float64, rows [][]bool) {
	s.square(x, y, size, size, white)
	unit := size / float64(len(rows))
	for i, row := range rows {
		for _, run := range qr.Runs(row) {
			s.square(x+float64(run.From)*unit, y+float64(i)*unit, float64(run.Length)*unit, unit*1.002, black)
		}
	}
}

// schedule shows the whole order, so that a family sees what follows.
func (s *sheet) schedule() {
	if len(s.doc.Schedule) < 2 {
		return
	}
	s.room(7.5 + float64(len(s.doc.Schedule))*6.2)
	s.write(left, s.y, width, face{size: 11, bold: true, color: pineDeep, align: "L"}, s.T("invoice.schedule.title", s.doc.Reference))
	s.y += 7.5
	here := 0
	for i, d := range s.doc.Schedule {
		if d.Here {
			d.Paid = d.Paid || s.doc.covered(here) == d.Amount
			here++
		}
		if s.room(6) || i > 0 {
			s.line(left, right, s.y, 0.15, rule)
		}
		f := body
		note := ""
		switch {
		case d.Paid:
			note = s.T("invoice.schedule.paid")
		case d.Here:
			note, f.bold = s.T("invoice.schedule.here"), true
		}
		y := s.y + 1
		s.write(left, y, 45, f, s.T("invoice.kind."+d.Kind))
		s.write(left+45, y, 58, f, s.T("invoice.schedule.on", d.On))
		s.write(left+103, y, 36, f, note)
		s.write(colAmount, y, right-colAmount, f.right(), s.money(d.Amount))
		s.y += 6.2
	}
	s.y += 4
}

// closing is the last word: what happens next, in words.
func (s *sheet) closing() {
	key := ""
	switch {
	case s.doc.isCredit():
		key = "invoice.note.credit"
	case s.doc.open() == 0:
		key = "invoice.note.paid"
	case s.doc.Kind == "deposit":
		key = "invoice.note.deposit"
	}
	if key == "" {
		return
	}
	s.room(10)
	s.y += s.paragraph(left, s.y, width, small, s.T(key))
}

// footer writes who the organiser is at the foot of the page.
func (s *sheet) footer() {
	s.line(left, right, 280, 0.3, sun)
	s.write(left, 282, width, small.sized(7.5), s.organiser())
}

// organiser is who answers for the paper, as the law asks it of an association's papers.
func (s *sheet) organiser() string {
	who := []string{s.seller.Name, s.seller.Street + ", " + s.seller.City, s.seller.Enterprise}
	for _, l := range []string{s.seller.Register, s.seller.IBAN, s.seller.Email, s.seller.Phone} {
		if l != "" {
			who = append(who, l)
		}
	}
	return strings.Join(who, "  ·  ")
}

// footers writes the foot of every page, once their number is known.
func (s *sheet) footers() {
	pages := s.PageCount()
	for n := 1; n <= pages; n++ {
		s.SetPage(n)
		s.footer()
		if f := small.sized(7.5); pages > 1 {
			s.write(left, 282+f.height(), width, f.right(), s.T("invoice.page", n, pages))
		}
	}
}
