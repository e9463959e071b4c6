// Package baddays has the tests of days on which things go wrong: the shop is killed, its database restarts or is full,
// several shops share one database, Stripe or the mail server are down.
//
// Owns: nothing. Tables: none.
// May import: everything, in tests only.
// Always true: the shop is the real program in processes of its own, on a real PostgreSQL, and is used over HTTP as people
// use it; after every day the rules of shop/fsck hold, and what people were told is so.
package baddays
