-- SPDX-License-Identifier: Apache-2.0
--
-- Texts of marks, causes and invitations may hold a name too: while one item is emptied (0020) they are
-- rewritten, and nothing else of their rows.
DROP TRIGGER mark_change_no_update;
CREATE TRIGGER mark_change_no_update BEFORE UPDATE ON mark_change
WHEN NOT EXISTS (SELECT 1 FROM retention_work)
    OR NEW.lesson <> OLD.lesson OR NEW.child <> OLD.child OR NEW.old_mark <> OLD.old_mark
    OR NEW.new_mark <> OLD.new_mark OR NEW.at_ms <> OLD.at_ms OR NEW.by_user <> OLD.by_user
BEGIN
    SELECT RAISE(ABORT, 'mark_change_no_update');
END;
DROP TRIGGER sheet_mark_update;
CREATE TRIGGER sheet_mark_update BEFORE UPDATE ON sheet_mark
WHEN NOT EXISTS (SELECT 1 FROM retention_work) OR NEW.sheet <> OLD.sheet
    OR NEW.subject <> OLD.subject OR NEW.mark <> OLD.mark
BEGIN
    SELECT RAISE(ABORT, 'sheet_mark_no_update');
END;
DROP TRIGGER noshow_cause_no_update;
CREATE TRIGGER noshow_cause_no_update BEFORE UPDATE ON noshow_cause
WHEN NOT EXISTS (SELECT 1 FROM retention_work) OR NEW.lesson <> OLD.lesson
    OR NEW.child <> OLD.child OR NEW.code <> OLD.code
BEGIN
    SELECT RAISE(ABORT, 'noshow_cause_no_update');
END;
DROP TRIGGER event_invite_frozen;
CREATE TRIGGER event_invite_frozen BEFORE UPDATE ON event_invite
WHEN (SELECT minutes FROM event WHERE id = OLD.event) <> 'draft'
    AND (NOT EXISTS (SELECT 1 FROM retention_work) OR NEW.event <> OLD.event
        OR NEW.user_id <> OLD.user_id OR NEW.mark IS NOT OLD.mark OR NEW.answer IS NOT OLD.answer)
BEGIN
    SELECT RAISE(ABORT, 'event_frozen');
END;
