-- +goose Up
-- An order asks the database less often. A basket belongs to the parent who is signed in from its first moment; locking baskets
-- and reading them is one call; what a trigger does for each new row it does once for all rows of a statement.

DROP FUNCTION open_checkouts(bytea[], bigint[], integer[], timestamptz, timestamptz);
DROP FUNCTION open_checkout(bytea, bigint, integer, timestamptz, timestamptz);

-- +goose StatementBegin
CREATE FUNCTION open_checkout(p_token bytea, p_guardian bigint, p_departure bigint, p_count integer, p_until timestamp with time zone, p_now timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    made bigint;
BEGIN
    INSERT INTO checkout (token_hash, guardian_id, held_until, created_at) VALUES (p_token, nullif(p_guardian, 0), p_until, p_now) RETURNING id INTO made;
    INSERT INTO checkout_child (checkout_id, position, departure_id) SELECT made, n, p_departure FROM generate_series(1, p_count) n;
    IF cardinality(take_places(p_departure, p_count, made, p_until, p_now)) < p_count THEN
        RAISE EXCEPTION 'too few places' USING ERRCODE = 'SP001';
    END IF;
    RETURN made;
END $$;

CREATE FUNCTION open_checkouts(p_tokens bytea[], p_guardians bigint[], p_departures bigint[], p_counts integer[], p_until timestamp with time zone, p_now timestamp with time zone) RETURNS SETOF bytea
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
        SELECT p_tokens[t.turn] AS token, nullif(p_guardians[t.turn], 0) AS guardian, t.departure, t.number, row_number() OVER (PARTITION BY t.turn ORDER BY t.number) AS position
        FROM unnest(turns, departures, numbers) AS t (turn, departure, number)),
    made AS (
        INSERT INTO checkout (token_hash, guardian_id, held_until, created_at) SELECT token, guardian, p_until, p_now FROM taken WHERE position = 1
        RETURNING id, token_hash),
    lines AS (
        INSERT INTO checkout_child (checkout_id, position, departure_id)
        SELECT m.id, t.position, t.departure FROM taken t JOIN made m ON m.token_hash = t.token)
    UPDATE place p SET checkout_id = m.id, held_until = p_until
        FROM taken t JOIN made m ON m.token_hash = t.token WHERE p.departure_id = t.departure AND p.number = t.number;
    RETURN QUERY SELECT DISTINCT p_tokens[t] FROM unnest(turns) t;
END $$;

-- Locked first, then read: a statement after the lock sees what was committed while it waited.
CREATE FUNCTION locked_checkouts(p_tokens bytea[]) RETURNS TABLE(token_hash bytea, id bigint, guardian_id bigint, status text, offered boolean, held_until timestamptz, code text, payer_id bigint,
    "position" integer, departure_id bigint, participant_id bigint, category text, boarding_place_id bigint, insured boolean, care boolean, photo_consent text)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM 1 FROM checkout c WHERE c.token_hash = ANY (p_tokens) ORDER BY c.id FOR UPDATE;
    RETURN QUERY SELECT c.token_hash, c.id, coalesce(c.guardian_id, 0), c.status, c.offered, c.held_until, c.code, coalesce(c.payer_id, 0),
        k.position, k.departure_id, coalesce(k.participant_id, 0), coalesce(k.category, ''), coalesce(k.boarding_place_id, 0), k.insured, k.care, coalesce(k.photo_consent, '')
    FROM checkout c JOIN checkout_child k ON k.checkout_id = c.id WHERE c.token_hash = ANY (p_tokens) ORDER BY c.id, k.position;
END $$;

-- What an instalment was paid is added up once.
CREATE OR REPLACE FUNCTION invoice_line_opens() RETURNS trigger
    LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
    AS $$
BEGIN
    INSERT INTO invoice_open AS o (invoice_id, due_on, open_cents)
    SELECT state.invoice_id, state.due_on, state.open_cents FROM (
        SELECT part.invoice_id, t.due_on,
            sum(t.amount_cents - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = t.id)) AS open_cents
        FROM (SELECT DISTINCT l.invoice_id, l.instalment_id FROM invoice_line l WHERE l.invoice_id IN (SELECT invoice_id FROM changed)) part
        JOIN invoice i ON i.id = part.invoice_id AND i.kind <> 'credit'
        JOIN instalment t ON t.id = part.instalment_id AND t.void_at IS NULL
        GROUP BY part.invoice_id, t.due_on OFFSET 0) state
    WHERE state.open_cents > 0
    ON CONFLICT (invoice_id, due_on) DO UPDATE SET open_cents = EXCLUDED.open_cents WHERE o.open_cents <> EXCLUDED.open_cents;
    RETURN NULL;
END $$;

-- As booking_departure_runs, for all new bookings of a statement: the departures are locked and then looked at.
CREATE FUNCTION bookings_departures_run() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    off bigint;
BEGIN
    SELECT min(d.id) INTO off FROM (SELECT id, status FROM departure WHERE id IN (SELECT departure_id FROM added WHERE status <> 'cancelled')
        ORDER BY id FOR KEY SHARE) d WHERE d.status = 'cancelled';
    IF off IS NOT NULL THEN
        RAISE EXCEPTION 'departure % was called off', off USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_departure_runs';
    END IF;
    RETURN NULL;
END $$;

-- As booking_within_limits, for all new bookings of a statement.
CREATE FUNCTION bookings_within_limits() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    l departure_limit;
BEGIN
    FOR l IN SELECT * FROM departure_limit WHERE departure_id IN (SELECT departure_id FROM added WHERE status <> 'cancelled') ORDER BY departure_id, id FOR UPDATE LOOP
        IF limit_sold(l) > l.places AND EXISTS (SELECT 1 FROM added a JOIN participant p ON p.id = a.participant_id
                WHERE a.departure_id = l.departure_id AND a.status <> 'cancelled' AND limit_covers(l, p.gender, p.born_on, a.boarding_place_id)) THEN
            RAISE EXCEPTION 'limit % of departure % is full', l.id, l.departure_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'departure_limit_full';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- As search_follow, for all new rows of a statement. Nothing waits for a row of search_stale, so it need not be the last thing
-- that a transaction does.
CREATE FUNCTION search_follow_new() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'booking' THEN
        INSERT INTO search_stale SELECT DISTINCT o.guardian_id FROM added a JOIN booking_order o ON o.id = a.order_id;
    ELSE
        INSERT INTO search_stale SELECT DISTINCT guardian_id FROM added;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TRIGGER booking_departure_runs ON booking;
CREATE TRIGGER booking_departure_runs BEFORE UPDATE OF status ON booking FOR EACH ROW WHEN (NEW.status <> 'cancelled') EXECUTE FUNCTION booking_departure_runs();
CREATE TRIGGER booking_departure_runs_new AFTER INSERT ON booking REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bookings_departures_run();
DROP TRIGGER booking_within_limits_new ON booking;
CREATE TRIGGER booking_within_limits_new AFTER INSERT ON booking REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bookings_within_limits();

DROP TRIGGER booking_order_search ON booking_order;
CREATE CONSTRAINT TRIGGER booking_order_search AFTER UPDATE OF guardian_id, payer_id, payer_name, payer_email, payer_phone, payer_street, payer_postal_code, payer_city
    ON booking_order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE TRIGGER booking_order_search_new AFTER INSERT ON booking_order REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_new();
DROP TRIGGER booking_search ON booking;
CREATE CONSTRAINT TRIGGER booking_search AFTER UPDATE OF participant_id, departure_id, order_id
    ON booking DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE TRIGGER booking_search_new AFTER INSERT ON booking REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_new();
DROP TRIGGER guardianship_search ON guardianship;
CREATE CONSTRAINT TRIGGER guardianship_search AFTER DELETE
    ON guardianship DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE TRIGGER guardianship_search_new AFTER INSERT ON guardianship REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_new();
