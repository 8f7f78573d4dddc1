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
