package program

import (
	"context"
	"fmt"
	"time"

	"joetz/shop/circular"
	"joetz/shop/mail"
	"joetz/shop/queue"
	"joetz/shop/worklist"
)

// Worklist is what waits for the office. Each domain adds its source here.
func (p *Program) Worklist() *worklist.Service {
	s := &p.Services
	w := &worklist.Service{DB: p.DB.DB, Now: p.Now, Log: p.log}
	w.Add(worklist.Care, s.Bookings.CareToDecide)
	w.Add(worklist.Emergency, s.Watch.Emergencies)
	w.Add(worklist.Reading, s.Watch.Alerts)
	w.Add(worklist.File, s.Watch.Files)
	w.Add(worklist.Offer, s.Waitlist.Waiting)
	w.Add(worklist.Proof, s.Proofs.Waiting)
	w.Add(worklist.Proof, s.Proofs.ToDecide)
	w.Add(worklist.Approval, s.Bookings.GoodwillToApprove)
	w.Add(worklist.Overdue, s.Bookings.Overdue)
	w.Add(worklist.Nonpayment, s.Bookings.Nonpayment)
	w.Add(worklist.Refund, p.refunds)
	w.Add(worklist.Request, p.requests().Waiting)
	w.Add(worklist.Complaint, p.requests().WaitingComplaints)
	w.Add(worklist.Boarding, s.Catalogue.LowBoarding)
	w.Add(worklist.Team, s.Catalogue.NoTeam)
	w.Add(worklist.Letter, p.Circulars().InfoMissing(circular.InfoDefaults))
	w.Add(worklist.Bounce, p.dossiers().Bounced)
	w.Add(worklist.Barred, s.Bookings.BarredTries)
	w.Add(worklist.Mail, p.deadMails)
	w.Add(worklist.Post, p.heldMails)
	p.decisionWork(w)
	w.Add(worklist.Job, p.deadJobs)
	return w
}

// refunds finds the money that a person still has to send back.
func (p *Program) refunds(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := p.Services.Payments.WaitingRefunds(ctx, p.DB.DB, limit)
	for _, r := range rows {
		item := worklist.Item{
			Kind: worklist.Refund, Key: fmt.Sprintf("refund:%d", r.ID), Subject: r.Payer, Detail: r.Reference, Args: []any{r.Amount, r.DueOn},
			Order: r.Order, Amount: r.Amount, Since: r.At, Due: r.DueOn, Path: fmt.Sprintf("/kantoor/boeking/%d#terugbetalingen", r.Order),
		}
		if r.Failed {
			item.Note = "worklist.note.refund_failed"
		}
		found.Total, found.Items = r.Total, append(found.Items, item)
	}
	return found, err
}

// deadJobs finds work of the program that was given up. The kind of the job is for whoever mends the program.
func (p *Program) deadJobs(ctx context.Context, limit int) (found worklist.Found, err error) {
	jobs, err := queue.Dead(ctx, p.DB.DB, limit)
	for _, j := range jobs {
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Job, Key: fmt.Sprintf("job:%d", j.ID), Subject: j.Kind, Args: []any{j.Attempts}, Since: j.EndedAt,
			Path: fmt.Sprintf("/kantoor/werk/taak/%d", j.ID),
		})
	}
	found.Total = len(found.Items)
	return found, err
}

// heldFor is how long mails wait before the office hears of it: servers restart.
const heldFor = time.Hour

// heldMails tells that the mail server takes nothing: families hear nothing until it does.
func (p *Program) heldMails(ctx context.Context, _ int) (found worklist.Found, err error) {
	h, err := mail.HeldUpBefore(ctx, p.DB.DB, p.Now().Add(-heldFor))
	if err != nil || h.Mails == 0 {
		return found, err
	}
	return worklist.Found{Total: 1, Items: []worklist.Item{{
		Kind: worklist.Post, Key: "post:" + h.Since.UTC().Format(time.RFC3339), Subject: organiser.Name, Args: []any{h.Mails}, Since: h.Since, Path: "/kantoor?soort=post",
	}}}, nil
}

// deadFor is how long a mail that was given up is worth a call.
const deadFor = 60 * 24 * time.Hour

// deadMails finds the mails about orders that were given up.
func (p *Program) deadMails(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := p.Services.Outbox.DeadSince(ctx, p.DB.DB, p.Now().Add(-deadFor), limit)
	for _, m := range rows {
		found.Total = m.Total
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Mail, Key: fmt.Sprintf("mail:%d", m.ID), Subject: m.Name, Detail: m.Subject, Args: []any{m.To}, Order: m.Order, Since: m.DeadAt,
			Path: fmt.Sprintf("/kantoor/mail/%d", m.ID),
		})
	}
	return found, err
}
