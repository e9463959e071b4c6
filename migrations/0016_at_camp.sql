-- +goose Up
-- At camp: the promise of whoever reads fiches, what was given and done, and what a phone takes along without signal.

CREATE TABLE fiche_promise (
    staff_id    bigint NOT NULL REFERENCES staff,
    year        integer NOT NULL,
    version     integer NOT NULL,
    promised_at timestamptz NOT NULL,
    ip          text NOT NULL,
    device      text NOT NULL,
    CONSTRAINT fiche_promise_pkey PRIMARY KEY (staff_id, year, version)
);
COMMENT ON TABLE fiche_promise IS 'owner: medical. Somebody promised not to tell what they read in fiches: once for the camps of each year, before the first one opens. version is the text that was shown.';
CREATE TRIGGER fiche_promise_insert_only BEFORE UPDATE OR DELETE ON fiche_promise FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The private half of the pair to which a phone seals what it notes without signal. It opens reports, never fiches.
CREATE TABLE fiche_bundle (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id     bigint NOT NULL REFERENCES staff,
    departure_id bigint NOT NULL REFERENCES departure,
    sealed       bytea  NOT NULL,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX fiche_bundle_by_staff ON fiche_bundle (staff_id, departure_id);
COMMENT ON TABLE fiche_bundle IS 'owner: medical. One time that a phone took the fiches of a camp along. sealed is the private key that opens its reports, sealed for exactly this row (fiche_bundle:id:sealed).';

-- Kind, medicine, outcome and words are inside the seal, which is the fiche''s own: wiping the fiche wipes its record.
CREATE TABLE fiche_record (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fiche_id    bigint NOT NULL REFERENCES fiche,
    client_id   uuid   NOT NULL,
    sealed      bytea  NOT NULL,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    staff_id    bigint NOT NULL REFERENCES staff,
    CONSTRAINT fiche_record_once UNIQUE (client_id)
);
CREATE INDEX fiche_record_by_fiche ON fiche_record (fiche_id, happened_at);
COMMENT ON TABLE fiche_record IS 'owner: medical. What was given to a child, and first aid, at camp: rows are only added, a correction is a row of its own. client_id is made by the phone, so that a report that is sent twice is kept once.';

-- +goose StatementBegin
CREATE FUNCTION refuse_unless_wiped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM fiche_key WHERE fiche_id = OLD.fiche_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION refuse_unless_wiped() IS 'Trigger of fiche_record: rows are added, never changed, and removed only with the key of their fiche.';
CREATE TRIGGER fiche_record_insert_only BEFORE UPDATE OR DELETE ON fiche_record FOR EACH ROW EXECUTE FUNCTION refuse_unless_wiped();

ALTER TABLE fiche_access DROP CONSTRAINT fiche_access_action_known;
ALTER TABLE fiche_access ADD CONSTRAINT fiche_access_action_known CHECK (action IN
    ('view', 'list', 'print', 'export', 'decide', 'save', 'sign', 'move', 'wipe', 'override', 'kitchen', 'offline', 'record', 'log'));
