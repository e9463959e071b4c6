-- +goose Up
-- What a line asks or gives back besides the holiday itself: "Annuleringskosten" and "Annulatieverzekering" instead of the name of a
-- holiday that nobody goes on. Documents that exist keep the words that they were issued with.
ALTER TABLE invoice_line ADD COLUMN about text NOT NULL DEFAULT '',
    ADD CONSTRAINT invoice_line_about_known CHECK (about IN ('', 'cancellation_fee', 'rebooking_fee', 'premium', 'costs', 'late_costs', 'price_rise', 'fee'));
