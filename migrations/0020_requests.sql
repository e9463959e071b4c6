-- +goose Up
-- What families ask and complain about, in writing, with a file number and a day by which they hear from us.

CREATE TABLE request_series (
    year integer PRIMARY KEY,
    last integer NOT NULL,
    CONSTRAINT request_series_counts CHECK (last > 0)
);
COMMENT ON TABLE request_series IS 'owner: shop/requests. The last file number given in a year; locked while one is given.';

CREATE TABLE family_request (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number        text   NOT NULL,
    kind          text   NOT NULL,
    guardian_id   bigint NOT NULL REFERENCES guardian,
    booking_id    bigint REFERENCES booking,
    status        text   NOT NULL DEFAULT 'open',
    opened_at     timestamptz NOT NULL,
    waiting_since timestamptz NOT NULL,
    answer_by     date   NOT NULL,
    answered_at   timestamptz,
    read_at       timestamptz,
    closed_at     timestamptz,
    leaves_at     timestamptz,
    fetcher_name  text   NOT NULL DEFAULT '',
    fetcher_phone text   NOT NULL DEFAULT '',
    agreed_at     timestamptz,
    agreed_by     bigint REFERENCES staff,
    CONSTRAINT family_request_number_once UNIQUE (number),
    CONSTRAINT family_request_kind_known CHECK (kind IN ('complaint', 'undelivered', 'leaving', 'question', 'erasure')),
    CONSTRAINT family_request_status_known CHECK (status IN ('open', 'answered', 'closed')),
    CONSTRAINT family_request_booking CHECK (kind NOT IN ('complaint', 'undelivered', 'leaving') OR booking_id IS NOT NULL),
    CONSTRAINT family_request_leaving_whole CHECK (kind <> 'leaving' OR (leaves_at IS NOT NULL AND fetcher_name <> '' AND fetcher_phone <> '')),
    CONSTRAINT family_request_agreed_whole CHECK ((agreed_at IS NULL) = (agreed_by IS NULL))
);
CREATE INDEX family_request_by_guardian ON family_request (guardian_id, opened_at DESC);
CREATE INDEX family_request_open ON family_request (answer_by) WHERE status = 'open';
CREATE INDEX family_request_by_booking ON family_request (booking_id) WHERE booking_id IS NOT NULL;
CREATE UNIQUE INDEX family_request_one_erasure ON family_request (guardian_id) WHERE kind = 'erasure' AND status <> 'closed';
COMMENT ON TABLE family_request IS 'owner: shop/requests. A question, complaint or arrangement of one guardian. status open = the office has to answer. agreed_at = the office agreed to a child leaving early: only then the camp sees it.';

CREATE TABLE request_message (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES family_request,
    actor      text   NOT NULL,
    body       text   NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX request_message_by_request ON request_message (request_id, id);
COMMENT ON TABLE request_message IS 'owner: shop/requests. What was written both ways. It can be about a child''s health: it is in no mail unless staff put it there, and emptied on erasure.';

CREATE TABLE request_file (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES request_message,
    name       text   NOT NULL,
    media_type text   NOT NULL,
    sealed     bytea  NOT NULL
);
CREATE INDEX request_file_by_message ON request_file (message_id);
COMMENT ON TABLE request_file IS 'owner: shop/requests. A photo or PDF with a message, drawn anew and sealed for its message (request_file:message_id).';

CREATE VIEW camp_leaving AS
    SELECT booking_id, leaves_at, fetcher_name, fetcher_phone, agreed_at
    FROM family_request WHERE kind = 'leaving' AND agreed_at IS NOT NULL;
COMMENT ON VIEW camp_leaving IS 'reader: shop/camp. Children who leave early with the office''s agreement, and who fetches them.';
