package pdf

import (
	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"

	"joetz/terms/money"
)

// The page in millimetres. The payer's address stands in the right-hand window of a Belgian envelope.
const (
	pageWidth   = 210.0
	left, right = 20.0, 190.0
	width       = right - left
	top         = 17.0
	bottom      = 274.0 // nothing but the footer below it
)

type color [3]int

var (
	ink      = color{26, 43, 39}
	muted    = color{86, 98, 92}
	pine     = color{15, 74, 64}
	pineDeep = color{9, 51, 44}
	pineTint = color{232, 241, 231}
	sun      = color{246, 181, 46}
	paper    = color{251, 246, 235}
	rule     = color{224, 214, 192}
	coral    = color{173, 47, 24}
	white    = color{255, 255, 255}
	black    = color{0, 0, 0}
)

// face is how a text looks.
type face struct {
	size  float64 // in points
	bold  bool
	color color
	align string // L, R or C
}

var (
	body   = face{size: 9.5, color: ink, align: "L"}
	small  = face{size: 8, color: muted, align: "L"}
	strong = face{size: 9.5, bold: true, color: ink, align: "L"}
)

func (f face) right() face          { f.align = "R"; return f }
func (f face) center() face         { f.align = "C"; return f }
func (f face) sized(s float64) face { f.size = s; return f }
func (f face) in(c color) face      { f.color = c; return f }

// height is the distance between two lines of the face.
func (f face) height() float64 { return f.size * 0.3528 * 1.4 }

// sheet is the paper being drawn on; y is how far down it is used.
type sheet struct {
	*fpdf.Fpdf
	Words
	doc    Document
	seller Seller
	y      float64
}

func newSheet(doc Document, seller Seller, words Words) *sheet {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(left, top, pageWidth-right)
	p.SetCellMargin(0)
	p.SetCatalogSort(true) // with fixed dates: the same bytes every time
	p.SetCreationDate(doc.IssuedOn.Start())
	p.SetModificationDate(doc.IssuedOn.Start())
	p.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	p.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	return &sheet{Fpdf: p, Words: words, doc: doc, seller: seller}
}

// write puts one line of text with its top at y.
func (s *sheet) write(x, y, w float64, f face, text string) {
	style := ""
	if f.bold {
		style = "B"
	}
	s.SetFont("sans", style, f.size)
	s.SetTextColor(f.color[0], f.color[1], f.color[2])
	s.SetXY(x, y)
	s.CellFormat(w, f.height(), printable(text), "", 0, f.align+"M", false, 0, "")
}

// paragraph writes as many lines as the text needs and returns how high they are.
func (s *sheet) paragraph(x, y, w float64, f face, text string) float64 {
	lines := s.broken(w, f, text)
	for i, l := range lines {
		s.write(x, y+float64(i)*f.height(), w, f, l)
	}
	return float64(len(lines)) * f.height()
}

// broken cuts a text into lines of that width; a word that is wider alone is cut too.
func (s *sheet) broken(w float64, f face, text string) []string {
	style := ""
	if f.bold {
		style = "B"
	}
	s.SetFont("sans", style, f.size)
	return s.SplitText(printable(text), w)
}

func (s *sheet) box(x, y, w, h float64, c color) { s.rounded(x, y, w, h, 1.6, c) }

func (s *sheet) rounded(x, y, w, h, radius float64, c color) {
	s.SetFillColor(c[0], c[1], c[2])
	s.RoundedRect(x, y, w, h, radius, "1234", "F")
}

func (s *sheet) square(x, y, w, h float64, c color) {
	s.SetFillColor(c[0], c[1], c[2])
	s.Rect(x, y, w, h, "F")
}

func (s *sheet) line(x1, x2, y, thick float64, c color) {
	s.SetDrawColor(c[0], c[1], c[2])
	s.SetLineWidth(thick)
	s.Line(x1, y, x2, y)
}

// room starts a new page when less than h is left on this one, and reports whether it did.
func (s *sheet) room(h float64) bool {
	if s.y+h <= bottom {
		return false
	}
	s.newPage()
	return true
}

func (s *sheet) newPage() {
	s.AddPage()
	s.brand(top)
	s.y = top + 18
}

func (s *sheet) money(c money.Cents) string { return c.Format(s.doc.Lang) }
