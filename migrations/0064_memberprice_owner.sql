-- +goose Up
-- Claims of a member's price, and what is done with their proof, moved to packages of their own.
COMMENT ON TABLE proof IS 'owner: shop/memberprice. The claim of a member''s price: what was claimed and at which price, until when the proof may come, and what was decided. corrected_at = since when the base price is asked instead. code = what the parent typed from the mutuality''s sticker; it says no more than the category.';

CREATE VIEW proof_line AS
    SELECT b.id AS booking_id, b.order_id, p.first_name, p.last_name, h.title, b.departs_on, b.status, b.evidence, r.category, r.until, r.received_at, r.late_at,
        r.corrected_at, coalesce(r.received_at, r.late_at, b.placed_at) AS since,
        (SELECT count(*) FROM evidence_file f WHERE f.booking_id = b.id) AS files
    FROM booking b JOIN proof r ON r.booking_id = b.id JOIN participant p ON p.id = b.participant_id
    JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id;
COMMENT ON VIEW proof_line IS 'reader: shop/proof. A claim as a list shows it.';

CREATE VIEW proof_kept AS
    SELECT b.id AS booking_id, b.status, b.evidence, b.cancelled_at, b.departs_on, r.decided_at FROM booking b LEFT JOIN proof r ON r.booking_id = b.id
    WHERE EXISTS (SELECT 1 FROM evidence_file f WHERE f.booking_id = b.id);
COMMENT ON VIEW proof_kept IS 'reader: shop/proof. Bookings of which files are kept, and what tells whether they still serve.';

CREATE VIEW proof_look AS
    SELECT booking_id, actor, (detail->>'file')::bigint AS file, at FROM booking_event WHERE kind = 'proof_viewed';
COMMENT ON VIEW proof_look IS 'reader: shop/proof. Who of the office opened which file of a proof.';
