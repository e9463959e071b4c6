-- +goose Up
-- Baskets are locked and read in one way, by locked_checkouts. The program asks locked_checkout no more; the last release's does,
-- and it runs beside the new one while that is rolled out, so the function stays until the next, without a query of its own.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION locked_checkout(p_token bytea, p_id bigint) RETURNS TABLE (
        id bigint, guardian_id bigint, status text, offered boolean, held_until timestamptz, code text, payer_id bigint,
        "position" int, departure_id bigint, participant_id bigint, category text, boarding_place_id bigint, insured boolean, care boolean, photo_consent text)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    token bytea := p_token;
BEGIN
    IF token IS NULL THEN
        SELECT c.token_hash INTO token FROM checkout c WHERE c.id = p_id FOR UPDATE;
    END IF;
    RETURN QUERY SELECT l.id, l.guardian_id, l.status, l.offered, l.held_until, l.code, l.payer_id, l.position, l.departure_id, l.participant_id,
        l.category, l.boarding_place_id, l.insured, l.care, l.photo_consent FROM locked_checkouts(ARRAY[token]) l;
END $$;
-- +goose StatementEnd

COMMENT ON FUNCTION locked_checkout(bytea, bigint) IS 'For the release before this one, while both run: drop it in the next migration after.';
