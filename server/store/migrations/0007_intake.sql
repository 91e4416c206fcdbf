-- SPDX-License-Identifier: Apache-2.0
--
-- Intake: a school's return of numbers, its referrals with their two papers, the review, and the
-- case that an accepted referral opens (DOMAIN 10, 16-19, 4.1).
--
-- Columns named sealed hold values of server/sys/seal.h: what a doctor wrote, who the doctor is and
-- where, and why the centre decided as it did. They are bound to their table, column and row, so a
-- row's id never changes. No other column holds a medical word: days and limits are not reasons.
-- file: the scan's row in the table of uploaded files, once there is one; NULL: no scan.

CREATE TABLE need_return (
    id INTEGER PRIMARY KEY,
    school INTEGER NOT NULL REFERENCES org (id),
    period TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'), -- a month
    count INTEGER NOT NULL CHECK (count BETWEEN 0 AND 10000),
    rev INTEGER NOT NULL DEFAULT 1,
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    changed_ms INTEGER NOT NULL,
    changed_by INTEGER NOT NULL REFERENCES "user" (id),
    UNIQUE (school, period)
) STRICT;

-- Everything of a draft may be missing; what is there is well-formed.
CREATE TABLE referral (
    id INTEGER PRIMARY KEY,
    school INTEGER NOT NULL REFERENCES org (id),
    centre INTEGER NOT NULL REFERENCES org (id),
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN
        ('draft', 'submitted', 'incomplete', 'under_review', 'accepted', 'refused', 'withdrawn')),
    child INTEGER REFERENCES child (id), -- accepted only
    child_name TEXT NOT NULL DEFAULT '' CHECK (length(CAST(child_name AS BLOB)) <= 160),
    birth_date TEXT CHECK (birth_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    grade INTEGER CHECK (grade BETWEEN 1 AND 11),
    guardian_name TEXT NOT NULL DEFAULT '' CHECK (length(CAST(guardian_name AS BLOB)) <= 160),
    guardian_phone TEXT NOT NULL DEFAULT '' CHECK (length(CAST(guardian_phone AS BLOB)) <= 80),
    application_date TEXT CHECK (application_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    consent_date TEXT CHECK (consent_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    first_ms INTEGER,     -- first submitted: from here the days are counted
    reviewer INTEGER REFERENCES "user" (id),
    asked_items INTEGER NOT NULL DEFAULT 0, -- what the centre asked for: bits of referral_item
    asked_note TEXT NOT NULL DEFAULT '' CHECK (length(CAST(asked_note AS BLOB)) <= 800),
    refusal TEXT CHECK (refusal IN ('no_ground', 'not_our_school', 'duplicate', 'family_declined', 'other')),
    sealed BLOB CHECK (length(sealed) >= 33), -- the decision's reason
    decided_ms INTEGER,
    decided_by INTEGER REFERENCES "user" (id),
    withdrawn_reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(withdrawn_reason AS BLOB)) <= 400),
    closed_ms INTEGER,    -- accepted, refused or withdrawn at
    emptied_ms INTEGER,   -- retention (2.5): nothing personal is left in the row
    rev INTEGER NOT NULL DEFAULT 1,
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK ((state = 'draft') <= (first_ms IS NULL)),
    CHECK ((state = 'under_review') <= (reviewer IS NOT NULL)),
    CHECK ((state = 'accepted') = (child IS NOT NULL)),
    CHECK ((state IN ('accepted', 'refused')) = (decided_ms IS NOT NULL)),
    CHECK ((decided_ms IS NULL) = (decided_by IS NULL)),
    CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CHECK ((state IN ('accepted', 'refused', 'withdrawn')) = (closed_ms IS NOT NULL))
) STRICT;
CREATE INDEX referral_school ON referral (school, first_ms);
CREATE INDEX referral_queue ON referral (centre, state, first_ms);
CREATE INDEX referral_birth ON referral (birth_date);
CREATE INDEX referral_closed ON referral (closed_ms) WHERE emptied_ms IS NULL;

-- Whoever wrote in a referral for the school: dual control (DOMAIN 18) asks this table.
CREATE TABLE referral_author (
    referral INTEGER NOT NULL REFERENCES referral (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    PRIMARY KEY (referral, user_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER referral_author_no_update BEFORE UPDATE ON referral_author
BEGIN
    SELECT RAISE(ABORT, 'referral_author_no_update');
END;
CREATE TRIGGER referral_author_no_delete BEFORE DELETE ON referral_author
BEGIN
    SELECT RAISE(ABORT, 'referral_author_no_delete');
END;

-- A register of the moves of every referral.
CREATE TABLE referral_step (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL
) STRICT;
CREATE INDEX referral_step_referral ON referral_step (referral, id);
CREATE TRIGGER referral_step_no_update BEFORE UPDATE ON referral_step
BEGIN
    SELECT RAISE(ABORT, 'referral_step_no_update');
END;
CREATE TRIGGER referral_step_no_delete BEFORE DELETE ON referral_step
BEGIN
    SELECT RAISE(ABORT, 'referral_step_no_delete');
END;

CREATE TRIGGER referral_own_review BEFORE UPDATE OF reviewer ON referral
WHEN EXISTS (SELECT 1 FROM referral_author a WHERE a.referral = NEW.id AND a.user_id = NEW.reviewer)
BEGIN
    SELECT RAISE(ABORT, 'own_referral');
END;
CREATE TRIGGER referral_own_decision BEFORE UPDATE OF decided_by ON referral
WHEN EXISTS (SELECT 1 FROM referral_author a WHERE a.referral = NEW.id AND a.user_id = NEW.decided_by)
BEGIN
    SELECT RAISE(ABORT, 'own_referral');
END;
-- What was decided stays; only retention empties it.
CREATE TRIGGER referral_closed_fixed BEFORE UPDATE ON referral
WHEN OLD.state IN ('accepted', 'refused', 'withdrawn')
    AND (NEW.state <> OLD.state OR NEW.child IS NOT OLD.child OR NEW.school <> OLD.school
        OR NEW.decided_by IS NOT OLD.decided_by OR NEW.decided_ms IS NOT OLD.decided_ms
        OR NEW.closed_ms <> OLD.closed_ms OR NEW.emptied_ms IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'referral_closed');
END;
CREATE TRIGGER referral_no_delete BEFORE DELETE ON referral
BEGIN
    SELECT RAISE(ABORT, 'referral_no_delete');
END;

-- One of each per referral, replaced while the referral is the school's to write. child: from the
-- acceptance on; a child has as many as it had referrals, the one that holds longest counts.
CREATE TABLE medical_basis (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL UNIQUE REFERENCES referral (id),
    child INTEGER REFERENCES child (id),
    issued_date TEXT NOT NULL CHECK (issued_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    from_date TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT NOT NULL CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    sealed BLOB CHECK (length(sealed) >= 33), -- document, issuer, ground
    file INTEGER,
    changed_ms INTEGER NOT NULL,
    changed_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK (to_date >= from_date)
) STRICT;
CREATE INDEX medical_basis_child ON medical_basis (child, to_date);

-- Limits: 0 = the doctor sets none (server/domain/papers.h).
CREATE TABLE recommendation (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL UNIQUE REFERENCES referral (id),
    child INTEGER REFERENCES child (id),
    issued_date TEXT NOT NULL CHECK (issued_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    from_date TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT NOT NULL CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    lesson_minutes INTEGER NOT NULL CHECK (lesson_minutes BETWEEN 0 AND 1440),
    lessons_per_day INTEGER NOT NULL CHECK (lessons_per_day >= 0),
    lessons_per_week INTEGER NOT NULL CHECK (lessons_per_week >= 0),
    screen_minutes INTEGER NOT NULL CHECK (screen_minutes BETWEEN 0 AND 1440),
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
    to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
    rest_weekdays INTEGER NOT NULL CHECK (rest_weekdays BETWEEN 0 AND 254),
    equipment INTEGER NOT NULL CHECK (equipment >= 0),
    camera_allowed INTEGER NOT NULL CHECK (camera_allowed IN (0, 1)),
    sealed BLOB CHECK (length(sealed) >= 33), -- doctor, organisation, words
    file INTEGER,
    changed_ms INTEGER NOT NULL,
    changed_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK (to_date >= from_date),
    CHECK (to_minute > from_minute OR (to_minute = 0 AND from_minute = 0))
) STRICT;
CREATE INDEX recommendation_child ON recommendation (child, to_date);

-- A paper is written while its referral is the school's to write, given its child at the acceptance,
-- and then only emptied. (A sealed column may be sealed anew under a new key at any time.)
CREATE TRIGGER medical_basis_late BEFORE INSERT ON medical_basis
WHEN (SELECT state FROM referral WHERE id = NEW.referral) NOT IN ('draft', 'incomplete')
BEGIN
    SELECT RAISE(ABORT, 'paper_fixed');
END;
CREATE TRIGGER recommendation_late BEFORE INSERT ON recommendation
WHEN (SELECT state FROM referral WHERE id = NEW.referral) NOT IN ('draft', 'incomplete')
BEGIN
    SELECT RAISE(ABORT, 'paper_fixed');
END;
CREATE TRIGGER medical_basis_fixed BEFORE UPDATE ON medical_basis
WHEN NEW.referral <> OLD.referral OR NEW.id <> OLD.id
    OR (OLD.child IS NOT NULL AND NEW.child IS NOT OLD.child)
    OR ((NEW.from_date <> OLD.from_date OR NEW.to_date <> OLD.to_date
            OR NEW.issued_date <> OLD.issued_date)
        AND (SELECT state FROM referral WHERE id = OLD.referral) NOT IN ('draft', 'incomplete'))
BEGIN
    SELECT RAISE(ABORT, 'paper_fixed');
END;
CREATE TRIGGER recommendation_fixed BEFORE UPDATE ON recommendation
WHEN NEW.referral <> OLD.referral OR NEW.id <> OLD.id
    OR (OLD.child IS NOT NULL AND NEW.child IS NOT OLD.child)
    OR ((NEW.from_date <> OLD.from_date OR NEW.to_date <> OLD.to_date
            OR NEW.issued_date <> OLD.issued_date OR NEW.lesson_minutes <> OLD.lesson_minutes
            OR NEW.lessons_per_day <> OLD.lessons_per_day
            OR NEW.lessons_per_week <> OLD.lessons_per_week
            OR NEW.screen_minutes <> OLD.screen_minutes OR NEW.from_minute <> OLD.from_minute
            OR NEW.to_minute <> OLD.to_minute OR NEW.rest_weekdays <> OLD.rest_weekdays
            OR NEW.equipment <> OLD.equipment OR NEW.camera_allowed <> OLD.camera_allowed)
        AND (SELECT state FROM referral WHERE id = OLD.referral) NOT IN ('draft', 'incomplete'))
BEGIN
    SELECT RAISE(ABORT, 'paper_fixed');
END;
CREATE TRIGGER medical_basis_no_delete BEFORE DELETE ON medical_basis
BEGIN
    SELECT RAISE(ABORT, 'paper_no_delete');
END;
CREATE TRIGGER recommendation_no_delete BEFORE DELETE ON recommendation
BEGIN
    SELECT RAISE(ABORT, 'paper_no_delete');
END;

-- A child's file from intake to discharge. Its state is no column: it is computed from what the
-- records say (server/domain/casefile.h). At most one is open per child.
CREATE TABLE case_file (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    referral INTEGER NOT NULL REFERENCES referral (id), -- that opened it
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER CHECK (closed_ms >= opened_ms),
    closed_reason TEXT CHECK (closed_reason IN ('recovered', 'left', 'finished')),
    closed_by INTEGER REFERENCES "user" (id),
    CHECK ((closed_ms IS NULL) = (closed_reason IS NULL)),
    CHECK ((closed_ms IS NULL) = (closed_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX case_file_open ON case_file (child) WHERE closed_ms IS NULL;
CREATE TRIGGER case_file_no_delete BEFORE DELETE ON case_file
BEGIN
    SELECT RAISE(ABORT, 'case_file_no_delete');
END;
