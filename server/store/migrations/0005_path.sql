-- SPDX-License-Identifier: Apache-2.0
--
-- Path tests: how a person's way to the server and devices were, days before a lesson. No address,
-- no name of a device. The verdict is stored as it was told, so that a changed rule rewrites nothing.

CREATE TABLE path_test (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id),
    at_ms INTEGER NOT NULL,
    udp INTEGER NOT NULL CHECK (udp IN (0, 1)),
    websocket INTEGER NOT NULL CHECK (websocket IN (0, 1)),
    rtt_ms INTEGER CHECK (rtt_ms BETWEEN 0 AND 60000),                     -- NULL: not measured
    loss_permille INTEGER CHECK (loss_permille BETWEEN 0 AND 1000),
    up_kbps INTEGER CHECK (up_kbps BETWEEN 0 AND 1000000),
    down_kbps INTEGER CHECK (down_kbps BETWEEN 0 AND 1000000),
    microphone TEXT NOT NULL CHECK (microphone IN ('unknown', 'present', 'blocked', 'missing')),
    camera TEXT NOT NULL CHECK (camera IN ('unknown', 'present', 'blocked', 'missing')),
    loudspeaker TEXT NOT NULL CHECK (loudspeaker IN ('unknown', 'present', 'blocked', 'missing')),
    verdict TEXT NOT NULL CHECK (verdict IN ('good', 'voice_sure', 'voice_only', 'call_us')),
    cause TEXT NOT NULL CHECK (cause IN
        ('none', 'way', 'microphone', 'loudspeaker', 'rate_up', 'rate_down', 'loss', 'delay')),
    CHECK ((verdict = 'good') = (cause = 'none')),
    CHECK (udp <= websocket)
) STRICT;
CREATE INDEX path_test_user ON path_test (user_id, at_ms);
CREATE INDEX path_test_time ON path_test (at_ms);
