package account_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"joetz/shop/account"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// token is the newest link of an invitation in a mailbox.
func (d *desk) token(t *testing.T, email string) string {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.links[email]) - 1; i >= 0; i-- {
		if _, path, ok := strings.Cut(d.links[email][i], "guardian_invited "+account.FamilyInvitationPath); ok {
			return path
		}
	}
	t.Fatalf("no invitation for %s in %v", email, d.links[email])
	return ""
}

// family is An with Lou and Mo, and Bo who follows only Lou.
func (d *desk) family(t *testing.T) (an, bo id.Guardian, shared, own id.Participant) {
	t.Helper()
	an = d.guardian(t, "an@example.be").GuardianID
	shared, err := d.AddChild(t.Context(), an, lou())
	wantFault(t, err, nil)
	mo := lou()
	mo.FirstName = "Mo"
	own, err = d.AddChild(t.Context(), an, mo)
	wantFault(t, err, nil)
	wantFault(t, d.InviteGuardian(t.Context(), an, account.CoInvite{Email: "Bo@example.be ", Children: []id.Participant{shared}, Rights: account.Rights{Pays: true}}), nil)
	bo = d.guardian(t, "bo@example.be").GuardianID
	wantFault(t, d.AcceptGuardianInvitation(t.Context(), d.token(t, "bo@example.be"), bo), nil)
	return an, bo, shared, own
}

func TestAnotherParentIsInvited(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an, bo, shared, own := d.family(t)
	rights, err := d.RightsOf(t.Context(), bo)
	wantFault(t, err, nil)
	if len(rights) != 1 || rights[shared] != (account.Rights{Pays: true}) {
		t.Errorf("Bo may %+v", rights)
	}
	_, err = d.ChildOf(t.Context(), bo, own)
	wantFault(t, err, account.ErrNoSuchPerson)
	ties, err := d.TiesOf(t.Context(), bo)
	if err != nil || len(ties) != 1 || len(ties[shared]) != 2 || strings.Contains(ties[shared][1].Name, "@") {
		t.Errorf("Bo knows %+v %v", ties, err)
	}
	if mails := d.links["an@example.be"]; len(mails) != 1 || !strings.HasPrefix(mails[0], "guardian_accepted") {
		t.Errorf("An was told %v", mails)
	}

	// Bo manages nothing, changes nothing, and leaves without asking.
	wantFault(t, d.InviteGuardian(t.Context(), bo, account.CoInvite{Email: "cis@example.be", Children: []id.Participant{shared}}), account.ErrNotManaging)
	wantFault(t, d.RemoveGuardian(t.Context(), bo, shared, an), account.ErrNotManaging)
	wantFault(t, d.SetRights(t.Context(), bo, shared, bo, account.Rights{SeesFiche: true}), account.ErrNotManaging)
	wantFault(t, d.InviteGuardian(t.Context(), bo, account.CoInvite{Email: "cis@example.be", Children: []id.Participant{own}}), account.ErrNoSuchPerson)
	wantFault(t, d.RemoveGuardian(t.Context(), an, shared, an), account.ErrLastGuardian)
	wantFault(t, d.SetRights(t.Context(), an, shared, an, account.Rights{Pays: true}), account.ErrLastGuardian)
	wantFault(t, d.RemoveGuardian(t.Context(), an, shared, bo), nil)
	if rights, err := d.RightsOf(t.Context(), bo); err != nil || len(rights) != 0 {
		t.Errorf("Bo was removed and may %+v %v", rights, err)
	}
	wantFault(t, d.RemoveGuardian(t.Context(), an, shared, bo), account.ErrNoSuchPerson)
}

func TestAnInvitationWorksOnceForItsAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an := d.guardian(t, "an@example.be").GuardianID
	child, err := d.AddChild(t.Context(), an, lou())
	wantFault(t, err, nil)
	invite := func(email string) error {
		return d.InviteGuardian(t.Context(), an, account.CoInvite{Email: email, Children: []id.Participant{child}, Rights: account.Rights{SeesFiche: true}})
	}
	if f := fault.Of(invite("AN@example.be")); f == nil || f.Fields["email"] == "" {
		t.Errorf("An invites An: %v", f)
	}
	wantFault(t, invite("bo@example.be"), nil)
	first := d.token(t, "bo@example.be")
	open, err := d.GuardianInvitations(t.Context(), an)
	if err != nil || len(open) != 1 || open[0].Email != "bo@example.be" {
		t.Fatalf("%+v %v", open, err)
	}
	wantFault(t, d.ResendGuardianInvitation(t.Context(), an, open[0].ID), nil)
	second := d.token(t, "bo@example.be")
	cis, bo := d.guardian(t, "cis@example.be").GuardianID, d.guardian(t, "bo@example.be").GuardianID
	wantFault(t, d.AcceptGuardianInvitation(t.Context(), first, bo), account.ErrFamilyInvitationOver) // a newer one was sent
	wantFault(t, d.AcceptGuardianInvitation(t.Context(), second, cis), account.ErrOtherAddress)
	d.forward(14*24*time.Hour - time.Minute)
	if _, err := d.GuardianInvited(t.Context(), second, bo); err != nil {
		t.Error(err)
	}
	d.forward(time.Minute)
	wantFault(t, d.AcceptGuardianInvitation(t.Context(), second, bo), account.ErrFamilyInvitationOver) // ran out
	wantFault(t, invite("bo@example.be"), nil)
	third := d.token(t, "bo@example.be")
	var all sync.WaitGroup
	var errs [4]error
	for i := range errs {
		all.Go(func() { errs[i] = d.AcceptGuardianInvitation(t.Context(), third, bo) })
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		}
	}
	if done != 1 {
		t.Errorf("accepted %d times: %v", done, errs)
	}
	wantFault(t, invite("dirk@example.be"), nil)
	open, err = d.GuardianInvitations(t.Context(), an)
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v %v", open, err)
	}
	wantFault(t, d.RevokeGuardianInvitation(t.Context(), bo, open[0].ID), account.ErrNoSuchPerson) // not Bo's to take back
	wantFault(t, d.RevokeGuardianInvitation(t.Context(), an, open[0].ID), nil)
	wantFault(t, d.AcceptGuardianInvitation(t.Context(), d.token(t, "dirk@example.be"), d.guardian(t, "dirk@example.be").GuardianID), account.ErrFamilyInvitationOver)
	for range 7 {
		err = invite("els@example.be")
	}
	if f := fault.Of(err); f == nil || f.Fields["email"] != "account.invite_often" {
		t.Errorf("many invitations: %v", err)
	}
}

// Two who manage a child remove each other at the same instant: one stays.
func TestAChildIsNeverLeftAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	an, bo, child, _ := d.family(t)
	wantFault(t, d.SetRights(t.Context(), an, child, bo, account.Rights{Manages: true}), nil)
	var all sync.WaitGroup
	all.Go(func() { _ = d.RemoveGuardian(t.Context(), an, child, bo) })
	all.Go(func() { _ = d.RemoveGuardian(t.Context(), bo, child, an) })
	all.Wait()
	left := 0
	for _, guardian := range []id.Guardian{an, bo} {
		rights, err := d.RightsOf(t.Context(), guardian)
		wantFault(t, err, nil)
		if _, acts := rights[child]; acts {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d guardians are left", left)
	}
}
