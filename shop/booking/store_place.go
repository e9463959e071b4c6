package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func nextOrderNumbers(ctx context.Context, tx *sqlx.Tx, n int) (numbers []int64, err error) {
	if err := tx.SelectContext(ctx, &numbers, `SELECT nextval('booking_order_number') FROM generate_series(1, $1::int)`, n); err != nil {
		return nil, fmt.Errorf("booking: order numbers: %w", err)
	}
	return numbers, nil
}

// orderRow is an order as insertOrders hands it to the database.
type orderRow struct {
	Reference   string      `json:"reference"`
	Comm        string      `json:"comm"`
	Checkout    id.Checkout `json:"checkout"`
	Guardian    id.Guardian `json:"guardian"`
	Name        string      `json:"name"`
	Email       string      `json:"email"`
	Street      string      `json:"street"`
	PostalCode  string      `json:"postal_code"`
	City        string      `json:"city"`
	Country     string      `json:"country"`
	Phone       string      `json:"phone"`
	Instalments int         `json:"instalments"`
	Method      string      `json:"method"`
	Policy      string      `json:"policy"`
	Lang        string      `json:"lang"`
	Payer       id.Payer    `json:"payer"`
}

// insertOrders writes the orders and gives them their ids.
func insertOrders(ctx context.Context, tx *sqlx.Tx, ready []*placing, now time.Time) error {
	rows := make(pg.Rows[orderRow], len(ready))
	for i, p := range ready {
		o := p.order
		rows[i] = orderRow{
			o.Reference, o.StructuredComm, p.basket.ID, o.Guardian, o.PayerName, o.PayerEmail, o.PayerStreet, o.PayerPostalCode, o.PayerCity,
			o.PayerCountry, o.PayerPhone, o.Instalments, o.PaymentMethod, o.PolicyHash, o.Lang, o.Other.ID,
		}
	}
	var made []struct {
		ID        id.Order `db:"id"`
		Reference string   `db:"reference"`
	}
	err := tx.SelectContext(ctx, &made, `
		INSERT INTO booking_order (reference, structured_comm, checkout_id, guardian_id, placed_at, payer_name, payer_email, payer_street,
			payer_postal_code, payer_city, payer_country, payer_phone, instalments, payment_method, policy_hash, terms_accepted_at, lang, payer_id)
		SELECT reference, comm, checkout, guardian, $2, name, email, street, postal_code, city, country, phone, instalments, method, policy, $2, lang, nullif(payer, 0)
		FROM json_to_recordset($1::json) AS o (reference text, comm text, checkout bigint, guardian bigint, name text, email text, street text,
			postal_code text, city text, country text, phone text, instalments int, method text, policy text, lang text, payer bigint)
		RETURNING id, reference`, rows, now)
	if err != nil {
		return fmt.Errorf("booking: %d orders: %w", len(ready), err)
	}
	ids := make(map[string]id.Order, len(made))
	for _, m := range made {
		ids[m.Reference] = m.ID
	}
	for _, p := range ready {
		p.order.ID = ids[p.order.Reference]
	}
	return nil
}

// bookingRow is a booking as insertBookings hands it to the database.
type bookingRow struct {
	Order       id.Order           `json:"order"`
	Participant id.Participant     `json:"participant"`
	Departure   id.Departure       `json:"departure"`
	Status      string             `json:"status"`
	Category    catalogue.Category `json:"category"`
	Evidence    string             `json:"evidence"`
	Boarding    id.BoardingPlace   `json:"boarding"`
	Photo       string             `json:"photo"`
	Insured     bool               `json:"insured"`
	Prices      id.PriceList       `json:"prices"`
	Trip        string             `json:"trip"`
	Regime      string             `json:"regime"`
	BookedOn    civil.Date         `json:"booked_on"`
	DepartsOn   civil.Date         `json:"departs_on"`
	Base        money.Cents        `json:"base"`
	Price       money.Cents        `json:"price"`
	Premium     money.Cents        `json:"premium"`
	Deposit     money.Cents        `json:"deposit"`
	Discount    money.Cents        `json:"discount"`
	Extras      money.Cents        `json:"extras"`
}

func newBookingRow(order id.Order, o Offer) bookingRow {
	status, evidence := "placed", "not_needed"
	if *o.Care {
		status = "in_review"
	}
	if o.Category != catalogue.Base {
		evidence = "awaited"
	}
	return bookingRow{
		order, o.Participant, o.On.ID, status, o.Category, evidence, o.Child.BoardingPlace, o.PhotoConsent, o.Facts.Insurance, o.On.Prices.List,
		o.On.Trip, o.On.LegalRegime, o.Facts.BookedOn, o.Facts.DepartsOn, o.Facts.BasePrice, o.Price, o.Quote.Premium, o.Quote.Deposit, o.Off(), extra.Sum(o.Extras),
	}
}

// insertBookings writes one booking per offer, and gives each order the ids of its bookings in the order of its offers.
func insertBookings(ctx context.Context, tx *sqlx.Tx, policy string, ready []*placing, now time.Time) error {
	var rows pg.Rows[bookingRow]
	for _, p := range ready {
		for _, o := range p.sum.Offers {
			rows = append(rows, newBookingRow(p.order.ID, o))
		}
	}
	var made []struct {
		ID          id.Booking     `db:"id"`
		Order       id.Order       `db:"order_id"`
		Participant id.Participant `db:"participant_id"`
		Departure   id.Departure   `db:"departure_id"`
	}
	err := tx.SelectContext(ctx, &made, `
		INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, boarding_place_id, photo_consent, insured,
			price_list_id, policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents,
			placed_at, discount_cents, extras_cents)
		SELECT "order", participant, departure, status, category, evidence, nullif(boarding, 0), photo, insured, prices, $2, trip, regime,
			booked_on, departs_on, base, price, premium, deposit, $3, discount, extras
		FROM json_to_recordset($1::json) AS b ("order" bigint, participant bigint, departure bigint, status text, category text, evidence text,
			boarding bigint, photo text, insured boolean, prices bigint, trip text, regime text, booked_on date, departs_on date, base bigint,
			price bigint, premium bigint, deposit bigint, discount bigint, extras bigint)
		RETURNING id, order_id, participant_id, departure_id`, rows, policy, now)
	if pg.Constraint(err) == "booking_participant_once" {
		return ErrTwice
	}
	if err != nil {
		return fmt.Errorf("booking: children of %d orders: %w", len(ready), err)
	}
	type key struct {
		order       id.Order
		participant id.Participant
		departure   id.Departure
	}
	ids := make(map[key]id.Booking, len(made))
	for _, m := range made {
		ids[key{m.Order, m.Participant, m.Departure}] = m.ID
	}
	for _, p := range ready {
		p.bookings = make([]id.Booking, len(p.sum.Offers))
		for i, o := range p.sum.Offers {
			p.bookings[i] = ids[key{p.order.ID, o.Participant, o.On.ID}]
		}
	}
	return nil
}

// soldRow is a booking that gets a place of its basket.
type soldRow struct {
	Checkout  id.Checkout  `json:"checkout_id"`
	Departure id.Departure `json:"departure_id"`
	Booking   id.Booking   `json:"booking_id"`
}

// sellPlaces gives each booking one of its basket's held places. A place that is no longer held by it sells nothing: the
// count is compared, so that a lost hold can never become a booking without a place.
func sellPlaces(ctx context.Context, tx *sqlx.Tx, ready []*placing, now time.Time) error {
	var rows pg.Rows[soldRow]
	for _, p := range ready {
		for i, o := range p.sum.Offers {
			rows = append(rows, soldRow{p.basket.ID, o.On.ID, p.bookings[i]})
		}
	}
	res, err := tx.ExecContext(ctx, `
		WITH wanted AS MATERIALIZED (
			SELECT checkout_id, departure_id, booking_id, row_number() OVER (PARTITION BY checkout_id, departure_id ORDER BY booking_id) AS rank
			FROM json_to_recordset($1::json) AS w (checkout_id bigint, departure_id bigint, booking_id bigint)),
		held AS (
			SELECT checkout_id, departure_id, number, row_number() OVER (PARTITION BY checkout_id, departure_id ORDER BY number) AS rank
			FROM place WHERE checkout_id = ANY ((SELECT array_agg(checkout_id) FROM wanted)::bigint[]) AND booking_id IS NULL AND held_until > $2)
		UPDATE place p SET booking_id = w.booking_id, checkout_id = NULL, held_until = NULL
		FROM wanted w JOIN held h USING (checkout_id, departure_id, rank)
		WHERE p.departure_id = h.departure_id AND p.number = h.number AND p.checkout_id = h.checkout_id AND p.booking_id IS NULL`, rows, now)
	if err != nil {
		return fmt.Errorf("booking: sell places of %d baskets: %w", len(ready), err)
	}
	n, err := res.RowsAffected()
	if err == nil && n != int64(len(rows)) {
		return ErrHoldExpired
	}
	return err
}

// finishedRow is a basket that became an order.
type finishedRow struct {
	Checkout    id.Checkout `json:"checkout"`
	Instalments int         `json:"instalments"`
	Method      string      `json:"method"`
	Order       id.Order    `json:"for_order"`
	Actor       string      `json:"actor"`
}

// finishCheckouts ends baskets as orders, and begins the orders' history.
func finishCheckouts(ctx context.Context, tx *sqlx.Tx, ready []*placing, now time.Time) error {
	rows := make(pg.Rows[finishedRow], len(ready))
	for i, p := range ready {
		rows[i] = finishedRow{p.basket.ID, p.in.Instalments, p.in.PaymentMethod, p.order.ID, p.actor()}
	}
	_, err := tx.ExecContext(ctx, `
		WITH finished AS MATERIALIZED (
			SELECT checkout, instalments, method, for_order, actor FROM json_to_recordset($1::json) AS f (checkout bigint, instalments int, method text, for_order bigint, actor text)),
		done AS (UPDATE checkout c SET status = 'placed', instalments = f.instalments, payment_method = f.method FROM finished f WHERE c.id = f.checkout)
		INSERT INTO booking_event (order_id, kind, actor, at) SELECT for_order, 'placed', actor, $2 FROM finished`, rows, now)
	if err != nil {
		return fmt.Errorf("booking: finish %d checkouts: %w", len(ready), err)
	}
	return nil
}
