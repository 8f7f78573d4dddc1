-- Version 3.

-- Kinds --------------------------------------------------------------------------------------------

-- What somebody has said of kinds of tasks: `row` is the kind as the rules know it (JSON).
CREATE TABLE kinds (
    name TEXT PRIMARY KEY,
    row  TEXT NOT NULL
);
