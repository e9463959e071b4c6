-- +goose Up
-- A credit note's lines say which parts they take back, and through them which invoices (there may be several). The column that
-- would have named one was never filled, and no release reads or writes it.
ALTER TABLE invoice DROP COLUMN credits_id;
