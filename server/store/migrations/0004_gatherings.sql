-- SPDX-License-Identifier: Apache-2.0
--
-- Seminars and joint meetings of adults (DOMAIN 70). A gathering is a lesson row without children:
-- its time, its window, its host (the mentor) and its states are a lesson's. Whom it is for stands
-- in invitation, and nobody else gets in. Children are never added.

CREATE TABLE gathering (
    lesson INTEGER PRIMARY KEY REFERENCES lesson (id),
    kind TEXT NOT NULL CHECK (kind IN ('seminar', 'meeting')),
    title TEXT NOT NULL CHECK (length(title) >= 1 AND length(CAST(title AS BLOB)) <= 160)
) STRICT;

CREATE TABLE invitation (
    lesson INTEGER NOT NULL REFERENCES gathering (lesson),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    part TEXT NOT NULL CHECK (part IN ('speaker', 'listener')),
    PRIMARY KEY (lesson, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_user ON invitation (user_id, lesson);

CREATE TRIGGER invitation_adults BEFORE INSERT ON invitation
WHEN EXISTS (SELECT 1 FROM child c WHERE c.user_id = NEW.user_id)
BEGIN
    SELECT RAISE(ABORT, 'adults_only');
END;
CREATE TRIGGER invitation_not_host BEFORE INSERT ON invitation
WHEN EXISTS (SELECT 1 FROM lesson l JOIN mentor m ON m.id = l.mentor
    WHERE l.id = NEW.lesson AND m.user_id = NEW.user_id)
BEGIN
    SELECT RAISE(ABORT, 'host_invited');
END;
CREATE TRIGGER invitation_full BEFORE INSERT ON invitation
WHEN (SELECT count(*) FROM invitation i WHERE i.lesson = NEW.lesson) >= 99
BEGIN
    SELECT RAISE(ABORT, 'gathering_full');
END;
CREATE TRIGGER invitation_no_update BEFORE UPDATE ON invitation
BEGIN
    SELECT RAISE(ABORT, 'invitation_no_update');
END;
CREATE TRIGGER gathering_no_children BEFORE INSERT ON lesson_child
WHEN EXISTS (SELECT 1 FROM gathering g WHERE g.lesson = NEW.lesson)
BEGIN
    SELECT RAISE(ABORT, 'adults_only');
END;
CREATE TRIGGER gathering_is_new BEFORE INSERT ON gathering
WHEN EXISTS (SELECT 1 FROM lesson_child c WHERE c.lesson = NEW.lesson)
BEGIN
    SELECT RAISE(ABORT, 'adults_only');
END;

-- Presence of a guest: role is the one by which the centre knows the person, part what it was
-- invited for.
ALTER TABLE session ADD COLUMN part TEXT CHECK (part IN ('speaker', 'listener'));
CREATE TRIGGER session_part_fixed BEFORE UPDATE OF part ON session
BEGIN
    SELECT RAISE(ABORT, 'session_fixed');
END;
