-- +goose Up
-- Discounts as data. Which go together is worked out by terms/discount; VT goes with none (edges.md 43).

CREATE TABLE discount (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text   NOT NULL,
    name_nl      text   NOT NULL,
    name_en      text   NOT NULL,
    code         text   NOT NULL DEFAULT '',
    percent      int    NOT NULL DEFAULT 0,
    amount_cents bigint NOT NULL DEFAULT 0,
    days_before  int    NOT NULL DEFAULT 0,
    members      boolean NOT NULL,
    alone        boolean NOT NULL,
    group_name   text   NOT NULL DEFAULT '',
    holiday_code text   NOT NULL DEFAULT '',
    valid_from   date   NOT NULL,
    valid_until  date   NOT NULL,
    max_uses     int,
    made_at      timestamptz NOT NULL,
    made_by      bigint NOT NULL REFERENCES staff,
    stopped_at   timestamptz,
    stopped_by   bigint REFERENCES staff,
    CONSTRAINT discount_kind_known CHECK (kind IN ('sibling', 'early', 'code')),
    CONSTRAINT discount_worth_one CHECK ((percent BETWEEN 1 AND 10000) <> (amount_cents > 0)),
    CONSTRAINT discount_not_negative CHECK (percent >= 0 AND amount_cents >= 0 AND days_before >= 0 AND max_uses > 0),
    CONSTRAINT discount_code_for_codes CHECK ((kind = 'code') = (code <> '')),
    CONSTRAINT discount_window_ordered CHECK (valid_from <= valid_until)
);
CREATE UNIQUE INDEX discount_code_once ON discount (code) WHERE code <> '' AND stopped_at IS NULL;
COMMENT ON TABLE discount IS 'owner: shop/discount. A discount of the organiser: who gets it, how much (percent in hundredths, or an amount), with what it goes together, when, and how often. Never edited: it is stopped and another is made, so that a booking keeps what it was promised.';

CREATE TABLE discount_use (
    discount_id  bigint NOT NULL REFERENCES discount,
    booking_id   bigint NOT NULL REFERENCES booking,
    amount_cents bigint NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (discount_id, booking_id),
    CONSTRAINT discount_use_positive CHECK (amount_cents > 0)
);
CREATE INDEX discount_use_by_booking ON discount_use (booking_id);
COMMENT ON TABLE discount_use IS 'owner: shop/discount. A discount that a booking got. One use per child; of a cancelled booking it does not count towards max_uses.';

ALTER TABLE checkout ADD COLUMN code text NOT NULL DEFAULT '';
COMMENT ON COLUMN checkout.code IS 'the discount code that the parent typed';
ALTER TABLE booking ADD COLUMN discount_cents bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN booking.discount_cents IS 'what discounts took off: price_cents is what this participant pays, price_cents + discount_cents the price of the category';

DROP VIEW booking_overview;
CREATE VIEW booking_overview AS
    SELECT b.id, b.order_id, b.participant_id, b.departure_id, b.status, b.category, b.evidence,
        coalesce(b.boarding_place_id, 0) AS boarding_place_id, b.photo_consent, b.insured, b.policy_hash, b.trip, b.legal_regime,
        b.booked_on, b.departs_on, b.base_price_cents, b.price_cents, b.discount_cents, b.extras_cents, b.premium_cents, b.deposit_cents,
        b.placed_at, b.cancelled_at, coalesce(b.cancelled_by, '') AS cancelled_by,
        p.first_name, p.last_name, p.born_on, h.code, h.slug, h.title, h.destination, d.ends_on, coalesce(bp.name, '') AS boarding_name
    FROM booking b
    JOIN participant p ON p.id = b.participant_id
    JOIN departure d ON d.id = b.departure_id
    JOIN holiday h ON h.id = d.holiday_id
    LEFT JOIN boarding_place bp ON bp.id = b.boarding_place_id;
COMMENT ON VIEW booking_overview IS 'reader: shop/booking. A booking with the names that lists and mails show.';
