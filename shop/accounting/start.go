package accounting

import (
	"github.com/gofiber/fiber/v2"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/payments/reconcile"
	"joetz/payments/sepa"
	"joetz/shop/dunning"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/civil"
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
	overview, err := h.Bank.Overview(ctx)
	if err != nil {
		return err
	}
	p.Tasks = bankTasks(p.Page, overview)
	if h.Refunds != nil { // none in tests of the money alone
		waiting, err := h.Refunds.Waiting(ctx)
		if err != nil {
			return err
		}
		p.Tasks = append(p.Tasks, refundTasks(p.Page, waiting)...)
	}
	if h.Bookings != nil { // none in tests of the money alone
		short, err := h.Bookings.Short(ctx)
		if err != nil {
			return err
		}
		if len(short) > 0 {
			p.Tasks = append(p.Tasks, accounting.Todo{Label: p.N("accounting.todo.short", len(short)), Href: differencesPath, Tone: layout.Info, State: p.T("accounting.todo.look")})
		}
	}
	p.Tasks = append(p.Tasks, invoiceTasks(p.Page, figures)...)
	if h.Dunning != nil { // none in tests of the money alone
		letters, err := h.Dunning.LettersToPost(ctx)
		if err != nil {
			return err
		}
		p.Tasks = append(p.Tasks, letterTasks(p.Page, letters)...)
	}
	for _, place := range places {
		for _, b := range balances {
			if b.Account == place {
				p.Accounts = append(p.Accounts, accounting.Account{Code: string(b.Account), Name: b.Name, Amount: standing(b)})
			}
		}
	}
	var largest money.Cents
	for _, a := range p.Accounts {
		largest = max(largest, a.Amount)
	}
	for i, a := range p.Accounts {
		if largest > 0 {
			p.Accounts[i].Share = int(max(0, a.Amount) * 100 / largest)
		}
	}
	return web.Render(c, accounting.Start(p))
}

// letterTasks are the reminders that are to be printed and posted.
func letterTasks(p layout.Page, letters []dunning.Letter) []accounting.Todo {
	ready := 0
	for _, l := range letters {
		if l.Why == "" {
			ready++
		}
	}
	if ready == 0 {
		return nil
	}
	return []accounting.Todo{{Label: p.N("accounting.todo.letters", ready), Href: remindersPath, Tone: layout.Info, State: p.T("accounting.todo.print")}}
}

// staleAfterDays is how old the newest bank statement may be before somebody is asked for a file: a long weekend.
const staleAfterDays = 4

// bankTasks come first: an overdue invoice may be paid by money that is not read in or not placed yet.
func bankTasks(p layout.Page, o reconcile.Overview) []accounting.Todo {
	const href = "/boekhouding/bank"
	var todo []accounting.Todo
	switch {
	case o.LastOn.IsZero():
		todo = append(todo, accounting.Todo{Label: p.T("accounting.todo.no_file"), Href: href, Tone: layout.Info, State: p.T("accounting.todo.read_in")})
	case o.LastOn.DaysUntil(p.Today) > staleAfterDays:
		todo = append(todo, accounting.Todo{Label: p.T("accounting.todo.old_file", o.LastOn), Href: href, Tone: layout.Info, State: p.T("accounting.todo.read_in")})
	}
	if o.Gaps > 0 {
		todo = append(todo, accounting.Todo{Label: p.N("accounting.todo.gaps", o.Gaps), Href: href, Tone: layout.Warning, State: p.T("accounting.todo.look")})
	}
	if o.Twice > 0 {
		todo = append(todo, accounting.Todo{Label: p.N("accounting.todo.twice", o.Twice), Href: href, Tone: layout.Warning, State: p.T("accounting.todo.look")})
	}
	if o.Waiting > 0 {
		todo = append(todo, accounting.Todo{Label: p.N("accounting.todo.waiting", o.Waiting),
			Note: p.T("accounting.todo.waiting_sum", p.MoneyExact(o.In), p.MoneyExact(-o.Out)), Href: bankPath + "/wachtend", Tone: layout.Warning, State: p.T("accounting.todo.place")})
	}
	return todo
}

// refundTasks are the refunds that a file for the bank would pay now, and those that somebody must look at first.
func refundTasks(p layout.Page, waiting []sepa.Waiting) (todo []accounting.Todo) {
	var ready, wait, late int
	var sum money.Cents
	var by civil.Date
	for _, w := range waiting {
		if w.State != sepa.Ready {
			wait++
			continue
		}
		if by.IsZero() || w.DueOn.Before(by) {
			by = w.DueOn
		}
		if w.DueOn.Before(p.Today) {
			late++
		}
		ready, sum = ready+1, sum+w.Amount
	}
	tone := layout.Info
	if late > 0 {
		tone = layout.Warning
	}
	if ready > 0 {
		todo = append(todo, accounting.Todo{Label: p.N("accounting.todo.refunds", ready), Note: p.T("accounting.todo.refunds_sum", p.MoneyExact(sum), by),
			Href: refundsPath, Tone: tone, State: p.T("accounting.todo.pay")})
	}
	if wait > 0 {
		todo = append(todo, accounting.Todo{Label: p.N("accounting.todo.refunds_wait", wait), Href: refundsPath, Tone: layout.Warning, State: p.T("accounting.todo.look")})
	}
	return todo
}

func invoiceTasks(p layout.Page, f invoice.Figures) []accounting.Todo {
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
