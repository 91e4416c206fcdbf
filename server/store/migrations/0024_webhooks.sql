-- SPDX-License-Identifier: Apache-2.0
--
-- Other programs that a centre has told of what happens. The secret that signs is sealed; sealed_old
-- signs beside it until old_until_ms.
CREATE TABLE webhook (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    centre INTEGER NOT NULL REFERENCES org (id),
    rev INTEGER NOT NULL DEFAULT 1,
    url TEXT NOT NULL CHECK (length(CAST(url AS BLOB)) BETWEEN 9 AND 500),
    state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'off', 'removed')),
    sealed BLOB CHECK (length(sealed) >= 33),
    sealed_old BLOB CHECK (length(sealed_old) >= 33),
    old_until_ms INTEGER,
    fails INTEGER NOT NULL DEFAULT 0 CHECK (fails >= 0), -- in a row
    failing_ms INTEGER,                                  -- the first of them
    rest_ms INTEGER NOT NULL DEFAULT 0,                  -- nothing is tried before
    created_ms INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES "user" (id),
    CHECK ((sealed_old IS NULL) = (old_until_ms IS NULL)),
    CHECK ((fails = 0) = (failing_ms IS NULL)),
    CHECK (state <> 'removed' OR sealed IS NULL)
) STRICT;
CREATE INDEX webhook_centre ON webhook (centre, id);

CREATE TABLE webhook_kind (
    webhook INTEGER NOT NULL REFERENCES webhook (id),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 24),
    PRIMARY KEY (webhook, kind)
) STRICT;

-- One message to one receiver, written in the transaction of what it tells of. The number is the
-- message's for ever, at every try: it is never handed out again.
CREATE TABLE webhook_delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook INTEGER NOT NULL REFERENCES webhook (id),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 24),
    body TEXT NOT NULL CHECK (length(CAST(body AS BLOB)) BETWEEN 2 AND 240),
    created_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_ms INTEGER NOT NULL,
    tried_ms INTEGER,                 -- the last try
    took_ms INTEGER NOT NULL DEFAULT 0,
    code INTEGER NOT NULL DEFAULT 0,  -- HTTP, 0: no answer
    why TEXT NOT NULL DEFAULT '' CHECK (length(why) <= 24),
    done_ms INTEGER,
    CHECK ((state IN ('sent', 'failed')) = (done_ms IS NOT NULL))
) STRICT;
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, next_ms, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_of ON webhook_delivery (webhook, id);
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_ms);
