-- +goose Up
-- Keeping the text of a family up to date costs as much as the rest of a booking. Writers therefore only note whose text is
-- old, one short row that waits for nobody; whoever searches first brings up to date what is noted, and so does a job.

CREATE TABLE search_stale (
    guardian_id bigint NOT NULL
);
COMMENT ON TABLE search_stale IS 'owner: shop/find. Families whose search_entry is to be made anew; the same one may stand here often. Rows are only added, by triggers, and taken away by search_catch_up: nothing is lost between the two.';

-- search_catch_up makes anew what was noted, at most so many notes, and says how many it took. One does it at a time; who waits
-- finds it done.
-- +goose StatementBegin
CREATE FUNCTION search_catch_up(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    noted bigint[];
BEGIN
    IF NOT EXISTS (SELECT 1 FROM search_stale) AND pg_try_advisory_xact_lock(hashtext('search_catch_up')) THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('search_catch_up'));
    WITH taken AS (DELETE FROM search_stale WHERE ctid = ANY (ARRAY(SELECT ctid FROM search_stale LIMIT p_most)) RETURNING guardian_id)
    SELECT array_agg(guardian_id) INTO noted FROM taken;
    PERFORM search_refresh(x.id) FROM (SELECT DISTINCT unnest(noted) AS id ORDER BY 1) x;
    RETURN coalesce(cardinality(noted), 0);
END $$;

CREATE OR REPLACE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    it record;
BEGIN
    IF TG_OP = 'DELETE' THEN it := OLD; ELSE it := NEW; END IF;
    CASE TG_TABLE_NAME
        WHEN 'guardian' THEN INSERT INTO search_stale VALUES (it.id);
        WHEN 'guardianship', 'booking_order' THEN INSERT INTO search_stale VALUES (it.guardian_id);
        WHEN 'participant' THEN INSERT INTO search_stale
            SELECT gs.guardian_id FROM guardianship gs WHERE gs.participant_id = it.id
            UNION SELECT o.guardian_id FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE b.participant_id = it.id;
        WHEN 'booking' THEN INSERT INTO search_stale SELECT o.guardian_id FROM booking_order o WHERE o.id = it.order_id;
    END CASE;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_follow_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_stale
        SELECT DISTINCT o.guardian_id FROM added a JOIN invoice i ON i.id = a.invoice_id JOIN booking_order o ON o.id = i.order_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_follow_holidays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_stale
        SELECT DISTINCT o.guardian_id FROM after a JOIN before f ON f.id = a.id AND (f.code, f.title) IS DISTINCT FROM (a.code, a.title)
        JOIN departure d ON d.holiday_id = a.id JOIN booking b ON b.departure_id = d.id JOIN booking_order o ON o.id = b.order_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
