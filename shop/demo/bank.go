package demo

import (
	"context"
	"mime"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/shop/web"
	"joetz/terms/civil"
)

// BankPath is a bank file that pays what is open.
const BankPath = "/demo/afschrift"

const sampled = 12 // transfers on a sample statement

// SampleStatement is the bank's next statement, as it would be if the families paid today: most with the structured
// communication, some in their own words, one with a slip.
func (h *Handlers) SampleStatement(c *fiber.Ctx) error {
	st, err := h.sample(c.UserContext(), civil.Of(web.Now(c)))
	if err != nil {
		return err
	}
	data, err := bankfake.CODA(st)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": "afschrift-" + st.Date.String() + ".cod"}))
	return c.Send(data)
}

func (h *Handlers) sample(ctx context.Context, today civil.Date) (bankfake.Statement, error) {
	now, err := h.Bank.Overview(ctx)
	if err != nil {
		return bankfake.Statement{}, err
	}
	orders, err := h.Bank.OpenOrders(ctx, sampled)
	if err != nil {
		return bankfake.Statement{}, err
	}
	on := civil.Later(today, now.LastOn) // a second one on the same day goes on from the first's balance; no bank dates it in days to come
	st := bankfake.Statement{Account: h.Account, Holder: "DEMO", Date: on, Number: 1 + civil.Must(on.Year(), 1, 1).DaysUntil(on), Opening: now.Balance}
	for i, o := range orders {
		st.Transfers = append(st.Transfers, transfer(i, o))
	}
	return st, nil
}

// transfer is how the i-th family pays.
func transfer(i int, o reconcile.Order) bankfake.Transfer {
	t := bankfake.Transfer{Amount: o.Open, Name: strings.ToUpper(o.Payer)}
	switch i % 6 {
	case 3:
		t.Text = "voorschot kamp " + bank.OGM(o.OGM).String()
	case 4:
		t.Text = "betaling " + slip(o.OGM)
	case 5:
		t.Text = "kamp van de kinderen"
	default:
		t.Reference = o.OGM
	}
	return t
}

// slip swaps two neighbours, as a tired parent does.
func slip(digits string) string {
	for i := len(digits) - 2; i > 0; i-- {
		if digits[i] != digits[i-1] {
			return digits[:i-1] + digits[i:i+1] + digits[i-1:i] + digits[i+1:]
		}
	}
	return digits
}
