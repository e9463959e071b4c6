-- +goose Up
-- Two weeks before a departure every family gets the info letter: what to bring, where, when. It is one text per departure,
-- with a PDF if the office wants; a row per family says that it was written, in the transaction that writes the mail, so
-- that nobody gets it twice. A file that goes to forty families is kept once.

CREATE TABLE mail_file (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text  NOT NULL,
    media_type text  NOT NULL,
    content    bytea NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT mail_file_one_line CHECK (name <> '' AND concat(name, media_type) !~ '[\x01-\x1f\x7f]'),
    CONSTRAINT mail_file_size CHECK (length(content) BETWEEN 1 AND 10485760)
);
COMMENT ON TABLE mail_file IS 'owner: shop/mail. A file that several messages carry, kept once.';
CREATE TRIGGER mail_file_insert_only BEFORE UPDATE OR DELETE ON mail_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE mail_attachment ADD COLUMN file_id bigint REFERENCES mail_file;
ALTER TABLE mail_attachment DROP CONSTRAINT mail_attachment_one_source;
ALTER TABLE mail_attachment ADD CONSTRAINT mail_attachment_one_source CHECK (num_nonnulls(content, invoice_id, file_id) = 1);

CREATE TABLE info_letter (
    departure_id bigint PRIMARY KEY REFERENCES departure,
    subject_nl   text NOT NULL,
    body_nl      text NOT NULL,
    subject_en   text NOT NULL,
    body_en      text NOT NULL,
    file_id      bigint REFERENCES mail_file,
    staff_id     bigint NOT NULL REFERENCES staff,
    changed_at   timestamptz NOT NULL,
    ready_at     timestamptz,
    ready_by     bigint REFERENCES staff,
    CONSTRAINT info_letter_ready_by_somebody CHECK ((ready_at IS NULL) = (ready_by IS NULL))
);
COMMENT ON TABLE info_letter IS 'owner: shop/circular. The info letter of a departure: a draft until a colleague says that it is ready, then a job sends it when its day comes.';

CREATE TABLE info_letter_sent (
    departure_id bigint NOT NULL REFERENCES info_letter,
    order_id     bigint NOT NULL REFERENCES booking_order,
    mail_id      bigint REFERENCES mail,
    at           timestamptz NOT NULL,
    PRIMARY KEY (departure_id, order_id)
);
CREATE INDEX info_letter_sent_by_order ON info_letter_sent (order_id);
COMMENT ON TABLE info_letter_sent IS 'owner: shop/circular. Which family got the info letter, once: written in the transaction that enqueues the mail.';

CREATE VIEW info_departure AS
    SELECT d.id AS departure_id, h.id AS holiday_id, h.code, h.title, d.starts_on, d.ends_on,
        (SELECT count(*) FROM booking b WHERE b.departure_id = d.id AND b.status = 'placed')::int AS going
    FROM departure d JOIN holiday h ON h.id = d.holiday_id WHERE d.status <> 'cancelled';
COMMENT ON VIEW info_departure IS 'reader: shop/circular. A departure that needs an info letter once somebody goes.';

CREATE VIEW circular_file AS SELECT id, name FROM mail_file;
COMMENT ON VIEW circular_file IS 'reader: shop/circular. What the file of a letter is called.';
