package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/shop/account"
	"joetz/templates/messages"
	"joetz/terms/fault"
)

const staffHelp = `usage: shop staff                          list everybody
       shop staff add EMAIL ROLES NAME...    add somebody, and mail them a link to set a password
       shop staff invite EMAIL               mail a new link, for a forgotten password too
       shop staff roles EMAIL ROLES          change what somebody may do, from their next request on
       shop staff reset EMAIL                remove the second factor of who lost it; signs them out
       shop staff stop EMAIL                 end somebody's access at once
       shop staff start EMAIL                give it back
ROLES are office, accounting, animator, lead, with commas between them.
`

// staff manages who works for the organiser: in production the first of them has nobody to be invited by.
func staff(ctx context.Context, env Environment, args []string) int {
	verb, args := "list", args
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	act, known := staffActs[verb]
	if !known || len(args) < act.args {
		_, _ = fmt.Fprint(env.Err, staffHelp)
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	return withServices(ctx, env, c, func(s *program.Services) error {
		said, err := act.do(ctx, s.Accounts, args)
		if err != nil {
			return inWords(err)
		}
		fmt.Fprintln(env.Out, said)
		return nil
	})
}

// inWords says a fault as a page would.
func inWords(err error) error {
	if f := fault.Of(err); f != nil {
		return errors.New(messages.T("en", f.Key, f.Args...))
	}
	return err
}

// staffAct is one verb of shop staff: how many arguments it needs, and what it does and says.
type staffAct struct {
	args int
	do   func(ctx context.Context, accounts *account.Service, args []string) (said string, err error)
}

var staffActs = map[string]staffAct{
	"list": {0, listStaff},
	"add":  {3, addStaff},
	"invite": {1, onPerson(func(ctx context.Context, s *account.Service, p account.Staff, _ []string) (string, error) {
		if !p.Active {
			return "", fmt.Errorf("%s has no access: shop staff start %[1]s", p.Email)
		}
		return "a link is on its way to " + p.Email, s.Invite(ctx, p.ID, 0)
	})},
	"roles": {2, onPerson(func(ctx context.Context, s *account.Service, p account.Staff, args []string) (string, error) {
		return p.Email + " is now " + args[1], s.SetRoles(ctx, p.ID, rolesOf(args[1]), 0)
	})},
	"reset": {1, onPerson(func(ctx context.Context, s *account.Service, p account.Staff, _ []string) (string, error) {
		return p.Email + " sets up a new second factor at the next sign-in", s.ResetFactor(ctx, p.ID, 0)
	})},
	"stop": {1, onPerson(func(ctx context.Context, s *account.Service, p account.Staff, _ []string) (string, error) {
		return p.Email + " has no access any more", s.Deactivate(ctx, p.ID, 0)
	})},
	"start": {1, onPerson(func(ctx context.Context, s *account.Service, p account.Staff, _ []string) (string, error) {
		return p.Email + " has access again", s.Reactivate(ctx, p.ID, 0)
	})},
}

// onPerson finds whom the first argument names.
func onPerson(do func(context.Context, *account.Service, account.Staff, []string) (string, error)) func(context.Context, *account.Service, []string) (string, error) {
	return func(ctx context.Context, s *account.Service, args []string) (string, error) {
		p, err := s.StaffByEmail(ctx, args[0])
		if errors.Is(err, account.ErrNoSuchPerson) {
			return "", fmt.Errorf("nobody has the address %s", args[0])
		}
		if err != nil {
			return "", err
		}
		return do(ctx, s, p, args)
	}
}

func addStaff(ctx context.Context, s *account.Service, args []string) (string, error) {
	key, err := s.CreateStaff(ctx, account.CreateStaffInput{Email: args[0], Roles: rolesOf(args[1]), Name: strings.Join(args[2:], " ")})
	if err != nil {
		return "", err
	}
	return "added; a link to set a password is on its way to " + args[0], s.Invite(ctx, key, 0)
}

func rolesOf(text string) (roles []account.Role) {
	for name := range strings.SplitSeq(text, ",") {
		roles = append(roles, account.Role(strings.TrimSpace(name)))
	}
	return roles
}

func listStaff(ctx context.Context, s *account.Service, _ []string) (string, error) {
	all, err := s.AllStaff(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range all {
		state := "active"
		switch {
		case !p.Active:
			state = "stopped"
		case p.Invited:
			state = "invited"
		case !p.SecondFactor:
			state = "no second factor yet"
		}
		roles := make([]string, len(p.Roles))
		for i, r := range p.Roles {
			roles[i] = string(r)
		}
		fmt.Fprintf(&b, "%-32s %-28s %-24s %s\n", p.Email, p.Name, strings.Join(roles, ","), state)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
