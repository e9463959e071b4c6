-- +goose Up
-- What a forgotten family leaves in the history and in mails: names and words go; that something was done, when, and for how much, stays.
-- +goose StatementBegin
CREATE FUNCTION booking_event_forgotten(p_kind text, p_detail jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT p_detail
        || CASE WHEN p_detail ? 'note' AND p_kind <> 'price_rise' THEN '{"note": ""}'::jsonb ELSE '{}'::jsonb END
        || CASE WHEN p_kind IN ('renamed', 'transferred', 'payer') THEN '{"from": "-", "to": "-"}'::jsonb ELSE '{}'::jsonb END
        || CASE WHEN p_kind = 'restored' THEN '{"to": ""}'::jsonb ELSE '{}'::jsonb END
        || CASE WHEN p_kind = 'dunning_pause' THEN '{"reason": ""}'::jsonb ELSE '{}'::jsonb END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION booking_event_forgotten(text, jsonb) IS 'the detail of an event without names and without what was written freely; amounts, dates and codes stay';

-- +goose StatementBegin
CREATE FUNCTION refuse_unless_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.detail := booking_event_forgotten(OLD.kind, OLD.detail);
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is insert-only: % refused; correct it with a further row', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION refuse_unless_forgotten() IS 'Trigger of booking_event: rows are added, never changed or removed, except that their names and words may go.';
DROP TRIGGER booking_event_insert_only ON booking_event;
CREATE TRIGGER booking_event_insert_only BEFORE UPDATE OR DELETE ON booking_event FOR EACH ROW EXECUTE FUNCTION refuse_unless_forgotten();

-- A file that was made for one mail goes with the words of the mail, however those are emptied. An invoice stays in the books, and a
-- file that many mails carry says nothing about one family.
-- +goose StatementBegin
CREATE FUNCTION refuse_unless_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.content IS NOT NULL AND EXISTS (SELECT 1 FROM mail WHERE id = OLD.mail_id AND to_address = 'gewist@example.invalid') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION refuse_unless_emptied() IS 'Trigger of mail_attachment: rows are added, never changed; a file of a mail that was emptied may be removed.';
DROP TRIGGER mail_attachment_insert_only ON mail_attachment;
CREATE TRIGGER mail_attachment_insert_only BEFORE UPDATE OR DELETE ON mail_attachment FOR EACH ROW EXECUTE FUNCTION refuse_unless_emptied();

-- +goose StatementBegin
CREATE FUNCTION mail_files_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mail_attachment WHERE mail_id = NEW.id AND content IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION mail_files_follow() IS 'Trigger of mail: when its words are emptied its own files go too.';
CREATE TRIGGER mail_files_follow AFTER UPDATE OF to_address ON mail FOR EACH ROW
    WHEN (NEW.to_address = 'gewist@example.invalid' AND OLD.to_address <> NEW.to_address) EXECUTE FUNCTION mail_files_follow();

-- Of mails that were emptied before.
DELETE FROM mail_attachment a USING mail m WHERE m.id = a.mail_id AND a.content IS NOT NULL AND m.to_address = 'gewist@example.invalid';
