-- +goose Up
-- The waiting list: freed places go to it before the public. What decides is the database, at the moment a place is taken:
-- take_places refuses the public as long as an entry waits that fits the places that are free. Nothing is marked when a
-- place comes free (a mark could miss an entry that is just being written), so no code path that frees can forget it.

CREATE TABLE waitlist_entry (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id bigint NOT NULL REFERENCES departure,
    guardian_id  bigint NOT NULL REFERENCES guardian,
    at_least     int  NOT NULL,
    status       text NOT NULL DEFAULT 'waiting',
    priority     int  NOT NULL DEFAULT 0,
    joined_at    timestamptz NOT NULL,
    ended_at     timestamptz,
    CONSTRAINT waitlist_entry_status_known CHECK (status IN ('waiting', 'offered', 'taken', 'declined', 'expired', 'left', 'closed')),
    CONSTRAINT waitlist_entry_at_least_positive CHECK (at_least BETWEEN 1 AND 6),
    CONSTRAINT waitlist_entry_ended_whole CHECK ((status IN ('waiting', 'offered')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX waitlist_entry_once ON waitlist_entry (departure_id, guardian_id) WHERE ended_at IS NULL;
CREATE INDEX waitlist_entry_waiting ON waitlist_entry (departure_id, priority DESC, joined_at, id) WHERE status = 'waiting';
CREATE INDEX waitlist_entry_by_guardian ON waitlist_entry (guardian_id, joined_at);
COMMENT ON TABLE waitlist_entry IS 'owner: shop/waitlist. A family that waits for places on a departure, for all its children or at least so many. Order: priority, then joined_at.';

CREATE TABLE waitlist_child (
    entry_id          bigint NOT NULL REFERENCES waitlist_entry,
    position          int    NOT NULL,
    participant_id    bigint NOT NULL REFERENCES participant,
    boarding_place_id bigint REFERENCES boarding_place,
    PRIMARY KEY (entry_id, position),
    CONSTRAINT waitlist_child_once UNIQUE (entry_id, participant_id),
    CONSTRAINT waitlist_child_position_range CHECK (position BETWEEN 1 AND 6)
);
CREATE INDEX waitlist_child_by_participant ON waitlist_child (participant_id);
COMMENT ON TABLE waitlist_child IS 'owner: shop/waitlist. Who waits; boarding_place_id only where a departure has places by boarding place.';

CREATE TABLE waitlist_offer (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id    bigint NOT NULL REFERENCES waitlist_entry,
    checkout_id bigint NOT NULL REFERENCES checkout,
    places      int    NOT NULL,
    status      text   NOT NULL DEFAULT 'open',
    made_at     timestamptz NOT NULL,
    deadline    timestamptz NOT NULL,
    reminded_at timestamptz,
    ended_at    timestamptz,
    CONSTRAINT waitlist_offer_checkout_once UNIQUE (checkout_id),
    CONSTRAINT waitlist_offer_status_known CHECK (status IN ('open', 'taken', 'declined', 'expired')),
    CONSTRAINT waitlist_offer_ended_whole CHECK ((status = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX waitlist_offer_one_open ON waitlist_offer (entry_id) WHERE status = 'open';
CREATE INDEX waitlist_offer_open ON waitlist_offer (deadline) WHERE status = 'open';
COMMENT ON TABLE waitlist_offer IS 'owner: shop/waitlist. Places really held in a basket of that entry''s guardian, until the deadline.';

CREATE TABLE waitlist_event (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id bigint NOT NULL REFERENCES waitlist_entry,
    kind     text   NOT NULL,
    detail   jsonb  NOT NULL DEFAULT '{}',
    actor    text   NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX waitlist_event_by_entry ON waitlist_event (entry_id, id);
COMMENT ON TABLE waitlist_event IS 'owner: shop/waitlist. What happened to an entry: joined, offered, reminded, priority with its reason, ...';
CREATE TRIGGER waitlist_event_insert_only BEFORE UPDATE OR DELETE ON waitlist_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE checkout ADD COLUMN offered boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN checkout.offered IS 'Its places come from the waiting list: for these children, until the offer''s deadline.';

-- waitlist_fit says which children of an entry (their positions) could have a place when so many are free: as many as
-- possible, at least at_least, within the sub-limits together; an empty array when it does not fit. Children who got a
-- place by another way do not wait any more.
-- +goose StatementBegin
CREATE FUNCTION waitlist_fit(e waitlist_entry, p_free int, p_now timestamptz) RETURNS int[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    waiting int[];
    best    int[];
BEGIN
    IF p_free < e.at_least THEN
        RETURN '{}';
    END IF;
    SELECT array_agg(c.position ORDER BY c.position) INTO waiting FROM waitlist_child c
    WHERE c.entry_id = e.id AND NOT EXISTS (SELECT 1 FROM booking b
        WHERE b.participant_id = c.participant_id AND b.departure_id = e.departure_id AND b.status <> 'cancelled');
    IF coalesce(cardinality(waiting), 0) < e.at_least THEN
        RETURN '{}';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM departure_limit WHERE departure_id = e.departure_id) THEN
        RETURN waiting[1:p_free];
    END IF;
    SELECT m.positions INTO best
    FROM generate_series(1, 63) mask
    CROSS JOIN LATERAL (SELECT array_agg(w ORDER BY w) AS positions FROM unnest(waiting) w WHERE (mask >> (w - 1)) & 1 = 1) m
    WHERE cardinality(m.positions) BETWEEN e.at_least AND p_free
        AND NOT EXISTS (
            SELECT 1 FROM departure_limit l CROSS JOIN LATERAL (
                SELECT count(*) AS n FROM waitlist_child c JOIN participant p ON p.id = c.participant_id
                WHERE c.entry_id = e.id AND c.position = ANY (m.positions) AND limit_covers(l, p.gender, p.born_on, c.boarding_place_id)) wanted
            WHERE l.departure_id = e.departure_id AND wanted.n > 0 AND wanted.n > l.places - limit_sold(l) - limit_held(l, p_now))
    ORDER BY cardinality(m.positions) DESC, mask LIMIT 1;
    RETURN coalesce(best, '{}');
END $$;
-- +goose StatementEnd

-- waitlist_next is the entry that comes first among those that fit so many free places; NULL when the places are for all.
-- An entry that needs more than are free is passed over and keeps its position.
-- +goose StatementBegin
CREATE FUNCTION waitlist_next(p_departure bigint, p_free int, p_now timestamptz) RETURNS bigint LANGUAGE sql STABLE COST 1000 AS $$
    SELECT e.id FROM waitlist_entry e
    WHERE e.departure_id = p_departure AND e.status = 'waiting' AND e.at_least <= p_free AND cardinality(waitlist_fit(e, p_free, p_now)) > 0
    ORDER BY e.priority DESC, e.joined_at, e.id LIMIT 1
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION places_free(p_departure bigint, p_now timestamptz) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT count(*)::int FROM place WHERE departure_id = p_departure AND booking_id IS NULL AND (checkout_id IS NULL OR held_until <= p_now)
$$;
-- +goose StatementEnd

-- take_places as before, and now: unless it takes for the list (p_listed), it takes nothing while an entry that fits waits.
-- It looks once before locking (the cheap answer) and again when it has its rows: each statement sees what was committed
-- until then, so an entry or a freed place that was committed before the rows were ours is seen. A sold-out departure is
-- still answered by the first look, and a departure without a list costs one look at an empty partial index.
DROP FUNCTION take_places(bigint, int, bigint, timestamptz, timestamptz);
-- +goose StatementBegin
CREATE FUNCTION take_places(p_departure bigint, p_count int, p_checkout bigint, p_until timestamptz, p_now timestamptz, p_listed boolean DEFAULT false)
RETURNS int[] LANGUAGE plpgsql AS $$
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
-- +goose StatementEnd
