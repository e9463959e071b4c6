-- +goose Up
-- What falls due day by day, besides all that is open: who pays without a reference mostly pays the deposit, or what one invoice asks.
CREATE OR REPLACE VIEW order_open AS
SELECT o.id AS order_id, o.structured_comm, o.reference, o.guardian_id, o.payer_name, o.placed_at,
    (SELECT coalesce(sum(i.amount_cents), 0) FROM instalment i WHERE i.order_id = o.id AND i.void_at IS NULL)
        - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.order_id = o.id) AS open_cents,
    (SELECT coalesce(array_agg(DISTINCT p.first_name || ' ' || p.last_name), '{}')
        FROM booking b JOIN participant p ON p.id = b.participant_id WHERE b.order_id = o.id) AS children,
    (SELECT coalesce(array_agg(d.open_cents ORDER BY d.due_on), '{}')
        FROM (SELECT i.due_on, sum(i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0))::bigint AS open_cents
            FROM instalment i WHERE i.order_id = o.id AND i.void_at IS NULL GROUP BY i.due_on) d
        WHERE d.open_cents > 0) AS due_cents
FROM booking_order o;
