-- +goose Up
-- A letter goes to a whole departure, or to families that somebody picked by hand, on one departure or on any.
ALTER TABLE circular ALTER COLUMN departure_id DROP NOT NULL;
ALTER TABLE circular ADD CONSTRAINT circular_to_somebody CHECK (departure_id IS NOT NULL OR jsonb_array_length(coalesce(audience -> 'orders', '[]'::jsonb)) > 0);
CREATE INDEX circular_picked ON circular (id DESC) WHERE departure_id IS NULL;
CREATE INDEX circular_recipient_by_mail ON circular_recipient (mail_id) WHERE mail_id IS NOT NULL;
COMMENT ON COLUMN circular.departure_id IS 'NULL = to families picked from the list of all bookings: audience.orders';

CREATE VIEW mail_letter AS
    SELECT r.mail_id, r.order_id, c.id AS circular_id, coalesce(t.name, '') AS name, coalesce(c.version, 0) AS version
    FROM circular_recipient r JOIN circular c ON c.id = r.circular_id LEFT JOIN mail_template t ON t.id = c.template_id WHERE r.mail_id IS NOT NULL;
COMMENT ON VIEW mail_letter IS 'reader: shop/mail. Which letter of the office a mail was, and which version of it where it is kept under a name.';
