-- SPDX-License-Identifier: Apache-2.0
--
-- Retention (DOMAIN 2.5): runs with their lists, what is forbidden to be emptied, whose name has been
-- replaced by an alias, and which stored files are nobody's any more.

-- Since when the person is known by an alias alone.
ALTER TABLE "user" ADD COLUMN replaced_ms INTEGER;

-- One run is open per centre. kind, item: how far the listing has come. more: the list was full, the
-- rest comes with the next run.
CREATE TABLE retention_run (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    state TEXT NOT NULL DEFAULT 'listing' CHECK (state IN
        ('listing', 'listed', 'running', 'done', 'withdrawn')),
    kind TEXT NOT NULL,
    item INTEGER NOT NULL DEFAULT 0,
    more INTEGER NOT NULL DEFAULT 0 CHECK (more IN (0, 1)),
    asked_by INTEGER NOT NULL REFERENCES "user" (id),
    asked_ms INTEGER NOT NULL,
    listed_ms INTEGER,
    confirmed_by INTEGER REFERENCES "user" (id),
    confirmed_ms INTEGER,
    ended_ms INTEGER,
    rev INTEGER NOT NULL DEFAULT 1,
    CHECK ((confirmed_by IS NULL) = (confirmed_ms IS NULL)),
    CHECK ((state IN ('running', 'done')) = (confirmed_by IS NOT NULL)),
    CHECK ((state IN ('done', 'withdrawn')) = (ended_ms IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX retention_run_open ON retention_run (centre) WHERE ended_ms IS NULL;
CREATE INDEX retention_run_centre ON retention_run (centre, id);
CREATE TRIGGER retention_run_order BEFORE UPDATE OF state ON retention_run
WHEN NOT (NEW.state = OLD.state
    OR (OLD.state = 'listing' AND NEW.state IN ('listed', 'withdrawn'))
    OR (OLD.state = 'listed' AND NEW.state IN ('running', 'withdrawn'))
    OR (OLD.state = 'running' AND NEW.state = 'done'))
BEGIN
    SELECT RAISE(ABORT, 'retention_order');
END;
-- Nobody confirms what they asked for.
CREATE TRIGGER retention_run_own BEFORE UPDATE OF confirmed_by ON retention_run
WHEN NEW.confirmed_by = NEW.asked_by
BEGIN
    SELECT RAISE(ABORT, 'own_run');
END;
CREATE TRIGGER retention_run_no_delete BEFORE DELETE ON retention_run
BEGIN
    SELECT RAISE(ABORT, 'retention_no_delete');
END;

-- item: a lesson, a referral, a report, a document or a user, as the kind says; numbers alone. holds:
-- names with commas between. spared: it was due when it was listed and is not when its turn came.
CREATE TABLE retention_item (
    run INTEGER NOT NULL REFERENCES retention_run (id),
    kind TEXT NOT NULL,
    item INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'held', 'done', 'spared')),
    holds TEXT NOT NULL DEFAULT '',
    done_ms INTEGER,
    PRIMARY KEY (run, kind, item),
    CHECK ((state IN ('done', 'spared')) = (done_ms IS NOT NULL)),
    CHECK ((state IN ('held', 'spared')) >= (holds <> ''))
) STRICT, WITHOUT ROWID;
CREATE INDEX retention_item_due ON retention_item (run) WHERE state = 'due';

-- While it stands nothing of this person is emptied.
CREATE TABLE retention_hold (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    reason TEXT NOT NULL CHECK (length(CAST(reason AS BLOB)) BETWEEN 1 AND 400),
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    lifted_ms INTEGER,
    lifted_by INTEGER REFERENCES "user" (id),
    CHECK ((lifted_ms IS NULL) = (lifted_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX retention_hold_open ON retention_hold (user_id) WHERE lifted_ms IS NULL;
CREATE INDEX retention_hold_centre ON retention_hold (centre) WHERE lifted_ms IS NULL;
CREATE TRIGGER retention_hold_no_delete BEFORE DELETE ON retention_hold
BEGIN
    SELECT RAISE(ABORT, 'retention_no_delete');
END;

-- Files of rows that stay (their hash proves what was there); the sweep of the folder takes them.
CREATE TABLE file_gone (
    file TEXT PRIMARY KEY CHECK (length(file) = 43),
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row stands here while one item is being emptied, within that transaction and never outside: it
-- opens the triggers below, which otherwise refuse as they always did.
CREATE TABLE retention_work (run INTEGER PRIMARY KEY REFERENCES retention_run (id)) STRICT;

DROP TRIGGER frozen_body_no_delete;
CREATE TRIGGER frozen_body_no_delete BEFORE DELETE ON frozen_body
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'frozen_body_no_delete');
END;
-- A name within the texts becomes the alias; nothing else of an accepted report moves.
DROP TRIGGER month_report_accepted;
CREATE TRIGGER month_report_accepted BEFORE UPDATE ON month_report
WHEN OLD.state = 'accepted' AND (NOT EXISTS (SELECT 1 FROM retention_work)
    OR NEW.state <> OLD.state OR NEW.mentor <> OLD.mentor OR NEW.child <> OLD.child
    OR NEW.school <> OLD.school OR NEW.month <> OLD.month OR NEW.version <> OLD.version
    OR NEW.body_sha256 IS NOT OLD.body_sha256 OR NEW.rev <> OLD.rev OR NEW.at_ms <> OLD.at_ms
    OR NEW.by_user <> OLD.by_user)
BEGIN
    SELECT RAISE(ABORT, 'report_accepted');
END;
DROP TRIGGER notice_no_update;
CREATE TRIGGER notice_no_update BEFORE UPDATE ON notice
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'notice_no_update');
END;
DROP TRIGGER report_step_no_update;
CREATE TRIGGER report_step_no_update BEFORE UPDATE ON report_step
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'report_step_no_update');
END;
DROP TRIGGER application_step_no_update;
CREATE TRIGGER application_step_no_update BEFORE UPDATE ON application_step
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'application_step_no_update');
END;
DROP TRIGGER child_programme_step_no_update;
CREATE TRIGGER child_programme_step_no_update BEFORE UPDATE ON child_programme_step
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'programme_step_no_update');
END;
DROP TRIGGER child_move_no_update;
CREATE TRIGGER child_move_no_update BEFORE UPDATE ON child_move
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'child_move_no_update');
END;
DROP TRIGGER interview_no_update;
CREATE TRIGGER interview_no_update BEFORE UPDATE ON interview
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
BEGIN
    SELECT RAISE(ABORT, 'interview_no_update');
END;
DROP TRIGGER application_over;
CREATE TRIGGER application_over BEFORE UPDATE ON application
WHEN OLD.state = 'ended' AND (NEW.state <> 'ended' OR NOT EXISTS (SELECT 1 FROM retention_work))
BEGIN
    SELECT RAISE(ABORT, 'application_over');
END;
DROP TRIGGER child_programme_fixed;
CREATE TRIGGER child_programme_fixed BEFORE UPDATE ON child_programme
WHEN NEW.child <> OLD.child OR NEW.version <> OLD.version
    OR (OLD.state NOT IN ('draft', 'returned')
        AND (NEW.from_date <> OLD.from_date OR NEW.to_date IS NOT OLD.to_date))
    OR (OLD.state IN ('approved', 'superseded')
        AND (NEW.decided_by IS NOT OLD.decided_by OR NEW.proposed_by IS NOT OLD.proposed_by))
    OR (OLD.state = 'superseded' AND NOT EXISTS (SELECT 1 FROM retention_work))
BEGIN
    SELECT RAISE(ABORT, 'programme_fixed');
END;
