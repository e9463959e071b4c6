package sepa_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"joetz/payments/bank"
	"joetz/payments/sepa"
	"joetz/terms/civil"
	"joetz/terms/money"
)

const ours = bank.IBAN("BE68539007547034")

func order(v sepa.Version) sepa.Order {
	return sepa.Order{
		Version: v, MessageID: "JOETZ-TB-2027-03-10-1", MadeAt: time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC), ExecuteOn: civil.Must(2027, 3, 10),
		Debtor: sepa.Debtor{Name: "JOETZ VZW", IBAN: ours, BIC: "KREDBEBB", Enterprise: "0123456749"},
		Transfers: []sepa.Transfer{
			{EndToEndID: "TB-1", Name: "Élise <O'Brien> & søn // \"x\"", IBAN: "BE62510007547061", Amount: 285_00, Text: "Terugbetaling V1000001"},
			{EndToEndID: "TB-2", Name: strings.Repeat("Van den Broeck ", 9), IBAN: "NL91ABNA0417164300", Amount: 1, Text: strings.Repeat("x", 200)},
		},
	}
}

type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

// The elements that are used, in the order of the schema. {0} in a name stands for BIC or BICFI.
var sequence = map[string][]string{
	"Document":         {"CstmrCdtTrfInitn"},
	"CstmrCdtTrfInitn": {"GrpHdr", "PmtInf"},
	"GrpHdr":           {"MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"},
	"InitgPty":         {"Nm", "Id"},
	"OrgId":            {"Othr"}, "Othr": {"Id", "Issr"},
	"PmtInf":      {"PmtInfId", "PmtMtd", "BtchBookg", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "ChrgBr", "CdtTrfTxInf"},
	"CdtTrfTxInf": {"PmtId", "Amt", "Cdtr", "CdtrAcct", "RmtInf"},
	"PmtId":       {"EndToEndId"}, "Amt": {"InstdAmt"}, "RmtInf": {"Ustrd"}, "Cdtr": {"Nm"}, "Dbtr": {"Nm"},
}

// The simple types of the schema and of the SEPA rulebook, by element.
var types = map[string]*regexp.Regexp{
	"MsgId": regexp.MustCompile(`^[A-Za-z0-9/?:().,'+ -]{1,35}$`), "PmtInfId": regexp.MustCompile(`^[A-Za-z0-9/?:().,'+ -]{1,35}$`), "EndToEndId": regexp.MustCompile(`^[A-Za-z0-9/?:().,'+ -]{1,35}$`),
	"Nm": regexp.MustCompile(`^[A-Za-z0-9/?:().,'+ -]{1,70}$`), "Ustrd": regexp.MustCompile(`^[A-Za-z0-9/?:().,'+ -]{1,140}$`),
	"CtrlSum": regexp.MustCompile(`^\d{1,15}\.\d\d$`), "InstdAmt": regexp.MustCompile(`^\d{1,9}\.\d\d$`), "NbOfTxs": regexp.MustCompile(`^\d{1,15}$`),
	"IBAN": regexp.MustCompile(`^[A-Z]{2}\d\d[A-Z0-9]{1,30}$`), "BIC": regexp.MustCompile(`^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$`), "BICFI": regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`),
	"CreDtTm": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`), "PmtMtd": regexp.MustCompile(`^TRF$`), "ChrgBr": regexp.MustCompile(`^SLEV$`), "BtchBookg": regexp.MustCompile(`^(true|false)$`),
}

func valid(t *testing.T, n node) {
	t.Helper()
	if want, known := sequence[n.XMLName.Local]; known {
		at := 0
		for _, c := range n.Nodes {
			i := slices.Index(want, c.XMLName.Local)
			if i < at {
				t.Errorf("%s: %s is out of order or unknown", n.XMLName.Local, c.XMLName.Local)
			}
			at = max(at, i)
		}
		if len(n.Nodes) == 0 {
			t.Errorf("%s is empty", n.XMLName.Local)
		}
	}
	if form := types[n.XMLName.Local]; form != nil && !form.MatchString(n.Text) {
		t.Errorf("%s is %q", n.XMLName.Local, n.Text)
	}
	for _, c := range n.Nodes {
		valid(t, c)
	}
}

func (n node) find(path ...string) (found []string) {
	if len(path) == 0 {
		return []string{n.Text}
	}
	for _, c := range n.Nodes {
		if c.XMLName.Local == path[0] {
			found = append(found, c.find(path[1:]...)...)
		}
	}
	return found
}

func TestFilesFollowTheSchema(t *testing.T) {
	t.Parallel()
	for _, v := range []sepa.Version{sepa.Pain03, sepa.Pain09} {
		raw, err := order(v).Render()
		if err != nil {
			t.Fatal(err)
		}
		again, _ := order(v).Render()
		if !bytes.Equal(raw, again) {
			t.Error("other bytes the second time")
		}
		var doc node
		if err := xml.NewDecoder(io.Reader(bytes.NewReader(raw))).Decode(&doc); err != nil {
			t.Fatalf("%v in\n%s", err, raw)
		}
		if doc.XMLName.Space != "urn:iso:std:iso:20022:tech:xsd:"+string(v) {
			t.Errorf("namespace %s", doc.XMLName.Space)
		}
		valid(t, doc)
		pay := []string{"CstmrCdtTrfInitn", "PmtInf"}
		for _, c := range []struct {
			path []string
			want string
		}{
			{[]string{"CstmrCdtTrfInitn", "GrpHdr", "NbOfTxs"}, "2"}, {[]string{"CstmrCdtTrfInitn", "GrpHdr", "CtrlSum"}, "285.01"},
			{append(pay, "CdtTrfTxInf", "Cdtr", "Nm"), "Elise O'Brien + son / x"}, {append(pay, "CdtTrfTxInf", "Amt", "InstdAmt"), "285.00"},
			{append(pay, "CdtTrfTxInf", "PmtId", "EndToEndId"), "TB-1"}, {append(pay, "DbtrAcct", "Id", "IBAN"), string(ours)},
			{append(pay, "DbtrAgt", "FinInstnId", map[sepa.Version]string{sepa.Pain03: "BIC", sepa.Pain09: "BICFI"}[v]), "KREDBEBB"},
		} {
			if got := doc.find(c.path...); len(got) == 0 || got[0] != c.want {
				t.Errorf("%s: %v is %v, want %q", v, c.path, got, c.want)
			}
		}
		day := doc.find(append(pay, "ReqdExctnDt")...)
		if v == sepa.Pain09 {
			day = doc.find(append(pay, "ReqdExctnDt", "Dt")...)
		}
		if len(day) != 1 || day[0] != "2027-03-10" {
			t.Errorf("%s: execution on %v", v, day)
		}
	}
}

func TestRefusesWhatNoBankTakes(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(o *sepa.Order){
		"nobody":           func(o *sepa.Order) { o.Transfers = nil },
		"an amount of 0":   func(o *sepa.Order) { o.Transfers[0].Amount = 0 },
		"a wrong account":  func(o *sepa.Order) { o.Transfers[0].IBAN = "BE62510007547062" },
		"the same twice":   func(o *sepa.Order) { o.Transfers[1].EndToEndID = "TB-1" },
		"nobody's account": func(o *sepa.Order) { o.Transfers[0].Name = "王小明" },
		"another version":  func(o *sepa.Order) { o.Version = "pain.001.001.02" },
		"too much":         func(o *sepa.Order) { o.Transfers[0].Amount = money.Cents(1e12) },
	} {
		o := order(sepa.Pain09)
		spoil(&o)
		if _, err := o.Render(); !errors.Is(err, sepa.ErrOrder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
