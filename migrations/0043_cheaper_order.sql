-- +goose Up
-- What every order does in the database, at less cost and with the same outcome. Plans are kept instead of made anew for each
-- call: a function in SQL is planned whenever it is called, and one in PL/pgSQL whenever its parameters look cheaper than
-- any parameters (a LIMIT, an array). Without reading whole tables: a plan that was made while they were small is kept when
-- they have grown.

ALTER FUNCTION take_places(bigint, integer, bigint, timestamptz, timestamptz, boolean) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION take_places(bigint, integer, bigint, timestamptz, timestamptz, boolean) SET enable_seqscan = off;
ALTER FUNCTION invoice_open_refresh(bigint[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION invoice_open_refresh(bigint[]) SET enable_seqscan = off;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION open_day(p_day date) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    closed date;
BEGIN
    SELECT max(until) INTO closed FROM period_close;
    RETURN greatest(p_day, coalesce(closed + 1, p_day));
END $$;

-- A new line opens its own document and no other: those that ask for the same instalment are as open as before.
CREATE FUNCTION invoice_line_opens() RETURNS trigger
    LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
    AS $$
BEGIN
    INSERT INTO invoice_open AS o (invoice_id, due_on, open_cents)
    SELECT part.invoice_id, t.due_on,
        sum(t.amount_cents - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = t.id)) AS open_cents
    FROM (SELECT DISTINCT invoice_id FROM changed) touched
    JOIN invoice i ON i.id = touched.invoice_id AND i.kind <> 'credit'
    CROSS JOIN LATERAL (SELECT DISTINCT l.invoice_id, l.instalment_id FROM invoice_line l WHERE l.invoice_id = i.id) part
    JOIN instalment t ON t.id = part.instalment_id AND t.void_at IS NULL
    GROUP BY part.invoice_id, t.due_on
    HAVING sum(t.amount_cents - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = t.id)) > 0
    ON CONFLICT (invoice_id, due_on) DO UPDATE SET open_cents = EXCLUDED.open_cents WHERE o.open_cents <> EXCLUDED.open_cents;
    RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TRIGGER invoice_line_opens ON invoice_line;
CREATE TRIGGER invoice_line_opens AFTER INSERT ON invoice_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION invoice_line_opens();

-- One expression, so that it is read into the query that uses it.
CREATE OR REPLACE FUNCTION search_phone(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(t, '\D', '', 'g'), '^(00)?32([1-9]\d{7,})$', '0\2'), '^00', '')
$$;

-- Many families in one statement.
-- +goose StatementBegin
CREATE FUNCTION search_refresh(p_guardians bigint[]) RETURNS void
    LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
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

CREATE OR REPLACE FUNCTION search_refresh(p_guardian bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM search_refresh(ARRAY[p_guardian]);
END $$;

CREATE OR REPLACE FUNCTION search_catch_up(p_most integer) RETURNS integer
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
-- +goose StatementEnd
