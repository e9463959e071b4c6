package stripefake

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/money"
)

// The pages are the stand-in's, not the shop's: their Dutch is here and not in the message catalogue.
//
//go:embed pages
var pages embed.FS

const late = time.Minute // of the buttons that are slow

// Pages serves the pay page (/c/pay/{session}) and the desk where refunds fail and payouts leave (/c/desk). All links are
// relative, so the shop may serve it under a prefix of its own.
func (f *Fake) Pages() http.Handler {
	t := template.Must(template.ParseFS(pages, "pages/*.html"))
	css, err := pages.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // embedded
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /c/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(css) // the browser has gone
	})
	mux.HandleFunc("GET /c/pay/{id}", f.page(t, "pay.html", f.showPay))
	mux.HandleFunc("POST /c/pay/{id}", f.pressPay)
	mux.HandleFunc("GET /c/desk", f.page(t, "desk.html", f.showDesk))
	mux.HandleFunc("POST /c/desk", f.pressDesk)
	return mux
}

func (f *Fake) page(t *template.Template, name string, show func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := show(r)
		var b bytes.Buffer
		if err == nil {
			err = t.ExecuteTemplate(&b, name, v)
		}
		if err != nil {
			f.wrong(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
		w.Header().Set("X-Robots-Tag", "noindex")
		_, _ = w.Write(b.Bytes()) // the browser has gone
	}
}

func (f *Fake) wrong(w http.ResponseWriter, r *http.Request, err error) {
	var no *apiError
	if errors.As(err, &no) {
		http.Error(w, no.Message, no.Status)
		return
	}
	f.log.Error("stripe stand-in", "path", r.URL.Path, "error", err)
	http.Error(w, "The stand-in failed.", http.StatusInternalServerError)
}

type payPage struct {
	Open, Paid, Declined, Bancontact, Card bool
	Amount, Description, Back              string
	Lines                                  []payLine
}

type payLine struct{ Name, Amount string }

func (f *Fake) showPay(r *http.Request) (any, error) {
	s, h, err := f.session(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := payPage{
		Open: s.Status == "open" && s.ExpiresAt > f.now().Unix(), Paid: s.Status == "complete",
		Declined:   s.Status == "open" && s.PaymentIntent != nil,
		Bancontact: slices.Contains(s.PaymentMethodTypes, "bancontact"), Card: slices.Contains(s.PaymentMethodTypes, "card"),
		Amount: money.Cents(s.AmountTotal).Format("nl"), Description: or(h.Description), Back: s.CancelURL,
	}
	if p.Paid {
		p.Back = successURL(s)
	}
	for _, l := range h.Lines {
		p.Lines = append(p.Lines, payLine{l.Name, money.Cents(l.Amount * l.Quantity).Format("nl")})
	}
	return p, nil
}

func (f *Fake) session(ctx context.Context, id string) (s session, h hidden, err error) {
	err = pg.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		k, err := load[session](&act{f: f, ctx: ctx, tx: tx}, "checkout.session", id)
		if err != nil {
			return err
		}
		s = k.Body
		h, err = k.hidden()
		return err
	})
	return s, h, err
}

func successURL(s session) string {
	return strings.ReplaceAll(s.SuccessURL, "{CHECKOUT_SESSION_ID}", s.ID)
}

// pressPay does what a button says and sends the browser on, as Stripe does. A page that is no longer open is shown again.
func (f *Fake) pressPay(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	s, _, err := f.session(ctx, id)
	if err != nil {
		f.wrong(w, r, err)
		return
	}
	to := successURL(s)
	switch r.PostFormValue("act") {
	case "bancontact":
		err = f.Pay(ctx, id, Bancontact, 0)
	case "card":
		err = f.Pay(ctx, id, Card, 0)
	case "slow":
		err = f.Pay(ctx, id, Bancontact, late)
	case "thinking":
		err = f.PayLater(ctx, id, Bancontact, late, true)
	case "fail":
		err, to = f.Decline(ctx, id, Bancontact), id
	case "cancel":
		to = s.CancelURL
	default:
		to = id
	}
	var no *apiError
	if errors.As(err, &no) {
		err, to = nil, id
	}
	if err != nil {
		f.wrong(w, r, err)
		return
	}
	// Written by hand: http.Redirect would make a relative address absolute and lose the prefix that the shop serves under.
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}
