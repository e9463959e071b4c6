package ubl_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"joetz/payments/invoice/pdf"
	"joetz/payments/invoice/ubl"
	"joetz/terms/civil"
	"joetz/terms/money"
)

var seller = pdf.Seller{Brand: "JOETZ", Name: "JOETZ vzw", Street: "Sint-Jansstraat 32", City: "1000 Brussel", Enterprise: "BE 0123.456.749", Register: "RPR Brussel",
	Email: "info@example.be", Payee: "JOETZ VZW", IBAN: "BE68 5390 0754 7034", BIC: "KREDBEBB"}

func invoice() ubl.Document {
	return ubl.Document{BuyerEmail: "an@example.be", Document: pdf.Document{
		Kind: "balance", Number: "V-2027-00017", Reference: "V1000001", IssuedOn: civil.Must(2027, 3, 1), DueOn: civil.Must(2027, 3, 15), Communication: "+++100/0000/10135+++",
		Payer: pdf.Payer{Name: "An <Peeters> & co", Street: "Kerkstraat 1", PostalCode: "3000", City: "Leuven", Country: "BE"},
		Lines: []pdf.Line{{Description: "Lotte: Sneeuwpret", Amount: 425_00}, {Description: "korting" + strings.Repeat(" voor trouwe deelnemers", 5), Amount: -25_00}}, Total: 400_00, Paid: 100_00,
		Earlier: []pdf.Earlier{{Number: "VV-2027-00003", On: civil.Must(2027, 1, 4), Amount: 75_00}},
	}}
}

func bought() ubl.Document {
	d := invoice()
	d.Payer.Name, d.Payer.Enterprise, d.Payer.Reference = "OCMW Leuven", "0987654318", "DOSSIER 77"
	return d
}

func credit() ubl.Document {
	d := invoice()
	d.Kind, d.Number, d.Total, d.Paid, d.Communication = "credit", "CN-2027-00001", -335_00, 0, ""
	d.Lines = []pdf.Line{{Description: "", Amount: -335_00}}
	return d
}

// node is an element with everything in it.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func (n node) all(path string) (found []node) {
	first, rest, more := strings.Cut(path, "/")
	for _, c := range n.Nodes {
		switch {
		case c.XMLName.Local != first:
		case more:
			found = append(found, c.all(rest)...)
		default:
			found = append(found, c)
		}
	}
	return found
}

func (n node) text(path string) string {
	if all := n.all(path); len(all) > 0 {
		return strings.TrimSpace(all[0].Text)
	}
	return ""
}

func (n node) cents(t *testing.T, path string) money.Cents {
	t.Helper()
	c, err := money.Parse(n.text(path))
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return c
}

func parse(t *testing.T, raw []byte) (n node) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(raw)))
	if err := d.Decode(&n); err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Errorf("something follows the document: %v", err)
	}
	return n
}

// The order of elements in UBL's schema, of those that are used. A schema refuses any other.
var order = map[string][]string{
	"Invoice": {"CustomizationID", "ProfileID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "DocumentCurrencyCode", "BuyerReference", "BillingReference",
		"AccountingSupplierParty", "AccountingCustomerParty", "PaymentMeans", "TaxTotal", "LegalMonetaryTotal", "InvoiceLine"},
	"CreditNote": {"CustomizationID", "ProfileID", "ID", "IssueDate", "CreditNoteTypeCode", "DocumentCurrencyCode", "BuyerReference", "BillingReference",
		"AccountingSupplierParty", "AccountingCustomerParty", "TaxTotal", "LegalMonetaryTotal", "CreditNoteLine"},
	"Party":                 {"EndpointID", "PartyName", "PostalAddress", "PartyTaxScheme", "PartyLegalEntity", "Contact"},
	"PostalAddress":         {"StreetName", "CityName", "PostalZone", "Country"},
	"PartyTaxScheme":        {"CompanyID", "TaxScheme"},
	"PartyLegalEntity":      {"RegistrationName", "CompanyID", "CompanyLegalForm"},
	"PaymentMeans":          {"PaymentMeansCode", "PaymentID", "PayeeFinancialAccount"},
	"PayeeFinancialAccount": {"ID", "Name", "FinancialInstitutionBranch"},
	"TaxTotal":              {"TaxAmount", "TaxSubtotal"},
	"TaxSubtotal":           {"TaxableAmount", "TaxAmount", "TaxCategory"},
	"TaxCategory":           {"ID", "Percent", "TaxExemptionReasonCode", "TaxExemptionReason", "TaxScheme"},
	"LegalMonetaryTotal":    {"LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PrepaidAmount", "PayableAmount"},
	"InvoiceLine":           {"ID", "InvoicedQuantity", "LineExtensionAmount", "Item", "Price"},
	"CreditNoteLine":        {"ID", "CreditedQuantity", "LineExtensionAmount", "Item", "Price"},
	"Item":                  {"Description", "Name", "ClassifiedTaxCategory"},
	"ClassifiedTaxCategory": {"ID", "Percent", "TaxScheme"},
}

func inOrder(t *testing.T, n node) {
	t.Helper()
	if want, known := order[n.XMLName.Local]; known {
		at := 0
		for _, c := range n.Nodes {
			i := slices.Index(want, c.XMLName.Local)
			if i < at {
				t.Errorf("%s: %s is out of order or unknown", n.XMLName.Local, c.XMLName.Local)
			}
			at = max(at, i)
		}
	}
	for _, c := range n.Nodes {
		if len(c.Nodes) == 0 && strings.TrimSpace(c.Text) == "" {
			t.Errorf("%s/%s is empty (PEPPOL-EN16931-R008)", n.XMLName.Local, c.XMLName.Local)
		}
		inOrder(t, c)
	}
}

// valid holds a document against the rules of EN 16931 and Peppol BIS Billing 3 that concern it, by their names there.
func valid(t *testing.T, n node) {
	t.Helper()
	inOrder(t, n)
	for rule, path := range map[string]string{
		"BR-01": "CustomizationID", "PEPPOL-EN16931-R001": "ProfileID", "BR-02": "ID", "BR-03": "IssueDate", "BR-05": "DocumentCurrencyCode", "PEPPOL-EN16931-R003": "BuyerReference",
		"BR-06": "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName", "BR-07": "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName",
		"BR-09": "AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode", "BR-11": "AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode",
		"PEPPOL-EN16931-R020": "AccountingSupplierParty/Party/EndpointID", "PEPPOL-EN16931-R010": "AccountingCustomerParty/Party/EndpointID",
		"BR-E-02": "AccountingSupplierParty/Party/PartyTaxScheme/CompanyID", "BR-E-10": "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason",
	} {
		if n.text(path) == "" {
			t.Errorf("%s: %s is missing", rule, path)
		}
	}
	lines := append(n.all("InvoiceLine"), n.all("CreditNoteLine")...)
	if len(lines) == 0 {
		t.Error("BR-16: no line")
	}
	var sum money.Cents
	for _, l := range lines {
		amount, price := l.cents(t, "LineExtensionAmount"), l.cents(t, "Price/PriceAmount")
		quantity := l.text("InvoicedQuantity") + l.text("CreditedQuantity")
		if price < 0 {
			t.Errorf("BR-27: a price of %v", price)
		}
		if want := map[string]money.Cents{"1": price, "-1": -price}[quantity]; want != amount {
			t.Errorf("PEPPOL-EN16931-R120: %s of %v is not %v", quantity, price, amount)
		}
		if l.text("Item/ClassifiedTaxCategory/ID") != "E" || l.text("Item/ClassifiedTaxCategory/Percent") != "0" {
			t.Error("BR-E-05: a line of an exempt document at another rate")
		}
		sum += amount
	}
	total := n.cents(t, "LegalMonetaryTotal/TaxInclusiveAmount")
	for rule, c := range map[string][2]money.Cents{
		"BR-CO-10": {n.cents(t, "LegalMonetaryTotal/LineExtensionAmount"), sum},
		"BR-CO-13": {n.cents(t, "LegalMonetaryTotal/TaxExclusiveAmount"), sum},
		"BR-CO-15": {total, sum + n.cents(t, "TaxTotal/TaxAmount")},
		"BR-E-08":  {n.cents(t, "TaxTotal/TaxSubtotal/TaxableAmount"), sum},
		"BR-E-09":  {n.cents(t, "TaxTotal/TaxSubtotal/TaxAmount"), 0},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %v is not %v", rule, c[0], c[1])
		}
	}
	prepaid := money.Cents(0)
	if n.text("LegalMonetaryTotal/PrepaidAmount") != "" {
		prepaid = n.cents(t, "LegalMonetaryTotal/PrepaidAmount")
	}
	if got := n.cents(t, "LegalMonetaryTotal/PayableAmount"); got != total-prepaid {
		t.Errorf("BR-CO-16: payable %v of %v less %v", got, total, prepaid)
	}
}

func TestDocumentsFollowTheRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		doc  ubl.Document
		root string
		want map[string]string
	}{
		"invoice": {invoice(), "Invoice", map[string]string{"ID": "V-2027-00017", "InvoiceTypeCode": "380", "DueDate": "2027-03-15", "PaymentMeans/PaymentID": "+++100/0000/10135+++", "InvoiceLine/Item/Description": "korting" + strings.Repeat(" voor trouwe deelnemers", 5),
			"LegalMonetaryTotal/PayableAmount": "300.00", "BillingReference/InvoiceDocumentReference/ID": "VV-2027-00003", "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName": "An <Peeters> & co",
			"AccountingSupplierParty/Party/EndpointID": "0123456749", "PaymentMeans/PayeeFinancialAccount/ID": "BE68539007547034"}},
		"an organisation pays": {bought(), "Invoice", map[string]string{"AccountingCustomerParty/Party/PartyLegalEntity/CompanyID": "0987654318", "AccountingCustomerParty/Party/EndpointID": "0987654318",
			"BuyerReference": "DOSSIER 77", "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName": "OCMW Leuven"}},
		"credit note": {credit(), "CreditNote", map[string]string{"ID": "CN-2027-00001", "CreditNoteTypeCode": "381", "DueDate": "", "PaymentMeans": "", "LegalMonetaryTotal/PayableAmount": "335.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := ubl.Render(c.doc, seller)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := ubl.Render(c.doc, seller)
			if !bytes.Equal(raw, again) {
				t.Error("other bytes the second time")
			}
			n := parse(t, raw)
			if n.XMLName.Local != c.root || !strings.Contains(n.XMLName.Space, c.root+"-2") {
				t.Errorf("root %v", n.XMLName)
			}
			valid(t, n)
			for path, want := range c.want {
				if got := n.text(path); got != want {
					t.Errorf("%s is %q, want %q", path, got, want)
				}
			}
			if t.Failed() {
				fmt.Println(string(raw))
			}
		})
	}
}
