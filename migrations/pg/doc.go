// Package pg is the way to the database: opening, transactions, constraint names, migrations, its clock.
//
// Owns: the table migration_sum (which migrations ran, with their hash) and goose_db_version.
// May import: migrations.
// Always true: a transaction that InTx began ends in it, whatever happens inside; a transaction that lost a race under
// the database's locks is tried again, so its function must bear being run more than once.
//
// One thing to know about the driver: parameters go in one round trip (binary_parameters), which sends a []byte as raw
// bytes. That is right for bytea. A json or jsonb parameter must therefore be given as a string.
package pg
