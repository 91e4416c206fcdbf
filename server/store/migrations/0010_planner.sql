-- SPDX-License-Identifier: Apache-2.0
--
-- Runs of the planner (DOMAIN 25): what was asked for a week of a centre, how it went, what it
-- proposed and for whom it found no place. The proposal itself is a draft of the schedule.

CREATE TABLE plan_run (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id), -- the centre
    week TEXT NOT NULL CHECK (week GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'), -- its Monday
    mode TEXT NOT NULL CHECK (mode IN ('fresh', 'repair')),
    seed INTEGER NOT NULL CHECK (seed >= 0),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'stopped', 'failed')),
    cause TEXT NOT NULL DEFAULT 'none' CHECK (cause IN ('none', 'asked', 'time', 'restart', 'records')),
    asked_by INTEGER NOT NULL REFERENCES "user" (id),
    asked_ms INTEGER NOT NULL,
    begun_ms INTEGER,
    ended_ms INTEGER,
    version INTEGER REFERENCES schedule_version (id), -- the draft; NULL: nothing to change
    wanted INTEGER NOT NULL DEFAULT 0,
    placed INTEGER NOT NULL DEFAULT 0,
    bound INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0,
    forced INTEGER NOT NULL DEFAULT 0,
    moved INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    CHECK ((state IN ('done', 'stopped', 'failed')) = (ended_ms IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX plan_run_one ON plan_run (org) WHERE state IN ('queued', 'running');
CREATE INDEX plan_run_week ON plan_run (org, week);
CREATE TRIGGER plan_run_over BEFORE UPDATE ON plan_run
WHEN OLD.state IN ('done', 'stopped', 'failed')
BEGIN
    SELECT RAISE(ABORT, 'plan_run_over');
END;

-- Lessons without a place. rule, would_fit: names of the planner's rules. places: of a proof that
-- these `lessons` of one person need more places than there are; 0 and 0: no proof was found.
CREATE TABLE plan_left (
    run INTEGER NOT NULL REFERENCES plan_run (id),
    no INTEGER NOT NULL,
    child INTEGER NOT NULL REFERENCES child (id),
    subject INTEGER NOT NULL REFERENCES subject (id),
    mentor INTEGER REFERENCES mentor (id),
    lesson INTEGER REFERENCES lesson (id), -- the published one that cannot stay
    minutes INTEGER NOT NULL,
    rule TEXT NOT NULL,
    would_fit TEXT NOT NULL,
    starts INTEGER NOT NULL,
    lessons INTEGER NOT NULL DEFAULT 0,
    places INTEGER NOT NULL DEFAULT 0,
    of_mentor INTEGER NOT NULL DEFAULT 0 CHECK (of_mentor IN (0, 1)),
    PRIMARY KEY (run, no)
) STRICT, WITHOUT ROWID;

-- A weekly series ends before this local date; NULL: as its rule says.
ALTER TABLE series ADD COLUMN end_date TEXT
    CHECK (end_date IS NULL OR end_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
ALTER TABLE series ADD COLUMN rev INTEGER NOT NULL DEFAULT 1;
