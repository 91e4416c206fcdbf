-- SPDX-License-Identifier: Apache-2.0
--
-- Why somebody was missing, noted while the lesson is on. When its attendance is computed, what
-- stands here becomes amendments, in the same order and with the same author and time; from then on
-- causes are amendments alone (DOMAIN 7.8). A register.
CREATE TABLE noshow_cause (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    child INTEGER NOT NULL REFERENCES child (id),
    code TEXT NOT NULL CHECK (code IN ('I', 'M', 'C', 'U', 'X', 'H')),
    reason TEXT NOT NULL CHECK (length(reason) >= 1 AND length(CAST(reason AS BLOB)) <= 400),
    document_no TEXT NOT NULL DEFAULT '' CHECK (length(CAST(document_no AS BLOB)) <= 64),
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    title TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX noshow_cause_lesson ON noshow_cause (lesson, child);
CREATE TRIGGER noshow_cause_no_update BEFORE UPDATE ON noshow_cause
BEGIN
    SELECT RAISE(ABORT, 'noshow_cause_no_update');
END;
CREATE TRIGGER noshow_cause_no_delete BEFORE DELETE ON noshow_cause
BEGIN
    SELECT RAISE(ABORT, 'noshow_cause_no_delete');
END;
