package payments

import (
	"slices"

	"joetz/payments/invoice"
)

// feeLines are the lines of an invoice for what remains owed after an end, one for each charge: a family that cancelled must not read
// that it pays for the holiday, and the insurer's premium is no fee of ours. whole is the line that asks them together.
func feeLines(whole invoice.Line, charges []Line) (lines []invoice.Line) {
	if slices.ContainsFunc(charges, func(c Line) bool { return c.Amount < 0 }) {
		whole.About = aboutFee(whole.Kind)
		return []invoice.Line{whole}
	}
	for _, c := range charges {
		if c.Amount == 0 {
			continue
		}
		l := whole
		l.About, l.Amount = c.Kind, c.Amount
		lines = append(lines, l)
	}
	return lines
}

// aboutFee says of a part that it is costs, where nothing more exact is known.
func aboutFee(kind string) string {
	if kind == "fee" {
		return "fee"
	}
	return ""
}

// aboutCredit says why parts make way, where the new ones do not say it: somebody gave a part of the price.
func aboutCredit(add []Line) string {
	if len(add) == 1 && add[0].Kind == goodwill {
		return goodwill
	}
	return ""
}

const goodwill = "goodwill"

// aboutPart says what a part that a revision asks is for: what the revision added, where that is one thing and the part is
// only that; that it is what remains after goodwill.
func aboutPart(kind string, add []Line) string {
	if len(add) == 1 && (add[0].Kind == "late_costs" && kind == "fee" || add[0].Kind == "price_rise" && kind == "supplement") {
		return add[0].Kind
	}
	if about := aboutCredit(add); about != "" && kind != "fee" {
		return about
	}
	return aboutFee(kind)
}
