package stripefake

import (
	"net/http"
	"time"

	"joetz/terms/civil"
	"joetz/terms/money"
)

type deskPage struct {
	Balance                              string
	Payments, Refunds, Disputes, Payouts []deskLine
}

type deskLine struct {
	ID, At, Description, Amount, Status string
	Disputed, Running                   bool
}

const deskLines = 50

func (f *Fake) showDesk(r *http.Request) (any, error) {
	ctx := r.Context()
	balance, err := f.Balance(ctx)
	if err != nil {
		return nil, err
	}
	p := deskPage{Balance: money.Cents(balance).Format("nl")}
	for _, list := range []struct {
		kind string
		into *[]deskLine
		read func(objectRow) (deskLine, bool, error)
	}{
		{"charge", &p.Payments, chargeLine}, {"refund", &p.Refunds, refundLine},
		{"dispute", &p.Disputes, disputeLine}, {"payout", &p.Payouts, payoutLine},
	} {
		rows, err := objects(ctx, f.db, filter{Kind: list.kind, Limit: deskLines})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			l, shown, err := list.read(row)
			if err != nil {
				return nil, err
			}
			if shown {
				l.At = time.Unix(row.Created, 0).In(civil.Brussels).Format("02/01/2006 15:04")
				*list.into = append(*list.into, l)
			}
		}
	}
	return p, nil
}

func chargeLine(row objectRow) (deskLine, bool, error) {
	c, err := open[charge](row)
	b := c.Body
	return deskLine{ID: or(b.PaymentIntent), Description: or(b.Description), Amount: euro(b.Amount), Disputed: b.Disputed}, b.Paid, err
}

func refundLine(row objectRow) (deskLine, bool, error) {
	r, err := open[refund](row)
	b := r.Body
	return deskLine{ID: b.ID, Amount: euro(b.Amount), Status: word(b.Status), Running: b.Status != "failed"}, true, err
}

func disputeLine(row objectRow) (deskLine, bool, error) {
	d, err := open[dispute](row)
	b := d.Body
	return deskLine{ID: b.ID, Amount: euro(b.Amount), Status: word(b.Status), Running: b.Status == "needs_response"}, true, err
}

func payoutLine(row objectRow) (deskLine, bool, error) {
	p, err := open[payout](row)
	b := p.Body
	return deskLine{ID: b.ID, Amount: euro(b.Amount), Status: word(b.Status), Running: b.Status != "failed"}, true, err
}

// word is Stripe's status for people.
func word(status string) string {
	switch status {
	case "pending", "in_transit":
		return "onderweg"
	case "succeeded", "paid":
		return "aangekomen"
	case "failed":
		return "teruggekomen"
	case "needs_response":
		return "wacht op antwoord"
	case "won":
		return "gewonnen"
	case "lost":
		return "verloren"
	}
	return status
}

func euro(cents int64) string { return money.Cents(cents).Format("nl") }

func (f *Fake) pressDesk(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PostFormValue("id")
	var err error
	switch r.PostFormValue("act") {
	case "payout":
		_, err = f.PayOut(ctx)
	case "dispute":
		_, err = f.OpenDispute(ctx, id)
	case "win":
		err = f.CloseDispute(ctx, id, true)
	case "lose":
		err = f.CloseDispute(ctx, id, false)
	case "fail_refund":
		err = f.FailRefund(ctx, id)
	case "fail_payout":
		err = f.FailPayout(ctx, id)
	}
	if err != nil {
		f.wrong(w, r, err)
		return
	}
	w.Header().Set("Location", "desk")
	w.WriteHeader(http.StatusSeeOther)
}
