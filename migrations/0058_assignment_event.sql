-- +goose Up
-- A place at a camp opens the medical fiches of the children there: who gave it and who took it away is kept.
CREATE TABLE assignment_event (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id bigint NOT NULL REFERENCES departure,
    staff_id     bigint NOT NULL REFERENCES staff,
    kind         text   NOT NULL,
    by_staff_id  bigint REFERENCES staff,
    at           timestamptz NOT NULL,
    CONSTRAINT assignment_event_kind_known CHECK (kind IN ('animator', 'lead', 'removed'))
);
CREATE INDEX assignment_event_by_departure ON assignment_event (departure_id, id DESC);
CREATE TRIGGER assignment_event_insert_only BEFORE UPDATE OR DELETE ON assignment_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE assignment_event IS 'owner: shop/account. Who got a place at a camp, as animator or as lead, or lost it, and who did that; by_staff_id is empty when the program did.';
