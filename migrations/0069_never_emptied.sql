-- +goose Up
-- Emptying a table whole goes past the triggers on its rows: what refuses a row's end now refuses that too.

-- +goose StatementBegin
DO $$
DECLARE
    kept regclass;
BEGIN
    FOR kept IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE '%\_insert\_only' LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', replace(kept::text, 'public.', '') || '_never_emptied', kept);
    END LOOP;
END $$;
-- +goose StatementEnd
