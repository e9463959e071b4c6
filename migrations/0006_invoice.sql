-- +goose Up
-- Invoices and credit notes. The gapless number is given by a job right after the booking's transaction: one counter taken
-- inside it would make the whole shop wait on one row. The structured communication is the order's and is there at once.

CREATE TABLE invoice (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id          bigint NOT NULL REFERENCES booking_order,
    kind              text   NOT NULL,
    credits_id        bigint REFERENCES invoice,
    issued_on         date   NOT NULL,
    due_on            date   NOT NULL,
    total_cents       bigint NOT NULL,
    payer_name        text   NOT NULL,
    payer_street      text   NOT NULL,
    payer_postal_code text   NOT NULL,
    payer_city        text   NOT NULL,
    payer_country     char(2) NOT NULL,
    lang              char(2) NOT NULL,
    created_at        timestamptz NOT NULL,
    CONSTRAINT invoice_kind_known CHECK (kind IN ('deposit', 'balance', 'full', 'supplement', 'fee', 'credit')),
    CONSTRAINT invoice_credit_negative CHECK ((kind = 'credit') = (total_cents < 0))
);
CREATE INDEX invoice_by_order ON invoice (order_id);
CREATE INDEX invoice_by_due ON invoice (due_on, id);
CREATE INDEX invoice_credit ON invoice (due_on, id) WHERE kind = 'credit';
COMMENT ON TABLE invoice IS 'owner: payments/invoice. The payer''s address as it was; never edited: a wrong invoice is credited.';
CREATE TRIGGER invoice_insert_only BEFORE UPDATE OR DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE invoice_line (
    invoice_id    bigint NOT NULL REFERENCES invoice,
    position      int    NOT NULL,
    booking_id    bigint NOT NULL REFERENCES booking,
    instalment_id bigint REFERENCES instalment,
    kind          text   NOT NULL,
    description   text   NOT NULL,
    amount_cents  bigint NOT NULL,
    PRIMARY KEY (invoice_id, position)
);
CREATE INDEX invoice_line_by_instalment ON invoice_line (instalment_id);
CREATE INDEX invoice_line_by_booking ON invoice_line (booking_id);
COMMENT ON TABLE invoice_line IS 'owner: payments/invoice. An invoice is paid when the instalments on its lines are.';
CREATE TRIGGER invoice_line_insert_only BEFORE UPDATE OR DELETE ON invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE invoice_waiting (
    invoice_id bigint PRIMARY KEY REFERENCES invoice
);
COMMENT ON TABLE invoice_waiting IS 'owner: payments/invoice. Documents that have no number yet: a row is added with the document and removed with its number, so that numbering never searches.';

CREATE TABLE invoice_series (
    series text NOT NULL,
    year   int  NOT NULL,
    last   int  NOT NULL DEFAULT 0,
    PRIMARY KEY (series, year)
);
COMMENT ON TABLE invoice_series IS 'owner: payments/invoice. The last number given per series and year; locked while numbers are given, so they have no gaps.';

CREATE TABLE invoice_number (
    invoice_id bigint PRIMARY KEY REFERENCES invoice,
    series     text NOT NULL,
    year       int  NOT NULL,
    number     int  NOT NULL,
    given_at   timestamptz NOT NULL,
    paid_cents bigint NOT NULL,
    CONSTRAINT invoice_number_once UNIQUE (series, year, number),
    CONSTRAINT invoice_number_positive CHECK (number > 0)
);
COMMENT ON TABLE invoice_number IS 'owner: payments/invoice. The number of an invoice, given once.';
COMMENT ON COLUMN invoice_number.paid_cents IS 'what was paid of it at that moment (money kept for a fee, a balance that was paid early): printed on it, so that nobody pays it twice';
CREATE TRIGGER invoice_number_insert_only BEFORE UPDATE OR DELETE ON invoice_number FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Where each document stands, for pages that show documents of one order or one page of a list. A void instalment asks
-- nothing any more: its document was credited.
CREATE VIEW invoice_state AS
SELECT i.id, i.order_id, i.kind, i.issued_on, i.due_on, i.total_cents, i.payer_name, i.payer_street, i.payer_postal_code,
    i.payer_city, i.payer_country, i.lang, i.created_at, o.reference, o.structured_comm,
    coalesce(n.series, '') AS series, coalesce(n.year, 0) AS year, coalesce(n.number, 0) AS number, n.given_at, coalesce(n.paid_cents, 0) AS paid_at_issue_cents,
    coalesce(p.asked_cents, 0) AS asked_cents, coalesce(p.paid_cents, 0) AS paid_cents, p.next_due_on
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
COMMENT ON VIEW invoice_state IS 'owner: payments/invoice. A document with its number, its order and what is paid of it.';

-- What is open, at hand for accounting: summing a season's 200,000 instalments for one page of a list takes over half a
-- second. The sums above stay the truth; this follows them by trigger, and shop fsck compares the two. Whoever changes an
-- order's money holds the order's lock, so two transactions never touch the same row here.
CREATE TABLE invoice_open (
    invoice_id bigint NOT NULL REFERENCES invoice,
    due_on     date   NOT NULL,
    open_cents bigint NOT NULL,
    PRIMARY KEY (invoice_id, due_on),
    CONSTRAINT invoice_open_positive CHECK (open_cents > 0)
);
CREATE INDEX invoice_open_by_due ON invoice_open (due_on);
COMMENT ON TABLE invoice_open IS 'owner: payments/invoice. An index in the shape of a table: what documents still ask, by the day it is due. Written by triggers only.';

-- +goose StatementBegin
CREATE FUNCTION invoice_open_refresh(p_instalments bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH touched AS (
        SELECT DISTINCT invoice_id FROM invoice_line WHERE instalment_id = ANY (p_instalments)),
    part AS (
        SELECT DISTINCT l.invoice_id, l.instalment_id
        FROM touched JOIN invoice i ON i.id = touched.invoice_id AND i.kind <> 'credit' JOIN invoice_line l ON l.invoice_id = i.id),
    state AS (
        SELECT part.invoice_id, t.due_on,
            sum(t.amount_cents - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = t.id)) AS open_cents
        FROM part JOIN instalment t ON t.id = part.instalment_id AND t.void_at IS NULL
        GROUP BY part.invoice_id, t.due_on),
    closed AS (
        DELETE FROM invoice_open o USING touched WHERE o.invoice_id = touched.invoice_id AND NOT EXISTS (
            SELECT 1 FROM state WHERE state.invoice_id = o.invoice_id AND state.due_on = o.due_on AND state.open_cents > 0))
    INSERT INTO invoice_open AS o (invoice_id, due_on, open_cents)
    SELECT invoice_id, due_on, open_cents FROM state WHERE open_cents > 0
    ON CONFLICT (invoice_id, due_on) DO UPDATE SET open_cents = EXCLUDED.open_cents WHERE o.open_cents <> EXCLUDED.open_cents;
END $$;

CREATE FUNCTION invoice_open_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'instalment' THEN
        PERFORM invoice_open_refresh(array_agg(id)) FROM changed;
    ELSE
        PERFORM invoice_open_refresh(array_agg(instalment_id)) FROM changed;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER invoice_line_opens AFTER INSERT ON invoice_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_open_follow();
CREATE TRIGGER allocation_opens AFTER INSERT ON allocation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_open_follow();
CREATE TRIGGER instalment_opens AFTER UPDATE ON instalment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_open_follow();
