package account_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

func lou() account.ChildInput {
	return account.ChildInput{FirstName: "Lou", LastName: "Peeters", BornOn: civil.Must(2016, 7, 5)}
}

var sameDate = cmp.Comparer(func(a, b civil.Date) bool { return a == b })

func TestChildrenOfAGuardian(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an, bo := d.guardian(t, "an@example.be").GuardianID, d.guardian(t, "bo@example.be").GuardianID
	first, err := d.AddChild(t.Context(), an, lou())
	wantFault(t, err, nil)
	mo := account.ChildInput{FirstName: "Mo", LastName: "Peeters", BornOn: civil.Must(2013, 1, 31)}
	second, err := d.AddChild(t.Context(), an, mo)
	wantFault(t, err, nil)
	other, err := d.AddChild(t.Context(), bo, lou()) // another family's Lou is another child
	wantFault(t, err, nil)
	if other == first {
		t.Error("two families share a child")
	}
	got, err := d.ChildrenOf(t.Context(), an)
	want := []account.Child{
		{ID: second, FirstName: "Mo", LastName: "Peeters", BornOn: mo.BornOn, SeesFiche: true},
		{ID: first, FirstName: "Lou", LastName: "Peeters", BornOn: lou().BornOn, SeesFiche: true},
	}
	if diff := cmp.Diff(want, got, sameDate); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}

	// Nobody reads or changes somebody else's child.
	_, err = d.ChildOf(t.Context(), bo, first)
	wantFault(t, err, account.ErrNoSuchPerson)
	change := func(guardian id.Guardian) error {
		return pg.InTx(t.Context(), d.db, func(tx *sqlx.Tx) error {
			in := lou()
			in.FirstName = "Louise"
			return d.UpdateChildTx(t.Context(), tx, guardian, first, in)
		})
	}
	wantFault(t, change(bo), account.ErrNoSuchPerson)
	wantFault(t, change(an), nil)
	if c, err := d.ChildOf(t.Context(), an, first); err != nil || c.Name() != "Louise Peeters" {
		t.Errorf("%+v %v", c, err)
	}
}

// A form that is sent twice, even at the same instant, makes one child.
func TestSameChildTwiceIsOneChild(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an := d.guardian(t, "an@example.be").GuardianID
	var keys [6]id.Participant
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() { keys[i], _ = d.AddChild(t.Context(), an, lou()) })
	}
	all.Wait()
	again := lou()
	again.FirstName = "LOU"
	last, err := d.AddChild(t.Context(), an, again)
	wantFault(t, err, nil)
	for _, key := range keys {
		if key == 0 || key != last {
			t.Fatalf("children %v and %d, want one", keys, last)
		}
	}
}

// One family does not fill the database; the children that it has stay what they are.
func TestAFamilyHasAnEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an := d.guardian(t, "an@example.be").GuardianID
	in := lou()
	for n := range account.MostChildren {
		in.FirstName = fmt.Sprint("Lou", n)
		_, err := d.AddChild(t.Context(), an, in)
		wantFault(t, err, nil)
	}
	_, err := d.AddChild(t.Context(), an, in) // the same again
	wantFault(t, err, nil)
	_, err = d.AddChild(t.Context(), an, lou())
	wantFault(t, err, account.ErrManyChildren)
	_, err = d.AddChild(t.Context(), d.guardian(t, "bo@example.be").GuardianID, lou())
	wantFault(t, err, nil)
}

func TestChildIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t) // 1 February 2027
	an := d.guardian(t, "an@example.be").GuardianID
	for name, change := range map[string]func(*account.ChildInput){
		"no first name": func(c *account.ChildInput) { c.FirstName = " " },
		"no last name":  func(c *account.ChildInput) { c.LastName = "" },
		"no birthday":   func(c *account.ChildInput) { c.BornOn = civil.Date{} },
		"born tomorrow": func(c *account.ChildInput) { c.BornOn = civil.Must(2027, 2, 2) },
		"born in 1916":  func(c *account.ChildInput) { c.BornOn = civil.Must(1916, 7, 5) },
	} {
		in := lou()
		change(&in)
		if _, err := d.AddChild(t.Context(), an, in); fault.Of(err) == nil || fault.Of(err).Kind != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.AddChild(t.Context(), an+1, lou()); fault.Of(err) == nil || fault.Of(err).Kind != fault.NotFound {
		t.Errorf("a child of nobody: %v", err)
	}
}

func TestGuardianTellsWhoTheyAre(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.guardian(t, "an@example.be")
	before, err := d.GuardianByID(t.Context(), in.GuardianID)
	wantFault(t, err, nil)
	if before.Complete() || before.Name() != "an" {
		t.Errorf("a new guardian is %+v", before)
	}
	told := account.GuardianInput{FirstName: "An", LastName: "Peeters", Phone: "0470 12 34 56", Street: "Dorp 1", PostalCode: "9000", City: "Gent", Lang: "en"}
	d.inTx(t, func(tx *sqlx.Tx) error { return d.UpdateGuardianTx(t.Context(), tx, in.GuardianID, told) })
	after, err := d.GuardianByID(t.Context(), in.GuardianID)
	want := account.Guardian{ID: in.GuardianID, Email: "an@example.be", FirstName: "An", LastName: "Peeters", Phone: "0470 12 34 56",
		Street: "Dorp 1", PostalCode: "9000", City: "Gent", Country: "BE", Lang: "en"}
	if diff := cmp.Diff(want, after); err != nil || diff != "" || !after.Complete() {
		t.Errorf("%v\n%s", err, diff)
	}
	if who := d.who(t, in.Token); who.Name != "An Peeters" || who.Lang != "en" {
		t.Errorf("the running session does not know: %+v", who)
	}
	told.City = " "
	err = pg.InTx(t.Context(), d.db, func(tx *sqlx.Tx) error { return d.UpdateGuardianTx(t.Context(), tx, in.GuardianID, told) })
	if f := fault.Of(err); f == nil || f.Fields["city"] == "" {
		t.Errorf("no city: %v", err)
	}
}

func TestGuardianPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.guardian(t, "an@example.be")
	other := d.guardian(t, "an@example.be")
	try := func(secret string) error {
		_, err := d.SignInWithPassword(t.Context(), password("An@example.be", secret))
		return err
	}
	wantFault(t, try("vier losse gele fietsen"), account.ErrWrongPassword) // none is set
	wantFault(t, try(""), account.ErrWrongPassword)
	wantFault(t, d.SetGuardianPassword(t.Context(), in.GuardianID, "veertien teken", in.Token), fault.Field("password", "account.password_short"))
	wantFault(t, d.SetGuardianPassword(t.Context(), in.GuardianID, "vier losse gele fietsen", in.Token), nil)
	if !d.who(t, in.Token).Known() || d.who(t, other.Token).Known() {
		t.Error("a new password ends the other sessions and no more")
	}
	wantFault(t, try("vier losse gele fietsen"), nil)
	wantFault(t, try("Vier losse gele fietsen"), account.ErrWrongPassword)
	wantFault(t, d.RemoveGuardianPassword(t.Context(), in.GuardianID), nil)
	wantFault(t, try("vier losse gele fietsen"), account.ErrWrongPassword)
}

// A place at a camp opens fiches: only who works at camps gets one, and who gave it and took it away is kept.
func TestAPlaceAtACamp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cis, lead := d.newStaff(t, "cis@example.be", account.Animator), d.newStaff(t, "dirk@example.be", account.Lead)
	clerk := d.newStaff(t, "els@example.be", account.Office)
	camp, other := d.departure(t, "A1"), d.departure(t, "A2")
	wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: cis, Departure: camp}, clerk), nil)
	wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: lead, Departure: camp, Lead: true}, clerk), nil)
	addresses := map[id.Staff]string{cis: "cis@example.be", lead: "dirk@example.be"}
	member := func(staff id.Staff, leads bool) account.TeamMember {
		return account.TeamMember{Staff: staff, Name: "Bo Baert", Email: addresses[staff], Lead: leads}
	}
	team := func(want ...account.TeamMember) {
		t.Helper()
		got, err := d.TeamOf(t.Context(), camp)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("team: %v\n%s", err, diff)
		}
	}
	team(member(lead, true), member(cis, false))
	wantFault(t, d.Unassign(t.Context(), cis, other, clerk), account.ErrNotAssigned)
	wantFault(t, d.Unassign(t.Context(), cis, camp, clerk), nil)
	team(member(lead, true))
	wantFault(t, d.Unassign(t.Context(), cis, camp, clerk), account.ErrNotAssigned)
	wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: cis, Departure: camp, Lead: true}, clerk), account.ErrNotALead)
	wantFault(t, d.SetRoles(t.Context(), cis, []account.Role{account.Animator, account.Lead}, clerk), nil)
	for range 2 { // the second time nothing changes, and nothing is written
		wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: cis, Departure: camp, Lead: true}, clerk), nil)
	}
	team(member(cis, true), member(lead, true))
	wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: cis, Departure: 9999}, clerk), account.ErrNoSuchPerson)
	wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: clerk, Departure: camp}, clerk), account.ErrNotForCamps)
	wantFault(t, d.Deactivate(t.Context(), cis, lead), nil)
	team(member(lead, true))
	wantFault(t, d.Assign(t.Context(), account.Assignment{Staff: cis, Departure: other}, clerk), account.ErrNotForCamps)
	events, err := d.AssignmentEvents(t.Context(), camp)
	wantFault(t, err, nil)
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.Kind)
		if e.ByName != "Bo Baert" || !e.At.Equal(d.now()) {
			t.Errorf("history: %+v", e)
		}
	}
	if diff := cmp.Diff([]string{"lead", "removed", "lead", "animator"}, kinds); diff != "" {
		t.Error(diff)
	}
}

// departure makes a camp to be assigned to.
func (d *desk) departure(t *testing.T, code string) (key id.Departure) {
	t.Helper()
	err := d.db.Get(&key, `
		WITH s AS (INSERT INTO season (year) VALUES (2027) ON CONFLICT (year) DO UPDATE SET year = excluded.year RETURNING id),
		h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
			SELECT id, $1, $1, 'Zee', '', 'domestic', 'package', 'BE', 'Bredene', '', '', 2014, 2017 FROM s RETURNING id)
		INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-05', '2027-07-09', '2026-10-01' FROM h RETURNING id`, code)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
