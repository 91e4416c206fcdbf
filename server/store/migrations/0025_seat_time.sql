-- SPDX-License-Identifier: Apache-2.0
--
-- After ten years a child has a thousand lessons and a mentor five thousand. Whatever asks for those of an hour, a day or
-- a month must not read all of them: a seat carries its lesson's start, and no lesson is longer than a day, so that what
-- touches a moment began within the day before it.
DROP TRIGGER lesson_child_frozen_update;
DROP TRIGGER lesson_child_overlap_update_seat;
DROP TRIGGER lesson_child_overlap_insert_seat;
DROP TRIGGER lesson_child_overlap_update;
DROP TRIGGER lesson_mentor_overlap_insert;
DROP TRIGGER lesson_mentor_overlap_update;

ALTER TABLE lesson_child ADD COLUMN start_ms INTEGER NOT NULL DEFAULT 0;
UPDATE lesson_child SET start_ms = (SELECT l.start_ms FROM lesson l WHERE l.id = lesson);
DROP INDEX lesson_child_child;
CREATE INDEX lesson_child_time ON lesson_child (child, start_ms);

-- start_ms is the lesson's, whoever writes: set behind a new seat, moved with the lesson, and nothing else.
CREATE TRIGGER lesson_child_start AFTER INSERT ON lesson_child
BEGIN
    UPDATE lesson_child SET start_ms = (SELECT start_ms FROM lesson WHERE id = NEW.lesson)
    WHERE lesson = NEW.lesson AND child = NEW.child;
END;
CREATE TRIGGER lesson_child_start_moved AFTER UPDATE OF start_ms ON lesson
BEGIN
    UPDATE lesson_child SET start_ms = NEW.start_ms WHERE lesson = NEW.id;
END;
CREATE TRIGGER lesson_child_start_only BEFORE UPDATE OF start_ms ON lesson_child
WHEN NEW.start_ms IS NOT (SELECT start_ms FROM lesson WHERE id = NEW.lesson)
BEGIN
    SELECT RAISE(ABORT, 'lesson_child_start');
END;

CREATE TRIGGER lesson_length_insert BEFORE INSERT ON lesson WHEN NEW.end_ms - NEW.start_ms > 86400000
BEGIN
    SELECT RAISE(ABORT, 'lesson_length');
END;
CREATE TRIGGER lesson_length_update BEFORE UPDATE OF start_ms, end_ms ON lesson
WHEN NEW.end_ms - NEW.start_ms > 86400000
BEGIN
    SELECT RAISE(ABORT, 'lesson_length');
END;

-- As in 0001, but for the day before.
CREATE TRIGGER lesson_mentor_overlap_insert BEFORE INSERT ON lesson
WHEN NEW.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute')
BEGIN
    SELECT RAISE(ABORT, 'mentor_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson l
        WHERE l.mentor = NEW.mentor AND l.start_ms > NEW.start_ms - 86400000
            AND l.start_ms < NEW.end_ms AND l.end_ms > NEW.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute'));
END;
CREATE TRIGGER lesson_mentor_overlap_update BEFORE UPDATE OF mentor, start_ms, end_ms, state ON lesson
WHEN NEW.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute')
    AND (NEW.mentor <> OLD.mentor OR NEW.start_ms <> OLD.start_ms OR NEW.end_ms <> OLD.end_ms
        OR OLD.state IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute'))
BEGIN
    SELECT RAISE(ABORT, 'mentor_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson l
        WHERE l.mentor = NEW.mentor AND l.id <> NEW.id AND l.start_ms > NEW.start_ms - 86400000
            AND l.start_ms < NEW.end_ms AND l.end_ms > NEW.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute'));
END;
CREATE TRIGGER lesson_child_overlap_update BEFORE UPDATE OF start_ms, end_ms, state ON lesson
WHEN NEW.state NOT IN ('planned', 'cancelled', 'rescheduled')
    AND (NEW.start_ms <> OLD.start_ms OR NEW.end_ms <> OLD.end_ms
        OR OLD.state IN ('planned', 'cancelled', 'rescheduled'))
BEGIN
    SELECT RAISE(ABORT, 'child_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson_child mine
        JOIN lesson_child other ON other.child = mine.child AND other.lesson <> mine.lesson
            AND other.start_ms > NEW.start_ms - 86400000 AND other.start_ms < NEW.end_ms
        JOIN lesson l ON l.id = other.lesson
        WHERE mine.lesson = NEW.id AND l.end_ms > NEW.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled'));
END;
CREATE TRIGGER lesson_child_overlap_insert_seat BEFORE INSERT ON lesson_child
BEGIN
    SELECT RAISE(ABORT, 'child_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson mine
        JOIN lesson_child other ON other.child = NEW.child AND other.lesson <> NEW.lesson
            AND other.start_ms > mine.start_ms - 86400000 AND other.start_ms < mine.end_ms
        JOIN lesson l ON l.id = other.lesson
        WHERE mine.id = NEW.lesson AND mine.state NOT IN ('planned', 'cancelled', 'rescheduled')
            AND l.end_ms > mine.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled'));
END;
CREATE TRIGGER lesson_child_overlap_update_seat BEFORE UPDATE OF lesson, child ON lesson_child
BEGIN
    SELECT RAISE(ABORT, 'child_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson mine
        JOIN lesson_child other ON other.child = NEW.child AND other.lesson <> NEW.lesson
            AND NOT (other.lesson = OLD.lesson AND other.child = OLD.child)
            AND other.start_ms > mine.start_ms - 86400000 AND other.start_ms < mine.end_ms
        JOIN lesson l ON l.id = other.lesson
        WHERE mine.id = NEW.lesson AND mine.state NOT IN ('planned', 'cancelled', 'rescheduled')
            AND l.end_ms > mine.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled'));
END;
CREATE TRIGGER lesson_child_frozen_update BEFORE UPDATE OF lesson, child, school ON lesson_child
WHEN (SELECT state FROM lesson WHERE id = OLD.lesson) NOT IN ('planned', 'scheduled', 'needs_substitute')
    OR (SELECT state FROM lesson WHERE id = NEW.lesson) NOT IN ('planned', 'scheduled', 'needs_substitute')
BEGIN
    SELECT RAISE(ABORT, 'lesson_frozen');
END;
