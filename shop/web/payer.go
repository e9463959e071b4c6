package web

// PayerForm is the question who pays, which several pages ask as the field payer: "self", "new" with what follows, or the
// number of one who paid before. Who answered "new" is asked for the rest by the service.
type PayerForm struct {
	Who        string `form:"who" validate:"max=20"`
	Name       string `form:"name" validate:"max=120"`
	Email      string `form:"email" validate:"omitempty,mail,max=200"`
	Street     string `form:"street" validate:"max=120"`
	PostalCode string `form:"postal_code" validate:"max=12"`
	City       string `form:"city" validate:"max=80"`
	Country    string `form:"country" validate:"omitempty,len=2"`
	Enterprise string `form:"enterprise" validate:"max=20"`
	Reference  string `form:"reference" validate:"max=60"`
}
