package command

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"joetz/cmd/shop/config"
)

// alive asks the shop of these settings whether it answers: for a container that has no other program to ask with.
func alive(ctx context.Context, env Environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.Err, "usage: shop alive")
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return complain(env, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // it listens everywhere
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return complain(env, err)
	}
	direct := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy of the environment stands between
	answer, err := direct.Do(r)
	if err != nil {
		return complain(env, fmt.Errorf("no answer: %w", err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return complain(env, fmt.Errorf("/healthz answers %s", answer.Status))
	}
	fmt.Fprintln(env.Out, "alive")
	return fine
}
