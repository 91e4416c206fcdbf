-- SPDX-License-Identifier: Apache-2.0
--
-- A whole month of a centre as one file (items 32 and 34): who asked, how it went, which file came of
-- it. The file lies beside the database under the random name; when its days are over the name is
-- taken out (swept_ms) and the file goes. The row stays.
CREATE TABLE report_archive (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id), -- the centre
    month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
    locale TEXT NOT NULL CHECK (length(locale) BETWEEN 2 AND 8), -- of the summary and the drafts
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'stopped', 'failed')),
    cause TEXT NOT NULL DEFAULT 'none' CHECK (cause IN ('none', 'asked', 'restart', 'records')),
    asked_by INTEGER NOT NULL REFERENCES "user" (id),
    asked_ms INTEGER NOT NULL,
    begun_ms INTEGER,
    ended_ms INTEGER,
    reports INTEGER NOT NULL DEFAULT 0,  -- in the month
    accepted INTEGER NOT NULL DEFAULT 0, -- of them with the bytes that were accepted
    waiting INTEGER NOT NULL DEFAULT 0,  -- of them somebody still has to act on
    name TEXT UNIQUE CHECK (length(name) = 43), -- of its file
    sha256 BLOB CHECK (length(sha256) = 32),
    bytes INTEGER CHECK (bytes > 0),
    swept_ms INTEGER,
    CHECK ((state IN ('done', 'stopped', 'failed')) = (ended_ms IS NOT NULL)),
    CHECK ((name IS NOT NULL) = (state = 'done' AND swept_ms IS NULL))
) STRICT;
CREATE UNIQUE INDEX report_archive_one ON report_archive (org) WHERE state IN ('queued', 'running');
CREATE INDEX report_archive_month ON report_archive (org, month);
CREATE INDEX report_archive_kept ON report_archive (id) WHERE name IS NOT NULL;
-- What is over stays as it was, but for its file.
CREATE TRIGGER report_archive_over BEFORE UPDATE ON report_archive
WHEN OLD.state IN ('done', 'stopped', 'failed')
    AND (NEW.state <> OLD.state OR NEW.cause <> OLD.cause OR NEW.name IS NOT NULL OR OLD.name IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'report_archive_over');
END;
