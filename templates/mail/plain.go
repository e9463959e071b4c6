package mail

import (
	"strconv"
	"strings"
)

// plainWriter collects paragraphs with an empty line between them.
type plainWriter struct{ strings.Builder }

func (w *plainWriter) paragraph(lines ...string) {
	if w.Len() > 0 {
		w.WriteString("\n")
	}
	for _, l := range lines {
		w.WriteString(l + "\n")
	}
}

func plain(head Letterhead, l Letter) string {
	w := &plainWriter{}
	w.paragraph(strings.ToUpper(l.Title))
	for _, p := range l.Parts {
		p.plain(w)
	}
	w.paragraph("-- ", head.signature()) // the mark that mail programs know as the start of a signature
	return w.String()
}

// signature is who wrote, on as few lines as it takes.
func (h Letterhead) signature() string {
	reach := h.Email
	if h.Phone != "" {
		reach += " · " + h.Phone
	}
	return h.Name + " · " + h.Address + " · " + h.Enterprise + "\n" + reach
}

func (t Text) plain(w *plainWriter)    { w.paragraph(string(t)) }
func (t Small) plain(w *plainWriter)   { w.paragraph(string(t)) }
func (t Code) plain(w *plainWriter)    { w.paragraph("    " + string(t)) }
func (b Button) plain(w *plainWriter)  { w.paragraph(b.Text+":", b.URL) }
func (l Link) plain(w *plainWriter)    { w.paragraph(l.Text+":", l.URL) }
func (t Heading) plain(w *plainWriter) { w.paragraph(string(t), strings.Repeat("-", len([]rune(t)))) }

func (c Card) plain(w *plainWriter) {
	w.paragraph(append([]string{"* " + c.Title + ", " + c.Subtitle}, factLines("  ", c.Facts)...)...)
}

func (t Transfer) plain(w *plainWriter) {
	w.paragraph(factLines("", t.Facts)...)
	if t.Advice != "" {
		w.paragraph(t.Advice)
	}
}

func factLines(indent string, facts []Fact) []string {
	lines := make([]string, len(facts))
	for i, f := range facts {
		lines[i] = indent + f.Label + ": " + f.Value
	}
	return lines
}

func (s Sums) plain(w *plainWriter) {
	var lines []string
	for _, line := range s {
		label := line.Label
		if line.Note != "" {
			label += " (" + line.Note + ")"
		}
		if line.Total {
			lines = append(lines, strings.Repeat("-", 24))
		}
		lines = append(lines, label+": "+line.Amount)
	}
	w.paragraph(lines...)
}

func (s Steps) plain(w *plainWriter) {
	lines := make([]string, len(s))
	for i, step := range s {
		lines[i] = strconv.Itoa(i+1) + ". " + step
	}
	w.paragraph(lines...)
}
