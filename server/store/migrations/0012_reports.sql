-- SPDX-License-Identifier: Apache-2.0
--
-- From a month report to the school (DOMAIN 4.5, section 8, items 32 and 34). A document is named by
-- doc and doc_id: a row of month_report, one per version (doc 'sheet' is kept for mark sheets, which
-- go the same way). Accepted, its bytes are frozen; what is delivered are those bytes, and a
-- correction is a new version.

-- An accepted version is over: no word of it changes, and no version is taken away.
CREATE TRIGGER month_report_accepted BEFORE UPDATE ON month_report
WHEN OLD.state = 'accepted'
BEGIN
    SELECT RAISE(ABORT, 'report_accepted');
END;
CREATE TRIGGER month_report_no_delete BEFORE DELETE ON month_report
BEGIN
    SELECT RAISE(ABORT, 'report_no_delete');
END;

-- Who moved a document, when, with which word. A register.
CREATE TABLE report_step (
    id INTEGER PRIMARY KEY,
    doc TEXT NOT NULL CHECK (doc IN ('report', 'sheet')),
    doc_id INTEGER NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('submitted', 'returned', 'accepted', 'corrected')),
    note TEXT NOT NULL DEFAULT '' CHECK (length(CAST(note AS BLOB)) <= 4000),
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX report_step_doc ON report_step (doc, doc_id);
CREATE TRIGGER report_step_no_update BEFORE UPDATE ON report_step
BEGIN
    SELECT RAISE(ABORT, 'report_step_no_update');
END;
CREATE TRIGGER report_step_no_delete BEFORE DELETE ON report_step
BEGIN
    SELECT RAISE(ABORT, 'report_step_no_delete');
END;

-- The bytes of an accepted version, by format, each with its SHA-256. Never changed.
CREATE TABLE frozen_body (
    doc TEXT NOT NULL CHECK (doc IN ('report', 'sheet')),
    doc_id INTEGER NOT NULL,
    format TEXT NOT NULL CHECK (format IN ('json', 'pdf', 'csv', 'xlsx')),
    locale TEXT NOT NULL CHECK (length(locale) BETWEEN 2 AND 8),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes BLOB NOT NULL CHECK (length(bytes) > 0),
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (doc, doc_id, format)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER frozen_body_no_update BEFORE UPDATE ON frozen_body
BEGIN
    SELECT RAISE(ABORT, 'frozen_body_no_update');
END;
CREATE TRIGGER frozen_body_no_delete BEFORE DELETE ON frozen_body
BEGIN
    SELECT RAISE(ABORT, 'frozen_body_no_delete');
END;

-- The copy for the school of registration. sent_ms NULL: nobody of the school can take it yet.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    doc TEXT NOT NULL CHECK (doc IN ('report', 'sheet')),
    doc_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    to_org INTEGER NOT NULL REFERENCES org (id),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32), -- of the PDF
    queued_ms INTEGER NOT NULL,
    sent_ms INTEGER CHECK (sent_ms >= queued_ms),
    opened_ms INTEGER CHECK (opened_ms >= sent_ms),
    opened_by INTEGER REFERENCES "user" (id),
    ack_ms INTEGER CHECK (ack_ms >= sent_ms),
    ack_by INTEGER REFERENCES "user" (id),
    CHECK ((opened_ms IS NULL) = (opened_by IS NULL)),
    CHECK ((ack_ms IS NULL) = (ack_by IS NULL)),
    UNIQUE (doc, doc_id, to_org)
) STRICT;
CREATE INDEX delivery_open ON delivery (to_org, ack_ms);
CREATE INDEX delivery_waiting ON delivery (queued_ms) WHERE sent_ms IS NULL;
-- What happened once is not undone or dated anew.
CREATE TRIGGER delivery_fixed BEFORE UPDATE ON delivery
WHEN NEW.doc <> OLD.doc OR NEW.doc_id <> OLD.doc_id OR NEW.version <> OLD.version OR NEW.to_org <> OLD.to_org
    OR NEW.sha256 <> OLD.sha256 OR NEW.queued_ms <> OLD.queued_ms
    OR (OLD.sent_ms IS NOT NULL AND NEW.sent_ms IS NOT OLD.sent_ms)
    OR (OLD.opened_ms IS NOT NULL AND NEW.opened_ms IS NOT OLD.opened_ms)
    OR (OLD.ack_ms IS NOT NULL AND NEW.ack_ms IS NOT OLD.ack_ms)
BEGIN
    SELECT RAISE(ABORT, 'delivery_fixed');
END;
CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery
BEGIN
    SELECT RAISE(ABORT, 'delivery_no_delete');
END;

-- How the child is, from the mentor to the coordinator alone (item 22): never part of a report.
CREATE TABLE wellbeing_note (
    mentor INTEGER NOT NULL REFERENCES mentor (id),
    child INTEGER NOT NULL REFERENCES child (id),
    month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
    text TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) <= 16000),
    rev INTEGER NOT NULL DEFAULT 1,
    at_ms INTEGER NOT NULL,
    by_user INTEGER NOT NULL REFERENCES "user" (id),
    PRIMARY KEY (mentor, child, month)
) STRICT, WITHOUT ROWID;
