package parent

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/id"
)

type choicesForm struct {
	Category      string `form:"category"`
	BoardingPlace int64  `form:"boarding_place"`
	Insured       string `form:"insured"`
	Care          string `form:"care"`
	CareText      string `form:"care_text" validate:"max=2000"`
	PhotoConsent  string `form:"photo_consent"`
	Gender        string `form:"gender"`
	Group         string `form:"group"`
}

func (f choicesForm) choices(lang string) booking.Choices {
	return booking.Choices{
		Category: catalogue.Category(f.Category), BoardingPlace: id.BoardingPlace(f.BoardingPlace),
		Insured: answer(f.Insured), Care: answer(f.Care), CareText: f.CareText, PhotoConsent: f.PhotoConsent, Gender: f.Gender, Group: answer(f.Group), Lang: lang,
	}
}

// answer is yes, no or nothing yet.
func answer(typed string) *bool {
	if typed != "yes" && typed != "no" {
		return nil
	}
	yes := typed == "yes"
	return &yes
}

func typed(answer *bool) string {
	switch {
	case answer == nil:
		return ""
	case *answer:
		return "yes"
	}
	return "no"
}

// ShowChoices asks what is to be decided for one child.
func (h *Handlers) ShowChoices(c *fiber.Ctx) error {
	page, err := h.choicesPage(c)
	if err != nil {
		return orNext(c, err)
	}
	return web.Render(c, parent.Choices(page))
}

func (h *Handlers) choicesPage(c *fiber.Ctx) (page parent.ChoicesPage, err error) {
	basket, child, err := h.childStep(c)
	if err != nil {
		return page, err
	}
	if child.Participant == 0 {
		return page, errNext
	}
	b, d, err := h.basketPage(c, basket, child)
	if err != nil {
		return page, err
	}
	family, err := h.Accounts.ChildrenOf(c.UserContext(), basket.Guardian)
	if err != nil {
		return page, err
	}
	premium, insurable := h.Bookings.Insurance(d)
	b.Title = b.T("checkout.step.choices")
	b.Back = previous(b.Page, placePath(child.Position))
	page = parent.ChoicesPage{
		Basket: b, Categories: categoryOptions(b.Page, d.Prices), Category: string(child.Category),
		BoardingPlaces: boardingOptions(d), Insurable: insurable, Premium: premium,
		Insured: typed(child.Insured), Care: typed(child.Care), PhotoConsent: child.PhotoConsent, AsksGender: d.AsksGender(), TargetGroup: d.TargetGroup,
	}
	if d.Inclusive {
		extra, err := h.Catalogue.GroupQuestions(c.UserContext(), d.TargetGroup)
		if err != nil {
			return page, err
		}
		for _, q := range h.Medical.Questions.Current().Extra() {
			if extra == nil || slices.Contains(extra, q.ID) {
				page.Extra = append(page.Extra, q.Label.In(b.Lang))
			}
		}
	}
	if d.TargetGroup != "" && child.Care != nil { // answered before, and only yes goes on
		page.Group = "yes"
	}
	for _, person := range family {
		if person.ID == child.Participant {
			page.FirstName, page.Gender = person.FirstName, person.Gender
		}
	}
	if child.BoardingPlace != 0 {
		page.BoardingPlace = strconv.FormatInt(int64(child.BoardingPlace), 10)
	}
	if page.Extras, err = h.extraFields(c, b.Page, basket, child); err != nil {
		return page, err
	}
	// What was written about care is shown again only to the guardian who wrote it, and only from the sealed fiche.
	page.CareText, err = h.Bookings.CareText(c.UserContext(), basket, child)
	return page, err
}

func categoryOptions(p layout.Page, prices catalogue.Prices) []ui.Option {
	var options []ui.Option
	for _, category := range prices.Categories() {
		price, _ := prices.Of(category)
		key := "checkout.category." + string(category)
		options = append(options, ui.Option{Value: string(category), Label: p.T(key), Hint: p.T(key + "_hint"), Side: p.Money(price)})
	}
	return options
}

func boardingOptions(d catalogue.Departure) []ui.Option {
	var options []ui.Option
	for _, b := range d.BoardingPlaces {
		options = append(options, ui.Option{Value: strconv.FormatInt(int64(b.ID), 10), Label: b.Name})
	}
	return options
}

// SaveChoices keeps the answers about one child.
func (h *Handlers) SaveChoices(c *fiber.Ctx) error {
	position, err := strconv.Atoi(c.Params("position"))
	if err != nil {
		return orNext(c, errNext)
	}
	in, err := web.Form[choicesForm](c)
	more := false
	if err == nil {
		err = h.whileHeld(c, func() (err error) { more, err = h.choose(c, position, in); return err })
	}
	if problems := web.Problems(c, err); problems != nil && !elsewhere(err) {
		return h.choicesAgain(c, in, problems)
	}
	if err != nil {
		return orNext(c, err)
	}
	if more {
		return web.SeeOther(c, placePath(position+1))
	}
	return web.SeeOther(c, "/boeken")
}

// choose keeps the answers. The basket is read by who keeps them; before that only where there are extras to look up.
func (h *Handlers) choose(c *fiber.Ctx, position int, in choicesForm) (more bool, err error) {
	choices := in.choices(web.Language(c))
	if web.TypedUnder(c, extra.FieldPrefix) {
		_, child, err := h.childStep(c)
		if err != nil {
			return false, err
		}
		if choices.Extras, err = h.pickedExtras(c, child.Departure); err != nil {
			return false, err
		}
	}
	return h.Bookings.ChooseNext(c.UserContext(), web.Cookie(c, basketCookie), web.Who(c).GuardianID, position, choices)
}

// choicesAgain shows the questions again with what was answered.
func (h *Handlers) choicesAgain(c *fiber.Ctx, in choicesForm, problems ui.Errors) error {
	var page parent.ChoicesPage
	err := h.whileHeld(c, func() (err error) { page, err = h.choicesPage(c); return err })
	if err != nil {
		return orNext(c, err)
	}
	page.Category, page.Insured, page.Care, page.CareText, page.PhotoConsent = in.Category, in.Insured, in.Care, in.CareText, in.PhotoConsent
	page.Gender, page.Group = in.Gender, in.Group
	page.BoardingPlace = web.Typed(c, "boarding_place")
	for i := range page.Extras {
		page.Extras[i].Value = web.Typed(c, page.Extras[i].Name)
	}
	page.Basket = failed(page.Basket, problems)
	return web.RenderAgain(c, parent.Choices(page))
}
