-- SPDX-License-Identifier: Apache-2.0
--
-- Consents with their questions, their papers and one kind more (DOMAIN 35, 4.5).

-- A paper consent as it was signed. What was sent never changes; a correction is another paper.
CREATE TABLE consent_paper (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    type TEXT NOT NULL CHECK (type IN ('pdf', 'png', 'jpeg')),
    name TEXT NOT NULL UNIQUE CHECK (length(name) = 43), -- of its file
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    signed TEXT NOT NULL CHECK (signed GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE TRIGGER consent_paper_no_update BEFORE UPDATE ON consent_paper
BEGIN
    SELECT RAISE(ABORT, 'consent_paper_no_update');
END;
CREATE TRIGGER consent_paper_no_delete BEFORE DELETE ON consent_paper
BEGIN
    SELECT RAISE(ABORT, 'consent_paper_no_delete');
END;

-- kind: lessons (distance lessons at all), group (lessons with other children), recording, sections
-- (name and age go to the provider of a section). given_by: the guardian who agreed. entered_by and
-- paper: the coordinator who entered what the guardian signed on paper. text_version: of the words.
CREATE TABLE consent_with_paper (
    id INTEGER PRIMARY KEY,
    child INTEGER REFERENCES child (id),
    user_id INTEGER REFERENCES "user" (id),
    kind TEXT NOT NULL CHECK (kind IN ('lessons', 'group', 'recording', 'sections')),
    text_version TEXT NOT NULL,
    given_by INTEGER NOT NULL REFERENCES "user" (id),
    given_ms INTEGER NOT NULL,
    expires_ms INTEGER CHECK (expires_ms > given_ms),
    withdrawn_ms INTEGER CHECK (withdrawn_ms >= given_ms),
    withdrawn_by INTEGER REFERENCES "user" (id),
    withdrawn_reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(withdrawn_reason AS BLOB)) <= 400),
    entered_by INTEGER REFERENCES "user" (id),
    paper INTEGER REFERENCES consent_paper (id) CHECK ((paper IS NULL) = (entered_by IS NULL)),
    created_ms INTEGER NOT NULL,
    CHECK ((child IS NULL) <> (user_id IS NULL))
) STRICT;
INSERT INTO consent_with_paper (id, child, user_id, kind, text_version, given_by, given_ms,
    expires_ms, withdrawn_ms, withdrawn_by, created_ms)
SELECT id, child, user_id, kind, text_version, given_by, given_ms,
    expires_ms, withdrawn_ms, withdrawn_by, created_ms FROM consent;
DROP TABLE consent;
ALTER TABLE consent_with_paper RENAME TO consent;
CREATE INDEX consent_child ON consent (child, kind);
-- What was agreed to stays as it was; only its end is written, and a withdrawal once.
CREATE TRIGGER consent_fixed BEFORE UPDATE OF
    child, user_id, kind, text_version, given_by, given_ms, entered_by, paper ON consent
BEGIN
    SELECT RAISE(ABORT, 'consent_fixed');
END;
CREATE TRIGGER consent_withdrawn_once BEFORE UPDATE OF withdrawn_ms, withdrawn_by ON consent
WHEN OLD.withdrawn_ms IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'consent_withdrawn');
END;
CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent
BEGIN
    SELECT RAISE(ABORT, 'consent_no_delete');
END;

-- The centre asks; a no is written here, a yes is a consent.
CREATE TABLE consent_ask (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    kind TEXT NOT NULL CHECK (kind IN ('lessons', 'group', 'recording', 'sections')),
    text_version TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    asked_by INTEGER NOT NULL REFERENCES "user" (id),
    refused_ms INTEGER CHECK (refused_ms >= asked_ms),
    refused_by INTEGER REFERENCES "user" (id) CHECK ((refused_ms IS NULL) = (refused_by IS NULL))
) STRICT;
CREATE INDEX consent_ask_child ON consent_ask (child, kind);
CREATE TRIGGER consent_ask_fixed BEFORE UPDATE OF child, kind, text_version, asked_ms, asked_by ON consent_ask
BEGIN
    SELECT RAISE(ABORT, 'consent_fixed');
END;
CREATE TRIGGER consent_ask_no_delete BEFORE DELETE ON consent_ask
BEGIN
    SELECT RAISE(ABORT, 'consent_no_delete');
END;
