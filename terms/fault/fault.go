// Package fault is the shop's one kind of error that people may read.
//
// Owns: the kinds, and the error that carries a message key. It knows no HTTP: shop/web maps kinds to answers.
// May import: the standard library.
// Always true: a Fault's key is in the message catalogue; the cause is for the log and never shown. An error that is no
// Fault is internal.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong, and so what the reader can do about it.
type Kind uint8

const (
	// Internal is ours to mend: nobody outside sees more than a request id.
	Internal Kind = iota
	// NotFound: there is no such thing, or not for this reader.
	NotFound
	// Invalid: the input has to change; Fields says where.
	Invalid
	// Conflict: the world changed meanwhile (sold out, fee outdated, done already).
	Conflict
	// Denied: known, and not allowed.
	Denied
	// Expired: a hold, code or link ran out.
	Expired
	// Unavailable: try again later.
	Unavailable
	// TooMany: tried too often; wait.
	TooMany
)

// Fault is an error with a message for people.
type Fault struct {
	Kind   Kind
	Key    string            // message key, e.g. "booking.sold_out"
	Args   []any             // for the message's {0}, {1}, ...
	Fields map[string]string // form field -> message key; only with Invalid
	Wait   time.Duration     // how long until it may be tried again; only with TooMany, 0 when unknown
	cause  error
}

// New declares a fault. Compare with errors.Is: two faults are the same when their keys are.
func New(kind Kind, key string, args ...any) *Fault { return &Fault{Kind: kind, Key: key, Args: args} }

// Field is an Invalid fault about one form field.
func Field(field, key string, args ...any) *Fault {
	return &Fault{Kind: Invalid, Key: key, Args: args, Fields: map[string]string{field: key}}
}

// With returns a copy that carries the cause, for the log.
func (f *Fault) With(cause error) *Fault { c := *f; c.cause = cause; return &c }

// WithArgs returns a copy with other message arguments.
func (f *Fault) WithArgs(args ...any) *Fault { c := *f; c.Args = args; return &c }

// After returns a copy that says how long to wait.
func (f *Fault) After(wait time.Duration) *Fault { c := *f; c.Wait = wait; return &c }

// Error is for the log; pages translate Key.
func (f *Fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %v", f.Key, f.cause)
	}
	return f.Key
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Is makes errors.Is compare keys.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Key == f.Key
}

// Of finds the fault in an error chain; nil when the error is internal.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}
