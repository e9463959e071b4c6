-- +goose Up
-- The list of an animator joins what catalogue, account and booking own. Views say once what the camp may know of it:
-- names, ages, where a child gets on, whom to call. Nothing about money, and nothing about health: that is medical's.

CREATE VIEW camp AS
    SELECT d.id AS departure_id, h.title, h.destination, h.country, h.accommodation, d.starts_on, d.ends_on,
           (SELECT count(*) FROM booking b WHERE b.departure_id = d.id AND b.status IN ('placed', 'in_review')) AS children
      FROM departure d JOIN holiday h ON h.id = d.holiday_id
     WHERE d.status <> 'cancelled';
COMMENT ON VIEW camp IS 'reader: shop/camp. A departure as its animators know it.';

CREATE VIEW camp_assignment AS
    SELECT a.staff_id, a.departure_id,
           a.lead AND EXISTS (SELECT 1 FROM staff_role r WHERE r.staff_id = a.staff_id AND r.role = 'lead') AS leads
      FROM assignment a
     WHERE a.removed_at IS NULL;
COMMENT ON VIEW camp_assignment IS 'reader: shop/camp. Whose camp it is now, and who leads it.';

CREATE VIEW camp_child AS
    SELECT b.departure_id, b.id AS booking_id, b.participant_id, p.first_name, p.last_name, p.born_on,
           coalesce(bp.name, '') AS boarding_place, b.photo_consent
      FROM booking b
      JOIN participant p ON p.id = b.participant_id
      LEFT JOIN boarding_place bp ON bp.id = b.boarding_place_id
     WHERE b.status IN ('placed', 'in_review');
COMMENT ON VIEW camp_child IS 'reader: shop/camp. A child who is coming.';

CREATE VIEW camp_parent AS
    SELECT gs.participant_id, g.id AS guardian_id, g.first_name, g.last_name, g.phone, g.lang
      FROM guardianship gs JOIN guardian g ON g.id = gs.guardian_id;
COMMENT ON VIEW camp_parent IS 'reader: shop/camp. Whom to call about a child.';
