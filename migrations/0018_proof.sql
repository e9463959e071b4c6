-- +goose Up
-- The proof of a member's price: what the family hands in, who decides, until when, and what the price becomes without it.
-- received: handed in, the office looks. late: the deadline passed without a good proof (edges.md 37); the price moves to the
-- base price only when a person in the office says so.

ALTER TABLE booking DROP CONSTRAINT booking_evidence_known;
ALTER TABLE booking ADD CONSTRAINT booking_evidence_known
    CHECK (evidence IN ('not_needed', 'awaited', 'received', 'accepted', 'refused', 'late'));
CREATE INDEX booking_proof_open ON booking (departs_on) WHERE evidence IN ('awaited', 'received', 'refused', 'late') AND status <> 'cancelled';

CREATE TABLE proof (
    booking_id   bigint PRIMARY KEY REFERENCES booking,
    category     text   NOT NULL,
    price_cents  bigint NOT NULL,
    until        date   NOT NULL,
    reminders    int    NOT NULL DEFAULT 0,
    received_at  timestamptz,
    decided_at   timestamptz,
    decided_by   bigint REFERENCES staff,
    reason       text   NOT NULL DEFAULT '',
    words        text   NOT NULL DEFAULT '',
    late_at      timestamptz,
    corrected_at timestamptz,
    code         text   NOT NULL DEFAULT '',
    CONSTRAINT proof_category_known CHECK (category IN ('solidaris', 'vt')),
    CONSTRAINT proof_reason_known CHECK (reason IN ('', 'unreadable', 'other_person', 'expired', 'not_member', 'no_contribution', 'no_allowance', 'incomplete', 'other'))
);
COMMENT ON TABLE proof IS 'owner: shop/booking. The claim of a member''s price: what was claimed and at which price, until when the proof may come, and what was decided. corrected_at = since when the base price is asked instead. code = what the parent typed from the mutuality''s sticker; it says no more than the category.';

CREATE TABLE evidence_file (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id  bigint NOT NULL REFERENCES booking,
    data_key    bytea  NOT NULL,
    sealed      bytea  NOT NULL,
    type        text   NOT NULL,
    bytes       int    NOT NULL,
    sha256      bytea  NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by text   NOT NULL,
    CONSTRAINT evidence_file_once UNIQUE (booking_id, sha256),
    CONSTRAINT evidence_file_type_known CHECK (type IN ('image/jpeg', 'application/pdf'))
);
COMMENT ON TABLE evidence_file IS 'owner: shop/evidence. A photo (drawn anew) or PDF that shows the right to a price, sealed with a data key of its own for exactly this row (evidence:id:file). Wiped some time after the decision.';

-- Bookings from before: the deadline that their confirmation told.
INSERT INTO proof (booking_id, category, price_cents, until)
SELECT id, category, price_cents, greatest((departs_on - interval '1 month')::date - 14, booked_on + 14)
FROM booking WHERE category <> 'base';
