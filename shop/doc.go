// Package shop is the whole shop as one Fiber app: the one table of its routes, and who may use each.
//
// Owns: routes.go, the routing table, and testdata/routes.txt, the list of it that a person has reviewed.
// Tables: none.
// May import: everything of ours but cmd.
// Always true: a route is in the table or does not exist; every route names its role; a route that is not in the
// reviewed list fails a test.
package shop
