package eval_test

import (
	"bytes"
	"strings"
	"testing"

	"joetz/terms"
	"joetz/terms/eval"
	"joetz/terms/explain"
)

// Each of the owner's decisions is data: another choice in the file is another answer, without a change of code.
func TestDecisionsAreData(t *testing.T) {
	t.Parallel()
	const (
		cancel = `"op":"cancel","in":{"trip":"TRIP","booked_on":"2026-12-01","departs_on":"2027-08-05","on":"ON","by":"BY","base_price":33500,"price":33500,"insurance":true,"deposit_paid":true,"claim":CLAIM,"paid":5000,"costs":0}`
		quote  = `"op":"quote","in":{"trip":"domestic","booked_on":"BOOKED","departs_on":"2027-08-05","base_price":38500,"price":33500,"extras":0,"insurance":true,"instalments":1,"rank":2}`
		rebook = `"op":"rebook","in":{"trip":"TRIP","booked_on":"2026-12-01","departs_on":"2027-08-05","on":"ON","price":33500,"new":{"trip":"domestic","departs_on":"2027-08-20","price":33500}}`
		rise   = `"op":"price_rise","in":{"legal_regime":"package","price_at_booking":30000,"departs_on":"2027-08-05","rises":[{"notified_on":"ON","amount":2401}]}`
	)
	fill := func(line string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(line) }
	onDay60 := fill(cancel, "TRIP", "domestic", "ON", "2027-06-06", "BY", "customer", "CLAIM", "false")
	onDay45 := func(by, trip, claim string) string {
		return fill(cancel, "TRIP", trip, "ON", "2027-06-21", "BY", by, "CLAIM", claim)
	}
	for name, c := range map[string]struct{ decision, from, to, line, before, after string }{
		"gap_policy higher":            {"gap_policy", `"lower_fee"`, `"higher_fee"`, onDay60, `{"fee":5000}`, `{"fee":16750}`},
		"gap_policy none":              {"gap_policy", `"lower_fee"`, `"no_fee"`, onDay60, `{"fee":5000}`, `{"fee":0}`},
		"deposit_level":                {"deposit_level", `"participant"`, `"booking"`, fill(quote, "BOOKED", "2026-12-01"), `{"deposit":5000}`, `{"deposit":0}`},
		"schedule_inversion":           {"schedule_inversion", `"as_written"`, `"later_date"`, fill(quote, "BOOKED", "2027-06-22"), `{"inverted":true}`, `{"inverted":false}`},
		"fee_on_default":               {"fee_on_default", `"none"`, `"band"`, onDay45("nonpayment", "domestic", "false"), `{"fee":0,"refund":5000}`, `{"fee":16750,"outstanding":11750}`},
		"deposit_returned_on_default":  {"deposit_returned_on_default", `true`, `false`, onDay45("nonpayment", "domestic", "false"), `{"fee":0,"refund":5000}`, `{"fee":5000,"refund":0}`},
		"reminder_and_grace_days":      {"reminder_and_grace_days", `reminders = 1, days = 14`, `reminders = 0, days = 0`, `"op":"late_payment","in":{"due":"2027-06-30"}`, `{"release_from":"2027-07-15"}`, `{"remind_on":null,"release_from":"2027-07-01"}`},
		"price_rise_exit_threshold":    {"price_rise_exit_threshold", `package = "above 8%"`, `package = "above 10%"`, fill(rise, "ON", "2027-03-01"), `{"exit":true}`, `{"exit":false}`},
		"price_rise_latest_day":        {"price_rise_latest_day", `package = "20 days before departure"`, ``, fill(rise, "ON", "2027-08-01"), `{"valid":[false]}`, `{"valid":[true]}`},
		"foreign_own_transport_class":  {"foreign_own_transport_class", `"domestic"`, `"foreign_coach"`, onDay45("customer", "foreign_own", "false"), `{"fee":16750}`, `{"fee":25125}`},
		"and rebooking with it":        {"foreign_own_transport_class", `"domestic"`, `"foreign_coach"`, fill(rebook, "TRIP", "foreign_own", "ON", "2027-06-01"), `{"fee":2500}`, `{"fee":5000}`},
		"rebooking_needs_approval":     {"rebooking_needs_approval", `true`, `false`, fill(rebook, "TRIP", "domestic", "ON", "2027-06-01"), `{"needs_approval":true}`, `{"needs_approval":false}`},
		"rebooking_last_day":           {"rebooking_last_day", `"none"`, `"30 days before departure"`, fill(rebook, "TRIP", "domestic", "ON", "2027-07-07"), `{"refused":false}`, `{"refused":true}`},
		"rebooking_fee_from":           {"rebooking_fee_from", `"old"`, `"cheaper"`, fill(rebook, "TRIP", "foreign_coach", "ON", "2027-06-01"), `{"fee":5000}`, `{"fee":2500}`},
		"insured_cancellation_flow":    {"insured_cancellation_flow", `"customer_claims"`, `"organiser_advances"`, onDay45("customer", "domestic", "true"), `{"fee":16750,"outstanding":14250}`, `{"fee":16750,"refund":2500}`},
		"premium_if_cancelled_before…": {"premium_if_cancelled_before_balance_invoice", `"when_claimed"`, `"due"`, onDay45("customer", "domestic", "false"), `{"premium":0}`, `{"premium":2500}`},
		"untruthful_answers_refund":    {"untruthful_answers_refund", `"refund"`, `"band"`, onDay45("untruthful", "domestic", "false"), `{"fee":0}`, `{"fee":16750}`},
		"cancellation_moment received": {"cancellation_moment", `"sent"`, `"received"`, strings.Replace(onDay60, `"costs":0`, `"costs":0,"received_on":"2027-06-07"`, 1), `{"days_before":60,"fee":5000}`, `{"days_before":59,"fee":16750}`},
		"cancellation_moment working":  {"cancellation_moment", `"sent"`, `"next_working_day"`, onDay60, `{"days_before":60,"fee":5000}`, `{"days_before":59,"fee":16750}`}, // a Sunday
		"percent_rounding":             {"percent_rounding", `"down"`, `"half_up"`, fill(quote, "BOOKED", "2026-12-01"), `{"premium":2502}`, `{"premium":2503}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := string(readFile(t, "../policies/joetz-2027.toml"))
			head, tail, found := strings.Cut(file, "[decisions."+c.decision+"]\n")
			if !found || !strings.Contains(tail, c.from) {
				t.Fatalf("no decision %s that says %s", c.decision, c.from)
			}
			changed := head + "[decisions." + c.decision + "]\n" + strings.Replace(tail, c.from, c.to, 1)
			for policy, want := range map[string]string{file: c.before, changed: c.after} {
				loaded, err := terms.Load([]byte(policy), "x")
				if err != nil {
					t.Fatal(err)
				}
				var report bytes.Buffer
				failed, err := eval.Evaluator{Terms: loaded, Language: explain.English}.Check(strings.NewReader(`{"id":"x",`+c.line+`,"want":`+want+`}`), &report)
				if err != nil || failed > 0 {
					t.Errorf("%v %s", err, report.String())
				}
			}
		})
	}
}
