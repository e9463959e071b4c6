-- +goose Up
-- Medical fiches: sealed answers, the keys that open them, and who looked.
-- What is in clear here is what the office may know anyway: that there is a fiche, when it was saved and signed, whether
-- care is being discussed. An answer is never a column and never a row of its own: one sealed, padded value holds a whole
-- topic, so that not even the presence of an answer tells anything.

CREATE TABLE fiche (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    participant_id bigint NOT NULL REFERENCES participant,
    departure_id   bigint NOT NULL REFERENCES departure,
    opened_by      bigint NOT NULL REFERENCES guardian,
    questionnaire  int    NOT NULL,
    created_at     timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    signed_at      timestamptz,
    signed_by      bigint REFERENCES guardian,
    wiped_at       timestamptz,
    wiped_because  text,
    CONSTRAINT fiche_signed_whole CHECK ((signed_at IS NULL) = (signed_by IS NULL)),
    CONSTRAINT fiche_wiped_whole CHECK ((wiped_at IS NULL) = (wiped_because IS NULL)),
    CONSTRAINT fiche_wiped_because_known CHECK (wiped_because IN ('not_booked', 'retention', 'erasure', 'restored'))
);
CREATE UNIQUE INDEX fiche_once ON fiche (participant_id, departure_id) WHERE wiped_at IS NULL;
CREATE INDEX fiche_by_departure ON fiche (departure_id) WHERE wiped_at IS NULL;
COMMENT ON TABLE fiche IS 'owner: medical. A child''s medical sheet for one departure. Wiped = its key and its answers are gone, this row says so.';

-- A table of its own, so that backups of it can be kept for a shorter time: without its row here a fiche is noise.
CREATE TABLE fiche_key (
    fiche_id   bigint PRIMARY KEY REFERENCES fiche,
    keyset_key bigint NOT NULL,
    wrapped    bytea  NOT NULL,
    wrapped_at timestamptz NOT NULL
);
CREATE INDEX fiche_key_by_keyset_key ON fiche_key (keyset_key);
COMMENT ON TABLE fiche_key IS 'owner: medical. The data key of each fiche, wrapped by the keyset key of that id, which is outside the database. Deleting the row shreds the fiche.';

CREATE TABLE fiche_section (
    fiche_id bigint NOT NULL REFERENCES fiche,
    section  text   NOT NULL,
    revision int    NOT NULL,
    sealed   bytea  NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text   NOT NULL,
    PRIMARY KEY (fiche_id, section)
);
COMMENT ON TABLE fiche_section IS 'owner: medical. The answers to one topic of the questionnaire, or the agreements of the care team, sealed for exactly this row (fiche_section:fiche_id:section). saved_by is guardian:ID or staff:ID.';

CREATE TABLE fiche_tombstone (
    fiche_id bigint PRIMARY KEY,
    wiped_at timestamptz NOT NULL,
    because  text NOT NULL
);
COMMENT ON TABLE fiche_tombstone IS 'owner: medical. Fiches that must stay wiped: applied again after a backup is restored, so no reference to fiche.';
CREATE TRIGGER fiche_tombstone_insert_only BEFORE UPDATE OR DELETE ON fiche_tombstone FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE care_review (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fiche_id   bigint NOT NULL REFERENCES fiche,
    opened_at  timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by bigint REFERENCES staff,
    outcome    text,
    CONSTRAINT care_review_decided_whole CHECK (num_nonnulls(decided_at, decided_by, outcome) IN (0, 3)),
    CONSTRAINT care_review_outcome_known CHECK (outcome IN ('welcome', 'agreements', 'other_holiday', 'refused'))
);
CREATE UNIQUE INDEX care_review_open_once ON care_review (fiche_id) WHERE decided_at IS NULL;
CREATE INDEX care_review_by_fiche ON care_review (fiche_id);
COMMENT ON TABLE care_review IS 'owner: medical. The care question was answered with yes: staff decide together with the parent. What is agreed for the camp is sealed in fiche_section.';

-- No references: the log outlives what it is about. Each line carries a signature over itself and the line before, made
-- with a key outside the database: whoever changes, removes or adds a line here cannot hide it.
CREATE TABLE fiche_access (
    seq            bigint PRIMARY KEY,
    at             timestamptz NOT NULL,
    actor          text   NOT NULL,
    role           text   NOT NULL,
    action         text   NOT NULL,
    outcome        text   NOT NULL,
    participant_id bigint,
    departure_id   bigint,
    fiche_id       bigint,
    topics         text[] NOT NULL,
    purpose        text   NOT NULL,
    request        text   NOT NULL,
    ip             text   NOT NULL,
    device         text   NOT NULL,
    prev           bytea  NOT NULL,
    mac            bytea  NOT NULL,
    CONSTRAINT fiche_access_seq_positive CHECK (seq > 0),
    CONSTRAINT fiche_access_action_known CHECK (action IN ('view', 'list', 'print', 'export', 'decide', 'save', 'sign', 'move', 'wipe', 'override')),
    CONSTRAINT fiche_access_outcome_known CHECK (outcome IN ('allowed', 'refused', 'unreadable'))
);
CREATE INDEX fiche_access_by_participant ON fiche_access (participant_id, seq);
CREATE INDEX fiche_access_by_departure ON fiche_access (departure_id, seq) WHERE participant_id IS NULL;
CREATE INDEX fiche_access_by_actor ON fiche_access (actor, at);
COMMENT ON TABLE fiche_access IS 'owner: medical. Who wanted to see which fiche, written before anything is shown. actor is guardian:ID, staff:ID or system; participant_id NULL = the whole camp''s list. Never an answer.';
CREATE TRIGGER fiche_access_insert_only BEFORE UPDATE OR DELETE ON fiche_access FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What medical has to know of others' tables to decide who may read, and no more.
CREATE VIEW fiche_departure AS
    SELECT d.id AS departure_id, d.status AS departure_status, d.starts_on, d.ends_on, h.inclusive, h.country <> 'BE' AS abroad,
           h.trip = 'flight' OR EXISTS (SELECT 1 FROM boarding_place bp WHERE bp.departure_id = d.id) AS carried
      FROM departure d JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW fiche_departure IS 'reader: medical. When a camp is, and the facts about it that the questionnaire asks by.';

CREATE VIEW fiche_participant AS
    SELECT id AS participant_id, born_on FROM participant;
COMMENT ON VIEW fiche_participant IS 'reader: medical. How old a child is.';

CREATE VIEW fiche_booking AS
    SELECT id AS booking_id, participant_id, departure_id, status AS booking_status FROM booking;
COMMENT ON VIEW fiche_booking IS 'reader: medical. Which child goes on which camp, and whether still.';

CREATE VIEW fiche_guardian AS
    SELECT guardian_id, participant_id, sees_fiche FROM guardianship;
COMMENT ON VIEW fiche_guardian IS 'reader: medical. Which adult acts for which child and may read the fiche.';

CREATE VIEW fiche_staff AS
    SELECT s.id AS staff_id, s.name, r.role FROM staff s JOIN staff_role r ON r.staff_id = s.id WHERE s.active;
COMMENT ON VIEW fiche_staff IS 'reader: medical. The roles of staff who still work here.';

CREATE VIEW fiche_staff_name AS
    SELECT id AS staff_id, name FROM staff;
COMMENT ON VIEW fiche_staff_name IS 'reader: medical. Names for the page on which a parent sees who looked, also of staff who left.';

CREATE VIEW fiche_assignment AS
    SELECT staff_id, departure_id, lead FROM assignment WHERE removed_at IS NULL;
COMMENT ON VIEW fiche_assignment IS 'reader: medical. Whose camp it is now.';

CREATE VIEW fiche_wanted AS
    SELECT participant_id, departure_id FROM booking WHERE status <> 'cancelled'
    UNION
    SELECT cc.participant_id, cc.departure_id FROM checkout_child cc JOIN checkout c ON c.id = cc.checkout_id
     WHERE c.status = 'open' AND cc.participant_id IS NOT NULL AND cc.care IS NOT NULL;
COMMENT ON VIEW fiche_wanted IS 'reader: medical. Children whose fiche is needed: booked, or in an open basket with the care question answered.';
