package account_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/shop/account"
	"joetz/terms/fault"
)

func request(email, network string) account.CodeRequest {
	return account.CodeRequest{Email: email, Lang: "nl", Network: network}
}

func TestCodeSignsInAndMakesTheGuardianOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.guardian(t, "an@example.be")
	if first.GuardianID == 0 || !first.Has(account.Parent) || first.Start() != "/mijn" {
		t.Fatalf("signed in as %+v", first.Identity)
	}
	flow, err := d.RequestCode(t.Context(), request("  AN@Example.BE ", "1.1.1.1"))
	if err != nil {
		t.Fatal(err)
	}
	typed := " " + d.lastCode("an@example.be")[:3] + "-" + d.lastCode("an@example.be")[3:] + " "
	again, err := d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: flow, Code: typed, Lang: "en", Session: first.Token, Browser: first.Browser})
	if err != nil {
		t.Fatal(err)
	}
	if again.GuardianID != first.GuardianID {
		t.Errorf("another guardian for the same address: %d and %d", first.GuardianID, again.GuardianID)
	}
	if again.Token == first.Token || d.who(t, first.Token).Known() {
		t.Error("the session was not replaced at sign-in")
	}
	if again.Browser != first.Browser {
		t.Error("a known browser got another token")
	}
	if got := d.who(t, again.Token); got.GuardianID != first.GuardianID || got.Lang != "nl" {
		t.Errorf("the new session is %+v", got)
	}
}

func TestCodeWorksOnceForTenMinutesAndFiveTries(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ask := func() (flow, code string) {
		t.Helper()
		flow, err := d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
		if err != nil {
			t.Fatal(err)
		}
		return flow, d.lastCode("an@example.be")
	}
	answer := func(flow, code string) error {
		_, err := d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: flow, Code: code, Lang: "nl"})
		return err
	}
	flow, code := ask()
	wantFault(t, answer(flow, code), nil)
	wantFault(t, answer(flow, code), account.ErrCodeOver) // once

	flow, code = ask()
	d.forward(10*time.Minute - time.Microsecond)
	wantFault(t, answer(flow, code), nil)
	flow, code = ask()
	d.forward(10 * time.Minute)
	wantFault(t, answer(flow, code), account.ErrCodeOver)

	flow, code = ask()
	for left := 4; left > 0; left-- {
		err := answer(flow, wrong(code))
		wantFault(t, err, account.ErrWrongCode)
		if got := fault.Of(err).Args[0]; got != left {
			t.Fatalf("%v tries left, want %d", got, left)
		}
	}
	wantFault(t, answer(flow, wrong(code)), account.ErrCodeOver)
	wantFault(t, answer(flow, code), account.ErrCodeOver) // right, but too late
}

func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return "9" + code[1:]
}

// The same answer at the same instant, four times, signs in once. The test holds the code's row until all four stand
// before it.
func TestCodeSignsInOnceUnderRace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	flow, err := d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
	if err != nil {
		t.Fatal(err)
	}
	code := d.lastCode("an@example.be")
	held, err := d.db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(`SELECT id FROM sign_in_code FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	const answers = 4
	var right atomic.Int32
	var all sync.WaitGroup
	for range answers {
		all.Go(func() {
			if _, err := d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: flow, Code: code, Lang: "nl"}); err == nil {
				right.Add(1)
			}
		})
	}
	for waiting := 0; waiting < answers; {
		if err := d.db.Get(&waiting, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
			t.Fatal(err)
		}
	}
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if right.Load() != 1 {
		t.Errorf("one code signed in %d times", right.Load())
	}
}

// A code belongs to the browser that asked: nobody else can use it, or burn its tries.
func TestCodeBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner, err := d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
	if err != nil {
		t.Fatal(err)
	}
	code := d.lastCode("an@example.be")
	thief, err := d.RequestCode(t.Context(), request("an@example.be", "6.6.6.6"))
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		_, err := d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: thief, Code: code, Lang: "nl"})
		if err == nil {
			t.Fatal("another browser's flow took the code")
		}
	}
	_, err = d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: owner, Code: code, Lang: "nl"})
	wantFault(t, err, nil)
}

// Whether anybody is known under an address shows nowhere: same answer, same row, same mail, same refusal.
func TestCodesTellNothingAboutAddresses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.guardian(t, "known@example.be")
	d.forward(24 * time.Hour)
	var answers [2]string
	for i, email := range []string{"known@example.be", "nobody@example.be"} {
		network := fmt.Sprintf("1.1.1.%d", i)
		before := len(d.codes[email])
		for range 6 {
			flow, err := d.RequestCode(t.Context(), request(email, network))
			answers[i] += fmt.Sprintln(len(flow), err)
			if err != nil {
				continue
			}
			page, err := d.Flow(t.Context(), flow)
			page.Email = ""
			answers[i] += fmt.Sprintln(page, err)
			_, err = d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: flow, Code: wrong(d.lastCode(email)), Lang: "nl"})
			answers[i] += fmt.Sprintln(err)
		}
		answers[i] += fmt.Sprintln("mails", len(d.codes[email])-before)
	}
	if answers[0] != answers[1] {
		t.Errorf("known:\n%s\nunknown:\n%s", answers[0], answers[1])
	}
	if !strings.Contains(answers[0], "account.too_many") {
		t.Error("the throttle was not part of the comparison")
	}
}

// One network that asks and asks for somebody's address is stopped, and that somebody elsewhere still gets a code, today
// and after a month of it.
func TestCodeThrottleLocksNobodyOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	refused := 0
	for range 30 * 24 {
		for range 10 {
			if _, err := d.RequestCode(t.Context(), request("victim@example.be", "6.6.6.6")); errors.Is(err, account.ErrTooManyTries) {
				refused++
			}
		}
		d.forward(time.Hour)
	}
	if sent := len(d.codes["victim@example.be"]); sent > 4+2*30*24 {
		t.Errorf("%d codes went to the victim", sent)
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
	for range 3 {
		_, err := d.RequestCode(t.Context(), request("victim@example.be", "2.2.2.2"))
		wantFault(t, err, nil)
	}
}

// A home with IPv6 has many networks of /64, and they count as one for an address: else three of them would lock its owner out.
func TestManyNetworksOfOneHome(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i := range 40 {
		_, err := d.RequestCode(t.Context(), request("an@example.be", fmt.Sprintf("2001:db8:7:%x::/64", i)))
		if refused := errors.Is(err, account.ErrTooManyTries); refused != (i >= 4) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	for _, network := range []string{"2001:db8:8:1::/64", "1.1.1.1"} { // the owner, elsewhere
		if _, err := d.RequestCode(t.Context(), request("an@example.be", network)); err != nil {
			t.Errorf("%s: %v", network, err)
		}
	}
	if _, err := d.RequestCode(t.Context(), request("bo@example.be", "2001:db8:7:1::/64")); err != nil { // a neighbour
		t.Error(err)
	}
}

// Even when many networks together use up an address, the browser in which its owner signed in before gets a code.
func TestCodeForAKnownBrowser(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner := d.guardian(t, "victim@example.be")
	for i := range 40 {
		_, _ = d.RequestCode(t.Context(), request("victim@example.be", fmt.Sprintf("6.6.6.%d", i)))
	}
	_, err := d.RequestCode(t.Context(), request("victim@example.be", "2.2.2.2"))
	wantFault(t, err, account.ErrTooManyTries)
	in := request("victim@example.be", "2.2.2.2")
	in.Browser = owner.Browser
	_, err = d.RequestCode(t.Context(), in)
	wantFault(t, err, nil)

	// Somebody else's known browser is a stranger here.
	thief := d.guardian(t, "thief@example.be")
	in.Browser = thief.Browser
	_, err = d.RequestCode(t.Context(), in)
	wantFault(t, err, account.ErrTooManyTries)
}

func TestThrottleOpensWithTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 4 {
		_, err := d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
		wantFault(t, err, nil)
	}
	_, err := d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
	wantFault(t, err, account.ErrTooManyTries)
	d.forward(30*time.Minute - time.Second)
	_, err = d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
	wantFault(t, err, account.ErrTooManyTries)
	d.forward(time.Second)
	_, err = d.RequestCode(t.Context(), request("an@example.be", "1.1.1.1"))
	wantFault(t, err, nil)
}

// The tables alone open nothing: no token, code or password stands in them.
func TestNothingSecretIsStored(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.guardian(t, "an@example.be")
	wantFault(t, d.SetGuardianPassword(t.Context(), in.GuardianID, "vier losse gele fietsen", in.Token), nil)
	var dump string
	if err := d.db.Get(&dump, `SELECT coalesce(string_agg(t::text, ' '), '') FROM (
		SELECT s::text FROM session s UNION ALL SELECT c::text FROM sign_in_code c UNION ALL SELECT b::text FROM known_browser b
		UNION ALL SELECT g::text FROM guardian g UNION ALL SELECT r::text FROM rate_limit r) t`); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"session token": in.Token, "browser token": in.Browser, "code": d.lastCode("an@example.be"), "password": "fietsen"} {
		if strings.Contains(dump, secret) || strings.Contains(dump, fmt.Sprintf("%x", secret)) {
			t.Errorf("the %s stands in the database", name)
		}
	}
}
