package accounting

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/reconcile"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/id"
)

const (
	movementsPerPage = 50
	waitingPerPage   = 20
)

// movementsForm is the list's search.
type movementsForm struct {
	Search    string `form:"zoek" validate:"max=100"`
	Show      string `form:"toon" validate:"omitempty,oneof=alle wachtend"`
	Statement int64  `form:"afschrift" validate:"min=0"`
	Page      int    `form:"blad" validate:"min=0,max=100000"`
}

// ShowMovements lists what the bank booked, newest first.
func (h *Handlers) ShowMovements(c *fiber.Ctx) error {
	in, err := web.Form[movementsForm](c)
	if err != nil {
		in = movementsForm{} // an address that somebody changed: the list as it begins
	}
	current := max(1, in.Page)
	rows, total, err := h.Bank.Movements(c.UserContext(), reconcile.Filter{Search: in.Search, Waiting: in.Show == "wachtend", Statement: in.Statement,
		Offset: (current - 1) * movementsPerPage, Limit: movementsPerPage})
	if err != nil {
		return err
	}
	p := accounting.MovementsPage{Page: page(c, "bank.list.title"), Search: in.Search, Show: in.Show, Count: total}
	p.Width = layout.Broad
	p.Back = &layout.Link{Href: bankPath, Text: p.T("bank.title")}
	p.Shows = []ui.Option{{Value: "alle", Label: p.T("bank.list.all")}, {Value: "wachtend", Label: p.T("bank.list.waiting")}}
	query := url.Values{}
	if in.Statement > 0 {
		p.Statement = strconv.FormatInt(in.Statement, 10)
		query.Set("afschrift", p.Statement)
	}
	if in.Search != "" {
		query.Set("zoek", in.Search)
	}
	if in.Show != "" {
		query.Set("toon", in.Show)
	}
	for _, m := range rows {
		p.Rows = append(p.Rows, movementRow(p.Page, m))
	}
	p.Pages = pagesOf(current, total, movementsPerPage, bankPath+"/bewegingen", query)
	return web.Render(c, accounting.Movements(p))
}

func pagesOf(current, total, perPage int, path string, query url.Values) ui.Pages {
	return ui.Pages{Current: current, Last: (total + perPage - 1) / perPage, Href: func(n int) string {
		query.Set("blad", strconv.Itoa(n))
		return path + "?" + query.Encode()
	}}
}

func movementPath(movement id.BankMovement) string {
	return fmt.Sprintf("%s/bewegingen/%d", bankPath, movement)
}

// mostPages is how far a list can be leafed through.
const mostPages = 100_000

// waitingPath is a page of the waiting money.
func waitingPath(page int) string {
	if page == 1 {
		return bankPath + "/wachtend"
	}
	return fmt.Sprintf("%s/wachtend?blad=%d", bankPath, page)
}

// movementFrom is a movement as it is reached from a page of the waiting money, so that the way back leads there; 0 for elsewhere.
func movementFrom(movement id.BankMovement, page int) string {
	if page == 0 {
		return movementPath(movement)
	}
	return fmt.Sprintf("%s?wachtend=%d", movementPath(movement), page)
}

func movementRow(p layout.Page, m reconcile.Movement) accounting.MovementRow {
	row := accounting.MovementRow{Href: movementPath(m.ID), On: m.BookedOn, Who: m.Name, IBAN: account(m.IBAN), Text: m.Text, Reference: m.Reference,
		Amount: m.Amount, Left: m.Left}
	if ogm, err := bank.ParseOGM(m.Reference); err == nil {
		row.Reference = ogm.String()
	}
	for _, x := range m.Matches {
		if !x.Undone && x.Undoes == 0 {
			row.Placed = append(row.Placed, matchText(p, x))
		}
	}
	return row
}

// matchText says what a part of a movement was for.
func matchText(p layout.Page, m reconcile.Match) string {
	switch m.Target {
	case "order":
		return p.T("bank.match.order", m.Reference, m.Payer)
	case "refund":
		return p.T("bank.match.refund", m.Payer, m.Reference)
	}
	return p.T("bank.match.account", m.Account, m.Name)
}

// waitingForm is which page of the waiting money.
type waitingForm struct {
	Page int `form:"blad" validate:"min=0,max=100000"`
}

// ShowWaiting lists the money without a destination, each with what it could be.
func (h *Handlers) ShowWaiting(c *fiber.Ctx) error {
	in, err := web.Form[waitingForm](c)
	if err != nil {
		in = waitingForm{}
	}
	ctx, current := c.UserContext(), max(1, in.Page)
	rows, total, err := h.Bank.Movements(ctx, reconcile.Filter{Waiting: true, Offset: (current - 1) * waitingPerPage, Limit: waitingPerPage})
	if err != nil {
		return err
	}
	could, err := h.Bank.CandidatesOf(ctx, rows)
	if err != nil {
		return err
	}
	p := accounting.WaitingPage{Page: page(c, "bank.waiting.title"), Count: total}
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: bankPath, Text: p.T("bank.title")}
	for _, m := range rows {
		row := accounting.WaitingRow{MovementRow: movementRow(p.Page, m), Returned: m.Return != "" && m.Left > 0, Choose: movementFrom(m.ID, current)}
		if orders := could[m.ID].Orders; len(orders) > 0 {
			best := suggestion(p.Page, m, orders[0])
			best.Return = c.OriginalURL()
			row.Suggestion = &best
		}
		for _, file := range could[m.ID].Files {
			fits := refundFile(p.Page, m, file)
			fits.Return = c.OriginalURL()
			row.RefundFiles = append(row.RefundFiles, fits)
		}
		if r, ok := likelyRefund(m, could[m.ID].Refunds); ok {
			row.Refund = &accounting.Choice{Value: fmt.Sprint(int64(r.ID)), Text: refundText(p.Page, m, r)}
		}
		p.Rows = append(p.Rows, row)
	}
	p.Certain = certainOptions(p.Page, rows, could)
	p.Pages = pagesOf(current, total, waitingPerPage, bankPath+"/wachtend", url.Values{})
	return web.Render(c, accounting.Waiting(p))
}

// likelyRefund is the one refund that a movement may be, of those of its amount: the only one, or the only one to its account.
func likelyRefund(m reconcile.Movement, all []payments.RefundDetail) (r payments.RefundDetail, ok bool) {
	if len(all) > 1 && m.IBAN != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(r payments.RefundDetail) bool { return r.PayerIBAN != m.IBAN })
	}
	if len(all) != 1 {
		return r, false
	}
	return all[0], true
}

// refundText says which refund a movement may be, as it left or came back.
func refundText(p layout.Page, m reconcile.Movement, r payments.RefundDetail) string {
	key := "bank.refund.left"
	if m.Left > 0 {
		key = "bank.refund.came_back"
	}
	return p.T(key, r.PayerName, p.MoneyExact(r.Amount))
}

func suggestion(p layout.Page, m reconcile.Movement, s reconcile.Suggestion) accounting.Suggestion {
	out := accounting.Suggestion{Action: movementPath(m.ID) + "/boeking", Left: m.Left}
	for i, o := range s.Orders {
		out.Parts = append(out.Parts, accounting.SuggestedPart{Order: o.Reference, Payer: o.Payer, Open: o.Open, Amount: s.Parts[i].Amount})
	}
	for _, why := range s.Why {
		out.Why = append(out.Why, p.T(why.Key, why.Args...))
	}
	return out
}
