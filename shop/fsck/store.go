package fsck

import "joetz/payments/audit"

// Places is the area of what is held and sold.
const Places audit.Area = "places"

// Places, baskets and bookings.
var placeRules = []audit.Rule{
	{Code: "booking_place", Area: Places, Says: "a booking that stands has one place, on its own departure", Query: `
		SELECT 'booking ' || b.id AS object, 'on departure ' || b.departure_id || ' has ' || count(p.number) || ' places, ' || count(p.number) FILTER (WHERE p.departure_id <> b.departure_id) || ' elsewhere' AS detail
		FROM booking b LEFT JOIN place p ON p.booking_id = b.id
		WHERE b.status <> 'cancelled' GROUP BY b.id HAVING count(p.number) <> 1 OR bool_or(p.departure_id <> b.departure_id) ORDER BY b.id`},
	{Code: "place_booking", Area: Places, Says: "a sold place is of a booking that stands", Query: `
		SELECT 'place ' || p.number || ' of departure ' || p.departure_id AS object, 'booking ' || p.booking_id || coalesce(' is ' || b.status, ' does not exist') AS detail
		FROM place p LEFT JOIN booking b ON b.id = p.booking_id
		WHERE p.booking_id IS NOT NULL AND (b.id IS NULL OR b.status = 'cancelled') ORDER BY p.departure_id, p.number`},
	{Code: "sold", Area: Places, Says: "a departure has as many sold places as bookings that stand, and no more bookings than places", Query: `
		, sold AS (SELECT departure_id, count(*) AS n, count(booking_id) AS sold FROM place GROUP BY departure_id),
		booked AS (SELECT departure_id, count(*) AS n FROM booking WHERE status <> 'cancelled' GROUP BY departure_id)
		SELECT 'departure ' || coalesce(s.departure_id, b.departure_id) AS object,
			coalesce(s.n, 0) || ' places, ' || coalesce(s.sold, 0) || ' sold, ' || coalesce(b.n, 0) || ' bookings' AS detail
		FROM sold s FULL JOIN booked b ON b.departure_id = s.departure_id
		WHERE coalesce(s.sold, 0) <> coalesce(b.n, 0) ORDER BY coalesce(s.departure_id, b.departure_id)`},
	{Code: "hold", Area: Places, Says: "a held place is held by a basket that is open", Query: `
		SELECT 'place ' || p.number || ' of departure ' || p.departure_id AS object, 'held by basket ' || p.checkout_id || coalesce(', which is ' || c.status, ', which does not exist') AS detail
		FROM place p LEFT JOIN checkout c ON c.id = p.checkout_id, moment
		WHERE p.checkout_id IS NOT NULL AND p.held_until > moment.now AND (c.id IS NULL OR c.status <> 'open') ORDER BY p.departure_id, p.number`},
	{Code: "checkout_placed", Area: Places, Says: "a basket that was ordered has its order, and no other has one", Query: `
		SELECT 'basket ' || coalesce(c.id, o.checkout_id) AS object, coalesce(c.status, 'gone') || ', order ' || coalesce(o.id::text, 'none') AS detail
		FROM checkout c FULL JOIN booking_order o ON o.checkout_id = c.id
		WHERE coalesce(c.id, o.checkout_id) IS NOT NULL AND c.id IS NOT NULL AND (c.status = 'placed') <> (o.id IS NOT NULL) ORDER BY 1`},
	{Code: "priced", Area: Places, Says: "a booking that was never asked for money is in review or was ended there", Query: `
		SELECT 'booking ' || b.id AS object, b.status || ', costs ' || b.price_cents || ', never charged' AS detail
		FROM booking b WHERE b.status = 'placed' AND b.price_cents + b.extras_cents + b.premium_cents > 0
			AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.booking_id = b.id) ORDER BY b.id`},
}
