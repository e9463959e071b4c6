-- +goose Up
-- A family is also found by who else pays its orders: the grandparent who calls, the OCMW with its reference.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_refresh(p_guardian bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO search_entry (guardian_id) SELECT id FROM guardian WHERE id = p_guardian ON CONFLICT DO NOTHING;
    PERFORM 1 FROM search_entry WHERE guardian_id = p_guardian FOR UPDATE; -- whoever writes after us sees what we saw
    UPDATE search_entry e SET words = w.words, exact = w.exact, last_at = w.last_at
    FROM (
        SELECT ' ' || search_fold(concat_ws(' ', g.first_name, g.last_name, g.email, search_phone(g.phone), g.street, g.postal_code, g.city, k.names, o.words, b.words, i.words, y.words)) || ' ' AS words,
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
        WHERE g.id = p_guardian) w
    WHERE e.guardian_id = p_guardian AND (e.words, e.exact, e.last_at) IS DISTINCT FROM (w.words, w.exact, w.last_at);
END $$;

CREATE OR REPLACE FUNCTION search_follow() RETURNS trigger
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
-- +goose StatementEnd

DROP TRIGGER booking_order_search ON booking_order;
CREATE CONSTRAINT TRIGGER booking_order_search AFTER INSERT OR UPDATE OF guardian_id, payer_id, payer_name, payer_email, payer_phone, payer_street, payer_postal_code, payer_city ON booking_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE CONSTRAINT TRIGGER payer_search AFTER INSERT OR UPDATE ON payer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_follow();

INSERT INTO search_stale SELECT DISTINCT guardian_id FROM booking_order WHERE payer_id IS NOT NULL;
