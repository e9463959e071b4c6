-- The whole schema, to read. It is made from the migrations and never run: go run ./cmd/check -fix schema
-- The comment on each table names the package that owns it; no other package writes it.
-- PostgreSQL 15

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE FUNCTION attempt_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF attempt_rank(NEW.status) < attempt_rank(OLD.status) OR (attempt_rank(NEW.status) = attempt_rank(OLD.status) AND NEW.status <> OLD.status) THEN
        RAISE EXCEPTION 'payment attempt % cannot go from % to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_attempt_forward';
    END IF;
    IF NEW.order_id <> OLD.order_id OR NEW.amount_cents <> OLD.amount_cents OR NEW.request <> OLD.request
        OR NEW.session_id IS DISTINCT FROM OLD.session_id AND OLD.session_id IS NOT NULL
        OR NEW.payment_intent IS DISTINCT FROM OLD.payment_intent AND OLD.payment_intent IS NOT NULL THEN
        RAISE EXCEPTION 'what payment attempt % asks for cannot change', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payment_attempt_fixed';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION attempt_rank(status text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE status
        WHEN 'created' THEN 0 WHEN 'open' THEN 1 WHEN 'processing' THEN 2
        WHEN 'expired' THEN 3 WHEN 'failed' THEN 3 WHEN 'held' THEN 4 WHEN 'paid' THEN 5 END
$$;

COMMENT ON FUNCTION attempt_rank(status text) IS 'How far an attempt has come. It only grows: late news of an earlier state changes nothing, and money that arrives after the end is still paid.';

CREATE FUNCTION booking_departure_runs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM departure WHERE id = NEW.departure_id FOR KEY SHARE;
    IF state = 'cancelled' THEN
        RAISE EXCEPTION 'departure % was called off', NEW.departure_id USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_departure_runs';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION booking_event_forgotten(p_kind text, p_detail jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT p_detail
        || CASE WHEN p_detail ? 'note' AND p_kind <> 'price_rise' THEN '{"note": ""}'::jsonb ELSE '{}'::jsonb END
        || CASE WHEN p_kind IN ('renamed', 'transferred', 'payer') THEN '{"from": "-", "to": "-"}'::jsonb ELSE '{}'::jsonb END
        || CASE WHEN p_kind = 'restored' THEN '{"to": ""}'::jsonb ELSE '{}'::jsonb END
        || CASE WHEN p_kind = 'dunning_pause' THEN '{"reason": ""}'::jsonb ELSE '{}'::jsonb END
$$;

COMMENT ON FUNCTION booking_event_forgotten(p_kind text, p_detail jsonb) IS 'the detail of an event without names and without what was written freely; amounts, dates and codes stay';

CREATE FUNCTION booking_within_limits() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    l departure_limit;
BEGIN
    FOR l IN SELECT * FROM departure_limit WHERE departure_id = NEW.departure_id ORDER BY id FOR UPDATE LOOP
        IF limit_sold(l) > l.places AND limit_covers(l, (SELECT gender FROM participant WHERE id = NEW.participant_id),
                (SELECT born_on FROM participant WHERE id = NEW.participant_id), NEW.boarding_place_id) THEN
            RAISE EXCEPTION 'limit % of departure % is full', l.id, l.departure_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'departure_limit_full';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

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

CREATE FUNCTION child_barred(p_child bigint, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    SELECT EXISTS (SELECT 1 FROM participant_bar b JOIN participant p ON p.id = b.participant_id JOIN participant c ON c.id = p_child
        WHERE b.ended_at IS NULL AND b.until_on >= (p_now AT TIME ZONE 'Europe/Brussels')::date
            AND (p.id = c.id OR p.born_on = c.born_on AND lower(btrim(p.first_name)) = lower(btrim(c.first_name)) AND lower(btrim(p.last_name)) = lower(btrim(c.last_name))))
$$;

COMMENT ON FUNCTION child_barred(p_child bigint, p_now timestamp with time zone) IS 'whether the organiser does not take a child now: itself, or one of the same name and birthday (barredLike of shop/booking asks the same)';

CREATE FUNCTION entries_in_open_month() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    closed date; first date;
BEGIN
    SELECT max(until) INTO closed FROM period_close;
    SELECT min(booked_on) INTO first FROM added;
    IF first <= closed THEN
        RAISE EXCEPTION 'an entry of % would change the month that was closed up to %', first, closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_period_open';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION entry_balances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    total bigint; lines int; wanted bigint;
BEGIN
    IF TG_TABLE_NAME = 'entry' THEN wanted := NEW.id; ELSE wanted := NEW.entry_id; END IF;
    SELECT coalesce(sum(amount_cents), 0), count(*) INTO total, lines FROM posting WHERE entry_id = wanted;
    IF total <> 0 OR lines < 2 THEN
        RAISE EXCEPTION 'entry % does not balance: % lines add up to %', wanted, lines, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION invoice_line_opens() RETURNS trigger
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
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

CREATE FUNCTION invoice_open_follow() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    keys bigint[];
BEGIN
    IF TG_TABLE_NAME = 'instalment' THEN
        SELECT array_agg(id ORDER BY id) INTO keys FROM changed;
    ELSE
        SELECT array_agg(DISTINCT instalment_id ORDER BY instalment_id) INTO keys FROM changed;
    END IF;
    FOR n IN 1 .. coalesce(cardinality(keys), 0) BY 50 LOOP
        PERFORM invoice_open_refresh(keys[n : n + 49]);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION invoice_open_refresh(p_instalments bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
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

CREATE TABLE departure_limit (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    gender text,
    birth_year_from integer,
    birth_year_to integer,
    boarding_place_id bigint,
    places integer NOT NULL,
    CONSTRAINT departure_limit_about_something CHECK ((num_nonnulls(gender, birth_year_from, boarding_place_id) > 0)),
    CONSTRAINT departure_limit_gender_known CHECK ((gender = ANY (ARRAY['f'::text, 'm'::text]))),
    CONSTRAINT departure_limit_places_whole CHECK ((places >= 0)),
    CONSTRAINT departure_limit_years_whole CHECK ((((birth_year_from IS NULL) = (birth_year_to IS NULL)) AND (birth_year_from <= birth_year_to)))
);

COMMENT ON TABLE departure_limit IS 'owner: shop/booking. At most places participants of a kind on a departure; NULL = of any gender, birth year, boarding place.';

CREATE FUNCTION limit_covers(l departure_limit, p_gender text, p_born date, p_boarding bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT coalesce((l.gender IS NULL OR l.gender = p_gender)
        AND (l.birth_year_from IS NULL OR extract(year FROM p_born) BETWEEN l.birth_year_from AND l.birth_year_to)
        AND (l.boarding_place_id IS NULL OR l.boarding_place_id = p_boarding), false)
$$;

CREATE FUNCTION limit_held(l departure_limit, p_now timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    SELECT count(*) FROM checkout_child cc JOIN checkout c ON c.id = cc.checkout_id JOIN participant p ON p.id = cc.participant_id
    WHERE cc.departure_id = l.departure_id AND c.status = 'open' AND c.held_until > p_now
        AND limit_covers(l, p.gender, p.born_on, cc.boarding_place_id)
$$;

CREATE FUNCTION limit_sold(l departure_limit) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id
    WHERE b.departure_id = l.departure_id AND b.status <> 'cancelled' AND limit_covers(l, p.gender, p.born_on, b.boarding_place_id)
$$;

CREATE FUNCTION locked_checkouts(p_tokens bytea[]) RETURNS TABLE(token_hash bytea, id bigint, guardian_id bigint, status text, offered boolean, held_until timestamp with time zone, code text, payer_id bigint, "position" integer, departure_id bigint, participant_id bigint, category text, boarding_place_id bigint, insured boolean, care boolean, photo_consent text)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM 1 FROM checkout c WHERE c.token_hash = ANY (p_tokens) ORDER BY c.id FOR UPDATE;
    RETURN QUERY SELECT c.token_hash, c.id, coalesce(c.guardian_id, 0), c.status, c.offered, c.held_until, c.code, coalesce(c.payer_id, 0),
        k.position, k.departure_id, coalesce(k.participant_id, 0), coalesce(k.category, ''), coalesce(k.boarding_place_id, 0), k.insured, k.care, coalesce(k.photo_consent, '')
    FROM checkout c JOIN checkout_child k ON k.checkout_id = c.id WHERE c.token_hash = ANY (p_tokens) ORDER BY c.id, k.position;
END $$;

CREATE FUNCTION mail_files_follow() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM mail_attachment WHERE mail_id = NEW.id AND content IS NOT NULL;
    RETURN NULL;
END $$;

COMMENT ON FUNCTION mail_files_follow() IS 'Trigger of mail: when its words are emptied its own files go too.';

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

CREATE FUNCTION open_day(p_day date) RETURNS date
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    closed date;
BEGIN
    SELECT max(until) INTO closed FROM period_close;
    RETURN greatest(p_day, coalesce(closed + 1, p_day));
END $$;

COMMENT ON FUNCTION open_day(p_day date) IS 'The day itself, or the first day after the last closed month.';

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

CREATE FUNCTION places_free(p_departure bigint, p_now timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE
    AS $$
    SELECT count(*)::int FROM place WHERE departure_id = p_departure AND booking_id IS NULL AND (checkout_id IS NULL OR held_until <= p_now)
$$;

CREATE FUNCTION postings_balance() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    wrong record;
BEGIN
    SELECT p.entry_id, sum(p.amount_cents) AS total, count(*) AS lines INTO wrong
    FROM posting p WHERE p.entry_id IN (SELECT a.entry_id FROM added a)
    GROUP BY p.entry_id HAVING sum(p.amount_cents) <> 0 OR count(*) < 2 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance: % lines add up to %', wrong.entry_id, wrong.lines, wrong.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused; correct it with a further row', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

COMMENT ON FUNCTION refuse_change() IS 'Trigger of every money and log table: rows are added, never changed or removed.';

CREATE FUNCTION refuse_price_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM departure WHERE id = OLD.departure_id AND status = 'draft' AND published_at IS NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'price_list: % refused; a published price is followed by a new version', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

COMMENT ON FUNCTION refuse_price_change() IS 'Trigger of price_list: rows are added; only those of a draft that was never published are removed.';

CREATE FUNCTION refuse_unless_emptied() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.content IS NOT NULL AND EXISTS (SELECT 1 FROM mail WHERE id = OLD.mail_id AND to_address = 'gewist@example.invalid') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

COMMENT ON FUNCTION refuse_unless_emptied() IS 'Trigger of mail_attachment: rows are added, never changed; a file of a mail that was emptied may be removed.';

CREATE FUNCTION refuse_unless_forgotten() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.detail := booking_event_forgotten(OLD.kind, OLD.detail);
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is insert-only: % refused; correct it with a further row', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

COMMENT ON FUNCTION refuse_unless_forgotten() IS 'Trigger of booking_event: rows are added, never changed or removed, except that their names and words may go.';

CREATE FUNCTION refuse_unless_wiped() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM fiche_key WHERE fiche_id = OLD.fiche_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

COMMENT ON FUNCTION refuse_unless_wiped() IS 'Trigger of fiche_record: rows are added, never changed, and removed only with the key of their fiche.';

CREATE FUNCTION search_catch_up(p_most integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    noted bigint[];
BEGIN
    IF NOT EXISTS (SELECT 1 FROM search_stale) AND pg_try_advisory_xact_lock(hashtext('search_catch_up')) THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('search_catch_up'));
    WITH taken AS (DELETE FROM search_stale WHERE ctid = ANY (ARRAY(SELECT ctid FROM search_stale LIMIT p_most)) RETURNING guardian_id)
    SELECT array_agg(guardian_id) INTO noted FROM taken;
    IF noted IS NOT NULL THEN
        PERFORM search_refresh(ARRAY(SELECT DISTINCT unnest(noted)));
    END IF;
    RETURN coalesce(cardinality(noted), 0);
END $$;

CREATE FUNCTION search_fold(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT trim(regexp_replace(
        replace(replace(replace(translate(lower(regexp_replace(normalize(t, NFD), '[\u0300-\u036f]', '', 'g')),
            'øØłŁđĐıðÐ', 'oollddidd'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
        '[\s[:punct:]‘’“”–—]+', ' ', 'g'))
$$;

COMMENT ON FUNCTION search_fold(t text) IS 'How the search reads: small letters, no accents, one space for anything that is no letter or digit. What is typed goes through it too.';

CREATE FUNCTION search_follow() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    it record;
BEGIN
    IF TG_OP = 'DELETE' THEN it := OLD; ELSE it := NEW; END IF;
    CASE TG_TABLE_NAME
        WHEN 'guardian' THEN INSERT INTO search_stale VALUES (it.id);
        WHEN 'guardianship', 'booking_order', 'payer' THEN INSERT INTO search_stale VALUES (it.guardian_id);
        WHEN 'participant' THEN INSERT INTO search_stale
            SELECT gs.guardian_id FROM guardianship gs WHERE gs.participant_id = it.id
            UNION SELECT o.guardian_id FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE b.participant_id = it.id;
        WHEN 'booking' THEN INSERT INTO search_stale SELECT o.guardian_id FROM booking_order o WHERE o.id = it.order_id;
    END CASE;
    RETURN NULL;
END $$;

CREATE FUNCTION search_follow_holidays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO search_stale
        SELECT DISTINCT o.guardian_id FROM after a JOIN before f ON f.id = a.id AND (f.code, f.title) IS DISTINCT FROM (a.code, a.title)
        JOIN departure d ON d.holiday_id = a.id JOIN booking b ON b.departure_id = d.id JOIN booking_order o ON o.id = b.order_id;
    RETURN NULL;
END $$;

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

CREATE FUNCTION search_follow_numbers() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO search_stale
        SELECT DISTINCT o.guardian_id FROM added a JOIN invoice i ON i.id = a.invoice_id JOIN booking_order o ON o.id = i.order_id;
    RETURN NULL;
END $$;

CREATE FUNCTION search_phone(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT regexp_replace(regexp_replace(regexp_replace(t, '\D', '', 'g'), '^(00)?32([1-9]\d{7,})$', '0\2'), '^00', '')
$_$;

COMMENT ON FUNCTION search_phone(t text) IS 'The digits of a telephone number, of a Belgian one as it is dialled at home: 0470123456 for +32 470 12 34 56.';

CREATE FUNCTION search_refresh(p_guardians bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    INSERT INTO search_entry (guardian_id) SELECT id FROM guardian WHERE id = ANY (p_guardians) ORDER BY id ON CONFLICT DO NOTHING;
    PERFORM 1 FROM search_entry WHERE guardian_id = ANY (p_guardians) ORDER BY guardian_id FOR UPDATE; -- whoever writes after us sees what we saw
    UPDATE search_entry e SET words = w.words, exact = w.exact, last_at = w.last_at
    FROM (
        SELECT g.id, ' ' || search_fold(concat_ws(' ', g.first_name, g.last_name, g.email, search_phone(g.phone), g.street, g.postal_code, g.city, k.names, o.words, b.words, i.words, y.words)) || ' ' AS words,
            array_remove(array[search_fold(g.email), search_phone(g.phone)] || o.exact || i.exact || b.exact, NULL) AS exact,
            coalesce(o.last_at, '-infinity') AS last_at
        FROM guardian g
        LEFT JOIN LATERAL (SELECT string_agg(p.first_name || ' ' || p.last_name, ' ') AS names
            FROM guardianship gs JOIN participant p ON p.id = gs.participant_id WHERE gs.guardian_id = g.id) k ON true
        LEFT JOIN LATERAL (SELECT string_agg(DISTINCT concat_ws(' ', o.reference, o.structured_comm, o.payer_name, o.payer_email, search_phone(o.payer_phone), o.payer_street, o.payer_postal_code, o.payer_city), ' ') AS words,
                array_agg(search_fold(o.reference)) || array_agg(o.structured_comm::text) AS exact, max(o.placed_at) AS last_at
            FROM booking_order o WHERE o.guardian_id = g.id) o ON true
        LEFT JOIN LATERAL (SELECT string_agg(DISTINCT concat_ws(' ', p.first_name, p.last_name, h.code, h.title), ' ') AS words, array_agg(DISTINCT search_fold(h.code)) AS exact
            FROM booking_order o JOIN booking b ON b.order_id = o.id JOIN participant p ON p.id = b.participant_id
            JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id WHERE o.guardian_id = g.id) b ON true
        LEFT JOIN LATERAL (SELECT string_agg(x.label, ' ') AS words, array_agg(search_fold(x.label)) AS exact
            FROM (SELECT n.series || '-' || n.year || '-' || lpad(n.number::text, greatest(5, length(n.number::text)), '0') AS label
                FROM booking_order o JOIN invoice i ON i.order_id = o.id JOIN invoice_number n ON n.invoice_id = i.id WHERE o.guardian_id = g.id) x) i ON true
        LEFT JOIN LATERAL (SELECT string_agg(DISTINCT concat_ws(' ', y.name, y.email, y.street, y.postal_code, y.city, y.enterprise, y.reference), ' ') AS words
            FROM booking_order o JOIN payer y ON y.id = o.payer_id WHERE o.guardian_id = g.id AND y.wiped_at IS NULL) y ON true
        WHERE g.id = ANY (p_guardians)) w
    WHERE e.guardian_id = w.id AND (e.words, e.exact, e.last_at) IS DISTINCT FROM (w.words, w.exact, w.last_at);
END $$;

CREATE FUNCTION search_refresh(p_guardian bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM search_refresh(ARRAY[p_guardian]);
END $$;

CREATE FUNCTION small_difference_most() RETURNS bigint
    LANGUAGE sql STABLE
    AS $$ SELECT coalesce((SELECT limit_cents FROM small_difference_limit ORDER BY id DESC LIMIT 1), 100) $$;

COMMENT ON FUNCTION small_difference_most() IS 'Up to which amount a difference may be booked away: nobody is reminded of less either. 1 euro where nobody set it.';

CREATE FUNCTION take_places(p_departure bigint, p_count integer, p_checkout bigint, p_until timestamp with time zone, p_now timestamp with time zone, p_listed boolean DEFAULT false) RETURNS integer[]
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    taken int[];
BEGIN
    IF (SELECT count(*) FROM (
            SELECT 1 FROM place WHERE departure_id = p_departure AND booking_id IS NULL
                AND (checkout_id IS NULL OR held_until <= p_now) LIMIT p_count) free) < p_count THEN
        RETURN '{}';
    END IF;
    IF NOT p_listed AND EXISTS (SELECT 1 FROM waitlist_entry WHERE departure_id = p_departure AND status = 'waiting')
            AND waitlist_next(p_departure, places_free(p_departure, p_now), p_now) IS NOT NULL THEN
        RETURN '{}';
    END IF;
    BEGIN
        SELECT array_agg(number) INTO taken FROM (
            SELECT number FROM place WHERE departure_id = p_departure AND booking_id IS NULL
                AND (checkout_id IS NULL OR held_until <= p_now)
            LIMIT p_count FOR UPDATE SKIP LOCKED) free;
        IF coalesce(cardinality(taken), 0) < p_count THEN
            RAISE EXCEPTION 'too few' USING ERRCODE = 'SP001'; -- lets go of what was locked
        END IF;
    EXCEPTION WHEN SQLSTATE 'SP001' THEN
        SELECT array_agg(number) INTO taken FROM (
            SELECT number FROM place WHERE departure_id = p_departure AND booking_id IS NULL
                AND (checkout_id IS NULL OR held_until <= p_now)
            ORDER BY number LIMIT p_count FOR UPDATE) free;
    END;
    IF coalesce(cardinality(taken), 0) < p_count THEN
        RETURN '{}';
    END IF;
    IF NOT p_listed AND EXISTS (SELECT 1 FROM waitlist_entry WHERE departure_id = p_departure AND status = 'waiting')
            AND waitlist_next(p_departure, places_free(p_departure, p_now), p_now) IS NOT NULL THEN
        RETURN '{}';
    END IF;
    UPDATE place SET checkout_id = p_checkout, held_until = p_until
        WHERE departure_id = p_departure AND number = ANY (taken);
    RETURN taken;
END $$;

CREATE TABLE waitlist_entry (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    guardian_id bigint NOT NULL,
    at_least integer NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT waitlist_entry_at_least_positive CHECK (((at_least >= 1) AND (at_least <= 6))),
    CONSTRAINT waitlist_entry_ended_whole CHECK (((status = ANY (ARRAY['waiting'::text, 'offered'::text])) = (ended_at IS NULL))),
    CONSTRAINT waitlist_entry_status_known CHECK ((status = ANY (ARRAY['waiting'::text, 'offered'::text, 'taken'::text, 'declined'::text, 'expired'::text, 'left'::text, 'closed'::text])))
);

COMMENT ON TABLE waitlist_entry IS 'owner: shop/waitlist. A family that waits for places on a departure, for all its children or at least so many. Order: priority, then joined_at.';

CREATE FUNCTION waitlist_fit(e waitlist_entry, p_free integer, p_now timestamp with time zone) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    waiting int[];
    barred  int;
    wanted  int;
    best    int[];
BEGIN
    IF p_free < 1 THEN
        RETURN '{}';
    END IF;
    SELECT array_agg(c.position ORDER BY c.position) FILTER (WHERE NOT c.barred), count(*) FILTER (WHERE c.barred) INTO waiting, barred
    FROM (SELECT w.position, child_barred(w.participant_id, p_now) AS barred FROM waitlist_child w
        WHERE w.entry_id = e.id AND NOT EXISTS (SELECT 1 FROM booking b
            WHERE b.participant_id = w.participant_id AND b.departure_id = e.departure_id AND b.status <> 'cancelled')) c;
    wanted := greatest(e.at_least - barred, 1);
    IF p_free < wanted OR coalesce(cardinality(waiting), 0) < wanted THEN
        RETURN '{}';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM departure_limit WHERE departure_id = e.departure_id) THEN
        RETURN waiting[1:p_free];
    END IF;
    SELECT m.positions INTO best
    FROM generate_series(1, 63) mask
    CROSS JOIN LATERAL (SELECT array_agg(w ORDER BY w) AS positions FROM unnest(waiting) w WHERE (mask >> (w - 1)) & 1 = 1) m
    WHERE cardinality(m.positions) BETWEEN wanted AND p_free
        AND NOT EXISTS (
            SELECT 1 FROM departure_limit l CROSS JOIN LATERAL (
                SELECT count(*) AS n FROM waitlist_child c JOIN participant p ON p.id = c.participant_id
                WHERE c.entry_id = e.id AND c.position = ANY (m.positions) AND limit_covers(l, p.gender, p.born_on, c.boarding_place_id)) asked
            WHERE l.departure_id = e.departure_id AND asked.n > 0 AND asked.n > l.places - limit_sold(l) - limit_held(l, p_now))
    ORDER BY cardinality(m.positions) DESC, mask LIMIT 1;
    RETURN coalesce(best, '{}');
END $$;

CREATE FUNCTION waitlist_next(p_departure bigint, p_free integer, p_now timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE COST 1000
    AS $$
    SELECT e.id FROM waitlist_entry e
    WHERE e.departure_id = p_departure AND e.status = 'waiting' AND p_free > 0
        AND (e.at_least <= p_free OR EXISTS (SELECT 1 FROM participant_bar WHERE ended_at IS NULL)) -- with nobody barred, the cheap answer
        AND cardinality(waitlist_fit(e, p_free, p_now)) > 0
    ORDER BY e.priority DESC, e.joined_at, e.id LIMIT 1
$$;

CREATE TABLE account (
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    CONSTRAINT account_kind_known CHECK ((kind = ANY (ARRAY['asset'::text, 'liability'::text, 'income'::text, 'expense'::text])))
);

COMMENT ON TABLE account IS 'owner: payments/ledger. The chart of accounts (MAR, for associations); data, extended by accounting.';

CREATE TABLE allocation (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    instalment_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT allocation_not_zero CHECK ((amount_cents <> 0))
);

COMMENT ON TABLE allocation IS 'owner: payments. Which instalment an order''s money pays, oldest due line first (edges.md 34); taken back with a negative row. Payments less refunds less allocations = credit of the family.';

ALTER TABLE allocation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME allocation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE assignment (
    staff_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    lead boolean DEFAULT false NOT NULL,
    removed_at timestamp with time zone
);

COMMENT ON TABLE assignment IS 'owner: shop/account. The camp of an animator or lead; removed_at ends access at the next request.';

CREATE TABLE assignment_event (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    kind text NOT NULL,
    by_staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT assignment_event_kind_known CHECK ((kind = ANY (ARRAY['animator'::text, 'lead'::text, 'removed'::text])))
);

COMMENT ON TABLE assignment_event IS 'owner: shop/account. Who got a place at a camp, as animator or as lead, or lost it, and who did that; by_staff_id is empty when the program did.';

ALTER TABLE assignment_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME assignment_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payment_attempt (
    id uuid NOT NULL,
    order_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    status text DEFAULT 'created'::text NOT NULL,
    request jsonb NOT NULL,
    session_id text,
    session_url text,
    payment_intent text,
    charge_id text,
    fee_cents bigint,
    failure text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    check_at timestamp with time zone,
    CONSTRAINT payment_attempt_checked_until_end CHECK (((check_at IS NOT NULL) OR (status <> ALL (ARRAY['created'::text, 'open'::text, 'processing'::text])))),
    CONSTRAINT payment_attempt_open_has_session CHECK (((status <> ALL (ARRAY['open'::text, 'processing'::text, 'held'::text, 'paid'::text])) OR (session_id IS NOT NULL))),
    CONSTRAINT payment_attempt_paid_has_payment CHECK (((status <> 'paid'::text) OR (payment_intent IS NOT NULL))),
    CONSTRAINT payment_attempt_positive CHECK ((amount_cents > 0)),
    CONSTRAINT payment_attempt_status_known CHECK ((attempt_rank(status) IS NOT NULL))
);

COMMENT ON TABLE payment_attempt IS 'owner: payments/online. One try to pay online. Its idempotency key at Stripe is cs:ID, its client_reference_id the ID. request is the call, word for word. fee_cents NULL = Stripe has not said yet. held = money came that does not fit; a person decides. check_at = when to ask Stripe, should no webhook come.';

CREATE TABLE payment_attempt_order (
    attempt_id uuid NOT NULL,
    order_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    CONSTRAINT payment_attempt_order_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE payment_attempt_order IS 'owner: payments/online. What part of an attempt over several orders is for which; without rows all of it is for the attempt''s own order.';

CREATE VIEW attempt_share AS
 SELECT s.attempt_id,
    s.order_id,
    s.amount_cents
   FROM payment_attempt_order s
UNION ALL
 SELECT a.id AS attempt_id,
    a.order_id,
    a.amount_cents
   FROM payment_attempt a
  WHERE (NOT (EXISTS ( SELECT 1
           FROM payment_attempt_order s
          WHERE (s.attempt_id = a.id))));

COMMENT ON VIEW attempt_share IS 'owner: payments/online. What each attempt to pay brings to each order.';

CREATE TABLE bank_file (
    id bigint NOT NULL,
    sha256 bytea NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    content bytea NOT NULL,
    warnings jsonb NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    staff_id bigint,
    CONSTRAINT bank_file_kind_known CHECK ((kind = ANY (ARRAY['coda'::text, 'camt.053'::text])))
);

COMMENT ON TABLE bank_file IS 'owner: payments/reconcile. A bank file that was fit to book, byte for byte, for ten years; warnings = what its reader found and did not mind.';

ALTER TABLE bank_file ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bank_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE bank_movement (
    id bigint NOT NULL,
    statement_id bigint NOT NULL,
    key text NOT NULL,
    parent_key text,
    booked_on date NOT NULL,
    value_on date,
    amount_cents bigint NOT NULL,
    money_cents bigint NOT NULL,
    bank_ref text NOT NULL,
    reference text NOT NULL,
    end_to_end_id text NOT NULL,
    name text NOT NULL,
    iban text NOT NULL,
    bic text NOT NULL,
    text text NOT NULL,
    code text NOT NULL,
    return_reason text NOT NULL,
    found text[] NOT NULL
);

COMMENT ON TABLE bank_movement IS 'owner: payments/reconcile. A booking on the account, or a detail of one. money_cents = the money that this row stands for: where the details add up it is on them, else on the booking, so that its sum over a statement is closing less opening. found = the references in it, structured or in text.';

ALTER TABLE bank_movement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bank_movement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE bank_skip (
    file_id bigint NOT NULL,
    "position" integer NOT NULL,
    account text NOT NULL,
    number text NOT NULL,
    closed_on date NOT NULL,
    movements integer NOT NULL,
    why text NOT NULL,
    CONSTRAINT bank_skip_why_known CHECK ((why = ANY (ARRAY['known'::text, 'other_account'::text])))
);

COMMENT ON TABLE bank_skip IS 'owner: payments/reconcile. A statement of a file that was left out without harm, and why.';

CREATE TABLE bank_statement (
    id bigint NOT NULL,
    file_id bigint NOT NULL,
    account text NOT NULL,
    identity text NOT NULL,
    content bytea NOT NULL,
    fingerprint bytea NOT NULL,
    number text NOT NULL,
    first_on date NOT NULL,
    closed_on date NOT NULL,
    opening_cents bigint NOT NULL,
    closing_cents bigint NOT NULL,
    movements integer NOT NULL,
    CONSTRAINT bank_statement_dates_ordered CHECK ((first_on <= closed_on))
);

COMMENT ON TABLE bank_statement IS 'owner: payments/reconcile. One account between two balances. identity = how its format names it; content = SHA-256 of what it says, fingerprint = of balances, days and amounts only, which CODA and camt share.';

ALTER TABLE bank_statement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bank_statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE bar_try (
    participant_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    guardian_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    handled_at timestamp with time zone,
    handled_by bigint
);

COMMENT ON TABLE bar_try IS 'owner: shop/booking. A family tried to book a barred child: the office calls them.';

CREATE TABLE boarding_place (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    name text NOT NULL,
    min_participants integer DEFAULT 8 NOT NULL,
    "position" integer NOT NULL
);

COMMENT ON TABLE boarding_place IS 'owner: shop/catalogue. Opstapplaats of a departure, guaranteed from min_participants on.';

ALTER TABLE boarding_place ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME boarding_place_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE booking (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    participant_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    status text NOT NULL,
    category text NOT NULL,
    evidence text NOT NULL,
    boarding_place_id bigint,
    photo_consent text NOT NULL,
    insured boolean NOT NULL,
    price_list_id bigint NOT NULL,
    policy_hash text NOT NULL,
    trip text NOT NULL,
    legal_regime text NOT NULL,
    booked_on date NOT NULL,
    departs_on date NOT NULL,
    base_price_cents bigint NOT NULL,
    price_cents bigint NOT NULL,
    extras_cents bigint DEFAULT 0 NOT NULL,
    premium_cents bigint NOT NULL,
    deposit_cents bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    cancelled_by text,
    discount_cents bigint DEFAULT 0 NOT NULL,
    rebooked_from bigint,
    covered boolean DEFAULT false NOT NULL,
    paused_on date,
    CONSTRAINT booking_cancelled_by_known CHECK ((cancelled_by = ANY (ARRAY['customer'::text, 'organiser'::text, 'price_rise'::text, 'nonpayment'::text, 'exclusion'::text, 'untruthful'::text, 'care_refused'::text, 'rebooked'::text]))),
    CONSTRAINT booking_cancelled_whole CHECK (((status = 'cancelled'::text) = ((cancelled_at IS NOT NULL) AND (cancelled_by IS NOT NULL)))),
    CONSTRAINT booking_category_known CHECK ((category = ANY (ARRAY['base'::text, 'solidaris'::text, 'vt'::text]))),
    CONSTRAINT booking_evidence_known CHECK ((evidence = ANY (ARRAY['not_needed'::text, 'awaited'::text, 'received'::text, 'accepted'::text, 'refused'::text, 'late'::text]))),
    CONSTRAINT booking_paused_whole CHECK (((paused_on IS NULL) OR (status <> 'placed'::text))),
    CONSTRAINT booking_photo_consent_known CHECK ((photo_consent = ANY (ARRAY['yes'::text, 'group'::text, 'no'::text]))),
    CONSTRAINT booking_status_known CHECK ((status = ANY (ARRAY['placed'::text, 'in_review'::text, 'cancelled'::text])))
);

COMMENT ON TABLE booking IS 'owner: shop/booking. One participant on one departure: the unit that is cancelled, rebooked, insured and priced, with every fact that it was priced with.';

COMMENT ON COLUMN booking.discount_cents IS 'what discounts took off: price_cents is what this participant pays, price_cents + discount_cents the price of the category';

COMMENT ON COLUMN booking.rebooked_from IS 'the booking that this one came in place of; that one is cancelled by rebooked';

COMMENT ON COLUMN booking.covered IS 'the insurance ran on the booking that this one came in place of, and runs on (edges.md 87)';

COMMENT ON COLUMN booking.paused_on IS 'since when care is discussed of a booking that was placed before: no due date runs; NULL for one that was in review from the start, whose schedule begins when staff let the child come';

CREATE TABLE booking_event (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    booking_id bigint,
    kind text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE booking_event IS 'owner: shop/booking. History: who did what, when, from what to what and why. actor is guardian:ID, staff:ID or system.';

ALTER TABLE booking_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME booking_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE booking_extra (
    id bigint NOT NULL,
    booking_id bigint NOT NULL,
    extra_id bigint NOT NULL,
    choice text DEFAULT ''::text NOT NULL,
    price_cents bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    added_by text NOT NULL,
    removed_at timestamp with time zone,
    apart boolean DEFAULT false NOT NULL,
    removed_by text,
    kept_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT booking_extra_kept_of_removed CHECK (((kept_cents = 0) OR (removed_at IS NOT NULL))),
    CONSTRAINT booking_extra_kept_part CHECK (((kept_cents >= 0) AND (kept_cents <= price_cents)))
);

COMMENT ON TABLE booking_extra IS 'owner: shop/extra. An extra that a booking has, at the price of that day; removed_at = taken off or freed by a cancellation.';

COMMENT ON COLUMN booking_extra.apart IS 'taken after booking: it has an invoice of its own';

COMMENT ON COLUMN booking_extra.removed_by IS 'guardian:ID or staff:ID; end = its booking ended';

COMMENT ON COLUMN booking_extra.kept_cents IS 'what stayed to be paid of it when it was taken off';

ALTER TABLE booking_extra ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME booking_extra_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE booking ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME booking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE invoice (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    kind text NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    total_cents bigint NOT NULL,
    payer_name text NOT NULL,
    payer_street text NOT NULL,
    payer_postal_code text NOT NULL,
    payer_city text NOT NULL,
    payer_country character(2) NOT NULL,
    lang character(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    payer_email text DEFAULT ''::text NOT NULL,
    payer_enterprise text DEFAULT ''::text NOT NULL,
    payer_reference text DEFAULT ''::text NOT NULL,
    CONSTRAINT invoice_credit_negative CHECK (((kind = 'credit'::text) = (total_cents < 0))),
    CONSTRAINT invoice_kind_known CHECK ((kind = ANY (ARRAY['deposit'::text, 'balance'::text, 'full'::text, 'supplement'::text, 'fee'::text, 'credit'::text])))
);

COMMENT ON TABLE invoice IS 'owner: payments/invoice. The payer''s address as it was; never edited: a wrong invoice is credited.';

COMMENT ON COLUMN invoice.payer_email IS 'of another payer than the parent: the document is mailed there; '''' = the parent''s';

CREATE TABLE invoice_open (
    invoice_id bigint NOT NULL,
    due_on date NOT NULL,
    open_cents bigint NOT NULL,
    CONSTRAINT invoice_open_positive CHECK ((open_cents > 0))
);

COMMENT ON TABLE invoice_open IS 'owner: payments/invoice. An index in the shape of a table: what documents still ask, by the day it is due. Written by triggers only.';

CREATE VIEW booking_late AS
 SELECT i.order_id,
    w.due_on,
    w.open_cents
   FROM (invoice_open w
     JOIN invoice i ON ((i.id = w.invoice_id)));

COMMENT ON VIEW booking_late IS 'reader: shop/booking. What of an order''s invoices is open, and when it was due.';

CREATE TABLE booking_order (
    id bigint NOT NULL,
    reference text NOT NULL,
    structured_comm character(12) NOT NULL,
    checkout_id bigint,
    guardian_id bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    payer_name text NOT NULL,
    payer_email text NOT NULL,
    payer_street text NOT NULL,
    payer_postal_code text NOT NULL,
    payer_city text NOT NULL,
    payer_country character(2) NOT NULL,
    payer_phone text DEFAULT ''::text NOT NULL,
    instalments integer NOT NULL,
    payment_method text NOT NULL,
    policy_hash text NOT NULL,
    terms_accepted_at timestamp with time zone NOT NULL,
    lang character(2) DEFAULT 'nl'::bpchar NOT NULL,
    payer_id bigint,
    CONSTRAINT booking_order_payment_method_known CHECK ((payment_method = ANY (ARRAY['stripe'::text, 'transfer'::text])))
);

COMMENT ON TABLE booking_order IS 'owner: shop/booking. One checkout of one parent. checkout_id once: confirming twice gives the same order.';

COMMENT ON COLUMN booking_order.payer_id IS 'who else gets the invoices from now on; NULL = the parent, whose name and address payer_* are';

ALTER TABLE booking_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME booking_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE booking_order_number
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    MAXVALUE 9999999
    CACHE 1;

COMMENT ON SEQUENCE booking_order_number IS 'Base of the order''s reference and structured communication. Gaps are fine: invoices have their own numbers.';

CREATE TABLE departure (
    id bigint NOT NULL,
    holiday_id bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    status text DEFAULT 'published'::text NOT NULL,
    on_sale_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    publish_at timestamp with time zone,
    published_at timestamp with time zone,
    CONSTRAINT departure_dates_ordered CHECK ((starts_on <= ends_on)),
    CONSTRAINT departure_publish_at_of_draft CHECK (((publish_at IS NULL) OR (status = 'draft'::text))),
    CONSTRAINT departure_status_known CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'cancelled'::text])))
);

COMMENT ON TABLE departure IS 'owner: shop/catalogue. A holiday on its dates. Its capacity is the number of its place rows.';

CREATE TABLE holiday (
    id bigint NOT NULL,
    season_id bigint NOT NULL,
    code text NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    trip text NOT NULL,
    legal_regime text NOT NULL,
    country character(2) NOT NULL,
    destination text NOT NULL,
    accommodation text NOT NULL,
    transport text NOT NULL,
    included text[] DEFAULT '{}'::text[] NOT NULL,
    not_included text[] DEFAULT '{}'::text[] NOT NULL,
    target_group text,
    inclusive boolean DEFAULT false NOT NULL,
    birth_year_from integer NOT NULL,
    birth_year_to integer NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT holiday_birth_years_ordered CHECK ((birth_year_from <= birth_year_to)),
    CONSTRAINT holiday_legal_regime_known CHECK ((legal_regime = ANY (ARRAY['package'::text, 'none'::text]))),
    CONSTRAINT holiday_trip_known CHECK ((trip = ANY (ARRAY['domestic'::text, 'foreign_coach'::text, 'foreign_own'::text, 'flight'::text])))
);

COMMENT ON TABLE holiday IS 'owner: shop/catalogue. A vakantie in the brochure; who may come is decided by birth year (edges.md 45).';

COMMENT ON COLUMN holiday.target_group IS 'name of a target_group; NULL = for everybody';

COMMENT ON COLUMN holiday.inclusive IS 'parents answer extra questions in the fiche: those of the target group, all of them where there is none';

CREATE TABLE participant (
    id bigint NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    born_on date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    gender text,
    CONSTRAINT participant_gender_known CHECK ((gender = ANY (ARRAY['f'::text, 'm'::text, 'x'::text]))),
    CONSTRAINT participant_named CHECK (((first_name <> ''::text) AND (last_name <> ''::text)))
);

COMMENT ON TABLE participant IS 'owner: shop/account. A child; used again each year.';

COMMENT ON COLUMN participant.gender IS 'NULL until a departure needs it; x sleeps where family and office agree, and no limit by gender counts it.';

CREATE VIEW booking_overview AS
 SELECT b.id,
    b.order_id,
    b.participant_id,
    b.departure_id,
    b.status,
    b.category,
    b.evidence,
    COALESCE(b.boarding_place_id, (0)::bigint) AS boarding_place_id,
    b.photo_consent,
    b.insured,
    b.policy_hash,
    b.trip,
    b.legal_regime,
    b.booked_on,
    b.departs_on,
    b.base_price_cents,
    b.price_cents,
    b.discount_cents,
    b.extras_cents,
    b.premium_cents,
    b.deposit_cents,
    b.placed_at,
    b.cancelled_at,
    COALESCE(b.cancelled_by, ''::text) AS cancelled_by,
    p.first_name,
    p.last_name,
    p.born_on,
    h.code,
    h.slug,
    h.title,
    h.destination,
    d.ends_on,
    COALESCE(bp.name, ''::text) AS boarding_name,
    d.status AS departure_status
   FROM ((((booking b
     JOIN participant p ON ((p.id = b.participant_id)))
     JOIN departure d ON ((d.id = b.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)))
     LEFT JOIN boarding_place bp ON ((bp.id = b.boarding_place_id)));

COMMENT ON VIEW booking_overview IS 'reader: shop/booking. A booking with the names that lists and mails show.';

CREATE TABLE staff (
    id bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    totp_secret bytea,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    lang character(2) DEFAULT 'nl'::bpchar NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_email_lower CHECK ((email = lower(email))),
    CONSTRAINT staff_lang_known CHECK ((lang = ANY (ARRAY['nl'::bpchar, 'en'::bpchar])))
);

COMMENT ON TABLE staff IS 'owner: shop/account. Somebody of the organiser. totp_last_step stops a code from being used twice.';

COMMENT ON COLUMN staff.password_hash IS 'argon2id; empty until the invitation was used, and then no password fits';

CREATE VIEW booking_staff AS
 SELECT staff.id,
    staff.name
   FROM staff;

COMMENT ON VIEW booking_staff IS 'reader: shop/booking. The names of colleagues, for who asked for goodwill.';

CREATE TABLE guardian (
    id bigint NOT NULL,
    email text NOT NULL,
    first_name text DEFAULT ''::text NOT NULL,
    last_name text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    street text DEFAULT ''::text NOT NULL,
    postal_code text DEFAULT ''::text NOT NULL,
    city text DEFAULT ''::text NOT NULL,
    country character(2) DEFAULT 'BE'::bpchar NOT NULL,
    lang character(2) DEFAULT 'nl'::bpchar NOT NULL,
    password_hash text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT guardian_email_lower CHECK ((email = lower(email))),
    CONSTRAINT guardian_lang_known CHECK ((lang = ANY (ARRAY['nl'::bpchar, 'en'::bpchar])))
);

COMMENT ON TABLE guardian IS 'owner: shop/account. A parent or other adult who books; known by e-mail address.';

CREATE TABLE mail_bounce (
    address text NOT NULL,
    why text NOT NULL,
    at timestamp with time zone NOT NULL,
    staff_id bigint,
    code integer DEFAULT 0 NOT NULL,
    CONSTRAINT mail_bounce_lower CHECK (((address = lower(address)) AND (address <> ''::text)))
);

COMMENT ON TABLE mail_bounce IS 'owner: shop/mail. Addresses that no mail reaches, by what the mail server said or by hand; gone when the address works again.';

COMMENT ON COLUMN mail_bounce.code IS 'what the mail server answered (5xx); 0 when a colleague saw a message come back';

CREATE VIEW bounced_family AS
 SELECT g.id AS guardian_id,
    g.first_name,
    g.last_name,
    g.email,
    g.phone,
    b.why,
    b.at
   FROM (mail_bounce b
     JOIN guardian g ON ((g.email = b.address)));

COMMENT ON VIEW bounced_family IS 'reader: shop/dossier. Families that no mail reaches.';

CREATE VIEW camp AS
 SELECT d.id AS departure_id,
    h.title,
    h.destination,
    h.country,
    h.accommodation,
    d.starts_on,
    d.ends_on,
    ( SELECT count(*) AS count
           FROM booking b
          WHERE ((b.departure_id = d.id) AND (b.status = ANY (ARRAY['placed'::text, 'in_review'::text])))) AS children
   FROM (departure d
     JOIN holiday h ON ((h.id = d.holiday_id)))
  WHERE (d.status <> 'cancelled'::text);

COMMENT ON VIEW camp IS 'reader: shop/camp. A departure as its animators know it.';

CREATE TABLE staff_role (
    staff_id bigint NOT NULL,
    role text NOT NULL,
    CONSTRAINT staff_role_known CHECK ((role = ANY (ARRAY['office'::text, 'accounting'::text, 'animator'::text, 'lead'::text])))
);

COMMENT ON TABLE staff_role IS 'owner: shop/account. What somebody may do; one person may have several roles.';

CREATE VIEW camp_assignment AS
 SELECT a.staff_id,
    a.departure_id,
    (a.lead AND (EXISTS ( SELECT 1
           FROM staff_role r
          WHERE ((r.staff_id = a.staff_id) AND (r.role = 'lead'::text))))) AS leads
   FROM assignment a
  WHERE (a.removed_at IS NULL);

COMMENT ON VIEW camp_assignment IS 'reader: shop/camp. Whose camp it is now, and who leads it.';

CREATE VIEW camp_child AS
 SELECT b.departure_id,
    b.id AS booking_id,
    b.participant_id,
    p.first_name,
    p.last_name,
    p.born_on,
    COALESCE(bp.name, ''::text) AS boarding_place,
    b.photo_consent
   FROM ((booking b
     JOIN participant p ON ((p.id = b.participant_id)))
     LEFT JOIN boarding_place bp ON ((bp.id = b.boarding_place_id)))
  WHERE (b.status = ANY (ARRAY['placed'::text, 'in_review'::text]));

COMMENT ON VIEW camp_child IS 'reader: shop/camp. A child who is coming.';

CREATE TABLE family_request (
    id bigint NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    guardian_id bigint NOT NULL,
    booking_id bigint,
    status text DEFAULT 'open'::text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    waiting_since timestamp with time zone NOT NULL,
    answer_by date NOT NULL,
    answered_at timestamp with time zone,
    read_at timestamp with time zone,
    closed_at timestamp with time zone,
    leaves_at timestamp with time zone,
    fetcher_name text DEFAULT ''::text NOT NULL,
    fetcher_phone text DEFAULT ''::text NOT NULL,
    agreed_at timestamp with time zone,
    agreed_by bigint,
    CONSTRAINT family_request_agreed_whole CHECK (((agreed_at IS NULL) = (agreed_by IS NULL))),
    CONSTRAINT family_request_booking CHECK (((kind <> ALL (ARRAY['complaint'::text, 'undelivered'::text, 'leaving'::text, 'fiche'::text])) OR (booking_id IS NOT NULL))),
    CONSTRAINT family_request_kind_known CHECK ((kind = ANY (ARRAY['complaint'::text, 'undelivered'::text, 'leaving'::text, 'question'::text, 'erasure'::text, 'fiche'::text]))),
    CONSTRAINT family_request_leaving_whole CHECK (((kind <> 'leaving'::text) OR ((leaves_at IS NOT NULL) AND (fetcher_name <> ''::text) AND (fetcher_phone <> ''::text)))),
    CONSTRAINT family_request_status_known CHECK ((status = ANY (ARRAY['open'::text, 'answered'::text, 'closed'::text])))
);

COMMENT ON TABLE family_request IS 'owner: shop/requests. A question, complaint or arrangement of one guardian. status open = the office has to answer. agreed_at = the office agreed to a child leaving early: only then the camp sees it.';

CREATE VIEW camp_leaving AS
 SELECT family_request.booking_id,
    family_request.leaves_at,
    family_request.fetcher_name,
    family_request.fetcher_phone,
    family_request.agreed_at
   FROM family_request
  WHERE ((family_request.kind = 'leaving'::text) AND (family_request.agreed_at IS NOT NULL));

COMMENT ON VIEW camp_leaving IS 'reader: shop/camp. Children who leave early with the office''s agreement, and who fetches them.';

CREATE TABLE guardianship (
    guardian_id bigint NOT NULL,
    participant_id bigint NOT NULL,
    sees_fiche boolean DEFAULT true NOT NULL,
    pays boolean DEFAULT true NOT NULL,
    changes boolean DEFAULT true NOT NULL,
    manages boolean DEFAULT true NOT NULL
);

COMMENT ON TABLE guardianship IS 'owner: shop/account. Which adult acts for which child, and whether that adult may read the fiche.';

COMMENT ON COLUMN guardianship.pays IS 'sees and pays what the child''s bookings cost; an order''s own guardian always does';

COMMENT ON COLUMN guardianship.changes IS 'may change the child''s bookings and details, and write to the office about them';

COMMENT ON COLUMN guardianship.manages IS 'may invite other adults, change their rights and remove them; a child always has one who does';

CREATE VIEW camp_parent AS
 SELECT gs.participant_id,
    g.id AS guardian_id,
    g.first_name,
    g.last_name,
    g.phone,
    g.lang
   FROM (guardianship gs
     JOIN guardian g ON ((g.id = gs.guardian_id)));

COMMENT ON VIEW camp_parent IS 'reader: shop/camp. Whom to call about a child.';

CREATE TABLE capacity_event (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT capacity_event_kind_known CHECK ((kind = ANY (ARRAY['added'::text, 'removed'::text, 'limits'::text])))
);

COMMENT ON TABLE capacity_event IS 'owner: shop/booking. Who changed how many places or sub-limits a departure has, and why.';

ALTER TABLE capacity_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME capacity_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE care_review (
    id bigint NOT NULL,
    fiche_id bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    outcome text,
    CONSTRAINT care_review_decided_whole CHECK ((num_nonnulls(decided_at, decided_by, outcome) = ANY (ARRAY[0, 3]))),
    CONSTRAINT care_review_outcome_known CHECK ((outcome = ANY (ARRAY['welcome'::text, 'agreements'::text, 'other_holiday'::text, 'refused'::text])))
);

COMMENT ON TABLE care_review IS 'owner: medical. The care question was answered with yes: staff decide together with the parent. What is agreed for the camp is sealed in fiche_section.';

ALTER TABLE care_review ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME care_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE catalogue_event (
    id bigint NOT NULL,
    season_id bigint NOT NULL,
    holiday_id bigint,
    departure_id bigint,
    kind text NOT NULL,
    changes jsonb DEFAULT '[]'::jsonb NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE catalogue_event IS 'owner: shop/catalogue. History: who changed what, from what to what and why. No foreign key to holiday and departure on purpose: the history outlives a draft that is deleted. actor is staff:ID or system.';

ALTER TABLE catalogue_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME catalogue_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE catalogue_import (
    id bigint NOT NULL,
    season_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    file_name text NOT NULL,
    rows jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone
);

COMMENT ON TABLE catalogue_import IS 'owner: shop/catalogue. A spreadsheet as it was read, waiting for somebody to confirm the preview.';

ALTER TABLE catalogue_import ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME catalogue_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE charge (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    kind text NOT NULL,
    amount_cents bigint NOT NULL,
    reverses_id bigint,
    reason text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT charge_kind_known CHECK ((kind = ANY (ARRAY['price'::text, 'extra'::text, 'premium'::text, 'discount'::text, 'cancellation_fee'::text, 'rebooking_fee'::text, 'costs'::text, 'price_rise'::text, 'goodwill'::text, 'late_costs'::text])))
);

COMMENT ON TABLE charge IS 'owner: payments. What a booking costs: signed lines, never edited, only reversed. Their sum is what is owed.';

ALTER TABLE charge ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME charge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE checkout (
    id bigint NOT NULL,
    token_hash bytea NOT NULL,
    guardian_id bigint,
    status text DEFAULT 'open'::text NOT NULL,
    held_until timestamp with time zone NOT NULL,
    instalments integer,
    payment_method text,
    created_at timestamp with time zone NOT NULL,
    code text DEFAULT ''::text NOT NULL,
    offered boolean DEFAULT false NOT NULL,
    payer_id bigint,
    CONSTRAINT checkout_instalments_range CHECK (((instalments >= 1) AND (instalments <= 3))),
    CONSTRAINT checkout_payment_method_known CHECK ((payment_method = ANY (ARRAY['stripe'::text, 'transfer'::text]))),
    CONSTRAINT checkout_status_known CHECK ((status = ANY (ARRAY['open'::text, 'placed'::text, 'expired'::text])))
);

COMMENT ON TABLE checkout IS 'owner: shop/booking. A basket with held places, before anybody is bound. The cookie holds the token, the table only its SHA-256.';

COMMENT ON COLUMN checkout.code IS 'the discount code that the parent typed';

COMMENT ON COLUMN checkout.offered IS 'Its places come from the waiting list: for these children, until the offer''s deadline.';

CREATE TABLE checkout_child (
    checkout_id bigint NOT NULL,
    "position" integer NOT NULL,
    departure_id bigint NOT NULL,
    participant_id bigint,
    category text,
    boarding_place_id bigint,
    insured boolean,
    care boolean,
    photo_consent text,
    CONSTRAINT checkout_child_category_known CHECK ((category = ANY (ARRAY['base'::text, 'solidaris'::text, 'vt'::text]))),
    CONSTRAINT checkout_child_photo_consent_known CHECK ((photo_consent = ANY (ARRAY['yes'::text, 'group'::text, 'no'::text])))
);

COMMENT ON TABLE checkout_child IS 'owner: shop/booking. One child on one departure in a basket; NULL = not answered yet. What care is needed is in medical, sealed.';

CREATE TABLE checkout_extra (
    checkout_id bigint NOT NULL,
    "position" integer NOT NULL,
    extra_id bigint NOT NULL,
    choice text DEFAULT ''::text NOT NULL
);

COMMENT ON TABLE checkout_extra IS 'owner: shop/extra. An extra in a basket; it counts as taken as long as the basket''s hold runs.';

ALTER TABLE checkout ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME checkout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE waitlist_child (
    entry_id bigint NOT NULL,
    "position" integer NOT NULL,
    participant_id bigint NOT NULL,
    boarding_place_id bigint,
    CONSTRAINT waitlist_child_position_range CHECK ((("position" >= 1) AND ("position" <= 6)))
);

COMMENT ON TABLE waitlist_child IS 'owner: shop/waitlist. Who waits; boarding_place_id only where a departure has places by boarding place.';

CREATE VIEW child_waits AS
 SELECT c.participant_id,
    e.departure_id
   FROM (waitlist_child c
     JOIN waitlist_entry e ON ((e.id = c.entry_id)))
  WHERE (e.ended_at IS NULL);

COMMENT ON VIEW child_waits IS 'reader: shop/booking. On which lists a child waits, or has an offer.';

CREATE TABLE circular (
    id bigint NOT NULL,
    departure_id bigint,
    audience jsonb NOT NULL,
    template_id bigint,
    version integer,
    subject_nl text NOT NULL,
    body_nl text NOT NULL,
    subject_en text NOT NULL,
    body_en text NOT NULL,
    staff_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    recipients integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT circular_to_somebody CHECK (((departure_id IS NOT NULL) OR (jsonb_array_length(COALESCE((audience -> 'orders'::text), '[]'::jsonb)) > 0)))
);

COMMENT ON TABLE circular IS 'owner: shop/circular. A letter to the families of a departure: a draft until confirmed_at, then it goes to the rows of circular_recipient and its words are fixed.';

COMMENT ON COLUMN circular.departure_id IS 'NULL = to families picked from the list of all bookings: audience.orders';

CREATE TABLE instalment (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    kind text NOT NULL,
    due_on date NOT NULL,
    amount_cents bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    void_at timestamp with time zone,
    CONSTRAINT instalment_kind_known CHECK ((kind = ANY (ARRAY['deposit'::text, 'balance'::text, 'full'::text, 'fee'::text, 'supplement'::text]))),
    CONSTRAINT instalment_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE instalment IS 'owner: payments. When a booking''s charges are due. The running ones (void_at NULL) add up to its charges; a change voids them and schedules new ones.';

CREATE VIEW circular_family AS
 SELECT b.departure_id,
    b.id AS booking_id,
    b.order_id,
    b.status,
    b.category,
    b.evidence,
    COALESCE(b.boarding_place_id, (0)::bigint) AS boarding_place_id,
    COALESCE(bp.name, ''::text) AS boarding_name,
    p.first_name AS child,
    o.payer_name,
    o.payer_email,
    o.lang,
    o.reference,
    h.title,
    d.starts_on,
    d.ends_on,
        CASE
            WHEN (nb.why IS NULL) THEN ''::text
            ELSE 'bounced'::text
        END AS bounce,
    ((( SELECT COALESCE(sum(i.amount_cents), (0)::numeric) AS "coalesce"
           FROM instalment i
          WHERE ((i.order_id = o.id) AND (i.void_at IS NULL))))::bigint - (( SELECT COALESCE(sum(a.amount_cents), (0)::numeric) AS "coalesce"
           FROM allocation a
          WHERE (a.order_id = o.id)))::bigint) AS open_cents
   FROM ((((((booking b
     JOIN booking_order o ON ((o.id = b.order_id)))
     JOIN participant p ON ((p.id = b.participant_id)))
     JOIN departure d ON ((d.id = b.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)))
     LEFT JOIN boarding_place bp ON ((bp.id = b.boarding_place_id)))
     LEFT JOIN mail_bounce nb ON ((nb.address = lower(o.payer_email))));

COMMENT ON VIEW circular_family IS 'reader: shop/circular. A child on a departure, and where its family is written to.';

CREATE TABLE mail_file (
    id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    content bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT mail_file_one_line CHECK (((name <> ''::text) AND (concat(name, media_type) !~ '[\x01-\x1f\x7f]'::text))),
    CONSTRAINT mail_file_size CHECK (((length(content) >= 1) AND (length(content) <= 10485760)))
);

COMMENT ON TABLE mail_file IS 'owner: shop/mail. A file that several messages carry, kept once.';

CREATE VIEW circular_file AS
 SELECT mail_file.id,
    mail_file.name
   FROM mail_file;

COMMENT ON VIEW circular_file IS 'reader: shop/circular. What the file of a letter is called.';

ALTER TABLE circular ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME circular_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mail (
    id bigint NOT NULL,
    message_key uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    lang character(2) NOT NULL,
    order_id bigint,
    from_name text NOT NULL,
    from_address text NOT NULL,
    to_name text DEFAULT ''::text NOT NULL,
    to_address text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    secret boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    useless_after timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text DEFAULT ''::text NOT NULL,
    sent_at timestamp with time zone,
    dead_at timestamp with time zone,
    handled_at timestamp with time zone,
    handled_by bigint,
    resent_as bigint,
    job_id bigint,
    forget boolean DEFAULT false NOT NULL,
    CONSTRAINT mail_addressed CHECK (((from_address <> ''::text) AND (to_address <> ''::text))),
    CONSTRAINT mail_handled_by_somebody CHECK (((handled_at IS NULL) = (handled_by IS NULL))),
    CONSTRAINT mail_kind_named CHECK ((kind <> ''::text)),
    CONSTRAINT mail_lang_known CHECK ((lang = ANY (ARRAY['nl'::bpchar, 'en'::bpchar]))),
    CONSTRAINT mail_one_line_headers CHECK ((concat(from_name, from_address, to_name, to_address, subject) !~ '[\x01-\x1f\x7f]'::text)),
    CONSTRAINT mail_sent_or_dead CHECK (((sent_at IS NULL) OR (dead_at IS NULL)))
);

COMMENT ON TABLE mail IS 'owner: shop/mail. The outbox: every message to a person, waiting, sent or dead.';

COMMENT ON COLUMN mail.message_key IS 'makes the Message-ID, the same at every attempt, so that a message sent twice arrives once';

COMMENT ON COLUMN mail.to_address IS 'gewist@example.invalid = the family was forgotten, or the mail is old: its words are gone too';

COMMENT ON COLUMN mail.secret IS 'holds a sign-in code or link: the bodies are emptied once it is sent';

COMMENT ON COLUMN mail.useless_after IS 'a code or offer that ran out is not sent any more';

COMMENT ON COLUMN mail.last_error IS 'what the mail server answered last, for operators';

COMMENT ON COLUMN mail.handled_at IS 'a colleague saw to a mail that was given up: sent it again (resent_as), or told the family in another way';

COMMENT ON COLUMN mail.job_id IS 'the job that wrote it, NULL when none did: the same letter of the same job is written once';

COMMENT ON COLUMN mail.forget IS 'the family was forgotten while this waited: it goes out, and is emptied in that moment';

CREATE VIEW circular_mail AS
 SELECT mail.id,
    mail.sent_at,
    mail.dead_at
   FROM mail;

COMMENT ON VIEW circular_mail IS 'reader: shop/circular. Whether a mail left.';

CREATE TABLE circular_recipient (
    circular_id bigint NOT NULL,
    order_id bigint NOT NULL,
    left_out text DEFAULT ''::text NOT NULL,
    mail_id bigint,
    CONSTRAINT circular_recipient_left_out_known CHECK ((left_out = ANY (ARRAY[''::text, 'no_address'::text, 'bounced'::text]))),
    CONSTRAINT circular_recipient_sent_or_left CHECK (((left_out = ''::text) OR (mail_id IS NULL)))
);

COMMENT ON TABLE circular_recipient IS 'owner: shop/circular. Who gets a letter, once: mail_id is set in the transaction that enqueues the mail. left_out = why not.';

CREATE TABLE decision (
    id bigint NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    to_departure bigint,
    until timestamp with time zone,
    cause text,
    percent_milli bigint,
    amount_cents bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT decision_cause_known CHECK ((cause = ANY (ARRAY['fuel'::text, 'taxes'::text, 'exchange'::text]))),
    CONSTRAINT decision_kind_known CHECK ((kind = ANY (ARRAY['cancel'::text, 'merge'::text, 'rise'::text]))),
    CONSTRAINT decision_merge_goes_somewhere CHECK (((kind = 'merge'::text) = (to_departure IS NOT NULL))),
    CONSTRAINT decision_reasoned CHECK ((reason <> ''::text)),
    CONSTRAINT decision_rise_whole CHECK ((((kind = 'rise'::text) = (cause IS NOT NULL)) AND ((kind = 'rise'::text) = ((percent_milli IS NULL) <> (amount_cents IS NULL)))))
);

COMMENT ON TABLE decision IS 'owner: shop/decision. What the office decided about whole departures. until = a cancellation: families may choose another holiday until then; a merge: they may leave for free until then. detail = boarding places of a merge, from -> to.';

CREATE TABLE decision_departure (
    decision_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    role text NOT NULL,
    CONSTRAINT decision_departure_role_known CHECK ((role = ANY (ARRAY['about'::text, 'other'::text])))
);

COMMENT ON TABLE decision_departure IS 'owner: shop/decision. The departures that a decision is about, and the other ones that families may choose.';

ALTER TABLE decision ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE decision_item (
    id bigint NOT NULL,
    decision_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    order_id bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    outcome text DEFAULT ''::text NOT NULL,
    fresh_id bigint,
    amount_cents bigint DEFAULT 0 NOT NULL,
    exit_until date,
    problem text DEFAULT ''::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT decision_item_outcome_known CHECK ((outcome = ANY (ARRAY[''::text, 'refunded'::text, 'rebooked'::text, 'moved'::text, 'raised'::text, 'left'::text, 'void'::text, 'ended'::text]))),
    CONSTRAINT decision_item_outcome_of_done CHECK (((state = 'done'::text) = (outcome <> ''::text))),
    CONSTRAINT decision_item_problem_of_failed CHECK (((state = 'failed'::text) = (problem <> ''::text))),
    CONSTRAINT decision_item_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'asked'::text, 'done'::text, 'failed'::text])))
);

COMMENT ON TABLE decision_item IS 'owner: shop/decision. What a decision does to one booking. amount_cents = what goes back, or how much the price rose. fresh_id = the booking that came in its place. exit_until = the last day on which the family may leave for free.';

ALTER TABLE decision_item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME decision_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE decision_offer (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    boarding_place_id bigint,
    checkout_id bigint NOT NULL
);

COMMENT ON TABLE decision_offer IS 'owner: shop/decision. Another holiday that a family may choose; its place is really held in that basket.';

ALTER TABLE decision_offer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME decision_offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE departure ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME departure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE departure_limit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME departure_limit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW departure_team AS
 SELECT d.id AS departure_id,
    d.holiday_id,
    h.title,
    d.starts_on,
    ( SELECT count(*) AS count
           FROM booking b
          WHERE ((b.departure_id = d.id) AND (b.status = ANY (ARRAY['placed'::text, 'in_review'::text])))) AS going,
    t.members,
    t.leads
   FROM ((departure d
     JOIN holiday h ON ((h.id = d.holiday_id)))
     CROSS JOIN LATERAL ( SELECT count(*) AS members,
            count(*) FILTER (WHERE a.leads) AS leads
           FROM (camp_assignment a
             JOIN staff s ON ((s.id = a.staff_id)))
          WHERE ((a.departure_id = d.id) AND s.active)) t)
  WHERE (d.status <> 'cancelled'::text);

COMMENT ON VIEW departure_team IS 'reader: shop/catalogue. How many go along with a departure to look after the children, and how many of them lead it.';

CREATE TABLE discount (
    id bigint NOT NULL,
    kind text NOT NULL,
    name_nl text NOT NULL,
    name_en text NOT NULL,
    code text DEFAULT ''::text NOT NULL,
    percent integer DEFAULT 0 NOT NULL,
    amount_cents bigint DEFAULT 0 NOT NULL,
    days_before integer DEFAULT 0 NOT NULL,
    members boolean NOT NULL,
    alone boolean NOT NULL,
    group_name text DEFAULT ''::text NOT NULL,
    holiday_code text DEFAULT ''::text NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    max_uses integer,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    stopped_at timestamp with time zone,
    stopped_by bigint,
    CONSTRAINT discount_code_for_codes CHECK (((kind = 'code'::text) = (code <> ''::text))),
    CONSTRAINT discount_kind_known CHECK ((kind = ANY (ARRAY['sibling'::text, 'early'::text, 'code'::text]))),
    CONSTRAINT discount_not_negative CHECK (((percent >= 0) AND (amount_cents >= 0) AND (days_before >= 0) AND (max_uses > 0))),
    CONSTRAINT discount_window_ordered CHECK ((valid_from <= valid_until)),
    CONSTRAINT discount_worth_one CHECK ((((percent >= 1) AND (percent <= 10000)) <> (amount_cents > 0)))
);

COMMENT ON TABLE discount IS 'owner: shop/discount. A discount of the organiser: who gets it, how much (percent in hundredths, or an amount), with what it goes together, when, and how often. Never edited: it is stopped and another is made, so that a booking keeps what it was promised.';

ALTER TABLE discount ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME discount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE discount_use (
    discount_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT discount_use_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE discount_use IS 'owner: shop/discount. A discount that a booking got. One use per child; of a cancelled booking it does not count towards max_uses.';

CREATE VIEW dossier_actor AS
 SELECT 'staff'::text AS kind,
    staff.id,
    staff.name
   FROM staff
UNION ALL
 SELECT 'guardian'::text AS kind,
    guardian.id,
    TRIM(BOTH FROM ((guardian.first_name || ' '::text) || guardian.last_name)) AS name
   FROM guardian;

COMMENT ON VIEW dossier_actor IS 'reader: shop/dossier. Who did it, by the name that people know.';

CREATE TABLE order_note (
    id bigint NOT NULL,
    order_id bigint,
    text text NOT NULL,
    pinned boolean DEFAULT false NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    guardian_id bigint,
    CONSTRAINT order_note_about_one CHECK ((num_nonnulls(order_id, guardian_id) = 1)),
    CONSTRAINT order_note_said CHECK (((text <> ''::text) AND (length(text) <= 2000)))
);

COMMENT ON TABLE order_note IS 'owner: shop/dossier. What the office wants the next colleague to know about an order; never about health, never shown to the family.';

CREATE VIEW dossier_note AS
 SELECT n.id,
    n.order_id,
    n.guardian_id,
    n.text,
    n.pinned,
    n.at,
    s.name AS staff_name
   FROM (order_note n
     JOIN staff s ON ((s.id = n.staff_id)));

COMMENT ON VIEW dossier_note IS 'reader: shop/dossier. Notes with the name of the colleague.';

CREATE VIEW dossier_order AS
 SELECT booking_order.id AS order_id,
    booking_order.guardian_id
   FROM booking_order;

COMMENT ON VIEW dossier_order IS 'reader: shop/dossier. Whose order it is.';

CREATE TABLE order_note_pin (
    id bigint NOT NULL,
    note_id bigint NOT NULL,
    pinned boolean NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE order_note_pin IS 'owner: shop/dossier. Who put a note on top or let it go, and when.';

CREATE VIEW dossier_pin AS
 SELECT p.id,
    p.note_id,
    p.pinned,
    p.at,
    s.name AS staff_name
   FROM (order_note_pin p
     JOIN staff s ON ((s.id = p.staff_id)));

COMMENT ON VIEW dossier_pin IS 'reader: shop/dossier. Who put a note on top or let it go.';

CREATE TABLE dunning_batch (
    id bigint NOT NULL,
    posted_on date NOT NULL,
    letters integer NOT NULL,
    content bytea NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT dunning_batch_of_something CHECK ((letters > 0))
);

COMMENT ON TABLE dunning_batch IS 'owner: shop/dunning. Letters that were printed together, as PDF: what was sent, to show later. posted_on = the day that the letters count from.';

CREATE TABLE dunning_batch_end (
    batch_id bigint NOT NULL,
    outcome text NOT NULL,
    posted_on date,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT dunning_batch_end_day CHECK (((posted_on IS NOT NULL) = (outcome = 'posted'::text))),
    CONSTRAINT dunning_batch_end_known CHECK ((outcome = ANY (ARRAY['posted'::text, 'dropped'::text])))
);

COMMENT ON TABLE dunning_batch_end IS 'owner: shop/dunning. What became of a batch: posted, or not sent after all; then its letters wait again.';

ALTER TABLE dunning_batch ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dunning_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dunning_charge (
    order_id bigint NOT NULL,
    due_on date NOT NULL,
    booking_id bigint NOT NULL,
    open_cents bigint NOT NULL,
    amount_cents bigint NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE dunning_charge IS 'owner: shop/dunning. Costs of collecting that somebody asked, once for what was due on a day.';

CREATE TABLE dunning_costs (
    id bigint NOT NULL,
    clause text NOT NULL,
    placed_from date,
    small_cents bigint NOT NULL,
    middle_cents bigint NOT NULL,
    middle_bp integer NOT NULL,
    large_cents bigint NOT NULL,
    large_bp integer NOT NULL,
    most_cents bigint NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT dunning_costs_agreed CHECK (((placed_from IS NOT NULL) = (clause <> ''::text))),
    CONSTRAINT dunning_costs_within_law CHECK ((((small_cents >= 0) AND (small_cents <= 2000)) AND ((middle_cents >= 0) AND (middle_cents <= 3000)) AND ((middle_bp >= 0) AND (middle_bp <= 1000)) AND ((large_cents >= 0) AND (large_cents <= 6500)) AND ((large_bp >= 0) AND (large_bp <= 500)) AND ((most_cents >= 0) AND (most_cents <= 200000))))
);

COMMENT ON TABLE dunning_costs IS 'owner: shop/dunning. What may be asked of late payers, every version; the newest counts, and none at all is nothing. placed_from NULL = nothing is asked. The caps are art. XIX.4 WER; clause = where the terms say it, which the law asks.';

ALTER TABLE dunning_costs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dunning_costs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dunning_step (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    stage text NOT NULL,
    due_on date NOT NULL,
    open_cents bigint NOT NULL,
    outcome text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    until date,
    at timestamp with time zone NOT NULL,
    channel text DEFAULT 'mail'::text NOT NULL,
    mail_id bigint,
    nth integer DEFAULT 1 NOT NULL,
    costs_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT dunning_step_channel_known CHECK ((channel = ANY (ARRAY['mail'::text, 'post'::text]))),
    CONSTRAINT dunning_step_outcome_known CHECK ((outcome = ANY (ARRAY['sent'::text, 'skipped'::text, 'to_post'::text]))),
    CONSTRAINT dunning_step_reasoned CHECK (((outcome = 'skipped'::text) = (reason <> ''::text))),
    CONSTRAINT dunning_step_stage_known CHECK ((stage = ANY (ARRAY['notice'::text, 'reminder'::text, 'second'::text]))),
    CONSTRAINT dunning_step_term CHECK (((until IS NOT NULL) = ((stage <> 'notice'::text) AND (outcome = 'sent'::text))))
);

COMMENT ON TABLE dunning_step IS 'owner: shop/dunning. A reminder about what an order owes on one day: sent, waiting to be printed (to_post), or left out, once per reason. until = the last day of the family''s term. nth counts what was sent by one channel: a mail that came back is sent again to the new address. costs_cents = what it announced that may be asked once its term is over.';

CREATE TABLE mail_bounce_event (
    id bigint NOT NULL,
    address text NOT NULL,
    kind text NOT NULL,
    code integer DEFAULT 0 NOT NULL,
    why text NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT mail_bounce_event_kind_known CHECK ((kind = ANY (ARRAY['bounced'::text, 'reachable'::text]))),
    CONSTRAINT mail_bounce_event_lower CHECK (((address = lower(address)) AND (address <> ''::text)))
);

COMMENT ON TABLE mail_bounce_event IS 'owner: shop/mail. History of an address: when no mail reached it, when it was good again, who said so and why. staff_id NULL = the mail server.';

CREATE VIEW dunning_delivered AS
 SELECT s.order_id,
    s.stage,
    s.due_on,
    s.channel,
    s.until,
    s.costs_cents,
    s.at
   FROM dunning_step s
  WHERE ((s.outcome = 'sent'::text) AND (NOT ((s.channel = 'mail'::text) AND (s.stage <> 'notice'::text) AND (EXISTS ( SELECT 1
           FROM mail m
          WHERE ((m.id = s.mail_id) AND ((m.dead_at IS NOT NULL) OR (EXISTS ( SELECT 1
                   FROM mail_bounce_event b
                  WHERE ((b.address = lower(m.to_address)) AND (b.kind = 'bounced'::text) AND (b.at >= s.at) AND ((b.at)::date <= s.until)))))))))));

COMMENT ON VIEW dunning_delivered IS 'reader: shop/dunning. Steps that reached the family as far as the shop knows: the mail was not given up, and its address did not come back while the term ran.';

CREATE TABLE dunning_letter (
    batch_id bigint NOT NULL,
    order_id bigint NOT NULL,
    stage text NOT NULL,
    due_on date NOT NULL,
    open_cents bigint NOT NULL,
    costs_cents bigint NOT NULL,
    until date NOT NULL
);

COMMENT ON TABLE dunning_letter IS 'owner: shop/dunning. The letters of a batch, and the term that each names.';

CREATE TABLE dunning_pause (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    until date NOT NULL,
    reason text NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT dunning_pause_reasoned CHECK ((reason <> ''::text))
);

COMMENT ON TABLE dunning_pause IS 'owner: shop/booking. An agreement with a family: no reminders up to that day. The newest counts; one that ends today ends the pause.';

ALTER TABLE dunning_pause ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dunning_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE dunning_step ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dunning_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE entry (
    id bigint NOT NULL,
    event text NOT NULL,
    source_system text NOT NULL,
    source_id text NOT NULL,
    booked_on date NOT NULL,
    order_id bigint,
    reason text DEFAULT ''::text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    happened_on date
);

COMMENT ON TABLE entry IS 'owner: payments/ledger. A journal entry per business event; corrected by a further entry with a reason.';

COMMENT ON COLUMN entry.happened_on IS 'the day of the event where its month was closed before it was booked; NULL = booked_on';

ALTER TABLE entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE epc_setting (
    id bigint NOT NULL,
    version text NOT NULL,
    as_text boolean NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT epc_setting_version_known CHECK ((version = ANY (ARRAY['001'::text, '002'::text])))
);

COMMENT ON TABLE epc_setting IS 'owner: payments/invoice. How the QR code of a payment is written, every version: a document keeps that of the day on which it was made. None = 002, the reference in the structured line.';

ALTER TABLE epc_setting ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME epc_setting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE evidence_file (
    id bigint NOT NULL,
    booking_id bigint NOT NULL,
    data_key bytea NOT NULL,
    sealed bytea NOT NULL,
    type text NOT NULL,
    bytes integer NOT NULL,
    sha256 bytea NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    uploaded_by text NOT NULL,
    CONSTRAINT evidence_file_type_known CHECK ((type = ANY (ARRAY['image/jpeg'::text, 'application/pdf'::text])))
);

COMMENT ON TABLE evidence_file IS 'owner: shop/evidence. A photo (drawn anew) or PDF that shows the right to a price, sealed with a data key of its own for exactly this row (evidence:id:file). Wiped some time after the decision.';

ALTER TABLE evidence_file ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME evidence_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE extra (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    name_nl text NOT NULL,
    name_en text NOT NULL,
    price_cents bigint NOT NULL,
    stock integer,
    choices text[] DEFAULT '{}'::text[] NOT NULL,
    refund_days integer,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    stopped_at timestamp with time zone,
    as_price boolean DEFAULT false NOT NULL,
    CONSTRAINT extra_one_refund_rule CHECK (((NOT as_price) OR (refund_days IS NULL))),
    CONSTRAINT extra_price_not_negative CHECK ((price_cents >= 0)),
    CONSTRAINT extra_refund_days_not_negative CHECK ((refund_days >= 0)),
    CONSTRAINT extra_stock_not_negative CHECK ((stock >= 0))
);

COMMENT ON TABLE extra IS 'owner: shop/extra. What a participant may take on top of a departure. stock NULL = as many as asked; choices = sizes and the like; refund_days = paid back until so many days before departure, NULL = never.';

COMMENT ON COLUMN extra.as_price IS 'paid back as the price is: the cancellation scale of the terms says which part stays';

ALTER TABLE extra ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME extra_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE family_request ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME family_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fiche (
    id bigint NOT NULL,
    participant_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    opened_by bigint NOT NULL,
    questionnaire integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    signed_at timestamp with time zone,
    signed_by bigint,
    wiped_at timestamp with time zone,
    wiped_because text,
    keep_until date,
    CONSTRAINT fiche_signed_whole CHECK (((signed_at IS NULL) = (signed_by IS NULL))),
    CONSTRAINT fiche_wiped_because_known CHECK ((wiped_because = ANY (ARRAY['not_booked'::text, 'retention'::text, 'erasure'::text, 'restored'::text]))),
    CONSTRAINT fiche_wiped_whole CHECK (((wiped_at IS NULL) = (wiped_because IS NULL)))
);

COMMENT ON TABLE fiche IS 'owner: medical. A child''s medical sheet for one departure. Wiped = its key and its answers are gone, this row says so.';

COMMENT ON COLUMN fiche.keep_until IS 'with the guardian''s consent, at most twelve months after signing, so that next year''s fiche is filled in faster; NULL = wiped soon after the camp';

CREATE TABLE fiche_access (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL,
    participant_id bigint,
    departure_id bigint,
    fiche_id bigint,
    topics text[] NOT NULL,
    purpose text NOT NULL,
    request text NOT NULL,
    ip text NOT NULL,
    device text NOT NULL,
    prev bytea NOT NULL,
    mac bytea NOT NULL,
    CONSTRAINT fiche_access_action_known CHECK ((action = ANY (ARRAY['view'::text, 'list'::text, 'print'::text, 'export'::text, 'decide'::text, 'save'::text, 'sign'::text, 'move'::text, 'wipe'::text, 'override'::text, 'kitchen'::text, 'offline'::text, 'record'::text, 'log'::text]))),
    CONSTRAINT fiche_access_outcome_known CHECK ((outcome = ANY (ARRAY['allowed'::text, 'refused'::text, 'unreadable'::text]))),
    CONSTRAINT fiche_access_seq_positive CHECK ((seq > 0))
);

COMMENT ON TABLE fiche_access IS 'owner: medical. Who wanted to see which fiche, written before anything is shown. actor is guardian:ID, staff:ID or system; participant_id NULL = the whole camp''s list. Never an answer.';

CREATE TABLE fiche_alert (
    id bigint NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    staff_id bigint,
    departure_id bigint,
    figure integer NOT NULL,
    at timestamp with time zone NOT NULL,
    handled_at timestamp with time zone,
    handled_by bigint,
    note_id bigint,
    CONSTRAINT fiche_alert_handled_whole CHECK (((handled_at IS NULL) = (handled_by IS NULL))),
    CONSTRAINT fiche_alert_kind_known CHECK ((kind = ANY (ARRAY['many'::text, 'night'::text, 'outside'::text, 'refused'::text, 'prints'::text, 'chain'::text]))),
    CONSTRAINT fiche_alert_two_people CHECK ((handled_by <> staff_id))
);

COMMENT ON TABLE fiche_alert IS 'owner: medical. Fiches were read in an unusual way (who, how many), or the access log was tampered with. key says what it is about, so that the same is told once.';

ALTER TABLE fiche_alert ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW fiche_assignment AS
 SELECT assignment.staff_id,
    assignment.departure_id,
    assignment.lead
   FROM assignment
  WHERE (assignment.removed_at IS NULL);

COMMENT ON VIEW fiche_assignment IS 'reader: medical. Whose camp it is now.';

CREATE VIEW fiche_booking AS
 SELECT booking.id AS booking_id,
    booking.participant_id,
    booking.departure_id,
    booking.status AS booking_status
   FROM booking;

COMMENT ON VIEW fiche_booking IS 'reader: medical. Which child goes on which camp, and whether still.';

CREATE TABLE fiche_bundle (
    id bigint NOT NULL,
    staff_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE fiche_bundle IS 'owner: medical. One time that a phone took the fiches of a camp along. sealed is the private key that opens its reports, sealed for exactly this row (fiche_bundle:id:sealed).';

ALTER TABLE fiche_bundle ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_bundle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE target_group (
    id bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    name text NOT NULL,
    questions text[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT target_group_named CHECK (((name <> ''::text) AND (name = btrim(name))))
);

COMMENT ON TABLE target_group IS 'owner: shop/catalogue. Whom a holiday is for, in the words that parents read, and which extra questions of the fiche its children get (ids of the questionnaire); questions NULL = all of them.';

CREATE VIEW fiche_departure AS
 SELECT d.id AS departure_id,
    d.status AS departure_status,
    d.starts_on,
    d.ends_on,
    h.inclusive,
    (h.country <> 'BE'::bpchar) AS abroad,
    ((h.trip = 'flight'::text) OR (EXISTS ( SELECT 1
           FROM boarding_place bp
          WHERE (bp.departure_id = d.id)))) AS carried,
    ( SELECT g.questions
           FROM target_group g
          WHERE (g.name = h.target_group)) AS extra
   FROM (departure d
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW fiche_departure IS 'reader: medical. When a camp is, and the facts about it that the questionnaire asks by.';

CREATE VIEW fiche_guardian AS
 SELECT guardianship.guardian_id,
    guardianship.participant_id,
    guardianship.sees_fiche
   FROM guardianship;

COMMENT ON VIEW fiche_guardian IS 'reader: medical. Which adult acts for which child and may read the fiche.';

CREATE TABLE fiche_hold (
    id bigint NOT NULL,
    fiche_id bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    placed_by bigint NOT NULL,
    reference text NOT NULL,
    released_at timestamp with time zone,
    released_by bigint,
    placed_note_id bigint,
    released_note_id bigint,
    CONSTRAINT fiche_hold_reference_given CHECK ((reference <> ''::text))
);

COMMENT ON TABLE fiche_hold IS 'owner: medical. A file (incident, insurance, complaint) that needs the fiche: it is not wiped before the hold is released. reference is the file''s number, never a word about health.';

COMMENT ON COLUMN fiche_hold.released_note_id IS 'why the file was closed, sealed';

ALTER TABLE fiche_hold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE fiche ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fiche_key (
    fiche_id bigint NOT NULL,
    keyset_key bigint NOT NULL,
    wrapped bytea NOT NULL,
    wrapped_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE fiche_key IS 'owner: medical. The data key of each fiche, wrapped by the keyset key of that id, which is outside the database. Deleting the row shreds the fiche.';

CREATE TABLE fiche_note (
    id bigint NOT NULL,
    fiche_id bigint,
    sealed bytea,
    written_by bigint NOT NULL,
    written_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE fiche_note IS 'owner: medical. What staff typed about an emergency, an alert or a file, sealed for exactly this row (fiche_note:id:sealed). fiche_id NULL = about no fiche; sealed NULL = gone with its fiche.';

ALTER TABLE fiche_note ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fiche_override (
    id bigint NOT NULL,
    staff_id bigint NOT NULL,
    role text NOT NULL,
    booking_id bigint NOT NULL,
    participant_id bigint NOT NULL,
    departure_id bigint NOT NULL,
    reason_id bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    reviewed_at timestamp with time zone,
    reviewed_by bigint,
    justified boolean,
    review_note_id bigint,
    CONSTRAINT fiche_override_ends CHECK ((ends_at > opened_at)),
    CONSTRAINT fiche_override_reviewed_whole CHECK ((((reviewed_at IS NULL) = (reviewed_by IS NULL)) AND ((reviewed_at IS NULL) = (justified IS NULL)))),
    CONSTRAINT fiche_override_role_known CHECK ((role = ANY (ARRAY['animator'::text, 'lead'::text, 'office'::text]))),
    CONSTRAINT fiche_override_two_people CHECK ((reviewed_by <> staff_id))
);

COMMENT ON TABLE fiche_override IS 'owner: medical. One fiche that was opened in an emergency without the place or the days that the rule asks, by whom, until when, and what a colleague thinks of it.';

ALTER TABLE fiche_override ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_override_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW fiche_participant AS
 SELECT participant.id AS participant_id,
    participant.born_on
   FROM participant;

COMMENT ON VIEW fiche_participant IS 'reader: medical. How old a child is.';

CREATE TABLE fiche_promise (
    staff_id bigint NOT NULL,
    year integer NOT NULL,
    version integer NOT NULL,
    promised_at timestamp with time zone NOT NULL,
    ip text NOT NULL,
    device text NOT NULL
);

COMMENT ON TABLE fiche_promise IS 'owner: medical. Somebody promised not to tell what they read in fiches: once for the camps of each year, before the first one opens. version is the text that was shown.';

CREATE TABLE fiche_record (
    id bigint NOT NULL,
    fiche_id bigint NOT NULL,
    client_id uuid NOT NULL,
    sealed bytea NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    staff_id bigint NOT NULL
);

COMMENT ON TABLE fiche_record IS 'owner: medical. What was given to a child, and first aid, at camp: rows are only added, a correction is a row of its own. client_id is made by the phone, so that a report that is sent twice is kept once.';

ALTER TABLE fiche_record ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_record_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fiche_section (
    fiche_id bigint NOT NULL,
    section text NOT NULL,
    revision integer NOT NULL,
    sealed bytea NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    saved_by text NOT NULL
);

COMMENT ON TABLE fiche_section IS 'owner: medical. The answers to one topic of the questionnaire, or the agreements of the care team, sealed for exactly this row (fiche_section:fiche_id:section). saved_by is guardian:ID or staff:ID.';

CREATE TABLE fiche_setting (
    id bigint NOT NULL,
    name text NOT NULL,
    value integer NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by bigint NOT NULL
);

COMMENT ON TABLE fiche_setting IS 'owner: medical. How long fiches are kept and what reading is unusual, as the organiser set it: the newest row of a name counts, none = the default of the program.';

ALTER TABLE fiche_setting ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_setting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW fiche_staff AS
 SELECT s.id AS staff_id,
    s.name,
    r.role
   FROM (staff s
     JOIN staff_role r ON ((r.staff_id = s.id)))
  WHERE s.active;

COMMENT ON VIEW fiche_staff IS 'reader: medical. The roles of staff who still work here.';

CREATE VIEW fiche_staff_name AS
 SELECT staff.id AS staff_id,
    staff.name
   FROM staff;

COMMENT ON VIEW fiche_staff_name IS 'reader: medical. Names for the page on which a parent sees who looked, also of staff who left.';

CREATE TABLE fiche_summary (
    fiche_id bigint NOT NULL,
    sealed bytea NOT NULL
);

COMMENT ON TABLE fiche_summary IS 'owner: medical. What a list shows of a fiche (marks, care), sealed for exactly this row (fiche_summary:fiche_id:sealed), with a hash over the sealed topics that it stands for. Missing or not fitting = the topics are read themselves.';

CREATE VIEW fiche_taken_off AS
 SELECT DISTINCT a.staff_id,
    a.departure_id
   FROM assignment a
  WHERE ((a.removed_at IS NOT NULL) AND (NOT (EXISTS ( SELECT 1
           FROM assignment n
          WHERE ((n.staff_id = a.staff_id) AND (n.departure_id = a.departure_id) AND (n.removed_at IS NULL))))));

COMMENT ON VIEW fiche_taken_off IS 'reader: medical. Who had a place at a camp and has none any more.';

CREATE TABLE fiche_tombstone (
    fiche_id bigint NOT NULL,
    wiped_at timestamp with time zone NOT NULL,
    because text NOT NULL
);

COMMENT ON TABLE fiche_tombstone IS 'owner: medical. Fiches that must stay wiped: applied again after a backup is restored, so no reference to fiche.';

CREATE TABLE fiche_upload (
    id bigint NOT NULL,
    fiche_id bigint NOT NULL,
    sealed bytea NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    uploaded_by text NOT NULL
);

COMMENT ON TABLE fiche_upload IS 'owner: medical. A photo or document of a fiche, re-encoded and sealed for exactly this row (fiche_upload:id:file).';

ALTER TABLE fiche_upload ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_upload_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fiche_verified (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    lines bigint NOT NULL,
    mac bytea,
    broken integer NOT NULL,
    first_broken bigint,
    CONSTRAINT fiche_verified_first CHECK (((broken = 0) = (first_broken IS NULL)))
);

COMMENT ON TABLE fiche_verified IS 'owner: medical. Each time that the whole access log was read for signs of tampering: how many lines, the signature of the last one (the next time starts from it), what was found.';

ALTER TABLE fiche_verified ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fiche_verified_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW fiche_wanted AS
 SELECT booking.participant_id,
    booking.departure_id
   FROM booking
  WHERE (booking.status <> 'cancelled'::text)
UNION
 SELECT cc.participant_id,
    cc.departure_id
   FROM (checkout_child cc
     JOIN checkout c ON ((c.id = cc.checkout_id)))
  WHERE ((c.status = 'open'::text) AND (cc.participant_id IS NOT NULL) AND (cc.care IS NOT NULL));

COMMENT ON VIEW fiche_wanted IS 'reader: medical. Children whose fiche is needed: booked, or in an open basket with the care question answered.';

CREATE TABLE goodwill (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    computed_cents bigint NOT NULL,
    granted_cents bigint NOT NULL,
    reason text NOT NULL,
    asked_by bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    CONSTRAINT goodwill_granted_positive CHECK (((granted_cents > 0) AND (granted_cents <= computed_cents))),
    CONSTRAINT goodwill_reasoned CHECK ((reason <> ''::text))
);

COMMENT ON TABLE goodwill IS 'owner: shop/booking. What the terms ask of a booking (computed) and what of it the office gives back (granted), and why.';

CREATE TABLE goodwill_decision (
    goodwill_id bigint NOT NULL,
    approved boolean NOT NULL,
    decided_by bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE goodwill_decision IS 'owner: shop/booking. Who let goodwill through or not. Above the limit somebody else than who asked; no row yet = waiting.';

ALTER TABLE goodwill ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME goodwill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE guardian ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME guardian_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE guardian_invitation (
    id bigint NOT NULL,
    token_hash bytea NOT NULL,
    email text NOT NULL,
    invited_by bigint NOT NULL,
    sees_fiche boolean NOT NULL,
    pays boolean NOT NULL,
    changes boolean NOT NULL,
    manages boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT guardian_invitation_email_lower CHECK ((email = lower(email))),
    CONSTRAINT guardian_invitation_one_end CHECK (((used_at IS NULL) OR (revoked_at IS NULL)))
);

COMMENT ON TABLE guardian_invitation IS 'owner: shop/account. A link by mail with which another adult becomes a guardian. Only its SHA-256 is kept, and it works only for who signs in with that address.';

CREATE TABLE guardian_invitation_child (
    invitation_id bigint NOT NULL,
    participant_id bigint NOT NULL
);

COMMENT ON TABLE guardian_invitation_child IS 'owner: shop/account. For which children an invitation is.';

ALTER TABLE guardian_invitation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME guardian_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE guardianship_event (
    id bigint NOT NULL,
    participant_id bigint NOT NULL,
    kind text NOT NULL,
    guardian_id bigint,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT guardianship_event_kind_known CHECK ((kind = ANY (ARRAY['added'::text, 'corrected'::text, 'invited'::text, 'accepted'::text, 'rights'::text, 'removed'::text, 'left'::text])))
);

COMMENT ON TABLE guardianship_event IS 'owner: shop/account. Who came to act for a child, or stopped, and who did that. Never an address. actor is guardian:ID, staff:ID or system.';

ALTER TABLE guardianship_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME guardianship_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE holiday ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holiday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE holiday_photo (
    id bigint NOT NULL,
    holiday_id bigint NOT NULL,
    "position" integer NOT NULL,
    hash text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    alt_nl text NOT NULL,
    alt_en text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT holiday_photo_alt_given CHECK (((alt_nl <> ''::text) AND (alt_en <> ''::text)))
);

COMMENT ON TABLE holiday_photo IS 'owner: shop/catalogue. Photos of a holiday; the first position is the cover. hash names its pixels and is in its address.';

ALTER TABLE holiday_photo ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holiday_photo_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE holiday_photo_size (
    photo_id bigint NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    jpeg bytea NOT NULL
);
ALTER TABLE ONLY holiday_photo_size ALTER COLUMN jpeg SET STORAGE EXTERNAL;

COMMENT ON TABLE holiday_photo_size IS 'owner: shop/catalogue. A photo drawn anew in one width, without EXIF. In the database because several processes serve it.';

CREATE VIEW info_departure AS
 SELECT d.id AS departure_id,
    h.id AS holiday_id,
    h.code,
    h.title,
    d.starts_on,
    d.ends_on,
    (( SELECT count(*) AS count
           FROM booking b
          WHERE ((b.departure_id = d.id) AND (b.status = 'placed'::text))))::integer AS going
   FROM (departure d
     JOIN holiday h ON ((h.id = d.holiday_id)))
  WHERE (d.status <> 'cancelled'::text);

COMMENT ON VIEW info_departure IS 'reader: shop/circular. A departure that needs an info letter once somebody goes.';

CREATE TABLE info_letter (
    departure_id bigint NOT NULL,
    subject_nl text NOT NULL,
    body_nl text NOT NULL,
    subject_en text NOT NULL,
    body_en text NOT NULL,
    file_id bigint,
    staff_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    ready_by bigint,
    CONSTRAINT info_letter_ready_by_somebody CHECK (((ready_at IS NULL) = (ready_by IS NULL)))
);

COMMENT ON TABLE info_letter IS 'owner: shop/circular. The info letter of a departure: a draft until a colleague says that it is ready, then a job sends it when its day comes.';

CREATE TABLE info_letter_sent (
    departure_id bigint NOT NULL,
    order_id bigint NOT NULL,
    mail_id bigint,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE info_letter_sent IS 'owner: shop/circular. Which family got the info letter, once: written in the transaction that enqueues the mail.';

ALTER TABLE instalment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME instalment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE invoice_correction (
    invoice_id bigint NOT NULL,
    corrected_id bigint NOT NULL,
    CONSTRAINT invoice_correction_earlier CHECK ((corrected_id < invoice_id))
);

COMMENT ON TABLE invoice_correction IS 'owner: payments/invoice. Which invoices a credit note takes parts back of. A credit note without one is named with every earlier invoice of its bookings.';

ALTER TABLE invoice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE invoice_line (
    invoice_id bigint NOT NULL,
    "position" integer NOT NULL,
    booking_id bigint NOT NULL,
    instalment_id bigint,
    kind text NOT NULL,
    description text NOT NULL,
    amount_cents bigint NOT NULL,
    about text DEFAULT ''::text NOT NULL,
    CONSTRAINT invoice_line_about_known CHECK ((about = ANY (ARRAY[''::text, 'cancellation_fee'::text, 'rebooking_fee'::text, 'premium'::text, 'costs'::text, 'late_costs'::text, 'price_rise'::text, 'fee'::text, 'goodwill'::text])))
);

COMMENT ON TABLE invoice_line IS 'owner: payments/invoice. An invoice is paid when the instalments on its lines are.';

CREATE TABLE invoice_number (
    invoice_id bigint NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    given_at timestamp with time zone NOT NULL,
    paid_cents bigint NOT NULL,
    CONSTRAINT invoice_number_positive CHECK ((number > 0))
);

COMMENT ON TABLE invoice_number IS 'owner: payments/invoice. The number of an invoice, given once.';

COMMENT ON COLUMN invoice_number.paid_cents IS 'what was paid of it at that moment (money kept for a fee, a balance that was paid early): printed on it, so that nobody pays it twice';

CREATE TABLE invoice_series (
    series text NOT NULL,
    year integer NOT NULL,
    last integer DEFAULT 0 NOT NULL
);

COMMENT ON TABLE invoice_series IS 'owner: payments/invoice. The last number given per series and year; locked while numbers are given, so they have no gaps.';

CREATE VIEW invoice_state AS
 SELECT i.id,
    i.order_id,
    i.kind,
    i.issued_on,
    i.due_on,
    i.total_cents,
    i.payer_name,
    i.payer_street,
    i.payer_postal_code,
    i.payer_city,
    i.payer_country,
    i.lang,
    i.created_at,
    o.reference,
    o.structured_comm,
    COALESCE(n.series, ''::text) AS series,
    COALESCE(n.year, 0) AS year,
    COALESCE(n.number, 0) AS number,
    n.given_at,
    COALESCE(n.paid_cents, (0)::bigint) AS paid_at_issue_cents,
    COALESCE(p.asked_cents, (0)::numeric) AS asked_cents,
    COALESCE(p.paid_cents, (0)::numeric) AS paid_cents,
    p.next_due_on,
    i.payer_email,
    i.payer_enterprise,
    i.payer_reference
   FROM (((invoice i
     JOIN booking_order o ON ((o.id = i.order_id)))
     LEFT JOIN invoice_number n ON ((n.invoice_id = i.id)))
     LEFT JOIN LATERAL ( SELECT sum(part.amount_cents) AS asked_cents,
            sum(part.paid_cents) AS paid_cents,
            min(part.due_on) FILTER (WHERE (part.paid_cents < (part.amount_cents)::numeric)) AS next_due_on
           FROM ( SELECT t.due_on,
                    t.amount_cents,
                    ( SELECT COALESCE(sum(a.amount_cents), (0)::numeric) AS "coalesce"
                           FROM allocation a
                          WHERE (a.instalment_id = t.id)) AS paid_cents
                   FROM instalment t
                  WHERE ((t.void_at IS NULL) AND (t.id IN ( SELECT l.instalment_id
                           FROM invoice_line l
                          WHERE (l.invoice_id = i.id))))) part) p ON (true));

COMMENT ON VIEW invoice_state IS 'owner: payments/invoice. A document with its number, its order and what is paid of it.';

CREATE TABLE invoice_waiting (
    invoice_id bigint NOT NULL
);

COMMENT ON TABLE invoice_waiting IS 'owner: payments/invoice. Documents that have no number yet: a row is added with the document and removed with its number, so that numbering never searches.';

CREATE TABLE job (
    id bigint NOT NULL,
    kind text NOT NULL,
    args jsonb NOT NULL,
    unique_key text,
    state text DEFAULT 'waiting'::text NOT NULL,
    run_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    max_attempts smallint NOT NULL,
    leased_until timestamp with time zone,
    leased_by text,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT job_attempts_in_range CHECK ((((attempts >= 0) AND (attempts <= max_attempts)) AND (max_attempts > 0))),
    CONSTRAINT job_ended_when_over CHECK (((state = ANY (ARRAY['done'::text, 'dead'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT job_kind_named CHECK ((kind <> ''::text)),
    CONSTRAINT job_running_is_leased CHECK (((state = 'running'::text) = ((leased_until IS NOT NULL) AND (leased_by IS NOT NULL)))),
    CONSTRAINT job_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'dead'::text])))
);

COMMENT ON TABLE job IS 'owner: shop/queue. Background work; dead jobs stay until a person decides.';

COMMENT ON COLUMN job.args IS 'ids only, never names or answers: jobs are read by operators and kept after they ran';

COMMENT ON COLUMN job.unique_key IS 'at most one job of a kind has this key, whatever its state; null = any number';

COMMENT ON COLUMN job.state IS 'waiting (also between attempts), running under a lease, done, dead (gave up after max_attempts)';

COMMENT ON COLUMN job.run_at IS 'not before this time on the shop''s clock, which tests and demos move; -infinity = at once';

COMMENT ON COLUMN job.leased_until IS 'on the database''s clock, as created_at and ended_at are';

COMMENT ON COLUMN job.last_error IS 'why the latest attempt failed, for operators; errors carry no personal data';

ALTER TABLE job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE known_browser (
    token_hash bytea NOT NULL,
    guardian_id bigint,
    staff_id bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT known_browser_one_subject CHECK ((num_nonnulls(guardian_id, staff_id) = 1))
);

COMMENT ON TABLE known_browser IS 'owner: shop/account. A browser in which somebody signed in: its tries are counted apart from strangers''. It signs nobody in.';

CREATE TABLE list_file (
    id bigint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    staff_id bigint NOT NULL,
    purpose text NOT NULL,
    departure_id bigint,
    rows integer NOT NULL,
    CONSTRAINT list_file_purpose_known CHECK ((purpose = ANY (ARRAY['bus'::text, 'begeleiding'::text, 'betaling'::text, 'adressen'::text, 'gezinnen'::text]))),
    CONSTRAINT list_file_rows_counted CHECK ((rows >= 0))
);

COMMENT ON TABLE list_file IS 'owner: shop/roster. Who took a list along as a file: gezinnen for the list of families, else what the list of bookings was for. departure_id is that of a list of one departure, no key: a departure that nobody booked may be removed.';

COMMENT ON COLUMN list_file.rows IS 'Lines of the file, without its head.';

ALTER TABLE list_file ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME list_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mail_attachment (
    mail_id bigint NOT NULL,
    "position" integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    content_id text DEFAULT ''::text NOT NULL,
    content bytea,
    invoice_id bigint,
    file_id bigint,
    CONSTRAINT mail_attachment_one_line CHECK ((concat(name, media_type, content_id) !~ '[\x01-\x1f\x7f]'::text)),
    CONSTRAINT mail_attachment_one_source CHECK ((num_nonnulls(content, invoice_id, file_id) = 1))
);

COMMENT ON TABLE mail_attachment IS 'owner: shop/mail. Files of a message: kept here (content) or made when it leaves (invoice_id). content_id names a picture that the HTML shows as cid:...';

ALTER TABLE mail_bounce_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME mail_bounce_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE mail_file ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME mail_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW mail_forgotten_order AS
 SELECT o.id AS order_id
   FROM (booking_order o
     JOIN guardian g ON ((g.id = o.guardian_id)))
  WHERE (g.email ~~ 'gewist-%@example.invalid'::text);

COMMENT ON VIEW mail_forgotten_order IS 'reader: shop/mail. The orders of families that were forgotten.';

ALTER TABLE mail ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mail_template (
    id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT mail_template_named CHECK ((name <> ''::text))
);

COMMENT ON TABLE mail_template IS 'owner: shop/circular. A letter of the office that is used again; its words are in mail_template_version.';

CREATE VIEW mail_letter AS
 SELECT r.mail_id,
    r.order_id,
    c.id AS circular_id,
    COALESCE(t.name, ''::text) AS name,
    COALESCE(c.version, 0) AS version
   FROM ((circular_recipient r
     JOIN circular c ON ((c.id = r.circular_id)))
     LEFT JOIN mail_template t ON ((t.id = c.template_id)))
  WHERE (r.mail_id IS NOT NULL);

COMMENT ON VIEW mail_letter IS 'reader: shop/mail. Which letter of the office a mail was, and which version of it where it is kept under a name.';

CREATE VIEW mail_phone AS
 SELECT m.id AS mail_id,
    o.id AS order_id,
    o.payer_phone,
    o.payer_name,
    (EXISTS ( SELECT 1
           FROM (mail_bounce b
             JOIN guardian g ON ((g.email = b.address)))
          WHERE (b.address = lower(m.to_address)))) AS bounced
   FROM (mail m
     JOIN booking_order o ON ((o.id = m.order_id)))
  WHERE (m.dead_at IS NOT NULL);

COMMENT ON VIEW mail_phone IS 'reader: shop/mail. Whom to call about a mail that was given up; bounced = the worklist asks for another address already.';

ALTER TABLE mail_template ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME mail_template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mail_template_version (
    template_id bigint NOT NULL,
    version integer NOT NULL,
    subject_nl text NOT NULL,
    body_nl text NOT NULL,
    subject_en text DEFAULT ''::text NOT NULL,
    body_en text DEFAULT ''::text NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE mail_template_version IS 'owner: shop/circular. The words of a letter, each change a version; no English words = English readers get the Dutch ones.';

CREATE TABLE movement_match (
    id bigint NOT NULL,
    movement_id bigint NOT NULL,
    target text NOT NULL,
    order_id bigint,
    payment_id bigint,
    refund_id bigint,
    account text,
    payout_id text,
    amount_cents bigint NOT NULL,
    how text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    undoes_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT movement_match_by_hand_by_somebody CHECK (((how <> 'hand'::text) OR (staff_id IS NOT NULL))),
    CONSTRAINT movement_match_how_known CHECK ((how = ANY (ARRAY['structured'::text, 'text'::text, 'order_number'::text, 'end_to_end'::text, 'payout'::text, 'costs'::text, 'hand'::text]))),
    CONSTRAINT movement_match_not_zero CHECK ((amount_cents <> 0)),
    CONSTRAINT movement_match_payout_named CHECK (((how = 'payout'::text) = (payout_id IS NOT NULL))),
    CONSTRAINT movement_match_target_given CHECK (
CASE target
    WHEN 'order'::text THEN (num_nonnulls(order_id, payment_id) = 2)
    WHEN 'refund'::text THEN (refund_id IS NOT NULL)
    ELSE (account IS NOT NULL)
END),
    CONSTRAINT movement_match_target_known CHECK ((target = ANY (ARRAY['order'::text, 'refund'::text, 'account'::text])))
);

COMMENT ON TABLE movement_match IS 'owner: payments/reconcile. What part of a movement was for; undone by a row of the opposite amount. Movement less matches = on suspense (499).';

ALTER TABLE movement_match ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME movement_match_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE order_credit (
    order_id bigint NOT NULL,
    credit_cents bigint NOT NULL,
    CONSTRAINT order_credit_positive CHECK ((credit_cents > 0))
);

COMMENT ON TABLE order_credit IS 'owner: payments. An index in the shape of a table: money of orders that pays for nothing. Written by triggers only.';

ALTER TABLE order_note ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME order_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE order_note_pin ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME order_note_pin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW order_open AS
 SELECT o.id AS order_id,
    o.structured_comm,
    o.reference,
    o.guardian_id,
    o.payer_name,
    o.placed_at,
    (( SELECT COALESCE(sum(i.amount_cents), (0)::numeric) AS "coalesce"
           FROM instalment i
          WHERE ((i.order_id = o.id) AND (i.void_at IS NULL))) - ( SELECT COALESCE(sum(a.amount_cents), (0)::numeric) AS "coalesce"
           FROM allocation a
          WHERE (a.order_id = o.id))) AS open_cents,
    ( SELECT COALESCE(array_agg(DISTINCT ((p.first_name || ' '::text) || p.last_name)), '{}'::text[]) AS "coalesce"
           FROM (booking b
             JOIN participant p ON ((p.id = b.participant_id)))
          WHERE (b.order_id = o.id)) AS children,
    ( SELECT COALESCE(array_agg(d.open_cents ORDER BY d.due_on), '{}'::bigint[]) AS "coalesce"
           FROM ( SELECT i.due_on,
                    (sum(((i.amount_cents)::numeric - COALESCE(( SELECT sum(a.amount_cents) AS sum
                           FROM allocation a
                          WHERE (a.instalment_id = i.id)), (0)::numeric))))::bigint AS open_cents
                   FROM instalment i
                  WHERE ((i.order_id = o.id) AND (i.void_at IS NULL))
                  GROUP BY i.due_on) d
          WHERE (d.open_cents > 0)) AS due_cents
   FROM booking_order o;

COMMENT ON VIEW order_open IS 'read by: payments/reconcile. What an order still has to pay and for whom; joins tables of shop/booking, shop/account and payments.';

CREATE TABLE participant_bar (
    id bigint NOT NULL,
    participant_id bigint NOT NULL,
    reason text NOT NULL,
    until_on date NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    ended_at timestamp with time zone,
    ended_by bigint,
    CONSTRAINT participant_bar_ended_whole CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
    CONSTRAINT participant_bar_reasoned CHECK ((reason <> ''::text))
);

COMMENT ON TABLE participant_bar IS 'owner: shop/booking. Until when a child may not be booked, and why: for the office only. It counts through until_on; ended_at = taken back or replaced by another.';

ALTER TABLE participant_bar ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME participant_bar_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE participant ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME participant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payer (
    id bigint NOT NULL,
    guardian_id bigint NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country character(2) NOT NULL,
    enterprise text DEFAULT ''::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    wiped_at timestamp with time zone,
    CONSTRAINT payer_complete CHECK (((wiped_at IS NOT NULL) OR ((name <> ''::text) AND (email <> ''::text) AND (street <> ''::text) AND (postal_code <> ''::text) AND (city <> ''::text)))),
    CONSTRAINT payer_enterprise_digits CHECK (((enterprise = ''::text) OR (enterprise ~ '^[0-9]{10}$'::text)))
);

COMMENT ON TABLE payer IS 'owner: shop/booking. Who else pays an order, as a family or the office wrote it. Never edited: a correction is another row. reference = what the payer wants to see on the invoice.';

COMMENT ON COLUMN payer.wiped_at IS 'name and address are gone: the family was forgotten and no order has it, or the papers of its orders need not be kept any more';

ALTER TABLE payer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payment (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    method text NOT NULL,
    amount_cents bigint NOT NULL,
    received_on date NOT NULL,
    source_system text NOT NULL,
    source_id text NOT NULL,
    payer_name text DEFAULT ''::text NOT NULL,
    payer_iban text DEFAULT ''::text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_method_known CHECK ((method = ANY (ARRAY['stripe'::text, 'transfer'::text]))),
    CONSTRAINT payment_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE payment IS 'owner: payments. Money that came in for an order. source_system + source_id (bank movement, Stripe payment intent) make the second arrival of the same money harmless.';

CREATE TABLE payment_attempt_instalment (
    attempt_id uuid NOT NULL,
    instalment_id bigint NOT NULL,
    released_at timestamp with time zone
);

COMMENT ON TABLE payment_attempt_instalment IS 'owner: payments/online. What an attempt is for. An instalment is in one running attempt at most; released_at is when that attempt ended.';

ALTER TABLE payment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payment_withdrawal (
    id bigint NOT NULL,
    payment_id bigint NOT NULL,
    order_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    reason text NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT payment_withdrawal_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE payment_withdrawal IS 'owner: payments. Money that turned out not to be for this order, or that the payer''s bank took back. Payments less withdrawals = what was received.';

ALTER TABLE payment_withdrawal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payment_withdrawal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE period_balance (
    until date NOT NULL,
    account text NOT NULL,
    debit_cents bigint NOT NULL,
    credit_cents bigint NOT NULL,
    balance_cents bigint NOT NULL
);

COMMENT ON TABLE period_balance IS 'owner: payments/books. What every account moved since the close before, and where it stood; shop fsck compares it with the journal for ever.';

CREATE TABLE period_close (
    until date NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    staff_id bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    left_open text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT period_close_ends_month CHECK ((until = (((date_trunc('month'::text, (until)::timestamp without time zone) + '1 mon'::interval) - '1 day'::interval))::date))
);

COMMENT ON TABLE period_close IS 'owner: payments/books. Months that are closed, by their last day; never opened again. left_open = what was not finished when somebody closed it all the same, and note says why.';

CREATE TABLE place (
    departure_id bigint NOT NULL,
    number integer NOT NULL,
    checkout_id bigint,
    held_until timestamp with time zone,
    booking_id bigint,
    CONSTRAINT place_held_or_sold CHECK (((booking_id IS NULL) OR (checkout_id IS NULL))),
    CONSTRAINT place_hold_whole CHECK (((checkout_id IS NULL) = (held_until IS NULL)))
)
WITH (fillfactor='70');

COMMENT ON TABLE place IS 'owner: shop/booking. One row per place. Free = no booking and no running hold. checkout_id and booking_id have no foreign key on purpose: the reference would lock the other row on the rush path; shop fsck compares them.';

CREATE TABLE policy (
    hash text NOT NULL,
    version text NOT NULL,
    document text NOT NULL,
    first_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE policy IS 'owner: shop/booking. Every version of the terms that a booking rests on, whole, so that old bookings are never repriced by new terms.';

CREATE TABLE posting (
    entry_id bigint NOT NULL,
    line integer NOT NULL,
    account text NOT NULL,
    amount_cents bigint NOT NULL,
    booking_id bigint,
    CONSTRAINT posting_not_zero CHECK ((amount_cents <> 0))
);

COMMENT ON TABLE posting IS 'owner: payments/ledger. Lines of an entry: debit positive, credit negative. A deferred constraint refuses a commit in which an entry does not add up to zero.';

CREATE TABLE price_list (
    id bigint NOT NULL,
    departure_id bigint NOT NULL,
    version integer NOT NULL,
    base_cents bigint NOT NULL,
    solidaris_cents bigint,
    vt_cents bigint,
    valid_from timestamp with time zone NOT NULL,
    CONSTRAINT price_list_base_positive CHECK ((base_cents > 0)),
    CONSTRAINT price_list_solidaris_in_base CHECK (((solidaris_cents >= 0) AND (solidaris_cents <= base_cents))),
    CONSTRAINT price_list_vt_in_base CHECK (((vt_cents >= 0) AND (vt_cents <= base_cents)))
);

COMMENT ON TABLE price_list IS 'owner: shop/catalogue. Versions of a departure''s prices; NULL = that price does not exist there. A booking keeps the version it was sold at.';

ALTER TABLE price_list ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME price_list_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE price_rise (
    id bigint NOT NULL,
    booking_id bigint NOT NULL,
    decision_id bigint NOT NULL,
    notified_on date NOT NULL,
    amount_cents bigint NOT NULL,
    CONSTRAINT price_rise_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE price_rise IS 'owner: shop/decision. The rises that a family was told of: several add up against the price at booking.';

ALTER TABLE price_rise ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME price_rise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE proof (
    booking_id bigint NOT NULL,
    category text NOT NULL,
    price_cents bigint NOT NULL,
    until date NOT NULL,
    reminders integer DEFAULT 0 NOT NULL,
    received_at timestamp with time zone,
    decided_at timestamp with time zone,
    decided_by bigint,
    reason text DEFAULT ''::text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    late_at timestamp with time zone,
    corrected_at timestamp with time zone,
    code text DEFAULT ''::text NOT NULL,
    discount_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT proof_category_known CHECK ((category = ANY (ARRAY['solidaris'::text, 'vt'::text]))),
    CONSTRAINT proof_reason_known CHECK ((reason = ANY (ARRAY[''::text, 'unreadable'::text, 'other_person'::text, 'expired'::text, 'not_member'::text, 'no_contribution'::text, 'no_allowance'::text, 'incomplete'::text, 'other'::text])))
);

COMMENT ON TABLE proof IS 'owner: shop/memberprice. The claim of a member''s price: what was claimed and at which price, until when the proof may come, and what was decided. corrected_at = since when the base price is asked instead. code = what the parent typed from the mutuality''s sticker; it says no more than the category.';

CREATE VIEW proof_kept AS
 SELECT b.id AS booking_id,
    b.status,
    b.evidence,
    b.cancelled_at,
    b.departs_on,
    r.decided_at
   FROM (booking b
     LEFT JOIN proof r ON ((r.booking_id = b.id)))
  WHERE (EXISTS ( SELECT 1
           FROM evidence_file f
          WHERE (f.booking_id = b.id)));

COMMENT ON VIEW proof_kept IS 'reader: shop/proof. Bookings of which files are kept, and what tells whether they still serve.';

CREATE VIEW proof_line AS
 SELECT b.id AS booking_id,
    b.order_id,
    p.first_name,
    p.last_name,
    h.title,
    b.departs_on,
    b.status,
    b.evidence,
    r.category,
    r.until,
    r.received_at,
    r.late_at,
    r.corrected_at,
    COALESCE(r.received_at, r.late_at, b.placed_at) AS since,
    ( SELECT count(*) AS count
           FROM evidence_file f
          WHERE (f.booking_id = b.id)) AS files
   FROM ((((booking b
     JOIN proof r ON ((r.booking_id = b.id)))
     JOIN participant p ON ((p.id = b.participant_id)))
     JOIN departure d ON ((d.id = b.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW proof_line IS 'reader: shop/proof. A claim as a list shows it.';

CREATE VIEW proof_look AS
 SELECT booking_event.booking_id,
    booking_event.actor,
    ((booking_event.detail ->> 'file'::text))::bigint AS file,
    booking_event.at
   FROM booking_event
  WHERE (booking_event.kind = 'proof_viewed'::text);

COMMENT ON VIEW proof_look IS 'reader: shop/proof. Who of the office opened which file of a proof.';

CREATE TABLE rate_limit (
    key bytea NOT NULL,
    free_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE rate_limit IS 'owner: shop/throttle. free_at is when the subject has all its tries again; the key is a hash of rule and subject.';

CREATE TABLE recovery_code (
    code_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

COMMENT ON TABLE recovery_code IS 'owner: shop/account. On paper, in place of the second factor when the phone is lost; each works once. 80 random bits, so a plain SHA-256 holds.';

CREATE TABLE refund (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    booking_id bigint,
    payment_id bigint NOT NULL,
    method text NOT NULL,
    amount_cents bigint NOT NULL,
    due_on date NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    requested_by text NOT NULL,
    again_of bigint,
    CONSTRAINT refund_method_known CHECK ((method = ANY (ARRAY['stripe'::text, 'transfer'::text]))),
    CONSTRAINT refund_positive CHECK ((amount_cents > 0))
);

COMMENT ON TABLE refund IS 'owner: payments. Money that goes back, against the payment it came in with; due within 14 days (edges.md 69).';

COMMENT ON COLUMN refund.again_of IS 'The refund that came back and that this one promises anew.';

CREATE TABLE refund_account (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    iban text NOT NULL,
    holder text NOT NULL,
    usable_from timestamp with time zone NOT NULL,
    reason text NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT refund_account_reasoned CHECK (((reason <> ''::text) AND (holder <> ''::text)))
);

COMMENT ON TABLE refund_account IS 'owner: payments/sepa. The account that an order''s refunds go to, in place of the one its payment came from; the newest row counts. usable_from leaves the family time to object.';

ALTER TABLE refund_account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME refund_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE refund_approval (
    id bigint NOT NULL,
    refund_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    account_known boolean DEFAULT false NOT NULL,
    account_id bigint,
    CONSTRAINT refund_approval_account_known CHECK ((account_known OR (account_id IS NULL)))
);

COMMENT ON TABLE refund_approval IS 'owner: payments/sepa. The second person who agreed with a refund above the limit; never the one who makes its batch. Of no account once the refund goes to another account than they saw.';

COMMENT ON COLUMN refund_approval.account_id IS 'The account they agreed with; null for the one that paid. Only where account_known: agreements of before count for the newest account that is not younger than they are.';

ALTER TABLE refund_approval ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME refund_approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE refund_batch (
    id bigint NOT NULL,
    message_id text NOT NULL,
    execute_on date NOT NULL,
    refunds integer NOT NULL,
    total_cents bigint NOT NULL,
    content bytea NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT refund_batch_positive CHECK (((refunds > 0) AND (total_cents > 0)))
);

COMMENT ON TABLE refund_batch IS 'owner: payments/sepa. A file of transfers for the bank (pain.001), byte for byte as it was made.';

ALTER TABLE refund_batch ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME refund_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE refund_batch_item (
    refund_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    iban text NOT NULL,
    holder text NOT NULL,
    amount_cents bigint NOT NULL
);

COMMENT ON TABLE refund_batch_item IS 'owner: payments/sepa. A refund in a batch, once; a refund that came back is a new one.';

ALTER TABLE refund ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME refund_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE refund_step (
    id bigint NOT NULL,
    refund_id bigint NOT NULL,
    state text NOT NULL,
    source_id text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT refund_step_known CHECK ((state = ANY (ARRAY['sent'::text, 'done'::text, 'failed'::text])))
);

COMMENT ON TABLE refund_step IS 'owner: payments. What became of a refund; no row yet = requested.';

ALTER TABLE refund_step ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME refund_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE request_file (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    sealed bytea NOT NULL
);

COMMENT ON TABLE request_file IS 'owner: shop/requests. A photo or PDF with a message, drawn anew and sealed for its message (request_file:message_id).';

ALTER TABLE request_file ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME request_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE request_message (
    id bigint NOT NULL,
    request_id bigint NOT NULL,
    actor text NOT NULL,
    body text NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE request_message IS 'owner: shop/requests. What was written both ways. It can be about a child''s health: it is in no mail unless staff put it there, and emptied on erasure.';

ALTER TABLE request_message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME request_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE request_series (
    year integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT request_series_counts CHECK ((last > 0))
);

COMMENT ON TABLE request_series IS 'owner: shop/requests. The last file number given in a year; locked while one is given.';

CREATE VIEW roster_boarding AS
 SELECT boarding_place.id AS boarding_place_id,
    boarding_place.departure_id,
    boarding_place.name,
    boarding_place.min_participants,
    boarding_place."position"
   FROM boarding_place;

COMMENT ON VIEW roster_boarding IS 'reader: shop/roster. The boarding places of a departure.';

CREATE VIEW roster_booking AS
 SELECT b.id AS booking_id,
    b.order_id,
    b.participant_id,
    b.departure_id,
    b.status,
    b.category,
    b.evidence,
    COALESCE(b.boarding_place_id, (0)::bigint) AS boarding_place_id,
    b.photo_consent,
    b.insured,
    b.departs_on,
    b.placed_at,
    p.first_name,
    p.last_name,
    lower(p.first_name) AS first_key,
    lower(p.last_name) AS last_key,
    p.born_on,
    o.reference,
    o.guardian_id,
    o.payer_name,
    o.payer_email,
    o.payer_phone,
    o.lang,
    h.code,
    h.title,
    d.ends_on,
    COALESCE(bp.name, ''::text) AS boarding_name
   FROM (((((booking b
     JOIN participant p ON ((p.id = b.participant_id)))
     JOIN booking_order o ON ((o.id = b.order_id)))
     JOIN departure d ON ((d.id = b.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)))
     LEFT JOIN boarding_place bp ON ((bp.id = b.boarding_place_id)));

COMMENT ON VIEW roster_booking IS 'reader: shop/roster. A booking as a list shows it.';

CREATE TABLE season (
    id bigint NOT NULL,
    year integer NOT NULL
);

COMMENT ON TABLE season IS 'owner: shop/catalogue. A catalogue year; its prices are published in the autumn before.';

CREATE VIEW roster_departure AS
 SELECT d.id AS departure_id,
    h.code,
    h.title,
    h.destination,
    h.trip,
    d.starts_on,
    d.ends_on,
    d.status,
    s.year
   FROM ((departure d
     JOIN holiday h ON ((h.id = d.holiday_id)))
     JOIN season s ON ((s.id = h.season_id)));

COMMENT ON VIEW roster_departure IS 'reader: shop/roster. A departure as a list shows it.';

CREATE VIEW roster_family AS
 SELECT g.id AS guardian_id,
    g.first_name,
    g.last_name,
    lower(g.first_name) AS first_key,
    lower(g.last_name) AS last_key,
    g.email,
    g.phone,
    g.street,
    g.postal_code,
    g.city,
    g.lang,
    ( SELECT count(*) AS count
           FROM guardianship gs
          WHERE (gs.guardian_id = g.id)) AS children,
    ( SELECT count(*) AS count
           FROM (booking_order o
             JOIN booking b ON ((b.order_id = o.id)))
          WHERE ((o.guardian_id = g.id) AND (b.status <> 'cancelled'::text))) AS bookings
   FROM guardian g;

COMMENT ON VIEW roster_family IS 'reader: shop/roster. A family as a list shows it.';

CREATE VIEW roster_fiche AS
 SELECT f.participant_id,
    f.departure_id
   FROM fiche f
  WHERE ((f.signed_at IS NOT NULL) AND (f.wiped_at IS NULL));

COMMENT ON VIEW roster_fiche IS 'reader: shop/roster. Whether a fiche is signed; nothing of what is in it.';

CREATE VIEW roster_late AS
 SELECT i.order_id,
    w.due_on
   FROM (invoice_open w
     JOIN invoice i ON ((i.id = w.invoice_id)));

COMMENT ON VIEW roster_late IS 'reader: shop/roster. Orders with invoiced money open, and since when.';

CREATE VIEW roster_money AS
 SELECT b.id AS booking_id,
    (( SELECT COALESCE(sum(c.amount_cents), (0)::numeric) AS "coalesce"
           FROM charge c
          WHERE (c.booking_id = b.id)))::bigint AS charged_cents,
    (( SELECT COALESCE(sum(a.amount_cents), (0)::numeric) AS "coalesce"
           FROM (instalment i
             JOIN allocation a ON ((a.instalment_id = i.id)))
          WHERE (i.booking_id = b.id)))::bigint AS paid_cents,
    ( SELECT min(i.due_on) AS min
           FROM instalment i
          WHERE ((i.booking_id = b.id) AND (i.void_at IS NULL) AND ((i.amount_cents)::numeric > ( SELECT COALESCE(sum(a.amount_cents), (0)::numeric) AS "coalesce"
                   FROM allocation a
                  WHERE (a.instalment_id = i.id))))) AS next_due_on
   FROM booking b;

COMMENT ON VIEW roster_money IS 'reader: shop/roster. What a booking costs, what is paid of it, and the first day with something open.';

CREATE VIEW roster_place AS
 SELECT place.departure_id,
    place.booking_id,
    place.held_until
   FROM place;

COMMENT ON VIEW roster_place IS 'reader: shop/roster. Places, to be counted.';

CREATE VIEW roster_waiting AS
 SELECT e.departure_id,
    count(*) AS children
   FROM (waitlist_entry e
     JOIN waitlist_child c ON ((c.entry_id = e.id)))
  WHERE (e.status = ANY (ARRAY['waiting'::text, 'offered'::text]))
  GROUP BY e.departure_id;

COMMENT ON VIEW roster_waiting IS 'reader: shop/roster. How many children wait for a place on a departure.';

CREATE TABLE sale_opening (
    opens_at timestamp with time zone NOT NULL,
    seed text,
    drawn_at timestamp with time zone,
    last_rank integer DEFAULT 0 NOT NULL,
    let_in integer DEFAULT 0 NOT NULL,
    advanced_at timestamp with time zone NOT NULL,
    CONSTRAINT sale_opening_drawn_whole CHECK (((seed IS NULL) = (drawn_at IS NULL))),
    CONSTRAINT sale_opening_let_in_range CHECK (((let_in >= 0) AND (let_in <= last_rank)))
);

COMMENT ON TABLE sale_opening IS 'owner: shop/waitroom. A moment at which departures go on sale and that somebody waits for. Ranks up to let_in are in; seed makes the lot checkable afterwards.';

CREATE TABLE sale_visitor (
    opens_at timestamp with time zone NOT NULL,
    guardian_id bigint NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    rank integer
);

COMMENT ON TABLE sale_visitor IS 'owner: shop/waitroom. A family in the line of an opening, once. rank NULL = the lot is not drawn yet.';

CREATE VIEW search_booking AS
 SELECT o.guardian_id,
    o.id AS order_id,
    o.reference,
    o.placed_at,
    b.id AS booking_id,
    b.participant_id,
    b.status,
    p.first_name,
    p.last_name,
    h.code,
    h.title,
    d.id AS departure_id,
    d.starts_on,
    d.ends_on
   FROM ((((booking_order o
     JOIN booking b ON ((b.order_id = o.id)))
     JOIN participant p ON ((p.id = b.participant_id)))
     JOIN departure d ON ((d.id = b.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW search_booking IS 'reader: shop/find. What a family booked.';

CREATE VIEW search_child AS
 SELECT gs.guardian_id,
    p.id AS participant_id,
    p.first_name,
    p.last_name,
    p.born_on
   FROM (guardianship gs
     JOIN participant p ON ((p.id = gs.participant_id)));

COMMENT ON VIEW search_child IS 'reader: shop/find. The children of a family.';

CREATE VIEW search_departure AS
 SELECT d.id AS departure_id,
    h.code,
    h.title,
    d.starts_on,
    d.ends_on,
    d.status,
    ((' '::text || search_fold(concat_ws(' '::text, h.code, h.title, h.destination))) || ' '::text) AS words
   FROM (departure d
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW search_departure IS 'reader: shop/find. What a departure is found by.';

CREATE TABLE search_entry (
    guardian_id bigint NOT NULL,
    words text DEFAULT ' '::text NOT NULL,
    exact text[] DEFAULT '{}'::text[] NOT NULL,
    last_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

COMMENT ON TABLE search_entry IS 'owner: shop/find. All that a family is found by, folded, kept by triggers; last_at = its newest order. Nothing about health.';

CREATE VIEW search_family AS
 SELECT e.guardian_id,
    e.words,
    e.exact,
    e.last_at,
    g.first_name,
    g.last_name,
    g.email,
    g.phone,
    g.street,
    g.postal_code,
    g.city,
    g.country,
    g.lang,
    g.created_at
   FROM (search_entry e
     JOIN guardian g ON ((g.id = e.guardian_id)));

COMMENT ON VIEW search_family IS 'reader: shop/find. What a family is found by, and who it is.';

CREATE TABLE search_stale (
    guardian_id bigint NOT NULL
);

COMMENT ON TABLE search_stale IS 'owner: shop/find. Families whose search_entry is to be made anew; the same one may stand here often. Rows are only added, by triggers, and taken away by search_catch_up: nothing is lost between the two.';

ALTER TABLE season ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME season_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE session (
    token_hash bytea NOT NULL,
    guardian_id bigint,
    staff_id bigint,
    second_factor_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    totp_offered bytea,
    CONSTRAINT session_one_subject CHECK ((num_nonnulls(guardian_id, staff_id) = 1))
);

COMMENT ON TABLE session IS 'owner: shop/account. The cookie holds the token, the table only its SHA-256.';

COMMENT ON COLUMN session.tries IS 'wrong second factors; the session ends at the fifth';

COMMENT ON COLUMN session.totp_offered IS 'sealed; the secret on the set-up page, until a code proves that it arrived';

CREATE TABLE sign_in_code (
    id bigint NOT NULL,
    email text NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    used_at timestamp with time zone,
    flow_hash bytea NOT NULL
);

COMMENT ON TABLE sign_in_code IS 'owner: shop/account. Six digits sent to an e-mail address; few attempts, short life, once.';

COMMENT ON COLUMN sign_in_code.code_hash IS 'SHA-256 over the token and the code: six digits alone would be found from their hash';

COMMENT ON COLUMN sign_in_code.flow_hash IS 'SHA-256 of the token in the cookie of the browser that asked';

ALTER TABLE sign_in_code ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sign_in_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sign_in_event (
    id bigint NOT NULL,
    kind text NOT NULL,
    guardian_id bigint,
    staff_id bigint,
    by_staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_event_kind_known CHECK ((kind = ANY (ARRAY['signed_in'::text, 'signed_out'::text, 'signed_out_everywhere'::text, 'password_wrong'::text, 'second_factor_wrong'::text, 'second_factor_set'::text, 'second_factor_removed'::text, 'recovery_code_used'::text, 'password_set'::text, 'password_removed'::text, 'invited'::text, 'deactivated'::text, 'reactivated'::text, 'roles_changed'::text])))
);

COMMENT ON TABLE sign_in_event IS 'owner: shop/account. Who signed in, who was refused, who changed a right. No addresses and no codes.';

ALTER TABLE sign_in_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sign_in_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE small_difference (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    instalment_id bigint,
    amount_cents bigint NOT NULL,
    undoes_id bigint,
    reason text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT small_difference_way CHECK (((amount_cents <> 0) AND ((amount_cents > 0) = ((instalment_id IS NOT NULL) = (undoes_id IS NULL)))))
);

COMMENT ON TABLE small_difference IS 'owner: payments. Small amounts that were booked away: positive = still open of an instalment and let go (658), counted as paid though no money came; negative = paid too much and kept (757). A row with undoes_id takes one back.';

ALTER TABLE small_difference ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME small_difference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE small_difference_limit (
    id bigint NOT NULL,
    limit_cents bigint NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT small_difference_limit_small CHECK (((limit_cents >= 0) AND (limit_cents <= 500)))
);

COMMENT ON TABLE small_difference_limit IS 'owner: payments. Up to which amount a difference may be booked away, every version; 0 = none.';

ALTER TABLE small_difference_limit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME small_difference_limit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE staff ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE staff_invitation (
    token_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

COMMENT ON TABLE staff_invitation IS 'owner: shop/account. A link by mail with which somebody sets a first password; a newer one voids the older.';

CREATE TABLE stripe_cursor (
    one boolean DEFAULT true NOT NULL,
    read_until timestamp with time zone NOT NULL,
    CONSTRAINT stripe_cursor_one_row CHECK (one)
);

COMMENT ON TABLE stripe_cursor IS 'owner: payments/online. Until when Stripe''s list of movements was read; one row.';

CREATE TABLE stripe_dispute (
    id text NOT NULL,
    payment_intent text NOT NULL,
    order_id bigint,
    amount_cents bigint NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    answer_by timestamp with time zone,
    made_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE stripe_dispute IS 'owner: payments/online. A payment that its payer asks back through the bank, as Stripe last described it.';

CREATE TABLE stripe_event (
    id text NOT NULL,
    type text NOT NULL,
    api_version text NOT NULL,
    live boolean NOT NULL,
    object_id text NOT NULL,
    payment_intent text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    body text,
    done_at timestamp with time zone,
    outcome text,
    CONSTRAINT stripe_event_done_whole CHECK (((done_at IS NULL) = (outcome IS NULL)))
);

COMMENT ON TABLE stripe_event IS 'owner: payments/online. What Stripe told, once. body is as it came, with names in it, and is emptied after 90 days; nothing is read from it but ids.';

CREATE TABLE stripe_finding (
    id bigint NOT NULL,
    code text NOT NULL,
    object_id text NOT NULL,
    order_id bigint,
    attempt_id uuid,
    refund_id bigint,
    amount_cents bigint DEFAULT 0 NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    settled_by bigint,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT stripe_finding_code_known CHECK ((code = ANY (ARRAY['amount'::text, 'foreign_charge'::text, 'foreign_refund'::text, 'refund_refused'::text, 'refund_failed'::text, 'refund_mismatch'::text, 'dispute_opened'::text, 'dispute_lost'::text, 'payout_failed'::text, 'payout_difference'::text, 'unknown_movement'::text, 'other_currency'::text, 'fee_changed'::text]))),
    CONSTRAINT stripe_finding_settled_whole CHECK (((settled_at IS NOT NULL) OR (settled_by IS NULL)))
);

COMMENT ON TABLE stripe_finding IS 'owner: payments/online. Something at Stripe that the shop does not decide by itself. Accounting settles it with a note; settled_by NULL = it went away by itself.';

ALTER TABLE stripe_finding ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME stripe_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE stripe_movement (
    id text NOT NULL,
    category text NOT NULL,
    source_id text NOT NULL,
    description text NOT NULL,
    amount_cents bigint NOT NULL,
    fee_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    currency character(3) NOT NULL,
    against text NOT NULL,
    order_id bigint,
    made_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT stripe_movement_adds_up CHECK ((net_cents = (amount_cents - fee_cents)))
);

COMMENT ON TABLE stripe_movement IS 'owner: payments/online. Stripe''s balance transactions. against is the account on the other side of 5802; 400 where the payment itself was booked when it came in.';

CREATE TABLE stripe_payout (
    id text NOT NULL,
    amount_cents bigint NOT NULL,
    status text NOT NULL,
    automatic boolean NOT NULL,
    reconciled boolean NOT NULL,
    failure text NOT NULL,
    descriptor text NOT NULL,
    arrives_on date NOT NULL,
    made_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE stripe_payout IS 'owner: payments/online. Money that Stripe sends to the bank, as Stripe last described it.';

CREATE TABLE stripe_payout_movement (
    movement_id text NOT NULL,
    payout_id text NOT NULL
);

COMMENT ON TABLE stripe_payout_movement IS 'owner: payments/online. What a payout is made of; a movement leaves for the bank once.';

CREATE TABLE target_group_event (
    id bigint NOT NULL,
    group_id bigint NOT NULL,
    changes jsonb DEFAULT '[]'::jsonb NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE target_group_event IS 'owner: shop/catalogue. Who changed what of a target group, when, from what to what. No foreign key: it outlives the group. actor is staff:ID.';

ALTER TABLE target_group_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME target_group_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE target_group ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME target_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE travel_paper (
    booking_id bigint NOT NULL,
    paper text NOT NULL,
    ready_at timestamp with time zone NOT NULL,
    guardian_id bigint NOT NULL
);

COMMENT ON TABLE travel_paper IS 'owner: shop/family. A paper for a trip that a parent says is ready; which ones a trip needs is data in the program.';

ALTER TABLE waitlist_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME waitlist_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE waitlist_event (
    id bigint NOT NULL,
    entry_id bigint NOT NULL,
    kind text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE waitlist_event IS 'owner: shop/waitlist. What happened to an entry: joined, offered, reminded, priority with its reason, ...';

ALTER TABLE waitlist_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME waitlist_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE waitlist_offer (
    id bigint NOT NULL,
    entry_id bigint NOT NULL,
    checkout_id bigint NOT NULL,
    places integer NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    deadline timestamp with time zone NOT NULL,
    reminded_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT waitlist_offer_ended_whole CHECK (((status = 'open'::text) = (ended_at IS NULL))),
    CONSTRAINT waitlist_offer_status_known CHECK ((status = ANY (ARRAY['open'::text, 'taken'::text, 'declined'::text, 'expired'::text])))
);

COMMENT ON TABLE waitlist_offer IS 'owner: shop/waitlist. Places really held in a basket of that entry''s guardian, until the deadline.';

ALTER TABLE waitlist_offer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME waitlist_offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW watch_child AS
 SELECT b.id AS booking_id,
    b.order_id,
    b.participant_id,
    b.departure_id,
    p.first_name,
    p.last_name,
    h.title,
    d.starts_on,
    d.ends_on,
    ((b.status = ANY (ARRAY['placed'::text, 'in_review'::text])) AND (d.status <> 'cancelled'::text)) AS going
   FROM (((booking b
     JOIN participant p ON ((p.id = b.participant_id)))
     JOIN departure d ON ((d.id = b.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW watch_child IS 'reader: shop/watch. The names of a child and its holiday.';

CREATE VIEW watch_departure AS
 SELECT d.id AS departure_id,
    h.title,
    d.starts_on,
    d.ends_on
   FROM (departure d
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW watch_departure IS 'reader: shop/watch. The name and the days of a camp.';

CREATE VIEW watch_fiche AS
 SELECT p.id AS participant_id,
    d.id AS departure_id,
    p.first_name,
    p.last_name,
    h.title,
    d.starts_on,
    d.ends_on
   FROM (((( SELECT DISTINCT fiche.participant_id,
            fiche.departure_id
           FROM fiche) f
     JOIN participant p ON ((p.id = f.participant_id)))
     JOIN departure d ON ((d.id = f.departure_id)))
     JOIN holiday h ON ((h.id = d.holiday_id)));

COMMENT ON VIEW watch_fiche IS 'reader: shop/watch. Whose fiche it is and of which holiday; nothing of what is in it.';

CREATE VIEW watch_staff AS
 SELECT staff.id AS staff_id,
    staff.name
   FROM staff;

COMMENT ON VIEW watch_staff IS 'reader: shop/watch. The name of who opened a fiche in an emergency.';

CREATE TABLE worklist_claim (
    kind text NOT NULL,
    item_key text NOT NULL,
    staff_id bigint NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    CONSTRAINT worklist_claim_named CHECK (((kind <> ''::text) AND (item_key <> ''::text)))
);

COMMENT ON TABLE worklist_claim IS 'owner: shop/worklist. Who works on an item of the worklist now; over after an hour.';

CREATE VIEW worklist_claimed AS
 SELECT c.kind,
    c.item_key,
    c.staff_id,
    s.name,
    c.claimed_at
   FROM (worklist_claim c
     JOIN staff s ON ((s.id = c.staff_id)));

COMMENT ON VIEW worklist_claimed IS 'reader: shop/worklist. Claims with the name of the colleague.';

ALTER TABLE ONLY account
    ADD CONSTRAINT account_pkey PRIMARY KEY (code);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY assignment_event
    ADD CONSTRAINT assignment_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT assignment_pkey PRIMARY KEY (staff_id, departure_id);

ALTER TABLE ONLY bank_file
    ADD CONSTRAINT bank_file_once UNIQUE (sha256);

ALTER TABLE ONLY bank_file
    ADD CONSTRAINT bank_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY bank_movement
    ADD CONSTRAINT bank_movement_once UNIQUE (key);

ALTER TABLE ONLY bank_movement
    ADD CONSTRAINT bank_movement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY bank_skip
    ADD CONSTRAINT bank_skip_pkey PRIMARY KEY (file_id, "position");

ALTER TABLE ONLY bank_statement
    ADD CONSTRAINT bank_statement_identity_once UNIQUE (account, identity);

ALTER TABLE ONLY bank_statement
    ADD CONSTRAINT bank_statement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY bar_try
    ADD CONSTRAINT bar_try_pkey PRIMARY KEY (participant_id, departure_id);

ALTER TABLE ONLY boarding_place
    ADD CONSTRAINT boarding_place_name_once UNIQUE (departure_id, name);

ALTER TABLE ONLY boarding_place
    ADD CONSTRAINT boarding_place_pkey PRIMARY KEY (id);

ALTER TABLE ONLY booking_event
    ADD CONSTRAINT booking_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY booking_extra
    ADD CONSTRAINT booking_extra_pkey PRIMARY KEY (id);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_checkout_once UNIQUE (checkout_id);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_pkey PRIMARY KEY (id);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_reference_once UNIQUE (reference);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_structured_comm_once UNIQUE (structured_comm);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_pkey PRIMARY KEY (id);

ALTER TABLE ONLY capacity_event
    ADD CONSTRAINT capacity_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY care_review
    ADD CONSTRAINT care_review_pkey PRIMARY KEY (id);

ALTER TABLE ONLY catalogue_event
    ADD CONSTRAINT catalogue_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY catalogue_import
    ADD CONSTRAINT catalogue_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY charge
    ADD CONSTRAINT charge_reversed_once UNIQUE (reverses_id);

ALTER TABLE ONLY checkout_child
    ADD CONSTRAINT checkout_child_once UNIQUE (checkout_id, participant_id, departure_id);

ALTER TABLE ONLY checkout_child
    ADD CONSTRAINT checkout_child_pkey PRIMARY KEY (checkout_id, "position");

ALTER TABLE ONLY checkout_extra
    ADD CONSTRAINT checkout_extra_pkey PRIMARY KEY (checkout_id, "position", extra_id);

ALTER TABLE ONLY checkout
    ADD CONSTRAINT checkout_pkey PRIMARY KEY (id);

ALTER TABLE ONLY checkout
    ADD CONSTRAINT checkout_token_once UNIQUE (token_hash);

ALTER TABLE ONLY circular
    ADD CONSTRAINT circular_pkey PRIMARY KEY (id);

ALTER TABLE ONLY circular_recipient
    ADD CONSTRAINT circular_recipient_pkey PRIMARY KEY (circular_id, order_id);

ALTER TABLE ONLY decision_departure
    ADD CONSTRAINT decision_departure_pkey PRIMARY KEY (decision_id, departure_id);

ALTER TABLE ONLY decision_item
    ADD CONSTRAINT decision_item_once UNIQUE (decision_id, booking_id);

ALTER TABLE ONLY decision_item
    ADD CONSTRAINT decision_item_pkey PRIMARY KEY (id);

ALTER TABLE ONLY decision_offer
    ADD CONSTRAINT decision_offer_once UNIQUE (item_id, departure_id);

ALTER TABLE ONLY decision_offer
    ADD CONSTRAINT decision_offer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY departure_limit
    ADD CONSTRAINT departure_limit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY departure
    ADD CONSTRAINT departure_once UNIQUE (holiday_id, starts_on);

ALTER TABLE ONLY departure
    ADD CONSTRAINT departure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY discount
    ADD CONSTRAINT discount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY discount_use
    ADD CONSTRAINT discount_use_pkey PRIMARY KEY (discount_id, booking_id);

ALTER TABLE ONLY dunning_batch_end
    ADD CONSTRAINT dunning_batch_end_pkey PRIMARY KEY (batch_id);

ALTER TABLE ONLY dunning_batch
    ADD CONSTRAINT dunning_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dunning_charge
    ADD CONSTRAINT dunning_charge_pkey PRIMARY KEY (order_id, due_on);

ALTER TABLE ONLY dunning_costs
    ADD CONSTRAINT dunning_costs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dunning_letter
    ADD CONSTRAINT dunning_letter_pkey PRIMARY KEY (batch_id, order_id, stage, due_on);

ALTER TABLE ONLY dunning_pause
    ADD CONSTRAINT dunning_pause_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dunning_step
    ADD CONSTRAINT dunning_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_once UNIQUE (event, source_system, source_id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY epc_setting
    ADD CONSTRAINT epc_setting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY evidence_file
    ADD CONSTRAINT evidence_file_once UNIQUE (booking_id, sha256);

ALTER TABLE ONLY evidence_file
    ADD CONSTRAINT evidence_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY extra
    ADD CONSTRAINT extra_pkey PRIMARY KEY (id);

ALTER TABLE ONLY family_request
    ADD CONSTRAINT family_request_number_once UNIQUE (number);

ALTER TABLE ONLY family_request
    ADD CONSTRAINT family_request_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_access
    ADD CONSTRAINT fiche_access_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY fiche_alert
    ADD CONSTRAINT fiche_alert_once UNIQUE (key);

ALTER TABLE ONLY fiche_alert
    ADD CONSTRAINT fiche_alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_bundle
    ADD CONSTRAINT fiche_bundle_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_hold
    ADD CONSTRAINT fiche_hold_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_key
    ADD CONSTRAINT fiche_key_pkey PRIMARY KEY (fiche_id);

ALTER TABLE ONLY fiche_note
    ADD CONSTRAINT fiche_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche
    ADD CONSTRAINT fiche_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_promise
    ADD CONSTRAINT fiche_promise_pkey PRIMARY KEY (staff_id, year, version);

ALTER TABLE ONLY fiche_record
    ADD CONSTRAINT fiche_record_once UNIQUE (client_id);

ALTER TABLE ONLY fiche_record
    ADD CONSTRAINT fiche_record_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_section
    ADD CONSTRAINT fiche_section_pkey PRIMARY KEY (fiche_id, section);

ALTER TABLE ONLY fiche_setting
    ADD CONSTRAINT fiche_setting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_summary
    ADD CONSTRAINT fiche_summary_pkey PRIMARY KEY (fiche_id);

ALTER TABLE ONLY fiche_tombstone
    ADD CONSTRAINT fiche_tombstone_pkey PRIMARY KEY (fiche_id);

ALTER TABLE ONLY fiche_upload
    ADD CONSTRAINT fiche_upload_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fiche_verified
    ADD CONSTRAINT fiche_verified_pkey PRIMARY KEY (id);

ALTER TABLE ONLY goodwill_decision
    ADD CONSTRAINT goodwill_decision_pkey PRIMARY KEY (goodwill_id);

ALTER TABLE ONLY goodwill
    ADD CONSTRAINT goodwill_pkey PRIMARY KEY (id);

ALTER TABLE ONLY guardian
    ADD CONSTRAINT guardian_email_once UNIQUE (email);

ALTER TABLE ONLY guardian_invitation_child
    ADD CONSTRAINT guardian_invitation_child_pkey PRIMARY KEY (invitation_id, participant_id);

ALTER TABLE ONLY guardian_invitation
    ADD CONSTRAINT guardian_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY guardian_invitation
    ADD CONSTRAINT guardian_invitation_token_once UNIQUE (token_hash);

ALTER TABLE ONLY guardian
    ADD CONSTRAINT guardian_pkey PRIMARY KEY (id);

ALTER TABLE ONLY guardianship_event
    ADD CONSTRAINT guardianship_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY guardianship
    ADD CONSTRAINT guardianship_pkey PRIMARY KEY (guardian_id, participant_id);

ALTER TABLE ONLY holiday
    ADD CONSTRAINT holiday_code_once UNIQUE (code);

ALTER TABLE ONLY holiday_photo
    ADD CONSTRAINT holiday_photo_pkey PRIMARY KEY (id);

ALTER TABLE ONLY holiday_photo_size
    ADD CONSTRAINT holiday_photo_size_pkey PRIMARY KEY (photo_id, width);

ALTER TABLE ONLY holiday
    ADD CONSTRAINT holiday_pkey PRIMARY KEY (id);

ALTER TABLE ONLY holiday
    ADD CONSTRAINT holiday_slug_once UNIQUE (slug);

ALTER TABLE ONLY info_letter
    ADD CONSTRAINT info_letter_pkey PRIMARY KEY (departure_id);

ALTER TABLE ONLY info_letter_sent
    ADD CONSTRAINT info_letter_sent_pkey PRIMARY KEY (departure_id, order_id);

ALTER TABLE ONLY instalment
    ADD CONSTRAINT instalment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY invoice_correction
    ADD CONSTRAINT invoice_correction_pkey PRIMARY KEY (invoice_id, corrected_id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT invoice_line_pkey PRIMARY KEY (invoice_id, "position");

ALTER TABLE ONLY invoice_number
    ADD CONSTRAINT invoice_number_once UNIQUE (series, year, number);

ALTER TABLE ONLY invoice_number
    ADD CONSTRAINT invoice_number_pkey PRIMARY KEY (invoice_id);

ALTER TABLE ONLY invoice_open
    ADD CONSTRAINT invoice_open_pkey PRIMARY KEY (invoice_id, due_on);

ALTER TABLE ONLY invoice
    ADD CONSTRAINT invoice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY invoice_series
    ADD CONSTRAINT invoice_series_pkey PRIMARY KEY (series, year);

ALTER TABLE ONLY invoice_waiting
    ADD CONSTRAINT invoice_waiting_pkey PRIMARY KEY (invoice_id);

ALTER TABLE ONLY job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY known_browser
    ADD CONSTRAINT known_browser_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY list_file
    ADD CONSTRAINT list_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mail_attachment
    ADD CONSTRAINT mail_attachment_pkey PRIMARY KEY (mail_id, "position");

ALTER TABLE ONLY mail_bounce_event
    ADD CONSTRAINT mail_bounce_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mail_bounce
    ADD CONSTRAINT mail_bounce_pkey PRIMARY KEY (address);

ALTER TABLE ONLY mail_file
    ADD CONSTRAINT mail_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mail
    ADD CONSTRAINT mail_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mail_template
    ADD CONSTRAINT mail_template_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mail_template_version
    ADD CONSTRAINT mail_template_version_pkey PRIMARY KEY (template_id, version);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_pkey PRIMARY KEY (id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_undone_once UNIQUE (undoes_id);

ALTER TABLE ONLY order_credit
    ADD CONSTRAINT order_credit_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY order_note_pin
    ADD CONSTRAINT order_note_pin_pkey PRIMARY KEY (id);

ALTER TABLE ONLY order_note
    ADD CONSTRAINT order_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY participant_bar
    ADD CONSTRAINT participant_bar_pkey PRIMARY KEY (id);

ALTER TABLE ONLY participant
    ADD CONSTRAINT participant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payer
    ADD CONSTRAINT payer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payment_attempt
    ADD CONSTRAINT payment_attempt_charge_once UNIQUE (charge_id);

ALTER TABLE ONLY payment_attempt_instalment
    ADD CONSTRAINT payment_attempt_instalment_pkey PRIMARY KEY (attempt_id, instalment_id);

ALTER TABLE ONLY payment_attempt_order
    ADD CONSTRAINT payment_attempt_order_pkey PRIMARY KEY (attempt_id, order_id);

ALTER TABLE ONLY payment_attempt
    ADD CONSTRAINT payment_attempt_payment_intent_once UNIQUE (payment_intent);

ALTER TABLE ONLY payment_attempt
    ADD CONSTRAINT payment_attempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payment_attempt
    ADD CONSTRAINT payment_attempt_session_once UNIQUE (session_id);

ALTER TABLE ONLY payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payment
    ADD CONSTRAINT payment_source_once UNIQUE (source_system, source_id);

ALTER TABLE ONLY payment_withdrawal
    ADD CONSTRAINT payment_withdrawal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY period_balance
    ADD CONSTRAINT period_balance_pkey PRIMARY KEY (until, account);

ALTER TABLE ONLY period_close
    ADD CONSTRAINT period_close_pkey PRIMARY KEY (until);

ALTER TABLE ONLY place
    ADD CONSTRAINT place_booking_once UNIQUE (booking_id);

ALTER TABLE ONLY place
    ADD CONSTRAINT place_pkey PRIMARY KEY (departure_id, number);

ALTER TABLE ONLY policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (entry_id, line);

ALTER TABLE ONLY price_list
    ADD CONSTRAINT price_list_pkey PRIMARY KEY (id);

ALTER TABLE ONLY price_list
    ADD CONSTRAINT price_list_version_once UNIQUE (departure_id, version);

ALTER TABLE ONLY price_rise
    ADD CONSTRAINT price_rise_once UNIQUE (decision_id, booking_id);

ALTER TABLE ONLY price_rise
    ADD CONSTRAINT price_rise_pkey PRIMARY KEY (id);

ALTER TABLE ONLY proof
    ADD CONSTRAINT proof_pkey PRIMARY KEY (booking_id);

ALTER TABLE ONLY rate_limit
    ADD CONSTRAINT rate_limit_pkey PRIMARY KEY (key);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY refund_account
    ADD CONSTRAINT refund_account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY refund
    ADD CONSTRAINT refund_again_once UNIQUE (again_of);

ALTER TABLE ONLY refund_approval
    ADD CONSTRAINT refund_approval_pkey PRIMARY KEY (id);

ALTER TABLE ONLY refund_batch_item
    ADD CONSTRAINT refund_batch_item_pkey PRIMARY KEY (refund_id);

ALTER TABLE ONLY refund_batch
    ADD CONSTRAINT refund_batch_message_once UNIQUE (message_id);

ALTER TABLE ONLY refund_batch
    ADD CONSTRAINT refund_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (id);

ALTER TABLE ONLY refund_step
    ADD CONSTRAINT refund_step_once UNIQUE (refund_id, state);

ALTER TABLE ONLY refund_step
    ADD CONSTRAINT refund_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY request_file
    ADD CONSTRAINT request_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY request_message
    ADD CONSTRAINT request_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY request_series
    ADD CONSTRAINT request_series_pkey PRIMARY KEY (year);

ALTER TABLE ONLY sale_opening
    ADD CONSTRAINT sale_opening_pkey PRIMARY KEY (opens_at);

ALTER TABLE ONLY sale_visitor
    ADD CONSTRAINT sale_visitor_pkey PRIMARY KEY (opens_at, guardian_id);

ALTER TABLE ONLY sale_visitor
    ADD CONSTRAINT sale_visitor_rank_once UNIQUE (opens_at, rank);

ALTER TABLE ONLY search_entry
    ADD CONSTRAINT search_entry_pkey PRIMARY KEY (guardian_id);

ALTER TABLE ONLY season
    ADD CONSTRAINT season_pkey PRIMARY KEY (id);

ALTER TABLE ONLY season
    ADD CONSTRAINT season_year_once UNIQUE (year);

ALTER TABLE ONLY session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY sign_in_code
    ADD CONSTRAINT sign_in_code_flow_once UNIQUE (flow_hash);

ALTER TABLE ONLY sign_in_code
    ADD CONSTRAINT sign_in_code_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_event
    ADD CONSTRAINT sign_in_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY small_difference_limit
    ADD CONSTRAINT small_difference_limit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY small_difference
    ADD CONSTRAINT small_difference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY small_difference
    ADD CONSTRAINT small_difference_undone_once UNIQUE (undoes_id);

ALTER TABLE ONLY staff
    ADD CONSTRAINT staff_email_once UNIQUE (email);

ALTER TABLE ONLY staff_invitation
    ADD CONSTRAINT staff_invitation_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY staff_role
    ADD CONSTRAINT staff_role_pkey PRIMARY KEY (staff_id, role);

ALTER TABLE ONLY stripe_cursor
    ADD CONSTRAINT stripe_cursor_pkey PRIMARY KEY (one);

ALTER TABLE ONLY stripe_dispute
    ADD CONSTRAINT stripe_dispute_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stripe_event
    ADD CONSTRAINT stripe_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stripe_finding
    ADD CONSTRAINT stripe_finding_once UNIQUE (code, object_id);

ALTER TABLE ONLY stripe_finding
    ADD CONSTRAINT stripe_finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stripe_movement
    ADD CONSTRAINT stripe_movement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stripe_payout_movement
    ADD CONSTRAINT stripe_payout_movement_pkey PRIMARY KEY (movement_id);

ALTER TABLE ONLY stripe_payout
    ADD CONSTRAINT stripe_payout_pkey PRIMARY KEY (id);

ALTER TABLE ONLY target_group_event
    ADD CONSTRAINT target_group_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY target_group
    ADD CONSTRAINT target_group_once UNIQUE (name);

ALTER TABLE ONLY target_group
    ADD CONSTRAINT target_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY travel_paper
    ADD CONSTRAINT travel_paper_pkey PRIMARY KEY (booking_id, paper);

ALTER TABLE ONLY waitlist_child
    ADD CONSTRAINT waitlist_child_once UNIQUE (entry_id, participant_id);

ALTER TABLE ONLY waitlist_child
    ADD CONSTRAINT waitlist_child_pkey PRIMARY KEY (entry_id, "position");

ALTER TABLE ONLY waitlist_entry
    ADD CONSTRAINT waitlist_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY waitlist_event
    ADD CONSTRAINT waitlist_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY waitlist_offer
    ADD CONSTRAINT waitlist_offer_checkout_once UNIQUE (checkout_id);

ALTER TABLE ONLY waitlist_offer
    ADD CONSTRAINT waitlist_offer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY worklist_claim
    ADD CONSTRAINT worklist_claim_pkey PRIMARY KEY (kind, item_key);

CREATE INDEX allocation_by_instalment ON allocation USING btree (instalment_id);

CREATE INDEX allocation_by_order ON allocation USING btree (order_id);

CREATE INDEX assignment_by_departure ON assignment USING btree (departure_id);

CREATE INDEX assignment_event_by_departure ON assignment_event USING btree (departure_id, id DESC);

CREATE INDEX bank_movement_by_day ON bank_movement USING btree (booked_on, id);

CREATE INDEX bank_movement_by_iban ON bank_movement USING btree (iban) WHERE (iban <> ''::text);

CREATE INDEX bank_movement_by_statement ON bank_movement USING btree (statement_id, id);

CREATE INDEX bank_statement_by_day ON bank_statement USING btree (account, closed_on);

CREATE INDEX bank_statement_by_file ON bank_statement USING btree (file_id);

CREATE INDEX bar_try_waiting ON bar_try USING btree (at) WHERE (handled_at IS NULL);

CREATE INDEX booking_by_departs_on ON booking USING btree (departs_on, id);

CREATE INDEX booking_by_departure ON booking USING btree (departure_id, status);

CREATE INDEX booking_by_order ON booking USING btree (order_id);

CREATE INDEX booking_by_participant ON booking USING btree (participant_id);

CREATE INDEX booking_event_by_booking ON booking_event USING btree (booking_id) WHERE (booking_id IS NOT NULL);

CREATE INDEX booking_event_by_order ON booking_event USING btree (order_id, at);

CREATE INDEX booking_extra_by_extra ON booking_extra USING btree (extra_id) WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX booking_extra_once ON booking_extra USING btree (booking_id, extra_id) WHERE (removed_at IS NULL);

CREATE INDEX booking_in_review ON booking USING btree (order_id) WHERE (status = 'in_review'::text);

CREATE INDEX booking_order_by_guardian ON booking_order USING btree (guardian_id, placed_at DESC);

CREATE INDEX booking_order_by_payer ON booking_order USING btree (payer_id) WHERE (payer_id IS NOT NULL);

CREATE INDEX booking_order_by_time ON booking_order USING btree (placed_at DESC);

CREATE UNIQUE INDEX booking_participant_once ON booking USING btree (participant_id, departure_id) WHERE (status <> 'cancelled'::text);

CREATE INDEX booking_proof_open ON booking USING btree (departs_on) WHERE ((evidence = ANY (ARRAY['awaited'::text, 'received'::text, 'refused'::text, 'late'::text])) AND (status <> 'cancelled'::text));

CREATE UNIQUE INDEX booking_rebooked_once ON booking USING btree (rebooked_from);

CREATE INDEX capacity_event_by_departure ON capacity_event USING btree (departure_id, id);

CREATE INDEX care_review_by_fiche ON care_review USING btree (fiche_id);

CREATE UNIQUE INDEX care_review_open_once ON care_review USING btree (fiche_id) WHERE (decided_at IS NULL);

CREATE INDEX catalogue_event_by_holiday ON catalogue_event USING btree (holiday_id, id);

CREATE INDEX catalogue_event_by_season ON catalogue_event USING btree (season_id, id);

CREATE INDEX charge_by_booking ON charge USING btree (booking_id);

CREATE INDEX checkout_child_by_departure ON checkout_child USING btree (departure_id);

CREATE INDEX checkout_extra_by_extra ON checkout_extra USING btree (extra_id);

CREATE INDEX checkout_open ON checkout USING btree (held_until) WHERE (status = 'open'::text);

CREATE INDEX circular_by_departure ON circular USING btree (departure_id, id DESC);

CREATE INDEX circular_picked ON circular USING btree (id DESC) WHERE (departure_id IS NULL);

CREATE INDEX circular_recipient_by_mail ON circular_recipient USING btree (mail_id) WHERE (mail_id IS NOT NULL);

CREATE INDEX circular_recipient_waiting ON circular_recipient USING btree (circular_id, order_id) WHERE ((mail_id IS NULL) AND (left_out = ''::text));

CREATE INDEX decision_departure_by_departure ON decision_departure USING btree (departure_id);

CREATE INDEX decision_item_by_booking ON decision_item USING btree (booking_id);

CREATE INDEX decision_item_by_fresh ON decision_item USING btree (fresh_id) WHERE (fresh_id IS NOT NULL);

CREATE INDEX decision_item_open ON decision_item USING btree (decision_id, state) WHERE (state <> 'done'::text);

CREATE INDEX decision_offer_by_checkout ON decision_offer USING btree (checkout_id);

CREATE INDEX departure_by_start ON departure USING btree (starts_on);

CREATE UNIQUE INDEX departure_limit_once ON departure_limit USING btree (departure_id, COALESCE(gender, ''::text), COALESCE(birth_year_from, 0), COALESCE(birth_year_to, 0), COALESCE(boarding_place_id, (0)::bigint));

CREATE INDEX departure_to_publish ON departure USING btree (publish_at) WHERE (publish_at IS NOT NULL);

CREATE UNIQUE INDEX discount_code_once ON discount USING btree (code) WHERE ((code <> ''::text) AND (stopped_at IS NULL));

CREATE INDEX discount_use_by_booking ON discount_use USING btree (booking_id);

CREATE INDEX dunning_letter_by_order ON dunning_letter USING btree (order_id);

CREATE INDEX dunning_pause_by_order ON dunning_pause USING btree (order_id, id DESC);

CREATE UNIQUE INDEX dunning_step_sent_once ON dunning_step USING btree (order_id, stage, due_on, channel, nth) WHERE (outcome = 'sent'::text);

CREATE UNIQUE INDEX dunning_step_skipped_once ON dunning_step USING btree (order_id, stage, due_on, reason) WHERE (outcome = 'skipped'::text);

CREATE UNIQUE INDEX dunning_step_to_post_once ON dunning_step USING btree (order_id, stage, due_on) WHERE (outcome = 'to_post'::text);

CREATE INDEX entry_by_day ON entry USING btree (booked_on);

CREATE INDEX entry_by_order ON entry USING btree (order_id);

CREATE INDEX extra_by_departure ON extra USING btree (departure_id);

CREATE INDEX family_request_by_booking ON family_request USING btree (booking_id) WHERE (booking_id IS NOT NULL);

CREATE INDEX family_request_by_guardian ON family_request USING btree (guardian_id, opened_at DESC);

CREATE UNIQUE INDEX family_request_one_erasure ON family_request USING btree (guardian_id) WHERE ((kind = 'erasure'::text) AND (status <> 'closed'::text));

CREATE UNIQUE INDEX family_request_one_fiche ON family_request USING btree (booking_id) WHERE ((kind = 'fiche'::text) AND (status <> 'closed'::text));

CREATE INDEX family_request_open ON family_request USING btree (answer_by) WHERE (status = 'open'::text);

CREATE INDEX fiche_access_by_actor ON fiche_access USING btree (actor, at);

CREATE INDEX fiche_access_by_departure ON fiche_access USING btree (departure_id, seq) WHERE (participant_id IS NULL);

CREATE INDEX fiche_access_by_participant ON fiche_access USING btree (participant_id, seq);

CREATE INDEX fiche_alert_open ON fiche_alert USING btree (at) WHERE (handled_at IS NULL);

CREATE INDEX fiche_bundle_by_staff ON fiche_bundle USING btree (staff_id, departure_id);

CREATE INDEX fiche_by_departure ON fiche USING btree (departure_id) WHERE (wiped_at IS NULL);

CREATE UNIQUE INDEX fiche_hold_once ON fiche_hold USING btree (fiche_id, reference) WHERE (released_at IS NULL);

CREATE INDEX fiche_key_by_keyset_key ON fiche_key USING btree (keyset_key);

CREATE INDEX fiche_note_by_fiche ON fiche_note USING btree (fiche_id) WHERE (fiche_id IS NOT NULL);

CREATE UNIQUE INDEX fiche_once ON fiche USING btree (participant_id, departure_id) WHERE (wiped_at IS NULL);

CREATE INDEX fiche_override_by_staff ON fiche_override USING btree (staff_id, opened_at);

CREATE INDEX fiche_override_to_review ON fiche_override USING btree (opened_at) WHERE (reviewed_at IS NULL);

CREATE INDEX fiche_record_by_fiche ON fiche_record USING btree (fiche_id, happened_at);

CREATE INDEX fiche_setting_latest ON fiche_setting USING btree (name, id DESC);

CREATE INDEX fiche_upload_by_fiche ON fiche_upload USING btree (fiche_id);

CREATE INDEX goodwill_by_booking ON goodwill USING btree (booking_id);

CREATE INDEX guardian_by_name ON guardian USING btree (lower(last_name), lower(first_name), id);

CREATE INDEX guardian_invitation_by_inviter ON guardian_invitation USING btree (invited_by);

CREATE INDEX guardianship_by_participant ON guardianship USING btree (participant_id);

CREATE INDEX guardianship_event_by_participant ON guardianship_event USING btree (participant_id, at DESC);

CREATE INDEX holiday_by_season ON holiday USING btree (season_id);

CREATE INDEX holiday_by_target_group ON holiday USING btree (target_group) WHERE (target_group IS NOT NULL);

CREATE INDEX holiday_photo_by_hash ON holiday_photo USING btree (hash);

CREATE INDEX holiday_photo_by_holiday ON holiday_photo USING btree (holiday_id, "position") WHERE (removed_at IS NULL);

CREATE INDEX info_letter_sent_by_order ON info_letter_sent USING btree (order_id);

CREATE INDEX instalment_by_booking ON instalment USING btree (booking_id);

CREATE INDEX instalment_by_order ON instalment USING btree (order_id) WHERE (void_at IS NULL);

CREATE INDEX instalment_due ON instalment USING btree (due_on) WHERE (void_at IS NULL);

CREATE INDEX invoice_by_due ON invoice USING btree (due_on, id);

CREATE INDEX invoice_by_order ON invoice USING btree (order_id);

CREATE INDEX invoice_credit ON invoice USING btree (due_on, id) WHERE (kind = 'credit'::text);

CREATE INDEX invoice_line_by_booking ON invoice_line USING btree (booking_id);

CREATE INDEX invoice_line_by_instalment ON invoice_line USING btree (instalment_id);

CREATE INDEX invoice_open_by_due ON invoice_open USING btree (due_on);

CREATE INDEX invoice_open_small ON invoice_open USING btree (invoice_id) WHERE (open_cents <= 500);

CREATE INDEX job_due ON job USING btree (run_at, id) WHERE (state = 'waiting'::text);

CREATE INDEX job_ended ON job USING btree (state, ended_at) WHERE (state = ANY (ARRAY['done'::text, 'dead'::text]));

CREATE INDEX job_leased ON job USING btree (leased_until) WHERE (state = 'running'::text);

CREATE UNIQUE INDEX job_unique_key ON job USING btree (kind, unique_key) WHERE (unique_key IS NOT NULL);

CREATE INDEX known_browser_by_expiry ON known_browser USING btree (expires_at);

CREATE INDEX known_browser_by_guardian ON known_browser USING btree (guardian_id) WHERE (guardian_id IS NOT NULL);

CREATE INDEX known_browser_by_staff ON known_browser USING btree (staff_id) WHERE (staff_id IS NOT NULL);

CREATE INDEX list_file_by_departure ON list_file USING btree (departure_id, id DESC);

CREATE INDEX mail_bounce_event_by_address ON mail_bounce_event USING btree (address, id);

CREATE INDEX mail_by_order ON mail USING btree (order_id, created_at) WHERE (order_id IS NOT NULL);

CREATE INDEX mail_dead ON mail USING btree (dead_at) WHERE ((dead_at IS NOT NULL) AND (handled_at IS NULL) AND (NOT secret));

CREATE INDEX mail_kept ON mail USING btree (created_at) WHERE (to_address <> 'gewist@example.invalid'::text);

CREATE UNIQUE INDEX mail_once_per_job ON mail USING btree (job_id, md5(((((((((kind || ' '::text) || COALESCE(order_id, (0)::bigint)) || ' '::text) || to_address) || ' '::text) || subject) || ' '::text) || body_text))) WHERE (job_id IS NOT NULL);

CREATE UNIQUE INDEX mail_template_name_once ON mail_template USING btree (lower(name)) WHERE (retired_at IS NULL);

CREATE INDEX mail_waiting ON mail USING btree (created_at) WHERE ((sent_at IS NULL) AND (dead_at IS NULL));

CREATE INDEX movement_match_by_movement ON movement_match USING btree (movement_id);

CREATE INDEX movement_match_by_order ON movement_match USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX movement_match_by_payout ON movement_match USING btree (payout_id) WHERE (payout_id IS NOT NULL);

CREATE INDEX order_note_by_guardian ON order_note USING btree (guardian_id, id) WHERE (guardian_id IS NOT NULL);

CREATE INDEX order_note_by_order ON order_note USING btree (order_id, id);

CREATE INDEX order_note_pin_by_note ON order_note_pin USING btree (note_id, id);

CREATE UNIQUE INDEX participant_bar_once ON participant_bar USING btree (participant_id) WHERE (ended_at IS NULL);

CREATE INDEX participant_by_name ON participant USING btree (lower(last_name), lower(first_name), id);

CREATE INDEX payer_by_guardian ON payer USING btree (guardian_id, id DESC);

CREATE INDEX payment_attempt_by_order ON payment_attempt USING btree (order_id, created_at DESC);

CREATE UNIQUE INDEX payment_attempt_instalment_once ON payment_attempt_instalment USING btree (instalment_id) WHERE (released_at IS NULL);

CREATE INDEX payment_attempt_order_by_order ON payment_attempt_order USING btree (order_id);

CREATE INDEX payment_attempt_to_check ON payment_attempt USING btree (check_at) WHERE (check_at IS NOT NULL);

CREATE INDEX payment_by_order ON payment USING btree (order_id);

CREATE INDEX payment_withdrawal_by_order ON payment_withdrawal USING btree (order_id);

CREATE INDEX payment_withdrawal_by_payment ON payment_withdrawal USING btree (payment_id);

CREATE INDEX place_of_checkout ON place USING btree (checkout_id) WHERE (checkout_id IS NOT NULL);

CREATE INDEX place_to_take ON place USING btree (departure_id, held_until NULLS FIRST) WHERE (booking_id IS NULL);

CREATE INDEX posting_by_account ON posting USING btree (account, entry_id);

CREATE INDEX posting_by_booking ON posting USING btree (booking_id) WHERE (booking_id IS NOT NULL);

CREATE INDEX price_rise_by_booking ON price_rise USING btree (booking_id, id);

CREATE INDEX rate_limit_by_end ON rate_limit USING btree (free_at);

CREATE INDEX recovery_code_by_staff ON recovery_code USING btree (staff_id);

CREATE INDEX refund_account_by_order ON refund_account USING btree (order_id, id DESC);

CREATE INDEX refund_approval_by_refund ON refund_approval USING btree (refund_id, id DESC);

CREATE INDEX refund_batch_item_by_batch ON refund_batch_item USING btree (batch_id);

CREATE INDEX refund_by_order ON refund USING btree (order_id);

CREATE INDEX refund_by_payment ON refund USING btree (payment_id);

CREATE INDEX request_file_by_message ON request_file USING btree (message_id);

CREATE INDEX request_message_by_request ON request_message USING btree (request_id, id);

CREATE INDEX search_entry_exact ON search_entry USING gin (exact);

CREATE INDEX search_entry_newest ON search_entry USING btree (last_at DESC);

CREATE INDEX search_entry_words ON search_entry USING gin (words gin_trgm_ops);

CREATE INDEX session_by_expiry ON session USING btree (expires_at);

CREATE INDEX session_by_guardian ON session USING btree (guardian_id) WHERE (guardian_id IS NOT NULL);

CREATE INDEX session_by_staff ON session USING btree (staff_id) WHERE (staff_id IS NOT NULL);

CREATE INDEX sign_in_code_by_email ON sign_in_code USING btree (email, created_at DESC);

CREATE INDEX sign_in_event_by_guardian ON sign_in_event USING btree (guardian_id, at) WHERE (guardian_id IS NOT NULL);

CREATE INDEX sign_in_event_by_staff ON sign_in_event USING btree (staff_id, at) WHERE (staff_id IS NOT NULL);

CREATE INDEX small_difference_by_instalment ON small_difference USING btree (instalment_id) WHERE (instalment_id IS NOT NULL);

CREATE INDEX small_difference_by_order ON small_difference USING btree (order_id);

CREATE INDEX staff_invitation_by_staff ON staff_invitation USING btree (staff_id);

CREATE INDEX stripe_dispute_by_order ON stripe_dispute USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX stripe_event_by_time ON stripe_event USING btree (happened_at);

CREATE INDEX stripe_event_waiting ON stripe_event USING btree (received_at) WHERE (done_at IS NULL);

CREATE INDEX stripe_finding_open ON stripe_finding USING btree (found_at) WHERE (settled_at IS NULL);

CREATE INDEX stripe_movement_by_source ON stripe_movement USING btree (source_id) WHERE (source_id <> ''::text);

CREATE INDEX stripe_movement_by_time ON stripe_movement USING btree (made_at);

CREATE INDEX stripe_payout_by_arrival ON stripe_payout USING btree (arrives_on);

CREATE INDEX stripe_payout_movement_by_payout ON stripe_payout_movement USING btree (payout_id);

CREATE INDEX target_group_event_by_group ON target_group_event USING btree (group_id, id);

CREATE INDEX waitlist_child_by_participant ON waitlist_child USING btree (participant_id);

CREATE INDEX waitlist_entry_by_guardian ON waitlist_entry USING btree (guardian_id, joined_at);

CREATE UNIQUE INDEX waitlist_entry_once ON waitlist_entry USING btree (departure_id, guardian_id) WHERE (ended_at IS NULL);

CREATE INDEX waitlist_entry_waiting ON waitlist_entry USING btree (departure_id, priority DESC, joined_at, id) WHERE (status = 'waiting'::text);

CREATE INDEX waitlist_event_by_entry ON waitlist_event USING btree (entry_id, id);

CREATE UNIQUE INDEX waitlist_offer_one_open ON waitlist_offer USING btree (entry_id) WHERE (status = 'open'::text);

CREATE INDEX waitlist_offer_open ON waitlist_offer USING btree (deadline) WHERE (status = 'open'::text);

CREATE TRIGGER allocation_credits AFTER INSERT ON allocation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

CREATE TRIGGER allocation_insert_only BEFORE DELETE OR UPDATE ON allocation FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER allocation_never_emptied BEFORE TRUNCATE ON allocation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER allocation_opens AFTER INSERT ON allocation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_open_follow();

CREATE TRIGGER assignment_event_insert_only BEFORE DELETE OR UPDATE ON assignment_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER assignment_event_never_emptied BEFORE TRUNCATE ON assignment_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_file_insert_only BEFORE DELETE OR UPDATE ON bank_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_file_never_emptied BEFORE TRUNCATE ON bank_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_movement_insert_only BEFORE DELETE OR UPDATE ON bank_movement FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_movement_never_emptied BEFORE TRUNCATE ON bank_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_skip_insert_only BEFORE DELETE OR UPDATE ON bank_skip FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_skip_never_emptied BEFORE TRUNCATE ON bank_skip FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_statement_insert_only BEFORE DELETE OR UPDATE ON bank_statement FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bank_statement_never_emptied BEFORE TRUNCATE ON bank_statement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER booking_departure_runs BEFORE UPDATE OF status ON booking FOR EACH ROW WHEN ((new.status <> 'cancelled'::text)) EXECUTE FUNCTION booking_departure_runs();

CREATE TRIGGER booking_departure_runs_new AFTER INSERT ON booking REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bookings_departures_run();

CREATE TRIGGER booking_event_insert_only BEFORE DELETE OR UPDATE ON booking_event FOR EACH ROW EXECUTE FUNCTION refuse_unless_forgotten();

CREATE TRIGGER booking_event_never_emptied BEFORE TRUNCATE ON booking_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER booking_order_search AFTER UPDATE OF guardian_id, payer_id, payer_name, payer_email, payer_phone, payer_street, payer_postal_code, payer_city ON booking_order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

CREATE TRIGGER booking_order_search_new AFTER INSERT ON booking_order REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_new();

CREATE CONSTRAINT TRIGGER booking_search AFTER UPDATE OF participant_id, departure_id, order_id ON booking DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

CREATE TRIGGER booking_search_new AFTER INSERT ON booking REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_new();

CREATE TRIGGER booking_within_limits_changed AFTER UPDATE OF departure_id, boarding_place_id, participant_id, status ON booking FOR EACH ROW WHEN (((new.status <> 'cancelled'::text) AND ((((old.departure_id IS DISTINCT FROM new.departure_id) OR (old.participant_id IS DISTINCT FROM new.participant_id)) OR (old.boarding_place_id IS DISTINCT FROM new.boarding_place_id)) OR (old.status IS DISTINCT FROM new.status)))) EXECUTE FUNCTION booking_within_limits();

CREATE TRIGGER booking_within_limits_new AFTER INSERT ON booking REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bookings_within_limits();

CREATE TRIGGER capacity_event_insert_only BEFORE DELETE OR UPDATE ON capacity_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER capacity_event_never_emptied BEFORE TRUNCATE ON capacity_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER catalogue_event_insert_only BEFORE DELETE OR UPDATE ON catalogue_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER catalogue_event_never_emptied BEFORE TRUNCATE ON catalogue_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER charge_insert_only BEFORE DELETE OR UPDATE ON charge FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER charge_never_emptied BEFORE TRUNCATE ON charge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decision_departure_insert_only BEFORE DELETE OR UPDATE ON decision_departure FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decision_departure_never_emptied BEFORE TRUNCATE ON decision_departure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decision_insert_only BEFORE DELETE OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decision_never_emptied BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decision_offer_insert_only BEFORE DELETE OR UPDATE ON decision_offer FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decision_offer_never_emptied BEFORE TRUNCATE ON decision_offer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_batch_end_insert_only BEFORE DELETE OR UPDATE ON dunning_batch_end FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_batch_end_never_emptied BEFORE TRUNCATE ON dunning_batch_end FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_batch_insert_only BEFORE DELETE OR UPDATE ON dunning_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_batch_never_emptied BEFORE TRUNCATE ON dunning_batch FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_charge_insert_only BEFORE DELETE OR UPDATE ON dunning_charge FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_charge_never_emptied BEFORE TRUNCATE ON dunning_charge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_costs_insert_only BEFORE DELETE OR UPDATE ON dunning_costs FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_costs_never_emptied BEFORE TRUNCATE ON dunning_costs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_letter_insert_only BEFORE DELETE OR UPDATE ON dunning_letter FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_letter_never_emptied BEFORE TRUNCATE ON dunning_letter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_pause_insert_only BEFORE DELETE OR UPDATE ON dunning_pause FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_pause_never_emptied BEFORE TRUNCATE ON dunning_pause FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_step_insert_only BEFORE DELETE OR UPDATE ON dunning_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dunning_step_never_emptied BEFORE TRUNCATE ON dunning_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();

CREATE TRIGGER entry_insert_only BEFORE DELETE OR UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER entry_never_emptied BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER entry_period_open AFTER INSERT ON entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_in_open_month();

CREATE TRIGGER epc_setting_insert_only BEFORE DELETE OR UPDATE ON epc_setting FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER epc_setting_never_emptied BEFORE TRUNCATE ON epc_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_access_insert_only BEFORE DELETE OR UPDATE ON fiche_access FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_access_never_emptied BEFORE TRUNCATE ON fiche_access FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_promise_insert_only BEFORE DELETE OR UPDATE ON fiche_promise FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_promise_never_emptied BEFORE TRUNCATE ON fiche_promise FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_record_insert_only BEFORE DELETE OR UPDATE ON fiche_record FOR EACH ROW EXECUTE FUNCTION refuse_unless_wiped();

CREATE TRIGGER fiche_record_never_emptied BEFORE TRUNCATE ON fiche_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_setting_insert_only BEFORE DELETE OR UPDATE ON fiche_setting FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_setting_never_emptied BEFORE TRUNCATE ON fiche_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_tombstone_insert_only BEFORE DELETE OR UPDATE ON fiche_tombstone FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_tombstone_never_emptied BEFORE TRUNCATE ON fiche_tombstone FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_verified_insert_only BEFORE DELETE OR UPDATE ON fiche_verified FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER fiche_verified_never_emptied BEFORE TRUNCATE ON fiche_verified FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER goodwill_decision_insert_only BEFORE DELETE OR UPDATE ON goodwill_decision FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER goodwill_decision_never_emptied BEFORE TRUNCATE ON goodwill_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER goodwill_insert_only BEFORE DELETE OR UPDATE ON goodwill FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER goodwill_never_emptied BEFORE TRUNCATE ON goodwill FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER guardian_search AFTER INSERT OR UPDATE OF first_name, last_name, email, phone, street, postal_code, city ON guardian DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

CREATE TRIGGER guardianship_event_insert_only BEFORE DELETE OR UPDATE ON guardianship_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER guardianship_event_never_emptied BEFORE TRUNCATE ON guardianship_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER guardianship_search AFTER DELETE ON guardianship DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

CREATE TRIGGER guardianship_search_new AFTER INSERT ON guardianship REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_new();

CREATE TRIGGER holiday_search AFTER UPDATE ON holiday REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION search_follow_holidays();

CREATE TRIGGER instalment_opens AFTER UPDATE ON instalment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_open_follow();

CREATE TRIGGER invoice_correction_insert_only BEFORE DELETE OR UPDATE ON invoice_correction FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_correction_never_emptied BEFORE TRUNCATE ON invoice_correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_insert_only BEFORE DELETE OR UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_line_insert_only BEFORE DELETE OR UPDATE ON invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_line_never_emptied BEFORE TRUNCATE ON invoice_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_line_opens AFTER INSERT ON invoice_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_line_opens();

CREATE TRIGGER invoice_never_emptied BEFORE TRUNCATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_number_insert_only BEFORE DELETE OR UPDATE ON invoice_number FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_number_never_emptied BEFORE TRUNCATE ON invoice_number FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_number_search AFTER INSERT ON invoice_number REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_numbers();

CREATE TRIGGER list_file_insert_only BEFORE DELETE OR UPDATE ON list_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER list_file_never_emptied BEFORE TRUNCATE ON list_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER mail_attachment_insert_only BEFORE DELETE OR UPDATE ON mail_attachment FOR EACH ROW EXECUTE FUNCTION refuse_unless_emptied();

CREATE TRIGGER mail_attachment_never_emptied BEFORE TRUNCATE ON mail_attachment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER mail_file_insert_only BEFORE DELETE OR UPDATE ON mail_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER mail_file_never_emptied BEFORE TRUNCATE ON mail_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER mail_files_follow AFTER UPDATE OF to_address ON mail FOR EACH ROW WHEN (((new.to_address = 'gewist@example.invalid'::text) AND (old.to_address <> new.to_address))) EXECUTE FUNCTION mail_files_follow();

CREATE TRIGGER mail_template_version_insert_only BEFORE DELETE OR UPDATE ON mail_template_version FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER mail_template_version_never_emptied BEFORE TRUNCATE ON mail_template_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER movement_match_insert_only BEFORE DELETE OR UPDATE ON movement_match FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER movement_match_never_emptied BEFORE TRUNCATE ON movement_match FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER order_note_pin_insert_only BEFORE DELETE OR UPDATE ON order_note_pin FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER order_note_pin_never_emptied BEFORE TRUNCATE ON order_note_pin FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER participant_search AFTER UPDATE OF first_name, last_name ON participant DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

CREATE CONSTRAINT TRIGGER payer_search AFTER INSERT OR UPDATE ON payer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

CREATE TRIGGER payment_attempt_forward BEFORE UPDATE ON payment_attempt FOR EACH ROW EXECUTE FUNCTION attempt_moves_forward();

CREATE TRIGGER payment_attempt_order_insert_only BEFORE DELETE OR UPDATE ON payment_attempt_order FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_attempt_order_never_emptied BEFORE TRUNCATE ON payment_attempt_order FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_credits AFTER INSERT ON payment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

CREATE TRIGGER payment_insert_only BEFORE DELETE OR UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_never_emptied BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_withdrawal_credits AFTER INSERT ON payment_withdrawal REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

CREATE TRIGGER payment_withdrawal_insert_only BEFORE DELETE OR UPDATE ON payment_withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_withdrawal_never_emptied BEFORE TRUNCATE ON payment_withdrawal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER period_balance_insert_only BEFORE DELETE OR UPDATE ON period_balance FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER period_balance_never_emptied BEFORE TRUNCATE ON period_balance FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER period_close_insert_only BEFORE DELETE OR UPDATE ON period_close FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER period_close_never_emptied BEFORE TRUNCATE ON period_close FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER policy_insert_only BEFORE DELETE OR UPDATE ON policy FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER policy_never_emptied BEFORE TRUNCATE ON policy FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER posting_balanced AFTER INSERT ON posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION postings_balance();

CREATE TRIGGER posting_insert_only BEFORE DELETE OR UPDATE ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER posting_never_emptied BEFORE TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER price_list_insert_only BEFORE DELETE OR UPDATE ON price_list FOR EACH ROW EXECUTE FUNCTION refuse_price_change();

CREATE TRIGGER price_list_never_emptied BEFORE TRUNCATE ON price_list FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER price_rise_insert_only BEFORE DELETE OR UPDATE ON price_rise FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER price_rise_never_emptied BEFORE TRUNCATE ON price_rise FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_account_insert_only BEFORE DELETE OR UPDATE ON refund_account FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_account_never_emptied BEFORE TRUNCATE ON refund_account FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_approval_insert_only BEFORE DELETE OR UPDATE ON refund_approval FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_approval_never_emptied BEFORE TRUNCATE ON refund_approval FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_batch_insert_only BEFORE DELETE OR UPDATE ON refund_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_batch_item_insert_only BEFORE DELETE OR UPDATE ON refund_batch_item FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_batch_item_never_emptied BEFORE TRUNCATE ON refund_batch_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_batch_never_emptied BEFORE TRUNCATE ON refund_batch FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_credits AFTER INSERT ON refund REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

CREATE TRIGGER refund_insert_only BEFORE DELETE OR UPDATE ON refund FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_never_emptied BEFORE TRUNCATE ON refund FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_step_credits AFTER INSERT ON refund_step REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

CREATE TRIGGER refund_step_insert_only BEFORE DELETE OR UPDATE ON refund_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refund_step_never_emptied BEFORE TRUNCATE ON refund_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sign_in_event_insert_only BEFORE DELETE OR UPDATE ON sign_in_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sign_in_event_never_emptied BEFORE TRUNCATE ON sign_in_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER small_difference_credits AFTER INSERT ON small_difference REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION order_credit_follow();

CREATE TRIGGER small_difference_insert_only BEFORE DELETE OR UPDATE ON small_difference FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER small_difference_limit_insert_only BEFORE DELETE OR UPDATE ON small_difference_limit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER small_difference_limit_never_emptied BEFORE TRUNCATE ON small_difference_limit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER small_difference_never_emptied BEFORE TRUNCATE ON small_difference FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stripe_movement_insert_only BEFORE DELETE OR UPDATE ON stripe_movement FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stripe_movement_never_emptied BEFORE TRUNCATE ON stripe_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stripe_payout_movement_insert_only BEFORE DELETE OR UPDATE ON stripe_payout_movement FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stripe_payout_movement_never_emptied BEFORE TRUNCATE ON stripe_payout_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER target_group_event_insert_only BEFORE DELETE OR UPDATE ON target_group_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER target_group_event_never_emptied BEFORE TRUNCATE ON target_group_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER waitlist_event_insert_only BEFORE DELETE OR UPDATE ON waitlist_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER waitlist_event_never_emptied BEFORE TRUNCATE ON waitlist_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_instalment_id_fkey FOREIGN KEY (instalment_id) REFERENCES instalment(id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT assignment_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY assignment_event
    ADD CONSTRAINT assignment_event_by_staff_id_fkey FOREIGN KEY (by_staff_id) REFERENCES staff(id);

ALTER TABLE ONLY assignment_event
    ADD CONSTRAINT assignment_event_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY assignment_event
    ADD CONSTRAINT assignment_event_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT assignment_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY bank_file
    ADD CONSTRAINT bank_file_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY bank_movement
    ADD CONSTRAINT bank_movement_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES bank_statement(id);

ALTER TABLE ONLY bank_skip
    ADD CONSTRAINT bank_skip_file_id_fkey FOREIGN KEY (file_id) REFERENCES bank_file(id);

ALTER TABLE ONLY bank_statement
    ADD CONSTRAINT bank_statement_file_id_fkey FOREIGN KEY (file_id) REFERENCES bank_file(id);

ALTER TABLE ONLY bar_try
    ADD CONSTRAINT bar_try_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY bar_try
    ADD CONSTRAINT bar_try_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id) ON DELETE CASCADE;

ALTER TABLE ONLY bar_try
    ADD CONSTRAINT bar_try_handled_by_fkey FOREIGN KEY (handled_by) REFERENCES staff(id);

ALTER TABLE ONLY bar_try
    ADD CONSTRAINT bar_try_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id) ON DELETE CASCADE;

ALTER TABLE ONLY boarding_place
    ADD CONSTRAINT boarding_place_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_boarding_place_id_fkey FOREIGN KEY (boarding_place_id) REFERENCES boarding_place(id);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY booking_event
    ADD CONSTRAINT booking_event_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY booking_event
    ADD CONSTRAINT booking_event_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY booking_extra
    ADD CONSTRAINT booking_extra_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY booking_extra
    ADD CONSTRAINT booking_extra_extra_id_fkey FOREIGN KEY (extra_id) REFERENCES extra(id);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES payer(id);

ALTER TABLE ONLY booking_order
    ADD CONSTRAINT booking_order_policy_hash_fkey FOREIGN KEY (policy_hash) REFERENCES policy(hash);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_policy_hash_fkey FOREIGN KEY (policy_hash) REFERENCES policy(hash);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list(id);

ALTER TABLE ONLY booking
    ADD CONSTRAINT booking_rebooked_from_fkey FOREIGN KEY (rebooked_from) REFERENCES booking(id);

ALTER TABLE ONLY capacity_event
    ADD CONSTRAINT capacity_event_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY care_review
    ADD CONSTRAINT care_review_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES staff(id);

ALTER TABLE ONLY care_review
    ADD CONSTRAINT care_review_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY catalogue_event
    ADD CONSTRAINT catalogue_event_season_id_fkey FOREIGN KEY (season_id) REFERENCES season(id);

ALTER TABLE ONLY catalogue_import
    ADD CONSTRAINT catalogue_import_season_id_fkey FOREIGN KEY (season_id) REFERENCES season(id);

ALTER TABLE ONLY catalogue_import
    ADD CONSTRAINT catalogue_import_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY charge
    ADD CONSTRAINT charge_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY charge
    ADD CONSTRAINT charge_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY charge
    ADD CONSTRAINT charge_reverses_id_fkey FOREIGN KEY (reverses_id) REFERENCES charge(id);

ALTER TABLE ONLY charge
    ADD CONSTRAINT charge_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY checkout_child
    ADD CONSTRAINT checkout_child_boarding_place_id_fkey FOREIGN KEY (boarding_place_id) REFERENCES boarding_place(id);

ALTER TABLE ONLY checkout_child
    ADD CONSTRAINT checkout_child_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES checkout(id);

ALTER TABLE ONLY checkout_child
    ADD CONSTRAINT checkout_child_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY checkout_child
    ADD CONSTRAINT checkout_child_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY checkout_extra
    ADD CONSTRAINT checkout_extra_checkout_id_position_fkey FOREIGN KEY (checkout_id, "position") REFERENCES checkout_child(checkout_id, "position") ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY checkout_extra
    ADD CONSTRAINT checkout_extra_extra_id_fkey FOREIGN KEY (extra_id) REFERENCES extra(id);

ALTER TABLE ONLY checkout
    ADD CONSTRAINT checkout_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY checkout
    ADD CONSTRAINT checkout_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES payer(id);

ALTER TABLE ONLY circular
    ADD CONSTRAINT circular_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY circular_recipient
    ADD CONSTRAINT circular_recipient_circular_id_fkey FOREIGN KEY (circular_id) REFERENCES circular(id);

ALTER TABLE ONLY circular_recipient
    ADD CONSTRAINT circular_recipient_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mail(id);

ALTER TABLE ONLY circular_recipient
    ADD CONSTRAINT circular_recipient_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY circular
    ADD CONSTRAINT circular_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY circular
    ADD CONSTRAINT circular_template_version FOREIGN KEY (template_id, version) REFERENCES mail_template_version(template_id, version);

ALTER TABLE ONLY decision_departure
    ADD CONSTRAINT decision_departure_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decision(id);

ALTER TABLE ONLY decision_departure
    ADD CONSTRAINT decision_departure_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY decision_item
    ADD CONSTRAINT decision_item_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY decision_item
    ADD CONSTRAINT decision_item_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decision(id);

ALTER TABLE ONLY decision_item
    ADD CONSTRAINT decision_item_fresh_id_fkey FOREIGN KEY (fresh_id) REFERENCES booking(id);

ALTER TABLE ONLY decision_item
    ADD CONSTRAINT decision_item_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY decision_offer
    ADD CONSTRAINT decision_offer_boarding_place_id_fkey FOREIGN KEY (boarding_place_id) REFERENCES boarding_place(id);

ALTER TABLE ONLY decision_offer
    ADD CONSTRAINT decision_offer_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES checkout(id);

ALTER TABLE ONLY decision_offer
    ADD CONSTRAINT decision_offer_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY decision_offer
    ADD CONSTRAINT decision_offer_item_id_fkey FOREIGN KEY (item_id) REFERENCES decision_item(id);

ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_to_departure_fkey FOREIGN KEY (to_departure) REFERENCES departure(id);

ALTER TABLE ONLY departure
    ADD CONSTRAINT departure_holiday_id_fkey FOREIGN KEY (holiday_id) REFERENCES holiday(id);

ALTER TABLE ONLY departure_limit
    ADD CONSTRAINT departure_limit_boarding_place_id_fkey FOREIGN KEY (boarding_place_id) REFERENCES boarding_place(id);

ALTER TABLE ONLY departure_limit
    ADD CONSTRAINT departure_limit_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY discount
    ADD CONSTRAINT discount_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY discount
    ADD CONSTRAINT discount_stopped_by_fkey FOREIGN KEY (stopped_by) REFERENCES staff(id);

ALTER TABLE ONLY discount_use
    ADD CONSTRAINT discount_use_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY discount_use
    ADD CONSTRAINT discount_use_discount_id_fkey FOREIGN KEY (discount_id) REFERENCES discount(id);

ALTER TABLE ONLY dunning_batch_end
    ADD CONSTRAINT dunning_batch_end_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES dunning_batch(id);

ALTER TABLE ONLY dunning_batch_end
    ADD CONSTRAINT dunning_batch_end_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY dunning_batch
    ADD CONSTRAINT dunning_batch_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY dunning_charge
    ADD CONSTRAINT dunning_charge_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY dunning_charge
    ADD CONSTRAINT dunning_charge_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY dunning_charge
    ADD CONSTRAINT dunning_charge_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY dunning_costs
    ADD CONSTRAINT dunning_costs_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY dunning_letter
    ADD CONSTRAINT dunning_letter_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES dunning_batch(id);

ALTER TABLE ONLY dunning_letter
    ADD CONSTRAINT dunning_letter_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY dunning_pause
    ADD CONSTRAINT dunning_pause_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY dunning_pause
    ADD CONSTRAINT dunning_pause_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY dunning_step
    ADD CONSTRAINT dunning_step_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mail(id);

ALTER TABLE ONLY dunning_step
    ADD CONSTRAINT dunning_step_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY epc_setting
    ADD CONSTRAINT epc_setting_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY evidence_file
    ADD CONSTRAINT evidence_file_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY extra
    ADD CONSTRAINT extra_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY extra
    ADD CONSTRAINT extra_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY family_request
    ADD CONSTRAINT family_request_agreed_by_fkey FOREIGN KEY (agreed_by) REFERENCES staff(id);

ALTER TABLE ONLY family_request
    ADD CONSTRAINT family_request_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY family_request
    ADD CONSTRAINT family_request_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY fiche_alert
    ADD CONSTRAINT fiche_alert_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY fiche_alert
    ADD CONSTRAINT fiche_alert_handled_by_fkey FOREIGN KEY (handled_by) REFERENCES staff(id);

ALTER TABLE ONLY fiche_alert
    ADD CONSTRAINT fiche_alert_note_id_fkey FOREIGN KEY (note_id) REFERENCES fiche_note(id);

ALTER TABLE ONLY fiche_alert
    ADD CONSTRAINT fiche_alert_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY fiche_bundle
    ADD CONSTRAINT fiche_bundle_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY fiche_bundle
    ADD CONSTRAINT fiche_bundle_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY fiche
    ADD CONSTRAINT fiche_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY fiche_hold
    ADD CONSTRAINT fiche_hold_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY fiche_hold
    ADD CONSTRAINT fiche_hold_placed_by_fkey FOREIGN KEY (placed_by) REFERENCES staff(id);

ALTER TABLE ONLY fiche_hold
    ADD CONSTRAINT fiche_hold_placed_note_id_fkey FOREIGN KEY (placed_note_id) REFERENCES fiche_note(id);

ALTER TABLE ONLY fiche_hold
    ADD CONSTRAINT fiche_hold_released_by_fkey FOREIGN KEY (released_by) REFERENCES staff(id);

ALTER TABLE ONLY fiche_hold
    ADD CONSTRAINT fiche_hold_released_note_id_fkey FOREIGN KEY (released_note_id) REFERENCES fiche_note(id);

ALTER TABLE ONLY fiche_key
    ADD CONSTRAINT fiche_key_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY fiche_note
    ADD CONSTRAINT fiche_note_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY fiche_note
    ADD CONSTRAINT fiche_note_written_by_fkey FOREIGN KEY (written_by) REFERENCES staff(id);

ALTER TABLE ONLY fiche
    ADD CONSTRAINT fiche_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES guardian(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_reason_id_fkey FOREIGN KEY (reason_id) REFERENCES fiche_note(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_review_note_id_fkey FOREIGN KEY (review_note_id) REFERENCES fiche_note(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES staff(id);

ALTER TABLE ONLY fiche_override
    ADD CONSTRAINT fiche_override_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY fiche
    ADD CONSTRAINT fiche_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY fiche_promise
    ADD CONSTRAINT fiche_promise_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY fiche_record
    ADD CONSTRAINT fiche_record_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY fiche_record
    ADD CONSTRAINT fiche_record_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY fiche_section
    ADD CONSTRAINT fiche_section_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY fiche_setting
    ADD CONSTRAINT fiche_setting_set_by_fkey FOREIGN KEY (set_by) REFERENCES staff(id);

ALTER TABLE ONLY fiche
    ADD CONSTRAINT fiche_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES guardian(id);

ALTER TABLE ONLY fiche_summary
    ADD CONSTRAINT fiche_summary_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY fiche_upload
    ADD CONSTRAINT fiche_upload_fiche_id_fkey FOREIGN KEY (fiche_id) REFERENCES fiche(id);

ALTER TABLE ONLY goodwill
    ADD CONSTRAINT goodwill_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES staff(id);

ALTER TABLE ONLY goodwill
    ADD CONSTRAINT goodwill_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY goodwill_decision
    ADD CONSTRAINT goodwill_decision_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES staff(id);

ALTER TABLE ONLY goodwill_decision
    ADD CONSTRAINT goodwill_decision_goodwill_id_fkey FOREIGN KEY (goodwill_id) REFERENCES goodwill(id);

ALTER TABLE ONLY goodwill
    ADD CONSTRAINT goodwill_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY guardian_invitation_child
    ADD CONSTRAINT guardian_invitation_child_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES guardian_invitation(id) ON DELETE CASCADE;

ALTER TABLE ONLY guardian_invitation_child
    ADD CONSTRAINT guardian_invitation_child_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY guardian_invitation
    ADD CONSTRAINT guardian_invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES guardian(id);

ALTER TABLE ONLY guardianship_event
    ADD CONSTRAINT guardianship_event_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY guardianship_event
    ADD CONSTRAINT guardianship_event_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY guardianship
    ADD CONSTRAINT guardianship_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY guardianship
    ADD CONSTRAINT guardianship_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY holiday_photo
    ADD CONSTRAINT holiday_photo_holiday_id_fkey FOREIGN KEY (holiday_id) REFERENCES holiday(id) ON DELETE CASCADE;

ALTER TABLE ONLY holiday_photo_size
    ADD CONSTRAINT holiday_photo_size_photo_id_fkey FOREIGN KEY (photo_id) REFERENCES holiday_photo(id) ON DELETE CASCADE;

ALTER TABLE ONLY holiday
    ADD CONSTRAINT holiday_season_id_fkey FOREIGN KEY (season_id) REFERENCES season(id);

ALTER TABLE ONLY holiday
    ADD CONSTRAINT holiday_target_group_fkey FOREIGN KEY (target_group) REFERENCES target_group(name) ON UPDATE CASCADE;

ALTER TABLE ONLY info_letter
    ADD CONSTRAINT info_letter_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY info_letter
    ADD CONSTRAINT info_letter_file_id_fkey FOREIGN KEY (file_id) REFERENCES mail_file(id);

ALTER TABLE ONLY info_letter
    ADD CONSTRAINT info_letter_ready_by_fkey FOREIGN KEY (ready_by) REFERENCES staff(id);

ALTER TABLE ONLY info_letter_sent
    ADD CONSTRAINT info_letter_sent_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES info_letter(departure_id);

ALTER TABLE ONLY info_letter_sent
    ADD CONSTRAINT info_letter_sent_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mail(id);

ALTER TABLE ONLY info_letter_sent
    ADD CONSTRAINT info_letter_sent_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY info_letter
    ADD CONSTRAINT info_letter_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY instalment
    ADD CONSTRAINT instalment_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY instalment
    ADD CONSTRAINT instalment_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY invoice_correction
    ADD CONSTRAINT invoice_correction_corrected_id_fkey FOREIGN KEY (corrected_id) REFERENCES invoice(id);

ALTER TABLE ONLY invoice_correction
    ADD CONSTRAINT invoice_correction_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT invoice_line_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT invoice_line_instalment_id_fkey FOREIGN KEY (instalment_id) REFERENCES instalment(id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT invoice_line_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id);

ALTER TABLE ONLY invoice_number
    ADD CONSTRAINT invoice_number_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id);

ALTER TABLE ONLY invoice_open
    ADD CONSTRAINT invoice_open_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id);

ALTER TABLE ONLY invoice
    ADD CONSTRAINT invoice_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY invoice_waiting
    ADD CONSTRAINT invoice_waiting_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id);

ALTER TABLE ONLY known_browser
    ADD CONSTRAINT known_browser_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY known_browser
    ADD CONSTRAINT known_browser_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY list_file
    ADD CONSTRAINT list_file_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY mail_attachment
    ADD CONSTRAINT mail_attachment_file_id_fkey FOREIGN KEY (file_id) REFERENCES mail_file(id);

ALTER TABLE ONLY mail_attachment
    ADD CONSTRAINT mail_attachment_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id);

ALTER TABLE ONLY mail_attachment
    ADD CONSTRAINT mail_attachment_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mail(id);

ALTER TABLE ONLY mail_bounce_event
    ADD CONSTRAINT mail_bounce_event_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY mail_bounce
    ADD CONSTRAINT mail_bounce_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY mail
    ADD CONSTRAINT mail_handled_by_fkey FOREIGN KEY (handled_by) REFERENCES staff(id);

ALTER TABLE ONLY mail
    ADD CONSTRAINT mail_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY mail
    ADD CONSTRAINT mail_resent_as_fkey FOREIGN KEY (resent_as) REFERENCES mail(id);

ALTER TABLE ONLY mail_template_version
    ADD CONSTRAINT mail_template_version_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY mail_template_version
    ADD CONSTRAINT mail_template_version_template_id_fkey FOREIGN KEY (template_id) REFERENCES mail_template(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_account_fkey FOREIGN KEY (account) REFERENCES account(code);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_movement_id_fkey FOREIGN KEY (movement_id) REFERENCES bank_movement(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES stripe_payout(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY movement_match
    ADD CONSTRAINT movement_match_undoes_id_fkey FOREIGN KEY (undoes_id) REFERENCES movement_match(id);

ALTER TABLE ONLY order_credit
    ADD CONSTRAINT order_credit_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY order_note
    ADD CONSTRAINT order_note_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY order_note
    ADD CONSTRAINT order_note_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY order_note_pin
    ADD CONSTRAINT order_note_pin_note_id_fkey FOREIGN KEY (note_id) REFERENCES order_note(id);

ALTER TABLE ONLY order_note_pin
    ADD CONSTRAINT order_note_pin_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY order_note
    ADD CONSTRAINT order_note_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY participant_bar
    ADD CONSTRAINT participant_bar_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES staff(id);

ALTER TABLE ONLY participant_bar
    ADD CONSTRAINT participant_bar_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY participant_bar
    ADD CONSTRAINT participant_bar_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id) ON DELETE CASCADE;

ALTER TABLE ONLY payer
    ADD CONSTRAINT payer_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY payment_attempt_instalment
    ADD CONSTRAINT payment_attempt_instalment_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES payment_attempt(id);

ALTER TABLE ONLY payment_attempt_instalment
    ADD CONSTRAINT payment_attempt_instalment_instalment_id_fkey FOREIGN KEY (instalment_id) REFERENCES instalment(id);

ALTER TABLE ONLY payment_attempt_order
    ADD CONSTRAINT payment_attempt_order_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES payment_attempt(id);

ALTER TABLE ONLY payment_attempt
    ADD CONSTRAINT payment_attempt_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY payment_attempt_order
    ADD CONSTRAINT payment_attempt_order_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY payment
    ADD CONSTRAINT payment_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY payment_withdrawal
    ADD CONSTRAINT payment_withdrawal_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY payment_withdrawal
    ADD CONSTRAINT payment_withdrawal_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(id);

ALTER TABLE ONLY payment_withdrawal
    ADD CONSTRAINT payment_withdrawal_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY period_balance
    ADD CONSTRAINT period_balance_account_fkey FOREIGN KEY (account) REFERENCES account(code);

ALTER TABLE ONLY period_balance
    ADD CONSTRAINT period_balance_until_fkey FOREIGN KEY (until) REFERENCES period_close(until);

ALTER TABLE ONLY period_close
    ADD CONSTRAINT period_close_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY place
    ADD CONSTRAINT place_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_account_fkey FOREIGN KEY (account) REFERENCES account(code);

ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES entry(id);

ALTER TABLE ONLY price_list
    ADD CONSTRAINT price_list_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY price_rise
    ADD CONSTRAINT price_rise_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY price_rise
    ADD CONSTRAINT price_rise_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decision(id);

ALTER TABLE ONLY proof
    ADD CONSTRAINT proof_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY proof
    ADD CONSTRAINT proof_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES staff(id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT recovery_code_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY refund_account
    ADD CONSTRAINT refund_account_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY refund_account
    ADD CONSTRAINT refund_account_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY refund
    ADD CONSTRAINT refund_again_of_fkey FOREIGN KEY (again_of) REFERENCES refund(id);

ALTER TABLE ONLY refund_approval
    ADD CONSTRAINT refund_approval_account_id_fkey FOREIGN KEY (account_id) REFERENCES refund_account(id);

ALTER TABLE ONLY refund_approval
    ADD CONSTRAINT refund_approval_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id);

ALTER TABLE ONLY refund_approval
    ADD CONSTRAINT refund_approval_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY refund_batch_item
    ADD CONSTRAINT refund_batch_item_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES refund_batch(id);

ALTER TABLE ONLY refund_batch_item
    ADD CONSTRAINT refund_batch_item_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id);

ALTER TABLE ONLY refund_batch
    ADD CONSTRAINT refund_batch_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY refund
    ADD CONSTRAINT refund_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY refund
    ADD CONSTRAINT refund_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY refund
    ADD CONSTRAINT refund_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(id);

ALTER TABLE ONLY refund_step
    ADD CONSTRAINT refund_step_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id);

ALTER TABLE ONLY request_file
    ADD CONSTRAINT request_file_message_id_fkey FOREIGN KEY (message_id) REFERENCES request_message(id);

ALTER TABLE ONLY request_message
    ADD CONSTRAINT request_message_request_id_fkey FOREIGN KEY (request_id) REFERENCES family_request(id);

ALTER TABLE ONLY sale_visitor
    ADD CONSTRAINT sale_visitor_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id) ON DELETE CASCADE;

ALTER TABLE ONLY sale_visitor
    ADD CONSTRAINT sale_visitor_opens_at_fkey FOREIGN KEY (opens_at) REFERENCES sale_opening(opens_at);

ALTER TABLE ONLY search_entry
    ADD CONSTRAINT search_entry_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id) ON DELETE CASCADE;

ALTER TABLE ONLY session
    ADD CONSTRAINT session_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY session
    ADD CONSTRAINT session_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY sign_in_event
    ADD CONSTRAINT sign_in_event_by_staff_id_fkey FOREIGN KEY (by_staff_id) REFERENCES staff(id);

ALTER TABLE ONLY sign_in_event
    ADD CONSTRAINT sign_in_event_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY sign_in_event
    ADD CONSTRAINT sign_in_event_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY small_difference
    ADD CONSTRAINT small_difference_instalment_id_fkey FOREIGN KEY (instalment_id) REFERENCES instalment(id);

ALTER TABLE ONLY small_difference_limit
    ADD CONSTRAINT small_difference_limit_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY small_difference
    ADD CONSTRAINT small_difference_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY small_difference
    ADD CONSTRAINT small_difference_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY small_difference
    ADD CONSTRAINT small_difference_undoes_id_fkey FOREIGN KEY (undoes_id) REFERENCES small_difference(id);

ALTER TABLE ONLY staff_invitation
    ADD CONSTRAINT staff_invitation_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY staff_role
    ADD CONSTRAINT staff_role_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY stripe_dispute
    ADD CONSTRAINT stripe_dispute_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY stripe_finding
    ADD CONSTRAINT stripe_finding_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES payment_attempt(id);

ALTER TABLE ONLY stripe_finding
    ADD CONSTRAINT stripe_finding_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY stripe_finding
    ADD CONSTRAINT stripe_finding_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id);

ALTER TABLE ONLY stripe_finding
    ADD CONSTRAINT stripe_finding_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES staff(id);

ALTER TABLE ONLY stripe_movement
    ADD CONSTRAINT stripe_movement_against_fkey FOREIGN KEY (against) REFERENCES account(code);

ALTER TABLE ONLY stripe_movement
    ADD CONSTRAINT stripe_movement_order_id_fkey FOREIGN KEY (order_id) REFERENCES booking_order(id);

ALTER TABLE ONLY stripe_payout_movement
    ADD CONSTRAINT stripe_payout_movement_movement_id_fkey FOREIGN KEY (movement_id) REFERENCES stripe_movement(id);

ALTER TABLE ONLY stripe_payout_movement
    ADD CONSTRAINT stripe_payout_movement_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES stripe_payout(id);

ALTER TABLE ONLY travel_paper
    ADD CONSTRAINT travel_paper_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES booking(id);

ALTER TABLE ONLY travel_paper
    ADD CONSTRAINT travel_paper_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY waitlist_child
    ADD CONSTRAINT waitlist_child_boarding_place_id_fkey FOREIGN KEY (boarding_place_id) REFERENCES boarding_place(id);

ALTER TABLE ONLY waitlist_child
    ADD CONSTRAINT waitlist_child_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES waitlist_entry(id);

ALTER TABLE ONLY waitlist_child
    ADD CONSTRAINT waitlist_child_participant_id_fkey FOREIGN KEY (participant_id) REFERENCES participant(id);

ALTER TABLE ONLY waitlist_entry
    ADD CONSTRAINT waitlist_entry_departure_id_fkey FOREIGN KEY (departure_id) REFERENCES departure(id);

ALTER TABLE ONLY waitlist_entry
    ADD CONSTRAINT waitlist_entry_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES guardian(id);

ALTER TABLE ONLY waitlist_event
    ADD CONSTRAINT waitlist_event_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES waitlist_entry(id);

ALTER TABLE ONLY waitlist_offer
    ADD CONSTRAINT waitlist_offer_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES checkout(id);

ALTER TABLE ONLY waitlist_offer
    ADD CONSTRAINT waitlist_offer_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES waitlist_entry(id);

ALTER TABLE ONLY worklist_claim
    ADD CONSTRAINT worklist_claim_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);
