package config

import (
	"errors"
	"fmt"

	"filippo.io/age"

	"joetz/medical/seal"
)

// Keyring is the keyset of the settings; a shop for trying out makes its own.
func (c Config) Keyring() (*seal.Keyring, error) {
	if c.Keys == "" && c.DataDir == "" {
		return nil, errors.New("SHOP_KEYS is missing, and this account has no home directory to keep some in: set SHOP_KEYS (shop keys new), or SHOP_DATA_DIR")
	}
	return seal.Load(seal.Source{Keys: c.Keys.Reveal(), DataDir: c.DataDir, Production: c.Production()})
}

// Recipients are the public keys for which a backup is sealed.
func (c Config) Recipients() ([]age.Recipient, error) {
	if len(c.BackupRecipients) == 0 {
		return nil, errors.New("SHOP_BACKUP_RECIPIENTS is missing: shop backup keys makes a pair")
	}
	all := make([]age.Recipient, len(c.BackupRecipients))
	for i, text := range c.BackupRecipients {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("SHOP_BACKUP_RECIPIENTS: number %d is no public key (age1...): it may be the secret one, which belongs elsewhere", i+1)
		}
		all[i] = r
	}
	return all, nil
}
