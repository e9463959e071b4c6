package stripefake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"joetz/migrations/pg"

	"github.com/jmoiron/sqlx"
)

const maxBody = 1 << 20

// call is one request to the API after its parameters were read.
type call struct {
	f         *Fake
	r         *http.Request
	form      *form
	expand    []string
	requestID string
	key       string
	pagesURL  string
}

// Handler serves the API and the pay pages.
func (f *Fake) Handler() http.Handler {
	mux := http.NewServeMux()
	post := map[string]func(*act, *form, string) (any, error){
		"/v1/checkout/sessions": func(a *act, p *form, _ string) (any, error) { return createSession(a, p) },
		"/v1/checkout/sessions/{id}/expire": func(a *act, p *form, id string) (any, error) {
			if e := p.check(); e != nil {
				return nil, e
			}
			return expireSession(a, id)
		},
		"/v1/refunds": func(a *act, p *form, _ string) (any, error) { return createRefund(a, p) },
	}
	for path, change := range post {
		mux.HandleFunc("POST "+path, f.api(func(c *call) answer { return c.change(change) }))
	}
	for path, kind := range map[string]string{
		"checkout/sessions": "checkout.session", "payment_intents": "payment_intent", "charges": "charge", "refunds": "refund",
		"balance_transactions": "balance_transaction", "payouts": "payout", "disputes": "dispute", "events": "event",
	} {
		mux.HandleFunc("GET /v1/"+path+"/{id}", f.api(func(c *call) answer { return c.one(kind) }))
		mux.HandleFunc("GET /v1/"+path, f.api(func(c *call) answer { return c.list(kind) }))
	}
	mux.HandleFunc("GET /v1/checkout/sessions/{id}/line_items", f.api((*call).lineItems))
	mux.HandleFunc("/v1/", f.api(func(c *call) answer {
		return (&apiError{http.StatusNotFound, "invalid_request_error", "", "", "Unrecognized request URL (" + c.r.Method + ": " + c.r.URL.Path + ").", true}).answer()
	}))
	mux.Handle("/", f.Pages())
	return mux
}

// api does what all calls have in common: who asks, in which version, with which parameters, and the troubles of tests.
func (f *Fake) api(serve func(*call) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{f: f, r: r, requestID: newID("req"), key: r.Header.Get("Idempotency-Key"), pagesURL: f.pagesURL}
		if c.pagesURL == "" {
			c.pagesURL = "http://" + r.Host
		}
		trouble := f.takeTrouble(r)
		if trouble != nil && trouble.Wait != nil {
			<-trouble.Wait
		}
		var a answer
		switch e := c.read(); {
		case e != nil:
			a = e.answer()
		case trouble != nil && trouble.Status != 0:
			a = c.broken(trouble)
		default:
			a = serve(c)
		}
		if trouble != nil && trouble.LoseAnswer {
			loseAnswer(w)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Request-Id", c.requestID)
		w.Header().Set("Stripe-Version", apiVersion)
		if c.key != "" {
			w.Header().Set("Idempotency-Key", c.key)
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body) // a caller who has gone asks again
	}
}

// loseAnswer cuts the connection: the work is done and nobody hears of it. A first byte is sent, or Go's HTTP client would
// ask again by itself because of the idempotency key.
func loseAnswer(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, "{")
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (c *call) read() *apiError {
	user, _, _ := c.r.BasicAuth()
	if token, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); ok {
		user = token
	}
	if user != c.f.key {
		return &apiError{http.StatusUnauthorized, "invalid_request_error", "", "", "Invalid API Key provided.", true}
	}
	if v := c.r.Header.Get("Stripe-Version"); v != "" && v != apiVersion {
		return invalid("", "", "The stand-in speaks API version "+apiVersion+", not "+v+".")
	}
	text := c.r.URL.RawQuery
	if c.r.Method == http.MethodPost {
		body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody))
		if err != nil {
			return invalid("", "", "The request could not be read.")
		}
		text = string(body)
	}
	var e *apiError
	if c.form, e = parseForm(text); e != nil {
		return e
	}
	c.expand = c.form.list("expand")
	return nil
}

// change carries a POST out once per idempotency key.
func (c *call) change(do func(*act, *form, string) (any, error)) answer {
	ctx, f := c.r.Context(), c.f
	if c.key == "" {
		a, _, _ := c.perform(ctx, do)
		return a
	}
	request := c.r.Method + " " + c.r.URL.Path + "?" + c.form.canonical()
	now := f.now()
	mine, row, err := claimKey(ctx, f.db, c.key, request, c.requestID, now.Unix(), now.Add(-time.Minute).Unix())
	switch {
	case err != nil:
		return broken(err).answer()
	case !mine && row.Request != request:
		return (&apiError{http.StatusBadRequest, "idempotency_error", "", "", "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '" + c.key + "' if you meant to execute a different request.", true}).answer()
	case !mine && row.Status == nil:
		return (&apiError{http.StatusConflict, "invalid_request_error", "idempotency_key_in_use", "", "There is currently another in-progress request using this Idempotency Key.", true}).answer()
	case !mine:
		c.requestID = row.RequestID
		return answer{*row.Status, []byte(*row.Body)}
	}
	a, kept, err := c.perform(ctx, do)
	if err == nil && !kept {
		err = releaseKey(context.WithoutCancel(ctx), f.db, c.key)
	}
	if err != nil {
		return broken(err).answer()
	}
	return a
}

// perform runs the change and keeps its answer in the same transaction. kept is false for a request that never began.
func (c *call) perform(ctx context.Context, do func(*act, *form, string) (any, error)) (a answer, kept bool, err error) {
	ctx = context.WithoutCancel(ctx) // Stripe finishes what it began
	var no *apiError
	err = c.f.do(ctx, func(act *act) error {
		act.requestID, act.key, act.pagesURL = c.requestID, c.key, c.pagesURL
		c.form.bad = nil
		result, err := do(act, c.form, c.r.PathValue("id"))
		if err != nil {
			return err
		}
		if a, err = c.render(ctx, act.tx, result); err != nil {
			return err
		}
		kept = c.key != ""
		if !kept {
			return nil
		}
		return keepAnswer(ctx, act.tx, c.key, a)
	})
	if errors.As(err, &no) {
		a, kept = no.answer(), !no.Forget && c.key != ""
		if kept {
			return a, kept, keepAnswer(ctx, c.f.db, c.key, a)
		}
		return a, false, nil
	}
	if err != nil {
		c.f.log.Error("stripe stand-in", "error", err)
		return broken(err).answer(), false, nil
	}
	return a, kept, nil
}

// render writes an object with what was asked to be expanded.
func (c *call) render(ctx context.Context, q sqlx.QueryerContext, v any) (answer, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{}, err
	}
	tree := map[string]any{}
	if err := json.Unmarshal(body, &tree); err != nil {
		return answer{}, err
	}
	for _, path := range c.expand {
		if err := expand(ctx, q, tree, path); err != nil {
			return answer{}, err
		}
	}
	a, e := answerOf(tree)
	if e != nil {
		return a, e
	}
	return a, nil
}

// look runs a reading call in a transaction of its own, so that an object and what is expanded in it fit together.
func (c *call) look(read func(tx *sqlx.Tx) (any, error)) answer {
	var a answer
	err := pg.InTx(c.r.Context(), c.f.db, func(tx *sqlx.Tx) error {
		v, err := read(tx)
		if err != nil {
			return err
		}
		a, err = c.render(c.r.Context(), tx, v)
		return err
	})
	var no *apiError
	if errors.As(err, &no) {
		return no.answer()
	}
	if err != nil {
		return broken(err).answer()
	}
	return a
}

func (c *call) one(kind string) answer {
	return c.look(func(tx *sqlx.Tx) (any, error) {
		if e := c.form.check(); e != nil {
			return nil, e
		}
		id := c.r.PathValue("id")
		row, found, err := objectByID(c.r.Context(), tx, id)
		if err == nil && (!found || row.Kind != kind) {
			err = missing(kind, id)
		}
		return json.RawMessage(row.Body), err
	})
}

func (c *call) lineItems() answer {
	return c.look(func(tx *sqlx.Tx) (any, error) {
		id := c.r.PathValue("id")
		row, found, err := objectByID(c.r.Context(), tx, id)
		if err != nil {
			return nil, err
		}
		if !found || row.Kind != "checkout.session" {
			return nil, missing("checkout.session", id)
		}
		s, err := open[session](row)
		if err != nil {
			return nil, err
		}
		return lineItems(s)
	})
}
