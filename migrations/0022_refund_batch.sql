-- +goose Up
-- Refunds by SEPA file. Where money goes back to is a row of its own that is never edited: who named the account, when, and
-- from when on it may be used. A refund is in one batch at most, so that no file pays it twice.

CREATE TABLE refund_account (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id    bigint NOT NULL REFERENCES booking_order,
    iban        text   NOT NULL,
    holder      text   NOT NULL,
    usable_from timestamptz NOT NULL,
    reason      text   NOT NULL,
    staff_id    bigint NOT NULL REFERENCES staff,
    at          timestamptz NOT NULL,
    CONSTRAINT refund_account_reasoned CHECK (reason <> '' AND holder <> '')
);
CREATE INDEX refund_account_by_order ON refund_account (order_id, id DESC);
COMMENT ON TABLE refund_account IS 'owner: payments/sepa. The account that an order''s refunds go to, in place of the one its payment came from; the newest row counts. usable_from leaves the family time to object.';
CREATE TRIGGER refund_account_insert_only BEFORE UPDATE OR DELETE ON refund_account FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE refund_approval (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refund_id bigint NOT NULL REFERENCES refund,
    staff_id  bigint NOT NULL REFERENCES staff,
    at        timestamptz NOT NULL
);
CREATE INDEX refund_approval_by_refund ON refund_approval (refund_id, id DESC);
COMMENT ON TABLE refund_approval IS 'owner: payments/sepa. The second person who agreed with a refund above the limit; never the one who makes its batch. Of no account once the refund goes to another account than they saw.';
CREATE TRIGGER refund_approval_insert_only BEFORE UPDATE OR DELETE ON refund_approval FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE refund_batch (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id  text   NOT NULL,
    execute_on  date   NOT NULL,
    refunds     int    NOT NULL,
    total_cents bigint NOT NULL,
    content     bytea  NOT NULL,
    staff_id    bigint NOT NULL REFERENCES staff,
    at          timestamptz NOT NULL,
    CONSTRAINT refund_batch_message_once UNIQUE (message_id),
    CONSTRAINT refund_batch_positive CHECK (refunds > 0 AND total_cents > 0)
);
COMMENT ON TABLE refund_batch IS 'owner: payments/sepa. A file of transfers for the bank (pain.001), byte for byte as it was made.';
CREATE TRIGGER refund_batch_insert_only BEFORE UPDATE OR DELETE ON refund_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE refund_batch_item (
    refund_id    bigint PRIMARY KEY REFERENCES refund,
    batch_id     bigint NOT NULL REFERENCES refund_batch,
    iban         text   NOT NULL,
    holder       text   NOT NULL,
    amount_cents bigint NOT NULL
);
CREATE INDEX refund_batch_item_by_batch ON refund_batch_item (batch_id);
COMMENT ON TABLE refund_batch_item IS 'owner: payments/sepa. A refund in a batch, once; a refund that came back is a new one.';
CREATE TRIGGER refund_batch_item_insert_only BEFORE UPDATE OR DELETE ON refund_batch_item FOR EACH ROW EXECUTE FUNCTION refuse_change();
