// Package seal keeps what nobody but its reader may see: every sealed value is useless without a key that is not in the
// database.
//
// Owns: the keyset (outside the database), one data key per fiche wrapped by it, the sealed form of a value, and the types
// that print as [redacted].
// Tables: none. It knows no SQL; callers keep the bytes that it returns.
// May import: tink and the standard library.
//
// Always true:
//   - A value opens only at the Place it was sealed for: another row, column or table is refused, and so is a changed bit.
//   - Whatever does not open gives ErrUnreadable and nothing else, never an empty value.
//   - The length of a sealed value tells hardly anything: values are padded (see pad).
//   - Without its wrapped data key a fiche cannot be opened by anybody: deleting that one row is the shredder.
//   - A new keyset key wraps from the moment that it is primary; older ones still open until they are retired.
//   - No value, and no key, is in an error text or in anything that prints.
//
// The keyset is one JSON text with two tink keysets, "seal" (AES-256-GCM, wraps data keys and seals small secrets) and
// "log" (HMAC-SHA-256, ties the access log together). It comes from SHOP_KEYS or SHOP_KEYS_FILE; a demo makes its own file.
// Rotation has four steps, so that several running shops never meet a key that they do not have: Add on every machine,
// Promote, re-wrap the rows (medical.Rewrap, and Reseal for small secrets), Retire.
package seal
