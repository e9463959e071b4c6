-- +goose Up
-- A child that was barred while it waited gets no offer, and holds up nobody: not those after it, and not its brother or sister.
-- +goose StatementBegin
CREATE FUNCTION child_barred(p_child bigint, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM participant_bar b JOIN participant p ON p.id = b.participant_id JOIN participant c ON c.id = p_child
        WHERE b.ended_at IS NULL AND b.until_on >= (p_now AT TIME ZONE 'Europe/Brussels')::date
            AND (p.id = c.id OR p.born_on = c.born_on AND lower(btrim(p.first_name)) = lower(btrim(c.first_name)) AND lower(btrim(p.last_name)) = lower(btrim(c.last_name))))
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION child_barred(bigint, timestamptz) IS 'whether the organiser does not take a child now: itself, or one of the same name and birthday (barredLike of shop/booking asks the same)';

-- waitlist_fit as before, without the children who are barred; a family that wants several places wants so many fewer.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION waitlist_fit(e waitlist_entry, p_free int, p_now timestamptz) RETURNS int[] LANGUAGE plpgsql STABLE AS $$
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
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION waitlist_next(p_departure bigint, p_free int, p_now timestamptz) RETURNS bigint LANGUAGE sql STABLE COST 1000 AS $$
    SELECT e.id FROM waitlist_entry e
    WHERE e.departure_id = p_departure AND e.status = 'waiting' AND p_free > 0
        AND (e.at_least <= p_free OR EXISTS (SELECT 1 FROM participant_bar WHERE ended_at IS NULL)) -- with nobody barred, the cheap answer
        AND cardinality(waitlist_fit(e, p_free, p_now)) > 0
    ORDER BY e.priority DESC, e.joined_at, e.id LIMIT 1
$$;
-- +goose StatementEnd
