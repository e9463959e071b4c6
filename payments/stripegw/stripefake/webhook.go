package stripefake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"
)

const apiVersion = "2023-10-16"

// Mode is how badly webhooks behave. The zero Mode is good weather: each event once, in order, at once.
type Mode struct {
	Copies  int           // each event that many times; 0 is once
	Reverse bool          // newest first
	Delay   time.Duration // that much later
	Drop    bool          // not at all; the event is in the event list
}

// Behave sets how webhooks of the acts to come behave.
func (f *Fake) Behave(m Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mode = m
}

func (f *Fake) currentMode() Mode {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mode
}

// Deliver sends the webhooks that are due, until none is, and returns how many were answered with 2xx. One that was not
// is tried again later, for three days.
func (f *Fake) Deliver(ctx context.Context) (delivered int, err error) {
	f.mu.Lock()
	url := f.webhookURL
	f.mu.Unlock()
	if url == "" {
		return 0, nil
	}
	for {
		now := f.now()
		d, found, err := takeDelivery(ctx, f.db, now.Unix(), now.Add(time.Minute).Unix())
		if err != nil || !found {
			return delivered, err
		}
		ok := f.send(ctx, url, []byte(d.Body))
		again, given := backOff(d.Attempts)
		if err := endDelivery(ctx, f.db, d.ID, ok || given, now.Add(again).Unix()); err != nil {
			return delivered, err
		}
		if ok {
			delivered++
		}
	}
}

// backOff waits longer after each attempt; after some three days it gives up.
func backOff(attempts int) (again time.Duration, givenUp bool) {
	steps := []time.Duration{5 * time.Second, 30 * time.Second, 5 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour}
	if attempts > len(steps) {
		return 0, true
	}
	return steps[attempts-1], false
}

func (f *Fake) send(ctx context.Context, url string, body []byte) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		f.log.Warn("stripe stand-in: webhook", "error", err)
		return false
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "Stripe/1.0 (stand-in)")
	req.Header.Set("Stripe-Signature", f.Sign(body))
	res, err := f.client.Do(req)
	if err != nil {
		f.log.Info("stripe stand-in: webhook not answered", "error", err)
		return false
	}
	defer func() { _ = res.Body.Close() }() // nothing to lose: the answer's text means nothing
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	return res.StatusCode/100 == 2
}

// Sign is the header Stripe-Signature for a body sent now.
func (f *Fake) Sign(body []byte) string {
	at := f.now().Unix()
	mac := hmac.New(sha256.New, []byte(f.secret))
	fmt.Fprintf(mac, "%d.%s", at, body)
	return fmt.Sprintf("t=%d,v1=%s", at, hex.EncodeToString(mac.Sum(nil)))
}
