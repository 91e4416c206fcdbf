-- SPDX-License-Identifier: Apache-2.0
--
-- What the home pages need beyond the lesson chain: how a person likes the screen, whom to call,
-- and what was said outside a lesson (help, "not today", the ready check).

ALTER TABLE "user" ADD COLUMN theme TEXT NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark'));
ALTER TABLE "user" ADD COLUMN hand TEXT NOT NULL DEFAULT 'right' CHECK (hand IN ('right', 'left'));
ALTER TABLE "user" ADD COLUMN phone TEXT NOT NULL DEFAULT '' CHECK (length(phone) <= 40);

-- How often a link still opens the door. In earnest always once; only a demo's links open it more
-- often (link_allow_uses refuses any other database).
ALTER TABLE sign_in_link ADD COLUMN uses_left INTEGER NOT NULL DEFAULT 1 CHECK (uses_left >= 0);

-- A card carries six digits and no name: this finds whose they are. A digest under the pepper,
-- which is not in the database; unique while the card is valid.
ALTER TABLE pin ADD COLUMN code_mac BLOB CHECK (code_mac IS NULL OR length(code_mac) = 32);
CREATE UNIQUE INDEX pin_code ON pin (code_mac) WHERE revoked_ms IS NULL AND code_mac IS NOT NULL;

-- A register: nobody takes back that a child called for help.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),   -- who said it
    about INTEGER NOT NULL REFERENCES "user" (id),     -- the child concerned, or the person itself
    lesson INTEGER REFERENCES lesson (id),
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('help', 'not_today', 'ready')),
    code TEXT NOT NULL DEFAULT '' CHECK (length(code) <= 32),
    detail TEXT NOT NULL DEFAULT '' CHECK (length(detail) <= 400)
) STRICT;
CREATE INDEX notice_centre ON notice (centre, at_ms);
CREATE TRIGGER notice_no_update BEFORE UPDATE ON notice
BEGIN
    SELECT RAISE(ABORT, 'notice_no_update');
END;
CREATE TRIGGER notice_no_delete BEFORE DELETE ON notice
BEGIN
    SELECT RAISE(ABORT, 'notice_no_delete');
END;
