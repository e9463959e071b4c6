-- +goose Up
-- The office fills the catalogue itself: versions against two people editing the same text, moments of publication,
-- photos, a history of every change, and files that wait for a confirmation.

ALTER TABLE holiday ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE departure
    ADD COLUMN version int NOT NULL DEFAULT 1,
    ADD COLUMN publish_at timestamptz,
    ADD COLUMN published_at timestamptz,
    ADD CONSTRAINT departure_publish_at_of_draft CHECK (publish_at IS NULL OR status = 'draft');
-- What is published already has been seen: its prices are never taken away.
UPDATE departure SET published_at = on_sale_at WHERE status <> 'draft';
CREATE INDEX departure_to_publish ON departure (publish_at) WHERE publish_at IS NOT NULL;

-- A price that was published is never edited. That of a draft that nobody saw may go with its draft.
-- +goose StatementBegin
CREATE FUNCTION refuse_price_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM departure WHERE id = OLD.departure_id AND status = 'draft' AND published_at IS NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'price_list: % refused; a published price is followed by a new version', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION refuse_price_change() IS 'Trigger of price_list: rows are added; only those of a draft that was never published are removed.';
DROP TRIGGER price_list_insert_only ON price_list;
CREATE TRIGGER price_list_insert_only BEFORE UPDATE OR DELETE ON price_list FOR EACH ROW EXECUTE FUNCTION refuse_price_change();

CREATE TABLE catalogue_event (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    season_id    bigint NOT NULL REFERENCES season,
    holiday_id   bigint,
    departure_id bigint,
    kind         text   NOT NULL,
    changes      jsonb  NOT NULL DEFAULT '[]',
    why          text   NOT NULL DEFAULT '',
    actor        text   NOT NULL,
    at           timestamptz NOT NULL
);
CREATE INDEX catalogue_event_by_holiday ON catalogue_event (holiday_id, id);
CREATE INDEX catalogue_event_by_season ON catalogue_event (season_id, id);
COMMENT ON TABLE catalogue_event IS 'owner: shop/catalogue. History: who changed what, from what to what and why. No foreign key to holiday and departure on purpose: the history outlives a draft that is deleted. actor is staff:ID or system.';
CREATE TRIGGER catalogue_event_insert_only BEFORE UPDATE OR DELETE ON catalogue_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE holiday_photo (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holiday_id bigint NOT NULL REFERENCES holiday ON DELETE CASCADE,
    position   int    NOT NULL,
    hash       text   NOT NULL,
    width      int    NOT NULL,
    height     int    NOT NULL,
    alt_nl     text   NOT NULL,
    alt_en     text   NOT NULL,
    added_at   timestamptz NOT NULL,
    removed_at timestamptz,
    CONSTRAINT holiday_photo_alt_given CHECK (alt_nl <> '' AND alt_en <> '')
);
CREATE INDEX holiday_photo_by_holiday ON holiday_photo (holiday_id, position) WHERE removed_at IS NULL;
CREATE INDEX holiday_photo_by_hash ON holiday_photo (hash);
COMMENT ON TABLE holiday_photo IS 'owner: shop/catalogue. Photos of a holiday; the first position is the cover. hash names its pixels and is in its address.';

CREATE TABLE holiday_photo_size (
    photo_id bigint NOT NULL REFERENCES holiday_photo ON DELETE CASCADE,
    width    int    NOT NULL,
    height   int    NOT NULL,
    jpeg     bytea  NOT NULL,
    PRIMARY KEY (photo_id, width)
);
ALTER TABLE holiday_photo_size ALTER COLUMN jpeg SET STORAGE EXTERNAL; -- a JPEG does not compress
COMMENT ON TABLE holiday_photo_size IS 'owner: shop/catalogue. A photo drawn anew in one width, without EXIF. In the database because several processes serve it.';

CREATE TABLE catalogue_import (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    season_id    bigint NOT NULL REFERENCES season,
    staff_id     bigint NOT NULL REFERENCES staff,
    file_name    text   NOT NULL,
    rows         jsonb  NOT NULL,
    at           timestamptz NOT NULL,
    confirmed_at timestamptz
);
COMMENT ON TABLE catalogue_import IS 'owner: shop/catalogue. A spreadsheet as it was read, waiting for somebody to confirm the preview.';
