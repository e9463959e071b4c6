package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"joetz/shop/account"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const (
	staffPassword = "paarse olifant op zolder"
	staffSecret   = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

func (d *desk) newStaff(t *testing.T, email string, roles ...account.Role) id.Staff {
	t.Helper()
	key, err := d.CreateStaff(t.Context(), account.CreateStaffInput{Email: email, Name: "Bo Baert", Roles: roles, Password: staffPassword, TOTPSecret: staffSecret})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// appCode is what an authenticator app shows: the library's own validation is not what is tested here.
func (d *desk) appCode(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCodeCustom(secret, d.now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func password(email, password string) account.PasswordAnswer {
	return account.PasswordAnswer{Email: email, Password: password, Network: "1.1.1.1"}
}

// staff signs in with both factors.
func (d *desk) staff(t *testing.T, email string) account.SignedIn {
	t.Helper()
	d.forward(31 * time.Second) // a fresh code
	pending, err := d.SignInStaff(t.Context(), password(email, staffPassword))
	if err != nil {
		t.Fatal(err)
	}
	in, err := d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: d.appCode(t, staffSecret)})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestStaffNeedsBothFactors(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key := d.newStaff(t, "bo@example.be", account.Office, account.Accounting)
	pending, err := d.SignInStaff(t.Context(), password(" BO@example.be", staffPassword))
	if err != nil {
		t.Fatal(err)
	}
	if who := d.who(t, pending.Token); who.Known() || who.Has(account.Office) || !who.Pending {
		t.Fatalf("the password alone made %+v", who)
	}
	next, err := d.PendingFactor(t.Context(), pending.Token)
	if want := (account.Factor{Staff: key, Name: "Bo Baert"}); err != nil || next != want {
		t.Fatalf("next %+v %v", next, err)
	}
	in, err := d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: d.appCode(t, staffSecret)})
	if err != nil {
		t.Fatal(err)
	}
	who := d.who(t, in.Token)
	if !who.Has(account.Office) || !who.Has(account.Accounting) || who.Has(account.Parent) || who.SecondFactorAt.IsZero() || who.Start() != "/kantoor" {
		t.Errorf("signed in as %+v", who)
	}
	if d.who(t, pending.Token).Pending || in.Token == pending.Token {
		t.Error("the pending session lives on")
	}
	_, err = d.PendingFactor(t.Context(), in.Token)
	wantFault(t, err, account.ErrFactorOver)
}

func TestStaffSignInTellsNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	gone := d.newStaff(t, "gone@example.be", account.Office)
	wantFault(t, d.Deactivate(t.Context(), gone, 0), nil)
	if _, err := d.CreateStaff(t.Context(), account.CreateStaffInput{Email: "new@example.be", Name: "New", Roles: []account.Role{account.Animator}}); err != nil {
		t.Fatal(err)
	}
	d.guardian(t, "parent@example.be")
	var answers []string
	for i, email := range []string{"bo@example.be", "gone@example.be", "new@example.be", "parent@example.be", "nobody@example.be"} {
		var answer string
		for range 8 {
			_, err := d.SignInStaff(t.Context(), account.PasswordAnswer{Email: email, Password: "wrong wrong wrong", Network: fmt.Sprintf("1.1.1.%d", i)})
			answer += fmt.Sprintln(err, fault.Of(err).Args)
		}
		answers = append(answers, answer)
	}
	for _, a := range answers[1:] {
		if diff := cmp.Diff(answers[0], a); diff != "" {
			t.Error(diff)
		}
	}
	for _, empty := range []string{"", " "} {
		_, err := d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "new@example.be", Password: empty, Network: "9.9.9.9"})
		wantFault(t, err, account.ErrWrongPassword)
	}
	_, err := d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "gone@example.be", Password: staffPassword, Network: "9.9.9.8"})
	wantFault(t, err, account.ErrWrongPassword)
}

// The hash is what takes time, and without one the answer comes some ten times sooner. An address that nobody has costs the same
// one as an address that is known, and as many writes.
func TestUnknownAddressTakesAsLong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	d.guardian(t, "bo@example.be")
	work, written := map[string][]argon2id.Params{}, map[string]int{}
	for _, email := range []string{"bo@example.be", "nobody@example.be"} {
		d.Compared(func(p argon2id.Params) { work[email] = append(work[email], p) })
		_, err := d.SignInStaff(t.Context(), account.PasswordAnswer{Email: email, Password: "wrong wrong wrong", Network: email})
		wantFault(t, err, account.ErrWrongPassword)
		_, err = d.SignInWithPassword(t.Context(), account.PasswordAnswer{Email: email, Password: "wrong wrong wrong", Network: email})
		wantFault(t, err, account.ErrWrongPassword)
		var lines int
		if err := d.db.Get(&lines, `SELECT count(*) FROM sign_in_event WHERE kind = 'password_wrong'`); err != nil {
			t.Fatal(err)
		}
		written[email] = lines - written["bo@example.be"]
	}
	if written["bo@example.be"] != 2 || written["nobody@example.be"] != 2 {
		t.Errorf("two wrong passwords are written down as %v", written)
	}
	if known, unknown := work["bo@example.be"], work["nobody@example.be"]; len(known) != 2 || !slices.Equal(known, unknown) {
		t.Errorf("a known address costs %+v, an unknown one %+v", known, unknown)
	}
}

func TestFactorCodeWorksOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	d.staff(t, "bo@example.be")
	used := d.appCode(t, staffSecret)
	pending, err := d.SignInStaff(t.Context(), password("bo@example.be", staffPassword))
	wantFault(t, err, nil)
	_, err = d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: used})
	wantFault(t, err, account.ErrWrongFactor)
	d.forward(30 * time.Second)
	fresh := d.appCode(t, staffSecret)
	d.forward(30 * time.Second) // a phone whose clock is a little behind
	_, err = d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: fresh[:3] + " " + fresh[3:]})
	wantFault(t, err, nil)
}

func TestFactorGuessingEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	owner := d.staff(t, "bo@example.be")
	guess := func() (refusals []string) {
		pending, err := d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "bo@example.be", Password: staffPassword, Network: "6.6.6.6"})
		wantFault(t, err, nil)
		for range 6 {
			_, err := d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: wrong(d.appCode(t, staffSecret))})
			refusals = append(refusals, fault.Of(err).Key)
		}
		return refusals
	}
	want := slices.Repeat([]string{account.ErrWrongFactor.Key}, 4)
	if diff := cmp.Diff(append(want, account.ErrFactorOver.Key, account.ErrFactorOver.Key), guess()); diff != "" {
		t.Error(diff)
	}
	all := strings.Join(slices.Concat(guess(), guess(), guess()), " ")
	if !strings.Contains(all, account.ErrTooManyTries.Key) {
		t.Errorf("who has the password may guess on and on: %s", all)
	}
	// Meanwhile the owner signs in from the browser of before.
	d.forward(time.Minute)
	pending, err := d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "bo@example.be", Password: staffPassword, Network: "2.2.2.2", Browser: owner.Browser})
	wantFault(t, err, nil)
	_, err = d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: d.appCode(t, staffSecret), Browser: owner.Browser})
	wantFault(t, err, nil)
}

func TestPasswordGuessingLocksNobodyOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	var err error
	for range 20 {
		_, err = d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "bo@example.be", Password: "wrong wrong wrong", Network: "6.6.6.6"})
	}
	wantFault(t, err, account.ErrTooManyTries)
	_, err = d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "bo@example.be", Password: staffPassword, Network: "6.6.6.6"})
	wantFault(t, err, account.ErrTooManyTries) // even the right one: else the throttle would be an oracle
	_, err = d.SignInStaff(t.Context(), account.PasswordAnswer{Email: "bo@example.be", Password: staffPassword, Network: "2.2.2.2"})
	wantFault(t, err, nil)
}

func TestInvitationSetsPasswordThenFactor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key, err := d.CreateStaff(t.Context(), account.CreateStaffInput{Email: "cis@example.be", Name: "Cis", Roles: []account.Role{account.Animator}})
	wantFault(t, err, nil)
	wantFault(t, d.Invite(t.Context(), key, 0), nil)
	wantFault(t, d.Invite(t.Context(), key, 0), nil)
	links := d.links["cis@example.be"]
	token := func(i int) string { return strings.TrimPrefix(links[i], "https://shop.test"+account.InvitationPath) }

	_, err = d.Invited(t.Context(), token(0))
	wantFault(t, err, account.ErrInvitationOver) // the newer voids the older
	if person, err := d.Invited(t.Context(), token(1)); err != nil || person.Name != "Cis" || !person.Invited {
		t.Fatalf("invited %+v %v", person, err)
	}
	_, err = d.AcceptInvitation(t.Context(), token(1), "te kort", "")
	wantFault(t, err, fault.Field("password", "account.password_short"))
	pending, err := d.AcceptInvitation(t.Context(), token(1), staffPassword, "")
	wantFault(t, err, nil)
	if !d.who(t, pending.Token).Pending {
		t.Error("a link in a mail alone signed somebody in")
	}
	_, err = d.AcceptInvitation(t.Context(), token(1), "een ander wachtwoord", "")
	wantFault(t, err, account.ErrInvitationOver)

	offer, err := d.OfferFactor(t.Context(), pending.Token)
	wantFault(t, err, nil)
	if again, err := d.OfferFactor(t.Context(), pending.Token); err != nil || again != offer {
		t.Errorf("asking again offered another secret: %v", err)
	}
	if !strings.HasPrefix(offer.QR, "data:image/png;base64,") || !strings.Contains(offer.URL, "secret="+offer.Secret) {
		t.Errorf("offer %+v", offer)
	}
	_, _, err = d.ConfirmFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: wrong(d.appCode(t, offer.Secret))})
	wantFault(t, err, account.ErrWrongFactor)
	in, recovery, err := d.ConfirmFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: d.appCode(t, offer.Secret)})
	wantFault(t, err, nil)
	if len(recovery) != 10 || !d.who(t, in.Token).Has(account.Animator) {
		t.Fatalf("recovery %v, identity %+v", recovery, in.Identity)
	}

	// A recovery code opens once, in any spelling, in place of the app.
	for i, want := range []*fault.Fault{nil, account.ErrWrongFactor} {
		pending, err := d.SignInStaff(t.Context(), password("cis@example.be", staffPassword))
		wantFault(t, err, nil)
		_, err = d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: " " + strings.ReplaceAll(recovery[3], "-", " ")})
		if want == nil && err != nil {
			t.Fatalf("try %d: %v", i, err)
		}
		if want != nil {
			wantFault(t, err, want)
		}
	}
}

// A new link replaces the password and never the second factor.
func TestInvitationKeepsTheSecondFactor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key := d.newStaff(t, "bo@example.be", account.Office)
	before := d.staff(t, "bo@example.be")
	wantFault(t, d.Invite(t.Context(), key, 0), nil)
	token := strings.TrimPrefix(d.links["bo@example.be"][0], "https://shop.test"+account.InvitationPath)
	pending, err := d.AcceptInvitation(t.Context(), token, "vier losse gele fietsen", "")
	wantFault(t, err, nil)
	if d.who(t, before.Token).Known() {
		t.Error("a session of before the new password lives on")
	}
	if next, err := d.PendingFactor(t.Context(), pending.Token); err != nil || next.SetUp {
		t.Errorf("next %+v %v", next, err)
	}
	_, err = d.OfferFactor(t.Context(), pending.Token)
	wantFault(t, err, account.ErrFactorOver)

	wantFault(t, d.Invite(t.Context(), key, 0), nil)
	token = strings.TrimPrefix(d.links["bo@example.be"][1], "https://shop.test"+account.InvitationPath)
	d.forward(7 * 24 * time.Hour)
	_, err = d.AcceptInvitation(t.Context(), token, "vier losse gele fietsen", "")
	wantFault(t, err, account.ErrInvitationOver)
}

func TestRightsEndAtTheNextRequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key, boss := d.newStaff(t, "bo@example.be", account.Office), d.newStaff(t, "boss@example.be", account.Office)
	in := d.staff(t, "bo@example.be")
	wantFault(t, d.SetRoles(t.Context(), key, []account.Role{account.Accounting}, boss), nil)
	if who := d.who(t, in.Token); who.Has(account.Office) || !who.Has(account.Accounting) {
		t.Errorf("roles %v", who.Roles)
	}
	wantFault(t, d.Deactivate(t.Context(), key, boss), nil)
	if d.who(t, in.Token).Known() {
		t.Error("signed in after being deactivated")
	}
	// Even a session that somehow outlived it opens nothing.
	if _, err := d.db.Exec(`UPDATE staff SET active = true WHERE id = $1`, key); err != nil {
		t.Fatal(err)
	}
	late := d.staff(t, "bo@example.be")
	if _, err := d.db.Exec(`UPDATE staff SET active = false WHERE id = $1`, key); err != nil {
		t.Fatal(err)
	}
	if d.who(t, late.Token).Known() {
		t.Error("somebody inactive is signed in")
	}
	wantFault(t, d.Deactivate(t.Context(), key, boss), nil)
	wantFault(t, d.Reactivate(t.Context(), key, boss), nil)
	if d.who(t, in.Token).Known() {
		t.Error("an ended session came back")
	}
	d.staff(t, "bo@example.be")
	wantFault(t, d.ResetFactor(t.Context(), key, boss), nil)
	pending, err := d.SignInStaff(t.Context(), password("bo@example.be", staffPassword))
	wantFault(t, err, nil)
	if next, err := d.PendingFactor(t.Context(), pending.Token); err != nil || !next.SetUp {
		t.Errorf("after the reset: %+v %v", next, err)
	}
	var kinds []string
	if err := d.db.Select(&kinds, `SELECT kind FROM sign_in_event WHERE by_staff_id = $1 ORDER BY id`, boss); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"roles_changed", "deactivated", "deactivated", "reactivated", "second_factor_removed"}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestStaffIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	good := account.CreateStaffInput{Email: "cis@example.be", Name: "Cis", Roles: []account.Role{account.Office}}
	for name, c := range map[string]struct {
		change func(*account.CreateStaffInput)
		want   *fault.Fault
	}{
		"again":            {func(in *account.CreateStaffInput) { in.Email = "BO@example.be" }, account.ErrStaffExists},
		"no name":          {func(in *account.CreateStaffInput) { in.Name = " " }, fault.New(fault.Invalid, "form.required")},
		"no role":          {func(in *account.CreateStaffInput) { in.Roles = nil }, fault.New(fault.Invalid, "form.choose")},
		"parent":           {func(in *account.CreateStaffInput) { in.Roles = []account.Role{account.Parent} }, fault.New(fault.Invalid, "form.choose")},
		"short password":   {func(in *account.CreateStaffInput) { in.Password = "kort" }, fault.New(fault.Invalid, "account.password_short")},
		"obvious password": {func(in *account.CreateStaffInput) { in.Password = "Joetz-Vakantie-2027" }, fault.New(fault.Invalid, "account.password_obvious")},
		"address in it":    {func(in *account.CreateStaffInput) { in.Password = "cis@example.be123" }, fault.New(fault.Invalid, "account.password_obvious")},
		"one letter":       {func(in *account.CreateStaffInput) { in.Password = strings.Repeat("a", 40) }, fault.New(fault.Invalid, "account.password_obvious")},
	} {
		in := good
		c.change(&in)
		if _, err := d.CreateStaff(t.Context(), in); fault.Of(err) == nil || fault.Of(err).Key != c.want.Key {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestDemoShowsTheAppsCodeButNotInProduction(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.newStaff(t, "bo@example.be", account.Office)
	if _, err := account.NewDemo(d.Service, true); err == nil {
		t.Fatal("a demo in production")
	}
	demo, err := account.NewDemo(d.Service, false)
	wantFault(t, err, nil)
	for range 2 { // the second right after the first, in the same half minute
		pending, err := d.SignInStaff(t.Context(), password("bo@example.be", staffPassword))
		wantFault(t, err, nil)
		code, err := demo.FactorCode(t.Context(), pending.Token)
		wantFault(t, err, nil)
		_, err = d.SecondFactor(t.Context(), account.FactorAnswer{Session: pending.Token, Code: code})
		wantFault(t, err, nil)
	}
}
