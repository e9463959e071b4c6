// Package office has the stories of the organiser's office: a Monday morning, a season that is made, imported, changed and published,
// departures that end, merge or are called off.
//
// Owns: nothing. Tables: none.
// May import: everything, in tests only.
// Always true: people use the whole shop as they do, in a real browser; at the end of a story the rules of shop/fsck hold.
package office
