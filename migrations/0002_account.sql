-- +goose Up
-- Who people are, how they sign in, and which camp an animator belongs to.

CREATE TABLE guardian (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL,
    first_name    text NOT NULL DEFAULT '',
    last_name     text NOT NULL DEFAULT '',
    phone         text NOT NULL DEFAULT '',
    street        text NOT NULL DEFAULT '',
    postal_code   text NOT NULL DEFAULT '',
    city          text NOT NULL DEFAULT '',
    country       char(2) NOT NULL DEFAULT 'BE',
    lang          char(2) NOT NULL DEFAULT 'nl',
    password_hash text,
    created_at    timestamptz NOT NULL,
    CONSTRAINT guardian_email_once UNIQUE (email),
    CONSTRAINT guardian_email_lower CHECK (email = lower(email)),
    CONSTRAINT guardian_lang_known CHECK (lang IN ('nl', 'en'))
);
COMMENT ON TABLE guardian IS 'owner: shop/account. A parent or other adult who books; known by e-mail address.';

CREATE TABLE participant (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_name text NOT NULL,
    last_name  text NOT NULL,
    born_on    date NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT participant_named CHECK (first_name <> '' AND last_name <> '')
);
COMMENT ON TABLE participant IS 'owner: shop/account. A child; used again each year.';

CREATE TABLE guardianship (
    guardian_id    bigint NOT NULL REFERENCES guardian,
    participant_id bigint NOT NULL REFERENCES participant,
    sees_fiche     boolean NOT NULL DEFAULT true,
    PRIMARY KEY (guardian_id, participant_id)
);
CREATE INDEX guardianship_by_participant ON guardianship (participant_id);
COMMENT ON TABLE guardianship IS 'owner: shop/account. Which adult acts for which child, and whether that adult may read the fiche.';

CREATE TABLE staff (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email          text NOT NULL,
    name           text NOT NULL,
    password_hash  text NOT NULL,
    totp_secret    bytea,           -- sealed; NULL until the second factor is set up
    totp_last_step bigint NOT NULL DEFAULT 0,
    active         boolean NOT NULL DEFAULT true,
    lang           char(2) NOT NULL DEFAULT 'nl',
    created_at     timestamptz NOT NULL,
    CONSTRAINT staff_email_once UNIQUE (email),
    CONSTRAINT staff_email_lower CHECK (email = lower(email)),
    CONSTRAINT staff_lang_known CHECK (lang IN ('nl', 'en'))
);
COMMENT ON TABLE staff IS 'owner: shop/account. Somebody of the organiser. totp_last_step stops a code from being used twice.';

CREATE TABLE staff_role (
    staff_id bigint NOT NULL REFERENCES staff,
    role     text   NOT NULL,
    PRIMARY KEY (staff_id, role),
    CONSTRAINT staff_role_known CHECK (role IN ('office', 'accounting', 'animator', 'lead'))
);
COMMENT ON TABLE staff_role IS 'owner: shop/account. What somebody may do; one person may have several roles.';

CREATE TABLE assignment (
    staff_id     bigint NOT NULL REFERENCES staff,
    departure_id bigint NOT NULL REFERENCES departure,
    lead         boolean NOT NULL DEFAULT false,
    removed_at   timestamptz,
    PRIMARY KEY (staff_id, departure_id)
);
CREATE INDEX assignment_by_departure ON assignment (departure_id);
COMMENT ON TABLE assignment IS 'owner: shop/account. The camp of an animator or lead; removed_at ends access at the next request.';

CREATE TABLE session (
    token_hash       bytea PRIMARY KEY,
    guardian_id      bigint REFERENCES guardian,
    staff_id         bigint REFERENCES staff,
    second_factor_at timestamptz,
    created_at       timestamptz NOT NULL,
    seen_at          timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    CONSTRAINT session_one_subject CHECK (num_nonnulls(guardian_id, staff_id) = 1)
);
CREATE INDEX session_by_guardian ON session (guardian_id) WHERE guardian_id IS NOT NULL;
CREATE INDEX session_by_staff ON session (staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX session_by_expiry ON session (expires_at);
COMMENT ON TABLE session IS 'owner: shop/account. The cookie holds the token, the table only its SHA-256.';

CREATE TABLE sign_in_code (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL,
    code_hash  bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts   int NOT NULL DEFAULT 0,
    used_at    timestamptz
);
CREATE INDEX sign_in_code_by_email ON sign_in_code (email, created_at DESC);
COMMENT ON TABLE sign_in_code IS 'owner: shop/account. Six digits sent to an e-mail address; few attempts, short life, once.';
