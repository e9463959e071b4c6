-- +goose Up
-- The office finds a family by any fragment: a piece of a name, an address, a number in whatever notation. Looking through
-- nine tables for that takes seconds with a hundred thousand bookings; one text per family with a trigram index takes
-- milliseconds. Triggers keep the text, so that no writer can forget it: they run at commit, when all other locks of the
-- transaction are taken, so that they add no order of locks of their own.

-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        RAISE EXCEPTION 'this PostgreSQL server has no extension pg_trgm, which the search of the office needs: install the package postgresql-contrib on the server and start again';
    END IF;
END $$;
-- +goose StatementEnd
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- +goose StatementBegin
CREATE FUNCTION search_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        replace(replace(replace(translate(lower(regexp_replace(normalize(t, NFD), '[\u0300-\u036f]', '', 'g')),
            'øØłŁđĐıðÐ', 'oollddidd'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
        '[\s[:punct:]‘’“”–—]+', ' ', 'g'))
$$;

CREATE FUNCTION search_phone(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN d ~ '^(00)?32[1-9]\d{7,}$' THEN regexp_replace(d, '^(00)?32', '0') ELSE regexp_replace(d, '^00', '') END
    FROM (SELECT regexp_replace(t, '\D', '', 'g')) AS x (d)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION search_fold(text) IS 'How the search reads: small letters, no accents, one space for anything that is no letter or digit. What is typed goes through it too.';
COMMENT ON FUNCTION search_phone(text) IS 'The digits of a telephone number, of a Belgian one as it is dialled at home: 0470123456 for +32 470 12 34 56.';

CREATE TABLE search_entry (
    guardian_id bigint PRIMARY KEY REFERENCES guardian ON DELETE CASCADE,
    words       text   NOT NULL DEFAULT ' ',
    exact       text[] NOT NULL DEFAULT '{}',
    last_at     timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX search_entry_words ON search_entry USING gin (words gin_trgm_ops);
CREATE INDEX search_entry_exact ON search_entry USING gin (exact);
CREATE INDEX search_entry_newest ON search_entry (last_at DESC);
COMMENT ON TABLE search_entry IS 'owner: shop/find. All that a family is found by, folded, kept by triggers; last_at = its newest order. Nothing about health.';

-- +goose StatementBegin
CREATE FUNCTION search_refresh(p_guardian bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_entry (guardian_id) SELECT id FROM guardian WHERE id = p_guardian ON CONFLICT DO NOTHING;
    PERFORM 1 FROM search_entry WHERE guardian_id = p_guardian FOR UPDATE; -- whoever writes after us sees what we saw
    UPDATE search_entry e SET words = w.words, exact = w.exact, last_at = w.last_at
    FROM (
        SELECT ' ' || search_fold(concat_ws(' ', g.first_name, g.last_name, g.email, search_phone(g.phone), g.street, g.postal_code, g.city, k.names, o.words, b.words, i.words)) || ' ' AS words,
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
        WHERE g.id = p_guardian) w
    WHERE e.guardian_id = p_guardian AND (e.words, e.exact, e.last_at) IS DISTINCT FROM (w.words, w.exact, w.last_at);
END $$;

CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    it record;
BEGIN
    IF TG_OP = 'DELETE' THEN it := OLD; ELSE it := NEW; END IF;
    CASE TG_TABLE_NAME
        WHEN 'guardian' THEN PERFORM search_refresh(it.id);
        WHEN 'guardianship', 'booking_order' THEN PERFORM search_refresh(it.guardian_id);
        WHEN 'participant' THEN PERFORM search_refresh(x.guardian_id) FROM (
            SELECT gs.guardian_id FROM guardianship gs WHERE gs.participant_id = it.id
            UNION SELECT o.guardian_id FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE b.participant_id = it.id ORDER BY 1) x;
        WHEN 'booking' THEN PERFORM search_refresh(o.guardian_id) FROM booking_order o WHERE o.id = it.order_id;
    END CASE;
    RETURN NULL;
END $$;

CREATE FUNCTION search_follow_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_refresh(x.guardian_id) FROM (
        SELECT DISTINCT o.guardian_id FROM added a JOIN invoice i ON i.id = a.invoice_id JOIN booking_order o ON o.id = i.order_id ORDER BY 1) x;
    RETURN NULL;
END $$;

CREATE FUNCTION search_follow_holidays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_refresh(x.guardian_id) FROM (
        SELECT DISTINCT o.guardian_id FROM after a JOIN before f ON f.id = a.id AND (f.code, f.title) IS DISTINCT FROM (a.code, a.title)
        JOIN departure d ON d.holiday_id = a.id JOIN booking b ON b.departure_id = d.id JOIN booking_order o ON o.id = b.order_id ORDER BY 1) x;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE CONSTRAINT TRIGGER guardian_search AFTER INSERT OR UPDATE OF first_name, last_name, email, phone, street, postal_code, city ON guardian
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE CONSTRAINT TRIGGER guardianship_search AFTER INSERT OR DELETE ON guardianship
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE CONSTRAINT TRIGGER participant_search AFTER UPDATE OF first_name, last_name ON participant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE CONSTRAINT TRIGGER booking_order_search AFTER INSERT OR UPDATE OF guardian_id, payer_name, payer_email, payer_phone, payer_street, payer_postal_code, payer_city ON booking_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE CONSTRAINT TRIGGER booking_search AFTER INSERT OR UPDATE OF participant_id, departure_id, order_id ON booking
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE TRIGGER invoice_number_search AFTER INSERT ON invoice_number REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_follow_numbers();
CREATE TRIGGER holiday_search AFTER UPDATE ON holiday REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION search_follow_holidays();

SET LOCAL statement_timeout = 0; -- a big shop has many families
SELECT search_refresh(id) FROM guardian ORDER BY id;

CREATE VIEW search_family AS
    SELECT e.guardian_id, e.words, e.exact, e.last_at, g.first_name, g.last_name, g.email, g.phone, g.street, g.postal_code, g.city, g.country, g.lang, g.created_at
    FROM search_entry e JOIN guardian g ON g.id = e.guardian_id;
COMMENT ON VIEW search_family IS 'reader: shop/find. What a family is found by, and who it is.';

CREATE VIEW search_child AS
    SELECT gs.guardian_id, p.id AS participant_id, p.first_name, p.last_name, p.born_on
    FROM guardianship gs JOIN participant p ON p.id = gs.participant_id;
COMMENT ON VIEW search_child IS 'reader: shop/find. The children of a family.';

CREATE VIEW search_booking AS
    SELECT o.guardian_id, o.id AS order_id, o.reference, o.placed_at, b.id AS booking_id, b.participant_id, b.status, p.first_name, p.last_name, h.code, h.title, d.id AS departure_id, d.starts_on, d.ends_on
    FROM booking_order o JOIN booking b ON b.order_id = o.id JOIN participant p ON p.id = b.participant_id
    JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW search_booking IS 'reader: shop/find. What a family booked.';

CREATE VIEW search_departure AS
    SELECT d.id AS departure_id, h.code, h.title, d.starts_on, d.ends_on, d.status, ' ' || search_fold(concat_ws(' ', h.code, h.title, h.destination)) || ' ' AS words
    FROM departure d JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW search_departure IS 'reader: shop/find. What a departure is found by.';
