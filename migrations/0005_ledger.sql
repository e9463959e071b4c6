-- +goose Up
-- Money that moved, and the double-entry books over everything. Balances are sums, never columns.

CREATE TABLE payment (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id      bigint NOT NULL REFERENCES booking_order,
    method        text   NOT NULL,
    amount_cents  bigint NOT NULL,
    received_on   date   NOT NULL,
    source_system text   NOT NULL,
    source_id     text   NOT NULL,
    payer_name    text   NOT NULL DEFAULT '',
    payer_iban    text   NOT NULL DEFAULT '',
    recorded_at   timestamptz NOT NULL,
    CONSTRAINT payment_source_once UNIQUE (source_system, source_id),
    CONSTRAINT payment_method_known CHECK (method IN ('stripe', 'transfer')),
    CONSTRAINT payment_positive CHECK (amount_cents > 0)
);
CREATE INDEX payment_by_order ON payment (order_id);
COMMENT ON TABLE payment IS 'owner: payments. Money that came in for an order. source_system + source_id (bank movement, Stripe payment intent) make the second arrival of the same money harmless.';
CREATE TRIGGER payment_insert_only BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE allocation (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id      bigint NOT NULL REFERENCES booking_order,
    instalment_id bigint NOT NULL REFERENCES instalment,
    booking_id    bigint NOT NULL REFERENCES booking,
    amount_cents  bigint NOT NULL,
    at            timestamptz NOT NULL,
    CONSTRAINT allocation_not_zero CHECK (amount_cents <> 0)
);
CREATE INDEX allocation_by_instalment ON allocation (instalment_id);
CREATE INDEX allocation_by_order ON allocation (order_id);
COMMENT ON TABLE allocation IS 'owner: payments. Which instalment an order''s money pays, oldest due line first (edges.md 34); taken back with a negative row. Payments less refunds less allocations = credit of the family.';
CREATE TRIGGER allocation_insert_only BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE refund (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL REFERENCES booking_order,
    booking_id   bigint REFERENCES booking,
    payment_id   bigint NOT NULL REFERENCES payment,
    method       text   NOT NULL,
    amount_cents bigint NOT NULL,
    due_on       date   NOT NULL,
    requested_at timestamptz NOT NULL,
    requested_by text   NOT NULL,
    CONSTRAINT refund_method_known CHECK (method IN ('stripe', 'transfer')),
    CONSTRAINT refund_positive CHECK (amount_cents > 0)
);
CREATE INDEX refund_by_order ON refund (order_id);
CREATE INDEX refund_by_payment ON refund (payment_id);
COMMENT ON TABLE refund IS 'owner: payments. Money that goes back, against the payment it came in with; due within 14 days (edges.md 69).';
CREATE TRIGGER refund_insert_only BEFORE UPDATE OR DELETE ON refund FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE refund_step (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refund_id bigint NOT NULL REFERENCES refund,
    state     text   NOT NULL,
    source_id text   NOT NULL DEFAULT '',
    at        timestamptz NOT NULL,
    CONSTRAINT refund_step_once UNIQUE (refund_id, state),
    CONSTRAINT refund_step_known CHECK (state IN ('sent', 'done', 'failed'))
);
COMMENT ON TABLE refund_step IS 'owner: payments. What became of a refund; no row yet = requested.';
CREATE TRIGGER refund_step_insert_only BEFORE UPDATE OR DELETE ON refund_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE account (
    code text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    CONSTRAINT account_kind_known CHECK (kind IN ('asset', 'liability', 'income', 'expense'))
);
COMMENT ON TABLE account IS 'owner: payments/ledger. The chart of accounts (MAR, for associations); data, extended by accounting.';
INSERT INTO account (code, name, kind) VALUES
    ('400',  'Klanten', 'asset'),
    ('416',  'Betwiste vorderingen', 'asset'),
    ('460',  'Te ontvangen vooruitbetalingen', 'liability'),
    ('461',  'Ontvangen vooruitbetalingen', 'liability'),
    ('4891', 'Verzekeraar: te betalen premies', 'liability'),
    ('499',  'Wachtrekening', 'liability'),
    ('550',  'Bank', 'asset'),
    ('5801', 'Uitbetaling van Stripe onderweg', 'asset'),
    ('5802', 'Saldo bij Stripe', 'asset'),
    ('5803', 'Terugbetaling onderweg', 'asset'),
    ('642',  'Verlies op vorderingen', 'expense'),
    ('657',  'Kosten van betalingen', 'expense'),
    ('700',  'Deelnamegelden', 'income'),
    ('743',  'Annulerings- en omboekingskosten', 'income'),
    ('757',  'Betalingsverschillen', 'income');

CREATE TABLE entry (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event         text NOT NULL,
    source_system text NOT NULL,
    source_id     text NOT NULL,
    booked_on     date NOT NULL,
    order_id      bigint REFERENCES booking_order,
    reason        text NOT NULL DEFAULT '',
    recorded_at   timestamptz NOT NULL,
    CONSTRAINT entry_once UNIQUE (event, source_system, source_id)
);
CREATE INDEX entry_by_order ON entry (order_id);
CREATE INDEX entry_by_day ON entry (booked_on);
COMMENT ON TABLE entry IS 'owner: payments/ledger. A journal entry per business event; corrected by a further entry with a reason.';

CREATE TABLE posting (
    entry_id     bigint NOT NULL REFERENCES entry,
    line         int    NOT NULL,
    account      text   NOT NULL REFERENCES account,
    amount_cents bigint NOT NULL,
    booking_id   bigint REFERENCES booking,
    PRIMARY KEY (entry_id, line),
    CONSTRAINT posting_not_zero CHECK (amount_cents <> 0)
);
CREATE INDEX posting_by_account ON posting (account, entry_id);
CREATE INDEX posting_by_booking ON posting (booking_id) WHERE booking_id IS NOT NULL;
COMMENT ON TABLE posting IS 'owner: payments/ledger. Lines of an entry: debit positive, credit negative. A deferred constraint refuses a commit in which an entry does not add up to zero.';

-- +goose StatementBegin
CREATE FUNCTION entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total bigint; lines int; wanted bigint;
BEGIN
    IF TG_TABLE_NAME = 'entry' THEN wanted := NEW.id; ELSE wanted := NEW.entry_id; END IF;
    SELECT coalesce(sum(amount_cents), 0), count(*) INTO total, lines FROM posting WHERE entry_id = wanted;
    IF total <> 0 OR lines < 2 THEN
        RAISE EXCEPTION 'entry % does not balance: % lines add up to %', wanted, lines, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE TRIGGER entry_insert_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_insert_only BEFORE UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change();
