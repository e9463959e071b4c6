package web

import (
	"math"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/throttle"
	"joetz/terms/fault"
)

// ErrTooMany is the answer to somebody who has to wait; its argument is the number of minutes.
var ErrTooMany = fault.New(fault.TooMany, "error.too_many.text")

// Limit lets each client network through as often as the rule says, over all processes together.
func Limit(limiter *throttle.Limiter, rule throttle.Rule) fiber.Handler {
	return func(c *fiber.Ctx) error {
		wait, err := limiter.Allow(c.UserContext(), rule, ClientNetwork(c))
		if err != nil {
			return err
		}
		if wait > 0 {
			return TooMany(c, wait)
		}
		return c.Next()
	}
}

// TooMany is the error for who has to wait that long; it also tells programs.
func TooMany(c *fiber.Ctx, wait time.Duration) error {
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return ErrTooMany.WithArgs(int(math.Ceil(wait.Minutes())))
}
