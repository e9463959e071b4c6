-- +goose Up
-- What can be booked, at which price, and every single place as a row.
-- A place is a row because row locks taken with SKIP LOCKED sell a scarce departure without buyers waiting for each other,
-- and because a place that is a row cannot be sold twice: one booking_id fits in it.

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused; correct it with a further row', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION refuse_change() IS 'Trigger of every money and log table: rows are added, never changed or removed.';

CREATE TABLE season (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    year       int    NOT NULL,
    CONSTRAINT season_year_once UNIQUE (year)
);
COMMENT ON TABLE season IS 'owner: shop/catalogue. A catalogue year; its prices are published in the autumn before.';

CREATE TABLE holiday (
    id              bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    season_id       bigint  NOT NULL REFERENCES season,
    code            text    NOT NULL,
    slug            text    NOT NULL,
    title           text    NOT NULL,
    description     text    NOT NULL,
    trip            text    NOT NULL,
    legal_regime    text    NOT NULL,
    country         char(2) NOT NULL,
    destination     text    NOT NULL,
    accommodation   text    NOT NULL,
    transport       text    NOT NULL,
    included        text[]  NOT NULL DEFAULT '{}',
    not_included    text[]  NOT NULL DEFAULT '{}',
    target_group    text,
    inclusive       boolean NOT NULL DEFAULT false,
    birth_year_from int     NOT NULL,
    birth_year_to   int     NOT NULL,
    CONSTRAINT holiday_code_once UNIQUE (code),
    CONSTRAINT holiday_slug_once UNIQUE (slug),
    CONSTRAINT holiday_trip_known CHECK (trip IN ('domestic', 'foreign_coach', 'foreign_own', 'flight')),
    CONSTRAINT holiday_legal_regime_known CHECK (legal_regime IN ('package', 'none')),
    CONSTRAINT holiday_birth_years_ordered CHECK (birth_year_from <= birth_year_to)
);
CREATE INDEX holiday_by_season ON holiday (season_id);
COMMENT ON TABLE holiday IS 'owner: shop/catalogue. A vakantie in the brochure; who may come is decided by birth year (edges.md 45).';

CREATE TABLE departure (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holiday_id bigint NOT NULL REFERENCES holiday,
    starts_on  date   NOT NULL,
    ends_on    date   NOT NULL,
    status     text   NOT NULL DEFAULT 'published',
    on_sale_at timestamptz NOT NULL,
    CONSTRAINT departure_once UNIQUE (holiday_id, starts_on),
    CONSTRAINT departure_dates_ordered CHECK (starts_on <= ends_on),
    CONSTRAINT departure_status_known CHECK (status IN ('draft', 'published', 'cancelled'))
);
CREATE INDEX departure_by_start ON departure (starts_on);
COMMENT ON TABLE departure IS 'owner: shop/catalogue. A holiday on its dates. Its capacity is the number of its place rows.';

CREATE TABLE price_list (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id    bigint NOT NULL REFERENCES departure,
    version         int    NOT NULL,
    base_cents      bigint NOT NULL,
    solidaris_cents bigint,
    vt_cents        bigint,
    valid_from      timestamptz NOT NULL,
    CONSTRAINT price_list_version_once UNIQUE (departure_id, version),
    CONSTRAINT price_list_base_positive CHECK (base_cents > 0),
    CONSTRAINT price_list_solidaris_in_base CHECK (solidaris_cents BETWEEN 0 AND base_cents),
    CONSTRAINT price_list_vt_in_base CHECK (vt_cents BETWEEN 0 AND base_cents)
);
COMMENT ON TABLE price_list IS 'owner: shop/catalogue. Versions of a departure''s prices; NULL = that price does not exist there. A booking keeps the version it was sold at.';
CREATE TRIGGER price_list_insert_only BEFORE UPDATE OR DELETE ON price_list FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE boarding_place (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id     bigint NOT NULL REFERENCES departure,
    name             text   NOT NULL,
    min_participants int    NOT NULL DEFAULT 8,
    position         int    NOT NULL,
    CONSTRAINT boarding_place_name_once UNIQUE (departure_id, name)
);
COMMENT ON TABLE boarding_place IS 'owner: shop/catalogue. Opstapplaats of a departure, guaranteed from min_participants on.';

CREATE TABLE place (
    departure_id bigint NOT NULL REFERENCES departure,
    number       int    NOT NULL,
    checkout_id  bigint,
    held_until   timestamptz,
    booking_id   bigint,
    PRIMARY KEY (departure_id, number),
    CONSTRAINT place_booking_once UNIQUE (booking_id),
    CONSTRAINT place_hold_whole CHECK ((checkout_id IS NULL) = (held_until IS NULL)),
    CONSTRAINT place_held_or_sold CHECK (booking_id IS NULL OR checkout_id IS NULL)
) WITH (fillfactor = 70); -- room for the hold and the sale on the same page (HOT)
CREATE INDEX place_unsold ON place (departure_id, number) WHERE booking_id IS NULL;
CREATE INDEX place_of_checkout ON place (checkout_id) WHERE checkout_id IS NOT NULL;
COMMENT ON TABLE place IS 'owner: shop/booking. One row per place. Free = no booking and no running hold. checkout_id and booking_id have no foreign key on purpose: the reference would lock the other row on the rush path; shop fsck compares them.';

-- take_places holds p_count places of a departure for a checkout, all or none, and returns their numbers; an empty array
-- when fewer are free. It skips places that somebody else is taking at this instant, and only when that leaves too few it
-- looks again and waits for them in order of number, so that nobody hears "sold out" over a transaction that may roll back.
-- +goose StatementBegin
CREATE FUNCTION take_places(p_departure bigint, p_count int, p_checkout bigint, p_until timestamptz, p_now timestamptz)
RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
    taken int[];
BEGIN
    IF (SELECT count(*) FROM (
            SELECT 1 FROM place WHERE departure_id = p_departure AND booking_id IS NULL
                AND (checkout_id IS NULL OR held_until <= p_now) LIMIT p_count) free) < p_count THEN
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
    UPDATE place SET checkout_id = p_checkout, held_until = p_until
        WHERE departure_id = p_departure AND number = ANY (taken);
    RETURN taken;
END $$;
-- +goose StatementEnd
