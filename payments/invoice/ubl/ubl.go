// Package ubl writes an invoice or credit note as UBL 2.1 XML in the shape of Peppol BIS Billing 3, for accounting packages.
//
// Owns: the mapping of a document to EN 16931. Tables: none.
// May import: terms, payments/invoice/pdf for the values of a document.
// Always true: the same document gives the same bytes; amounts have two decimals and add up; everything is exempt from VAT
// (category E: art. 44 § 2, 2° W.Btw, youth work), so no VAT is ever charged.
package ubl

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"joetz/payments/invoice/pdf"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// What every document says of itself.
const (
	customization = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
	profile       = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
	// Exemption is why no VAT is charged, as code and in words (directive 2006/112/EC art. 132.1.h).
	exemptionCode = "VATEX-EU-132-1H"
	exemption     = "Vrijgesteld van btw - art. 44, § 2, 2° W.Btw"
)

const (
	invoiceSpace = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
	creditSpace  = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2" //nolint:gosec // the name of a schema, no credential
	cacSpace     = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
	cbcSpace     = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
)

// Document is what is written: the paper's values, and where the buyer can be reached.
type Document struct {
	pdf.Document
	BuyerEmail string
}

// Render writes the document.
func Render(d Document, s pdf.Seller) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	w := writer{b: &b}
	credit := d.Kind == "credit"
	root, space := "Invoice", invoiceSpace
	if credit {
		root, space = "CreditNote", creditSpace
	}
	fmt.Fprintf(&b, `<%s xmlns="%s" xmlns:cac="%s" xmlns:cbc="%s">`+"\n", root, space, cacSpace, cbcSpace)
	w.head(d, credit)
	w.seller(s)
	w.buyer(d)
	w.payment(d, s, credit)
	w.totals(d)
	for i, l := range d.Lines {
		w.line(i+1, l, credit)
	}
	fmt.Fprintf(&b, "</%s>\n", root)
	return b.Bytes(), w.err
}

type writer struct {
	b     *bytes.Buffer
	depth int
	err   error
}

// open begins an aggregate, closed by what it returns.
func (w *writer) open(name string) func() {
	w.depth++
	fmt.Fprintf(w.b, "%s<cac:%s>\n", strings.Repeat("  ", w.depth), name)
	return func() {
		fmt.Fprintf(w.b, "%s</cac:%s>\n", strings.Repeat("  ", w.depth), name)
		w.depth--
	}
}

// put writes a basic element; an empty one is left out. attributes are name and value in turn.
func (w *writer) put(name, value string, attributes ...string) {
	if value == "" {
		return
	}
	fmt.Fprintf(w.b, "%s<cbc:%s", strings.Repeat("  ", w.depth+1), name)
	for i := 0; i+1 < len(attributes); i += 2 {
		fmt.Fprintf(w.b, ` %s="%s"`, attributes[i], attributes[i+1])
	}
	w.b.WriteByte('>')
	if err := xml.EscapeText(w.b, []byte(value)); err != nil {
		w.err = err
	}
	fmt.Fprintf(w.b, "</cbc:%s>\n", name)
}

func (w *writer) money(name string, c money.Cents) { w.put(name, c.String(), "currencyID", "EUR") }

func (w *writer) head(d Document, credit bool) {
	w.put("CustomizationID", customization)
	w.put("ProfileID", profile)
	w.put("ID", d.Number)
	w.put("IssueDate", d.IssuedOn.String())
	if credit {
		w.put("CreditNoteTypeCode", "381")
	} else {
		w.put("DueDate", due(d).String())
		w.put("InvoiceTypeCode", "380")
	}
	w.put("DocumentCurrencyCode", "EUR")
	w.put("BuyerReference", cmp.Or(d.Payer.Reference, d.Reference))
	for _, e := range d.Earlier {
		end := w.open("BillingReference")
		inner := w.open("InvoiceDocumentReference")
		w.put("ID", e.Number)
		w.put("IssueDate", e.On.String())
		inner()
		end()
	}
}

func due(d Document) civil.Date {
	if d.DueOn.Before(d.IssuedOn) {
		return d.IssuedOn
	}
	return d.DueOn
}

// enterprise is the ten digits of the enterprise number.
func enterprise(s pdf.Seller) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s.Enterprise)
}

func (w *writer) seller(s pdf.Seller) {
	number := enterprise(s)
	zip, city, _ := strings.Cut(s.City, " ")
	end, party := w.open("AccountingSupplierParty"), w.open("Party")
	w.put("EndpointID", number, "schemeID", "0208")
	name := w.open("PartyName")
	w.put("Name", s.Brand)
	name()
	w.address(s.Street, city, zip, "BE")
	tax := w.open("PartyTaxScheme") // BT-32: an exempt seller names its enterprise number (BR-E-02)
	w.put("CompanyID", number)
	w.scheme("TAX")
	tax()
	legal := w.open("PartyLegalEntity")
	w.put("RegistrationName", s.Name)
	w.put("CompanyID", number, "schemeID", "0208")
	w.put("CompanyLegalForm", s.Register)
	legal()
	if s.Phone != "" || s.Email != "" {
		contact := w.open("Contact")
		w.put("Telephone", s.Phone)
		w.put("ElectronicMail", s.Email)
		contact()
	}
	party()
	end()
}

func (w *writer) buyer(d Document) {
	end, party := w.open("AccountingCustomerParty"), w.open("Party")
	if d.Payer.Enterprise != "" {
		w.put("EndpointID", d.Payer.Enterprise, "schemeID", "0208")
	} else {
		w.put("EndpointID", d.BuyerEmail, "schemeID", "EM")
	}
	w.address(d.Payer.Street, d.Payer.City, d.Payer.PostalCode, d.Payer.Country)
	legal := w.open("PartyLegalEntity")
	w.put("RegistrationName", d.Payer.Name)
	w.put("CompanyID", d.Payer.Enterprise, "schemeID", "0208")
	legal()
	party()
	end()
}

func (w *writer) address(street, city, zip, country string) {
	end := w.open("PostalAddress")
	w.put("StreetName", street)
	w.put("CityName", city)
	w.put("PostalZone", zip)
	land := w.open("Country")
	w.put("IdentificationCode", country)
	land()
	end()
}

func (w *writer) scheme(id string) {
	end := w.open("TaxScheme")
	w.put("ID", id)
	end()
}

// payment is how it is to be paid: a SEPA transfer (58) with the structured communication.
func (w *writer) payment(d Document, s pdf.Seller, credit bool) {
	if credit {
		return
	}
	end := w.open("PaymentMeans")
	w.put("PaymentMeansCode", "58")
	w.put("PaymentID", d.Communication)
	account := w.open("PayeeFinancialAccount")
	w.put("ID", strings.ReplaceAll(s.IBAN, " ", ""))
	w.put("Name", s.Payee)
	if s.BIC != "" {
		branch := w.open("FinancialInstitutionBranch")
		w.put("ID", s.BIC)
		branch()
	}
	account()
	end()
}

func (w *writer) totals(d Document) {
	total, paid := d.Total, d.Paid
	if total < 0 {
		total, paid = -total, 0
	}
	end := w.open("TaxTotal")
	w.money("TaxAmount", 0)
	sub := w.open("TaxSubtotal")
	w.money("TaxableAmount", total)
	w.money("TaxAmount", 0)
	w.category("TaxCategory", true)
	sub()
	end()
	end = w.open("LegalMonetaryTotal")
	w.money("LineExtensionAmount", total)
	w.money("TaxExclusiveAmount", total)
	w.money("TaxInclusiveAmount", total)
	if paid != 0 {
		w.money("PrepaidAmount", paid)
	}
	w.money("PayableAmount", total-paid)
	end()
}

func (w *writer) category(name string, why bool) {
	end := w.open(name)
	w.put("ID", "E")
	w.put("Percent", "0")
	if why {
		w.put("TaxExemptionReasonCode", exemptionCode)
		w.put("TaxExemptionReason", exemption)
	}
	w.scheme("VAT")
	end()
}

// line writes a line; a price is never negative in EN 16931, a quantity may be.
func (w *writer) line(n int, l pdf.Line, credit bool) {
	amount, quantity := l.Amount, "1"
	name, measure := "InvoiceLine", "InvoicedQuantity"
	if credit {
		name, measure, amount = "CreditNoteLine", "CreditedQuantity", -amount
	}
	price := amount
	if price < 0 {
		price, quantity = -price, "-1"
	}
	end := w.open(name)
	w.put("ID", strconv.Itoa(n))
	w.put(measure, quantity, "unitCode", "C62")
	w.money("LineExtensionAmount", amount)
	item := w.open("Item")
	short, whole := itemName(l.Description)
	w.put("Description", whole)
	w.put("Name", short)
	w.category("ClassifiedTaxCategory", false)
	item()
	unit := w.open("Price")
	w.money("PriceAmount", price)
	unit()
	end()
}

// itemName keeps a name that packages with short fields can take, and is never empty; what was cut off stands in whole.
func itemName(text string) (name, whole string) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "-", ""
	}
	if r := []rune(text); len(r) > 100 {
		return string(r[:100]), text
	}
	return text, ""
}
