// Package money has the stories of accounting and payments: a bookkeeper's month, and Stripe in good and bad weather.
//
// Owns: nothing. Tables: none.
// May import: everything, in tests only.
// Always true: people use the whole shop as they do, in a real browser; at the end of a story the rules of shop/fsck hold.
package money
