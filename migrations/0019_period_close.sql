-- +goose Up
-- A month that accounting has closed stays as it was reported. What the shop books by itself for a day in a closed month (a
-- late bank file, a movement at Stripe) is booked on the first open day and remembers its own; everything else is refused.

CREATE TABLE period_close (
    until     date PRIMARY KEY,
    closed_at timestamptz NOT NULL,
    staff_id  bigint NOT NULL REFERENCES staff,
    note      text   NOT NULL DEFAULT '',
    left_open text[] NOT NULL DEFAULT '{}',
    CONSTRAINT period_close_ends_month CHECK (until = (date_trunc('month', until::timestamp) + interval '1 month' - interval '1 day')::date)
);
COMMENT ON TABLE period_close IS 'owner: payments/books. Months that are closed, by their last day; never opened again. left_open = what was not finished when somebody closed it all the same, and note says why.';
CREATE TRIGGER period_close_insert_only BEFORE UPDATE OR DELETE ON period_close FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE period_balance (
    until         date   NOT NULL REFERENCES period_close,
    account       text   NOT NULL REFERENCES account,
    debit_cents   bigint NOT NULL,
    credit_cents  bigint NOT NULL,
    balance_cents bigint NOT NULL,
    PRIMARY KEY (until, account)
);
COMMENT ON TABLE period_balance IS 'owner: payments/books. What every account moved since the close before, and where it stood; shop fsck compares it with the journal for ever.';
CREATE TRIGGER period_balance_insert_only BEFORE UPDATE OR DELETE ON period_balance FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE entry ADD COLUMN happened_on date;
COMMENT ON COLUMN entry.happened_on IS 'the day of the event where its month was closed before it was booked; NULL = booked_on';

CREATE FUNCTION open_day(p_day date) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT greatest(p_day, coalesce((SELECT max(until) + 1 FROM period_close), p_day))
$$;
COMMENT ON FUNCTION open_day(date) IS 'The day itself, or the first day after the last closed month.';

-- +goose StatementBegin
CREATE FUNCTION entries_in_open_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date; first date;
BEGIN
    SELECT max(until) INTO closed FROM period_close;
    SELECT min(booked_on) INTO first FROM added;
    IF first <= closed THEN
        RAISE EXCEPTION 'an entry of % would change the month that was closed up to %', first, closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_period_open';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER entry_period_open AFTER INSERT ON entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_in_open_month();
