-- Version 2: queues with settings, concurrency keys, deadlines, retention, schedules.
--
-- A task's state may now be 7 too: queued, but parked behind its concurrency key.

ALTER TABLE tasks ADD COLUMN concurrency_key TEXT;
ALTER TABLE tasks ADD COLUMN deadline_at INTEGER;

-- Who holds a place of a key, and who waits for one, best first.
CREATE INDEX tasks_taken ON tasks (queue, concurrency_key)
    WHERE concurrency_key IS NOT NULL AND state IN (1, 2);
CREATE INDEX tasks_parked ON tasks (queue, concurrency_key, priority DESC, ready_at)
    WHERE state = 7;
CREATE INDEX tasks_by_deadline ON tasks (deadline_at)
    WHERE deadline_at IS NOT NULL AND state IN (0, 1, 2, 3, 7);
-- When what is done may go.
CREATE INDEX tasks_due_done ON tasks (due_at) WHERE due_at IS NOT NULL AND state IN (4, 5, 6);

-- Queues somebody has set something for. `unparking` says that keys are to be looked at.
CREATE TABLE queues (
    name      TEXT PRIMARY KEY,
    unparking INTEGER NOT NULL,
    row       TEXT    NOT NULL
) WITHOUT ROWID;

CREATE TABLE schedules (
    id          TEXT PRIMARY KEY,
    next_run_at INTEGER,
    row         TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX schedules_due ON schedules (next_run_at) WHERE next_run_at IS NOT NULL;
