// Package shoptest starts whole shops for tests, and has what their stories share: how people sign in, how a family books, what
// must be true at the end of every story.
//
// Owns: the settings and the clock of a shop in a test.
// Tables: none; tests look into all of them.
// May import: cmd/shop/program, cmd/shop/browsertest, shop/fsck, migrations/pg/pgtest.
// Always true: each shop has a database of its own, and has ended when its test ends; no line of its log says who anybody is.
package shoptest
