-- Version 4: families, unique keys, retention, dependencies and webhooks.
--
-- A task's state may now be 8 too: running, but a group that no worker has.

-- When a parent's counters are to be told (steady clock), and whether something of it is still to reach
-- its children.
ALTER TABLE tasks ADD COLUMN tell_at INTEGER;
ALTER TABLE tasks ADD COLUMN spreading INTEGER;

CREATE INDEX tasks_untold ON tasks (tell_at) WHERE tell_at IS NOT NULL;
CREATE INDEX tasks_spreading ON tasks (seq) WHERE spreading IS NOT NULL;
-- Whom a parent's cancel reaches, and whom a group's new round.
CREATE INDEX tasks_open_children ON tasks (parent, seq)
    WHERE parent IS NOT NULL AND (state < 4 OR state > 6);
CREATE INDEX tasks_ended_children ON tasks (parent, seq)
    WHERE parent IS NOT NULL AND state IN (5, 6);

-- Groups have deadlines too.
DROP INDEX tasks_by_deadline;
CREATE INDEX tasks_by_deadline ON tasks (deadline_at)
    WHERE deadline_at IS NOT NULL AND (state < 4 OR state > 6);

-- Retention: what is done by where in the log it ended, which queues keep not everything, what is
-- remembered of tasks that were deleted, and how far the events of each queue were trimmed (`meta` has
-- the furthest of all as trimmed_to).
ALTER TABLE tasks ADD COLUMN ended INTEGER;
UPDATE tasks SET ended = json_extract(row, '$.cursor') WHERE state BETWEEN 4 AND 6;
CREATE INDEX tasks_ended ON tasks (queue, ended) WHERE ended IS NOT NULL;

ALTER TABLE queues ADD COLUMN retaining INTEGER NOT NULL DEFAULT 0;
CREATE INDEX queues_retaining ON queues (name) WHERE retaining = 1;

-- `position` is that of the task.deleted event.
CREATE TABLE tombstones (
    position   INTEGER PRIMARY KEY,
    task_seq   INTEGER NOT NULL,
    task_id    TEXT    NOT NULL,
    queue      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    trimmed_to INTEGER NOT NULL
);

CREATE INDEX tombstones_by_id ON tombstones (task_id, position);
CREATE INDEX tombstones_by_time ON tombstones (at);

INSERT INTO tombstones (position, task_seq, task_id, queue, at, trimmed_to)
    SELECT position, task_seq, task_id, json_extract(after, '$.q'),
           coalesce(CAST(strftime('%s', json_extract(json, '$.at')) AS INTEGER), 0) * 1000, 0
    FROM events WHERE type = 'task.deleted';

CREATE TABLE trimmed (
    queue    TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) WITHOUT ROWID;

-- Dependencies: who waits for whom. `since` is the position of the event with which a wait began, so it is
-- one task's alone; the others are values of `seq`.
CREATE TABLE waits (
    dependency INTEGER NOT NULL,
    since INTEGER NOT NULL,
    dependent INTEGER NOT NULL,
    PRIMARY KEY (dependency, since)
) WITHOUT ROWID;
-- Ends of tasks that are still to reach those who wait for them; `at` is the end's position.
CREATE TABLE releases (
    at INTEGER PRIMARY KEY,
    dependency INTEGER NOT NULL,
    id TEXT NOT NULL,
    state INTEGER NOT NULL
);

-- Webhooks: `row` is the webhook as the rules know it (JSON), with the secrets that sign.
CREATE TABLE webhooks (
    id  TEXT PRIMARY KEY,
    row TEXT NOT NULL
) WITHOUT ROWID;

-- The type of the error a task ended with, to be filtered by: also in its row, and (as `e`) in what
-- filters know of it from the event that ended it. A row older files hold may have no error that reads.
ALTER TABLE tasks ADD COLUMN error_type TEXT;
UPDATE tasks SET error_type = (
    SELECT json_extract(body, '$.type') FROM bodies
    WHERE place = tasks.seq * 4 + 2 AND json_valid(body)
) WHERE state IN (5, 6);
UPDATE tasks SET row = json_set(row, '$.error_type', error_type) WHERE error_type IS NOT NULL;
UPDATE events SET after = json_set(after, '$.e', json_extract(json, '$.task.error.type'))
    WHERE type IN ('task.failed', 'task.cancelled') AND json_extract(json, '$.task.error.type') IS NOT NULL;
CREATE INDEX tasks_by_error ON tasks (error_type, seq) WHERE error_type IS NOT NULL;

-- The schedule that submitted a task: its runs are a list of their own. It never changes.
ALTER TABLE tasks ADD COLUMN schedule TEXT;
UPDATE tasks SET schedule = json_extract(row, '$.schedule_id')
    WHERE json_extract(row, '$.schedule_id') IS NOT NULL;
CREATE INDEX tasks_by_schedule ON tasks (schedule, seq) WHERE schedule IS NOT NULL;
