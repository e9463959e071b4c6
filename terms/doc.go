// Package terms is an organiser's general terms as rules: facts in, a decision out.
//
// Owns: the policy language (policies/*.toml, README.md), and every decision on deposits, payment days, insurance,
// fees and price rises.
// Tables: none. May import: terms, the standard library, and go-toml for reading policies.
// Always true: no clock, no files at run time, no database, no randomness. New refuses what is wrong with a policy, so
// that evaluation is total: the same facts give the same answer, from any goroutine, and no error. Facts are checked by
// the Check functions, which share their codes with the command shop terms eval. Every percentage is rounded by itself,
// down for what the customer owes; shares are rounded down and the rest is in the last.
package terms
