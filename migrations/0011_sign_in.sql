-- How somebody proves to be who they say, without anybody else being able to guess it or to keep them out:
-- a code belongs to the browser that asked for it (so guessing at a stranger's code, or burning its tries, needs that
-- stranger's cookie), and a browser that signed in before has tries of its own (so a flood of wrong tries from elsewhere
-- does not lock its owner out).

-- +goose Up
DELETE FROM sign_in_code; -- they live ten minutes; whoever holds one asks again
ALTER TABLE sign_in_code
    ADD COLUMN flow_hash bytea NOT NULL,
    ADD CONSTRAINT sign_in_code_flow_once UNIQUE (flow_hash);
COMMENT ON COLUMN sign_in_code.flow_hash IS 'SHA-256 of the token in the cookie of the browser that asked';
COMMENT ON COLUMN sign_in_code.code_hash IS 'SHA-256 over the token and the code: six digits alone would be found from their hash';

ALTER TABLE session
    ADD COLUMN tries int NOT NULL DEFAULT 0,
    ADD COLUMN totp_offered bytea;
COMMENT ON COLUMN session.tries IS 'wrong second factors; the session ends at the fifth';
COMMENT ON COLUMN session.totp_offered IS 'sealed; the secret on the set-up page, until a code proves that it arrived';

CREATE TABLE known_browser (
    token_hash  bytea PRIMARY KEY,
    guardian_id bigint REFERENCES guardian,
    staff_id    bigint REFERENCES staff,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT known_browser_one_subject CHECK (num_nonnulls(guardian_id, staff_id) = 1)
);
CREATE INDEX known_browser_by_guardian ON known_browser (guardian_id) WHERE guardian_id IS NOT NULL;
CREATE INDEX known_browser_by_staff ON known_browser (staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX known_browser_by_expiry ON known_browser (expires_at);
COMMENT ON TABLE known_browser IS 'owner: shop/account. A browser in which somebody signed in: its tries are counted apart from strangers''. It signs nobody in.';

CREATE TABLE recovery_code (
    code_hash  bytea PRIMARY KEY,
    staff_id   bigint NOT NULL REFERENCES staff,
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX recovery_code_by_staff ON recovery_code (staff_id);
COMMENT ON TABLE recovery_code IS 'owner: shop/account. On paper, in place of the second factor when the phone is lost; each works once. 80 random bits, so a plain SHA-256 holds.';

CREATE TABLE staff_invitation (
    token_hash bytea PRIMARY KEY,
    staff_id   bigint NOT NULL REFERENCES staff,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX staff_invitation_by_staff ON staff_invitation (staff_id);
COMMENT ON TABLE staff_invitation IS 'owner: shop/account. A link by mail with which somebody sets a first password; a newer one voids the older.';
COMMENT ON COLUMN staff.password_hash IS 'argon2id; empty until the invitation was used, and then no password fits';

CREATE TABLE sign_in_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text   NOT NULL,
    guardian_id bigint REFERENCES guardian,
    staff_id    bigint REFERENCES staff,
    by_staff_id bigint REFERENCES staff,
    at          timestamptz NOT NULL,
    CONSTRAINT sign_in_event_kind_known CHECK (kind IN ('signed_in', 'signed_out', 'signed_out_everywhere', 'password_wrong',
        'second_factor_wrong', 'second_factor_set', 'second_factor_removed', 'recovery_code_used', 'password_set', 'password_removed', 'invited', 'deactivated',
        'reactivated', 'roles_changed'))
);
CREATE INDEX sign_in_event_by_guardian ON sign_in_event (guardian_id, at) WHERE guardian_id IS NOT NULL;
CREATE INDEX sign_in_event_by_staff ON sign_in_event (staff_id, at) WHERE staff_id IS NOT NULL;
COMMENT ON TABLE sign_in_event IS 'owner: shop/account. Who signed in, who was refused, who changed a right. No addresses and no codes.';
CREATE TRIGGER sign_in_event_insert_only BEFORE UPDATE OR DELETE ON sign_in_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE rate_limit (
    key     bytea PRIMARY KEY,
    free_at timestamptz NOT NULL
);
CREATE INDEX rate_limit_by_end ON rate_limit (free_at);
COMMENT ON TABLE rate_limit IS 'owner: shop/throttle. free_at is when the subject has all its tries again; the key is a hash of rule and subject.';
