package accounting

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/payments/reconcile"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// maxParts is over how many orders one movement can be shared at once.
const maxParts = 6

// ShowMovement is one movement: what the bank says, what it was for, and what can be done with what is left.
func (h *Handlers) ShowMovement(c *fiber.Ctx) error {
	p, err := h.movementPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Movement(p))
}

// movementOf is the movement that the address names; 0, which is none, when it names nothing.
func movementOf(c *fiber.Ctx) id.BankMovement {
	key, _ := strconv.ParseInt(c.Params("movement"), 10, 64)
	return id.BankMovement(key)
}

func (h *Handlers) movementPage(c *fiber.Ctx) (accounting.MovementPage, error) {
	ctx := c.UserContext()
	m, err := h.Bank.MovementByID(ctx, movementOf(c))
	if err != nil {
		return accounting.MovementPage{}, err
	}
	from := waitingOf(c)
	p := accounting.MovementPage{
		Page: page(c, "bank.list.title"), Action: movementPath(m.ID), StatementAt: statementPath(m.Statement),
		BankRef: m.BankRef, EndToEnd: m.EndToEndID, Code: m.Code, Returned: m.Return != "", Detail: m.Detail, Total: m.Money == 0,
		SplitHref: movementPath(m.ID) + "?delen=3", Typed: typed(m.Left),
	}
	if from > 0 {
		p.Return = movementFrom(m.ID, from)
		p.SplitHref = p.Return + "&delen=3"
	}
	p.MovementRow = movementRow(p.Page, m)
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: bankPath + "/bewegingen", Text: p.T("bank.list.title")}
	if from > 0 {
		p.Back = &layout.Link{Href: waitingPath(from), Text: p.T("bank.waiting.title")}
	}
	p.Statement = p.T("bank.statement.name", cmp.Or(m.Number, "-"), m.BookedOn)
	if m.Return != "-" {
		p.Reason = m.Return
	}
	for _, x := range m.Matches {
		p.Matches = append(p.Matches, matchRow(p.Page, x))
	}
	p.Parts = blankParts(c, m)
	return p, h.possibilities(c, &p, m)
}

// typed is an amount as a bookkeeper would type it.
func typed(c money.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }

// blankParts is the order form as it begins: one row with all that is left, or as many rows as were asked.
func blankParts(c *fiber.Ctx, m reconcile.Movement) []accounting.PartField {
	n, _ := strconv.Atoi(c.Query("delen"))
	parts := make([]accounting.PartField, min(max(n, 1), maxParts))
	if len(parts) == 1 {
		parts[0].Amount = typed(m.Left)
	}
	return parts
}

func matchRow(p layout.Page, x reconcile.Match) accounting.MatchRow {
	row := accounting.MatchRow{ID: strconv.FormatInt(int64(x.ID), 10), Text: matchText(p, x), Amount: x.Amount, How: x.How, By: x.By, At: x.At,
		Reason: x.Reason, Undone: x.Undone, Undoes: x.Undoes != 0, Final: x.Final}
	if x.Reference != "" {
		row.Href = "/boekhouding/facturen?toon=alles&zoek=" + url.QueryEscape(x.Reference)
	}
	return row
}

// possibilities adds what the rest of the movement could be.
func (h *Handlers) possibilities(c *fiber.Ctx, p *accounting.MovementPage, m reconcile.Movement) error {
	if m.Left == 0 {
		return nil
	}
	could, err := h.Bank.CandidatesOf(c.UserContext(), []reconcile.Movement{m})
	if err != nil {
		return err
	}
	for _, s := range could[m.ID].Orders {
		guess := suggestion(p.Page, m, s)
		guess.Return = p.Return
		p.Suggestions = append(p.Suggestions, guess)
	}
	for _, r := range could[m.ID].Refunds {
		p.Refunds = append(p.Refunds, accounting.Choice{Value: fmt.Sprint(int64(r.ID)), Text: refundText(p.Page, m, r)})
	}
	for _, file := range could[m.ID].Files {
		fits := refundFile(p.Page, m, file)
		fits.Return = p.Return
		p.RefundFiles = append(p.RefundFiles, fits)
	}
	for _, x := range could[m.ID].Payments {
		p.Payments = append(p.Payments, accounting.Choice{Value: fmt.Sprint(int64(x.ID)), Text: p.T("bank.take_back.payment", x.PayerName, x.ReceivedOn, x.Reference)})
	}
	accounts, err := ledger.TrialBalance(c.UserContext(), h.DB)
	p.Accounts = []ui.Option{{Label: p.T("bank.place.choose")}}
	for _, a := range accounts {
		if a.Account != ledger.Suspense && a.Account != ledger.Bank {
			p.Accounts = append(p.Accounts, ui.Option{Value: string(a.Account), Label: string(a.Account) + " " + a.Name})
		}
	}
	return err
}

// refundFile is a file of refunds that a movement could be, with whom it pays.
func refundFile(p layout.Page, m reconcile.Movement, file payments.RefundFileDetail) accounting.RefundFile {
	out := accounting.RefundFile{Action: movementPath(m.ID) + "/terugbetaling", Name: file.Name, Total: file.Total()}
	for _, r := range file.Refunds {
		out.Lines = append(out.Lines, p.T("bank.refund.left", r.PayerName, p.MoneyExact(r.Amount)))
	}
	return out
}

// answer leads on when a form's work was done, or shows the movement again with what was typed. Who goes on elsewhere gets a link back
// to the movement, where all that was done can be undone.
func (h *Handlers) answer(c *fiber.Ctx, err error, done string, args []string, typed func(p *accounting.MovementPage)) error {
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.movementPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Path = problems, true, p.Action
		typed(&p)
		return web.RenderAgain(c, accounting.Movement(p))
	}
	if err != nil {
		return err
	}
	in, _ := web.Form[nextForm](c)
	here := movementPath(movementOf(c))
	next := web.LocalPath(in.Return, here)
	if path, _, _ := strings.Cut(next, "?"); path == here {
		web.SetFlash(c, layout.Good, done, args...)
	} else {
		web.SetFlashLink(c, layout.Good, movementFrom(movementOf(c), waitingOf(c)), "bank.match.look", done, args...)
	}
	return web.SeeOther(c, next)
}

// waitingOf is from which page of the waiting money somebody came to a movement, as its address says, or the form's way back; 0 when
// they came from elsewhere.
func waitingOf(c *fiber.Ctx) int {
	n, _ := strconv.Atoi(c.Query("wachtend"))
	if back, err := url.Parse(c.FormValue("verder")); err == nil && back.Path == bankPath+"/wachtend" {
		n, _ = strconv.Atoi(back.Query().Get("blad"))
		n = max(n, 1)
	} else if err == nil && n == 0 {
		n, _ = strconv.Atoi(back.Query().Get("wachtend"))
	}
	return min(max(n, 0), mostPages)
}

// nextForm is where to go on: the list that the form stood on.
type nextForm struct {
	Return string `form:"verder" validate:"max=300"`
}

type orderForm struct {
	Parts []partForm `form:"part" validate:"max=6,dive"`
	Seen  int64      `form:"seen"` // what was left on the page, in cents
}

type partForm struct {
	Order  string      `form:"order" validate:"max=40"`
	Amount money.Cents `form:"amount"`
}

// MatchOrders gives a movement's money to orders.
func (h *Handlers) MatchOrders(c *fiber.Ctx) error {
	in, err := web.Form[orderForm](c)
	var said []string
	if err == nil {
		var parts []reconcile.Part
		if parts, said, err = h.parts(c, in); err == nil {
			err = h.Bank.Match(c.UserContext(), movementOf(c), money.Cents(in.Seen), parts, web.Who(c).StaffID)
		}
	}
	return h.answer(c, err, "bank.order.done", []string{strings.Join(said, ", ")}, func(p *accounting.MovementPage) {
		p.Parts = nil
		for i := range max(1, len(in.Parts)) {
			prefix := fmt.Sprintf("part.%d.", i)
			p.Parts = append(p.Parts, accounting.PartField{Order: web.Typed(c, prefix+"order"), Amount: web.Typed(c, prefix+"amount")})
		}
	})
}

// parts finds the orders that were typed, and says of each what it gets. Rows left empty are none.
func (h *Handlers) parts(c *fiber.Ctx, in orderForm) (parts []reconcile.Part, said []string, err error) {
	p := web.Page(c)
	for i, row := range in.Parts {
		if row.Order == "" && (len(in.Parts) > 1 || row.Amount == 0) {
			continue
		}
		o, err := h.Bank.OrderBy(c.UserContext(), row.Order)
		if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
			return nil, nil, fault.Field(fmt.Sprintf("part.%d.order", i), f.Key)
		}
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, reconcile.Part{Order: o.ID, Amount: row.Amount})
		said = append(said, p.T("bank.order.part", p.MoneyExact(row.Amount), o.Reference))
	}
	if len(parts) == 0 {
		return nil, nil, fault.Field("part.0.order", "form.required")
	}
	return parts, said, nil
}

type accountForm struct {
	Account string `form:"account" validate:"required,max=20"`
	Amount  string `form:"amount" validate:"required,max=20"`
	Reason  string `form:"reason" validate:"required,max=200"`
	Seen    int64  `form:"seen"` // what was left on the page, in cents
}

// PlaceMovement books a movement's money on an account of the books.
func (h *Handlers) PlaceMovement(c *fiber.Ctx) error {
	in, err := web.Form[accountForm](c)
	if err == nil {
		var amount money.Cents
		if amount, err = money.Parse(in.Amount); err != nil {
			err = fault.Field("amount", "form.amount").With(err)
		} else {
			err = h.Bank.Place(c.UserContext(), movementOf(c), money.Cents(in.Seen), ledger.Account(in.Account), amount, in.Reason, web.Who(c).StaffID)
		}
	}
	return h.answer(c, err, "bank.place.done", []string{in.Account}, func(p *accounting.MovementPage) {
		p.Account, p.Typed, p.Why, p.WhyFor = in.Account, in.Amount, in.Reason, "account"
	})
}

type refundForm struct {
	Refund int64  `form:"refund" validate:"min=0"`
	File   string `form:"bestand" validate:"max=60"`
}

// MatchRefund says which refund a movement was, or which file of them.
func (h *Handlers) MatchRefund(c *fiber.Ctx) error {
	in, err := web.Form[refundForm](c)
	done := "bank.refund.done"
	switch {
	case err != nil:
	case in.File != "":
		done = "bank.refund.file_done"
		err = h.Bank.MatchRefundFile(c.UserContext(), movementOf(c), in.File, web.Who(c).StaffID)
	default:
		err = h.Bank.MatchRefund(c.UserContext(), movementOf(c), id.Refund(in.Refund), web.Who(c).StaffID)
	}
	return h.answer(c, err, done, nil, func(*accounting.MovementPage) {})
}

type takeBackForm struct {
	Payment int64  `form:"payment" validate:"required"`
	Reason  string `form:"reason" validate:"required,max=200"`
}

// TakeBack says which payment the payer's bank took back.
func (h *Handlers) TakeBack(c *fiber.Ctx) error {
	in, err := web.Form[takeBackForm](c)
	if err == nil {
		err = h.Bank.TakeBack(c.UserContext(), movementOf(c), id.Payment(in.Payment), in.Reason, web.Who(c).StaffID)
	}
	return h.answer(c, err, "bank.take_back.done", nil, func(p *accounting.MovementPage) { p.Why, p.WhyFor = in.Reason, "takeback" })
}

type undoForm struct {
	Match  int64  `form:"match" validate:"min=1"`
	Reason string `form:"reason" validate:"required,max=200"`
}

// UndoMatch puts what a match placed back without a destination.
func (h *Handlers) UndoMatch(c *fiber.Ctx) error {
	in, err := web.Form[undoForm](c)
	if err == nil {
		err = h.Bank.Undo(c.UserContext(), id.BankMatch(in.Match), in.Reason, web.Who(c).StaffID)
	}
	return h.answer(c, err, "bank.match.undone_flash", nil, func(p *accounting.MovementPage) {
		p.Why, p.WhyFor = in.Reason, strconv.FormatInt(in.Match, 10)
	})
}
