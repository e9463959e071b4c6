-- +goose Up
-- What discounts took off a claimed price: the price is worked out anew when its proof fails, and comes back as it was promised
-- when a good one is late.
ALTER TABLE proof ADD COLUMN discount_cents bigint NOT NULL DEFAULT 0;
UPDATE proof p SET discount_cents = b.discount_cents FROM booking b WHERE b.id = p.booking_id;
