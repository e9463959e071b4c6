-- +goose Up
-- What becomes of a fiche: photos and documents that belong to it, how long it may be kept, and what keeps it longer.

ALTER TABLE fiche ADD COLUMN keep_until date;
COMMENT ON COLUMN fiche.keep_until IS 'with the guardian''s consent, at most twelve months after signing, so that next year''s fiche is filled in faster; NULL = wiped soon after the camp';

-- Which question an upload answers, its type and its name are inside the seal: that a child has a medicine label or a
-- doctor''s plan is an answer too.
CREATE TABLE fiche_upload (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fiche_id    bigint NOT NULL REFERENCES fiche,
    sealed      bytea  NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by text   NOT NULL
);
CREATE INDEX fiche_upload_by_fiche ON fiche_upload (fiche_id);
COMMENT ON TABLE fiche_upload IS 'owner: medical. A photo or document of a fiche, re-encoded and sealed for exactly this row (fiche_upload:id:file).';

CREATE TABLE fiche_hold (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fiche_id    bigint NOT NULL REFERENCES fiche,
    placed_at   timestamptz NOT NULL,
    placed_by   bigint NOT NULL REFERENCES staff,
    reference   text   NOT NULL,
    released_at timestamptz,
    CONSTRAINT fiche_hold_reference_given CHECK (reference <> '')
);
CREATE UNIQUE INDEX fiche_hold_once ON fiche_hold (fiche_id, reference) WHERE released_at IS NULL;
COMMENT ON TABLE fiche_hold IS 'owner: medical. A file (incident, insurance, complaint) that needs the fiche: it is not wiped before the hold is released. reference is the file''s number, never a word about health.';
