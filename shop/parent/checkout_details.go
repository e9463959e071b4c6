package parent

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
)

type detailsForm struct {
	FirstName  string `form:"first_name" validate:"required,max=80"`
	LastName   string `form:"last_name" validate:"required,max=80"`
	Phone      string `form:"phone" validate:"required,phone"`
	Street     string `form:"street" validate:"required,max=120"`
	PostalCode string `form:"postal_code" validate:"required,postcode"`
	City       string `form:"city" validate:"required,max=80"`
	Country    string `form:"country" validate:"required,len=2"`

	Payer web.PayerForm `form:"payer"`
}

// homeCountries are the countries that invoices go to, as the form offers them.
var homeCountries = []string{"BE", "NL", "FR", "DE", "LU"}

// ShowDetails asks who the parent is.
func (h *Handlers) ShowDetails(c *fiber.Ctx) error {
	page, err := h.detailsPage(c)
	if err != nil {
		return orNext(c, err)
	}
	return web.Render(c, parent.Details(page))
}

func (h *Handlers) detailsPage(c *fiber.Ctx) (page parent.DetailsPage, err error) {
	basket, err := h.step(c)
	if err != nil {
		return page, err
	}
	b, _, err := h.basketPage(c, basket, basket.Children[0])
	if err != nil {
		return page, err
	}
	g, err := h.Accounts.GuardianByID(c.UserContext(), basket.Guardian)
	if err != nil {
		return page, err
	}
	b.Title = b.T("checkout.details.title")
	b.Back = previous(b.Page, choicesPath(len(basket.Children)))
	payer, err := h.payerFields(c, basket)
	return parent.DetailsPage{
		Basket: b, Payer: payer, FirstName: g.FirstName, LastName: g.LastName, Phone: g.Phone, Street: g.Street, PostalCode: g.PostalCode, City: g.City,
		Country: g.Country, Countries: countryOptions(b.Page),
	}, err
}

// payerFields is who pays the basket, and who paid for the family before.
func (h *Handlers) payerFields(c *fiber.Ctx, basket booking.Checkout) (change.PayerFields, error) {
	ctx := c.UserContext()
	f := change.PayerFields{Who: "self", Country: "BE"}
	chosen, err := h.Bookings.PayerOf(ctx, basket)
	if err != nil {
		return f, err
	}
	known, err := h.Bookings.Payers(ctx, basket.Guardian)
	for _, k := range known {
		f.Known = append(f.Known, change.KnownPayer{ID: int64(k.ID), Name: k.Name, City: k.City})
		if chosen.ID != 0 && k.Name == chosen.Name && k.Email == chosen.Email {
			f.Who = strconv.FormatInt(int64(k.ID), 10)
		}
	}
	return f, err
}

func countryOptions(p layout.Page) []ui.Option {
	options := make([]ui.Option, len(homeCountries))
	for i, code := range homeCountries {
		options[i] = ui.Option{Value: code, Label: p.T("country." + code)}
	}
	return options
}

// SaveDetails keeps who the parent is.
func (h *Handlers) SaveDetails(c *fiber.Ctx) error {
	var page parent.DetailsPage
	err := h.whileHeld(c, func() (err error) { page, err = h.detailsPage(c); return err })
	if err != nil {
		return orNext(c, err)
	}
	in, err := web.Form[detailsForm](c)
	if err == nil {
		err = h.saveGuardian(c, account.GuardianInput{
			FirstName: in.FirstName, LastName: in.LastName, Phone: in.Phone, Street: in.Street, PostalCode: in.PostalCode, City: in.City,
			Country: in.Country, Lang: page.Lang,
		}, in.Payer)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.FirstName, page.LastName, page.Phone, page.Street = in.FirstName, in.LastName, in.Phone, in.Street
		page.PostalCode, page.City, page.Country = in.PostalCode, in.City, in.Country
		f := in.Payer
		page.Payer = change.PayerFields{Who: f.Who, Name: f.Name, Email: f.Email, Street: f.Street, PostalCode: f.PostalCode, City: f.City,
			Country: f.Country, Enterprise: f.Enterprise, Reference: f.Reference, Known: page.Payer.Known, Errors: problems}
		page.Basket = failed(page.Basket, problems)
		return web.RenderAgain(c, parent.Details(page))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/boeken")
}

func (h *Handlers) saveGuardian(c *fiber.Ctx, in account.GuardianInput, f web.PayerForm) error {
	ctx, guardian := c.UserContext(), web.Who(c).GuardianID
	return pg.InTx(ctx, h.DB, func(tx *sqlx.Tx) error {
		err := h.Bookings.ChoosePayerTx(ctx, tx, web.Cookie(c, basketCookie), guardian, booking.PayerChoice{Who: f.Who, New: booking.Payer{Name: f.Name, Email: f.Email,
			Street: f.Street, PostalCode: f.PostalCode, City: f.City, Country: f.Country, Enterprise: f.Enterprise, Reference: f.Reference}})
		if err != nil {
			return err
		}
		return h.Accounts.UpdateGuardianTx(ctx, tx, guardian, in)
	})
}
