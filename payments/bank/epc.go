package bank

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"joetz/terms/money"
)

// EPCVersion is the version line of the QR text.
type EPCVersion string

const (
	// EPC001 asks for the BIC.
	EPC001 EPCVersion = "001"
	// EPC002 leaves the BIC out inside the European Economic Area.
	EPC002 EPCVersion = "002"
)

// EPCSettings is what the organiser may choose about the QR text, because banking apps differ in what they read.
type EPCSettings struct {
	Version EPCVersion // zero is EPC002
	// OGMAsText puts a Belgian structured communication as +++ddd/dddd/ddddd+++ in the free line. The default, its twelve
	// digits in the structured line, is what Belgian apps fill in as a structured communication.
	OGMAsText bool
}

// EPCTransfer is the credit transfer that the QR code proposes.
type EPCTransfer struct {
	Name      string // the name that the bank knows the account by: banks compare it with the IBAN
	IBAN      IBAN
	BIC       string
	Amount    money.Cents // 0 leaves it to the payer
	Purpose   string      // at most four letters or digits
	Reference string      // OGM digits or RF; excludes Text
	Text      string
	Note      string // for the payer, not sent along
}

// ErrEPC is returned for a transfer that does not fit the QR text.
var ErrEPC = errors.New("bank: not an EPC payment")

// Limits of EPC069-12: characters per line, and the bytes of a QR code of version 13 with correction level M.
const (
	epcMaxBytes  = 331
	epcMaxAmount = money.Cents(99_999_999_999)
)

// Payload is the text of the EPC069-12 QR code: lines ended by a line feed, empty ones at the end left out.
func (s EPCSettings) Payload(t EPCTransfer) (string, error) {
	version := s.Version
	if version == "" {
		version = EPC002
	}
	reference, text, err := s.remittance(t)
	if err != nil {
		return "", err
	}
	amount := ""
	if t.Amount != 0 {
		amount = "EUR" + t.Amount.String()
	}
	switch {
	case version != EPC001 && version != EPC002:
		return "", fmt.Errorf("%w: version %q", ErrEPC, version)
	case version == EPC001 && t.BIC == "":
		return "", fmt.Errorf("%w: version 001 needs the BIC", ErrEPC)
	case t.BIC != "" && (len(t.BIC) != 8 && len(t.BIC) != 11 || !alphanumeric(t.BIC)):
		return "", fmt.Errorf("%w: BIC %q", ErrEPC, t.BIC)
	case t.Amount < 0 || t.Amount > epcMaxAmount:
		return "", fmt.Errorf("%w: amount %v", ErrEPC, t.Amount)
	case strings.TrimSpace(t.Name) == "":
		return "", fmt.Errorf("%w: no name", ErrEPC)
	}
	if _, err := ParseIBAN(string(t.IBAN)); err != nil {
		return "", fmt.Errorf("%w: %w", ErrEPC, err)
	}
	for _, line := range []struct {
		name, value string
		most        int
	}{{"name", t.Name, 70}, {"purpose", t.Purpose, 4}, {"reference", reference, 35}, {"text", text, 140}, {"note", t.Note, 70}} {
		if utf8.RuneCountInString(line.value) > line.most || strings.ContainsFunc(line.value, unicode.IsControl) {
			return "", fmt.Errorf("%w: %s %q is over %d characters or has control characters", ErrEPC, line.name, line.value, line.most)
		}
	}
	payload := strings.TrimRight(strings.Join([]string{
		"BCD", string(version), "1", "SCT", t.BIC, t.Name, t.IBAN.Plain(), amount, t.Purpose, reference, text, t.Note,
	}, "\n"), "\n")
	if len(payload) > epcMaxBytes || !utf8.ValidString(payload) {
		return "", fmt.Errorf("%w: %d bytes, at most %d of UTF-8", ErrEPC, len(payload), epcMaxBytes)
	}
	return payload, nil
}

// remittance gives the structured and the free line, of which only one may be filled.
func (s EPCSettings) remittance(t EPCTransfer) (reference, text string, err error) {
	if t.Reference == "" {
		return "", t.Text, nil
	}
	if t.Text != "" {
		return "", "", fmt.Errorf("%w: both a reference and a text", ErrEPC)
	}
	if ogm, err := ParseOGM(t.Reference); err == nil {
		if s.OGMAsText {
			return "", ogm.String(), nil
		}
		return ogm.Digits(), "", nil
	}
	rf, err := ParseRF(t.Reference)
	if err != nil {
		return "", "", fmt.Errorf("%w: reference %q is neither an OGM nor RF", ErrEPC, t.Reference)
	}
	return rf, "", nil
}
