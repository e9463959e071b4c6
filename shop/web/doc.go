// Package web is the toolkit under every handler: one request from its id to its answer, forms, errors, sign-in state,
// rendering. It knows no booking.
//
// Owns: the Fiber app's settings and its outer middleware, the cookies, the mapping of errors to answers, form decoding.
// Tables: none.
// May import: terms, templates, shop/account (for who makes the request), shop/throttle, migrations/pg (for what it says
// when the database is away); fiber, validator.
// Always true: an error is logged once, here, with the request id that its page shows; nobody outside reads the text of
// an error that is no Fault; every answer carries the security headers; the access log has the route's pattern and never
// an address, a query or a name; a *fiber.Ctx does not outlive its request.
//
// A handler decodes and validates (Form), makes one service call, and redirects (SeeOther) or renders (Page, Render):
//
//	in, err := web.Form[addressForm](c)
//	if err == nil {
//		err = h.Accounts.ChangeAddress(c.UserContext(), web.Who(c), in.input())
//	}
//	if problems := web.Problems(c, err); problems != nil {
//		return web.RenderAgain(c, parent.Address(addressPage(web.Page(c), in, problems)))
//	}
//	if err != nil {
//		return err
//	}
//	web.SetFlash(c, layout.Good, "parent.address_saved")
//	return web.SeeOther(c, "/mijn")
package web
