// Package booking has the stories of buying: from the list of holidays to a paid order, the waiting list, the morning of the sale,
// races for the last place, and what cancelling costs by the terms.
//
// Owns: nothing. Tables: none.
// May import: everything, in tests only.
// Always true: people use the whole shop as they do, in a real browser; at the end of a story the rules of shop/fsck hold.
package booking
