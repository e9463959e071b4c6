package account

import "github.com/alexedwards/argon2id"

// Compared lets a test see the work of each password that is compared: it is what takes time.
func (s *Service) Compared(see func(argon2id.Params)) {
	s.passwords.check = func(password, hash string) (bool, *argon2id.Params, error) {
		ok, params, err := argon2id.CheckHash(password, hash)
		if params != nil {
			see(*params)
		}
		return ok, params, err
	}
}
