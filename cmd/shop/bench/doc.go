// Package bench measures the shop under load, over HTTP, as figures that anybody can make again.
//
// Owns: the load (buyers, readers), its clock and its table of figures. It knows addresses and forms of the shop's pages,
// as a browser does, and the tables only to prepare a measurement and to count afterwards.
// Tables: none of its own; it writes into the temporary database that the command made for it.
// May import: what cmd may.
// Always true: it never runs on a database that anybody uses; its loops end by count or by time; the clients share the
// machine with shop and PostgreSQL, so a figure is what this machine does as a whole.
package bench
