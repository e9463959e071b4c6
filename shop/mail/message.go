package mail

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"joetz/terms/id"
)

// Address is a person or an office with an e-mail address.
type Address struct {
	Name  string
	Email string
}

// Attachment is a file of a message: Content, File for one that was kept for many messages (KeepFile), or Invoice for the PDF
// of an invoice, which is made when the message leaves.
type Attachment struct {
	Name      string // empty for an invoice: it brings its own
	Type      string // media type
	ContentID string // for a picture that the HTML shows as cid:ContentID; empty for a file to keep
	Content   []byte
	File      FileID
	Invoice   id.Invoice
}

// Message is one mail to one person.
type Message struct {
	Kind        string // which mail it is: "sign_in_code", "booking_confirmed", ...
	Lang        string
	To          Address
	Subject     string
	Text        string
	HTML        string
	Attachments []Attachment
	Order       id.Order  // zero when it is about no order
	Secret      bool      // the bodies are emptied once it is sent
	Until       time.Time // not sent after this moment; zero: whenever the server is back
}

// ErrMessage is returned for a message that could not be sent to anybody as it is.
var ErrMessage = errors.New("mail: message cannot be sent")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMessage}, args...)...)
}

// check refuses what would break a header or never arrive. It runs before the row is written: what is in the outbox can be sent.
func (m Message) check() error {
	switch {
	case m.Kind == "" || m.Lang == "":
		return refuse("kind %q, language %q", m.Kind, m.Lang)
	case m.Subject == "" || m.Text == "" || m.HTML == "":
		return refuse("%s has no subject, text or HTML", m.Kind)
	}
	headers := []string{m.Subject, m.To.Name}
	for _, a := range m.Attachments {
		headers = append(headers, a.Name, a.Type, a.ContentID)
		sources := 0
		for _, has := range []bool{a.Invoice != 0, a.Content != nil, a.File != 0} {
			if has {
				sources++
			}
		}
		if sources != 1 || a.Type == "" || a.Invoice == 0 && a.Name == "" {
			return refuse("%s has an attachment without name, type or content", m.Kind)
		}
	}
	for _, h := range headers {
		if !oneLine(h) {
			return refuse("%s has a line break or control character in a header", m.Kind)
		}
	}
	return m.To.check()
}

// check accepts a bare address, as people type it into a form, and nothing around it.
func (a Address) check() error {
	parsed, err := mail.ParseAddress(a.Email)
	if err != nil || parsed.Address != a.Email || parsed.Name != "" || !oneLine(a.Email) {
		return refuse("not an e-mail address") // without the address: this ends up in logs
	}
	if _, domain, ok := strings.Cut(a.Email, "@"); !ok || domain == "" || strings.ContainsAny(a.Email, " ,;") {
		return refuse("not an e-mail address")
	}
	return nil
}

func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' })
}
