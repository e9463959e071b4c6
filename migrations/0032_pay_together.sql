-- +goose Up
-- A family pays what it owes over several orders in one go. The attempt says how much of it is for each order, so that the
-- money lands there to the cent; an attempt for one order needs no rows here.

CREATE TABLE payment_attempt_order (
    attempt_id   uuid   NOT NULL REFERENCES payment_attempt,
    order_id     bigint NOT NULL REFERENCES booking_order,
    amount_cents bigint NOT NULL,
    PRIMARY KEY (attempt_id, order_id),
    CONSTRAINT payment_attempt_order_positive CHECK (amount_cents > 0)
);
CREATE INDEX payment_attempt_order_by_order ON payment_attempt_order (order_id);
CREATE TRIGGER payment_attempt_order_insert_only BEFORE UPDATE OR DELETE ON payment_attempt_order FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE payment_attempt_order IS 'owner: payments/online. What part of an attempt over several orders is for which; without rows all of it is for the attempt''s own order.';

CREATE VIEW attempt_share AS
    SELECT s.attempt_id, s.order_id, s.amount_cents FROM payment_attempt_order s
    UNION ALL
    SELECT a.id, a.order_id, a.amount_cents FROM payment_attempt a
    WHERE NOT EXISTS (SELECT 1 FROM payment_attempt_order s WHERE s.attempt_id = a.id);
COMMENT ON VIEW attempt_share IS 'owner: payments/online. What each attempt to pay brings to each order.';
