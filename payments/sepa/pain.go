package sepa

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Version is a version of the message that banks take.
type Version string

// The versions. Belgian banks take both; the newer one is the standard since November 2025.
const (
	Pain03 Version = "pain.001.001.03"
	Pain09 Version = "pain.001.001.09"
)

// Debtor is who pays: we.
type Debtor struct {
	Name       string
	IBAN       bank.IBAN
	BIC        string
	Enterprise string // ten digits, names us to the bank
}

// Transfer is one payment of a file.
type Transfer struct {
	EndToEndID string
	Name       string
	IBAN       bank.IBAN
	Amount     money.Cents
	Text       string
}

// Order is a file of transfers.
type Order struct {
	Version   Version
	MessageID string
	MadeAt    time.Time
	ExecuteOn civil.Date
	Debtor    Debtor
	Transfers []Transfer
}

// ErrOrder is returned for an order that no bank would take.
var ErrOrder = errors.New("sepa: not a payment order")

// Total is what the order pays.
func (o Order) Total() (total money.Cents) {
	for _, t := range o.Transfers {
		total += t.Amount
	}
	return total
}

// limits of the scheme.
const (
	maxID     = 35
	maxName   = 70
	maxText   = 140
	maxAmount = money.Cents(999_999_999_99)
)

func (o Order) check() error {
	if len(o.Transfers) == 0 || o.MessageID == "" || len(o.MessageID) > maxID || o.Debtor.Name == "" || o.Version != Pain03 && o.Version != Pain09 {
		return ErrOrder
	}
	seen := map[string]bool{}
	for _, t := range o.Transfers {
		if _, err := bank.ParseIBAN(string(t.IBAN)); err != nil || t.Amount <= 0 || t.Amount > maxAmount || t.EndToEndID == "" || len(t.EndToEndID) > maxID || seen[t.EndToEndID] || Latin(t.Name, maxName) == "" {
			return fmt.Errorf("%w: transfer %q", ErrOrder, t.EndToEndID)
		}
		seen[t.EndToEndID] = true
	}
	return nil
}

// Render writes the order: one payment block, every transfer booked on its own, so that each comes back by its reference.
// The same order gives the same bytes.
func (o Order) Render() ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	count, sum := fmt.Sprint(len(o.Transfers)), o.Total().String()
	fmt.Fprintf(&b, `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:%s"><CstmrCdtTrfInitn>`+"\n", o.Version)
	fmt.Fprintf(&b, "<GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm><NbOfTxs>%s</NbOfTxs><CtrlSum>%s</CtrlSum><InitgPty><Nm>%s</Nm><Id><OrgId><Othr><Id>%s</Id><Issr>KBO-BCE</Issr></Othr></OrgId></Id></InitgPty></GrpHdr>\n",
		text(o.MessageID, maxID), o.MadeAt.In(civil.Brussels).Format("2006-01-02T15:04:05"), count, sum, text(o.Debtor.Name, maxName), text(o.Debtor.Enterprise, maxID))
	bic, day := "BICFI", "<Dt>"+o.ExecuteOn.String()+"</Dt>"
	if o.Version == Pain03 {
		bic, day = "BIC", o.ExecuteOn.String()
	}
	fmt.Fprintf(&b, "<PmtInf><PmtInfId>%s</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg><NbOfTxs>%s</NbOfTxs><CtrlSum>%s</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt>%s</ReqdExctnDt>",
		text(o.MessageID, maxID), count, sum, day)
	fmt.Fprintf(&b, "<Dbtr><Nm>%s</Nm></Dbtr><DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><%s>%s</%s></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>\n",
		text(o.Debtor.Name, maxName), o.Debtor.IBAN.Plain(), bic, text(o.Debtor.BIC, 11), bic)
	for _, t := range o.Transfers {
		fmt.Fprintf(&b, `<CdtTrfTxInf><PmtId><EndToEndId>%s</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">%s</InstdAmt></Amt><Cdtr><Nm>%s</Nm></Cdtr><CdtrAcct><Id><IBAN>%s</IBAN></Id></CdtrAcct><RmtInf><Ustrd>%s</Ustrd></RmtInf></CdtTrfTxInf>`+"\n",
			text(t.EndToEndID, maxID), t.Amount.String(), text(t.Name, maxName), t.IBAN.Plain(), text(t.Text, maxText))
	}
	b.WriteString("</PmtInf></CstmrCdtTrfInitn></Document>\n")
	return b.Bytes(), nil
}

// text is a value that stands in XML as it is: Latin leaves nothing to escape.
func text(s string, limit int) string { return Latin(s, limit) }

// letters that have no accent to take off.
var letters = strings.NewReplacer("ß", "ss", "Æ", "AE", "æ", "ae", "Œ", "OE", "œ", "oe", "Ø", "O", "ø", "o", "Ł", "L", "ł", "l", "Đ", "D", "đ", "d", "Þ", "Th", "þ", "th", "ı", "i", "’", "'", "–", "-", "&", "+")

// Latin is text in the characters that every SEPA bank takes (EPC217-08), cut to limit; what has no such character is left
// out, and it neither begins nor ends with a slash or has two.
func Latin(s string, limit int) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r < 0x80 && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("/-?:().,'+ ", r)):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, norm.NFD.String(letters.Replace(s)))
	plain = strings.Join(strings.Fields(plain), " ")
	for strings.Contains(plain, "//") {
		plain = strings.ReplaceAll(plain, "//", "/")
	}
	if len(plain) > limit {
		plain = plain[:limit]
	}
	return strings.Trim(plain, "/ ")
}
