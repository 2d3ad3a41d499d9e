-- Jobs, their events, and whose turn it is. All writes run in BEGIN IMMEDIATE, by one connection per process.

-- One row per tenant. Counters are kept with every change of a job, so that limits and turns need no counting.
CREATE TABLE tenant_queue (
    tenant  TEXT NOT NULL PRIMARY KEY,
    queued  INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
    running INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0),
    -- How many turns the tenant has had; one that was idle starts again at the clock.
    turn    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tenant_turn ON tenant_queue (turn, tenant) WHERE queued > 0;

-- The turn of the tenant that was served last.
CREATE TABLE turn_clock (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    turn INTEGER NOT NULL
) STRICT;
INSERT INTO turn_clock VALUES (1, 0);

-- The document is the job; the other columns are copies for queries. Times are milliseconds since 1970.
CREATE TABLE job (
    id          TEXT NOT NULL PRIMARY KEY,
    tenant      TEXT NOT NULL REFERENCES tenant_queue,
    type        TEXT NOT NULL,
    format      TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('queued', 'processing', 'completed', 'failed')),
    created_at  INTEGER NOT NULL,
    not_before  INTEGER,
    fence       INTEGER NOT NULL CHECK (fence >= 0),
    worker      TEXT,
    lease_boot  TEXT,
    lease_until INTEGER,
    ended_at    INTEGER,
    duration    INTEGER,
    doc         TEXT NOT NULL,
    CHECK ((status = 'queued') = (not_before IS NOT NULL)),
    CHECK ((status = 'processing') = (worker IS NOT NULL)),
    CHECK ((status = 'processing') = (lease_boot IS NOT NULL)),
    CHECK ((status = 'processing') = (lease_until IS NOT NULL)),
    CHECK ((status IN ('completed', 'failed')) = (ended_at IS NOT NULL)),
    CHECK ((status = 'completed') = (duration IS NOT NULL)),
    -- IS, because a CHECK that comes to NULL has passed.
    CHECK (doc ->> '$.id' IS id AND doc ->> '$.tenant' IS tenant),
    CHECK (doc ->> '$.state.state' IS status AND doc ->> '$.fence' IS fence)
) STRICT;
CREATE INDEX job_ready ON job (tenant, created_at, id) WHERE status = 'queued';
CREATE INDEX job_leased ON job (lease_until) WHERE status = 'processing';
CREATE INDEX job_of_tenant ON job (tenant, id);
CREATE INDEX job_durations ON job (type, format, ended_at) WHERE status = 'completed';

-- A failed job may be retried; a completed one is final. A fence never goes back.
CREATE TRIGGER job_completed_is_final BEFORE UPDATE ON job WHEN OLD.status = 'completed'
BEGIN
    SELECT RAISE(ABORT, 'a completed job does not change');
END;
CREATE TRIGGER job_fence_grows BEFORE UPDATE ON job WHEN NEW.fence < OLD.fence
BEGIN
    SELECT RAISE(ABORT, 'a fence never goes back');
END;

-- What was told. There is one writer at a time, so the order of seq is the order of commits; AUTOINCREMENT never
-- gives a number twice, also not after its row was deleted.
CREATE TABLE event (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant    TEXT NOT NULL REFERENCES tenant_queue,
    export_id TEXT NOT NULL REFERENCES job,
    kind      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    body      TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX event_of_tenant ON event (tenant, seq);
CREATE INDEX event_of_export ON event (export_id, seq);
CREATE INDEX event_progress ON event (at) WHERE kind = 'export.progress';

-- Keys of requests, kept until a day after their export has ended.
CREATE TABLE idempotency (
    tenant     TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    BLOB NOT NULL CHECK (length(request) = 32),
    export_id  TEXT NOT NULL REFERENCES job,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
-- An export that ended a day ago was asked for before that, so the sweep looks at old keys only.
CREATE INDEX idempotency_age ON idempotency (created_at);
