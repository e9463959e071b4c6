// Package stripefake is a stand-in for Stripe: it speaks the part of Stripe's HTTP API that the shop uses, keeps its state,
// shows a pay page, and sends signed webhooks. For tests, and for trying the shop without a Stripe account.
//
// Owns: the PostgreSQL schema stripefake (object, idempotency, delivery), which it makes by itself when it starts, so that
// a real shop's database never has it. Several processes on one database share one stand-in.
// May import: terms, migrations/pg, sqlx. Not stripe-go: what stripe-go reads from it is then a test of both.
// Always true: no money moves; every object and every page says that it is a test; a live key is refused. Each change of
// state commits with its events, or not at all. Answers fit Stripe's published schema (package contract checks them).
// State is bounded: idempotency keys live 24 hours, events and pages that nobody paid on 30 days, as with Stripe.
//
// How it differs from Stripe: one account, euro only, no customers, no SEPA; a payment's fee is 0.39 for Bancontact and
// 1.5 % + 0.25 for cards; money is available three days later; a payout arrives two days after it was made.
package stripefake
