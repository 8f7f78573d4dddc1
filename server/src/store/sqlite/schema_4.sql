-- Version 4: families and unique keys.
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

-- Webhooks: `row` is the webhook as the rules know it (JSON), with the secrets that sign.
CREATE TABLE webhooks (
    id  TEXT PRIMARY KEY,
    row TEXT NOT NULL
) WITHOUT ROWID;
