package change

import (
	"fmt"
	"strings"

	"joetz/templates/layout"
	"joetz/templates/ui"
)

// KnownPayer is one who paid for the family before.
type KnownPayer struct {
	ID   int64
	Name string
	City string
}

// PayerFields is the question who pays: the parent, one who did before, or somebody new.
type PayerFields struct {
	Who                                                                   string // "self", "new" or an id
	Parent                                                                string // name; "" where the parent answers
	Name, Email, Street, PostalCode, City, Country, Enterprise, Reference string
	Known                                                                 []KnownPayer
	Errors                                                                ui.Errors
}

// Open reports whether somebody else is chosen or something is wrong: then the question stands open.
func (f PayerFields) Open() bool {
	for _, e := range f.Errors {
		if strings.HasPrefix(e.Field, "payer.") {
			return true
		}
	}
	return f.Who != "" && f.Who != "self"
}

func (f PayerFields) options(p layout.Page) []ui.Option {
	self := p.T("payer.self")
	if f.Parent != "" {
		self = p.T("payer.parent", f.Parent)
	}
	options := []ui.Option{{Value: "self", Label: self}}
	for _, k := range f.Known {
		options = append(options, ui.Option{Value: fmt.Sprint(k.ID), Label: k.Name, Hint: k.City})
	}
	return append(options, ui.Option{Value: "new", Label: p.T("payer.new"), Hint: p.T("payer.new_hint")})
}

func payerCountries(p layout.Page) []ui.Option {
	var options []ui.Option
	for _, code := range []string{"BE", "NL", "FR", "DE", "LU"} {
		options = append(options, ui.Option{Value: code, Label: p.T("country." + code)})
	}
	return options
}

// PayerPage changes who gets the invoices of an order.
type PayerPage struct {
	layout.Page
	Reference string
	Action    string
	Fields    PayerFields
	Made      []string // the documents that keep their address
}
