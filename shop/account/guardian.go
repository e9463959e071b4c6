package account

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// Guardian is an adult who books.
type Guardian struct {
	ID         id.Guardian
	Email      string
	FirstName  string
	LastName   string
	Phone      string
	Street     string
	PostalCode string
	City       string
	Country    string // ISO 3166, "BE"
	Lang       string
	Password   bool // a password was set beside the code by mail
}

// Name is how the guardian is called; what stands before the @ until a name is known.
func (g Guardian) Name() string { return displayName(g.FirstName, g.LastName, g.Email) }

func displayName(first, last, email string) string {
	if name := strings.TrimSpace(first + " " + last); name != "" {
		return name
	}
	local, _, _ := strings.Cut(email, "@")
	return local
}

// Complete reports whether an invoice can be written to the guardian.
func (g Guardian) Complete() bool {
	return g.FirstName != "" && g.LastName != "" && g.Phone != "" && g.Street != "" && g.PostalCode != "" && g.City != ""
}

// NormalEmail is the form in which addresses are compared and kept.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// GuardianByID reads a guardian, or gives ErrNoSuchPerson.
func (s *Service) GuardianByID(ctx context.Context, key id.Guardian) (Guardian, error) {
	g, found, err := s.guardians.Get(ctx, key, func(ctx context.Context, keys []id.Guardian) (map[id.Guardian]Guardian, error) {
		return guardiansByID(ctx, s.DB, keys)
	})
	if err == nil && !found {
		err = ErrNoSuchPerson
	}
	return g, err
}

// GuardianTx finds the guardian of an address or makes one. Whoever calls it has seen proof that the address is the
// reader's own, or acts for the office.
func (s *Service) GuardianTx(ctx context.Context, tx *sqlx.Tx, email, lang string) (Guardian, error) {
	email = NormalEmail(email)
	if err := insertGuardian(ctx, tx, email, lang, s.now()); err != nil {
		return Guardian{}, err
	}
	return guardianByEmail(ctx, tx, email)
}

// GuardianInput is what a guardian tells about themselves; the address by which they sign in is not part of it.
type GuardianInput struct {
	FirstName, LastName, Phone        string
	Street, PostalCode, City, Country string
	Lang                              string
}

// UpdateGuardianTx keeps what a guardian told. Names and address must be there.
func (s *Service) UpdateGuardianTx(ctx context.Context, tx *sqlx.Tx, key id.Guardian, in GuardianInput) error {
	for field, value := range map[string]string{
		"first_name": in.FirstName, "last_name": in.LastName, "street": in.Street, "postal_code": in.PostalCode, "city": in.City,
	} {
		if strings.TrimSpace(value) == "" {
			return fault.Field(field, "form.required")
		}
	}
	if in.Country == "" {
		in.Country = "BE"
	}
	return updateGuardian(ctx, tx, key, in)
}

// GuardianByIDTx is GuardianByID in the caller's transaction.
func (s *Service) GuardianByIDTx(ctx context.Context, tx *sqlx.Tx, key id.Guardian) (Guardian, error) {
	return guardianByID(ctx, tx, key)
}
