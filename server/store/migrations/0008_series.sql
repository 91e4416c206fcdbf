-- SPDX-License-Identifier: Apache-2.0
--
-- Weekly series and drafts of the schedule (DOMAIN 4.4, section 6). A series is what was meant: a
-- recurrence rule and wall time in the child's zone; its lessons are the instants that it gave. An
-- occurrence is named by its local day, also when its lesson was moved.

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id),
    subject INTEGER NOT NULL REFERENCES subject (id),
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    tz TEXT NOT NULL,
    rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 120),
    first_date TEXT NOT NULL CHECK (first_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 59),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;

CREATE TABLE series_child (
    series INTEGER NOT NULL REFERENCES series (id),
    child INTEGER NOT NULL REFERENCES child (id),
    PRIMARY KEY (series, child)
) STRICT, WITHOUT ROWID;

ALTER TABLE lesson ADD COLUMN series INTEGER REFERENCES series (id);
ALTER TABLE lesson ADD COLUMN series_date TEXT
    CHECK (series_date IS NULL OR series_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
CREATE UNIQUE INDEX lesson_series ON lesson (series, series_date)
    WHERE series IS NOT NULL AND state NOT IN ('cancelled', 'rescheduled');
CREATE INDEX lesson_version ON lesson (version, state);

-- DOMAIN 4.4: draft, validated, published, superseded, in this order; a change of the draft takes
-- the validation back. What was superseded stays as it was.
CREATE TRIGGER schedule_version_order BEFORE UPDATE OF state ON schedule_version
WHEN NOT (NEW.state = OLD.state
    OR (OLD.state = 'draft' AND NEW.state = 'validated')
    OR (OLD.state = 'validated' AND NEW.state IN ('draft', 'published'))
    OR (OLD.state = 'published' AND NEW.state = 'superseded'))
BEGIN
    SELECT RAISE(ABORT, 'version_order');
END;
-- A lesson of a draft is planned, and only a draft has planned ones.
CREATE TRIGGER lesson_of_draft BEFORE INSERT ON lesson
WHEN (SELECT state FROM schedule_version WHERE id = NEW.version) IN ('draft', 'validated')
    AND NEW.state <> 'planned'
BEGIN
    SELECT RAISE(ABORT, 'lesson_of_draft');
END;
