-- +goose Up
-- Free places come first in this index, then those whose hold ran out first: taking a place reads as many rows as it takes,
-- however many are in baskets.
CREATE INDEX place_to_take ON place (departure_id, held_until NULLS FIRST) WHERE booking_id IS NULL;
DROP INDEX place_unsold;
