-- Version 1. Forward only: a later version adds a file, this one never changes.

-- The database's own facts: epoch, next_position, trimmed_to.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('next_position', 1), ('trimmed_to', 0);

-- A task's row as the rules know it is `row` (JSON); the columns beside it are what queries look at.
CREATE TABLE tasks (
    seq         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    queue       TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    state       INTEGER NOT NULL,
    only_worker TEXT    NOT NULL,
    priority    INTEGER NOT NULL,
    ready_at    INTEGER NOT NULL,
    due_at      INTEGER,
    parent      TEXT,
    row         TEXT    NOT NULL
);

-- States: 0 scheduled, 1 queued, 2 running, 3 retrying, 4 succeeded, 5 failed, 6 cancelled.
-- The next task of a kind for anybody ('') or for one worker, best first.
CREATE INDEX tasks_ready ON tasks (queue, kind, only_worker, priority DESC, ready_at)
    WHERE state = 1;
-- What time makes happen: running tasks by the steady clock, waiting ones by the calendar's.
CREATE INDEX tasks_due_running ON tasks (due_at) WHERE state = 2;
CREATE INDEX tasks_due_waiting ON tasks (due_at) WHERE state IN (0, 3);
CREATE INDEX tasks_by_state ON tasks (state, seq);
CREATE INDEX tasks_by_parent ON tasks (parent, seq) WHERE parent IS NOT NULL;

-- Input, output, error, checkpoint: `place` is the task's seq * 4 + slot.
CREATE TABLE bodies (
    place INTEGER PRIMARY KEY,
    body  TEXT NOT NULL
);

-- The log. `json` is the event as watchers read it; `after` and `before` are what filters look at.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    task_seq INTEGER NOT NULL,
    task_id  TEXT    NOT NULL,
    type     TEXT    NOT NULL,
    after    TEXT    NOT NULL,
    before   TEXT,
    json     TEXT    NOT NULL
);

CREATE INDEX events_by_task ON events (task_seq, position);
CREATE INDEX events_logs ON events (task_seq, position) WHERE type = 'task.log';

CREATE TABLE keys (
    scope        TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    request_hash TEXT    NOT NULL,
    tasks        TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    expires_at   INTEGER,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;

CREATE INDEX keys_by_end ON keys (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE counts (
    queue TEXT    NOT NULL,
    kind  TEXT    NOT NULL,
    state INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    PRIMARY KEY (queue, kind, state)
) WITHOUT ROWID;

-- The Quickstart's submitted names, as JSON strings.
CREATE TABLE names (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    name  TEXT NOT NULL
);
