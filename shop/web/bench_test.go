package web_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"joetz/shop/web"
	"joetz/templates/layout"
)

// What everything around a handler costs, and with it a page of the frame alone, plain and compressed.
func BenchmarkRequest(b *testing.B) {
	app, err := web.New(web.Config{
		PublicURL: "http://shop.test", Key: make([]byte, 32), Now: time.Now, Sessions: everyone, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	app.Get("/empty", func(c *fiber.Ctx) error { return nil })
	app.Get("/page", func(c *fiber.Ctx) error { return web.Render(c, layout.Base(web.Page(c))) })
	handle := app.Handler()
	for name, c := range map[string]struct{ path, encoding string }{"empty": {"/empty", ""}, "page": {"/page", ""}, "page-gzip": {"/page", "gzip"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var ctx fasthttp.RequestCtx
			for b.Loop() {
				ctx.Request.Reset()
				ctx.Response.Reset()
				ctx.Request.SetRequestURI(c.path)
				ctx.Request.Header.Set("Accept-Encoding", c.encoding)
				handle(&ctx)
			}
		})
	}
}

// What an answer costs that sends a form's reader elsewhere with a message: a crowd that comes too late gets nothing else.
func BenchmarkRefused(b *testing.B) {
	app, err := web.New(web.Config{
		PublicURL: "http://shop.test", Key: make([]byte, 32), Now: time.Now, Sessions: everyone, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	app.Post("/refused", func(c *fiber.Ctx) error {
		web.SetFlash(c, layout.Warning, "booking.sold_out")
		return web.SeeOther(c, "/vakanties")
	})
	handle := app.Handler()
	b.ReportAllocs()
	var ctx fasthttp.RequestCtx
	for b.Loop() {
		ctx.Request.Reset()
		ctx.Response.Reset()
		ctx.Request.Header.SetMethod(fiber.MethodPost)
		ctx.Request.SetRequestURI("/refused")
		ctx.Request.Header.Set("Sec-Fetch-Site", "same-origin")
		handle(&ctx)
	}
	if ctx.Response.StatusCode() != fiber.StatusSeeOther {
		b.Fatal(ctx.Response.StatusCode())
	}
}
