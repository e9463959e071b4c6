package parent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/invoice/qr"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/decision"
	"joetz/shop/memberprice"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func problem(p layout.Page, field, key string) ui.FieldError {
	return ui.FieldError{Field: field, Text: p.T(key)}
}

func bookingLine(p layout.Page, b booking.Booking, sees map[id.Participant]account.Rights) parent.BookingLine {
	line := parent.BookingLine{
		Name: b.FirstName + " " + b.LastName, First: b.FirstName, Holiday: b.Title, Slug: b.Slug, StartsOn: b.DepartsOn, EndsOn: b.EndsOn, Status: b.Status,
		Category: categoryName(p, b), Evidence: b.Evidence, BoardingPlace: b.BoardingName,
	}
	if b.Status != "cancelled" && sees[b.Participant].SeesFiche {
		line.Fiche = FichePath(b.ID)
	}
	line.Rebooked = b.CancelledBy == rebooked
	line.Undo = b.CancelledBy == terms.ByCustomer.String() && b.CancelledAt != nil && civil.Of(*b.CancelledAt) == p.Today && p.Today.Before(b.DepartsOn) && !b.Off()
	for _, part := range b.Statement.Parts {
		line.Parts = append(line.Parts, parent.PartLine{Kind: part.KindOf(b.CancelledBy), DueOn: part.DueOn, Amount: part.Amount, Paid: part.Paid})
	}
	return line
}

// withChange adds what a family can still change itself: of a holiday that is on, that is over or that does not go on only the
// choice about photos, which is open for ever.
func withChange(line parent.BookingLine, b booking.Booking, can booking.Can) parent.BookingLine {
	path := fmt.Sprintf("/mijn/kind/%d/", b.ID)
	switch {
	case can.Change == nil:
		line.Change, line.ChangeKey = path+"wijzigen", "parent.booking.change"
	case can.Cancel == nil:
		line.Change, line.ChangeKey = path+"wijzigen", "parent.booking.change_last"
	case can.Photos == nil:
		line.Change, line.ChangeKey = path+"foto", "parent.booking.change_photos"
	}
	return line
}

// categoryName is the price that a booking has, "" for a parent who does not pay for it.
func categoryName(p layout.Page, b booking.Booking) string {
	if b.Category == "" {
		return ""
	}
	return p.T("checkout.category." + string(b.Category))
}

// withPrice adds what makes up what a booking that goes on costs; whatever is none of the known parts is shown as other, so
// that the lines always come to what is charged.
func withPrice(p layout.Page, line parent.BookingLine, b booking.Booking, added []payments.Added) parent.BookingLine {
	if b.Status == "in_review" { // nothing is charged yet: what it will cost is said all the same
		line.Price = b.Price
	}
	if !b.Active() || b.Statement.Charged == 0 {
		return line
	}
	line.Price, line.Discount, line.Premium, line.Charged = b.Price+b.Discount, b.Discount, b.Premium, b.Statement.Charged
	line.Other = b.Statement.Charged - b.Price - b.Extras - b.Premium
	for _, a := range added {
		if a.Booking == b.ID {
			line.Added = append(line.Added, parent.ExtraLine{Name: p.T("parent.added." + a.Kind), Price: a.Amount})
			line.Other -= a.Amount
		}
	}
	return line
}

// withProof adds where the proof of a member's price is handed in, and until when.
func withProof(line parent.BookingLine, b booking.Booking, c memberprice.Claim) parent.BookingLine {
	if b.Evidence == memberprice.NotNeeded || !b.Active() {
		return line
	}
	line.Proof = memberprice.Path(b.ID)
	if b.Evidence == memberprice.Awaited || b.Evidence == memberprice.Refused {
		line.ProofUntil = c.Until
	}
	return line
}

// withDecision adds where a family reads what the organiser decided, and answers.
func withDecision(line parent.BookingLine, l decision.Link) parent.BookingLine {
	if l.Item == 0 {
		return line
	}
	line.Decision, line.DecisionKey = l.Path, "decide.family.link_read"
	if l.MayLeave {
		line.DecisionKey = "decide.family.link_leave"
	}
	if l.Choose {
		line.DecisionKey, line.Change = "decide.family.link_choose", ""
	}
	return line
}

func keysOf(o booking.Order) []id.Booking {
	keys := make([]id.Booking, len(o.Bookings))
	for i, b := range o.Bookings {
		keys[i] = b.ID
	}
	return keys
}

// ShowOrder is one order of the family.
func (h *Handlers) ShowOrder(c *fiber.Ctx) error {
	o, err := h.familyOrder(c)
	if err != nil {
		return err
	}
	page, err := h.orderPage(c, o)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Order(page))
}

// ownOrder reads the order of the address, whole, for who placed it; another's is not found.
func (h *Handlers) ownOrder(c *fiber.Ctx) (booking.Order, error) {
	o, err := h.familyOrder(c)
	if err == nil && o.Shared {
		return booking.Order{}, booking.ErrNoBooking
	}
	return o, err
}

// familyOrder reads the order of the address for one of the family: another parent sees the shared children's part.
func (h *Handlers) familyOrder(c *fiber.Ctx) (booking.Order, error) {
	key, err := strconv.ParseInt(c.Params("order"), 10, 64)
	if err != nil {
		return booking.Order{}, booking.ErrNoBooking
	}
	return h.Bookings.FamilyOrder(c.UserContext(), web.Who(c).GuardianID, id.Order(key))
}

// orderTitle is an order as a family speaks of it: "Het geheim van Massembre: Mats, Lena". Who goes on comes before who
// ended; an order of which all ended is still called by who would have gone.
func orderTitle(p layout.Page, o booking.Order) string {
	going := slices.DeleteFunc(slices.Clone(o.Bookings), func(b booking.Booking) bool { return !b.Active() })
	if len(going) == 0 {
		going = o.Bookings
	}
	var holidays, children []string
	for _, b := range going {
		if !slices.Contains(holidays, b.Title) {
			holidays = append(holidays, b.Title)
		}
		if !slices.Contains(children, b.FirstName) {
			children = append(children, b.FirstName)
		}
	}
	if len(holidays) == 0 {
		return p.T("parent.order.title", o.Reference)
	}
	return strings.Join(holidays, ", ") + ": " + strings.Join(children, ", ")
}

func (h *Handlers) orderPage(c *fiber.Ctx, o booking.Order) (parent.OrderPage, error) {
	ctx := c.UserContext()
	p := web.Page(c)
	p.Title, p.Private = orderTitle(p, o), true
	p.Back = &layout.Link{Href: "/mijn", Text: p.T("parent.home.title")}
	comm, err := bank.ParseOGM(o.StructuredComm)
	if err != nil {
		return parent.OrderPage{}, err
	}
	due, asked := o.NextDue()
	if o.AwaitsChoice() {
		due, asked = booking.DueDay{}, false
	}
	bankAccount := h.Bookings.Account
	page := parent.OrderPage{
		Page: p, Reference: o.Reference, PlacedAt: o.PlacedAt, JustPlaced: c.Query("geboekt") != "", Email: o.PayerEmail,
		DueNow: due.Open, DueOn: due.On, DueKind: due.Kind, StructuredComm: comm.String(), IBAN: bankAccount.IBAN.String(),
		TermsVersion: edition(h.Bookings.TermsVersion(ctx, o.PolicyHash)), Shared: o.Shared,
	}
	rights, err := h.Accounts.RightsOf(ctx, web.Who(c).GuardianID)
	if err != nil {
		return page, err
	}
	claims, err := h.Bookings.ClaimsOf(ctx, o)
	if err != nil {
		return page, err
	}
	extras, err := h.Bookings.ExtrasOfOrder(ctx, o)
	if err != nil {
		return page, err
	}
	added, err := h.Payments.AddedTo(ctx, h.DB, keysOf(o)...)
	if err != nil {
		return page, err
	}
	links, err := h.Decisions.Links(ctx, keysOf(o)...)
	if err != nil {
		return page, err
	}
	ends, err := h.Bookings.EndsOf(ctx, o, p.Lang)
	if err != nil {
		return page, err
	}
	for _, b := range o.Bookings {
		line := withDecision(withProof(withChange(bookingLine(p, b, rights), b, h.Bookings.Can(b)), b, claims[b.ID]), links[b.ID])
		line.Ended = endedLine(p, b, ends[b.ID], b.Category != "", rights[b.Participant].SeesFiche)
		if o.Shared && !rights[b.Participant].Changes { // the page behind it would not be found
			line.Change = ""
		}
		if b.Category != "" { // what a parent who does not pay is not shown
			for _, e := range extras[b.ID] {
				line.Extras = append(line.Extras, parent.ExtraLine{Name: e.Name(p.Lang), Price: e.Price})
			}
			line = withPrice(p, line, b, added)
		}
		page.Bookings = append(page.Bookings, line)
		page.Charged, page.Paid = page.Charged+b.Statement.Charged, page.Paid+b.Statement.Settled()
	}
	if asked {
		page.PayAction = booking.OrderPath(o.ID) + "/betalen"
		payload, err := h.Bookings.PaymentCode(ctx, due.Open, comm)
		if err != nil {
			return page, err
		}
		if page.QR.Path, page.QR.Side, err = qr.Path(payload); err != nil {
			return page, err
		}
	}
	if err := h.addPayer(c, &page, o); err != nil {
		return page, err
	}
	if o.Shared { // what came in, went back and was invoiced is between the office and who placed the order
		return page, nil
	}
	return page, h.addMoney(ctx, &page, o)
}

// addPayer adds who gets the invoices, for those who may say so.
func (h *Handlers) addPayer(c *fiber.Ctx, page *parent.OrderPage, o booking.Order) error {
	whole, err := h.Bookings.PayerOrder(c.UserContext(), web.Who(c).GuardianID, o.ID)
	if errors.Is(err, booking.ErrNoBooking) {
		return nil
	}
	page.Payer = parent.PayerLine{Name: whole.Other.Name, Email: whole.Other.Email, Href: booking.OrderPath(o.ID) + "/betaler"}
	return err
}

// addMoney adds credit, refunds and documents.
func (h *Handlers) addMoney(ctx context.Context, page *parent.OrderPage, o booking.Order) (err error) {
	if page.Credit, err = h.Payments.CreditOf(ctx, h.DB, o.ID); err != nil {
		return err
	}
	refunds, err := h.Payments.RefundsOf(ctx, h.DB, o.ID)
	if err != nil {
		return err
	}
	for _, r := range refunds {
		line := parent.RefundLine{Amount: r.Amount, State: r.State, By: r.DueOn}
		if n := slices.IndexFunc(o.Bookings, func(b booking.Booking) bool { return ofEnd(b, r) }); n >= 0 {
			page.Bookings[n].Ended.Refunds = append(page.Bookings[n].Ended.Refunds, line)
		} else {
			page.Refunds = append(page.Refunds, line)
		}
	}
	documents, err := h.Invoices.OfOrder(ctx, h.DB, o.ID)
	if err != nil {
		return err
	}
	for _, d := range documents {
		line := parent.InvoiceLine{Number: d.Number, Kind: d.Kind, On: d.IssuedOn, Total: d.Total}
		if d.Payer.Email != "" {
			line.For = d.Payer.Name
			page.Payer.Has = page.Payer.Has || d.Open > 0 && d.Payer.Email == page.Payer.Email
		}
		if d.Number != "" {
			line.Href = fmt.Sprintf("%s/factuur/%d", booking.OrderPath(o.ID), d.ID)
		}
		page.Invoices = append(page.Invoices, line)
	}
	return nil
}

// ShowInvoice sends a document of the family's own order as PDF.
func (h *Handlers) ShowInvoice(c *fiber.Ctx) error {
	o, err := h.ownOrder(c)
	if err != nil {
		return err
	}
	key, err := strconv.ParseInt(c.Params("invoice"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	documents, err := h.Invoices.OfOrder(c.UserContext(), h.DB, o.ID)
	if err != nil {
		return err
	}
	for _, d := range documents {
		if d.ID == id.Invoice(key) && d.Number != "" {
			pdf, name, err := h.Invoices.Render(c.UserContext(), d.ID)
			if err != nil {
				return err
			}
			c.Set(fiber.HeaderContentType, "application/pdf")
			c.Set(fiber.HeaderContentDisposition, `inline; filename="`+name+`"`)
			return c.Send(pdf)
		}
	}
	return booking.ErrNoBooking
}
