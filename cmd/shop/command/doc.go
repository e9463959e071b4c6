// Package command has the sub-commands of shop: what operators do at a prompt, and serve, which runs the shop.
//
// Owns: the table of commands, their arguments, what they print and their exit status.
// Tables: none; doctor asks PostgreSQL about itself.
// May import: everything of ours.
// Always true: a command answers 0 when all is well, 1 when it failed, 2 for a wrong call or wrong settings; errors go to standard
// error, in one line; no secret is printed but by the command that makes it.
package command
