-- What a file of version 3 holds: the dump of versions/2.sql after schema_3.sql.
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE bodies (
    place INTEGER PRIMARY KEY,
    body  TEXT NOT NULL
);
INSERT INTO "bodies" VALUES(4,'{"n":1}');
INSERT INTO "bodies" VALUES(5,'{"ok":true}');
INSERT INTO "bodies" VALUES(19,'[1]');
CREATE TABLE counts (
    queue TEXT    NOT NULL,
    kind  TEXT    NOT NULL,
    state INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    PRIMARY KEY (queue, kind, state)
) WITHOUT ROWID;
INSERT INTO "counts" VALUES('default','done',1,0);
INSERT INTO "counts" VALUES('default','done',2,0);
INSERT INTO "counts" VALUES('default','done',4,1);
INSERT INTO "counts" VALUES('default','later',0,1);
INSERT INTO "counts" VALUES('default','runs',1,0);
INSERT INTO "counts" VALUES('default','runs',2,1);
INSERT INTO "counts" VALUES('default','runs',7,0);
INSERT INTO "counts" VALUES('default','waits',1,1);
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    task_seq INTEGER NOT NULL,
    task_id  TEXT    NOT NULL,
    type     TEXT    NOT NULL,
    after    TEXT    NOT NULL,
    before   TEXT,
    json     TEXT    NOT NULL
);
INSERT INTO "events" VALUES(1,1,'01a20561-dab0-71f0-8097-7c627b883a30','task.queued','{"q":"default","k":"done","s":"queued","l":{"a":"b"}}',NULL,'{"type":"task.queued","task":{"id":"01a20561-dab0-71f0-8097-7c627b883a30","kind":"done","queue":"default","state":"queued","done":false,"labels":{"a":"b"},"priority":0,"attempt":0,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.782Z","updated_at":"2026-11-22T22:30:28.782Z","cursor":"b3095fb6.1","links":{"self":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30","events":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/events","history":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/history","logs":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/logs","attempts":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/attempts","children":"/api/v1/tasks?parent=01a20561-dab0-71f0-8097-7c627b883a30","cancel":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/cancel"}},"cursor":"b3095fb6.1","task_id":"01a20561-dab0-71f0-8097-7c627b883a30","at":"2026-11-22T22:30:28.782Z","attempt":0}');
INSERT INTO "events" VALUES(2,2,'chosen','task.queued','{"q":"default","k":"waits","s":"queued"}',NULL,'{"type":"task.queued","task":{"id":"chosen","kind":"waits","queue":"default","state":"queued","done":false,"labels":{},"priority":5,"attempt":0,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.804Z","updated_at":"2026-11-22T22:30:28.804Z","cursor":"b3095fb6.2","links":{"self":"/api/v1/tasks/chosen","events":"/api/v1/tasks/chosen/events","history":"/api/v1/tasks/chosen/history","logs":"/api/v1/tasks/chosen/logs","attempts":"/api/v1/tasks/chosen/attempts","children":"/api/v1/tasks?parent=chosen","cancel":"/api/v1/tasks/chosen/cancel"}},"cursor":"b3095fb6.2","task_id":"chosen","at":"2026-11-22T22:30:28.804Z","attempt":0}');
INSERT INTO "events" VALUES(3,3,'01a20561-dad4-7625-a3a5-5e2a5e57df7b','task.scheduled','{"q":"default","k":"later","s":"scheduled","p":"chosen"}',NULL,'{"type":"task.scheduled","task":{"id":"01a20561-dad4-7625-a3a5-5e2a5e57df7b","kind":"later","queue":"default","state":"scheduled","done":false,"labels":{},"priority":0,"attempt":0,"max_attempts":3,"cancel_grace_seconds":30,"run_at":"2027-01-01T00:00:00.000Z","created_at":"2026-11-22T22:30:28.820Z","updated_at":"2026-11-22T22:30:28.820Z","parent_id":"chosen","cursor":"b3095fb6.3","links":{"self":"/api/v1/tasks/01a20561-dad4-7625-a3a5-5e2a5e57df7b","events":"/api/v1/tasks/01a20561-dad4-7625-a3a5-5e2a5e57df7b/events","history":"/api/v1/tasks/01a20561-dad4-7625-a3a5-5e2a5e57df7b/history","logs":"/api/v1/tasks/01a20561-dad4-7625-a3a5-5e2a5e57df7b/logs","attempts":"/api/v1/tasks/01a20561-dad4-7625-a3a5-5e2a5e57df7b/attempts","children":"/api/v1/tasks?parent=01a20561-dad4-7625-a3a5-5e2a5e57df7b","parent":"/api/v1/tasks/chosen","cancel":"/api/v1/tasks/01a20561-dad4-7625-a3a5-5e2a5e57df7b/cancel"}},"cursor":"b3095fb6.3","task_id":"01a20561-dad4-7625-a3a5-5e2a5e57df7b","at":"2026-11-22T22:30:28.820Z","attempt":0}');
INSERT INTO "events" VALUES(4,4,'01a20561-dae4-759d-b2fc-3b247d150861','task.queued','{"q":"default","k":"runs","s":"queued"}',NULL,'{"type":"task.queued","task":{"id":"01a20561-dae4-759d-b2fc-3b247d150861","kind":"runs","queue":"default","state":"queued","done":false,"labels":{},"priority":0,"attempt":0,"max_attempts":3,"timeout_seconds":86400,"cancel_grace_seconds":30,"concurrency_key":"c","stages":[{"name":"a","weight":1.0}],"deadline_at":"2027-06-01T00:00:00.000Z","created_at":"2026-11-22T22:30:28.835Z","updated_at":"2026-11-22T22:30:28.835Z","cursor":"b3095fb6.4","links":{"self":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861","events":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/events","history":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/history","logs":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/logs","attempts":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/attempts","children":"/api/v1/tasks?parent=01a20561-dae4-759d-b2fc-3b247d150861","cancel":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/cancel"}},"cursor":"b3095fb6.4","task_id":"01a20561-dae4-759d-b2fc-3b247d150861","at":"2026-11-22T22:30:28.835Z","attempt":0}');
INSERT INTO "events" VALUES(5,1,'01a20561-dab0-71f0-8097-7c627b883a30','task.started','{"q":"default","k":"done","s":"running","l":{"a":"b"}}','{"q":"default","k":"done","s":"queued","l":{"a":"b"}}','{"type":"task.started","task":{"id":"01a20561-dab0-71f0-8097-7c627b883a30","kind":"done","queue":"default","state":"running","done":false,"labels":{"a":"b"},"priority":0,"attempt":1,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.782Z","started_at":"2026-11-22T22:30:28.852Z","updated_at":"2026-11-22T22:30:28.852Z","worker":"w","cursor":"b3095fb6.5","links":{"self":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30","events":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/events","history":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/history","logs":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/logs","attempts":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/attempts","children":"/api/v1/tasks?parent=01a20561-dab0-71f0-8097-7c627b883a30","cancel":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/cancel"}},"cursor":"b3095fb6.5","task_id":"01a20561-dab0-71f0-8097-7c627b883a30","at":"2026-11-22T22:30:28.852Z","attempt":1}');
INSERT INTO "events" VALUES(6,1,'01a20561-dab0-71f0-8097-7c627b883a30','task.log','{"q":"default","k":"done","s":"running","l":{"a":"b"}}',NULL,'{"type":"task.log","lines":[{"at":"2026-11-22T22:30:28.993Z","level":"info","text":"half"}],"cursor":"b3095fb6.6","task_id":"01a20561-dab0-71f0-8097-7c627b883a30","at":"2026-11-22T22:30:28.993Z","attempt":1}');
INSERT INTO "events" VALUES(7,1,'01a20561-dab0-71f0-8097-7c627b883a30','task.progress','{"q":"default","k":"done","s":"running","l":{"a":"b"}}',NULL,'{"type":"task.progress","progress":{"percent":50.0,"updated_at":"2026-11-22T22:30:28.993Z"},"cursor":"b3095fb6.7","task_id":"01a20561-dab0-71f0-8097-7c627b883a30","at":"2026-11-22T22:30:28.993Z","attempt":1}');
INSERT INTO "events" VALUES(8,1,'01a20561-dab0-71f0-8097-7c627b883a30','task.succeeded','{"q":"default","k":"done","s":"succeeded","l":{"a":"b"}}','{"q":"default","k":"done","s":"running","l":{"a":"b"}}','{"type":"task.succeeded","task":{"id":"01a20561-dab0-71f0-8097-7c627b883a30","kind":"done","queue":"default","state":"succeeded","done":true,"labels":{"a":"b"},"priority":0,"progress":{"percent":100.0,"eta_seconds":0.0,"updated_at":"2026-11-22T22:30:28.993Z"},"output":{"ok":true},"attempt":1,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.782Z","started_at":"2026-11-22T22:30:28.852Z","updated_at":"2026-11-22T22:30:29.005Z","finished_at":"2026-11-22T22:30:29.005Z","cursor":"b3095fb6.8","links":{"self":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30","events":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/events","history":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/history","logs":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/logs","attempts":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30/attempts","children":"/api/v1/tasks?parent=01a20561-dab0-71f0-8097-7c627b883a30","delete":"/api/v1/tasks/01a20561-dab0-71f0-8097-7c627b883a30"}},"cursor":"b3095fb6.8","task_id":"01a20561-dab0-71f0-8097-7c627b883a30","at":"2026-11-22T22:30:29.005Z","attempt":1}');
INSERT INTO "events" VALUES(9,4,'01a20561-dae4-759d-b2fc-3b247d150861','task.started','{"q":"default","k":"runs","s":"running"}','{"q":"default","k":"runs","s":"queued"}','{"type":"task.started","task":{"id":"01a20561-dae4-759d-b2fc-3b247d150861","kind":"runs","queue":"default","state":"running","done":false,"labels":{},"priority":0,"attempt":1,"max_attempts":3,"timeout_seconds":86400,"cancel_grace_seconds":30,"concurrency_key":"c","stages":[{"name":"a","weight":1.0}],"deadline_at":"2027-06-01T00:00:00.000Z","created_at":"2026-11-22T22:30:28.835Z","started_at":"2026-11-22T22:30:29.016Z","updated_at":"2026-11-22T22:30:29.016Z","worker":"w","cursor":"b3095fb6.9","links":{"self":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861","events":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/events","history":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/history","logs":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/logs","attempts":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/attempts","children":"/api/v1/tasks?parent=01a20561-dae4-759d-b2fc-3b247d150861","cancel":"/api/v1/tasks/01a20561-dae4-759d-b2fc-3b247d150861/cancel"}},"cursor":"b3095fb6.9","task_id":"01a20561-dae4-759d-b2fc-3b247d150861","at":"2026-11-22T22:30:29.016Z","attempt":1}');
INSERT INTO "events" VALUES(10,4,'01a20561-dae4-759d-b2fc-3b247d150861','task.progress','{"q":"default","k":"runs","s":"running"}',NULL,'{"type":"task.progress","progress":{"percent":25.0,"current":1.0,"total":4.0,"updated_at":"2026-11-22T22:30:29.110Z"},"cursor":"b3095fb6.10","task_id":"01a20561-dae4-759d-b2fc-3b247d150861","at":"2026-11-22T22:30:29.110Z","attempt":1}');
CREATE TABLE keys (
    scope        TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    request_hash TEXT    NOT NULL,
    tasks        TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    expires_at   INTEGER,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;
INSERT INTO "keys" VALUES('lease:w','r1','','["01a20561-dae4-759d-b2fc-3b247d150861"]',1795386629016,1795473029016);
CREATE TABLE kinds (
    name TEXT PRIMARY KEY,
    row  TEXT NOT NULL
);
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('epoch',3003735990);
INSERT INTO "meta" VALUES('next_position',11);
INSERT INTO "meta" VALUES('trimmed_to',0);
CREATE TABLE names (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    name  TEXT NOT NULL
);
CREATE TABLE queues (
    name      TEXT PRIMARY KEY,
    unparking INTEGER NOT NULL,
    row       TEXT    NOT NULL
) WITHOUT ROWID;
INSERT INTO "queues" VALUES('default',0,'{"name":"default","settings":{"paused":false,"max_concurrency_per_key":2,"defaults":{}},"updated_at":"2026-11-22T22:30:29.127Z","bucket":null,"unparking":null}');
CREATE TABLE schedules (
    id          TEXT PRIMARY KEY,
    next_run_at INTEGER,
    row         TEXT NOT NULL
) WITHOUT ROWID;
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
, concurrency_key TEXT, deadline_at INTEGER);
INSERT INTO "tasks" VALUES(1,'01a20561-dab0-71f0-8097-7c627b883a30','default','done',4,'',0,1,NULL,NULL,'{"seq":1,"id":"01a20561-dab0-71f0-8097-7c627b883a30","kind":"done","queue":"default","state":"succeeded","labels":{"a":"b"},"priority":0,"attempt":1,"max_attempts":3,"attempts_per_round":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.782Z","started_at":"2026-11-22T22:30:28.852Z","updated_at":"2026-11-22T22:30:29.005Z","finished_at":"2026-11-22T22:30:29.005Z","progress":{"percent":100.0,"eta_seconds":0.0,"updated_at":"2026-11-22T22:30:28.993Z"},"cursor":8,"ready_at":1,"fence":1,"ended":{"token":"lease_afef79623a583c833530e8f66df60bb7","hash":"7b191aed5f644fe3db5e0f8f6a6544fa"},"queued_at":"2026-11-22T22:30:28.782Z","attempts":[{"number":1,"worker":"w","state":"succeeded","started_at":"2026-11-22T22:30:28.852Z","finished_at":"2026-11-22T22:30:29.005Z"}]}',NULL,NULL);
INSERT INTO "tasks" VALUES(2,'chosen','default','waits',1,'',5,2,NULL,NULL,'{"seq":2,"id":"chosen","kind":"waits","queue":"default","state":"queued","labels":{},"priority":5,"attempt":0,"max_attempts":3,"attempts_per_round":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.804Z","updated_at":"2026-11-22T22:30:28.804Z","cursor":2,"ready_at":2,"fence":0,"request_hash":"86b10d59611e36e5176b057d780df6d746c4c98c16e1d98c3676eca9f835b9e6","queued_at":"2026-11-22T22:30:28.804Z"}',NULL,NULL);
INSERT INTO "tasks" VALUES(3,'01a20561-dad4-7625-a3a5-5e2a5e57df7b','default','later',0,'',0,0,1798761600000,'chosen','{"seq":3,"id":"01a20561-dad4-7625-a3a5-5e2a5e57df7b","kind":"later","queue":"default","state":"scheduled","labels":{},"priority":0,"attempt":0,"max_attempts":3,"attempts_per_round":3,"cancel_grace_seconds":30,"run_at":"2027-01-01T00:00:00.000Z","created_at":"2026-11-22T22:30:28.820Z","updated_at":"2026-11-22T22:30:28.820Z","parent_id":"chosen","cursor":3,"ready_at":0,"fence":0,"due_at":"2027-01-01T00:00:00.000Z"}',NULL,NULL);
INSERT INTO "tasks" VALUES(4,'01a20561-dae4-759d-b2fc-3b247d150861','default','runs',2,'',0,4,1795386689016,NULL,'{"seq":4,"id":"01a20561-dae4-759d-b2fc-3b247d150861","kind":"runs","queue":"default","state":"running","labels":{},"priority":0,"attempt":1,"max_attempts":3,"attempts_per_round":3,"timeout_seconds":86400,"cancel_grace_seconds":30,"created_at":"2026-11-22T22:30:28.835Z","started_at":"2026-11-22T22:30:29.016Z","updated_at":"2026-11-22T22:30:29.110Z","progress":{"percent":25.0,"current":1.0,"total":4.0,"updated_at":"2026-11-22T22:30:29.110Z"},"cursor":10,"ready_at":4,"fence":1,"lease":{"token":"lease_5d90d0443b2f4936a6ee3a0e275e2e12","worker":"w","request_id":"r1","seconds":3600,"expires_at":"2026-11-22T23:30:29.110Z","since":"2026-11-22T22:30:29.016Z","heard_at":"2026-11-22T22:30:29.110Z","percent_pace":{"begun":"2026-11-22T22:30:29.016Z","at":"2026-11-22T22:30:29.110Z","done":25.0,"sum":4.9532931542153875,"weight":0.01862438225984986},"current_pace":{"begun":"2026-11-22T22:30:29.016Z","at":"2026-11-22T22:30:29.110Z","done":1.0,"sum":0.19813172616861552,"weight":0.01862438225984986}},"due_at":"2026-11-22T22:31:29.016Z","queued_at":"2026-11-22T22:30:28.835Z","concurrency_key":"c","deadline_at":"2027-06-01T00:00:00.000Z","stages":[{"name":"a","weight":1.0}]}','c',1811808000000);
CREATE INDEX tasks_ready ON tasks (queue, kind, only_worker, priority DESC, ready_at)
    WHERE state = 1;
CREATE INDEX tasks_due_running ON tasks (due_at) WHERE state = 2;
CREATE INDEX tasks_due_waiting ON tasks (due_at) WHERE state IN (0, 3);
CREATE INDEX tasks_by_state ON tasks (state, seq);
CREATE INDEX tasks_by_parent ON tasks (parent, seq) WHERE parent IS NOT NULL;
CREATE INDEX events_by_task ON events (task_seq, position);
CREATE INDEX events_logs ON events (task_seq, position) WHERE type = 'task.log';
CREATE INDEX keys_by_end ON keys (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tasks_taken ON tasks (queue, concurrency_key)
    WHERE concurrency_key IS NOT NULL AND state IN (1, 2);
CREATE INDEX tasks_parked ON tasks (queue, concurrency_key, priority DESC, ready_at)
    WHERE state = 7;
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE INDEX tasks_by_deadline ON tasks (deadline_at)
    WHERE deadline_at IS NOT NULL AND (state < 4 OR state = 7);
CREATE INDEX tasks_due_done ON tasks (due_at)
    WHERE due_at IS NOT NULL AND state BETWEEN 4 AND 6;
COMMIT;
