package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// rule says what the packages of a folder may import. Of several rules that fit a package the longest folder counts.
type rule struct {
	folder string
	ours   []string // folders of this module
	theirs []string // modules of others
}

const anything = "*"

// The table of the design, made exact. A package inherits nothing from the rule of the folder above it.
var rules = []rule{
	{"terms", []string{"terms"}, []string{"github.com/pelletier/go-toml/v2"}},
	{"terms/money", nil, nil},
	{"terms/discount", []string{"terms/money"}, nil},
	{"terms/civil", nil, nil},
	{"terms/id", nil, nil},
	{"terms/fault", nil, nil},

	{"migrations", []string{"migrations"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/pressly/goose/v3"}},

	{"templates", []string{"terms", "templates"}, []string{"github.com/a-h/templ", "github.com/pelletier/go-toml/v2"}},
	{"templates/assets", nil, []string{"github.com/andybalholm/brotli"}},
	{"templates/htmltest", []string{"terms", "templates"}, []string{"golang.org/x/net", "github.com/andybalholm/cascadia", "github.com/a-h/templ"}},

	{"payments", []string{"terms", "payments", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq"}},
	{"payments/bank", []string{"terms"}, []string{"golang.org/x/text"}}, // no database: shop bank read works without one
	{"payments/stripegw", []string{"terms"}, []string{"github.com/stripe/stripe-go/v76"}},
	{"payments/stripegw/stripefake", []string{"terms", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/santhosh-tekuri/jsonschema/v6"}},
	{"payments/online", []string{"terms", "payments", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/google/uuid"}},
	{"payments/invoice", []string{"terms", "payments", "migrations/pg", "templates/messages"},
		[]string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "codeberg.org/go-pdf/fpdf", "github.com/go-fonts/liberation", "golang.org/x/image", "golang.org/x/text", "github.com/skip2/go-qrcode"}},

	{"payments/sepa", []string{"terms", "payments", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "golang.org/x/text"}},
	{"payments/export", []string{"terms", "payments"}, []string{"github.com/xuri/excelize/v2"}},
	{"payments/audit", []string{"terms", "payments", "migrations/pg"}, []string{"github.com/jmoiron/sqlx"}},

	{"medical", []string{"terms", "medical", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/tink-crypto/tink-go/v2"}},
	{"medical/seal", nil, []string{"github.com/tink-crypto/tink-go/v2"}},

	{"shop", []string{"terms", "payments", "medical", "templates", "migrations/pg", "shop"}, []string{
		"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/gofiber/fiber/v2", "github.com/go-playground/validator/v10",
		"github.com/a-h/templ", "golang.org/x/text", "golang.org/x/sync", "github.com/google/uuid", "github.com/valyala/fasthttp"}},
	{"shop/catalogue/picture", []string{"medical/upload"}, []string{"golang.org/x/image"}},
	{"shop/catalogue/sheet", []string{"terms/civil"}, []string{"github.com/xuri/excelize/v2", "golang.org/x/text"}},
	{"shop/account", []string{"terms", "migrations/pg", "shop/throttle", "shop/queue", "shop/mail", "templates/mail"}, []string{
		"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/alexedwards/argon2id", "github.com/pquerna/otp", "github.com/skip2/go-qrcode", "golang.org/x/text", "golang.org/x/sync"}},
	{"shop/mail", []string{"terms", "migrations/pg", "payments", "shop/queue", "templates/mail", "templates/messages"}, []string{
		"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/wneessen/go-mail"}},
	{"shop/queue", []string{"terms", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq"}},
	{"shop/fsck", []string{"terms", "payments/audit", "migrations/pg"}, []string{"github.com/jmoiron/sqlx"}},
	{"shop/waitroom", []string{"terms", "migrations/pg"}, []string{"github.com/jmoiron/sqlx"}},
	{"shop/throttle", []string{"terms", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq"}},
	{"shop/roster", []string{"terms", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/xuri/excelize/v2"}},
	{"shop/find/many", nil, nil},
	{"shop/find", []string{"terms", "migrations/pg"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq"}},
	{"shop/web/webtest", []string{"shop", "terms"}, []string{"github.com/gofiber/fiber/v2", "golang.org/x/net", "github.com/andybalholm/cascadia"}},

	{"cmd", []string{anything}, []string{anything}},
	{"cmd/shop/config", []string{"medical/seal", "migrations/pg/embedded", "shop/mail"}, []string{"github.com/caarlos0/env/v11", "filippo.io/age"}},
}

// groups are the handler packages, one per user group: what one shows, no other may reach into.
var groups = []string{"shop/public", "shop/parent", "shop/office", "shop/change", "shop/decide", "shop/animator", "shop/accounting", "shop/hooks"}

// services know no web: they are called by pages, jobs and commands alike.
var services = []string{"shop/catalogue", "shop/booking", "shop/memberprice", "shop/evidence", "shop/proof", "shop/decision", "shop/dunning", "shop/discount", "shop/extra", "shop/waitlist", "shop/family", "shop/requests", "shop/account", "shop/mail", "shop/queue", "shop/throttle", "shop/worklist", "shop/find", "shop/roster", "shop/circular", "shop/dossier", "shop/watch"}

// pure rules have no clock, no disk, no network, no chance.
var (
	pureFolder = "terms"
	impure     = []string{"os", "os/exec", "net", "net/http", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}
)

func pointing(_ context.Context, r *repository) ([]finding, error) {
	packages, err := r.packages()
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, p := range packages {
		folder := r.folder(p.ImportPath)
		own, fits := ruleFor(folder)
		if !fits {
			found = append(found, finding{folder, 0, "no rule of cmd/check/imports.go fits this folder; a new folder needs a decision"})
			continue
		}
		for _, imported := range p.Imports {
			if why := r.refusal(own, folder, imported); why != "" {
				found = append(found, finding{folder, 0, fmt.Sprintf("may not import %s: %s", imported, why)})
			}
		}
	}
	return found, nil
}

func ruleFor(folder string) (rule, bool) {
	var best rule
	for _, candidate := range rules {
		if within(folder, candidate.folder) && len(candidate.folder) > len(best.folder) {
			best = candidate
		}
	}
	return best, best.folder != ""
}

// refusal says why folder may not import it, "" when it may.
func (r *repository) refusal(own rule, folder, imported string) string {
	if target := r.folder(imported); target != imported {
		return refusalOfOurs(own, folder, target)
	}
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") { // the standard library
		if within(folder, pureFolder) && slices.Contains(impure, imported) {
			return "the rules are pure"
		}
		return ""
	}
	if !slices.ContainsFunc(own.theirs, func(m string) bool { return m == anything || within(imported, m) }) {
		return fmt.Sprintf("the rule for %s does not have it", own.folder)
	}
	return ""
}

func refusalOfOurs(own rule, folder, target string) string {
	from, to := groupOf(groups, folder), groupOf(groups, target)
	switch {
	case from != "" && to != "" && from != to:
		return "handler packages never import each other; share a service's method"
	case groupOf(services, folder) != "" && (to != "" || within(target, "shop/web")):
		return "a service knows no web"
	case within(target, own.folder): // of the same rule
		return ""
	case !slices.ContainsFunc(own.ours, func(f string) bool { return f == anything || within(target, f) }):
		return fmt.Sprintf("the rule for %s does not have it", own.folder)
	}
	return ""
}

func groupOf(list []string, folder string) string {
	for _, g := range list {
		if within(folder, g) {
			return g
		}
	}
	return ""
}

func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }
