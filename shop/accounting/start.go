package accounting

import (
	"github.com/gofiber/fiber/v2"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/money"
)

// ShowStart shows what waits for a bookkeeper, what is open, and where the money is.
func (h *Handlers) ShowStart(c *fiber.Ctx) error {
	ctx := c.UserContext()
	figures, err := h.Invoices.Figures(ctx, h.DB)
	if err != nil {
		return err
	}
	balances, err := ledger.TrialBalance(ctx, h.DB)
	if err != nil {
		return err
	}
	p := accounting.StartPage{Page: page(c, "accounting.start.title"), Open: figures.All().Open, Ages: ages(web.Page(c), figures)}
	p.Tasks = h.tasks(p.Page, figures)
	for _, place := range places {
		for _, b := range balances {
			if b.Account == place {
				p.Accounts = append(p.Accounts, accounting.Account{Code: string(b.Account), Name: b.Name, Amount: standing(b)})
			}
		}
	}
	return web.Render(c, accounting.Start(p))
}

func (h *Handlers) tasks(p layout.Page, f invoice.Figures) []accounting.Todo {
	var todo []accounting.Todo
	if late := f.Overdue(); late.Count > 0 {
		todo = append(todo, accounting.Todo{Label: p.N("accounting.todo.overdue", late.Count), Note: p.T("accounting.todo.overdue_sum", p.MoneyExact(late.Open)),
			Href: "/boekhouding/facturen?toon=te-laat", Tone: layout.Warning, State: p.T("accounting.todo.look")})
	}
	return todo
}

// places are the accounts that say where money is, rather than what it was for.
var places = []ledger.Account{ledger.Bank, ledger.StripeBalance, ledger.PayoutTransit, ledger.RefundTransit, ledger.Suspense}

// standing is an account's total the way people say it: what is held for others and what is on its way out are amounts too,
// though they stand on the credit side.
func standing(b ledger.Balance) money.Cents {
	if b.Account == ledger.Suspense || b.Account == ledger.RefundTransit {
		return -b.Amount
	}
	return b.Amount
}

// ages is what is open by age, with bars of one scale.
func ages(p layout.Page, f invoice.Figures) []accounting.Age {
	all := []accounting.Age{
		age(p, "accounting.age.not_due", f.NotDue, false), age(p, "accounting.age.month", f.Month, true),
		age(p, "accounting.age.two", f.Two, true), age(p, "accounting.age.older", f.Older, true),
	}
	var longest money.Cents
	for _, a := range all {
		longest = max(longest, a.Open)
	}
	for i := range all {
		if longest > 0 {
			all[i].Share = int(all[i].Open * 100 / longest)
		}
	}
	return all
}

func age(p layout.Page, key string, a invoice.Aged, late bool) accounting.Age {
	return accounting.Age{Label: p.T(key), Count: a.Count, Open: a.Open, Late: late}
}

// ShowAccounts is the trial balance: every account with its total.
func (h *Handlers) ShowAccounts(c *fiber.Ctx) error {
	balances, err := ledger.TrialBalance(c.UserContext(), h.DB)
	if err != nil {
		return err
	}
	p := accounting.AccountsPage{Page: page(c, "accounting.accounts.title")}
	p.Width = layout.Broad
	for _, b := range balances {
		p.Accounts = append(p.Accounts, accounting.Account{Code: string(b.Account), Name: b.Name, Amount: b.Amount})
		p.Debit += max(0, b.Amount)
		p.Credit += max(0, -b.Amount)
	}
	return web.Render(c, accounting.Accounts(p))
}
