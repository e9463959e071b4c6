// Package family has the stories of a family after booking: its page, its proofs, a change or a cancellation of its own, its data, and
// that nobody reaches another's.
//
// Owns: nothing. Tables: none.
// May import: everything, in tests only.
// Always true: people use the whole shop as they do, in a real browser; at the end of a story the rules of shop/fsck hold.
package family
