-- SPDX-License-Identifier: Apache-2.0
--
-- The refusals that count for J8, so that a flood of tries does not make each further one slower.

DROP INDEX join_attempt_user;
CREATE INDEX join_attempt_counted ON join_attempt (user_id, at_ms)
    WHERE result NOT IN ('back_off', 'seat_taken', 'unavailable');
CREATE INDEX join_attempt_time ON join_attempt (at_ms);
