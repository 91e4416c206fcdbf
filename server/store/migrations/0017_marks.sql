-- SPDX-License-Identifier: Apache-2.0
--
-- Marks (DOMAIN item 33): who changed the mark of a lesson and why, and the mark sheet of a quarter
-- or half-year, one per mentor, child, school and term. A sheet goes the way of a month report
-- (0012, doc 'sheet'): accepted, it is over, and a correction is a new version.

-- Every change of a lesson's mark, the first one too ('' before it). A register.
CREATE TABLE mark_change (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    child INTEGER NOT NULL REFERENCES child (id),
    old_mark TEXT NOT NULL,
    new_mark TEXT NOT NULL CHECK (new_mark <> old_mark),
    reason TEXT NOT NULL CHECK (length(CAST(reason AS BLOB)) <= 400),
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    CHECK (old_mark = '' OR length(reason) >= 1) -- nothing that stands changes without a word
) STRICT;
CREATE INDEX mark_change_lesson ON mark_change (lesson, child);
CREATE TRIGGER mark_change_no_update BEFORE UPDATE ON mark_change
BEGIN
    SELECT RAISE(ABORT, 'mark_change_no_update');
END;
CREATE TRIGGER mark_change_no_delete BEFORE DELETE ON mark_change
BEGIN
    SELECT RAISE(ABORT, 'mark_change_no_delete');
END;

-- The days are those of the school's term when the sheet was begun.
CREATE TABLE mark_sheet (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    child INTEGER NOT NULL REFERENCES child (id),
    school INTEGER NOT NULL REFERENCES org (id),
    kind TEXT NOT NULL CHECK (kind IN ('quarter', 'half')),
    from_date TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT NOT NULL CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'returned', 'accepted')),
    body_sha256 BLOB,
    rev INTEGER NOT NULL DEFAULT 1,
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    UNIQUE (mentor, child, school, kind, from_date, version),
    CHECK (to_date >= from_date)
) STRICT;
CREATE INDEX mark_sheet_child ON mark_sheet (child, from_date);
CREATE TRIGGER mark_sheet_accepted BEFORE UPDATE ON mark_sheet
WHEN OLD.state = 'accepted'
BEGIN
    SELECT RAISE(ABORT, 'sheet_accepted');
END;
CREATE TRIGGER mark_sheet_no_delete BEFORE DELETE ON mark_sheet
BEGIN
    SELECT RAISE(ABORT, 'sheet_no_delete');
END;

-- The mark that the mentor set for the term; no row: none yet.
CREATE TABLE sheet_mark (
    sheet INTEGER NOT NULL REFERENCES mark_sheet (id),
    subject INTEGER NOT NULL REFERENCES subject (id),
    mark TEXT NOT NULL CHECK (mark IN ('2', '3', '4', '5', 'not_attested', 'released', 'pass', 'fail')),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400),
    PRIMARY KEY (sheet, subject)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sheet_mark_insert BEFORE INSERT ON sheet_mark
WHEN (SELECT state FROM mark_sheet WHERE id = NEW.sheet) IN ('submitted', 'accepted')
BEGIN
    SELECT RAISE(ABORT, 'sheet_closed');
END;
CREATE TRIGGER sheet_mark_update BEFORE UPDATE ON sheet_mark
BEGIN
    SELECT RAISE(ABORT, 'sheet_mark_no_update');
END;
CREATE TRIGGER sheet_mark_delete BEFORE DELETE ON sheet_mark
WHEN (SELECT state FROM mark_sheet WHERE id = OLD.sheet) IN ('submitted', 'accepted')
BEGIN
    SELECT RAISE(ABORT, 'sheet_closed');
END;
