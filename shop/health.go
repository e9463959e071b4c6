package shop

import (
	"context"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
)

// healthy says that the process answers at all: a supervisor restarts one that does not. The database is no part of it,
// since restarting the shop mends no database.
func healthy(c *fiber.Ctx) error {
	return c.SendString("ok\n")
}

// ready says whether requests should come here: a load balancer asks.
func ready(check func(context.Context) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), 3*time.Second)
		defer cancel()
		c.Set(fiber.HeaderCacheControl, "no-store")
		if err := check(ctx); err != nil {
			return c.Status(http.StatusServiceUnavailable).SendString("not ready\n") // why is in the log, not for passers-by
		}
		return c.SendString("ready\n")
	}
}
