-- Version 3: kinds, and the same indexes, cheaper to keep.

-- What somebody has said of kinds of tasks: `row` is the kind as the rules know it (JSON).
CREATE TABLE kinds (
    name TEXT PRIMARY KEY,
    row  TEXT NOT NULL
);

-- A list of three or more is looked up in a table that SQLite makes anew for every row it writes; a
-- range is compared.
DROP INDEX tasks_by_deadline;
CREATE INDEX tasks_by_deadline ON tasks (deadline_at)
    WHERE deadline_at IS NOT NULL AND (state < 4 OR state = 7);

DROP INDEX tasks_due_done;
CREATE INDEX tasks_due_done ON tasks (due_at)
    WHERE due_at IS NOT NULL AND state BETWEEN 4 AND 6;
