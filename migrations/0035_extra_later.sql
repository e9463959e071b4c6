-- +goose Up
-- Extras that are taken or given back after booking. as_price: what stays to be paid follows the cancellation scale of the
-- terms, as the holiday's own price does. kept_cents remembers what stayed to be paid of an extra that was taken off or that
-- ended with its booking, so that it is called by its name; removed_by 'end' = the booking ended, and an undo gives it back.
ALTER TABLE extra
    ADD COLUMN as_price boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT extra_one_refund_rule CHECK (NOT as_price OR refund_days IS NULL);
COMMENT ON COLUMN extra.as_price IS 'paid back as the price is: the cancellation scale of the terms says which part stays';

ALTER TABLE booking_extra
    ADD COLUMN apart      boolean NOT NULL DEFAULT false,
    ADD COLUMN removed_by text,
    ADD COLUMN kept_cents bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT booking_extra_kept_part CHECK (kept_cents BETWEEN 0 AND price_cents),
    ADD CONSTRAINT booking_extra_kept_of_removed CHECK (kept_cents = 0 OR removed_at IS NOT NULL);
COMMENT ON COLUMN booking_extra.apart IS 'taken after booking: it has an invoice of its own';
COMMENT ON COLUMN booking_extra.removed_by IS 'guardian:ID or staff:ID; end = its booking ended';
COMMENT ON COLUMN booking_extra.kept_cents IS 'what stayed to be paid of it when it was taken off';
