-- +goose Up
-- A list of families that was taken along as a file is out of our hands: who took it, when and for what is kept.
CREATE TABLE list_file (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    taken_at     timestamptz NOT NULL,
    staff_id     bigint  NOT NULL REFERENCES staff,
    purpose      text    NOT NULL,
    departure_id bigint,
    rows         integer NOT NULL,
    CONSTRAINT list_file_purpose_known CHECK (purpose IN ('bus', 'begeleiding', 'betaling', 'adressen', 'gezinnen')),
    CONSTRAINT list_file_rows_counted CHECK (rows >= 0)
);
CREATE INDEX list_file_by_departure ON list_file (departure_id, id DESC);
CREATE TRIGGER list_file_insert_only BEFORE UPDATE OR DELETE ON list_file FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER list_file_never_emptied BEFORE TRUNCATE ON list_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE list_file IS 'owner: shop/roster. Who took a list along as a file: gezinnen for the list of families, else what the list of bookings was for. departure_id is that of a list of one departure, no key: a departure that nobody booked may be removed.';
COMMENT ON COLUMN list_file.rows IS 'Lines of the file, without its head.';
