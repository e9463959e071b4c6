// Package program is one running shop, made from its settings: the database, the services, the pages and the jobs, and what is
// wired to what.
//
// Owns: the wiring (wire*.go), which jobs run when (jobs*.go), who the organiser is (organiser.go), start and stop, the demo of
// a shop for trying out, the list of wiped fiches outside the database.
// Tables: none.
// May import: everything of ours but cmd/shop/command.
// Always true: nothing is constructed from a setting that was not checked; a stop lets every request and job that began end, and
// leaves no process behind; production has nothing that is only for trying out.
package program
