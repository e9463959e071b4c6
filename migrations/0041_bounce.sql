-- +goose Up
-- What happened to an address is kept: who said when that no mail reaches it, or that it is good again, and why. A mail that
-- was given up waits for a person until somebody sent it again or told the family in another way. Notes may be about a
-- family, and who put a note on top or let it go is kept too.

ALTER TABLE mail_bounce ADD COLUMN code int NOT NULL DEFAULT 0;
COMMENT ON COLUMN mail_bounce.code IS 'what the mail server answered (5xx); 0 when a colleague saw a message come back';

CREATE TABLE mail_bounce_event (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address  text NOT NULL,
    kind     text NOT NULL,
    code     int  NOT NULL DEFAULT 0,
    why      text NOT NULL,
    staff_id bigint REFERENCES staff,
    at       timestamptz NOT NULL,
    CONSTRAINT mail_bounce_event_kind_known CHECK (kind IN ('bounced', 'reachable')),
    CONSTRAINT mail_bounce_event_lower CHECK (address = lower(address) AND address <> '')
);
CREATE INDEX mail_bounce_event_by_address ON mail_bounce_event (address, id);
COMMENT ON TABLE mail_bounce_event IS 'owner: shop/mail. History of an address: when no mail reached it, when it was good again, who said so and why. staff_id NULL = the mail server.';
INSERT INTO mail_bounce_event (address, kind, why, staff_id, at) SELECT address, 'bounced', why, staff_id, at FROM mail_bounce;

ALTER TABLE mail ADD COLUMN handled_at timestamptz, ADD COLUMN handled_by bigint REFERENCES staff, ADD COLUMN resent_as bigint REFERENCES mail;
ALTER TABLE mail ADD CONSTRAINT mail_handled_by_somebody CHECK ((handled_at IS NULL) = (handled_by IS NULL));
CREATE INDEX mail_dead ON mail (dead_at) WHERE dead_at IS NOT NULL AND handled_at IS NULL AND NOT secret;
COMMENT ON COLUMN mail.handled_at IS 'a colleague saw to a mail that was given up: sent it again (resent_as), or told the family in another way';

ALTER TABLE order_note ALTER COLUMN order_id DROP NOT NULL, ADD COLUMN guardian_id bigint REFERENCES guardian;
ALTER TABLE order_note ADD CONSTRAINT order_note_about_one CHECK (num_nonnulls(order_id, guardian_id) = 1);
CREATE INDEX order_note_by_guardian ON order_note (guardian_id, id) WHERE guardian_id IS NOT NULL;

CREATE TABLE order_note_pin (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note_id  bigint NOT NULL REFERENCES order_note,
    pinned   boolean NOT NULL,
    staff_id bigint NOT NULL REFERENCES staff,
    at       timestamptz NOT NULL
);
CREATE INDEX order_note_pin_by_note ON order_note_pin (note_id, id);
COMMENT ON TABLE order_note_pin IS 'owner: shop/dossier. Who put a note on top or let it go, and when.';
CREATE TRIGGER order_note_pin_insert_only BEFORE UPDATE OR DELETE ON order_note_pin FOR EACH ROW EXECUTE FUNCTION refuse_change();

DROP VIEW dossier_note;
CREATE VIEW dossier_note AS
    SELECT n.id, n.order_id, n.guardian_id, n.text, n.pinned, n.at, s.name AS staff_name FROM order_note n JOIN staff s ON s.id = n.staff_id;
COMMENT ON VIEW dossier_note IS 'reader: shop/dossier. Notes with the name of the colleague.';

CREATE VIEW dossier_pin AS
    SELECT p.id, p.note_id, p.pinned, p.at, s.name AS staff_name FROM order_note_pin p JOIN staff s ON s.id = p.staff_id;
COMMENT ON VIEW dossier_pin IS 'reader: shop/dossier. Who put a note on top or let it go.';

CREATE VIEW dossier_order AS SELECT id AS order_id, guardian_id FROM booking_order;
COMMENT ON VIEW dossier_order IS 'reader: shop/dossier. Whose order it is.';

CREATE VIEW mail_phone AS
    SELECT m.id AS mail_id, o.id AS order_id, o.payer_phone, o.payer_name, EXISTS (SELECT 1 FROM mail_bounce b JOIN guardian g ON g.email = b.address WHERE b.address = lower(m.to_address)) AS bounced
    FROM mail m JOIN booking_order o ON o.id = m.order_id WHERE m.dead_at IS NOT NULL;
COMMENT ON VIEW mail_phone IS 'reader: shop/mail. Whom to call about a mail that was given up; bounced = the worklist asks for another address already.';

CREATE VIEW roster_waiting AS
    SELECT e.departure_id, count(*) AS children FROM waitlist_entry e JOIN waitlist_child c ON c.entry_id = e.id
    WHERE e.status IN ('waiting', 'offered') GROUP BY e.departure_id;
COMMENT ON VIEW roster_waiting IS 'reader: shop/roster. How many children wait for a place on a departure.';
