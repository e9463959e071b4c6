-- +goose Up
-- What was asked before somebody gave a part of the price, and what is asked after it, say so.
ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_about_known,
    ADD CONSTRAINT invoice_line_about_known
        CHECK (about IN ('', 'cancellation_fee', 'rebooking_fee', 'premium', 'costs', 'late_costs', 'price_rise', 'fee', 'goodwill')) NOT VALID;
ALTER TABLE invoice_line VALIDATE CONSTRAINT invoice_line_about_known;
