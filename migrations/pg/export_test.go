package pg

// MigrateFiles is Migrate with other migrations than the shop's.
var MigrateFiles = migrate
