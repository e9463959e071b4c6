-- Paying online. An attempt is written down before Stripe is asked, with everything that is asked, so that a process which
-- dies in between leaves something to finish: the same call under the same key gives the same pay page. What Stripe tells
-- (events) and what moved on its balance (movements) is stored once under Stripe's own names; the names are what makes the
-- second arrival of the same news harmless.

-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION attempt_rank(status text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE status
        WHEN 'created' THEN 0 WHEN 'open' THEN 1 WHEN 'processing' THEN 2
        WHEN 'expired' THEN 3 WHEN 'failed' THEN 3 WHEN 'held' THEN 4 WHEN 'paid' THEN 5 END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION attempt_rank(text) IS 'How far an attempt has come. It only grows: late news of an earlier state changes nothing, and money that arrives after the end is still paid.';

CREATE TABLE payment_attempt (
    id             uuid   PRIMARY KEY,
    order_id       bigint NOT NULL REFERENCES booking_order,
    amount_cents   bigint NOT NULL,
    status         text   NOT NULL DEFAULT 'created',
    request        jsonb  NOT NULL,
    session_id     text,
    session_url    text,
    payment_intent text,
    charge_id      text,
    fee_cents      bigint,
    failure        text   NOT NULL DEFAULT '',
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    looked_at      timestamptz NOT NULL,
    check_at       timestamptz,
    CONSTRAINT payment_attempt_session_once UNIQUE (session_id),
    CONSTRAINT payment_attempt_payment_intent_once UNIQUE (payment_intent),
    CONSTRAINT payment_attempt_charge_once UNIQUE (charge_id),
    CONSTRAINT payment_attempt_status_known CHECK (attempt_rank(status) IS NOT NULL),
    CONSTRAINT payment_attempt_positive CHECK (amount_cents > 0),
    CONSTRAINT payment_attempt_open_has_session CHECK (status NOT IN ('open', 'processing', 'held', 'paid') OR session_id IS NOT NULL),
    CONSTRAINT payment_attempt_paid_has_payment CHECK (status <> 'paid' OR payment_intent IS NOT NULL),
    CONSTRAINT payment_attempt_checked_until_end CHECK (check_at IS NOT NULL OR status NOT IN ('created', 'open', 'processing'))
);
CREATE INDEX payment_attempt_by_order ON payment_attempt (order_id, created_at DESC);
CREATE INDEX payment_attempt_to_check ON payment_attempt (check_at) WHERE check_at IS NOT NULL;
COMMENT ON TABLE payment_attempt IS 'owner: payments/online. One try to pay online. Its idempotency key at Stripe is cs:ID, its client_reference_id the ID. request is the call, word for word. fee_cents NULL = Stripe has not said yet. held = money came that does not fit; a person decides. check_at = when to ask Stripe, should no webhook come.';

-- +goose StatementBegin
CREATE FUNCTION attempt_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF attempt_rank(NEW.status) < attempt_rank(OLD.status) OR (attempt_rank(NEW.status) = attempt_rank(OLD.status) AND NEW.status <> OLD.status) THEN
        RAISE EXCEPTION 'payment attempt % cannot go from % to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_attempt_forward';
    END IF;
    IF NEW.order_id <> OLD.order_id OR NEW.amount_cents <> OLD.amount_cents OR NEW.request <> OLD.request
        OR NEW.session_id IS DISTINCT FROM OLD.session_id AND OLD.session_id IS NOT NULL
        OR NEW.payment_intent IS DISTINCT FROM OLD.payment_intent AND OLD.payment_intent IS NOT NULL THEN
        RAISE EXCEPTION 'what payment attempt % asks for cannot change', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payment_attempt_fixed';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER payment_attempt_forward BEFORE UPDATE ON payment_attempt FOR EACH ROW EXECUTE FUNCTION attempt_moves_forward();

CREATE TABLE payment_attempt_instalment (
    attempt_id    uuid   NOT NULL REFERENCES payment_attempt,
    instalment_id bigint NOT NULL REFERENCES instalment,
    released_at   timestamptz,
    PRIMARY KEY (attempt_id, instalment_id)
);
CREATE UNIQUE INDEX payment_attempt_instalment_once ON payment_attempt_instalment (instalment_id) WHERE released_at IS NULL;
COMMENT ON TABLE payment_attempt_instalment IS 'owner: payments/online. What an attempt is for. An instalment is in one running attempt at most; released_at is when that attempt ended.';

CREATE TABLE stripe_event (
    id             text PRIMARY KEY,
    type           text NOT NULL,
    api_version    text NOT NULL,
    live           boolean NOT NULL,
    object_id      text NOT NULL,
    payment_intent text NOT NULL,
    happened_at    timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    body           text,
    done_at        timestamptz,
    outcome        text,
    CONSTRAINT stripe_event_done_whole CHECK ((done_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX stripe_event_by_time ON stripe_event (happened_at);
CREATE INDEX stripe_event_waiting ON stripe_event (received_at) WHERE done_at IS NULL;
COMMENT ON TABLE stripe_event IS 'owner: payments/online. What Stripe told, once. body is as it came, with names in it, and is emptied after 90 days; nothing is read from it but ids.';

CREATE TABLE stripe_cursor (
    one        boolean PRIMARY KEY DEFAULT true,
    read_until timestamptz NOT NULL,
    CONSTRAINT stripe_cursor_one_row CHECK (one)
);
COMMENT ON TABLE stripe_cursor IS 'owner: payments/online. Until when Stripe''s list of movements was read; one row.';

CREATE TABLE stripe_finding (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code         text   NOT NULL,
    object_id    text   NOT NULL,
    order_id     bigint REFERENCES booking_order,
    attempt_id   uuid   REFERENCES payment_attempt,
    refund_id    bigint REFERENCES refund,
    amount_cents bigint NOT NULL DEFAULT 0,
    detail       text   NOT NULL DEFAULT '',
    found_at     timestamptz NOT NULL,
    settled_at   timestamptz,
    settled_by   bigint REFERENCES staff,
    note         text   NOT NULL DEFAULT '',
    CONSTRAINT stripe_finding_once UNIQUE (code, object_id),
    CONSTRAINT stripe_finding_code_known CHECK (code IN ('amount', 'foreign_charge', 'foreign_refund', 'refund_refused', 'refund_failed',
        'refund_mismatch', 'dispute_opened', 'dispute_lost', 'payout_failed', 'payout_difference', 'unknown_movement', 'other_currency', 'fee_changed')),
    CONSTRAINT stripe_finding_settled_whole CHECK (settled_at IS NOT NULL OR settled_by IS NULL)
);
CREATE INDEX stripe_finding_open ON stripe_finding (found_at) WHERE settled_at IS NULL;
COMMENT ON TABLE stripe_finding IS 'owner: payments/online. Something at Stripe that the shop does not decide by itself. Accounting settles it with a note; settled_by NULL = it went away by itself.';

CREATE TABLE stripe_movement (
    id           text PRIMARY KEY,
    category     text NOT NULL,
    source_id    text NOT NULL,
    description  text NOT NULL,
    amount_cents bigint NOT NULL,
    fee_cents    bigint NOT NULL,
    net_cents    bigint NOT NULL,
    currency     char(3) NOT NULL,
    against      text NOT NULL REFERENCES account,
    order_id     bigint REFERENCES booking_order,
    made_at      timestamptz NOT NULL,
    available_at timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    CONSTRAINT stripe_movement_adds_up CHECK (net_cents = amount_cents - fee_cents)
);
CREATE INDEX stripe_movement_by_time ON stripe_movement (made_at);
CREATE INDEX stripe_movement_by_source ON stripe_movement (source_id) WHERE source_id <> '';
CREATE TRIGGER stripe_movement_insert_only BEFORE UPDATE OR DELETE ON stripe_movement FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE stripe_movement IS 'owner: payments/online. Stripe''s balance transactions. against is the account on the other side of 5802; 400 where the payment itself was booked when it came in.';

CREATE TABLE stripe_payout (
    id           text PRIMARY KEY,
    amount_cents bigint  NOT NULL,
    status       text    NOT NULL,
    automatic    boolean NOT NULL,
    reconciled   boolean NOT NULL,
    failure      text    NOT NULL,
    descriptor   text    NOT NULL,
    arrives_on   date    NOT NULL,
    made_at      timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL
);
CREATE INDEX stripe_payout_by_arrival ON stripe_payout (arrives_on);
COMMENT ON TABLE stripe_payout IS 'owner: payments/online. Money that Stripe sends to the bank, as Stripe last described it.';

CREATE TABLE stripe_payout_movement (
    movement_id text PRIMARY KEY REFERENCES stripe_movement,
    payout_id   text NOT NULL REFERENCES stripe_payout
);
CREATE INDEX stripe_payout_movement_by_payout ON stripe_payout_movement (payout_id);
CREATE TRIGGER stripe_payout_movement_insert_only BEFORE UPDATE OR DELETE ON stripe_payout_movement FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE stripe_payout_movement IS 'owner: payments/online. What a payout is made of; a movement leaves for the bank once.';

CREATE TABLE stripe_dispute (
    id             text PRIMARY KEY,
    payment_intent text   NOT NULL,
    order_id       bigint REFERENCES booking_order,
    amount_cents   bigint NOT NULL,
    status         text   NOT NULL,
    reason         text   NOT NULL,
    answer_by      timestamptz,
    made_at        timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL
);
CREATE INDEX stripe_dispute_by_order ON stripe_dispute (order_id) WHERE order_id IS NOT NULL;
COMMENT ON TABLE stripe_dispute IS 'owner: payments/online. A payment that its payer asks back through the bank, as Stripe last described it.';
