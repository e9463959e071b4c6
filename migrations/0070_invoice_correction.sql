-- +goose Up
-- A credit note refers unambiguously to what it corrects (art. 53 W.Btw): the invoices of the parts that made way, not every earlier
-- one of the order. Credit notes from before keep naming what they named.
CREATE TABLE invoice_correction (
    invoice_id   bigint NOT NULL REFERENCES invoice (id),
    corrected_id bigint NOT NULL REFERENCES invoice (id),
    PRIMARY KEY (invoice_id, corrected_id),
    CONSTRAINT invoice_correction_earlier CHECK (corrected_id < invoice_id)
);
CREATE TRIGGER invoice_correction_insert_only BEFORE DELETE OR UPDATE ON invoice_correction FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE invoice_correction IS 'owner: payments/invoice. Which invoices a credit note takes parts back of. A credit note without one is named with every earlier invoice of its bookings.';
