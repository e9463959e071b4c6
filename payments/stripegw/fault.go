package stripegw

import (
	"errors"
	"fmt"
	"net/http"

	stripe "github.com/stripe/stripe-go/v76"

	"joetz/terms/fault"
)

// What a call can end in. Compare with errors.Is.
var (
	// ErrUnavailable: Stripe did not answer, is busy, or does not accept our key. The same call may be made again later.
	ErrUnavailable error = fault.New(fault.Unavailable, "online.unavailable")
	// ErrNotFound: Stripe knows no such object.
	ErrNotFound error = fault.New(fault.NotFound, "online.not_found")
	// ErrRefused: Stripe understood and said no; repeating the call changes nothing. Code says why.
	ErrRefused error = fault.New(fault.Conflict, "online.refused")
)

// Refusal is what Stripe said, kept as the cause of a fault, for logs and for Code.
type Refusal struct {
	Status    int
	Type      string
	Code      string
	Param     string
	Message   string
	RequestID string
}

// Error is for the log; it names the request, by which Stripe's dashboard finds it.
func (r *Refusal) Error() string {
	return fmt.Sprintf("stripe: %d %s %s %s: %s (request %s)", r.Status, r.Type, r.Code, r.Param, r.Message, r.RequestID)
}

// Code is Stripe's own code for why a call was refused ("charge_already_refunded"), or "".
func Code(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// Retryable reports whether the same call may succeed later without a change.
func Retryable(err error) bool { return errors.Is(err, ErrUnavailable) }

// Kept reports whether Stripe answered a POST with its own failure. Such an answer is kept under the idempotency key and
// comes again for a day, so that only another key gets further; whether the work was done is not known.
func Kept(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == http.StatusInternalServerError
}

// translate turns stripe-go's errors into ours. What is neither an answer nor known to be final is a network failure: the
// call may have happened, and only the same call with the same key finds out.
func translate(call string, err error) error {
	if err == nil {
		return nil
	}
	var se *stripe.Error
	if !errors.As(err, &se) {
		return fmt.Errorf("stripe %s: %w", call, fault.Of(ErrUnavailable).With(err))
	}
	r := &Refusal{
		Status: se.HTTPStatusCode, Type: string(se.Type), Code: string(se.Code), Param: se.Param,
		Message: se.Msg, RequestID: se.RequestID,
	}
	return fmt.Errorf("stripe %s: %w", call, fault.Of(kind(r)).With(r))
}

func kind(r *Refusal) error {
	switch s := r.Status; {
	case s == http.StatusConflict, s == http.StatusTooManyRequests, s >= http.StatusInternalServerError:
		return ErrUnavailable
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return ErrUnavailable // a key that is being rotated: ours to mend, then the work goes on where it stopped
	case s == http.StatusNotFound, r.Code == string(stripe.ErrorCodeResourceMissing):
		return ErrNotFound
	}
	return ErrRefused
}
