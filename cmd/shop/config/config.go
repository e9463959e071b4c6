package config

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"joetz/migrations/pg/embedded"
	"joetz/shop/mail"

	"github.com/caarlos0/env/v11"
)

// Config is every setting. NAME_FILE names a file that holds the value of NAME.
type Config struct {
	Env              string         `env:"SHOP_ENV" envDefault:"development"`
	Addr             string         `env:"SHOP_ADDR" envDefault:"127.0.0.1:8080"`
	URL              string         `env:"SHOP_URL"`
	TrustedProxies   []netip.Prefix `env:"SHOP_TRUSTED_PROXIES"`
	DataDir          string         `env:"SHOP_DATA_DIR"`
	Now              string         `env:"SHOP_NOW"`
	Log              string         `env:"SHOP_LOG"`
	BackupRecipients []string       `env:"SHOP_BACKUP_RECIPIENTS"`
	BackupDir        string         `env:"SHOP_BACKUP_DIR"`
	MetricsAddr      string         `env:"SHOP_METRICS_ADDR"`
	OfflineHours     int            `env:"SHOP_OFFLINE_HOURS" envDefault:"24"`
	GoodwillAlone    int            `env:"SHOP_GOODWILL_ALONE" envDefault:"100"` // whole euros
	Tombstones       string         `env:"SHOP_TOMBSTONES"`
	PrivacyEmail     string         `env:"SHOP_PRIVACY_EMAIL"`
	LeaveSeconds     int            `env:"SHOP_LEAVE_SECONDS" envDefault:"-1"` // -1: as Leave says
	DatabaseURL      Secret         `env:"DATABASE_URL"`
	ReplicaURL       Secret         `env:"DATABASE_REPLICA_URL"`
	SMTPURL          Secret         `env:"SMTP_URL"`
	StripeKey        Secret         `env:"STRIPE_SECRET_KEY"`
	StripeWebhook    []Secret       `env:"STRIPE_WEBHOOK_SECRET"`
	Keys             Secret         `env:"SHOP_KEYS"`
	Secret           Secret         `env:"SHOP_SECRET"`

	Bare     bool              // no demo: a measurement brings its own season
	Postgres map[string]string // settings of the private PostgreSQL beside its own
}

// setting explains one of config's fields to the person who sets it.
type setting struct {
	name     string
	meaning  string
	required bool // in production
	secret   bool
}

// settings is every setting in the order in which people need them.
var settings = []setting{
	{"SHOP_ENV", "development, or production, which refuses everything that is only for trying out", false, false},
	{"SHOP_ADDR", "where the shop listens; 127.0.0.1:8080", false, false},
	{"SHOP_URL", "the address by which people reach the shop, https://boeken.example.be", true, false},
	{"SHOP_TRUSTED_PROXIES", "whose X-Forwarded-For is believed, as 10.0.0.0/8,192.168.1.5/32", false, false},
	{"DATABASE_URL", "the PostgreSQL server; without it, in development, the shop starts a private one", true, true},
	{"DATABASE_REPLICA_URL", "a streaming replica of it, from which the pages for everybody are read while it is up to date", false, true},
	{"SHOP_DATA_DIR", "where the private server and the demo's keys are kept", false, false},
	{"SMTP_URL", "the mail server, smtp://user:password@host:587", true, true},
	{"STRIPE_SECRET_KEY", "the key of the Stripe account; without it, in development, a stand-in plays Stripe", true, true},
	{"STRIPE_WEBHOOK_SECRET", "what Stripe signs its messages with; two, separated by a comma, while it is changed", true, true},
	{"SHOP_KEYS", "the keys that seal medical answers; shop keys new makes them", true, true},
	{"SHOP_SECRET", "32 random bytes in base64 that sign cookies, the same for every process; openssl rand -base64 32", true, true},
	{"SHOP_NOW", "moves the clock: the shop starts at that moment, 2027-06-01T09:00:00+02:00; not in production", false, false},
	{"SHOP_BACKUP_RECIPIENTS", "public keys for which shop backup seals the database, separated by commas", false, false},
	{"SHOP_BACKUP_DIR", "where the files of shop backup are kept: shop doctor looks whether there is one of the last 36 hours", false, false},
	{"SHOP_METRICS_ADDR", "where figures for Prometheus are served, as 127.0.0.1:9090; without it nowhere", false, false},
	{"SHOP_LOG", "text or json; json in production", false, false},
	{"SHOP_LEAVE_SECONDS", "how long a shop that is told to stop still takes requests, while /readyz says no, until the load balancer sends none any more; 5 in production and 0 otherwise, at most 300", false, false},
	{"SHOP_OFFLINE_HOURS", "how long an animator's phone without signal opens the fiches that it took along; 24, at most 72, and 0 takes nothing along", false, false},
	{"SHOP_GOODWILL_ALONE", "how many euros one member of staff may give back on a booking without a second one; 100, at most 5000, and 0 always asks a second one", false, false},
	{"SHOP_TOMBSTONES", "the file that lists which fiches were wiped, outside the database and its backups; a database that was put back is wiped again from it at each start", false, false},
	{"SHOP_PRIVACY_EMAIL", "who is told when a fiche is opened in an emergency, or fiches are read in an unusual way; the organiser's own address without it", false, false},
}

// ClusterDir is where the private PostgreSQL lives.
func (c Config) ClusterDir() string { return filepath.Join(c.DataDir, "postgres") }

// Production tells whether real people book and pay here.
func (c Config) Production() bool { return c.Env == "production" }

// Problems are settings that cannot be used, all of them at once.
type Problems []string

func (p Problems) Error() string { return "the settings are not right:\n  " + strings.Join(p, "\n  ") }

// Read reads and checks the settings.
func Read(vars []string) (Config, error) {
	values, wrong := fromFiles(env.ToMap(vars))
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Environment: values}); err != nil {
		wrong = append(wrong, parseProblems(err)...)
	}
	wrong = append(wrong, c.check(values)...)
	if len(wrong) > 0 {
		return c, wrong
	}
	var err error
	c.DataDir, err = embedded.DefaultDir(func(name string) string { return values[name] })
	if err != nil && c.DatabaseURL != "" { // an account without a home, as in a container: what needs the directory says so
		c.DataDir, err = "", nil
	}
	return c, err
}

// Leave is how long a shop that is told to stop still takes requests at most.
func (c Config) Leave() time.Duration {
	if c.LeaveSeconds >= 0 {
		return time.Duration(c.LeaveSeconds) * time.Second
	}
	if c.Production() {
		return 5 * time.Second
	}
	return 0
}

// fromFiles fills in NAME from the file that NAME_FILE names.
func fromFiles(values map[string]string) (map[string]string, Problems) {
	var wrong Problems
	for _, s := range settings {
		file := values[s.name+"_FILE"]
		switch {
		case file == "":
		case values[s.name] != "":
			wrong = append(wrong, fmt.Sprintf("%s and %s_FILE are both set: which one counts?", s.name, s.name))
		default:
			text, err := os.ReadFile(file)
			if err != nil {
				wrong = append(wrong, fmt.Sprintf("%s_FILE: %v", s.name, err))
			}
			values[s.name] = strings.TrimSpace(string(text))
		}
	}
	return values, wrong
}

// parseProblems makes one line of each of the library's errors, without the value, which may be a secret.
func parseProblems(err error) Problems {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return Problems{err.Error()}
	}
	var wrong Problems
	for _, e := range all.Errors {
		var parse env.ParseError
		if errors.As(e, &parse) {
			wrong = append(wrong, fmt.Sprintf("setting %s cannot be read as %s", parse.Name, parse.Type))
			continue
		}
		wrong = append(wrong, e.Error())
	}
	return wrong
}

func (c Config) check(values map[string]string) Problems {
	var wrong Problems
	add := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	add(slices.Contains([]string{"development", "production"}, c.Env), "SHOP_ENV is %q: it is development or production", c.Env)
	add(slices.Contains([]string{"", "text", "json"}, c.Log), "SHOP_LOG is %q: it is text or json", c.Log)
	add(c.OfflineHours >= 0 && c.OfflineHours <= 72, "SHOP_OFFLINE_HOURS is %d: it is 0 to 72", c.OfflineHours)
	add(c.LeaveSeconds >= -1 && c.LeaveSeconds <= 300, "SHOP_LEAVE_SECONDS is %d: it is 0 to 300", c.LeaveSeconds)
	add(c.GoodwillAlone >= 0 && c.GoodwillAlone <= 5000, "SHOP_GOODWILL_ALONE is %d: it is 0 to 5000", c.GoodwillAlone)
	_, errMail := netmail.ParseAddress(c.PrivacyEmail)
	add(c.PrivacyEmail == "" || errMail == nil, "SHOP_PRIVACY_EMAIL is %q: it is an e-mail address", c.PrivacyEmail)
	_, _, err := net.SplitHostPort(c.Addr)
	add(err == nil, "SHOP_ADDR is %q: it is host:port, as 127.0.0.1:8080 or :80", c.Addr)
	if c.MetricsAddr != "" {
		_, _, err := net.SplitHostPort(c.MetricsAddr)
		add(err == nil, "SHOP_METRICS_ADDR is %q: it is host:port, as 127.0.0.1:9090", c.MetricsAddr)
	}
	u, err := url.Parse(c.URL)
	add(c.URL == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.Trim(u.Path, "/") == "",
		"SHOP_URL is %q: it is https://host without a path", c.URL)
	add(!c.Production() || c.URL == "" || err != nil || u.Scheme != "http", "SHOP_URL is not https, and SHOP_ENV is production")
	if c.Now != "" {
		_, err := time.Parse(time.RFC3339, c.Now)
		add(err == nil, "SHOP_NOW is %q: it looks like 2027-06-01T09:00:00+02:00", c.Now)
		add(!c.Production(), "SHOP_NOW is set, and SHOP_ENV is production: real bookings need the real time")
	}
	if c.SMTPURL != "" {
		_, err := mail.ParseSMTP(c.SMTPURL.Reveal(), nil)
		add(err == nil, "%v", err)
	}
	add(c.StripeKey == "" || len(c.StripeWebhook) > 0 || c.Production(), "STRIPE_WEBHOOK_SECRET is missing: it goes with STRIPE_SECRET_KEY")
	_, err = decodeKey(c.Secret.Reveal())
	add(c.Secret == "" || err == nil, "SHOP_SECRET: %v", err)
	if c.Production() {
		for _, s := range settings {
			add(!s.required || values[s.name] != "", "%s is missing: %s", s.name, s.meaning)
		}
		for _, name := range unknown(values) {
			add(false, "%s is no setting of the shop: a typing error?", name)
		}
	}
	return wrong
}

// unknown lists the SHOP_ variables that mean nothing.
func unknown(values map[string]string) (names []string) {
	for name := range values {
		known := func(s setting) bool { return name == s.name || name == s.name+"_FILE" }
		if strings.HasPrefix(name, "SHOP_") && !slices.ContainsFunc(settings, known) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
