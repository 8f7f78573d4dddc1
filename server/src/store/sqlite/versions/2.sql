-- What a file of version 2 holds that was made by version 1: the dump of versions/1.sql after schema_2.sql.
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
INSERT INTO "events" VALUES(1,1,'01a203de-7909-71fb-aa24-0ad98ef6d1be','task.queued','{"q":"default","k":"done","s":"queued","l":{"a":"b"}}',NULL,'{"type":"task.queued","task":{"id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","kind":"done","queue":"default","state":"queued","done":false,"labels":{"a":"b"},"priority":0,"attempt":0,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T15:27:21.353Z","updated_at":"2026-11-22T15:27:21.353Z","cursor":"4c183b50.1","links":{"self":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be","events":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/events","history":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/history","logs":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/logs","children":"/api/v1/tasks?parent=01a203de-7909-71fb-aa24-0ad98ef6d1be","cancel":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/cancel"}},"cursor":"4c183b50.1","task_id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","at":"2026-11-22T15:27:21.353Z","attempt":0}');
INSERT INTO "events" VALUES(2,2,'chosen','task.queued','{"q":"default","k":"waits","s":"queued"}',NULL,'{"type":"task.queued","task":{"id":"chosen","kind":"waits","queue":"default","state":"queued","done":false,"labels":{},"priority":5,"attempt":0,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T15:27:21.371Z","updated_at":"2026-11-22T15:27:21.371Z","cursor":"4c183b50.2","links":{"self":"/api/v1/tasks/chosen","events":"/api/v1/tasks/chosen/events","history":"/api/v1/tasks/chosen/history","logs":"/api/v1/tasks/chosen/logs","children":"/api/v1/tasks?parent=chosen","cancel":"/api/v1/tasks/chosen/cancel"}},"cursor":"4c183b50.2","task_id":"chosen","at":"2026-11-22T15:27:21.371Z","attempt":0}');
INSERT INTO "events" VALUES(3,3,'01a203de-792b-73cd-8941-6a85b45e610a','task.scheduled','{"q":"default","k":"later","s":"scheduled"}',NULL,'{"type":"task.scheduled","task":{"id":"01a203de-792b-73cd-8941-6a85b45e610a","kind":"later","queue":"default","state":"scheduled","done":false,"labels":{},"priority":0,"attempt":0,"max_attempts":3,"cancel_grace_seconds":30,"run_at":"2027-01-01T00:00:00.000Z","created_at":"2026-11-22T15:27:21.387Z","updated_at":"2026-11-22T15:27:21.387Z","cursor":"4c183b50.3","links":{"self":"/api/v1/tasks/01a203de-792b-73cd-8941-6a85b45e610a","events":"/api/v1/tasks/01a203de-792b-73cd-8941-6a85b45e610a/events","history":"/api/v1/tasks/01a203de-792b-73cd-8941-6a85b45e610a/history","logs":"/api/v1/tasks/01a203de-792b-73cd-8941-6a85b45e610a/logs","children":"/api/v1/tasks?parent=01a203de-792b-73cd-8941-6a85b45e610a","cancel":"/api/v1/tasks/01a203de-792b-73cd-8941-6a85b45e610a/cancel"}},"cursor":"4c183b50.3","task_id":"01a203de-792b-73cd-8941-6a85b45e610a","at":"2026-11-22T15:27:21.387Z","attempt":0}');
INSERT INTO "events" VALUES(4,4,'01a203de-793b-702f-9711-62f901605a3d','task.queued','{"q":"default","k":"runs","s":"queued"}',NULL,'{"type":"task.queued","task":{"id":"01a203de-793b-702f-9711-62f901605a3d","kind":"runs","queue":"default","state":"queued","done":false,"labels":{},"priority":0,"attempt":0,"max_attempts":3,"timeout_seconds":86400,"cancel_grace_seconds":30,"created_at":"2026-11-22T15:27:21.403Z","updated_at":"2026-11-22T15:27:21.403Z","cursor":"4c183b50.4","links":{"self":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d","events":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/events","history":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/history","logs":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/logs","children":"/api/v1/tasks?parent=01a203de-793b-702f-9711-62f901605a3d","cancel":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/cancel"}},"cursor":"4c183b50.4","task_id":"01a203de-793b-702f-9711-62f901605a3d","at":"2026-11-22T15:27:21.403Z","attempt":0}');
INSERT INTO "events" VALUES(5,1,'01a203de-7909-71fb-aa24-0ad98ef6d1be','task.started','{"q":"default","k":"done","s":"running","l":{"a":"b"}}','{"q":"default","k":"done","s":"queued","l":{"a":"b"}}','{"type":"task.started","task":{"id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","kind":"done","queue":"default","state":"running","done":false,"labels":{"a":"b"},"priority":0,"attempt":1,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T15:27:21.353Z","started_at":"2026-11-22T15:27:21.431Z","updated_at":"2026-11-22T15:27:21.431Z","worker":"w","cursor":"4c183b50.5","links":{"self":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be","events":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/events","history":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/history","logs":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/logs","children":"/api/v1/tasks?parent=01a203de-7909-71fb-aa24-0ad98ef6d1be","cancel":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/cancel"}},"cursor":"4c183b50.5","task_id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","at":"2026-11-22T15:27:21.431Z","attempt":1}');
INSERT INTO "events" VALUES(6,1,'01a203de-7909-71fb-aa24-0ad98ef6d1be','task.log','{"q":"default","k":"done","s":"running","l":{"a":"b"}}',NULL,'{"type":"task.log","lines":[{"at":"2026-11-22T15:27:21.485Z","level":"info","text":"half"}],"cursor":"4c183b50.6","task_id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","at":"2026-11-22T15:27:21.485Z","attempt":1}');
INSERT INTO "events" VALUES(7,1,'01a203de-7909-71fb-aa24-0ad98ef6d1be','task.progress','{"q":"default","k":"done","s":"running","l":{"a":"b"}}',NULL,'{"type":"task.progress","progress":{"percent":50.0,"rate_per_second":909.091,"eta_seconds":0.055,"updated_at":"2026-11-22T15:27:21.485Z"},"cursor":"4c183b50.7","task_id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","at":"2026-11-22T15:27:21.485Z","attempt":1}');
INSERT INTO "events" VALUES(8,1,'01a203de-7909-71fb-aa24-0ad98ef6d1be','task.succeeded','{"q":"default","k":"done","s":"succeeded","l":{"a":"b"}}','{"q":"default","k":"done","s":"running","l":{"a":"b"}}','{"type":"task.succeeded","task":{"id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","kind":"done","queue":"default","state":"succeeded","done":true,"labels":{"a":"b"},"priority":0,"progress":{"percent":100.0,"rate_per_second":909.091,"eta_seconds":0.0,"updated_at":"2026-11-22T15:27:21.485Z"},"output":{"ok":true},"attempt":1,"max_attempts":3,"cancel_grace_seconds":30,"created_at":"2026-11-22T15:27:21.353Z","started_at":"2026-11-22T15:27:21.431Z","updated_at":"2026-11-22T15:27:21.503Z","finished_at":"2026-11-22T15:27:21.503Z","cursor":"4c183b50.8","links":{"self":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be","events":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/events","history":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/history","logs":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be/logs","children":"/api/v1/tasks?parent=01a203de-7909-71fb-aa24-0ad98ef6d1be","delete":"/api/v1/tasks/01a203de-7909-71fb-aa24-0ad98ef6d1be"}},"cursor":"4c183b50.8","task_id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","at":"2026-11-22T15:27:21.503Z","attempt":1}');
INSERT INTO "events" VALUES(9,4,'01a203de-793b-702f-9711-62f901605a3d','task.started','{"q":"default","k":"runs","s":"running"}','{"q":"default","k":"runs","s":"queued"}','{"type":"task.started","task":{"id":"01a203de-793b-702f-9711-62f901605a3d","kind":"runs","queue":"default","state":"running","done":false,"labels":{},"priority":0,"attempt":1,"max_attempts":3,"timeout_seconds":86400,"cancel_grace_seconds":30,"created_at":"2026-11-22T15:27:21.403Z","started_at":"2026-11-22T15:27:21.536Z","updated_at":"2026-11-22T15:27:21.536Z","worker":"w","cursor":"4c183b50.9","links":{"self":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d","events":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/events","history":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/history","logs":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/logs","children":"/api/v1/tasks?parent=01a203de-793b-702f-9711-62f901605a3d","cancel":"/api/v1/tasks/01a203de-793b-702f-9711-62f901605a3d/cancel"}},"cursor":"4c183b50.9","task_id":"01a203de-793b-702f-9711-62f901605a3d","at":"2026-11-22T15:27:21.536Z","attempt":1}');
INSERT INTO "events" VALUES(10,4,'01a203de-793b-702f-9711-62f901605a3d','task.progress','{"q":"default","k":"runs","s":"running"}',NULL,'{"type":"task.progress","progress":{"percent":25.0,"current":1.0,"total":4.0,"rate_per_second":20.408,"eta_seconds":0.147,"updated_at":"2026-11-22T15:27:21.586Z"},"cursor":"4c183b50.10","task_id":"01a203de-793b-702f-9711-62f901605a3d","at":"2026-11-22T15:27:21.586Z","attempt":1}');
CREATE TABLE keys (
    scope        TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    request_hash TEXT    NOT NULL,
    tasks        TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    expires_at   INTEGER,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('epoch',1276656464);
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
INSERT INTO "tasks" VALUES(1,'01a203de-7909-71fb-aa24-0ad98ef6d1be','default','done',4,'',0,1,NULL,NULL,'{"seq":1,"id":"01a203de-7909-71fb-aa24-0ad98ef6d1be","kind":"done","queue":"default","state":"succeeded","labels":{"a":"b"},"priority":0,"only_worker":null,"attempt":1,"max_attempts":3,"attempts_per_round":3,"timeout_seconds":null,"cancel_grace_seconds":30,"run_at":null,"created_at":"2026-11-22T15:27:21.353Z","started_at":"2026-11-22T15:27:21.431Z","updated_at":"2026-11-22T15:27:21.503Z","finished_at":"2026-11-22T15:27:21.503Z","parent_id":null,"trace_parent":null,"progress":{"percent":100.0,"rate_per_second":909.091,"eta_seconds":0.0,"updated_at":"2026-11-22T15:27:21.485Z"},"cursor":8,"ready_at":1,"fence":1,"lease":null,"cancel_requested_at":null,"ended":{"token":"lease_112c39f1ca17461ed283744c42c5d0a9","hash":"7b191aed5f644fe3db5e0f8f6a6544fa"},"due_at":null,"request_hash":null}',NULL,NULL);
INSERT INTO "tasks" VALUES(2,'chosen','default','waits',1,'',5,2,NULL,NULL,'{"seq":2,"id":"chosen","kind":"waits","queue":"default","state":"queued","labels":{},"priority":5,"only_worker":null,"attempt":0,"max_attempts":3,"attempts_per_round":3,"timeout_seconds":null,"cancel_grace_seconds":30,"run_at":null,"created_at":"2026-11-22T15:27:21.371Z","started_at":null,"updated_at":"2026-11-22T15:27:21.371Z","finished_at":null,"parent_id":null,"trace_parent":null,"progress":null,"cursor":2,"ready_at":2,"fence":0,"lease":null,"cancel_requested_at":null,"ended":null,"due_at":null,"request_hash":"86b10d59611e36e5176b057d780df6d746c4c98c16e1d98c3676eca9f835b9e6"}',NULL,NULL);
INSERT INTO "tasks" VALUES(3,'01a203de-792b-73cd-8941-6a85b45e610a','default','later',0,'',0,0,1798761600000,NULL,'{"seq":3,"id":"01a203de-792b-73cd-8941-6a85b45e610a","kind":"later","queue":"default","state":"scheduled","labels":{},"priority":0,"only_worker":null,"attempt":0,"max_attempts":3,"attempts_per_round":3,"timeout_seconds":null,"cancel_grace_seconds":30,"run_at":"2027-01-01T00:00:00.000Z","created_at":"2026-11-22T15:27:21.387Z","started_at":null,"updated_at":"2026-11-22T15:27:21.387Z","finished_at":null,"parent_id":null,"trace_parent":null,"progress":null,"cursor":3,"ready_at":0,"fence":0,"lease":null,"cancel_requested_at":null,"ended":null,"due_at":"2027-01-01T00:00:00.000Z","request_hash":null}',NULL,NULL);
INSERT INTO "tasks" VALUES(4,'01a203de-793b-702f-9711-62f901605a3d','default','runs',2,'',0,4,1795364841536,NULL,'{"seq":4,"id":"01a203de-793b-702f-9711-62f901605a3d","kind":"runs","queue":"default","state":"running","labels":{},"priority":0,"only_worker":null,"attempt":1,"max_attempts":3,"attempts_per_round":3,"timeout_seconds":86400,"cancel_grace_seconds":30,"run_at":null,"created_at":"2026-11-22T15:27:21.403Z","started_at":"2026-11-22T15:27:21.536Z","updated_at":"2026-11-22T15:27:21.586Z","finished_at":null,"parent_id":null,"trace_parent":null,"progress":{"percent":25.0,"current":1.0,"total":4.0,"rate_per_second":20.408,"eta_seconds":0.147,"updated_at":"2026-11-22T15:27:21.586Z"},"cursor":10,"ready_at":4,"fence":1,"lease":{"token":"lease_5d2190383b2c12577d7b593d448f67f6","worker":"w","request_id":null,"seconds":3600,"expires_at":"2026-11-22T16:27:21.585Z","since":"2026-11-22T15:27:21.536Z","last":[1,{"lease_expires_at":"2026-11-22T16:27:21.585Z","cancel_requested":false,"position":10}]},"cancel_requested_at":null,"ended":null,"due_at":"2026-11-22T16:27:21.536Z","request_hash":null}',NULL,NULL);
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
CREATE INDEX tasks_by_deadline ON tasks (deadline_at)
    WHERE deadline_at IS NOT NULL AND state IN (0, 1, 2, 3, 7);
CREATE INDEX tasks_due_done ON tasks (due_at) WHERE due_at IS NOT NULL AND state IN (4, 5, 6);
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE next_run_at IS NOT NULL;
COMMIT;
PRAGMA user_version = 2;
