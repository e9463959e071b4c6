-- +goose Up
-- Several adults for one child, each with an own sign-in and own rights; invitations; what a family ticked off before a trip.

ALTER TABLE guardianship
    ADD COLUMN pays    boolean NOT NULL DEFAULT true,
    ADD COLUMN changes boolean NOT NULL DEFAULT true,
    ADD COLUMN manages boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN guardianship.pays IS 'sees and pays what the child''s bookings cost; an order''s own guardian always does';
COMMENT ON COLUMN guardianship.changes IS 'may change the child''s bookings and details, and write to the office about them';
COMMENT ON COLUMN guardianship.manages IS 'may invite other adults, change their rights and remove them; a child always has one who does';

CREATE TABLE guardian_invitation (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea  NOT NULL,
    email      text   NOT NULL,
    invited_by bigint NOT NULL REFERENCES guardian,
    sees_fiche boolean NOT NULL,
    pays       boolean NOT NULL,
    changes    boolean NOT NULL,
    manages    boolean NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz,
    CONSTRAINT guardian_invitation_token_once UNIQUE (token_hash),
    CONSTRAINT guardian_invitation_email_lower CHECK (email = lower(email)),
    CONSTRAINT guardian_invitation_one_end CHECK (used_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX guardian_invitation_by_inviter ON guardian_invitation (invited_by);
COMMENT ON TABLE guardian_invitation IS 'owner: shop/account. A link by mail with which another adult becomes a guardian. Only its SHA-256 is kept, and it works only for who signs in with that address.';

CREATE TABLE guardian_invitation_child (
    invitation_id  bigint NOT NULL REFERENCES guardian_invitation ON DELETE CASCADE,
    participant_id bigint NOT NULL REFERENCES participant,
    PRIMARY KEY (invitation_id, participant_id)
);
COMMENT ON TABLE guardian_invitation_child IS 'owner: shop/account. For which children an invitation is.';

CREATE TABLE guardianship_event (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    participant_id bigint NOT NULL REFERENCES participant,
    kind           text   NOT NULL,
    guardian_id    bigint REFERENCES guardian,
    actor          text   NOT NULL,
    at             timestamptz NOT NULL,
    CONSTRAINT guardianship_event_kind_known CHECK (kind IN ('added', 'corrected', 'invited', 'accepted', 'rights', 'removed', 'left'))
);
CREATE INDEX guardianship_event_by_participant ON guardianship_event (participant_id, at DESC);
CREATE TRIGGER guardianship_event_insert_only BEFORE UPDATE OR DELETE ON guardianship_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE guardianship_event IS 'owner: shop/account. Who came to act for a child, or stopped, and who did that. Never an address. actor is guardian:ID, staff:ID or system.';

CREATE TABLE travel_paper (
    booking_id bigint NOT NULL REFERENCES booking,
    paper      text   NOT NULL,
    ready_at   timestamptz NOT NULL,
    guardian_id bigint NOT NULL REFERENCES guardian,
    PRIMARY KEY (booking_id, paper)
);
COMMENT ON TABLE travel_paper IS 'owner: shop/family. A paper for a trip that a parent says is ready; which ones a trip needs is data in the program.';

-- A parent's page reads the bookings of their children, whoever placed the order, and the history of single bookings.
CREATE INDEX booking_by_participant ON booking (participant_id);
CREATE INDEX booking_event_by_booking ON booking_event (booking_id) WHERE booking_id IS NOT NULL;
