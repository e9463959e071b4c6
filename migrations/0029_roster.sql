-- +goose Up
-- The office's lists: departures, who goes on one, bookings, families. Views say what a list may show (nothing about
-- health: of a fiche only whether it is signed); indexes give the order of each list, so that a page of fifty reads fifty.

CREATE INDEX booking_by_departs_on ON booking (departs_on, id);
CREATE INDEX participant_by_name ON participant (lower(last_name), lower(first_name), id);
CREATE INDEX guardian_by_name ON guardian (lower(last_name), lower(first_name), id);

CREATE VIEW roster_booking AS
    SELECT b.id AS booking_id, b.order_id, b.participant_id, b.departure_id, b.status, b.category, b.evidence, coalesce(b.boarding_place_id, 0) AS boarding_place_id,
        b.photo_consent, b.insured, b.departs_on, b.placed_at, p.first_name, p.last_name, lower(p.first_name) AS first_key, lower(p.last_name) AS last_key, p.born_on,
        o.reference, o.guardian_id, o.payer_name, o.payer_email, o.payer_phone, o.lang, h.code, h.title, d.ends_on, coalesce(bp.name, '') AS boarding_name
    FROM booking b
    JOIN participant p ON p.id = b.participant_id
    JOIN booking_order o ON o.id = b.order_id
    JOIN departure d ON d.id = b.departure_id
    JOIN holiday h ON h.id = d.holiday_id
    LEFT JOIN boarding_place bp ON bp.id = b.boarding_place_id;
COMMENT ON VIEW roster_booking IS 'reader: shop/roster. A booking as a list shows it.';

CREATE VIEW roster_money AS
    SELECT b.id AS booking_id,
        (SELECT coalesce(sum(c.amount_cents), 0) FROM charge c WHERE c.booking_id = b.id)::bigint AS charged_cents,
        (SELECT coalesce(sum(a.amount_cents), 0) FROM instalment i JOIN allocation a ON a.instalment_id = i.id WHERE i.booking_id = b.id)::bigint AS paid_cents,
        (SELECT min(i.due_on) FROM instalment i WHERE i.booking_id = b.id AND i.void_at IS NULL
            AND i.amount_cents > (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = i.id)) AS next_due_on
    FROM booking b;
COMMENT ON VIEW roster_money IS 'reader: shop/roster. What a booking costs, what is paid of it, and the first day with something open.';

CREATE VIEW roster_late AS
    SELECT i.order_id, w.due_on FROM invoice_open w JOIN invoice i ON i.id = w.invoice_id;
COMMENT ON VIEW roster_late IS 'reader: shop/roster. Orders with invoiced money open, and since when.';

CREATE VIEW roster_fiche AS
    SELECT f.participant_id, f.departure_id FROM fiche f WHERE f.signed_at IS NOT NULL AND f.wiped_at IS NULL;
COMMENT ON VIEW roster_fiche IS 'reader: shop/roster. Whether a fiche is signed; nothing of what is in it.';

CREATE VIEW roster_departure AS
    SELECT d.id AS departure_id, h.code, h.title, h.destination, h.trip, d.starts_on, d.ends_on, d.status, s.year
    FROM departure d JOIN holiday h ON h.id = d.holiday_id JOIN season s ON s.id = h.season_id;
COMMENT ON VIEW roster_departure IS 'reader: shop/roster. A departure as a list shows it.';

CREATE VIEW roster_place AS SELECT departure_id, booking_id, held_until FROM place;
COMMENT ON VIEW roster_place IS 'reader: shop/roster. Places, to be counted.';

CREATE VIEW roster_boarding AS SELECT id AS boarding_place_id, departure_id, name, min_participants, position FROM boarding_place;
COMMENT ON VIEW roster_boarding IS 'reader: shop/roster. The boarding places of a departure.';

CREATE VIEW roster_family AS
    SELECT g.id AS guardian_id, g.first_name, g.last_name, lower(g.first_name) AS first_key, lower(g.last_name) AS last_key, g.email, g.phone, g.street, g.postal_code, g.city, g.lang,
        (SELECT count(*) FROM guardianship gs WHERE gs.guardian_id = g.id) AS children,
        (SELECT count(*) FROM booking_order o JOIN booking b ON b.order_id = o.id WHERE o.guardian_id = g.id AND b.status <> 'cancelled') AS bookings
    FROM guardian g;
COMMENT ON VIEW roster_family IS 'reader: shop/roster. A family as a list shows it.';
