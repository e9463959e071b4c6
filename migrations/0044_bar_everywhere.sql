-- +goose Up
-- Who bars a child reads on which waiting lists it stands: it joined before.
CREATE VIEW child_waits AS
    SELECT c.participant_id, e.departure_id FROM waitlist_child c JOIN waitlist_entry e ON e.id = c.entry_id WHERE e.ended_at IS NULL;
COMMENT ON VIEW child_waits IS 'reader: shop/booking. On which lists a child waits, or has an offer.';
