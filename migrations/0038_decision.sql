-- +goose Up
-- What the organiser decides about a whole departure: it is called off, its children move to another one, or its price rises
-- after booking. A decision is carried out booking by booking, each in a transaction of its own, so that it can be stopped and
-- go on; what was decided and what became of each booking stays.

CREATE TABLE decision (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text   NOT NULL,
    reason       text   NOT NULL,
    to_departure bigint REFERENCES departure,
    until        timestamptz,
    cause        text,
    percent_milli bigint,
    amount_cents bigint,
    detail       jsonb  NOT NULL DEFAULT '{}',
    staff_id     bigint NOT NULL REFERENCES staff,
    at           timestamptz NOT NULL,
    CONSTRAINT decision_kind_known CHECK (kind IN ('cancel', 'merge', 'rise')),
    CONSTRAINT decision_reasoned CHECK (reason <> ''),
    CONSTRAINT decision_merge_goes_somewhere CHECK ((kind = 'merge') = (to_departure IS NOT NULL)),
    CONSTRAINT decision_cause_known CHECK (cause IN ('fuel', 'taxes', 'exchange')),
    CONSTRAINT decision_rise_whole CHECK ((kind = 'rise') = (cause IS NOT NULL) AND (kind = 'rise') = ((percent_milli IS NULL) <> (amount_cents IS NULL)))
);
COMMENT ON TABLE decision IS 'owner: shop/decision. What the office decided about whole departures. until = a cancellation: families may choose another holiday until then; a merge: they may leave for free until then. detail = boarding places of a merge, from -> to.';
CREATE TRIGGER decision_insert_only BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE decision_departure (
    decision_id  bigint NOT NULL REFERENCES decision,
    departure_id bigint NOT NULL REFERENCES departure,
    role         text   NOT NULL,
    PRIMARY KEY (decision_id, departure_id),
    CONSTRAINT decision_departure_role_known CHECK (role IN ('about', 'other'))
);
CREATE INDEX decision_departure_by_departure ON decision_departure (departure_id);
COMMENT ON TABLE decision_departure IS 'owner: shop/decision. The departures that a decision is about, and the other ones that families may choose.';
CREATE TRIGGER decision_departure_insert_only BEFORE UPDATE OR DELETE ON decision_departure FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE decision_item (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision_id  bigint NOT NULL REFERENCES decision,
    booking_id   bigint NOT NULL REFERENCES booking,
    order_id     bigint NOT NULL REFERENCES booking_order,
    state        text   NOT NULL DEFAULT 'waiting',
    outcome      text   NOT NULL DEFAULT '',
    fresh_id     bigint REFERENCES booking,
    amount_cents bigint NOT NULL DEFAULT 0,
    exit_until   date,
    problem      text   NOT NULL DEFAULT '',
    tries        int    NOT NULL DEFAULT 0,
    changed_at   timestamptz NOT NULL,
    CONSTRAINT decision_item_once UNIQUE (decision_id, booking_id),
    CONSTRAINT decision_item_state_known CHECK (state IN ('waiting', 'asked', 'done', 'failed')),
    CONSTRAINT decision_item_outcome_known CHECK (outcome IN ('', 'refunded', 'rebooked', 'moved', 'raised', 'left', 'void', 'ended')),
    CONSTRAINT decision_item_outcome_of_done CHECK ((state = 'done') = (outcome <> '')),
    CONSTRAINT decision_item_problem_of_failed CHECK ((state = 'failed') = (problem <> ''))
);
CREATE INDEX decision_item_by_booking ON decision_item (booking_id);
CREATE INDEX decision_item_by_fresh ON decision_item (fresh_id) WHERE fresh_id IS NOT NULL;
CREATE INDEX decision_item_open ON decision_item (decision_id, state) WHERE state <> 'done';
COMMENT ON TABLE decision_item IS 'owner: shop/decision. What a decision does to one booking. amount_cents = what goes back, or how much the price rose. fresh_id = the booking that came in its place. exit_until = the last day on which the family may leave for free.';

CREATE TABLE decision_offer (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id           bigint NOT NULL REFERENCES decision_item,
    departure_id      bigint NOT NULL REFERENCES departure,
    boarding_place_id bigint REFERENCES boarding_place,
    checkout_id       bigint NOT NULL REFERENCES checkout,
    CONSTRAINT decision_offer_once UNIQUE (item_id, departure_id)
);
CREATE INDEX decision_offer_by_checkout ON decision_offer (checkout_id);
COMMENT ON TABLE decision_offer IS 'owner: shop/decision. Another holiday that a family may choose; its place is really held in that basket.';
CREATE TRIGGER decision_offer_insert_only BEFORE UPDATE OR DELETE ON decision_offer FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE price_rise (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id   bigint NOT NULL REFERENCES booking,
    decision_id  bigint NOT NULL REFERENCES decision,
    notified_on  date   NOT NULL,
    amount_cents bigint NOT NULL,
    CONSTRAINT price_rise_once UNIQUE (decision_id, booking_id),
    CONSTRAINT price_rise_positive CHECK (amount_cents > 0)
);
CREATE INDEX price_rise_by_booking ON price_rise (booking_id, id);
COMMENT ON TABLE price_rise IS 'owner: shop/decision. The rises that a family was told of: several add up against the price at booking.';
CREATE TRIGGER price_rise_insert_only BEFORE UPDATE OR DELETE ON price_rise FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Nobody comes on a departure that was called off, whatever code writes the booking. The row lock is the one that the foreign key
-- takes anyway; whoever calls a departure off holds it FOR UPDATE, so the answer is the last word.
-- +goose StatementBegin
CREATE FUNCTION booking_departure_runs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM departure WHERE id = NEW.departure_id FOR KEY SHARE;
    IF state = 'cancelled' THEN
        RAISE EXCEPTION 'departure % was called off', NEW.departure_id USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_departure_runs';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER booking_departure_runs BEFORE INSERT OR UPDATE OF status ON booking FOR EACH ROW WHEN (NEW.status <> 'cancelled')
    EXECUTE FUNCTION booking_departure_runs();

CREATE OR REPLACE VIEW booking_overview AS
SELECT b.id, b.order_id, b.participant_id, b.departure_id, b.status, b.category, b.evidence, coalesce(b.boarding_place_id, 0) AS boarding_place_id,
    b.photo_consent, b.insured, b.policy_hash, b.trip, b.legal_regime, b.booked_on, b.departs_on, b.base_price_cents, b.price_cents,
    b.discount_cents, b.extras_cents, b.premium_cents, b.deposit_cents, b.placed_at, b.cancelled_at, coalesce(b.cancelled_by, '') AS cancelled_by,
    p.first_name, p.last_name, p.born_on, h.code, h.slug, h.title, h.destination, d.ends_on, coalesce(bp.name, '') AS boarding_name,
    d.status AS departure_status
FROM booking b JOIN participant p ON p.id = b.participant_id JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id
    LEFT JOIN boarding_place bp ON bp.id = b.boarding_place_id;
