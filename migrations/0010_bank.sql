-- +goose Up
-- What the bank says. Files are kept as they came, every movement is stored once, and what a movement was for is a row of
-- its own that can be undone, so that no money is lost, counted twice or unexplained. What of a movement has no such row is
-- on the suspense account (499).

CREATE TABLE bank_file (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256      bytea  NOT NULL,
    name        text   NOT NULL,
    kind        text   NOT NULL,
    content     bytea  NOT NULL,
    warnings    jsonb  NOT NULL,
    imported_at timestamptz NOT NULL,
    staff_id    bigint REFERENCES staff,
    CONSTRAINT bank_file_once UNIQUE (sha256),
    CONSTRAINT bank_file_kind_known CHECK (kind IN ('coda', 'camt.053'))
);
COMMENT ON TABLE bank_file IS 'owner: payments/reconcile. A bank file that was fit to book, byte for byte, for ten years; warnings = what its reader found and did not mind.';
CREATE TRIGGER bank_file_insert_only BEFORE UPDATE OR DELETE ON bank_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE bank_statement (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id       bigint NOT NULL REFERENCES bank_file,
    account       text   NOT NULL,
    identity      text   NOT NULL,
    content       bytea  NOT NULL,
    fingerprint   bytea  NOT NULL,
    number        text   NOT NULL,
    first_on      date   NOT NULL,
    closed_on     date   NOT NULL,
    opening_cents bigint NOT NULL,
    closing_cents bigint NOT NULL,
    movements     int    NOT NULL,
    CONSTRAINT bank_statement_identity_once UNIQUE (account, identity),
    CONSTRAINT bank_statement_dates_ordered CHECK (first_on <= closed_on)
);
CREATE INDEX bank_statement_by_file ON bank_statement (file_id);
CREATE INDEX bank_statement_by_day ON bank_statement (account, closed_on);
COMMENT ON TABLE bank_statement IS 'owner: payments/reconcile. One account between two balances. identity = how its format names it; content = SHA-256 of what it says, fingerprint = of balances, days and amounts only, which CODA and camt share.';
CREATE TRIGGER bank_statement_insert_only BEFORE UPDATE OR DELETE ON bank_statement FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE bank_skip (
    file_id   bigint NOT NULL REFERENCES bank_file,
    position  int    NOT NULL,
    account   text   NOT NULL,
    number    text   NOT NULL,
    closed_on date   NOT NULL,
    movements int    NOT NULL,
    why       text   NOT NULL,
    PRIMARY KEY (file_id, position),
    CONSTRAINT bank_skip_why_known CHECK (why IN ('known', 'other_account'))
);
COMMENT ON TABLE bank_skip IS 'owner: payments/reconcile. A statement of a file that was left out without harm, and why.';
CREATE TRIGGER bank_skip_insert_only BEFORE UPDATE OR DELETE ON bank_skip FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE bank_movement (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement_id   bigint NOT NULL REFERENCES bank_statement,
    key            text   NOT NULL,
    parent_key     text,
    booked_on      date   NOT NULL,
    value_on       date,
    amount_cents   bigint NOT NULL,
    money_cents    bigint NOT NULL,
    bank_ref       text   NOT NULL,
    reference      text   NOT NULL,
    end_to_end_id  text   NOT NULL,
    name           text   NOT NULL,
    iban           text   NOT NULL,
    bic            text   NOT NULL,
    text           text   NOT NULL,
    code           text   NOT NULL,
    return_reason  text   NOT NULL,
    found          text[] NOT NULL,
    CONSTRAINT bank_movement_once UNIQUE (key)
);
CREATE INDEX bank_movement_by_statement ON bank_movement (statement_id, id);
CREATE INDEX bank_movement_by_day ON bank_movement (booked_on, id);
CREATE INDEX bank_movement_by_iban ON bank_movement (iban) WHERE iban <> '';
COMMENT ON TABLE bank_movement IS 'owner: payments/reconcile. A booking on the account, or a detail of one. money_cents = the money that this row stands for: where the details add up it is on them, else on the booking, so that its sum over a statement is closing less opening. found = the references in it, structured or in text.';
CREATE TRIGGER bank_movement_insert_only BEFORE UPDATE OR DELETE ON bank_movement FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE movement_match (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    movement_id  bigint NOT NULL REFERENCES bank_movement,
    target       text   NOT NULL,
    order_id     bigint REFERENCES booking_order,
    payment_id   bigint REFERENCES payment,
    refund_id    bigint REFERENCES refund,
    account      text   REFERENCES account,
    payout_id    text   REFERENCES stripe_payout,
    amount_cents bigint NOT NULL,
    how          text   NOT NULL,
    reason       text   NOT NULL DEFAULT '',
    staff_id     bigint REFERENCES staff,
    undoes_id    bigint REFERENCES movement_match,
    at           timestamptz NOT NULL,
    CONSTRAINT movement_match_undone_once UNIQUE (undoes_id),
    CONSTRAINT movement_match_target_known CHECK (target IN ('order', 'refund', 'account')),
    CONSTRAINT movement_match_target_given CHECK (CASE target WHEN 'order' THEN num_nonnulls(order_id, payment_id) = 2 WHEN 'refund' THEN refund_id IS NOT NULL ELSE account IS NOT NULL END),
    CONSTRAINT movement_match_how_known CHECK (how IN ('structured', 'text', 'order_number', 'end_to_end', 'payout', 'costs', 'hand')),
    CONSTRAINT movement_match_not_zero CHECK (amount_cents <> 0),
    CONSTRAINT movement_match_payout_named CHECK ((how = 'payout') = (payout_id IS NOT NULL)),
    CONSTRAINT movement_match_by_hand_by_somebody CHECK (how <> 'hand' OR staff_id IS NOT NULL)
);
CREATE INDEX movement_match_by_movement ON movement_match (movement_id);
CREATE INDEX movement_match_by_payout ON movement_match (payout_id) WHERE payout_id IS NOT NULL;
CREATE INDEX movement_match_by_order ON movement_match (order_id) WHERE order_id IS NOT NULL;
COMMENT ON TABLE movement_match IS 'owner: payments/reconcile. What part of a movement was for; undone by a row of the opposite amount. Movement less matches = on suspense (499).';
CREATE TRIGGER movement_match_insert_only BEFORE UPDATE OR DELETE ON movement_match FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE payment_withdrawal (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id   bigint NOT NULL REFERENCES payment,
    order_id     bigint NOT NULL REFERENCES booking_order,
    amount_cents bigint NOT NULL,
    reason       text   NOT NULL,
    staff_id     bigint REFERENCES staff,
    at           timestamptz NOT NULL,
    CONSTRAINT payment_withdrawal_positive CHECK (amount_cents > 0)
);
CREATE INDEX payment_withdrawal_by_payment ON payment_withdrawal (payment_id);
CREATE INDEX payment_withdrawal_by_order ON payment_withdrawal (order_id);
COMMENT ON TABLE payment_withdrawal IS 'owner: payments. Money that turned out not to be for this order, or that the payer''s bank took back. Payments less withdrawals = what was received.';
CREATE TRIGGER payment_withdrawal_insert_only BEFORE UPDATE OR DELETE ON payment_withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE VIEW order_open AS
SELECT o.id AS order_id, o.structured_comm, o.reference, o.guardian_id, o.payer_name, o.placed_at,
    (SELECT coalesce(sum(i.amount_cents), 0) FROM instalment i WHERE i.order_id = o.id AND i.void_at IS NULL)
        - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.order_id = o.id) AS open_cents,
    (SELECT coalesce(array_agg(DISTINCT p.first_name || ' ' || p.last_name), '{}') FROM booking b JOIN participant p ON p.id = b.participant_id
        WHERE b.order_id = o.id) AS children
FROM booking_order o;
COMMENT ON VIEW order_open IS 'read by: payments/reconcile. What an order still has to pay and for whom; joins tables of shop/booking, shop/account and payments.';

-- A bank file books tens of thousands of postings, and the deferred check of 0005 ran once for each of them: half of an
-- import's commit. All postings of an entry are written in one statement, so one check per statement sees the same. That an
-- entry has its postings at all is still checked at commit (entry_balanced).
DROP TRIGGER posting_balanced ON posting;
-- +goose StatementBegin
CREATE FUNCTION postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT p.entry_id, sum(p.amount_cents) AS total, count(*) AS lines INTO wrong
    FROM posting p WHERE p.entry_id IN (SELECT a.entry_id FROM added a)
    GROUP BY p.entry_id HAVING sum(p.amount_cents) <> 0 OR count(*) < 2 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance: % lines add up to %', wrong.entry_id, wrong.lines, wrong.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER posting_balanced AFTER INSERT ON posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION postings_balance();
