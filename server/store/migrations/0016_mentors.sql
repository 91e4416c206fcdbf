-- SPDX-License-Identifier: Apache-2.0
--
-- What the centre found out in talking to a mentor (item 21), and children who have moved to
-- another school (item 26).

-- "He should be a good psychologist": the score of an interview, 1 to 5, and what speaks for it.
-- A register: a later talk is another row, and the newest one counts.
CREATE TABLE interview (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    held_ms INTEGER NOT NULL,
    score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    evidence TEXT NOT NULL CHECK (length(CAST(evidence AS BLOB)) BETWEEN 1 AND 400),
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX interview_mentor ON interview (mentor);
CREATE TRIGGER interview_no_update BEFORE UPDATE ON interview
BEGIN
    SELECT RAISE(ABORT, 'interview_no_update');
END;
CREATE TRIGGER interview_no_delete BEFORE DELETE ON interview
BEGIN
    SELECT RAISE(ABORT, 'interview_no_delete');
END;
-- Nobody judges themselves.
CREATE TRIGGER interview_not_own BEFORE INSERT ON interview
WHEN NEW.created_by = (SELECT user_id FROM mentor WHERE id = NEW.mentor)
BEGIN
    SELECT RAISE(ABORT, 'own_document');
END;

-- A register of moves from school to school. What is left to do after one is seen from the gates of
-- the child's mentors, so that no task is closed by hand while a lesson still cannot be taught.
CREATE TABLE child_move (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    from_school INTEGER NOT NULL REFERENCES org (id),
    to_school INTEGER NOT NULL REFERENCES org (id) CHECK (to_school <> from_school),
    reason TEXT NOT NULL CHECK (length(CAST(reason AS BLOB)) BETWEEN 1 AND 400),
    at_ms INTEGER NOT NULL,
    by_user INTEGER REFERENCES "user" (id)
) STRICT;
CREATE INDEX child_move_at ON child_move (at_ms);
CREATE TRIGGER child_move_no_update BEFORE UPDATE ON child_move
BEGIN
    SELECT RAISE(ABORT, 'child_move_no_update');
END;
CREATE TRIGGER child_move_no_delete BEFORE DELETE ON child_move
BEGIN
    SELECT RAISE(ABORT, 'child_move_no_delete');
END;
