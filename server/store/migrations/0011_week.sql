-- SPDX-License-Identifier: Apache-2.0
--
-- What a draft of the schedule takes off the timetable, and the secret addresses of calendar feeds.

-- A lesson on the timetable that the draft moves (successor is the planned lesson in its place) or
-- takes away (no successor). rev: of the lesson when it was put here; publishing asks whether
-- somebody changed it since.
CREATE TABLE draft_change (
    version INTEGER NOT NULL REFERENCES schedule_version (id),
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    successor INTEGER UNIQUE REFERENCES lesson (id),
    rev INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    PRIMARY KEY (version, lesson),
    CHECK (successor <> lesson)
) STRICT, WITHOUT ROWID;

-- A lesson that is only planned was never on the timetable: nobody has seen it, and it may go.
DROP TRIGGER lesson_no_delete;
CREATE TRIGGER lesson_no_delete BEFORE DELETE ON lesson
WHEN OLD.state <> 'planned'
BEGIN
    SELECT RAISE(ABORT, 'lesson_no_delete');
END;

-- One feed of a person stands at a time. The address holds the token, here is its SHA-256 alone.
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER CHECK (revoked_ms >= created_ms)
) STRICT;
CREATE UNIQUE INDEX feed_user ON feed (user_id) WHERE revoked_ms IS NULL;

-- From a lesson to the one it was moved from: a calendar entry keeps its name through all moves.
CREATE INDEX lesson_moved_to ON lesson (moved_to) WHERE moved_to IS NOT NULL;
