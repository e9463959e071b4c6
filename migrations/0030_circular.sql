-- +goose Up
-- The office writes to all families of a departure: a text with places for names and dates, sent once to each, also when
-- the program stops halfway. And what people of the office know about a family stands beside its order, for the next
-- colleague: a note, never about health.

CREATE TABLE mail_template (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    CONSTRAINT mail_template_named CHECK (name <> '')
);
CREATE UNIQUE INDEX mail_template_name_once ON mail_template (lower(name)) WHERE retired_at IS NULL;
COMMENT ON TABLE mail_template IS 'owner: shop/circular. A letter of the office that is used again; its words are in mail_template_version.';

CREATE TABLE mail_template_version (
    template_id bigint NOT NULL REFERENCES mail_template,
    version     int    NOT NULL,
    subject_nl  text   NOT NULL,
    body_nl     text   NOT NULL,
    subject_en  text   NOT NULL DEFAULT '',
    body_en     text   NOT NULL DEFAULT '',
    staff_id    bigint NOT NULL REFERENCES staff,
    at          timestamptz NOT NULL,
    PRIMARY KEY (template_id, version)
);
COMMENT ON TABLE mail_template_version IS 'owner: shop/circular. The words of a letter, each change a version; no English words = English readers get the Dutch ones.';
CREATE TRIGGER mail_template_version_insert_only BEFORE UPDATE OR DELETE ON mail_template_version FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE circular (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    departure_id bigint NOT NULL REFERENCES departure,
    audience     jsonb  NOT NULL,
    template_id  bigint,
    version      int,
    subject_nl   text   NOT NULL,
    body_nl      text   NOT NULL,
    subject_en   text   NOT NULL,
    body_en      text   NOT NULL,
    staff_id     bigint NOT NULL REFERENCES staff,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    recipients   int    NOT NULL DEFAULT 0,
    done_at      timestamptz,
    CONSTRAINT circular_template_version FOREIGN KEY (template_id, version) REFERENCES mail_template_version
);
CREATE INDEX circular_by_departure ON circular (departure_id, id DESC);
COMMENT ON TABLE circular IS 'owner: shop/circular. A letter to the families of a departure: a draft until confirmed_at, then it goes to the rows of circular_recipient and its words are fixed.';

CREATE TABLE circular_recipient (
    circular_id bigint NOT NULL REFERENCES circular,
    order_id    bigint NOT NULL REFERENCES booking_order,
    left_out    text   NOT NULL DEFAULT '',
    mail_id     bigint REFERENCES mail,
    PRIMARY KEY (circular_id, order_id),
    CONSTRAINT circular_recipient_left_out_known CHECK (left_out IN ('', 'no_address', 'bounced')),
    CONSTRAINT circular_recipient_sent_or_left CHECK (left_out = '' OR mail_id IS NULL)
);
CREATE INDEX circular_recipient_waiting ON circular_recipient (circular_id, order_id) WHERE mail_id IS NULL AND left_out = '';
COMMENT ON TABLE circular_recipient IS 'owner: shop/circular. Who gets a letter, once: mail_id is set in the transaction that enqueues the mail. left_out = why not.';

CREATE TABLE mail_bounce (
    address  text PRIMARY KEY,
    why      text NOT NULL,
    at       timestamptz NOT NULL,
    staff_id bigint REFERENCES staff,
    CONSTRAINT mail_bounce_lower CHECK (address = lower(address) AND address <> '')
);
COMMENT ON TABLE mail_bounce IS 'owner: shop/mail. Addresses that no mail reaches, by what the mail server said or by hand; gone when the address works again.';

CREATE TABLE order_note (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id  bigint NOT NULL REFERENCES booking_order,
    text      text   NOT NULL,
    pinned    boolean NOT NULL DEFAULT false,
    staff_id  bigint NOT NULL REFERENCES staff,
    at        timestamptz NOT NULL,
    CONSTRAINT order_note_said CHECK (text <> '' AND length(text) <= 2000)
);
CREATE INDEX order_note_by_order ON order_note (order_id, id);
COMMENT ON TABLE order_note IS 'owner: shop/dossier. What the office wants the next colleague to know about an order; never about health, never shown to the family.';

CREATE VIEW circular_family AS
    SELECT b.departure_id, b.id AS booking_id, b.order_id, b.status, b.category, b.evidence, coalesce(b.boarding_place_id, 0) AS boarding_place_id, coalesce(bp.name, '') AS boarding_name,
        p.first_name AS child, o.payer_name, o.payer_email, o.lang, o.reference, h.title, d.starts_on, d.ends_on,
        CASE WHEN nb.why IS NULL THEN '' ELSE 'bounced' END AS bounce,
        (SELECT coalesce(sum(i.amount_cents), 0) FROM instalment i WHERE i.order_id = o.id AND i.void_at IS NULL)::bigint
            - (SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.order_id = o.id)::bigint AS open_cents
    FROM booking b JOIN booking_order o ON o.id = b.order_id JOIN participant p ON p.id = b.participant_id
    JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id
    LEFT JOIN boarding_place bp ON bp.id = b.boarding_place_id
    LEFT JOIN mail_bounce nb ON nb.address = lower(o.payer_email);
COMMENT ON VIEW circular_family IS 'reader: shop/circular. A child on a departure, and where its family is written to.';

CREATE VIEW dossier_note AS
    SELECT n.id, n.order_id, n.text, n.pinned, n.at, s.name AS staff_name FROM order_note n JOIN staff s ON s.id = n.staff_id;
COMMENT ON VIEW dossier_note IS 'reader: shop/dossier. Notes with the name of the colleague.';

CREATE VIEW dossier_actor AS
    SELECT 'staff' AS kind, id, name FROM staff
    UNION ALL SELECT 'guardian', id, trim(first_name || ' ' || last_name) FROM guardian;
COMMENT ON VIEW dossier_actor IS 'reader: shop/dossier. Who did it, by the name that people know.';

CREATE VIEW circular_mail AS SELECT id, sent_at, dead_at FROM mail;
COMMENT ON VIEW circular_mail IS 'reader: shop/circular. Whether a mail left.';

CREATE VIEW bounced_family AS
    SELECT g.id AS guardian_id, g.first_name, g.last_name, g.email, g.phone, b.why, b.at
    FROM mail_bounce b JOIN guardian g ON g.email = b.address;
COMMENT ON VIEW bounced_family IS 'reader: shop/dossier. Families that no mail reaches.';
