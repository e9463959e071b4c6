package account_test

import (
	"testing"
	"time"

	"joetz/shop/account"
)

func TestParentSessionEndsIdleAfterThirtyDays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.guardian(t, "an@example.be")
	for range 5 { // used every 29 days it lives on
		d.forward(29 * 24 * time.Hour)
		if !d.who(t, in.Token).Known() {
			t.Fatalf("ended at %v", d.now())
		}
	}
	d.forward(30 * 24 * time.Hour)
	if d.who(t, in.Token).Known() {
		t.Error("still there after 30 idle days")
	}
	in = d.guardian(t, "an@example.be")
	for range 180 / 20 {
		d.who(t, in.Token)
		d.forward(20 * 24 * time.Hour)
	}
	if d.who(t, in.Token).Known() {
		t.Error("still there after 180 days of use")
	}
}

func TestStaffSessionsAreShort(t *testing.T) {
	t.Parallel()
	for role, c := range map[account.Role]struct{ idle, absolute time.Duration }{
		account.Office:     {30 * time.Minute, 12 * time.Hour},
		account.Accounting: {30 * time.Minute, 12 * time.Hour},
		account.Animator:   {2 * time.Hour, 12 * time.Hour},
		account.Lead:       {2 * time.Hour, 12 * time.Hour},
	} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.newStaff(t, "bo@example.be", role)
			in := d.staff(t, "bo@example.be")
			d.forward(c.idle - time.Second)
			if !d.who(t, in.Token).Has(role) {
				t.Fatal("ended before its idle time")
			}
			d.forward(c.idle)
			if d.who(t, in.Token).Known() {
				t.Fatal("outlived its idle time")
			}
			in = d.staff(t, "bo@example.be")
			for spent := time.Duration(0); spent < c.absolute; spent += c.idle / 2 {
				if !d.who(t, in.Token).Known() {
					t.Fatalf("ended after %v of use", spent)
				}
				d.forward(c.idle / 2)
			}
			if d.who(t, in.Token).Known() {
				t.Error("outlived its absolute time")
			}
		})
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	phone, laptop := d.guardian(t, "an@example.be"), d.guardian(t, "an@example.be")
	other := d.guardian(t, "bo@example.be")
	wantFault(t, d.SignOut(t.Context(), phone.Token), nil)
	wantFault(t, d.SignOut(t.Context(), "unknown"), nil)
	if d.who(t, phone.Token).Known() || !d.who(t, laptop.Token).Known() {
		t.Error("signing out ended the wrong session")
	}
	third := d.guardian(t, "an@example.be")
	list, err := d.Sessions(t.Context(), laptop.Identity, laptop.Token)
	if err != nil || len(list) != 2 || list[0].Current == list[1].Current {
		t.Errorf("sessions %+v %v, want two, one of them current", list, err)
	}
	wantFault(t, d.SignOutEverywhere(t.Context(), laptop.Identity), nil)
	if d.who(t, laptop.Token).Known() || d.who(t, third.Token).Known() || !d.who(t, other.Token).Known() {
		t.Error("signing out everywhere ended too little or too much")
	}
}

func TestIdentifyOfNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, token := range []string{"", "unknown", string(make([]byte, 100))} {
		if who := d.who(t, token); who.Known() || who.Actor() != "system" || who.Main() != "" || who.Start() != "/" {
			t.Errorf("%q is %+v", token, who)
		}
	}
}

func TestSweepRemovesOnlyWhatEnded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	parent, staff := d.guardian(t, "an@example.be"), d.staff(t, "bo@example.be")
	d.forward(13 * time.Hour)
	wantFault(t, d.Sweep(t.Context()), nil)
	var left int
	if err := d.db.Get(&left, `SELECT count(*) FROM session`); err != nil || left != 1 {
		t.Errorf("%d sessions left, want the parent's: %v", left, err)
	}
	if !d.who(t, parent.Token).Known() || d.who(t, staff.Token).Known() {
		t.Error("the wrong session went")
	}
	d.forward(400 * 24 * time.Hour)
	wantFault(t, d.Sweep(t.Context()), nil)
	for _, table := range []string{"session", "sign_in_code", "known_browser", "rate_limit"} {
		if err := d.db.Get(&left, `SELECT count(*) FROM `+table); err != nil || left != 0 {
			t.Errorf("%s: %d rows left: %v", table, left, err)
		}
	}
}
