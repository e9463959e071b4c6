// Package mail has the letters that the shop sends: what they say, as HTML and as plain text.
//
// Owns: the letters, their parts, and the look of a mail.
// Tables: none.
// May import: terms, templates/messages, templ.
// Always true: the HTML and the plain text of a letter are two renderings of one list of parts, so they say the same; every
// text comes from the catalogue (area mail); a letter loads nothing from outside, its pictures travel with it.
//
// Mail clients drop style sheets, so the style stands in the elements: here, and nowhere else in the shop.
package mail

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"joetz/templates/messages"
)

// Letterhead is who writes.
type Letterhead struct {
	Brand      string // "JOETZ"
	Name       string // "JOETZ vzw"
	Address    string // "Sint-Jansstraat 32, 1000 Brussel"
	Enterprise string // "BE 0123.456.749"
	Email      string
	Phone      string // empty where there is none
	Site       string // "https://boeken.joetz.be", without a slash at the end
}

// Letter is one mail, before it has an address. A content type (SignInCode, BookingConfirmed, ...) makes it.
type Letter struct {
	Lang    string
	Subject string
	Preview string // what a phone shows beside the subject
	Title   string
	Parts   []Part
}

// Part is a piece of a letter: one of the types below.
type Part interface{ plain(w *plainWriter) }

// The parts of a letter.
type (
	// Text is a paragraph.
	Text string
	// Small is a paragraph that few need.
	Small string
	// Heading is the title of what follows.
	Heading string
	// Code is the code to type over.
	Code string
	// Card is a named group of facts: a child and its holiday.
	Card struct {
		Title, Subtitle string
		Facts           []Fact
	}
	// Fact is a name and its value.
	Fact struct{ Label, Value string }
	// Sums are lines with an amount; the last may be their total.
	Sums []Sum
	// Sum is one line with an amount.
	Sum struct {
		Label, Note, Amount string
		Total               bool
	}
	// Steps are things to do, in order.
	Steps []string
	// Button leads to a page of the shop.
	Button struct{ Text, URL string }
	// Link is a button's quiet sister.
	Link struct{ Text, URL string }
	// Transfer is what to type into a bank's app, and a picture that types it by itself.
	Transfer struct {
		Facts   []Fact
		QR      string // content id of the picture; empty for none
		QRLabel string
		Advice  string
	}
)

// Rendered is a letter ready for the outbox.
type Rendered struct{ Subject, HTML, Text string }

// Render writes the letter both ways.
func Render(ctx context.Context, head Letterhead, l Letter) (Rendered, error) {
	var html bytes.Buffer
	if err := page(head, l).Render(ctx, &html); err != nil {
		return Rendered{}, fmt.Errorf("letter %q: %w", l.Title, err)
	}
	return Rendered{Subject: l.Subject, HTML: html.String(), Text: plain(head, l)}, nil
}

// unbroken keeps a number on one line.
func unbroken(number string) string { return strings.ReplaceAll(number, " ", "\u00a0") }

// words are the texts of one language.
type words string

// T is the text of the key.
func (w words) T(key string, args ...any) string { return messages.T(string(w), key, args...) }

// names lists people as a sentence does: "Lotte, Milan en Noor".
func (w words) names(all []string) string {
	if len(all) == 0 {
		return ""
	}
	text := all[0]
	for i, name := range all[1:] {
		if i == len(all)-2 {
			text = w.T("mail.and", text, name)
		} else {
			text += ", " + name
		}
	}
	return text
}
