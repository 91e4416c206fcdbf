-- SPDX-License-Identifier: Apache-2.0
--
-- Events of a centre (DOMAIN 70): seminars, joint meetings, conferences, with agenda, invitations,
-- attendance and minutes. A lesson's room has no part in it: an event says its place or address.

-- change: how often its time or place was changed or it was called off, the number of a letter and of
-- a calendar entry. reason: of the last such change.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    kind TEXT NOT NULL CHECK (kind IN ('seminar', 'joint_meeting', 'conference')),
    title TEXT NOT NULL CHECK (length(CAST(title AS BLOB)) BETWEEN 1 AND 240),
    about TEXT NOT NULL DEFAULT '' CHECK (length(CAST(about AS BLOB)) <= 2000),
    place TEXT NOT NULL CHECK (length(CAST(place AS BLOB)) BETWEEN 1 AND 240),
    tz TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL CHECK (end_ms > start_ms),
    answer_by_ms INTEGER NOT NULL CHECK (answer_by_ms <= start_ms),
    chair INTEGER NOT NULL REFERENCES "user" (id),
    secretary INTEGER NOT NULL REFERENCES "user" (id) CHECK (secretary <> chair),
    cancelled_ms INTEGER,
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400),
    minutes TEXT NOT NULL DEFAULT 'draft' CHECK (minutes IN ('draft', 'frozen', 'signed')),
    minutes_text TEXT NOT NULL DEFAULT '' CHECK (length(CAST(minutes_text AS BLOB)) <= 16000),
    frozen_ms INTEGER CHECK ((frozen_ms IS NULL) = (minutes = 'draft')),
    frozen_by INTEGER REFERENCES "user" (id) CHECK ((frozen_by IS NULL) = (frozen_ms IS NULL)),
    quorum_needed INTEGER CHECK (quorum_needed >= 0), -- as it was when the minutes were closed; NULL: none asked
    rev INTEGER NOT NULL DEFAULT 1,
    change INTEGER NOT NULL DEFAULT 0 CHECK (change >= 0),
    changed_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK (cancelled_ms IS NULL OR minutes = 'draft')
) STRICT;
CREATE INDEX event_centre ON event (centre, start_ms);
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'event_no_delete');
END;
-- What was closed stays closed, and as it was.
CREATE TRIGGER event_frozen BEFORE UPDATE OF kind, title, about, place, tz, start_ms, end_ms, answer_by_ms, chair, secretary,
    cancelled_ms, reason, minutes_text, frozen_ms, frozen_by, quorum_needed ON event
WHEN OLD.minutes <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
CREATE TRIGGER event_minutes_onward BEFORE UPDATE OF minutes ON event
WHEN (OLD.minutes = 'signed' AND NEW.minutes <> 'signed') OR (OLD.minutes = 'frozen' AND NEW.minutes = 'draft')
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;

-- speaker: somebody of the centre; speaker_name: somebody else.
CREATE TABLE event_item (
    event INTEGER NOT NULL REFERENCES event (id),
    no INTEGER NOT NULL CHECK (no >= 1),
    title TEXT NOT NULL CHECK (length(CAST(title AS BLOB)) BETWEEN 1 AND 240),
    speaker INTEGER REFERENCES "user" (id),
    speaker_name TEXT NOT NULL DEFAULT '' CHECK (length(CAST(speaker_name AS BLOB)) <= 160),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    PRIMARY KEY (event, no),
    CHECK (speaker IS NULL OR speaker_name = '')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_item_frozen_in BEFORE INSERT ON event_item
WHEN (SELECT minutes FROM event WHERE id = NEW.event) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
CREATE TRIGGER event_item_frozen_out BEFORE DELETE ON event_item
WHEN (SELECT minutes FROM event WHERE id = OLD.event) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
CREATE TRIGGER event_item_no_update BEFORE UPDATE ON event_item
BEGIN
    SELECT RAISE(ABORT, 'event_item_no_update');
END;

-- child, exception: a child is invited only by an exception with its reason, and comes only by the yes
-- of a guardian with full rights, which is answered_by. answer NULL: not said yet. mark NULL: not said
-- yet; marked_by = user_id: it signed in itself.
CREATE TABLE event_invite (
    event INTEGER NOT NULL REFERENCES event (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    child INTEGER REFERENCES child (id),
    exception TEXT NOT NULL DEFAULT '' CHECK (length(CAST(exception AS BLOB)) <= 400),
    part TEXT NOT NULL CHECK (part IN ('host', 'speaker', 'listener')),
    via TEXT NOT NULL CHECK (via IN ('person', 'role', 'school', 'exception')),
    invited_ms INTEGER NOT NULL,
    invited_by INTEGER NOT NULL REFERENCES "user" (id),
    withdrawn_ms INTEGER,
    answer TEXT CHECK (answer IN ('yes', 'maybe', 'no')),
    note TEXT NOT NULL DEFAULT '' CHECK (length(CAST(note AS BLOB)) <= 400),
    answered_ms INTEGER CHECK ((answered_ms IS NULL) = (answer IS NULL)),
    answered_by INTEGER REFERENCES "user" (id) CHECK ((answered_by IS NULL) = (answer IS NULL)),
    mark TEXT CHECK (mark IN ('present', 'late', 'absent')),
    marked_ms INTEGER CHECK ((marked_ms IS NULL) = (mark IS NULL)),
    marked_by INTEGER REFERENCES "user" (id) CHECK ((marked_by IS NULL) = (mark IS NULL)),
    PRIMARY KEY (event, user_id),
    CHECK ((child IS NULL) = (exception = '')),
    CHECK ((child IS NULL) = (via <> 'exception')),
    CHECK (child IS NULL OR answer IS NULL OR answered_by <> user_id),
    CHECK (child IS NULL OR mark IS NULL OR mark = 'absent' OR answer IS 'yes')
) STRICT, WITHOUT ROWID;
CREATE INDEX event_invite_user ON event_invite (user_id);
CREATE INDEX event_invite_child ON event_invite (child) WHERE child IS NOT NULL;
CREATE TRIGGER event_invite_no_delete BEFORE DELETE ON event_invite
BEGIN
    SELECT RAISE(ABORT, 'event_invite_no_delete');
END;
CREATE TRIGGER event_invite_frozen BEFORE UPDATE ON event_invite
WHEN (SELECT minutes FROM event WHERE id = OLD.event) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
CREATE TRIGGER event_invite_frozen_in BEFORE INSERT ON event_invite
WHEN (SELECT minutes FROM event WHERE id = NEW.event) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
-- A child has no other way in, whoever writes.
CREATE TRIGGER event_invite_adults BEFORE INSERT ON event_invite
WHEN NEW.child IS NULL AND EXISTS (SELECT 1 FROM child c WHERE c.user_id = NEW.user_id)
BEGIN
    SELECT RAISE(ABORT, 'event_adults');
END;

-- Who does what till when. due: a day of the event's zone; '' : without one.
CREATE TABLE event_decision (
    event INTEGER NOT NULL REFERENCES event (id),
    no INTEGER NOT NULL CHECK (no >= 1),
    text TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) BETWEEN 1 AND 2000),
    who INTEGER REFERENCES "user" (id),
    who_name TEXT NOT NULL DEFAULT '' CHECK (length(CAST(who_name AS BLOB)) <= 160),
    due TEXT NOT NULL DEFAULT '' CHECK (due = '' OR due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    PRIMARY KEY (event, no),
    CHECK (who IS NULL OR who_name = '')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_decision_frozen_in BEFORE INSERT ON event_decision
WHEN (SELECT minutes FROM event WHERE id = NEW.event) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
CREATE TRIGGER event_decision_frozen_out BEFORE DELETE ON event_decision
WHEN (SELECT minutes FROM event WHERE id = OLD.event) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
CREATE TRIGGER event_decision_no_update BEFORE UPDATE ON event_decision
BEGIN
    SELECT RAISE(ABORT, 'event_decision_no_update');
END;

CREATE TABLE event_signature (
    event INTEGER NOT NULL REFERENCES event (id),
    part TEXT NOT NULL CHECK (part IN ('chair', 'secretary')),
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    signed_ms INTEGER NOT NULL,
    PRIMARY KEY (event, part)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_signature_early BEFORE INSERT ON event_signature
WHEN (SELECT minutes FROM event WHERE id = NEW.event) = 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_not_frozen');
END;
CREATE TRIGGER event_signature_no_update BEFORE UPDATE ON event_signature
BEGIN
    SELECT RAISE(ABORT, 'event_signature_no_update');
END;
CREATE TRIGGER event_signature_no_delete BEFORE DELETE ON event_signature
BEGIN
    SELECT RAISE(ABORT, 'event_signature_no_delete');
END;

-- What is to be said after the minutes were closed. Rows are added, never changed.
CREATE TABLE event_addendum (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES event (id),
    text TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) BETWEEN 1 AND 4000),
    added_ms INTEGER NOT NULL,
    added_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX event_addendum_event ON event_addendum (event);
CREATE TRIGGER event_addendum_early BEFORE INSERT ON event_addendum
WHEN (SELECT minutes FROM event WHERE id = NEW.event) = 'draft'
BEGIN
    SELECT RAISE(ABORT, 'event_not_frozen');
END;
CREATE TRIGGER event_addendum_no_update BEFORE UPDATE ON event_addendum
BEGIN
    SELECT RAISE(ABORT, 'event_addendum_no_update');
END;
CREATE TRIGGER event_addendum_no_delete BEFORE DELETE ON event_addendum
BEGIN
    SELECT RAISE(ABORT, 'event_addendum_no_delete');
END;
