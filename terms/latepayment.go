package terms

import "joetz/terms/civil"

// LatePayment is what happens when a payment stays out.
type LatePayment struct {
	LateFrom    civil.Date // the first day on which it is late: the next working day after the due date
	Reminders   int        // free ones, before anything may follow
	RemindOn    civil.Date // the first reminder; zero where the terms have none
	ReleaseFrom civil.Date // the first day on which the organiser may end the booking; zero where it never may
}

// LatePayment says from when a due line is late, and from when its booking may be ended. A due date on a day that is no
// working day moves to the next one (edges.md 11); the shop never ends a booking by itself.
func (t Terms) LatePayment(due civil.Date) LatePayment {
	d := days{closed: t.c.policy.Closed}
	out := LatePayment{LateFrom: d.nextWorking(due).AddDays(1)}
	if t.c.policy.Endings.Nonpayment == nil {
		return out
	}
	grace := t.c.policy.Decisions.ReminderAndGrace.Choice
	if out.Reminders = grace.Reminders; out.Reminders > 0 {
		out.RemindOn = out.LateFrom
	}
	out.ReleaseFrom = out.LateFrom.AddDays(grace.Days)
	return out
}
