-- +goose Up
-- A refund that came back is promised anew once: pressed twice it paid the family's other credit of that size.
ALTER TABLE refund ADD COLUMN again_of bigint CONSTRAINT refund_again_of_fkey REFERENCES refund;
ALTER TABLE refund ADD CONSTRAINT refund_again_once UNIQUE (again_of);
COMMENT ON COLUMN refund.again_of IS 'The refund that came back and that this one promises anew.';
