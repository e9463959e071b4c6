package stripefake

import (
	"net/http"
	"strings"
)

// Trouble is something that goes wrong with calls of the API, for tests.
type Trouble struct {
	Method string // "" is any
	Path   string // calls whose path begins so
	Times  int    // how many calls; 0 is one

	Status     int           // answered with that status and not carried out; a 500 is kept under its key, as Stripe does
	LoseAnswer bool          // carried out, but the connection breaks before the answer
	Wait       chan struct{} // not begun until closed
}

// Disturb lets the next fitting calls go wrong.
func (f *Fake) Disturb(t Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t.Times = max(1, t.Times)
	f.troubles = append(f.troubles, &t)
}

func (f *Fake) takeTrouble(r *http.Request) *Trouble {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.troubles {
		if t.Times > 0 && (t.Method == "" || t.Method == r.Method) && strings.HasPrefix(r.URL.Path, t.Path) {
			t.Times--
			return t
		}
	}
	return nil
}

// broken answers with a trouble's status.
func (c *call) broken(t *Trouble) answer {
	e := &apiError{t.Status, "api_error", "", "", "An unknown error occurred", true}
	if t.Status == http.StatusTooManyRequests {
		e.Type, e.Code = "invalid_request_error", "rate_limit"
	}
	a := e.answer()
	if t.Status == http.StatusInternalServerError && c.key != "" && c.r.Method == http.MethodPost {
		now := c.f.now()
		request := c.r.Method + " " + c.r.URL.Path + "?" + c.form.canonical()
		if mine, _, err := claimKey(c.r.Context(), c.f.db, c.key, request, c.requestID, now.Unix(), 0); err == nil && mine {
			_ = keepAnswer(c.r.Context(), c.f.db, c.key, a) // a test that depends on it sees the difference
		}
	}
	return a
}
