package reconcile_test

import (
	"errors"
	"strings"
	"testing"

	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/terms/civil"
)

// A day that no bank can know is a mistake in the file, and nothing of the file stays; the next banking day is how a weekend is dated.
func TestDaysToCome(t *testing.T) {
	t.Parallel()
	today := civil.Of(readAt)
	for _, c := range []struct {
		name string
		date civil.Date
		code string // "" for a file without a word about its days
		kept bool
	}{
		{"today", today, "", true},
		{"after a long weekend", today.AddDays(7), reconcile.ProblemAhead, true},
		{"a day too many", today.AddDays(8), reconcile.ProblemFuture, false},
		{"years too many", civil.Must(2062, 3, 2), reconcile.ProblemFuture, false},
	} {
		s := newShop(t)
		o := s.order("An Peeters", "Lotte", 7500)
		st := s.statement(bankfake.Transfer{Amount: 7500, Reference: o.OGM})
		st.Date = c.date
		result, err := s.upload(coda(t, st))
		problems := result.Warnings
		var refusal *reconcile.Refusal
		if errors.As(err, &refusal) {
			problems = refusal.Problems
		}
		if errors.Is(err, reconcile.ErrRefused) == c.kept {
			t.Errorf("%s: %v", c.name, err)
		}
		var codes []string
		for _, p := range problems {
			codes = append(codes, p.Code)
		}
		if got := strings.Join(codes, " "); got != c.code {
			t.Errorf("%s: %q, want %q", c.name, got, c.code)
		}
		if kept := s.cents(`SELECT (SELECT count(*) FROM bank_file) + (SELECT count(*) FROM payment)`) == 2; kept != c.kept {
			t.Errorf("%s: kept %v", c.name, kept)
		}
		s.check()
	}
}

// What another account says is not ours to judge: it is left out, as ever.
func TestDaysToComeOfAnotherAccount(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	other := bankfake.Statement{Account: "BE62510007547061", Date: civil.Of(readAt).AddDays(100), Number: 1, Transfers: []bankfake.Transfer{{Amount: 5}}}
	got, err := s.upload(coda(t, other, s.statement(bankfake.Transfer{Amount: 7500})))
	must(t, err)
	if len(got.Statements) != 2 || got.Statements[0].Skipped != reconcile.SkippedOtherAccount {
		t.Errorf("%+v", got)
	}
}
