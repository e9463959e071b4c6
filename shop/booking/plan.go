package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// MaxPlanParts is in how many parts a plan may be paid.
const MaxPlanParts = 12

// planWithinDays is how far ahead a part may be due: two years.
const planWithinDays = 2 * 366

// PlanPart is one part of a plan, as written in the history.
type PlanPart struct {
	On     civil.Date  `json:"on"`
	Amount money.Cents `json:"amount"`
}

// Plan is when an order's open money is to be paid, as somebody agreed with the family.
type Plan struct {
	Order  id.Order
	Parts  []PlanPart // rows that were left empty are none
	Open   money.Cents
	Pause  bool // no reminders while the plan runs
	Reason string
	Seen   string // PlanSeen of the page that it was agreed on
}

// OpenParts is what is open of an order by day: the plan as it runs.
func (o Order) OpenParts() (parts []PlanPart, open money.Cents) {
	for _, d := range o.Due() {
		if d.Open > 0 {
			parts, open = append(parts, PlanPart{d.On, d.Open}), open+d.Open
		}
	}
	return parts, open
}

// check refuses a plan that does not say when all of what is open is paid. A fault names the fields part.N.on, part.N.amount
// and reason.
func (p Plan) check(open money.Cents, today civil.Date) ([]payments.Planned, error) {
	wrong := *fault.New(fault.Invalid, "form.invalid")
	wrong.Fields = map[string]string{}
	if strings.TrimSpace(p.Reason) == "" {
		wrong.Fields["reason"] = "form.required"
	}
	var plan []payments.Planned
	var sum money.Cents
	for i, part := range p.Parts {
		if part.On.IsZero() && part.Amount == 0 {
			continue
		}
		if part.On.Before(today) || part.On.After(today.AddDays(planWithinDays)) {
			wrong.Fields[fmt.Sprintf("part.%d.on", i)] = "plan.fault.day"
		}
		if part.Amount <= 0 {
			wrong.Fields[fmt.Sprintf("part.%d.amount", i)] = "plan.fault.amount"
		}
		plan, sum = append(plan, payments.Planned{On: part.On, Amount: part.Amount}), sum+part.Amount
	}
	if sum != open && wrong.Fields["part.0.amount"] == "" {
		if len(wrong.Fields) == 0 {
			return nil, fault.Field("part.0.amount", "plan.fault.sum", sum, open)
		}
		wrong.Fields["part.0.amount"] = "payments.plan_sum"
	}
	if len(wrong.Fields) > 0 || len(plan) > MaxPlanParts {
		return nil, &wrong
	}
	return plan, nil
}

// PlanSeen is what stands about the plan of an order on a page that is shown now: who agrees another sends it back.
func (s *Service) PlanSeen(ctx context.Context, o Order) (string, error) {
	return planSeen(ctx, s.DB, o)
}

// The reasons why nothing can be planned: an order owes nothing, or a child's care is discussed and nothing is asked yet.
var (
	ErrNothingOpen error = fault.New(fault.Conflict, "plan.fault.nothing")
	ErrPlanReview  error = fault.New(fault.Conflict, "plan.fault.review")
)

// AgreePlan plans an order's open money anew by agreement: the documents follow, the reason and both plans stay in the
// history, reminders pause as long as it runs where that was agreed, and the family gets the new plan by mail. ErrOutdated
// when another amount is open, another plan runs or another pause than somebody saw, so that a button that is pressed twice sends one
// mail; ErrPlanReview while nothing is asked yet.
func (s *Service) AgreePlan(ctx context.Context, who account.Identity, in Plan) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, in.Order); err != nil {
			return err
		}
		o, err := s.OrderTx(ctx, tx, in.Order)
		if err != nil {
			return err
		}
		before, open := o.OpenParts()
		seen, err := planSeen(ctx, tx, o)
		switch {
		case err != nil:
			return err
		case open == 0:
			return ErrNothingOpen
		case open != in.Open, seen != in.Seen:
			return ErrOutdated
		}
		plan, err := in.check(open, s.today())
		if err != nil {
			return err
		}
		descriptions := map[id.Booking]string{}
		for _, b := range o.Bookings {
			if b.Status == "in_review" {
				return ErrPlanReview
			}
			descriptions[b.ID] = b.InvoiceText()
		}
		done, err := s.Payments.AgreeTx(ctx, tx, payments.Agreement{Order: o.ID, Payer: o.Payer(), Descriptions: descriptions, Plan: plan, Reason: in.Reason, By: who.StaffID})
		if err != nil {
			return err
		}
		return s.planMadeTx(ctx, tx, who, o, in, before, plan, done)
	})
}

func (s *Service) planMadeTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, o Order, in Plan, before []PlanPart, plan []payments.Planned, done payments.Agreed) error {
	last := s.today()
	after := make([]PlanPart, len(plan))
	for i, p := range plan {
		after[i], last = PlanPart(p), civil.Later(last, p.On)
	}
	detail := map[string]any{"from": before, "to": after, "note": in.Reason}
	if in.Pause {
		detail["until"] = last
		if err := insertPause(ctx, tx, Pause{Order: o.ID, Until: last, Reason: in.Reason, By: who.StaffID}, s.Now()); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("booking: plan of order %d: %w", o.ID, err)
	}
	if err := insertEvent(ctx, tx, Event{Order: o.ID, Kind: "replanned", Detail: raw, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	args := PlanArgs{Order: o.ID, Papers: done.CreditNotes}
	if done.Invoice != 0 {
		args.Papers = append(args.Papers, done.Invoice)
	}
	return s.enqueue(ctx, tx, args)
}

// PastPlan is a plan that was agreed: what ran before, and what came in its place.
type PastPlan struct {
	At       time.Time
	By       string // name of the colleague
	From, To []PlanPart
	Reason   string
	Until    civil.Date // reminders paused until then; zero when they did not
}

// PlansOf is the history of an order's plans, newest first.
func (s *Service) PlansOf(ctx context.Context, order id.Order) ([]PastPlan, error) {
	rows, err := planEvents(ctx, s.DB, order)
	if err != nil {
		return nil, err
	}
	all := make([]PastPlan, len(rows))
	for i, r := range rows {
		var d struct {
			From  []PlanPart `json:"from"`
			To    []PlanPart `json:"to"`
			Note  string     `json:"note"`
			Until civil.Date `json:"until"`
		}
		if err := json.Unmarshal(r.Detail, &d); err != nil {
			return nil, fmt.Errorf("booking: plans of order %d: %w", order, err)
		}
		all[i] = PastPlan{At: r.At, By: r.By, From: d.From, To: d.To, Reason: d.Note, Until: d.Until}
	}
	return all, nil
}

// PlanArgs asks a job to send a family the plan that was agreed, with its documents.
type PlanArgs struct {
	Order  id.Order     `json:"order"`
	Papers []id.Invoice `json:"papers,omitempty"`
}

// Kind names the job.
func (PlanArgs) Kind() string { return "booking.plan" }

// WritePlan sends the plan as it stands. It is the job of PlanArgs.
func (s *Service) WritePlan(ctx context.Context, a PlanArgs) error {
	if _, err := s.Invoices.Number(ctx); err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil {
		return err
	}
	in := letters.PlanAgreed{FirstName: o.PayerFirstName(), Reference: o.Reference, Path: OrderPath(o.ID)}
	parts, _ := o.OpenParts()
	for _, p := range parts {
		in.Parts = append(in.Parts, letters.PlanPart(p))
	}
	var epc string
	if len(parts) > 0 && o.Other.ID == 0 {
		if in.Pay, epc, err = s.BankTransfer(ctx, o, parts[0].Amount, parts[0].On); err != nil {
			return err
		}
	}
	m, err := s.Outbox.PlanAgreed(ctx, o.Addressee(), o.Lang, o.ID, in, epc, a.Papers...)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}
