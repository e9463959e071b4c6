package reconcile_test

import (
	"testing"

	"joetz/payments/bank/bankfake"
)

// A statement that begins where another began, with nothing between them that brought the balance back, may bring the same money with
// other days: a person is told. Where the balance came back to the same amount, nothing is said.
func TestTwoStatementsThatBeginAlike(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	twice := func() int {
		t.Helper()
		now, err := s.svc.Overview(ctx)
		must(t, err)
		return now.Twice
	}
	opening := s.balance
	s.bring(bankfake.Transfer{Amount: 7500, Name: "AN"})
	s.bring(bankfake.Transfer{Amount: -7500, Name: "HUUR"}) // back where it was
	s.bring(bankfake.Transfer{Amount: 7500, Name: "AN"})
	s.bring()
	if n := twice(); n != 0 {
		t.Fatalf("%d statements begin as another, of an account that only came back to the same balance", n)
	}
	s.balance = opening
	s.bring(bankfake.Transfer{Amount: 7501, Name: "AN"})
	if n := twice(); n != 1 {
		t.Errorf("%d statements begin as another", n)
	}
	files, err := s.svc.Files(ctx, 1)
	must(t, err)
	d, err := s.svc.FileByID(ctx, files[0].ID)
	if must(t, err); !d.Rows[0].Twice {
		t.Errorf("%+v", d.Rows[0])
	}
}
