-- SPDX-License-Identifier: Apache-2.0
--
-- The records a lesson needs, from the person to the month report (DOMAIN section 4).
--
-- Times: INTEGER, UTC milliseconds, names end in _ms. Calendar dates: TEXT 'YYYY-MM-DD'. Zones: IANA names.
-- A to_ms of NULL means "until further notice"; periods are half-open [from_ms, to_ms).
-- Codes are the names of the enums in server/domain, so a row can be read without the program.
-- "user" is a reserved word of SQL, so the table is always quoted and a reference to it is user_id.
-- Tables with _no_update and _no_delete triggers are registers: a correction is a new row.

CREATE TABLE org (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 32),
    name TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 240),
    type TEXT NOT NULL CHECK (type IN ('centre', 'school', 'provider', 'authority')),
    parent INTEGER REFERENCES org (id) CHECK (parent IS NULL OR parent <> id),
    tz TEXT NOT NULL,
    region TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed')),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;

CREATE TABLE policy (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    value TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER CHECK (to_ms > from_ms),
    source TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    UNIQUE (org, key, from_ms)
) STRICT;

CREATE TABLE holiday (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id),
    date TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    kind TEXT NOT NULL,
    UNIQUE (org, date)
) STRICT;

-- Everyone who signs in. name: full, as given; short_name: how others in a lesson see the person.
CREATE TABLE "user" (
    id INTEGER PRIMARY KEY,
    login TEXT UNIQUE CHECK (length(login) BETWEEN 2 AND 64),
    name TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 160),
    short_name TEXT NOT NULL CHECK (length(CAST(short_name AS BLOB)) BETWEEN 1 AND 160),
    animal TEXT NOT NULL DEFAULT '' CHECK (length(animal) <= 16),
    locale TEXT NOT NULL DEFAULT 'ru' CHECK (length(locale) BETWEEN 2 AND 8),
    tz TEXT NOT NULL,
    pw_hash TEXT,
    pw_set_ms INTEGER,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'locked', 'ended')),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;

CREATE TABLE role_grant (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    role TEXT NOT NULL CHECK (role IN
        ('child', 'guardian', 'mentor', 'coordinator', 'school_officer', 'admin')),
    org INTEGER NOT NULL REFERENCES org (id),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER CHECK (to_ms >= from_ms),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE INDEX role_grant_user ON role_grant (user_id);

CREATE TABLE subject (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 80),
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL,
    colour INTEGER NOT NULL DEFAULT 1 CHECK (colour BETWEEN 1 AND 6)
) STRICT;

CREATE TABLE child (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL UNIQUE REFERENCES "user" (id),
    centre INTEGER NOT NULL REFERENCES org (id),
    org_school INTEGER NOT NULL REFERENCES org (id), -- school of registration
    register_no TEXT NOT NULL,
    grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 11),
    birth_date TEXT,
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    UNIQUE (centre, register_no)
) STRICT;
CREATE INDEX child_school ON child (org_school);

CREATE TABLE guardian_link (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    child INTEGER NOT NULL REFERENCES child (id),
    rights TEXT NOT NULL DEFAULT 'full' CHECK (rights IN ('full', 'log')),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER CHECK (to_ms >= from_ms),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE INDEX guardian_link_user ON guardian_link (user_id);
CREATE INDEX guardian_link_child ON guardian_link (child);

-- kind: lessons (distance lessons at all), group (lessons with other children), recording.
CREATE TABLE consent (
    id INTEGER PRIMARY KEY,
    child INTEGER REFERENCES child (id),
    user_id INTEGER REFERENCES "user" (id),
    kind TEXT NOT NULL CHECK (kind IN ('lessons', 'group', 'recording')),
    text_version TEXT NOT NULL,
    given_by INTEGER NOT NULL REFERENCES "user" (id),
    given_ms INTEGER NOT NULL,
    expires_ms INTEGER CHECK (expires_ms > given_ms),
    withdrawn_ms INTEGER CHECK (withdrawn_ms >= given_ms),
    withdrawn_by INTEGER REFERENCES "user" (id),
    created_ms INTEGER NOT NULL,
    CHECK ((child IS NULL) <> (user_id IS NULL))
) STRICT;
CREATE INDEX consent_child ON consent (child, kind);

CREATE TABLE mentor (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL UNIQUE REFERENCES "user" (id),
    centre INTEGER NOT NULL REFERENCES org (id),
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;

-- The course a mentor must have before the first child (item 13).
CREATE TABLE training (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    course TEXT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    hours INTEGER NOT NULL DEFAULT 0,
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER CHECK (expires_ms > issued_ms),
    verified_by INTEGER REFERENCES "user" (id),
    verified_ms INTEGER,
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE INDEX training_mentor ON training (mentor);

-- Item 26: a mentor teaches a child only while employed at the child's school.
CREATE TABLE employment (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    school INTEGER NOT NULL REFERENCES org (id),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER CHECK (to_ms >= from_ms),
    order_no TEXT NOT NULL,
    week_minutes INTEGER NOT NULL DEFAULT 0 CHECK (week_minutes >= 0), -- hours_week, in minutes
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE INDEX employment_mentor ON employment (mentor, school);

CREATE TABLE assignment (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    subject INTEGER REFERENCES subject (id), -- NULL: the lead mentor
    role TEXT NOT NULL CHECK (role IN ('lead', 'subject')),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER CHECK (to_ms >= from_ms),
    reason TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    created_by INTEGER
) STRICT;
CREATE INDEX assignment_child ON assignment (child);
CREATE INDEX assignment_mentor ON assignment (mentor);

CREATE TABLE schedule_version (
    id INTEGER PRIMARY KEY,
    org INTEGER NOT NULL REFERENCES org (id),
    no INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'validated', 'published', 'superseded')),
    published_ms INTEGER,
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    UNIQUE (org, no)
) STRICT;
CREATE UNIQUE INDEX schedule_version_published ON schedule_version (org) WHERE state = 'published';

-- mentor is who teaches (the substitute if there is one), planned_mentor who was planned.
-- moved_to: the lesson that replaced a rescheduled one. rev: raised by every change (If-Match).
CREATE TABLE lesson (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES schedule_version (id),
    org INTEGER NOT NULL REFERENCES org (id), -- the centre that answers for it
    seq INTEGER NOT NULL DEFAULT 0,           -- SEQUENCE of its calendar entry
    kind TEXT NOT NULL DEFAULT 'lesson' CHECK (kind IN ('lesson', 'introduction', 'group', 'practice')),
    subject INTEGER NOT NULL REFERENCES subject (id),
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    planned_mentor INTEGER NOT NULL REFERENCES mentor (id),
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    tz TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('planned', 'scheduled', 'needs_substitute', 'open', 'running', 'interrupted', 'ended', 'computed',
         'disputed', 'confirmed', 'locked', 'cancelled', 'rescheduled')),
    state_ms INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400),
    side TEXT NOT NULL DEFAULT 'none' CHECK (side IN ('none', 'child', 'mentor', 'school', 'centre')),
    make_up_of INTEGER REFERENCES lesson (id),
    moved_to INTEGER REFERENCES lesson (id),
    rev INTEGER NOT NULL DEFAULT 1,
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    CHECK (end_ms > start_ms)
) STRICT;
CREATE INDEX lesson_time ON lesson (start_ms);
CREATE INDEX lesson_mentor_time ON lesson (mentor, start_ms);
CREATE INDEX lesson_org_time ON lesson (org, start_ms);
CREATE INDEX lesson_due ON lesson (state, end_ms);
CREATE INDEX lesson_make_up ON lesson (make_up_of) WHERE make_up_of IS NOT NULL;

-- school: where the child was registered when the lesson was planned; the report goes there.
CREATE TABLE lesson_child (
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    child INTEGER NOT NULL REFERENCES child (id),
    school INTEGER NOT NULL REFERENCES org (id),
    PRIMARY KEY (lesson, child)
) STRICT, WITHOUT ROWID;
CREATE INDEX lesson_child_child ON lesson_child (child, lesson);

CREATE TABLE lesson_guest (
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    kind TEXT NOT NULL CHECK (kind IN ('observer', 'interpreter', 'host')),
    PRIMARY KEY (lesson, user_id)
) STRICT, WITHOUT ROWID;

-- R2 and R3. In whose way a lesson stands: drafts, cancelled and moved ones in nobody's, one that
-- waits for a substitute still in its children's. Half-open: 10:40 and 10:40 touch, no overlap.
CREATE TRIGGER lesson_mentor_overlap_insert BEFORE INSERT ON lesson
WHEN NEW.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute')
BEGIN
    SELECT RAISE(ABORT, 'mentor_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson l
        WHERE l.mentor = NEW.mentor AND l.start_ms < NEW.end_ms AND l.end_ms > NEW.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute'));
END;
CREATE TRIGGER lesson_mentor_overlap_update BEFORE UPDATE OF mentor, start_ms, end_ms, state ON lesson
WHEN NEW.state NOT IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute')
    AND (NEW.mentor <> OLD.mentor OR NEW.start_ms <> OLD.start_ms OR NEW.end_ms <> OLD.end_ms
        OR OLD.state IN ('planned', 'cancelled', 'rescheduled', 'needs_substitute'))
BEGIN
    SELECT RAISE(ABORT, 'mentor_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson l
        WHERE l.mentor = NEW.mentor AND l.id <> NEW.id
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
        JOIN lesson l ON l.id = other.lesson
        WHERE mine.lesson = NEW.id AND l.start_ms < NEW.end_ms AND l.end_ms > NEW.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled'));
END;
CREATE TRIGGER lesson_child_overlap_insert_seat BEFORE INSERT ON lesson_child
BEGIN
    SELECT RAISE(ABORT, 'child_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson mine
        JOIN lesson_child other ON other.child = NEW.child AND other.lesson <> NEW.lesson
        JOIN lesson l ON l.id = other.lesson
        WHERE mine.id = NEW.lesson AND mine.state NOT IN ('planned', 'cancelled', 'rescheduled')
            AND l.start_ms < mine.end_ms AND l.end_ms > mine.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled'));
END;
CREATE TRIGGER lesson_child_overlap_update_seat BEFORE UPDATE OF lesson, child ON lesson_child
BEGIN
    SELECT RAISE(ABORT, 'child_overlap') WHERE EXISTS (
        SELECT 1 FROM lesson mine
        JOIN lesson_child other ON other.child = NEW.child AND other.lesson <> NEW.lesson
            AND NOT (other.lesson = OLD.lesson AND other.child = OLD.child)
        JOIN lesson l ON l.id = other.lesson
        WHERE mine.id = NEW.lesson AND mine.state NOT IN ('planned', 'cancelled', 'rescheduled')
            AND l.start_ms < mine.end_ms AND l.end_ms > mine.start_ms
            AND l.state NOT IN ('planned', 'cancelled', 'rescheduled'));
END;

-- DOMAIN 4.3 "Forbidden": no edit of times and people once the door is open, no delete ever.
CREATE TRIGGER lesson_frozen BEFORE UPDATE OF start_ms, end_ms, mentor, subject, tz ON lesson
WHEN OLD.state NOT IN ('planned', 'scheduled', 'needs_substitute')
    AND (NEW.start_ms <> OLD.start_ms OR NEW.end_ms <> OLD.end_ms OR NEW.mentor <> OLD.mentor
        OR NEW.subject <> OLD.subject OR NEW.tz <> OLD.tz)
BEGIN
    SELECT RAISE(ABORT, 'lesson_frozen');
END;
CREATE TRIGGER lesson_no_delete BEFORE DELETE ON lesson
BEGIN
    SELECT RAISE(ABORT, 'lesson_no_delete');
END;
CREATE TRIGGER lesson_child_frozen_insert BEFORE INSERT ON lesson_child
WHEN (SELECT state FROM lesson WHERE id = NEW.lesson) NOT IN ('planned', 'scheduled', 'needs_substitute')
BEGIN
    SELECT RAISE(ABORT, 'lesson_frozen');
END;
CREATE TRIGGER lesson_child_frozen_update BEFORE UPDATE ON lesson_child
WHEN (SELECT state FROM lesson WHERE id = OLD.lesson) NOT IN ('planned', 'scheduled', 'needs_substitute')
    OR (SELECT state FROM lesson WHERE id = NEW.lesson) NOT IN ('planned', 'scheduled', 'needs_substitute')
BEGIN
    SELECT RAISE(ABORT, 'lesson_frozen');
END;
CREATE TRIGGER lesson_child_frozen_delete BEFORE DELETE ON lesson_child
WHEN (SELECT state FROM lesson WHERE id = OLD.lesson) NOT IN ('planned', 'scheduled', 'needs_substitute')
BEGIN
    SELECT RAISE(ABORT, 'lesson_frozen');
END;

-- Server-side sign-in sessions; the token itself is never stored.
CREATE TABLE login_session (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    via TEXT NOT NULL CHECK (via IN ('password', 'pin', 'link')),
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    end_reason TEXT,
    ip_hash TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX login_session_user ON login_session (user_id) WHERE ended_ms IS NULL;

CREATE TABLE sign_in_link (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    used_login INTEGER REFERENCES login_session (id),
    revoked_ms INTEGER
) STRICT;
CREATE INDEX sign_in_link_user ON sign_in_link (user_id);

-- The child's card: six digits. A new card revokes the old one.
CREATE TABLE pin (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    pin_hash TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    created_by INTEGER,
    expires_ms INTEGER,
    revoked_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX pin_live ON pin (user_id) WHERE revoked_ms IS NULL;

-- Throttle of sign-in. account: sha-256 of what was typed, so unknown names count alike.
CREATE TABLE sign_in_try (
    id INTEGER PRIMARY KEY,
    account BLOB NOT NULL CHECK (length(account) = 32),
    ip_hash TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    ok INTEGER NOT NULL CHECK (ok IN (0, 1))
) STRICT;
CREATE INDEX sign_in_try_account ON sign_in_try (account, at_ms);

-- One authenticated connection in a lesson. Open while leave_ms is NULL.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    role TEXT NOT NULL CHECK (role IN ('child', 'mentor', 'guardian', 'coordinator')),
    login INTEGER REFERENCES login_session (id),
    conn_id TEXT NOT NULL,
    resume_hash BLOB NOT NULL CHECK (length(resume_hash) = 32),
    join_ms INTEGER NOT NULL,
    leave_ms INTEGER CHECK (leave_ms >= join_ms),
    last_seen_ms INTEGER NOT NULL CHECK (last_seen_ms >= join_ms),
    end_reason TEXT,
    uncertain_ms INTEGER NOT NULL DEFAULT 0 CHECK (uncertain_ms >= 0),
    screen_ms INTEGER NOT NULL DEFAULT 0 CHECK (screen_ms >= 0),
    ip_hash TEXT NOT NULL DEFAULT '',
    CHECK ((leave_ms IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE INDEX session_lesson ON session (lesson);
CREATE INDEX session_login ON session (login) WHERE leave_ms IS NULL;
CREATE UNIQUE INDEX session_open_conn ON session (conn_id) WHERE leave_ms IS NULL;
CREATE UNIQUE INDEX session_open_seat ON session (lesson, user_id) WHERE leave_ms IS NULL;
CREATE TRIGGER session_fixed BEFORE UPDATE ON session
WHEN OLD.leave_ms IS NOT NULL OR NEW.id <> OLD.id OR NEW.lesson <> OLD.lesson
    OR NEW.user_id <> OLD.user_id OR NEW.role <> OLD.role OR NEW.join_ms <> OLD.join_ms
    OR NEW.last_seen_ms < OLD.last_seen_ms
BEGIN
    SELECT RAISE(ABORT, 'session_fixed');
END;
CREATE TRIGGER session_no_delete BEFORE DELETE ON session
BEGIN
    SELECT RAISE(ABORT, 'session_no_delete');
END;

-- J8: every refusal. lesson is NULL when there is no such lesson; asked is what was asked for.
CREATE TABLE join_attempt (
    id INTEGER PRIMARY KEY,
    lesson INTEGER REFERENCES lesson (id),
    asked INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    at_ms INTEGER NOT NULL,
    result TEXT NOT NULL,
    ip_hash TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX join_attempt_user ON join_attempt (user_id, at_ms);
CREATE INDEX join_attempt_lesson ON join_attempt (lesson);

-- One run of the server process: how long it was certainly alive.
CREATE TABLE server_run (
    id INTEGER PRIMARY KEY,
    boot TEXT NOT NULL UNIQUE, -- random; makes a connection's number unique across runs
    from_ms INTEGER NOT NULL,
    alive_ms INTEGER NOT NULL,
    stop_ms INTEGER
) STRICT;

CREATE TABLE outage (
    id INTEGER PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('crash', 'stop', 'records', 'network')),
    CHECK (to_ms > from_ms)
) STRICT;
CREATE INDEX outage_time ON outage (to_ms);

CREATE TABLE media_sample (
    session INTEGER NOT NULL REFERENCES session (id),
    at_ms INTEGER NOT NULL,
    loss_permille INTEGER NOT NULL,
    rtt_ms INTEGER NOT NULL,
    up_kbps INTEGER NOT NULL,
    down_kbps INTEGER NOT NULL,
    PRIMARY KEY (session, at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE room_event (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    user_id INTEGER REFERENCES "user" (id),
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (length(event) BETWEEN 1 AND 24),
    value INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX room_event_lesson ON room_event (lesson, at_ms);

CREATE TABLE chat_line (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX chat_line_lesson ON chat_line (lesson, at_ms);

-- Computed attendance. A new computation that differs is a new run; the highest run counts.
CREATE TABLE attendance (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    run INTEGER NOT NULL CHECK (run >= 1),
    algo_version INTEGER NOT NULL,
    computed_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    contact_ms INTEGER NOT NULL,
    percent_tenths INTEGER NOT NULL,
    credit_quarters INTEGER NOT NULL,
    waited INTEGER NOT NULL CHECK (waited IN (0, 1)),
    presence_ms INTEGER NOT NULL, -- from here: the mentor's
    first_ms INTEGER,
    last_ms INTEGER,
    late_ms INTEGER NOT NULL,
    early_ms INTEGER NOT NULL,
    overrun_ms INTEGER NOT NULL,
    gaps INTEGER NOT NULL,
    gaps_ms INTEGER NOT NULL,
    gap_causes INTEGER NOT NULL, -- bit 1 << leave cause
    UNIQUE (lesson, run)
) STRICT;

CREATE TABLE attendance_child (
    id INTEGER PRIMARY KEY,
    attendance INTEGER NOT NULL REFERENCES attendance (id),
    child INTEGER NOT NULL REFERENCES child (id),
    outcome TEXT NOT NULL,
    auto_code TEXT NOT NULL CHECK (length(auto_code) = 1),
    contact_ms INTEGER NOT NULL,
    first_contact_ms INTEGER,
    last_contact_ms INTEGER,
    percent_tenths INTEGER NOT NULL,
    presence_ms INTEGER NOT NULL,
    first_ms INTEGER,
    last_ms INTEGER,
    late_ms INTEGER NOT NULL,
    early_ms INTEGER NOT NULL,
    overrun_ms INTEGER NOT NULL,
    gaps INTEGER NOT NULL,
    gaps_ms INTEGER NOT NULL,
    gap_causes INTEGER NOT NULL,
    uncertain_ms INTEGER NOT NULL,
    screen_ms INTEGER NOT NULL,
    UNIQUE (attendance, child)
) STRICT;

-- A human code, with who, why and on which paper. The newest of a lesson and child counts.
CREATE TABLE amendment (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    child INTEGER NOT NULL REFERENCES child (id),
    attendance_child INTEGER NOT NULL REFERENCES attendance_child (id),
    old_code TEXT NOT NULL,
    new_code TEXT NOT NULL CHECK (new_code IN ('I', 'M', 'C', 'U', 'X', 'H')),
    reason TEXT NOT NULL CHECK (length(reason) >= 1),
    document_no TEXT NOT NULL DEFAULT '',
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    title TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX amendment_lesson ON amendment (lesson, child);

CREATE TABLE lesson_note (
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    child INTEGER NOT NULL REFERENCES child (id),
    topic TEXT NOT NULL DEFAULT '',
    homework TEXT NOT NULL DEFAULT '',
    mark TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    rev INTEGER NOT NULL DEFAULT 1,
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    PRIMARY KEY (lesson, child)
) STRICT, WITHOUT ROWID;

-- What the family says to a line of the log. The newest row of a lesson and child counts.
CREATE TABLE confirmation (
    id INTEGER PRIMARY KEY,
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    child INTEGER NOT NULL REFERENCES child (id),
    guardian INTEGER NOT NULL REFERENCES "user" (id),
    result TEXT NOT NULL CHECK (result IN ('confirmed', 'disputed')),
    text TEXT NOT NULL DEFAULT '',
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX confirmation_lesson ON confirmation (lesson, child);

-- What a mentor writes into the month report; its figures come from the register.
CREATE TABLE month_report (
    id INTEGER PRIMARY KEY,
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    child INTEGER NOT NULL REFERENCES child (id),
    school INTEGER NOT NULL REFERENCES org (id),
    month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
    version INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'returned', 'accepted')),
    empty_reason TEXT NOT NULL DEFAULT '',
    progress TEXT NOT NULL DEFAULT '',
    difficulties TEXT NOT NULL DEFAULT '',
    next_month TEXT NOT NULL DEFAULT '',
    body_sha256 BLOB,
    rev INTEGER NOT NULL DEFAULT 1,
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    UNIQUE (mentor, child, school, month, version)
) STRICT;

-- An answer already given to a request with this key, so that a repeated click does nothing twice.
CREATE TABLE idempotency (
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

-- Who did what. hash = sha-256 over prev_hash and the row (server/store/audit.h).
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    actor INTEGER NOT NULL, -- user id; 0: the program itself
    action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 40),
    entity TEXT NOT NULL CHECK (length(entity) BETWEEN 1 AND 24),
    entity_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;

-- The chain over the rows that make attendance: each entry holds the digest of one row as it was
-- when it became final (server/store/chain.h).
CREATE TABLE register (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN
        ('session', 'join_attempt', 'outage', 'attendance', 'attendance_child', 'amendment', 'confirmation')),
    row_id INTEGER NOT NULL,
    row_hash BLOB NOT NULL CHECK (length(row_hash) = 32),
    prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    UNIQUE (kind, row_id)
) STRICT;

CREATE TRIGGER join_attempt_no_update BEFORE UPDATE ON join_attempt
BEGIN
    SELECT RAISE(ABORT, 'join_attempt_no_update');
END;
CREATE TRIGGER join_attempt_no_delete BEFORE DELETE ON join_attempt
BEGIN
    SELECT RAISE(ABORT, 'join_attempt_no_delete');
END;

CREATE TRIGGER outage_no_update BEFORE UPDATE ON outage
BEGIN
    SELECT RAISE(ABORT, 'outage_no_update');
END;
CREATE TRIGGER outage_no_delete BEFORE DELETE ON outage
BEGIN
    SELECT RAISE(ABORT, 'outage_no_delete');
END;

CREATE TRIGGER attendance_no_update BEFORE UPDATE ON attendance
BEGIN
    SELECT RAISE(ABORT, 'attendance_no_update');
END;
CREATE TRIGGER attendance_no_delete BEFORE DELETE ON attendance
BEGIN
    SELECT RAISE(ABORT, 'attendance_no_delete');
END;

CREATE TRIGGER attendance_child_no_update BEFORE UPDATE ON attendance_child
BEGIN
    SELECT RAISE(ABORT, 'attendance_child_no_update');
END;
CREATE TRIGGER attendance_child_no_delete BEFORE DELETE ON attendance_child
BEGIN
    SELECT RAISE(ABORT, 'attendance_child_no_delete');
END;

CREATE TRIGGER amendment_no_update BEFORE UPDATE ON amendment
BEGIN
    SELECT RAISE(ABORT, 'amendment_no_update');
END;
CREATE TRIGGER amendment_no_delete BEFORE DELETE ON amendment
BEGIN
    SELECT RAISE(ABORT, 'amendment_no_delete');
END;

CREATE TRIGGER confirmation_no_update BEFORE UPDATE ON confirmation
BEGIN
    SELECT RAISE(ABORT, 'confirmation_no_update');
END;
CREATE TRIGGER confirmation_no_delete BEFORE DELETE ON confirmation
BEGIN
    SELECT RAISE(ABORT, 'confirmation_no_delete');
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit_no_update');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit_no_delete');
END;

CREATE TRIGGER register_no_update BEFORE UPDATE ON register
BEGIN
    SELECT RAISE(ABORT, 'register_no_update');
END;
CREATE TRIGGER register_no_delete BEFORE DELETE ON register
BEGIN
    SELECT RAISE(ABORT, 'register_no_delete');
END;

CREATE TRIGGER chat_line_no_update BEFORE UPDATE ON chat_line
BEGIN
    SELECT RAISE(ABORT, 'chat_line_no_update');
END;

CREATE TRIGGER room_event_no_update BEFORE UPDATE ON room_event
BEGIN
    SELECT RAISE(ABORT, 'room_event_no_update');
END;
