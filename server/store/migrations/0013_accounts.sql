-- SPDX-License-Identifier: Apache-2.0
--
-- Accounts of staff and what the centre sends: mail addresses, a durable queue of notifications,
-- invitations, one-time links for a new password, the second step of signing in.
--
-- Columns named sealed hold values of server/sys/seal.h, bound to table, column and row.

-- In lower case. One address belongs to one person, or a lost password could open another's account.
CREATE TABLE mail_address (
    user_id INTEGER PRIMARY KEY REFERENCES "user" (id),
    address TEXT NOT NULL UNIQUE CHECK (length(address) BETWEEN 3 AND 254),
    changed_ms INTEGER NOT NULL
) STRICT;

-- Once per event: the same kind and dedupe_key to the same receiver is one row. sealed: the one-time
-- token that the mail carries, gone as soon as the mail has left or failed. claimed rows are
-- 'sending'; a program that starts makes them 'waiting' again, so a crash between the other side's
-- "taken" and the commit sends that one message twice, with the same Message-ID.
CREATE TABLE notification (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'hook')),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    dedupe_key TEXT NOT NULL CHECK (length(dedupe_key) BETWEEN 1 AND 120),
    user_id INTEGER REFERENCES "user" (id), -- NULL: to an address without an account, or to a hook
    address TEXT NOT NULL DEFAULT '',       -- of somebody without an account
    hook INTEGER,
    locale TEXT NOT NULL DEFAULT 'ru',
    args TEXT NOT NULL DEFAULT '{}' CHECK (length(CAST(args AS BLOB)) <= 4000),
    sealed BLOB CHECK (length(sealed) >= 33),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    done_ms INTEGER,
    code INTEGER NOT NULL DEFAULT 0,        -- of the last try: what the other side answered
    detail TEXT NOT NULL DEFAULT '' CHECK (length(CAST(detail AS BLOB)) <= 200),
    CHECK ((state IN ('sent', 'failed')) = (done_ms IS NOT NULL)),
    CHECK (channel = 'hook' OR hook IS NULL)
) STRICT;
CREATE UNIQUE INDEX notification_once
    ON notification (channel, kind, dedupe_key, COALESCE(user_id, 0), address, COALESCE(hook, 0));
CREATE INDEX notification_due ON notification (next_ms) WHERE state IN ('waiting', 'sending');
CREATE INDEX notification_centre ON notification (centre, id);
CREATE INDEX notification_done ON notification (done_ms) WHERE done_ms IS NOT NULL;

-- The token opens once, until expires_ms. user_id: the account that came of it.
CREATE TABLE account_invitation (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    org INTEGER NOT NULL REFERENCES org (id), -- where the role is held
    role TEXT NOT NULL CHECK (role IN ('mentor', 'coordinator', 'school_officer', 'admin')),
    name TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 160),
    address TEXT NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
    locale TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    user_id INTEGER REFERENCES "user" (id),
    withdrawn_ms INTEGER,
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK ((used_ms IS NULL) = (user_id IS NULL)),
    CHECK (used_ms IS NULL OR withdrawn_ms IS NULL)
) STRICT;
CREATE INDEX account_invitation_centre ON account_invitation (centre, id);
CREATE UNIQUE INDEX account_invitation_open ON account_invitation (address) WHERE used_ms IS NULL AND withdrawn_ms IS NULL;

CREATE TABLE password_reset (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    revoked_ms INTEGER
) STRICT;
CREATE INDEX password_reset_user ON password_reset (user_id, created_ms);

-- RFC 6238. sealed: the secret. confirmed_ms NULL: shown, not yet proven; it opens nothing.
-- last_step: the newest time step whose code was taken; that one and older ones open nothing again.
CREATE TABLE second_step (
    user_id INTEGER PRIMARY KEY REFERENCES "user" (id),
    sealed BLOB CHECK (length(sealed) >= 33),
    created_ms INTEGER NOT NULL,
    confirmed_ms INTEGER,
    last_step INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Keyed digests, so that the records alone tell no code.
CREATE TABLE recovery_code (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    code_mac BLOB NOT NULL CHECK (length(code_mac) = 32),
    created_ms INTEGER NOT NULL,
    used_ms INTEGER,
    UNIQUE (user_id, code_mac)
) STRICT;

-- What a person can tell the own devices by. net: the address without its last part.
ALTER TABLE login_session ADD COLUMN device TEXT NOT NULL DEFAULT ''
    CHECK (length(CAST(device AS BLOB)) <= 80);
ALTER TABLE login_session ADD COLUMN net TEXT NOT NULL DEFAULT '' CHECK (length(net) <= 48);
