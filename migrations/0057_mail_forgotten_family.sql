-- +goose Up
-- A letter may be written in the very moment in which its family is forgotten, or later, about money that still comes: the nightly job
-- finds it by its order.
CREATE VIEW mail_forgotten_order AS
SELECT o.id AS order_id FROM booking_order o JOIN guardian g ON g.id = o.guardian_id WHERE g.email LIKE 'gewist-%@example.invalid';
COMMENT ON VIEW mail_forgotten_order IS 'reader: shop/mail. The orders of families that were forgotten.';
