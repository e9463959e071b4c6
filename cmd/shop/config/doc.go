// Package config reads the settings of the shop from its environment and says what is wrong with them.
//
// Owns: the names, meanings and defaults of all settings, secrets that do not print, the keys that settings name, and the clock
// that SHOP_NOW moves.
// Tables: none.
// May import: medical/seal, migrations/pg/embedded, shop/mail (to read SMTP_URL).
// Always true: all that is wrong is told at once; no secret is printed, whatever prints it.
package config
