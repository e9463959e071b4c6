-- +goose Up
-- Two colleagues should not call the same parent. An item of the worklist is found anew each time and is no row; that
-- somebody works on it is one, for an hour.

CREATE TABLE worklist_claim (
    kind       text        NOT NULL,
    item_key   text        NOT NULL,
    staff_id   bigint      NOT NULL REFERENCES staff,
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (kind, item_key),
    CONSTRAINT worklist_claim_named CHECK (kind <> '' AND item_key <> '')
);
COMMENT ON TABLE worklist_claim IS 'owner: shop/worklist. Who works on an item of the worklist now; over after an hour.';

CREATE VIEW worklist_claimed AS
    SELECT c.kind, c.item_key, c.staff_id, s.name, c.claimed_at FROM worklist_claim c JOIN staff s ON s.id = c.staff_id;
COMMENT ON VIEW worklist_claimed IS 'reader: shop/worklist. Claims with the name of the colleague.';

CREATE VIEW booking_late AS
    SELECT i.order_id, w.due_on, w.open_cents FROM invoice_open w JOIN invoice i ON i.id = w.invoice_id;
COMMENT ON VIEW booking_late IS 'reader: shop/booking. What of an order''s invoices is open, and when it was due.';
