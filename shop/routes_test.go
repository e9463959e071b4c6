package shop_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"joetz/shop"
	"joetz/shop/account"
	"joetz/shop/demo"
	"joetz/shop/public"
	"joetz/shop/web"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"
)

type nobody struct{}

func (nobody) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{}, nil
}

func config() shop.Config {
	return shop.Config{
		Web: web.Config{
			Key: make([]byte, 32), Now: func() time.Time { return time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC) },
			Log: slog.New(slog.DiscardHandler), Sessions: nobody{},
		},
		Public: public.New(public.Config{}),
		Demo:   &demo.Handlers{}, StandIn: http.NotFoundHandler(),
		Ready: func(context.Context) error { return nil },
	}
}

// A route that is new, gone, or has another role needs a person who thinks about who may use it, and then changes
// testdata/routes.txt by hand.
func TestEveryRouteWasReviewed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	var reviewed []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			reviewed = append(reviewed, strings.Join(strings.Fields(line), " "))
		}
	}
	got := shop.Routes(config())
	slices.Sort(got)
	slices.Sort(reviewed)
	if diff := cmp.Diff(reviewed, got); diff != "" {
		t.Errorf("routes (+) that differ from those reviewed (-):\n%s", diff)
	}
}

func TestNoRouteBesidesTheTable(t *testing.T) {
	t.Parallel()
	app, err := shop.New(config())
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range shop.Routes(config()) {
		method, rest, _ := strings.Cut(line, " ")
		path, _, _ := strings.Cut(rest, " ")
		if listed[method+path] {
			t.Errorf("%s %s is in the table twice", method, path)
		}
		listed[method+path] = true
	}
	for _, r := range app.GetRoutes(true) {
		if !listed[r.Method+r.Path] && r.Method != fiber.MethodHead && !strings.HasPrefix(r.Path, "/assets/") {
			t.Errorf("%s %s is not in the table", r.Method, r.Path)
		}
	}
}
