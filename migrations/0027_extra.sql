-- +goose Up
-- What comes on top of a holiday: a T-shirt, material to rent, an extra night. Stock is counted under the lock of the
-- extra's row, over bookings and over baskets whose hold runs, so that the last one is sold once.

CREATE TABLE extra (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id bigint NOT NULL REFERENCES departure,
    name_nl      text   NOT NULL,
    name_en      text   NOT NULL,
    price_cents  bigint NOT NULL,
    stock        int,
    choices      text[] NOT NULL DEFAULT '{}',
    refund_days  int,
    made_at      timestamptz NOT NULL,
    made_by      bigint NOT NULL REFERENCES staff,
    stopped_at   timestamptz,
    CONSTRAINT extra_price_not_negative CHECK (price_cents >= 0),
    CONSTRAINT extra_stock_not_negative CHECK (stock >= 0),
    CONSTRAINT extra_refund_days_not_negative CHECK (refund_days >= 0)
);
CREATE INDEX extra_by_departure ON extra (departure_id);
COMMENT ON TABLE extra IS 'owner: shop/extra. What a participant may take on top of a departure. stock NULL = as many as asked; choices = sizes and the like; refund_days = paid back until so many days before departure, NULL = never.';

CREATE TABLE checkout_extra (
    checkout_id bigint NOT NULL,
    position    int    NOT NULL,
    extra_id    bigint NOT NULL REFERENCES extra,
    choice      text   NOT NULL DEFAULT '',
    PRIMARY KEY (checkout_id, position, extra_id),
    FOREIGN KEY (checkout_id, position) REFERENCES checkout_child ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX checkout_extra_by_extra ON checkout_extra (extra_id);
COMMENT ON TABLE checkout_extra IS 'owner: shop/extra. An extra in a basket; it counts as taken as long as the basket''s hold runs.';

CREATE TABLE booking_extra (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id  bigint NOT NULL REFERENCES booking,
    extra_id    bigint NOT NULL REFERENCES extra,
    choice      text   NOT NULL DEFAULT '',
    price_cents bigint NOT NULL,
    at          timestamptz NOT NULL,
    added_by    text   NOT NULL,
    removed_at  timestamptz
);
CREATE UNIQUE INDEX booking_extra_once ON booking_extra (booking_id, extra_id) WHERE removed_at IS NULL;
CREATE INDEX booking_extra_by_extra ON booking_extra (extra_id) WHERE removed_at IS NULL;
COMMENT ON TABLE booking_extra IS 'owner: shop/extra. An extra that a booking has, at the price of that day; removed_at = taken off or freed by a cancellation.';
