package accounting

import (
	"cmp"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/reconcile"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// certainOptions are the certain suggestions of a page, to be ticked. An order that two movements could pay is for a person to look at.
func certainOptions(p layout.Page, rows []reconcile.Movement, could map[id.BankMovement]reconcile.Candidates) (all []ui.Option) {
	pays := map[id.Order]int{}
	for _, m := range rows {
		if s, ok := could[m.ID].Certain(); ok {
			pays[s.Orders[0].ID]++
		}
	}
	for _, m := range rows {
		s, ok := could[m.ID].Certain()
		if !ok || pays[s.Orders[0].ID] > 1 {
			continue
		}
		o := s.Orders[0]
		all = append(all, ui.Option{
			Value: fmt.Sprintf("%d:%d:%d", int64(m.ID), int64(o.ID), int64(s.Parts[0].Amount)),
			Label: p.T("bank.certain.one", p.MoneyExact(m.Left), cmp.Or(m.Name, p.T("bank.movement.unknown")), o.Reference, o.Payer),
			Hint:  m.Text,
		})
	}
	return all
}

type certainForm struct {
	Ticked []string `form:"zeker" validate:"max=20,dive,max=60"` // movement:order:cents, as shown
}

// shown reads back what a box stands for; what is no such thing is a movement that does not exist.
func shown(value string) (s reconcile.Shown) {
	var movement, order, amount int64
	if n, err := fmt.Sscanf(value, "%d:%d:%d", &movement, &order, &amount); err != nil || n != 3 {
		return s
	}
	return reconcile.Shown{Movement: id.BankMovement(movement), Order: id.Order(order), Amount: money.Cents(amount)}
}

// TakeCertain takes the suggestions that were ticked, each by itself: what changed since the page was shown stays on the list.
func (h *Handlers) TakeCertain(c *fiber.Ctx) error {
	in, err := web.Form[certainForm](c)
	if err != nil {
		return err
	}
	var done, stayed int
	var sum money.Cents
	for _, value := range in.Ticked {
		s := shown(value)
		err := h.Bank.MatchCertain(c.UserContext(), s, web.Who(c).StaffID)
		if f := fault.Of(err); f != nil && (f.Kind == fault.Conflict || f.Kind == fault.NotFound) {
			stayed++
		} else if err != nil {
			return err
		} else {
			done, sum = done+1, sum+s.Amount
		}
	}
	p := web.Page(c)
	switch {
	case done+stayed == 0:
		web.SetFlash(c, layout.Info, "bank.certain.none")
	case stayed > 0:
		web.SetFlashLink(c, layout.Warning, bankPath+"/bewegingen", "bank.match.look", "bank.certain.some", p.N("bank.now.movements", done), p.MoneyExact(sum), p.N("bank.now.movements", stayed))
	default:
		web.SetFlashLink(c, layout.Good, bankPath+"/bewegingen", "bank.match.look", "bank.certain.done", p.N("bank.now.movements", done), p.MoneyExact(sum))
	}
	return web.SeeOther(c, waitingPath(1))
}
