-- +goose Up
-- From basket to booking. Money owed is in charge (what it costs) and instalment (when it is due); money received is in 0005.

CREATE TABLE policy (
    hash     text PRIMARY KEY,
    version  text NOT NULL,
    document text NOT NULL,
    first_at timestamptz NOT NULL
);
COMMENT ON TABLE policy IS 'owner: shop/booking. Every version of the terms that a booking rests on, whole, so that old bookings are never repriced by new terms.';
CREATE TRIGGER policy_insert_only BEFORE UPDATE OR DELETE ON policy FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE checkout (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash     bytea NOT NULL,
    guardian_id    bigint REFERENCES guardian,
    status         text NOT NULL DEFAULT 'open',
    held_until     timestamptz NOT NULL,
    instalments    int,
    payment_method text,
    created_at     timestamptz NOT NULL,
    CONSTRAINT checkout_token_once UNIQUE (token_hash),
    CONSTRAINT checkout_status_known CHECK (status IN ('open', 'placed', 'expired')),
    CONSTRAINT checkout_instalments_range CHECK (instalments BETWEEN 1 AND 3),
    CONSTRAINT checkout_payment_method_known CHECK (payment_method IN ('stripe', 'transfer'))
);
CREATE INDEX checkout_open ON checkout (held_until) WHERE status = 'open';
COMMENT ON TABLE checkout IS 'owner: shop/booking. A basket with held places, before anybody is bound. The cookie holds the token, the table only its SHA-256.';

CREATE TABLE checkout_child (
    checkout_id       bigint NOT NULL REFERENCES checkout,
    position          int    NOT NULL,
    departure_id      bigint NOT NULL REFERENCES departure,
    participant_id    bigint REFERENCES participant,
    category          text,
    boarding_place_id bigint REFERENCES boarding_place,
    insured           boolean,
    care              boolean,
    photo_consent     text,
    PRIMARY KEY (checkout_id, position),
    CONSTRAINT checkout_child_once UNIQUE (checkout_id, participant_id, departure_id),
    CONSTRAINT checkout_child_category_known CHECK (category IN ('base', 'solidaris', 'vt')),
    CONSTRAINT checkout_child_photo_consent_known CHECK (photo_consent IN ('yes', 'group', 'no'))
);
COMMENT ON TABLE checkout_child IS 'owner: shop/booking. One child on one departure in a basket; NULL = not answered yet. What care is needed is in medical, sealed.';

CREATE SEQUENCE booking_order_number AS bigint START 1000001 MAXVALUE 9999999;
COMMENT ON SEQUENCE booking_order_number IS 'Base of the order''s reference and structured communication. Gaps are fine: invoices have their own numbers.';

CREATE TABLE booking_order (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference         text   NOT NULL,
    structured_comm   char(12) NOT NULL,
    checkout_id       bigint,
    guardian_id       bigint NOT NULL REFERENCES guardian,
    placed_at         timestamptz NOT NULL,
    payer_name        text   NOT NULL,
    payer_email       text   NOT NULL,
    payer_street      text   NOT NULL,
    payer_postal_code text   NOT NULL,
    payer_city        text   NOT NULL,
    payer_country     char(2) NOT NULL,
    payer_phone       text   NOT NULL DEFAULT '',
    instalments       int    NOT NULL,
    payment_method    text   NOT NULL,
    policy_hash       text   NOT NULL REFERENCES policy,
    terms_accepted_at timestamptz NOT NULL,
    lang              char(2) NOT NULL DEFAULT 'nl',
    CONSTRAINT booking_order_reference_once UNIQUE (reference),
    CONSTRAINT booking_order_structured_comm_once UNIQUE (structured_comm),
    CONSTRAINT booking_order_checkout_once UNIQUE (checkout_id),
    CONSTRAINT booking_order_payment_method_known CHECK (payment_method IN ('stripe', 'transfer'))
);
CREATE INDEX booking_order_by_guardian ON booking_order (guardian_id, placed_at DESC);
CREATE INDEX booking_order_by_time ON booking_order (placed_at DESC);
COMMENT ON TABLE booking_order IS 'owner: shop/booking. One checkout of one parent. checkout_id once: confirming twice gives the same order.';

CREATE TABLE booking (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id          bigint NOT NULL REFERENCES booking_order,
    participant_id    bigint NOT NULL REFERENCES participant,
    departure_id      bigint NOT NULL REFERENCES departure,
    status            text   NOT NULL,
    category          text   NOT NULL,
    evidence          text   NOT NULL,
    boarding_place_id bigint REFERENCES boarding_place,
    photo_consent     text   NOT NULL,
    insured           boolean NOT NULL,
    price_list_id     bigint NOT NULL REFERENCES price_list,
    policy_hash       text   NOT NULL REFERENCES policy,
    trip              text   NOT NULL,
    legal_regime      text   NOT NULL,
    booked_on         date   NOT NULL,
    departs_on        date   NOT NULL,
    base_price_cents  bigint NOT NULL,
    price_cents       bigint NOT NULL,
    extras_cents      bigint NOT NULL DEFAULT 0,
    premium_cents     bigint NOT NULL,
    deposit_cents     bigint NOT NULL,
    placed_at         timestamptz NOT NULL,
    cancelled_at      timestamptz,
    cancelled_by      text,
    CONSTRAINT booking_status_known CHECK (status IN ('placed', 'in_review', 'cancelled')),
    CONSTRAINT booking_category_known CHECK (category IN ('base', 'solidaris', 'vt')),
    CONSTRAINT booking_evidence_known CHECK (evidence IN ('not_needed', 'awaited', 'accepted', 'refused')),
    CONSTRAINT booking_photo_consent_known CHECK (photo_consent IN ('yes', 'group', 'no')),
    CONSTRAINT booking_cancelled_whole CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL AND cancelled_by IS NOT NULL)),
    CONSTRAINT booking_cancelled_by_known CHECK (cancelled_by IN ('customer', 'organiser', 'price_rise', 'nonpayment', 'exclusion', 'untruthful', 'care_refused'))
);
CREATE UNIQUE INDEX booking_participant_once ON booking (participant_id, departure_id) WHERE status <> 'cancelled';
CREATE INDEX booking_by_order ON booking (order_id);
CREATE INDEX booking_by_departure ON booking (departure_id, status);
CREATE INDEX booking_in_review ON booking (order_id) WHERE status = 'in_review';
COMMENT ON TABLE booking IS 'owner: shop/booking. One participant on one departure: the unit that is cancelled, rebooked, insured and priced, with every fact that it was priced with.';

CREATE TABLE charge (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL REFERENCES booking_order,
    booking_id   bigint NOT NULL REFERENCES booking,
    kind         text   NOT NULL,
    amount_cents bigint NOT NULL,
    reverses_id  bigint REFERENCES charge,
    reason       text   NOT NULL DEFAULT '',
    staff_id     bigint REFERENCES staff,
    at           timestamptz NOT NULL,
    CONSTRAINT charge_kind_known CHECK (kind IN ('price', 'extra', 'premium', 'discount', 'cancellation_fee', 'rebooking_fee', 'costs', 'price_rise', 'goodwill')),
    CONSTRAINT charge_reversed_once UNIQUE (reverses_id)
);
CREATE INDEX charge_by_booking ON charge (booking_id);
COMMENT ON TABLE charge IS 'owner: payments. What a booking costs: signed lines, never edited, only reversed. Their sum is what is owed.';
CREATE TRIGGER charge_insert_only BEFORE UPDATE OR DELETE ON charge FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE instalment (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL REFERENCES booking_order,
    booking_id   bigint NOT NULL REFERENCES booking,
    kind         text   NOT NULL,
    due_on       date   NOT NULL,
    amount_cents bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    void_at      timestamptz,
    CONSTRAINT instalment_kind_known CHECK (kind IN ('deposit', 'balance', 'full', 'fee', 'supplement')),
    CONSTRAINT instalment_positive CHECK (amount_cents > 0)
);
CREATE INDEX instalment_by_booking ON instalment (booking_id);
CREATE INDEX instalment_by_order ON instalment (order_id) WHERE void_at IS NULL;
CREATE INDEX instalment_due ON instalment (due_on) WHERE void_at IS NULL;
COMMENT ON TABLE instalment IS 'owner: payments. When a booking''s charges are due. The running ones (void_at NULL) add up to its charges; a change voids them and schedules new ones.';

CREATE TABLE booking_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   bigint NOT NULL REFERENCES booking_order,
    booking_id bigint REFERENCES booking,
    kind       text   NOT NULL,
    detail     jsonb  NOT NULL DEFAULT '{}',
    actor      text   NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX booking_event_by_order ON booking_event (order_id, at);
COMMENT ON TABLE booking_event IS 'owner: shop/booking. History: who did what, when, from what to what and why. actor is guardian:ID, staff:ID or system.';
CREATE TRIGGER booking_event_insert_only BEFORE UPDATE OR DELETE ON booking_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE VIEW booking_overview AS
    SELECT b.id, b.order_id, b.participant_id, b.departure_id, b.status, b.category, b.evidence,
        coalesce(b.boarding_place_id, 0) AS boarding_place_id, b.photo_consent, b.insured, b.policy_hash, b.trip, b.legal_regime,
        b.booked_on, b.departs_on, b.base_price_cents, b.price_cents, b.extras_cents, b.premium_cents, b.deposit_cents,
        b.placed_at, b.cancelled_at, coalesce(b.cancelled_by, '') AS cancelled_by,
        p.first_name, p.last_name, p.born_on, h.code, h.slug, h.title, h.destination, d.ends_on, coalesce(bp.name, '') AS boarding_name
    FROM booking b
    JOIN participant p ON p.id = b.participant_id
    JOIN departure d ON d.id = b.departure_id
    JOIN holiday h ON h.id = d.holiday_id
    LEFT JOIN boarding_place bp ON bp.id = b.boarding_place_id;
COMMENT ON VIEW booking_overview IS 'reader: shop/booking. A booking with the names that lists and mails show.';
