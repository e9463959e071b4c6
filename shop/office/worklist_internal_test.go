package office

import (
	"strings"
	"testing"
	"time"

	"joetz/shop/worklist"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// A day that is over is not announced as one to come; on the day itself there is still time. Where there are no words for late,
// the usual ones do.
func TestSentencesOfLateWork(t *testing.T) {
	t.Parallel()
	due := civil.Must(2027, 3, 10)
	for _, c := range []struct {
		kind       worklist.Kind
		args       []any
		still, was string
	}{
		{worklist.Proof, []any{due}, "Antwoord ten laatste op 10 maart 2027.", "Het bewijs moest in orde zijn op 10 maart 2027."},
		{worklist.Complaint, []any{due}, "ten laatste op 10 maart 2027.", "Er moest een antwoord zijn op 10 maart 2027. Bel vandaag."},
		{worklist.Refund, []any{money.Cents(47_500), due}, "€ 475 over te schrijven, ten laatste op 10 maart 2027.", "€ 475 over te schrijven. Dat moest op 10 maart 2027."},
		{worklist.Request, nil, "Het gezin wacht op antwoord.", "Het gezin wacht op antwoord."},
	} {
		for day, want := range map[civil.Date]string{due.AddDays(-1): c.still, due: c.still, due.AddDays(1): c.was} {
			p := layout.Page{Lang: "nl", Today: day}
			item := worklist.Entry{Item: worklist.Item{Kind: c.kind, Args: c.args, Due: due, Since: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}}
			got := strings.ReplaceAll(workItem(p, item, 1).About, "\u00a0", " ")
			if !strings.HasSuffix(got, want) {
				t.Errorf("%s on %v: %q, want %q", c.kind, day, got, want)
			}
		}
	}
	undated := worklist.Entry{Item: worklist.Item{Kind: worklist.Proof, Args: []any{due}}}
	if got := workItem(layout.Page{Lang: "nl", Today: due}, undated, 1).About; strings.Contains(got, "moest") {
		t.Errorf("without a day: %q", got)
	}
}
