package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const goodSecret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="

func TestProductionNamesEverythingThatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := Read([]string{"SHOP_ENV=production", "SHOP_NOW=2027-06-01T09:00:00+02:00", "SHOP_ADRR=:80"})
	if err == nil {
		t.Fatal("a shop without secrets went into production")
	}
	for _, name := range []string{"DATABASE_URL", "SHOP_URL", "SMTP_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET",
		"SHOP_KEYS", "SHOP_SECRET", "SHOP_NOW", "SHOP_ADRR"} {
		if !strings.Contains(err.Error(), "\n  "+name+" ") {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestProductionStartsWithEverything(t *testing.T) {
	t.Parallel()
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Read([]string{"SHOP_ENV=production", "DATABASE_URL=postgres://db/shop", "SHOP_URL=https://boeken.example.be",
		"SMTP_URL=smtp://shop:pw@mail.example.be:587", "STRIPE_SECRET_KEY=sk_live_1", "STRIPE_WEBHOOK_SECRET=whsec_1,whsec_2",
		"SHOP_KEYS_FILE=" + keys, "SHOP_SECRET=" + goodSecret})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.StripeWebhook) != 2 || c.StripeWebhook[1].Reveal() != "whsec_2" {
		t.Errorf("webhook secrets: %d", len(c.StripeWebhook))
	}
	if c.Keys.Reveal() != "{}" {
		t.Errorf("the keys were not read from their file: %q", c.Keys.Reveal())
	}
}

func TestWrongSettingsAreExplained(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ vars, want string }{
		{"SHOP_ENV=staging", `SHOP_ENV is "staging"`},
		{"SHOP_ADDR=8080", "SHOP_ADDR"},
		{"SHOP_URL=boeken.example.be", "SHOP_URL"},
		{"SHOP_URL=https://example.be/winkel", "SHOP_URL"},
		{"SHOP_ENV=production SHOP_URL=http://example.be", "not https"},
		{"SHOP_NOW=2027-06-01", "SHOP_NOW"},
		{"SHOP_LOG=xml", "SHOP_LOG"},
		{"SHOP_GOODWILL_ALONE=-1", "SHOP_GOODWILL_ALONE is -1"},
		{"SHOP_LEAVE_SECONDS=301", "SHOP_LEAVE_SECONDS is 301"},
		{"SHOP_GOODWILL_ALONE=veel", "GoodwillAlone"},
		{"SHOP_TRUSTED_PROXIES=everybody", "TrustedProxies"},
		{"SHOP_SECRET=short", "SHOP_SECRET"},
		{"SHOP_KEYS_FILE=/nowhere", "SHOP_KEYS_FILE"},
		{"SHOP_SECRET=x SHOP_SECRET_FILE=/x", "both set"},
		{"STRIPE_SECRET_KEY=sk_test_1", "STRIPE_WEBHOOK_SECRET"},
		{"SMTP_URL=mail.example.be", "SMTP_URL"},
	} {
		_, err := Read(strings.Fields(test.vars))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.vars, err, test.want)
		}
	}
	if _, err := Read(nil); err != nil {
		t.Errorf("nothing configured: %v", err)
	}
}

// A container has no home directory: a shop with a database and keys of its own starts there, and another one says what it lacks.
func TestWithoutAHome(t *testing.T) {
	t.Setenv("HOME", "") // what Go takes for the home directory
	t.Setenv("XDG_DATA_HOME", "")
	c, err := Read([]string{"DATABASE_URL=postgres://db/shop", "SHOP_SECRET=" + goodSecret})
	if err != nil {
		t.Fatal(err)
	}
	if key, err := c.CookieKey(); err != nil || len(key) < 32 {
		t.Errorf("with SHOP_SECRET: %d bytes, %v", len(key), err)
	}
	if os.Geteuid() == 0 {
		c.DataDir = "" // root has a directory of the machine's
	}
	if _, err := c.Keyring(); err == nil || !strings.Contains(err.Error(), "set SHOP_KEYS") {
		t.Errorf("without keys: %v", err)
	}
	c.Secret = ""
	if _, err := c.CookieKey(); err == nil || !strings.Contains(err.Error(), "set SHOP_SECRET") {
		t.Errorf("without a secret: %v", err)
	}
}

// A shop takes its leave slowly where a load balancer has to notice, and at once at somebody's keyboard.
func TestLeave(t *testing.T) {
	t.Parallel()
	for want, c := range map[time.Duration]Config{0: {LeaveSeconds: -1}, 5 * time.Second: {LeaveSeconds: -1, Env: "production"}, time.Minute: {LeaveSeconds: 60}} {
		if got := c.Leave(); got != want {
			t.Errorf("%+v: %v, want %v", c, got, want)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	const word = "kanarie"
	c := Config{DatabaseURL: word, StripeWebhook: []Secret{word}}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q %x", c, c, c, c.DatabaseURL, c.DatabaseURL, c.DatabaseURL)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "config", c, "url", c.DatabaseURL)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	List(&out, []string{"DATABASE_URL=" + word, "SHOP_SECRET=" + word, "SHOP_URL=" + "x"})
	if _, err := Read([]string{"SMTP_URL=smtp://x:" + word + "@%zz", "DATABASE_URL=" + word, "SHOP_SECRET=" + word}); err != nil {
		fmt.Fprint(&out, err)
	}
	if text := out.String(); strings.Contains(text, word) || strings.Contains(text, fmt.Sprintf("%x", word)) {
		t.Errorf("a secret was printed: %s", text)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	now, err := Config{Now: "2027-06-01T09:00:00+02:00"}.Clock()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2027, 6, 1, 7, 0, 0, 0, time.UTC)
	first := now()
	if late := first.Sub(start); late < 0 || late > time.Minute {
		t.Errorf("the clock starts at %v", first)
	}
	for deadline := time.Now().Add(time.Minute); !now().After(first); {
		if time.Now().After(deadline) {
			t.Fatal("the clock stands still")
		}
	}
	real, err := Config{}.Clock()
	if err != nil {
		t.Fatal(err)
	}
	if off := time.Since(real()); off < 0 || off > time.Minute {
		t.Errorf("the real clock is %v off", off)
	}
}

func TestCookieKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	c := Config{DataDir: filepath.Join(t.TempDir(), "new")}
	first, err := c.CookieKey()
	if err != nil || len(first) != 32 {
		t.Fatal(len(first), err)
	}
	again, err := c.CookieKey()
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("a second start has another key: %v", err)
	}
	info, err := os.Stat(filepath.Join(c.DataDir, "secret"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v %v", info.Mode(), err)
	}
	c.Env = "production"
	if _, err := c.CookieKey(); err == nil {
		t.Error("production made itself a key")
	}
}

// What a container's runtime hands in has mode 0444 and is nobody else's.
func TestSecretsOfAContainerAreNotOpen(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]bool{"/run/secrets/shop_keys": true, "/var/run/secrets/x": true, "/run/secrets/../x": false, "/etc/shop/keys": false, "/run/secretsx/a": false} {
		if got := handedIn(file); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}
