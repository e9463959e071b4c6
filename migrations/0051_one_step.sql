-- +goose Up
-- The steps of a basket that were several statements each, as one: what goes to and fro costs as much as what is done.

-- +goose StatementBegin
-- Opens a basket with that many places, all or none: SP001 when there are not that many. The lines come first: they hold the
-- departure, so that whoever changes it waits before places are taken.
CREATE FUNCTION open_checkout(p_token bytea, p_departure bigint, p_count int, p_until timestamptz, p_now timestamptz) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    made bigint;
BEGIN
    INSERT INTO checkout (token_hash, held_until, created_at) VALUES (p_token, p_until, p_now) RETURNING id INTO made;
    INSERT INTO checkout_child (checkout_id, position, departure_id) SELECT made, n, p_departure FROM generate_series(1, p_count) n;
    IF cardinality(take_places(p_departure, p_count, made, p_until, p_now)) < p_count THEN
        RAISE EXCEPTION 'too few places' USING ERRCODE = 'SP001';
    END IF;
    RETURN made;
END $$;

-- Locks a basket, named by token or id, and reads it with its lines as they are once the lock is there: each statement of a
-- function looks anew, as a single statement that waited would not.
CREATE FUNCTION locked_checkout(p_token bytea, p_id bigint) RETURNS TABLE (
        id bigint, guardian_id bigint, status text, offered boolean, held_until timestamptz, code text, payer_id bigint,
        "position" int, departure_id bigint, participant_id bigint, category text, boarding_place_id bigint, insured boolean, care boolean, photo_consent text)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    found_id bigint;
BEGIN
    IF p_token IS NULL THEN
        SELECT c.id INTO found_id FROM checkout c WHERE c.id = p_id FOR UPDATE;
    ELSE
        SELECT c.id INTO found_id FROM checkout c WHERE c.token_hash = p_token FOR UPDATE;
    END IF;
    RETURN QUERY SELECT c.id, coalesce(c.guardian_id, 0), c.status, c.offered, c.held_until, c.code, coalesce(c.payer_id, 0),
        k.position, k.departure_id, coalesce(k.participant_id, 0), coalesce(k.category, ''), coalesce(k.boarding_place_id, 0), k.insured, k.care, coalesce(k.photo_consent, '')
    FROM checkout c JOIN checkout_child k ON k.checkout_id = c.id WHERE c.id = found_id ORDER BY k.position;
END $$;
-- +goose StatementEnd
