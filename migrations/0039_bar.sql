-- +goose Up
-- A child that the organiser does not take for a while, after behaviour that was refused (general terms, Gedrag). The family
-- reads only that the office wants to talk first. It ends by itself after its last day.
CREATE TABLE participant_bar (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    participant_id bigint NOT NULL REFERENCES participant ON DELETE CASCADE,
    reason         text   NOT NULL,
    until_on       date   NOT NULL,
    made_at        timestamptz NOT NULL,
    made_by        bigint NOT NULL REFERENCES staff,
    ended_at       timestamptz,
    ended_by       bigint REFERENCES staff,
    CONSTRAINT participant_bar_reasoned CHECK (reason <> ''),
    CONSTRAINT participant_bar_ended_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX participant_bar_once ON participant_bar (participant_id) WHERE ended_at IS NULL;
COMMENT ON TABLE participant_bar IS 'owner: shop/booking. Until when a child may not be booked, and why: for the office only. It counts through until_on; ended_at = taken back or replaced by another.';

CREATE TABLE bar_try (
    participant_id bigint NOT NULL REFERENCES participant ON DELETE CASCADE,
    departure_id   bigint NOT NULL REFERENCES departure,
    guardian_id    bigint NOT NULL REFERENCES guardian ON DELETE CASCADE,
    at             timestamptz NOT NULL,
    handled_at     timestamptz,
    handled_by     bigint REFERENCES staff,
    PRIMARY KEY (participant_id, departure_id)
);
CREATE INDEX bar_try_waiting ON bar_try (at) WHERE handled_at IS NULL;
COMMENT ON TABLE bar_try IS 'owner: shop/booking. A family tried to book a barred child: the office calls them.';
