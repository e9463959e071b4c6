package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Strangers are variables that look like settings of the shop and are none: most are typing errors.
func Strangers(vars []string) []string {
	values := env.ToMap(vars)
	names := unknown(values)
	for _, wrong := range []string{"DATABASE_URI", "DATABASE_ULR", "DATABASE_REPLICA", "SMTP_URI", "SMTP_ULR", "STRIPE_KEY", "STRIPE_SECRET",
		"STRIPE_API_KEY", "STRIPE_SECRETKEY", "STRIPE_WEBHOOK", "STRIPE_WEBHOOK_KEY", "STRIPE_WEBHOOKS_SECRET"} {
		if values[wrong] != "" {
			names = append(names, wrong)
		}
	}
	return names
}

// OpenFiles tells which files of secrets any account of the machine can read. Those that a container's runtime hands in, under
// /run/secrets and with mode 0444, are in the container alone.
func OpenFiles(vars []string) (open []string) {
	values := env.ToMap(vars)
	for _, s := range settings {
		file := values[s.name+"_FILE"]
		if !s.secret || file == "" || handedIn(file) {
			continue
		}
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o007 != 0 {
			open = append(open, fmt.Sprintf("%s (%s_FILE)", file, s.name))
		}
	}
	return open
}

func handedIn(file string) bool {
	file = filepath.Clean(file)
	return strings.HasPrefix(file, "/run/secrets/") || strings.HasPrefix(file, "/var/run/secrets/")
}

// StripeProblems tells what cannot be a key or a webhook secret of Stripe, by its beginning, without a word of it.
func (c Config) StripeProblems() (wrong Problems) {
	key := c.StripeKey.Reveal()
	switch {
	case key == "":
		return nil
	case strings.HasPrefix(key, "pk_"):
		wrong = append(wrong, "STRIPE_SECRET_KEY is the publishable key (pk_...): take the secret one, sk_... or rk_...")
	case strings.HasPrefix(key, "whsec_"):
		wrong = append(wrong, "STRIPE_SECRET_KEY holds a webhook secret (whsec_...): it is the key sk_... or rk_...")
	case !strings.HasPrefix(key, "sk_") && !strings.HasPrefix(key, "rk_"):
		wrong = append(wrong, "STRIPE_SECRET_KEY is no key of Stripe: it begins with sk_ or rk_")
	}
	for _, secret := range c.StripeWebhook {
		if !strings.HasPrefix(secret.Reveal(), "whsec_") {
			wrong = append(wrong, "STRIPE_WEBHOOK_SECRET is no signing secret of a webhook (whsec_...): Stripe shows it at Developers, Webhooks; every message of Stripe is refused until it is right")
		}
	}
	return wrong
}
