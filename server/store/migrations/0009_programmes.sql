-- SPDX-License-Identifier: Apache-2.0
--
-- Programmes and the facts of the timetable (DOMAIN 20-23, 4.4): the centre's catalogue, a child's
-- programme with its approved lines, free and treatment times, a school's working hours and terms,
-- the interview of a mentor, one lead mentor per child.
--
-- Minutes are minutes of the clock. from_minute, to_minute: of a local day, half-open, of the zone
-- of whoever's time it is. Days of a programme are those of the child's school.

-- The catalogue. A row never changes: a correction is the next version of the same title.
CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id), -- the centre
    subject INTEGER NOT NULL REFERENCES subject (id),
    grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 11),
    title TEXT NOT NULL CHECK (length(CAST(title AS BLOB)) BETWEEN 1 AND 240),
    version INTEGER NOT NULL CHECK (version >= 1),
    week_minutes INTEGER NOT NULL CHECK (week_minutes BETWEEN 1 AND 10080),
    year_minutes INTEGER NOT NULL CHECK (year_minutes >= week_minutes),
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    UNIQUE (org, subject, grade, title, version)
) STRICT;
CREATE TRIGGER programme_no_update BEFORE UPDATE ON programme
BEGIN
    SELECT RAISE(ABORT, 'programme_no_update');
END;
CREATE TRIGGER programme_no_delete BEFORE DELETE ON programme
BEGIN
    SELECT RAISE(ABORT, 'programme_no_delete');
END;

CREATE TABLE programme_topic (
    programme INTEGER NOT NULL REFERENCES programme (id),
    no INTEGER NOT NULL CHECK (no >= 1),
    title TEXT NOT NULL CHECK (length(CAST(title AS BLOB)) BETWEEN 1 AND 240),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 100000),
    PRIMARY KEY (programme, no)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER programme_topic_no_update BEFORE UPDATE ON programme_topic
BEGIN
    SELECT RAISE(ABORT, 'programme_no_update');
END;
CREATE TRIGGER programme_topic_no_delete BEFORE DELETE ON programme_topic
BEGIN
    SELECT RAISE(ABORT, 'programme_no_delete');
END;

-- until_date: of a superseded one, the day before its successor begins; before from_date: never.
-- carried: lines that were taught before there were programmes, taken over below without a decision.
CREATE TABLE child_programme (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN
        ('draft', 'proposed', 'approved', 'returned', 'superseded')),
    from_date TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    until_date TEXT CHECK (until_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400), -- of the last decision
    carried INTEGER NOT NULL DEFAULT 0 CHECK (carried IN (0, 1)),
    proposed_by INTEGER REFERENCES "user" (id),
    proposed_ms INTEGER,
    decided_by INTEGER REFERENCES "user" (id),
    decided_ms INTEGER,
    rev INTEGER NOT NULL DEFAULT 1,
    created_ms INTEGER NOT NULL,
    created_by INTEGER REFERENCES "user" (id),
    UNIQUE (child, version),
    CHECK (to_date >= from_date),
    CHECK (to_date IS NOT NULL OR carried = 1),
    CHECK ((proposed_by IS NULL) = (proposed_ms IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_ms IS NULL)),
    CHECK ((state = 'draft') = (proposed_by IS NULL) OR carried = 1),
    CHECK (state NOT IN ('approved', 'returned', 'superseded') OR decided_by IS NOT NULL OR carried = 1),
    CHECK ((state = 'superseded') = (until_date IS NOT NULL)),
    CHECK (state <> 'returned' OR reason <> '')
) STRICT;
CREATE UNIQUE INDEX child_programme_open ON child_programme (child)
    WHERE state IN ('draft', 'proposed', 'returned');
CREATE UNIQUE INDEX child_programme_approved ON child_programme (child) WHERE state = 'approved';
CREATE INDEX child_programme_waiting ON child_programme (proposed_ms) WHERE state = 'proposed';

CREATE TABLE child_programme_line (
    child_programme INTEGER NOT NULL REFERENCES child_programme (id),
    subject INTEGER NOT NULL REFERENCES subject (id),
    programme INTEGER REFERENCES programme (id), -- of the catalogue; NULL: an individual one
    week_minutes INTEGER NOT NULL CHECK (week_minutes BETWEEN 1 AND 10080),
    year_minutes INTEGER NOT NULL CHECK (year_minutes >= week_minutes),
    lesson_minutes INTEGER NOT NULL CHECK (lesson_minutes BETWEEN 1 AND 240), -- wished
    PRIMARY KEY (child_programme, subject)
) STRICT, WITHOUT ROWID;

-- What was taught before there were programmes goes on: one line per subject with the hours of the
-- fullest week, until a programme is approved in its place.
INSERT INTO child_programme (child, version, state, from_date, carried, created_ms)
    SELECT DISTINCT k.child, 1, 'approved', '2023-01-01', 1, 0 FROM lesson_child k
    JOIN lesson l ON l.id = k.lesson
    WHERE l.state NOT IN ('planned', 'cancelled', 'rescheduled') AND l.kind <> 'introduction'
    ORDER BY k.child;
INSERT INTO child_programme_line
        (child_programme, subject, week_minutes, year_minutes, lesson_minutes)
    SELECT p.id, w.subject, max(w.minutes), max(w.minutes) * 53, 40
    FROM (SELECT k.child AS child, l.subject AS subject,
            min(10080, max(1, sum((l.end_ms - l.start_ms) / 60000))) AS minutes
        FROM lesson_child k JOIN lesson l ON l.id = k.lesson
        WHERE l.state NOT IN ('planned', 'cancelled', 'rescheduled') AND l.kind <> 'introduction'
        GROUP BY k.child, l.subject, (l.start_ms / 86400000 + 3) / 7) AS w
    JOIN child_programme p ON p.child = w.child
    GROUP BY p.id, w.subject;

-- DOMAIN 4.4; what was approved stays as it was.
CREATE TRIGGER child_programme_order BEFORE UPDATE OF state ON child_programme
WHEN NOT (NEW.state = OLD.state
    OR (OLD.state IN ('draft', 'returned') AND NEW.state = 'proposed')
    OR (OLD.state = 'proposed' AND NEW.state IN ('approved', 'returned'))
    OR (OLD.state = 'approved' AND NEW.state = 'superseded'))
BEGIN
    SELECT RAISE(ABORT, 'programme_order');
END;
CREATE TRIGGER child_programme_fixed BEFORE UPDATE ON child_programme
WHEN NEW.child <> OLD.child OR NEW.version <> OLD.version
    OR (OLD.state NOT IN ('draft', 'returned')
        AND (NEW.from_date <> OLD.from_date OR NEW.to_date IS NOT OLD.to_date))
    OR (OLD.state IN ('approved', 'superseded')
        AND (NEW.decided_by IS NOT OLD.decided_by OR NEW.proposed_by IS NOT OLD.proposed_by))
    OR OLD.state = 'superseded'
BEGIN
    SELECT RAISE(ABORT, 'programme_fixed');
END;
CREATE TRIGGER child_programme_no_delete BEFORE DELETE ON child_programme
BEGIN
    SELECT RAISE(ABORT, 'programme_no_delete');
END;
CREATE TRIGGER child_programme_line_add BEFORE INSERT ON child_programme_line
WHEN (SELECT state FROM child_programme WHERE id = NEW.child_programme) NOT IN ('draft', 'returned')
BEGIN
    SELECT RAISE(ABORT, 'programme_fixed');
END;
CREATE TRIGGER child_programme_line_update BEFORE UPDATE ON child_programme_line
BEGIN
    SELECT RAISE(ABORT, 'programme_fixed');
END;
CREATE TRIGGER child_programme_line_delete BEFORE DELETE ON child_programme_line
WHEN (SELECT state FROM child_programme WHERE id = OLD.child_programme) NOT IN ('draft', 'returned')
BEGIN
    SELECT RAISE(ABORT, 'programme_fixed');
END;

-- Whoever wrote in it or proposed it: dual control asks this table.
CREATE TABLE child_programme_author (
    child_programme INTEGER NOT NULL REFERENCES child_programme (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    PRIMARY KEY (child_programme, user_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER child_programme_author_no_update BEFORE UPDATE ON child_programme_author
BEGIN
    SELECT RAISE(ABORT, 'programme_author_no_update');
END;
CREATE TRIGGER child_programme_author_no_delete BEFORE DELETE ON child_programme_author
BEGIN
    SELECT RAISE(ABORT, 'programme_author_no_delete');
END;
CREATE TRIGGER child_programme_own BEFORE UPDATE OF state ON child_programme
WHEN NEW.state = 'approved' AND OLD.state = 'proposed' AND EXISTS (
    SELECT 1 FROM child_programme_author a
    WHERE a.child_programme = NEW.id AND a.user_id = NEW.decided_by)
BEGIN
    SELECT RAISE(ABORT, 'own_programme');
END;

-- A register of the moves.
CREATE TABLE child_programme_step (
    id INTEGER PRIMARY KEY,
    child_programme INTEGER NOT NULL REFERENCES child_programme (id),
    at_ms INTEGER NOT NULL,
    by_user INTEGER REFERENCES "user" (id), -- NULL: the program
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX child_programme_step_of ON child_programme_step (child_programme, id);
CREATE TRIGGER child_programme_step_no_update BEFORE UPDATE ON child_programme_step
BEGIN
    SELECT RAISE(ABORT, 'programme_step_no_update');
END;
CREATE TRIGGER child_programme_step_no_delete BEFORE DELETE ON child_programme_step
BEGIN
    SELECT RAISE(ABORT, 'programme_step_no_delete');
END;

-- Weekly times of a child (free, treatment, rest) or of a mentor (free to teach), in that person's
-- zone. to_date NULL: until further notice. No row of kind free: nothing is known of free times.
CREATE TABLE availability (
    id INTEGER PRIMARY KEY,
    child INTEGER REFERENCES child (id),
    mentor INTEGER REFERENCES mentor (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7), -- ISO
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    kind TEXT NOT NULL CHECK (kind IN ('free', 'treatment', 'rest')),
    from_date TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    created_ms INTEGER NOT NULL,
    created_by INTEGER REFERENCES "user" (id),
    CHECK ((child IS NULL) <> (mentor IS NULL)),
    CHECK (to_minute > from_minute),
    CHECK (to_date >= from_date),
    CHECK (mentor IS NULL OR kind = 'free')
) STRICT;
CREATE INDEX availability_child ON availability (child, weekday) WHERE child IS NOT NULL;
CREATE INDEX availability_mentor ON availability (mentor, weekday) WHERE mentor IS NOT NULL;

-- R13: a school's working hours, in its zone. No row at all: not known.
CREATE TABLE bell (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    CHECK (to_minute > from_minute)
) STRICT;
CREATE INDEX bell_org ON bell (org, weekday, from_minute);

CREATE TABLE term (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id),
    kind TEXT NOT NULL CHECK (kind IN ('year', 'half', 'quarter')),
    from_date TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    to_date TEXT NOT NULL CHECK (to_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    UNIQUE (org, kind, from_date),
    CHECK (to_date >= from_date)
) STRICT;

-- The three lists above are replaced as a whole: which edit it was (If-Match).
CREATE TABLE hours_rev (
    id INTEGER PRIMARY KEY,
    child INTEGER UNIQUE REFERENCES child (id),
    mentor INTEGER UNIQUE REFERENCES mentor (id),
    org INTEGER UNIQUE REFERENCES org (id),
    rev INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    changed_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK ((child IS NULL) + (mentor IS NULL) + (org IS NULL) = 2)
) STRICT;

-- Item 20: one lead mentor at a time, and a mentor once per subject.
ALTER TABLE assignment ADD COLUMN end_reason TEXT NOT NULL DEFAULT ''
    CHECK (length(CAST(end_reason AS BLOB)) <= 400);
CREATE TRIGGER assignment_one_lead BEFORE INSERT ON assignment
WHEN NEW.role = 'lead' AND EXISTS (SELECT 1 FROM assignment a
    WHERE a.child = NEW.child AND a.role = 'lead' AND (a.to_ms IS NULL OR a.to_ms > NEW.from_ms)
        AND (NEW.to_ms IS NULL OR a.from_ms < NEW.to_ms))
BEGIN
    SELECT RAISE(ABORT, 'one_lead');
END;
CREATE TRIGGER assignment_once BEFORE INSERT ON assignment
WHEN NEW.role = 'subject' AND EXISTS (SELECT 1 FROM assignment a
    WHERE a.child = NEW.child AND a.role = 'subject' AND a.mentor = NEW.mentor
        AND a.subject = NEW.subject AND (a.to_ms IS NULL OR a.to_ms > NEW.from_ms)
        AND (NEW.to_ms IS NULL OR a.from_ms < NEW.to_ms))
BEGIN
    SELECT RAISE(ABORT, 'assigned_already');
END;
