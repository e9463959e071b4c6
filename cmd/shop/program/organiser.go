package program

import (
	"joetz/payments/invoice/pdf"
	"joetz/shop/mail"
	"joetz/templates/layout"
	letters "joetz/templates/mail"
)

// organiser is who runs this shop; every page, letter and document takes it from here.
var organiser = layout.Organiser{
	Name: "JOETZ vzw", Brand: "JOETZ", Street: "Sint-Jansstraat 32", Postcode: "1000", City: "Brussel",
	Enterprise: "BE 0123.456.749", Email: "info@joetz.be", Phone: "02 000 00 00", // no number in Belgium begins so: put your own
}

// letterhead is the organiser at the top of a mail.
func letterhead(site string) letters.Letterhead {
	o := organiser
	return letters.Letterhead{
		Brand: o.Brand, Name: o.Name, Address: o.Street + ", " + o.Postcode + " " + o.City,
		Enterprise: o.Enterprise, Email: o.Email, Phone: o.Phone, Site: site,
	}
}

// sender is who mails come from.
func sender() mail.Address { return mail.Address{Name: organiser.Name, Email: organiser.Email} }

// account550 is the bank account that parents pay to.
var account550 = struct{ Payee, IBAN, BIC string }{"JOETZ VZW", "BE68 5390 0754 7034", "KREDBEBB"}

// seller is the organiser at the top of an invoice.
func seller() pdf.Seller {
	o := organiser
	return pdf.Seller{
		Brand: o.Brand, Name: o.Name, Street: o.Street, City: o.Postcode + " " + o.City, Enterprise: o.Enterprise, Register: "RPR Brussel",
		Email: o.Email, Phone: o.Phone, Site: "www.joetz.be", Payee: account550.Payee, IBAN: account550.IBAN, BIC: account550.BIC,
	}
}
