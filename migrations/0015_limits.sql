-- +goose Up
-- Sub-limits of a departure: so many girls, so many born in 2015, so many from one boarding place. A booking takes one unit
-- of each limit that covers it. Counting is done under a lock on the limit's row: only departures that have limits pay.

ALTER TABLE participant ADD COLUMN gender text CONSTRAINT participant_gender_known CHECK (gender IN ('f', 'm', 'x'));
COMMENT ON COLUMN participant.gender IS 'NULL until a departure needs it; x sleeps where family and office agree, and no limit by gender counts it.';

CREATE TABLE departure_limit (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id      bigint NOT NULL REFERENCES departure,
    gender            text,
    birth_year_from   int,
    birth_year_to     int,
    boarding_place_id bigint REFERENCES boarding_place,
    places            int NOT NULL,
    CONSTRAINT departure_limit_gender_known CHECK (gender IN ('f', 'm')),
    CONSTRAINT departure_limit_years_whole CHECK ((birth_year_from IS NULL) = (birth_year_to IS NULL) AND birth_year_from <= birth_year_to),
    CONSTRAINT departure_limit_about_something CHECK (num_nonnulls(gender, birth_year_from, boarding_place_id) > 0),
    CONSTRAINT departure_limit_places_whole CHECK (places >= 0)
);
CREATE UNIQUE INDEX departure_limit_once ON departure_limit
    (departure_id, coalesce(gender, ''), coalesce(birth_year_from, 0), coalesce(birth_year_to, 0), coalesce(boarding_place_id, 0));
COMMENT ON TABLE departure_limit IS 'owner: shop/booking. At most places participants of a kind on a departure; NULL = of any gender, birth year, boarding place.';

CREATE TABLE capacity_event (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id bigint NOT NULL REFERENCES departure,
    kind         text NOT NULL,
    detail       jsonb NOT NULL,
    reason       text NOT NULL,
    actor        text NOT NULL,
    at           timestamptz NOT NULL,
    CONSTRAINT capacity_event_kind_known CHECK (kind IN ('added', 'removed', 'limits'))
);
CREATE INDEX capacity_event_by_departure ON capacity_event (departure_id, id);
COMMENT ON TABLE capacity_event IS 'owner: shop/booking. Who changed how many places or sub-limits a departure has, and why.';
CREATE TRIGGER capacity_event_insert_only BEFORE UPDATE OR DELETE ON capacity_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE INDEX checkout_child_by_departure ON checkout_child (departure_id);

-- limit_covers says whether a participant counts for a limit; what is not known yet does not count.
-- +goose StatementBegin
CREATE FUNCTION limit_covers(l departure_limit, p_gender text, p_born date, p_boarding bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((l.gender IS NULL OR l.gender = p_gender)
        AND (l.birth_year_from IS NULL OR extract(year FROM p_born) BETWEEN l.birth_year_from AND l.birth_year_to)
        AND (l.boarding_place_id IS NULL OR l.boarding_place_id = p_boarding), false)
$$;
-- +goose StatementEnd

-- limit_sold counts the bookings that a limit covers, limit_held the children in baskets whose hold still runs.
-- +goose StatementBegin
CREATE FUNCTION limit_sold(l departure_limit) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id
    WHERE b.departure_id = l.departure_id AND b.status <> 'cancelled' AND limit_covers(l, p.gender, p.born_on, b.boarding_place_id)
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION limit_held(l departure_limit, p_now timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM checkout_child cc JOIN checkout c ON c.id = cc.checkout_id JOIN participant p ON p.id = cc.participant_id
    WHERE cc.departure_id = l.departure_id AND c.status = 'open' AND c.held_until > p_now
        AND limit_covers(l, p.gender, p.born_on, cc.boarding_place_id)
$$;
-- +goose StatementEnd

-- The last guard, whatever code books, rebooks or moves a child: more bookings than a limit allows never commit.
-- +goose StatementBegin
CREATE FUNCTION booking_within_limits() RETURNS trigger LANGUAGE plpgsql AS $$
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
-- +goose StatementEnd
CREATE TRIGGER booking_within_limits_new AFTER INSERT ON booking
    FOR EACH ROW WHEN (NEW.status <> 'cancelled') EXECUTE FUNCTION booking_within_limits();
CREATE TRIGGER booking_within_limits_changed AFTER UPDATE OF departure_id, boarding_place_id, participant_id, status ON booking
    FOR EACH ROW WHEN (NEW.status <> 'cancelled' AND (OLD.departure_id, OLD.participant_id, OLD.boarding_place_id, OLD.status)
        IS DISTINCT FROM (NEW.departure_id, NEW.participant_id, NEW.boarding_place_id, NEW.status))
    EXECUTE FUNCTION booking_within_limits();
