// Package fiches has the stories of children's health: filling in a fiche, the decision about care, the camp with and without
// signal, an emergency, and what is wiped.
//
// Owns: nothing. Tables: none.
// May import: everything, in tests only.
// Always true: people use the whole shop as they do, in a real browser; at the end of a story the rules of shop/fsck hold.
package fiches
