-- SPDX-License-Identifier: Apache-2.0
--
-- Hiring a mentor at a school (items 13, 14, 21, 26-31): the application and its steps, the
-- documents, qualifications, what a course was about, the principal's order, the introduction to a
-- child. The files themselves lie beside the database under the random names of staff_document.

-- What a course was about. One that was entered by this topic's name before there were topics has it.
CREATE TABLE training_topic (
    training INTEGER NOT NULL REFERENCES training (id),
    topic TEXT NOT NULL CHECK (topic IN ('contact_psychology', 'first_aid', 'distance_teaching', 'safeguarding')),
    PRIMARY KEY (training, topic)
) STRICT, WITHOUT ROWID;
INSERT INTO training_topic (training, topic)
    SELECT id, 'contact_psychology' FROM training WHERE course = 'contact_psychology';

CREATE TABLE qualification (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    subject INTEGER NOT NULL REFERENCES subject (id),
    level TEXT NOT NULL DEFAULT '' CHECK (length(level) <= 80),
    grade_from INTEGER NOT NULL CHECK (grade_from BETWEEN 1 AND 11),
    grade_to INTEGER NOT NULL CHECK (grade_to BETWEEN grade_from AND 11),
    issued_ms INTEGER NOT NULL,
    verified_by INTEGER REFERENCES "user" (id),
    verified_ms INTEGER CHECK ((verified_ms IS NULL) = (verified_by IS NULL)),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE INDEX qualification_mentor ON qualification (mentor);

-- Either waiting, verified or returned with a reason. What was sent never changes; a correction is
-- another document.
CREATE TABLE staff_document (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('work_book', 'application', 'no_record', 'course', 'rating_sheet', 'award')),
    type TEXT NOT NULL CHECK (type IN ('pdf', 'png', 'jpeg')),
    name TEXT NOT NULL UNIQUE CHECK (length(name) = 43), -- of its file
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER CHECK (expires_ms > issued_ms),
    original_seen INTEGER NOT NULL DEFAULT 0 CHECK (original_seen IN (0, 1)),
    verified_by INTEGER REFERENCES "user" (id),
    verified_ms INTEGER CHECK ((verified_ms IS NULL) = (verified_by IS NULL)),
    returned_by INTEGER REFERENCES "user" (id),
    returned_ms INTEGER CHECK ((returned_ms IS NULL) = (returned_by IS NULL)),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400),
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    CHECK (verified_ms IS NULL OR returned_ms IS NULL),
    CHECK ((returned_ms IS NULL) = (reason = ''))
) STRICT;
-- The same file for two kinds is a mistake (item 28). One that was returned may be sent again.
CREATE UNIQUE INDEX staff_document_file ON staff_document (mentor, sha256) WHERE returned_ms IS NULL;
CREATE TRIGGER staff_document_fixed BEFORE UPDATE OF
    mentor, kind, type, name, sha256, bytes, issued_ms, expires_ms ON staff_document
BEGIN
    SELECT RAISE(ABORT, 'staff_document_fixed');
END;
CREATE TRIGGER staff_document_no_delete BEFORE DELETE ON staff_document
BEGIN
    SELECT RAISE(ABORT, 'staff_document_no_delete');
END;
-- Nobody verifies what is their own.
CREATE TRIGGER staff_document_not_own BEFORE UPDATE OF verified_by ON staff_document
WHEN NEW.verified_by = (SELECT user_id FROM mentor WHERE id = NEW.mentor)
BEGIN
    SELECT RAISE(ABORT, 'own_document');
END;
CREATE TRIGGER qualification_not_own BEFORE UPDATE OF verified_by ON qualification
WHEN NEW.verified_by = (SELECT user_id FROM mentor WHERE id = NEW.mentor)
BEGIN
    SELECT RAISE(ABORT, 'own_document');
END;
CREATE TRIGGER training_not_own BEFORE UPDATE OF verified_by ON training
WHEN NEW.verified_by = (SELECT user_id FROM mentor WHERE id = NEW.mentor)
BEGIN
    SELECT RAISE(ABORT, 'own_document');
END;

-- DOMAIN 4.2. rev: raised by every step (If-Match).
CREATE TABLE application (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    school INTEGER NOT NULL REFERENCES org (id),
    state TEXT NOT NULL CHECK (state IN
        ('draft', 'documents', 'verification', 'returned', 'recommended', 'order_issued', 'acquainted',
         'employed', 'suspended', 'ended')),
    state_ms INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400),
    rev INTEGER NOT NULL DEFAULT 1,
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE UNIQUE INDEX application_live ON application (mentor, school) WHERE state <> 'ended';
CREATE INDEX application_school ON application (school, state);
CREATE TRIGGER application_fixed BEFORE UPDATE OF mentor, school ON application
BEGIN
    SELECT RAISE(ABORT, 'application_fixed');
END;
CREATE TRIGGER application_over BEFORE UPDATE ON application WHEN OLD.state = 'ended'
BEGIN
    SELECT RAISE(ABORT, 'application_over');
END;

-- A register: who took which step and why.
CREATE TABLE application_step (
    id INTEGER PRIMARY KEY,
    application INTEGER NOT NULL REFERENCES application (id),
    step TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    by_user INTEGER REFERENCES "user" (id), -- NULL: the program
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX application_step_of ON application_step (application);
CREATE TRIGGER application_step_no_update BEFORE UPDATE ON application_step
BEGIN
    SELECT RAISE(ABORT, 'application_step_no_update');
END;
CREATE TRIGGER application_step_no_delete BEFORE DELETE ON application_step
BEGIN
    SELECT RAISE(ABORT, 'application_step_no_delete');
END;

-- The principal's order (item 29). Once it is issued only its end may come earlier, and the mentor
-- be acquainted with it, once.
CREATE TABLE employment_order (
    id INTEGER PRIMARY KEY,
    application INTEGER REFERENCES application (id), -- NULL: issued before there were applications
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    school INTEGER NOT NULL REFERENCES org (id),
    year INTEGER NOT NULL,
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40),
    signed_ms INTEGER NOT NULL,
    rate_percent INTEGER NOT NULL CHECK (rate_percent BETWEEN 1 AND 100),
    week_minutes INTEGER NOT NULL CHECK (week_minutes > 0),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER CHECK (to_ms >= from_ms),
    acquainted_ms INTEGER,
    employment INTEGER REFERENCES employment (id),
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    UNIQUE (school, year, number)
) STRICT;
CREATE INDEX employment_order_mentor ON employment_order (mentor, school);
CREATE TRIGGER employment_order_fixed BEFORE UPDATE OF
    application, mentor, school, year, number, signed_ms, rate_percent, week_minutes, from_ms ON employment_order
BEGIN
    SELECT RAISE(ABORT, 'employment_order_fixed');
END;
CREATE TRIGGER employment_order_acquainted BEFORE UPDATE OF acquainted_ms ON employment_order
WHEN OLD.acquainted_ms IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'employment_order_fixed');
END;
CREATE TRIGGER employment_order_end BEFORE UPDATE OF to_ms ON employment_order
WHEN NEW.to_ms IS NULL OR NEW.to_ms > OLD.to_ms
BEGIN
    SELECT RAISE(ABORT, 'employment_order_fixed');
END;
CREATE TRIGGER employment_order_no_delete BEFORE DELETE ON employment_order
BEGIN
    SELECT RAISE(ABORT, 'employment_order_no_delete');
END;

-- An introduction that was no lesson: they met at the bedside (item 30). One held as a lesson of the
-- kind 'introduction' needs no row here.
CREATE TABLE introduction (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    child INTEGER NOT NULL REFERENCES child (id),
    held_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    UNIQUE (mentor, child)
) STRICT;

-- What the coordinator has been told about what expires, so that each is told once.
CREATE TABLE expiry_told (
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    school INTEGER NOT NULL, -- 0: of the papers alone
    gate TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    days INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (mentor, school, gate, until_ms, days)
) STRICT, WITHOUT ROWID;
