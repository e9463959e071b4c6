-- +goose Up
-- A cent short is let go, a cent too much is kept: up to a limit that accounting sets, and each can be taken back.
INSERT INTO account (code, name, kind) VALUES ('658', 'Kleine betalingsverschillen', 'expense');

CREATE TABLE small_difference (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id      bigint NOT NULL REFERENCES booking_order (id),
    instalment_id bigint REFERENCES instalment (id),
    amount_cents  bigint NOT NULL,
    undoes_id     bigint REFERENCES small_difference (id),
    reason        text NOT NULL DEFAULT '',
    staff_id      bigint REFERENCES staff (id),
    at            timestamptz NOT NULL,
    CONSTRAINT small_difference_undone_once UNIQUE (undoes_id),
    CONSTRAINT small_difference_way CHECK (amount_cents <> 0 AND (amount_cents > 0) = ((instalment_id IS NOT NULL) = (undoes_id IS NULL)))
);
CREATE INDEX small_difference_by_order ON small_difference (order_id);
CREATE INDEX small_difference_by_instalment ON small_difference (instalment_id) WHERE instalment_id IS NOT NULL;
CREATE TRIGGER small_difference_insert_only BEFORE DELETE OR UPDATE ON small_difference FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE small_difference IS 'owner: payments. Small amounts that were booked away: positive = still open of an instalment and let go (658), counted as paid though no money came; negative = paid too much and kept (757). A row with undoes_id takes one back.';

CREATE TABLE small_difference_limit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    limit_cents bigint NOT NULL,
    staff_id    bigint NOT NULL REFERENCES staff (id),
    at          timestamptz NOT NULL,
    CONSTRAINT small_difference_limit_small CHECK (limit_cents BETWEEN 0 AND 500)
);
CREATE TRIGGER small_difference_limit_insert_only BEFORE DELETE OR UPDATE ON small_difference_limit FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE small_difference_limit IS 'owner: payments. Up to which amount a difference may be booked away, every version; 0 = none.';

CREATE FUNCTION small_difference_most() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT coalesce((SELECT limit_cents FROM small_difference_limit ORDER BY id DESC LIMIT 1), 100) $$;
COMMENT ON FUNCTION small_difference_most() IS 'Up to which amount a difference may be booked away: nobody is reminded of less either. 1 euro where nobody set it.';

CREATE INDEX invoice_open_small ON invoice_open (invoice_id) WHERE open_cents <= 500;

-- What an order was paid too much is found without reading every payment.
CREATE TABLE order_credit (
    order_id     bigint PRIMARY KEY REFERENCES booking_order (id),
    credit_cents bigint NOT NULL,
    CONSTRAINT order_credit_positive CHECK (credit_cents > 0)
);
COMMENT ON TABLE order_credit IS 'owner: payments. An index in the shape of a table: money of orders that pays for nothing. Written by triggers only.';

-- +goose StatementBegin
CREATE FUNCTION order_credit_refresh(p_orders bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
AS $$
BEGIN
    WITH state AS (
        SELECT o.order_id,
            coalesce((SELECT sum(p.amount_cents) FROM payment p WHERE p.order_id = o.order_id), 0)
            - coalesce((SELECT sum(w.amount_cents) FROM payment_withdrawal w WHERE w.order_id = o.order_id), 0)
            - coalesce((SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = o.order_id
                AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')), 0)
            + coalesce((SELECT sum(d.amount_cents) FROM small_difference d WHERE d.order_id = o.order_id), 0)
            - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.order_id = o.order_id), 0) AS credit_cents
        FROM (SELECT DISTINCT unnest(p_orders) AS order_id OFFSET 0) o),
    spent AS (
        DELETE FROM order_credit c USING state WHERE c.order_id = state.order_id AND state.credit_cents <= 0)
    INSERT INTO order_credit AS c (order_id, credit_cents)
    SELECT order_id, credit_cents FROM state WHERE credit_cents > 0
    ON CONFLICT (order_id) DO UPDATE SET credit_cents = EXCLUDED.credit_cents WHERE c.credit_cents <> EXCLUDED.credit_cents;
END $$;

CREATE FUNCTION order_credit_follow() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    orders bigint[];
BEGIN
    IF TG_TABLE_NAME = 'refund_step' THEN
        SELECT array_agg(DISTINCT r.order_id) INTO orders FROM changed c JOIN refund r ON r.id = c.refund_id WHERE c.state = 'failed';
    ELSE
        SELECT array_agg(DISTINCT order_id) INTO orders FROM changed;
    END IF;
    FOR n IN 1 .. coalesce(cardinality(orders), 0) BY 50 LOOP -- a bank file pays thousands at once: the plan is made for few
        PERFORM order_credit_refresh(orders[n : n + 49]);
    END LOOP;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER payment_credits AFTER INSERT ON payment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();
CREATE TRIGGER payment_withdrawal_credits AFTER INSERT ON payment_withdrawal REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();
CREATE TRIGGER refund_credits AFTER INSERT ON refund REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();
CREATE TRIGGER refund_step_credits AFTER INSERT ON refund_step REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();
CREATE TRIGGER allocation_credits AFTER INSERT ON allocation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();
CREATE TRIGGER small_difference_credits AFTER INSERT ON small_difference REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

INSERT INTO order_credit (order_id, credit_cents)
SELECT m.order_id, sum(m.amount_cents) FROM (
    SELECT order_id, amount_cents FROM payment
    UNION ALL SELECT order_id, -amount_cents FROM payment_withdrawal
    UNION ALL SELECT r.order_id, -r.amount_cents FROM refund r
        WHERE NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')
    UNION ALL SELECT order_id, -amount_cents FROM allocation) m
GROUP BY m.order_id HAVING sum(m.amount_cents) > 0;
