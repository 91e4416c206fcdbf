-- SPDX-License-Identifier: Apache-2.0
--
-- Consents with their questions, their papers and one kind more (DOMAIN 35, 4.5).

-- A paper consent as it was signed. What was sent never changes; a correction is another paper.
CREATE TABLE consent_paper (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    type TEXT NOT NULL CHECK (type IN ('pdf', 'png', 'jpeg')),
    name TEXT NOT NULL UNIQUE CHECK (length(name) = 43), -- of its file
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    signed TEXT NOT NULL CHECK (signed GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE TRIGGER consent_paper_no_update BEFORE UPDATE ON consent_paper
BEGIN
    SELECT RAISE(ABORT, 'consent_paper_no_update');
END;
CREATE TRIGGER consent_paper_no_delete BEFORE DELETE ON consent_paper
BEGIN
    SELECT RAISE(ABORT, 'consent_paper_no_delete');
END;

-- kind: lessons (distance lessons at all), group (lessons with other children), recording, sections
-- (name and age go to the provider of a section). given_by: the guardian who agreed. entered_by and
-- paper: the coordinator who entered what the guardian signed on paper. text_version: of the words.
CREATE TABLE consent_with_paper (
    id INTEGER PRIMARY KEY,
    child INTEGER REFERENCES child (id),
    user_id INTEGER REFERENCES "user" (id),
    kind TEXT NOT NULL CHECK (kind IN ('lessons', 'group', 'recording', 'sections')),
    text_version TEXT NOT NULL,
    given_by INTEGER NOT NULL REFERENCES "user" (id),
    given_ms INTEGER NOT NULL,
    expires_ms INTEGER CHECK (expires_ms > given_ms),
    withdrawn_ms INTEGER CHECK (withdrawn_ms >= given_ms),
    withdrawn_by INTEGER REFERENCES "user" (id),
    withdrawn_reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(withdrawn_reason AS BLOB)) <= 400),
    entered_by INTEGER REFERENCES "user" (id),
    paper INTEGER REFERENCES consent_paper (id) CHECK ((paper IS NULL) = (entered_by IS NULL)),
    created_ms INTEGER NOT NULL,
    CHECK ((child IS NULL) <> (user_id IS NULL))
) STRICT;
INSERT INTO consent_with_paper (id, child, user_id, kind, text_version, given_by, given_ms,
    expires_ms, withdrawn_ms, withdrawn_by, created_ms)
SELECT id, child, user_id, kind, text_version, given_by, given_ms,
    expires_ms, withdrawn_ms, withdrawn_by, created_ms FROM consent;
DROP TABLE consent;
ALTER TABLE consent_with_paper RENAME TO consent;
CREATE INDEX consent_child ON consent (child, kind);
-- What was agreed to stays as it was; only its end is written, and a withdrawal once.
CREATE TRIGGER consent_fixed BEFORE UPDATE OF
    child, user_id, kind, text_version, given_by, given_ms, entered_by, paper ON consent
BEGIN
    SELECT RAISE(ABORT, 'consent_fixed');
END;
CREATE TRIGGER consent_withdrawn_once BEFORE UPDATE OF withdrawn_ms, withdrawn_by ON consent
WHEN OLD.withdrawn_ms IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'consent_withdrawn');
END;
CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent
BEGIN
    SELECT RAISE(ABORT, 'consent_no_delete');
END;

-- The centre asks; a no is written here, a yes is a consent.
CREATE TABLE consent_ask (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    kind TEXT NOT NULL CHECK (kind IN ('lessons', 'group', 'recording', 'sections')),
    text_version TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    asked_by INTEGER NOT NULL REFERENCES "user" (id),
    refused_ms INTEGER CHECK (refused_ms >= asked_ms),
    refused_by INTEGER REFERENCES "user" (id) CHECK ((refused_ms IS NULL) = (refused_by IS NULL))
) STRICT;
CREATE INDEX consent_ask_child ON consent_ask (child, kind);
CREATE TRIGGER consent_ask_fixed BEFORE UPDATE OF child, kind, text_version, asked_ms, asked_by ON consent_ask
BEGIN
    SELECT RAISE(ABORT, 'consent_fixed');
END;
CREATE TRIGGER consent_ask_no_delete BEFORE DELETE ON consent_ask
BEGIN
    SELECT RAISE(ABORT, 'consent_no_delete');
END;

-- Sections (DOMAIN 42, 44-48). A provider is an org of that type below its centre. A section has
-- groups, a group has places and weekly meetings; wall times are of the section's zone. Of health
-- there is one bit, paper_needed; what the paper says is nowhere.
CREATE TABLE section (
    id INTEGER PRIMARY KEY,
    centre INTEGER NOT NULL REFERENCES org (id),
    provider INTEGER NOT NULL REFERENCES org (id),
    kind TEXT NOT NULL CHECK (kind IN ('sport', 'music', 'dance', 'art', 'science', 'language', 'craft',
        'correspondence', 'vocational', 'other')),
    title TEXT NOT NULL CHECK (length(CAST(title AS BLOB)) BETWEEN 1 AND 160),
    leader TEXT NOT NULL CHECK (length(CAST(leader AS BLOB)) BETWEEN 1 AND 160),
    place TEXT NOT NULL DEFAULT '' CHECK (length(CAST(place AS BLOB)) <= 240),
    online INTEGER NOT NULL CHECK (online IN (0, 1)),
    age_from INTEGER NOT NULL CHECK (age_from BETWEEN 0 AND 30),
    age_to INTEGER NOT NULL CHECK (age_to BETWEEN age_from AND 30),
    paper_needed INTEGER NOT NULL CHECK (paper_needed IN (0, 1)),
    travel_minutes INTEGER NOT NULL DEFAULT 0 CHECK (travel_minutes BETWEEN 0 AND 240),
    tz TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
    rev INTEGER NOT NULL DEFAULT 1,
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX section_centre ON section (centre);

CREATE TABLE section_group (
    id INTEGER PRIMARY KEY,
    section INTEGER NOT NULL REFERENCES section (id),
    name TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 80),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 200)
) STRICT;
CREATE INDEX section_group_section ON section_group (section);

CREATE TABLE section_slot (
    section_group INTEGER NOT NULL REFERENCES section_group (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 10 AND 240),
    PRIMARY KEY (section_group, weekday, from_minute)
) STRICT, WITHOUT ROWID;

-- An occasion to get to know a section, and who came.
CREATE TABLE section_visit (
    id INTEGER PRIMARY KEY,
    section INTEGER NOT NULL REFERENCES section (id),
    kind TEXT NOT NULL CHECK (kind IN ('tour', 'talk', 'trial')),
    start_ms INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 10 AND 240),
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX section_visit_section ON section_visit (section, start_ms);
CREATE TABLE section_visitor (
    visit INTEGER NOT NULL REFERENCES section_visit (id),
    child INTEGER NOT NULL REFERENCES child (id),
    signed_ms INTEGER NOT NULL,
    signed_by INTEGER NOT NULL REFERENCES "user" (id),
    attended INTEGER CHECK (attended IN (0, 1)), -- NULL: not said yet
    recorded_ms INTEGER,
    recorded_by INTEGER REFERENCES "user" (id),
    PRIMARY KEY (visit, child)
) STRICT, WITHOUT ROWID;
CREATE INDEX section_visitor_child ON section_visitor (child);

-- A coordinator has seen the paper that the section asks for.
CREATE TABLE section_paper (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    section INTEGER NOT NULL REFERENCES section (id),
    to_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    seen_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX section_paper_child ON section_paper (child, section);

-- One row from the wish to the end; rows are never deleted. queue_ms: since when in the list.
CREATE TABLE choice (
    id INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES child (id),
    section_group INTEGER NOT NULL REFERENCES section_group (id),
    state TEXT NOT NULL CHECK (state IN ('wished', 'active', 'waiting', 'offered', 'lapsed', 'left')),
    wished_ms INTEGER NOT NULL,
    wished_by INTEGER NOT NULL REFERENCES "user" (id),
    queue_ms INTEGER,
    confirmed_by INTEGER REFERENCES "user" (id),
    offer_to_ms INTEGER CHECK (state <> 'offered' OR offer_to_ms IS NOT NULL),
    ended_ms INTEGER CHECK ((ended_ms IS NULL) = (state NOT IN ('lapsed', 'left'))),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reason AS BLOB)) <= 400),
    CHECK (state IN ('wished', 'left') OR confirmed_by IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX choice_once ON choice (child, section_group) WHERE ended_ms IS NULL;
CREATE INDEX choice_group ON choice (section_group) WHERE ended_ms IS NULL;
CREATE INDEX choice_offer ON choice (offer_to_ms) WHERE state = 'offered';
CREATE TRIGGER choice_no_delete BEFORE DELETE ON choice
BEGIN
    SELECT RAISE(ABORT, 'choice_no_delete');
END;
-- No more places are given than a group has, whoever writes.
CREATE TRIGGER choice_full BEFORE UPDATE OF state ON choice
WHEN NEW.state IN ('active', 'offered') AND OLD.state NOT IN ('active', 'offered')
    AND (SELECT count(*) FROM choice c WHERE c.section_group = NEW.section_group AND c.state IN ('active', 'offered'))
        >= (SELECT capacity FROM section_group g WHERE g.id = NEW.section_group)
BEGIN
    SELECT RAISE(ABORT, 'section_full');
END;

-- R12 after a schedule was published: a lesson stands in the way of a place. Rows end, never go.
CREATE TABLE section_clash (
    id INTEGER PRIMARY KEY,
    choice INTEGER NOT NULL REFERENCES choice (id),
    lesson INTEGER NOT NULL REFERENCES lesson (id),
    rule TEXT NOT NULL,
    found_ms INTEGER NOT NULL,
    gone_ms INTEGER CHECK (gone_ms >= found_ms)
) STRICT;
CREATE UNIQUE INDEX section_clash_once ON section_clash (choice, lesson, rule) WHERE gone_ms IS NULL;
