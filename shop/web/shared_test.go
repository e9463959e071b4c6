package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/layout"
)

// counted is an app whose page says how often it was made.
func counted(t *testing.T, clock *atomic.Int64) *fiber.App {
	t.Helper()
	app, err := web.New(web.Config{
		PublicURL: "http://shop.test", Key: make([]byte, 32), Sessions: everyone, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.UnixMicro(clock.Load()).UTC() },
	})
	if err != nil {
		t.Fatal(err)
	}
	var made atomic.Int64
	app.Get("/page", web.Shared(time.Second, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "text/html")
		return c.SendString(fmt.Sprintf("<p>%s %d</p>", web.Language(c), made.Add(1)))
	}))
	app.Get("/flash", web.Shared(time.Second, func(c *fiber.Ctx) error {
		web.SetFlash(c, layout.Good, "error.request", "x")
		return c.SendString(fmt.Sprintf("<p>%d</p>", made.Add(1)))
	}))
	app.Get("/broken", web.Shared(time.Second, func(c *fiber.Ctx) error {
		return c.Status(http.StatusTeapot).SendString(fmt.Sprintf("<p>%d</p>", made.Add(1)))
	}))
	return app
}

func TestStrangersShareAPage(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	clock.Store(time.Date(2027, 1, 9, 10, 0, 0, 0, time.UTC).UnixMicro())
	b := webtest.New(t, counted(t, &clock))
	b.Get("/page").WantText("p", "nl 1")
	b.Get("/page").WantText("p", "nl 1")
	b.Get("/page?maand=7").WantText("p", "nl 2")
	english := webtest.New(t, counted(t, &clock))
	english.SetCookie("lang", "en")
	english.Get("/page").WantText("p", "en 1")
	clock.Add(time.Second.Microseconds())
	b.Get("/page").WantText("p", "nl 3")
	clock.Add(-time.Hour.Microseconds()) // a clock that was set back keeps nothing for ever
	b.Get("/page").WantText("p", "nl 4")
}

func TestWhoIsKnownGetsAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	app := counted(t, &clock)
	stranger, known := webtest.New(t, app), webtest.New(t, app)
	known.SetCookie("sid", "token")
	stranger.Get("/page").WantText("p", "nl 1")
	known.Get("/page").WantText("p", "nl 2")
	known.Get("/page").WantText("p", "nl 3")
	stranger.Get("/page").WantText("p", "nl 1")
	webtest.New(t, app).Get("/flash").WantText("p", "4")
	webtest.New(t, app).Get("/flash").WantText("p", "5")
	stranger.Get("/broken").WantText("p", "6")
	stranger.Get("/broken").WantText("p", "7")
}

func TestACrowdMakesAPageOnce(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	clock.Store(time.Date(2027, 1, 9, 10, 0, 0, 0, time.UTC).UnixMicro())
	app := counted(t, &clock)
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() { webtest.New(t, app).Get("/page").WantText("p", "nl 1") })
	}
	crowd.Wait()
}
