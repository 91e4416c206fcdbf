-- SPDX-License-Identifier: Apache-2.0
--
-- Scans of a referral's papers. The file lies beside the database under the random name, sealed as the
-- words are (server/sys/seal.h), bound to its referral and kind. The paper's column file names the
-- scan that counts; one that no paper names any more is taken away with its file by the next sweep.
CREATE TABLE referral_scan (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (kind IN ('basis', 'recommendation')),
    type TEXT NOT NULL CHECK (type IN ('pdf', 'png', 'jpeg')),
    name TEXT NOT NULL UNIQUE CHECK (length(name) = 43), -- of its file
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),    -- of what was sent
    bytes INTEGER NOT NULL CHECK (bytes > 0),            -- of what was sent
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX referral_scan_referral ON referral_scan (referral, kind);

CREATE TRIGGER referral_scan_fixed BEFORE UPDATE ON referral_scan
BEGIN
    SELECT RAISE(ABORT, 'referral_scan_fixed');
END;
-- A scan comes while the referral is the school's to write. (Retention takes it out at any time.)
CREATE TRIGGER medical_basis_scan BEFORE UPDATE OF file ON medical_basis
WHEN NEW.file IS NOT OLD.file AND NEW.file IS NOT NULL
    AND ((SELECT state FROM referral WHERE id = OLD.referral) NOT IN ('draft', 'incomplete')
        OR NOT EXISTS (SELECT 1 FROM referral_scan s WHERE s.id = NEW.file
            AND s.referral = OLD.referral AND s.kind = 'basis'))
BEGIN
    SELECT RAISE(ABORT, 'paper_fixed');
END;
CREATE TRIGGER recommendation_scan BEFORE UPDATE OF file ON recommendation
WHEN NEW.file IS NOT OLD.file AND NEW.file IS NOT NULL
    AND ((SELECT state FROM referral WHERE id = OLD.referral) NOT IN ('draft', 'incomplete')
        OR NOT EXISTS (SELECT 1 FROM referral_scan s WHERE s.id = NEW.file
            AND s.referral = OLD.referral AND s.kind = 'recommendation'))
BEGIN
    SELECT RAISE(ABORT, 'paper_fixed');
END;
