package program

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"

	"joetz/cmd/shop/config"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
	"joetz/shop"
)

// webhookPath is where Stripe sends its messages.
const webhookPath = "/hooks/stripe"

// StandIn plays Stripe for a shop that has no key.
type StandIn struct {
	*stripefake.Fake
	listener net.Listener
}

// gateway is the way to Stripe, or to the stand-in that this program then runs.
func (p *Program) gateway(ctx context.Context, cookies []byte) (*stripegw.Gateway, error) {
	if p.cfg.StripeKey != "" {
		var secrets []string
		for _, s := range p.cfg.StripeWebhook {
			secrets = append(secrets, s.Reveal())
		}
		return stripegw.New(stripegw.Config{Key: p.cfg.StripeKey.Reveal(), WebhookSecrets: secrets, Log: p.log, Now: p.Now}), nil
	}
	if p.cfg.Production() {
		return nil, config.Problems{"STRIPE_SECRET_KEY is missing: the stand-in takes no real money"} // check said so before
	}
	const key = "sk_test_standin"
	webhook := "whsec_" + derive(cookies, "stripe stand-in") // the same in every process on this data
	l, err := stripefake.Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	fake, err := stripefake.New(ctx, stripefake.Config{
		DB: p.DB.DB, Now: p.Now, Log: p.log, Key: key, WebhookSecret: webhook,
		WebhookURL: p.ownURL() + webhookPath, PagesURL: p.URL() + shop.StandInPath,
	})
	if err != nil {
		_ = l.Close() // nobody has connected yet
		return nil, err
	}
	p.StandIn = &StandIn{fake, l}
	return stripegw.New(stripegw.Config{
		Key: key, URL: "http://" + l.Addr().String(), WebhookSecrets: []string{webhook}, Log: p.log, Now: p.Now,
	}), nil
}

// ownURL is where this process is reached from this machine, whatever people call the shop.
func (p *Program) ownURL() string {
	host, port, err := net.SplitHostPort(p.Addr())
	if ip, ipErr := netip.ParseAddr(host); err != nil || host == "" || ipErr == nil && ip.IsUnspecified() { // listens on every address
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// standInPages are served by the shop itself; nil with a Stripe account.
func (p *Program) standInPages() http.Handler {
	if p.StandIn == nil {
		return nil
	}
	return p.StandIn.Pages()
}

// derive makes a secret for one purpose out of the program's key.
func derive(key []byte, purpose string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose))
	return hex.EncodeToString(mac.Sum(nil))
}
