-- SPDX-License-Identifier: Apache-2.0
--
-- What the home pages need beyond the lesson chain: how a person likes the screen, whom to call,
-- and what was said outside a lesson (help, "not today", the ready check).

ALTER TABLE "user" ADD COLUMN theme TEXT NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark'));
ALTER TABLE "user" ADD COLUMN hand TEXT NOT NULL DEFAULT 'right' CHECK (hand IN ('right', 'left'));
ALTER TABLE "user" ADD COLUMN phone TEXT NOT NULL DEFAULT '' CHECK (length(phone) <= 40);

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
