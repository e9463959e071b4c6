-- +goose Up
-- Changing a booking. A rebooked child gets a new booking, with its own price and schedule; the old one ends as 'rebooked' and
-- the new one points back at it, so that both stay traceable. Goodwill keeps what the terms ask and what was given.

ALTER TABLE booking ADD COLUMN rebooked_from bigint CONSTRAINT booking_rebooked_from_fkey REFERENCES booking;
ALTER TABLE booking ADD COLUMN covered boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN booking.rebooked_from IS 'the booking that this one came in place of; that one is cancelled by rebooked';
COMMENT ON COLUMN booking.covered IS 'the insurance ran on the booking that this one came in place of, and runs on (edges.md 87)';
CREATE UNIQUE INDEX booking_rebooked_once ON booking (rebooked_from);

ALTER TABLE booking DROP CONSTRAINT booking_cancelled_by_known;
ALTER TABLE booking ADD CONSTRAINT booking_cancelled_by_known CHECK (cancelled_by IN
    ('customer', 'organiser', 'price_rise', 'nonpayment', 'exclusion', 'untruthful', 'care_refused', 'rebooked'));

CREATE TABLE goodwill (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id       bigint NOT NULL REFERENCES booking_order,
    booking_id     bigint NOT NULL REFERENCES booking,
    computed_cents bigint NOT NULL,
    granted_cents  bigint NOT NULL,
    reason         text   NOT NULL,
    asked_by       bigint NOT NULL REFERENCES staff,
    asked_at       timestamptz NOT NULL,
    CONSTRAINT goodwill_granted_positive CHECK (granted_cents > 0 AND granted_cents <= computed_cents),
    CONSTRAINT goodwill_reasoned CHECK (reason <> '')
);
CREATE INDEX goodwill_by_booking ON goodwill (booking_id);
COMMENT ON TABLE goodwill IS 'owner: shop/booking. What the terms ask of a booking (computed) and what of it the office gives back (granted), and why.';
CREATE TRIGGER goodwill_insert_only BEFORE UPDATE OR DELETE ON goodwill FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE goodwill_decision (
    goodwill_id bigint PRIMARY KEY REFERENCES goodwill,
    approved    boolean NOT NULL,
    decided_by  bigint NOT NULL REFERENCES staff,
    decided_at  timestamptz NOT NULL
);
COMMENT ON TABLE goodwill_decision IS 'owner: shop/booking. Who let goodwill through or not. Above the limit somebody else than who asked; no row yet = waiting.';
CREATE TRIGGER goodwill_decision_insert_only BEFORE UPDATE OR DELETE ON goodwill_decision FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE VIEW booking_staff AS SELECT id, name FROM staff;
COMMENT ON VIEW booking_staff IS 'reader: shop/booking. The names of colleagues, for who asked for goodwill.';
