-- +goose Up
-- On the morning of a sale many open a basket at the same moment. One call opens them all: what it costs to look for places, to
-- write and to commit is paid once.

-- +goose StatementBegin
-- Opens baskets, each with that many places of one departure, and returns the tokens of those that it opened. It never waits for
-- a place, so no two calls wait for each other, in whatever order they want departures; and it says nothing about who is left
-- out: places may be in somebody's open transaction, or the waiting list comes first. open_checkout tells, one by one.
CREATE FUNCTION open_checkouts(p_tokens bytea[], p_departures bigint[], p_counts int[], p_until timestamptz, p_now timestamptz) RETURNS SETOF bytea
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    turns bigint[]; -- one for each place that is taken
    departures bigint[];
    numbers int[];
BEGIN
    -- As in open_checkout: whoever changes a departure waits before its places are taken.
    PERFORM 1 FROM departure WHERE id = ANY (p_departures) ORDER BY id FOR KEY SHARE;
    WITH wanted AS (
        SELECT w.turn, w.departure, w.many, sum(w.many) OVER (PARTITION BY w.departure ORDER BY w.turn) AS upto
        FROM unnest(p_departures, p_counts) WITH ORDINALITY AS w (departure, many, turn)
        WHERE NOT EXISTS (SELECT 1 FROM waitlist_entry e WHERE e.departure_id = w.departure AND e.status = 'waiting')),
    free AS MATERIALIZED (
        SELECT p.departure_id, p.number FROM (SELECT departure, sum(many) AS many FROM wanted GROUP BY departure) d
        CROSS JOIN LATERAL (
            SELECT departure_id, number FROM place WHERE departure_id = d.departure AND booking_id IS NULL
                AND (checkout_id IS NULL OR held_until <= p_now)
            LIMIT d.many FOR UPDATE SKIP LOCKED) p),
    ranked AS (
        SELECT departure_id, number, row_number() OVER (PARTITION BY departure_id ORDER BY number) AS rank,
            count(*) OVER (PARTITION BY departure_id) AS found FROM free)
    SELECT array_agg(w.turn), array_agg(r.departure_id), array_agg(r.number) INTO turns, departures, numbers
        FROM wanted w JOIN ranked r ON r.departure_id = w.departure AND r.rank > w.upto - w.many AND r.rank <= w.upto AND w.upto <= r.found;
    IF turns IS NULL THEN
        RETURN;
    END IF;
    WITH taken AS (
        SELECT p_tokens[t.turn] AS token, t.departure, t.number, row_number() OVER (PARTITION BY t.turn ORDER BY t.number) AS position
        FROM unnest(turns, departures, numbers) AS t (turn, departure, number)),
    made AS (
        INSERT INTO checkout (token_hash, held_until, created_at) SELECT token, p_until, p_now FROM taken WHERE position = 1
        RETURNING id, token_hash),
    lines AS (
        INSERT INTO checkout_child (checkout_id, position, departure_id)
        SELECT m.id, t.position, t.departure FROM taken t JOIN made m ON m.token_hash = t.token)
    UPDATE place p SET checkout_id = m.id, held_until = p_until
        FROM taken t JOIN made m ON m.token_hash = t.token WHERE p.departure_id = t.departure AND p.number = t.number;
    RETURN QUERY SELECT DISTINCT p_tokens[t] FROM unnest(turns) t;
END $$;
-- +goose StatementEnd
