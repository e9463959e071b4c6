-- +goose Up
-- Somebody else may pay for an order: a grandparent, an employer, the OCMW. Then the invoices are for them and go to them.
-- The parent who booked stays in booking_order.payer_*: every other letter, deadline and list is for the parent.

CREATE TABLE payer (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guardian_id bigint  NOT NULL REFERENCES guardian,
    name        text    NOT NULL,
    email       text    NOT NULL,
    street      text    NOT NULL,
    postal_code text    NOT NULL,
    city        text    NOT NULL,
    country     char(2) NOT NULL,
    enterprise  text    NOT NULL DEFAULT '',
    reference   text    NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    wiped_at    timestamptz,
    CONSTRAINT payer_complete CHECK (wiped_at IS NOT NULL OR (name <> '' AND email <> '' AND street <> '' AND postal_code <> '' AND city <> '')),
    CONSTRAINT payer_enterprise_digits CHECK (enterprise = '' OR enterprise ~ '^[0-9]{10}$')
);
CREATE INDEX payer_by_guardian ON payer (guardian_id, id DESC);
COMMENT ON TABLE payer IS 'owner: shop/booking. Who else pays an order, as a family or the office wrote it. Never edited: a correction is another row. reference = what the payer wants to see on the invoice.';

ALTER TABLE checkout ADD COLUMN payer_id bigint REFERENCES payer;
ALTER TABLE booking_order ADD COLUMN payer_id bigint REFERENCES payer;
CREATE INDEX booking_order_by_payer ON booking_order (payer_id) WHERE payer_id IS NOT NULL;
COMMENT ON COLUMN booking_order.payer_id IS 'who else gets the invoices from now on; NULL = the parent, whose name and address payer_* are';

ALTER TABLE invoice
    ADD COLUMN payer_email      text NOT NULL DEFAULT '',
    ADD COLUMN payer_enterprise text NOT NULL DEFAULT '',
    ADD COLUMN payer_reference  text NOT NULL DEFAULT '';
COMMENT ON COLUMN invoice.payer_email IS 'of another payer than the parent: the document is mailed there; '''' = the parent''s';

CREATE OR REPLACE VIEW invoice_state AS
SELECT i.id, i.order_id, i.kind, i.issued_on, i.due_on, i.total_cents, i.payer_name, i.payer_street, i.payer_postal_code,
    i.payer_city, i.payer_country, i.lang, i.created_at, o.reference, o.structured_comm,
    coalesce(n.series, '') AS series, coalesce(n.year, 0) AS year, coalesce(n.number, 0) AS number, n.given_at, coalesce(n.paid_cents, 0) AS paid_at_issue_cents,
    coalesce(p.asked_cents, 0) AS asked_cents, coalesce(p.paid_cents, 0) AS paid_cents, p.next_due_on,
    i.payer_email, i.payer_enterprise, i.payer_reference
FROM invoice i
JOIN booking_order o ON o.id = i.order_id
LEFT JOIN invoice_number n ON n.invoice_id = i.id
LEFT JOIN LATERAL (
    SELECT sum(part.amount_cents) AS asked_cents, sum(part.paid_cents) AS paid_cents,
        min(part.due_on) FILTER (WHERE part.paid_cents < part.amount_cents) AS next_due_on
    FROM (
        SELECT t.due_on, t.amount_cents, (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = t.id) AS paid_cents
        FROM instalment t
        WHERE t.void_at IS NULL AND t.id IN (SELECT l.instalment_id FROM invoice_line l WHERE l.invoice_id = i.id)) part
) p ON true;
