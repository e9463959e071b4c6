-- +goose Up
-- Each target group has its own set of extra questions in the fiche. Until now every holiday for a target group asked all of
-- them: of a child with autism how somebody in a wheelchair is lifted, of a child in a wheelchair which noises it cannot bear.
CREATE TABLE target_group (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    int    NOT NULL DEFAULT 1,
    name       text   NOT NULL,
    questions  text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT target_group_named CHECK (name <> '' AND name = btrim(name)),
    CONSTRAINT target_group_once UNIQUE (name)
);
COMMENT ON TABLE target_group IS 'owner: shop/catalogue. Whom a holiday is for, in the words that parents read, and which extra questions of the fiche its children get (ids of the questionnaire); questions NULL = all of them.';

CREATE TABLE target_group_event (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id bigint NOT NULL,
    changes  jsonb  NOT NULL DEFAULT '[]',
    actor    text   NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX target_group_event_by_group ON target_group_event (group_id, id);
COMMENT ON TABLE target_group_event IS 'owner: shop/catalogue. Who changed what of a target group, when, from what to what. No foreign key: it outlives the group. actor is staff:ID.';
CREATE TRIGGER target_group_event_insert_only BEFORE UPDATE OR DELETE ON target_group_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

UPDATE holiday SET target_group = nullif(btrim(target_group), '') WHERE target_group IS NOT NULL;
INSERT INTO target_group (name) SELECT DISTINCT target_group FROM holiday WHERE target_group IS NOT NULL;
ALTER TABLE holiday ADD CONSTRAINT holiday_target_group_fkey FOREIGN KEY (target_group) REFERENCES target_group (name) ON UPDATE CASCADE;
CREATE INDEX holiday_by_target_group ON holiday (target_group) WHERE target_group IS NOT NULL;
COMMENT ON COLUMN holiday.target_group IS 'name of a target_group; NULL = for everybody';
COMMENT ON COLUMN holiday.inclusive IS 'parents answer extra questions in the fiche: those of the target group, all of them where there is none';

CREATE OR REPLACE VIEW fiche_departure AS
SELECT d.id AS departure_id, d.status AS departure_status, d.starts_on, d.ends_on, h.inclusive, (h.country <> 'BE') AS abroad,
    (h.trip = 'flight' OR EXISTS (SELECT 1 FROM boarding_place bp WHERE bp.departure_id = d.id)) AS carried,
    (SELECT g.questions FROM target_group g WHERE g.name = h.target_group) AS extra
FROM departure d JOIN holiday h ON h.id = d.holiday_id;
