-- +goose Up
-- One fiche opened in an emergency by somebody whom the rule would refuse; unusual reading; what the nightly reading of the
-- access log found; how long things are kept, as the organiser sets it; who let go of a file that held a fiche, and why.
-- What people type stands in one table, sealed, and goes with the fiche that it is about.

CREATE TABLE fiche_note (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fiche_id   bigint REFERENCES fiche,
    sealed     bytea,
    written_by bigint NOT NULL REFERENCES staff,
    written_at timestamptz NOT NULL
);
CREATE INDEX fiche_note_by_fiche ON fiche_note (fiche_id) WHERE fiche_id IS NOT NULL;
COMMENT ON TABLE fiche_note IS 'owner: medical. What staff typed about an emergency, an alert or a file, sealed for exactly this row (fiche_note:id:sealed). fiche_id NULL = about no fiche; sealed NULL = gone with its fiche.';

CREATE TABLE fiche_override (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id       bigint NOT NULL REFERENCES staff,
    role           text   NOT NULL,
    booking_id     bigint NOT NULL REFERENCES booking,
    participant_id bigint NOT NULL REFERENCES participant,
    departure_id   bigint NOT NULL REFERENCES departure,
    reason_id      bigint NOT NULL REFERENCES fiche_note,
    opened_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL,
    closed_at      timestamptz,
    reviewed_at    timestamptz,
    reviewed_by    bigint REFERENCES staff,
    justified      boolean,
    review_note_id bigint REFERENCES fiche_note,
    CONSTRAINT fiche_override_role_known CHECK (role IN ('animator', 'lead', 'office')),
    CONSTRAINT fiche_override_ends CHECK (ends_at > opened_at),
    CONSTRAINT fiche_override_reviewed_whole CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (justified IS NULL)),
    CONSTRAINT fiche_override_two_people CHECK (reviewed_by <> staff_id)
);
CREATE INDEX fiche_override_by_staff ON fiche_override (staff_id, opened_at);
CREATE INDEX fiche_override_to_review ON fiche_override (opened_at) WHERE reviewed_at IS NULL;
COMMENT ON TABLE fiche_override IS 'owner: medical. One fiche that was opened in an emergency without the place or the days that the rule asks, by whom, until when, and what a colleague thinks of it.';

CREATE TABLE fiche_alert (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    key          text NOT NULL,
    staff_id     bigint REFERENCES staff,
    departure_id bigint REFERENCES departure,
    figure       int  NOT NULL,
    at           timestamptz NOT NULL,
    handled_at   timestamptz,
    handled_by   bigint REFERENCES staff,
    note_id      bigint REFERENCES fiche_note,
    CONSTRAINT fiche_alert_kind_known CHECK (kind IN ('many', 'night', 'outside', 'refused', 'prints', 'chain')),
    CONSTRAINT fiche_alert_once UNIQUE (key),
    CONSTRAINT fiche_alert_handled_whole CHECK ((handled_at IS NULL) = (handled_by IS NULL)),
    CONSTRAINT fiche_alert_two_people CHECK (handled_by <> staff_id)
);
CREATE INDEX fiche_alert_open ON fiche_alert (at) WHERE handled_at IS NULL;
COMMENT ON TABLE fiche_alert IS 'owner: medical. Fiches were read in an unusual way (who, how many), or the access log was tampered with. key says what it is about, so that the same is told once.';

CREATE TABLE fiche_verified (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    lines        bigint NOT NULL,
    mac          bytea,
    broken       int    NOT NULL,
    first_broken bigint,
    CONSTRAINT fiche_verified_first CHECK ((broken = 0) = (first_broken IS NULL))
);
COMMENT ON TABLE fiche_verified IS 'owner: medical. Each time that the whole access log was read for signs of tampering: how many lines, the signature of the last one (the next time starts from it), what was found.';

CREATE TABLE fiche_setting (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name   text NOT NULL,
    value  int  NOT NULL,
    set_at timestamptz NOT NULL,
    set_by bigint NOT NULL REFERENCES staff
);
CREATE INDEX fiche_setting_latest ON fiche_setting (name, id DESC);
COMMENT ON TABLE fiche_setting IS 'owner: medical. How long fiches are kept and what reading is unusual, as the organiser set it: the newest row of a name counts, none = the default of the program.';

CREATE TRIGGER fiche_verified_insert_only BEFORE UPDATE OR DELETE ON fiche_verified FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fiche_setting_insert_only BEFORE UPDATE OR DELETE ON fiche_setting FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE fiche_hold ADD COLUMN released_by bigint REFERENCES staff, ADD COLUMN placed_note_id bigint REFERENCES fiche_note,
    ADD COLUMN released_note_id bigint REFERENCES fiche_note;
COMMENT ON COLUMN fiche_hold.released_note_id IS 'why the file was closed, sealed';

CREATE VIEW fiche_taken_off AS
    SELECT DISTINCT a.staff_id, a.departure_id FROM assignment a
    WHERE a.removed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assignment n WHERE n.staff_id = a.staff_id AND n.departure_id = a.departure_id AND n.removed_at IS NULL);
COMMENT ON VIEW fiche_taken_off IS 'reader: medical. Who had a place at a camp and has none any more.';

CREATE VIEW watch_child AS
    SELECT b.id AS booking_id, b.order_id, b.participant_id, b.departure_id, p.first_name, p.last_name, h.title, d.starts_on, d.ends_on,
        b.status IN ('placed', 'in_review') AND d.status <> 'cancelled' AS going
    FROM booking b JOIN participant p ON p.id = b.participant_id JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW watch_child IS 'reader: shop/watch. The names of a child and its holiday.';

CREATE VIEW watch_fiche AS
    SELECT p.id AS participant_id, d.id AS departure_id, p.first_name, p.last_name, h.title, d.starts_on, d.ends_on
    FROM (SELECT DISTINCT participant_id, departure_id FROM fiche) f JOIN participant p ON p.id = f.participant_id JOIN departure d ON d.id = f.departure_id
    JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW watch_fiche IS 'reader: shop/watch. Whose fiche it is and of which holiday; nothing of what is in it.';

CREATE VIEW watch_departure AS SELECT d.id AS departure_id, h.title, d.starts_on, d.ends_on FROM departure d JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW watch_departure IS 'reader: shop/watch. The name and the days of a camp.';

CREATE VIEW watch_staff AS SELECT id AS staff_id, name FROM staff;
COMMENT ON VIEW watch_staff IS 'reader: shop/watch. The name of who opened a fiche in an emergency.';

-- A family may ask that one fiche is wiped, and nothing else.
ALTER TABLE family_request DROP CONSTRAINT family_request_kind_known;
ALTER TABLE family_request ADD CONSTRAINT family_request_kind_known CHECK (kind IN ('complaint', 'undelivered', 'leaving', 'question', 'erasure', 'fiche'));
ALTER TABLE family_request DROP CONSTRAINT family_request_booking;
ALTER TABLE family_request ADD CONSTRAINT family_request_booking CHECK (kind NOT IN ('complaint', 'undelivered', 'leaving', 'fiche') OR booking_id IS NOT NULL);
CREATE UNIQUE INDEX family_request_one_fiche ON family_request (booking_id) WHERE kind = 'fiche' AND status <> 'closed';
