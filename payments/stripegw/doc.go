// Package stripegw is the shop's only door to Stripe: our words in, our words out.
//
// Owns: the calls (Checkout Sessions, payment intents, refunds, disputes, payouts, balance transactions, events), the check
// of a webhook's signature, and what Stripe's errors mean for us. Tables: none.
// May import: terms, stripe-go/v76. Nobody else imports stripe-go.
// Always true: the key belongs to the Gateway, never to the package stripe; every POST that makes something carries
// an idempotency key of the caller, so a repeated call makes nothing twice; an error is either worth repeating (Retryable) or final; the API version
// is the one that stripe-go pins (2023-10-16). Amounts are euro cents; an amount in another currency keeps its currency.
//
// A webhook's API version may differ from ours: we take only ids from its body and read everything else from the API,
// which answers in our version. So a difference is passed on (Event.APIVersion), not refused.
package stripegw
