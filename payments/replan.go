package payments

import (
	"cmp"
	"slices"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// target is the schedule after a revision: the caller's, or what the rule makes of the running one.
func (r Revision) target(rows []instalmentRow, change money.Cents, today civil.Date) []Due {
	if r.Schedule != nil {
		return nonZero(r.Schedule)
	}
	amounts := make([]money.Cents, len(rows))
	for i, row := range rows {
		amounts[i] = row.Amount
	}
	var extra []Due
	switch {
	case change > 0:
		open := pick(rows, func(i instalmentRow) bool { return !i.Invoiced && i.Kind == "balance" && i.Allocated < i.Amount })
		if r.Apart || len(open) == 0 {
			extra = append(extra, Due{"supplement", r.supplementDue(today), change})
			break
		}
		for n, part := range change.Share(len(open)) {
			amounts[open[n]] += part
		}
	case change < 0:
		lower(rows, amounts, -change)
	}
	dues := make([]Due, 0, len(rows)+1)
	for i, row := range rows {
		dues = append(dues, Due{row.Kind, row.DueOn, amounts[i]})
	}
	return nonZero(append(dues, extra...))
}

func (r Revision) supplementDue(today civil.Date) civil.Date {
	if r.DueOn.IsZero() {
		return today.AddDays(SupplementWithinDays)
	}
	return r.DueOn
}

// lower takes less off the parts: evenly from what is open and not invoiced, then from what is invoiced and open, then
// from what is paid, the last due first. A fee goes last of each.
func lower(rows []instalmentRow, amounts []money.Cents, less money.Cents) {
	open := func(i int) money.Cents { return rows[i].Amount - rows[i].Allocated }
	quiet := pick(rows, func(i instalmentRow) bool { return !i.Invoiced && i.Allocated < i.Amount && i.Kind != "fee" })
	slices.SortStableFunc(quiet, func(a, b int) int { return cmp.Compare(open(a), open(b)) })
	for n, i := range quiet { // the smallest first, so that what it cannot carry falls to the others
		part := min(open(i), less/money.Cents(len(quiet)-n))
		amounts[i], less = amounts[i]-part, less-part
	}
	take := func(most func(i int) money.Cents, fee bool) {
		for i := len(rows) - 1; i >= 0 && less > 0; i-- {
			if (rows[i].Kind == "fee") != fee {
				continue
			}
			part := min(less, most(i))
			amounts[i], less = amounts[i]-part, less-part
		}
	}
	stillOpen := func(i int) money.Cents { return max(0, amounts[i]-rows[i].Allocated) }
	whole := func(i int) money.Cents { return amounts[i] }
	take(stillOpen, false)
	take(stillOpen, true)
	take(whole, false)
	take(whole, true)
}

func pick(rows []instalmentRow, want func(instalmentRow) bool) (at []int) {
	for i, row := range rows {
		if want(row) {
			at = append(at, i)
		}
	}
	return at
}

// changes compares the running parts with the wanted ones: what makes way, and what is new. A part with the same kind, day
// and amount stays, with its money and its invoice.
func changes(rows []instalmentRow, want []Due) (void []instalmentRow, fresh []Due) {
	left := slices.Clone(want)
	for _, row := range rows {
		at := slices.Index(left, Due{row.Kind, row.DueOn, row.Amount})
		if at < 0 {
			void = append(void, row)
			continue
		}
		left = slices.Delete(left, at, at+1)
	}
	return void, left
}
