package mail_test

import (
	"bytes"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
)

var (
	ines   = mail.Address{Name: "Inès Peeters", Email: "ines@example.be"}
	outbox = &mail.Outbox{From: mail.Address{Name: "JOETZ vzw", Email: "info@joetz.be"},
		Head: letters.Letterhead{Brand: "JOETZ", Name: "JOETZ vzw", Email: "info@joetz.be", Site: "https://boeken.example.be"},
		Now:  func() time.Time { return day }}
)

const epc = "BCD\n002\n1\nSCT\n\nJOETZ vzw\nBE68539007547034\nEUR75.00\n\n260000010173"

// The confirmation brings the code that a bank's app reads, shown by the letter, and the invoice to keep.
func TestConfirmationBringsCodeAndInvoice(t *testing.T) {
	t.Parallel()
	in := letters.BookingConfirmed{FirstName: "Inès", Reference: "V1000017", Total: 7500, Pay: &letters.BankTransfer{Payee: "JOETZ vzw",
		IBAN: "BE68 5390 0754 7034", Amount: 7500, DueOn: civil.Must(2027, 2, 15), Communication: "+++260/0000/10173+++"}}
	m, err := outbox.BookingConfirmed(t.Context(), ines, "nl", 17, in, epc, 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	if m.Order != 17 || m.To != ines || m.Secret || !strings.Contains(m.HTML, `src="cid:qr"`) || in.Pay.QR != "" {
		t.Errorf("order %d, to %v, secret %v, the caller's letter was changed: %q", m.Order, m.To, m.Secret, in.Pay.QR)
	}
	if len(m.Attachments) != 3 || m.Attachments[0].ContentID != "qr" {
		t.Fatalf("attachments: %+v", m.Attachments)
	}
	var invoices []id.Invoice
	for _, a := range m.Attachments[1:] {
		invoices = append(invoices, a.Invoice)
	}
	if diff := cmp.Diff([]id.Invoice{3, 4}, invoices); diff != "" {
		t.Error(diff)
	}
	if got := http.DetectContentType(m.Attachments[0].Content); got != m.Attachments[0].Type {
		t.Errorf("the picture is %s, called %s", got, m.Attachments[0].Type)
	}
	img, err := png.Decode(bytes.NewReader(m.Attachments[0].Content))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(epc, code.GetText()); diff != "" {
		t.Error(diff)
	}
}

func TestLetterWithoutCode(t *testing.T) {
	t.Parallel()
	m, err := outbox.BookingConfirmed(t.Context(), ines, "en", 17, letters.BookingConfirmed{Reference: "V1000017"}, "", 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Attachments) != 1 || strings.Contains(m.HTML, "cid:") || m.Subject != "Your booking is confirmed (V1000017)" {
		t.Errorf("subject %q, attachments %+v", m.Subject, m.Attachments)
	}
}

func TestCodeIsSecretAndRunsOut(t *testing.T) {
	t.Parallel()
	until := day.Add(15 * time.Minute)
	m, err := outbox.SignInCode(t.Context(), ines, "nl", letters.SignInCode{Code: "482 913", Until: until})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Secret || !m.Until.Equal(until) || strings.Contains(m.Subject, "482") || !strings.Contains(m.Text, "482 913") {
		t.Errorf("secret %v, until %v, subject %q", m.Secret, m.Until, m.Subject)
	}
}
