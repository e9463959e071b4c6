package terms

import (
	"reflect"
	"slices"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// Constants are all fixed sums and all percentages of the policy's amounts, each once. Between the prices that they
// give, no amount begins to exceed another.
func (t Terms) Constants() (flats []money.Cents, percents []money.MilliPercent) {
	collect := func(parts []part) {
		for _, p := range parts {
			if p.base == none {
				flats = append(flats, p.flat)
			} else {
				percents = append(percents, p.percent)
			}
		}
	}
	eachAmount(reflect.ValueOf(t.c.policy), func(a Amount) {
		collect(a.parts)
		for _, l := range a.limits {
			collect(l.parts)
		}
	})
	slices.Sort(flats)
	slices.Sort(percents)
	return slices.Compact(flats), slices.Compact(percents)
}

func eachAmount(v reflect.Value, f func(Amount)) {
	if a, ok := v.Interface().(Amount); ok {
		f(a)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachAmount(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachAmount(v.Index(i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachAmount(v.Field(i), f)
			}
		}
	}
}

// DepositAsked is the deposit as the terms ask it, even where it is more than the booking costs: what a linter looks at.
// Quote never asks more than the total.
func (t Terms) DepositAsked(f QuoteFacts) money.Cents {
	f.Trip = f.Trip.known()
	d := t.c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	b := bases{ofPrice: f.Price, ofBasePrice: f.BasePrice, ofExtras: f.Extras, ofTotal: f.Price + f.Extras}
	return t.c.depositAsked(f.Trip, &d, &f.Circumstances, &b)
}

// Before is the moment for a departure on that day, where it counts from nothing else.
func (m Moment) Before(departs civil.Date) civil.Date {
	d := days{departure: departs, start: departs}
	return m.at(&d)
}
