// Generated from api-spec/openapi.json by `cargo contract generate`. Do not edit.

export interface paths {
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks
         * @description Newest first, in pages. A page looks at no more than 10,000 tasks, so it may be short, or
         *     empty, while `next_page` is there: go on until it is absent.
         */
        get: operations["listTasks"];
        put?: never;
        /**
         * Create a task
         * @description Durable once it is answered: 202 with the task and its `Location`. With `Prefer: wait=N` (at
         *     most 60) the answer waits for the end of the task and is 200 if that came in time. With an
         *     `Idempotency-Key` the request can be sent again without making a second task: for 24 hours
         *     the same key and body answer the same task as it is then. With a `unique_key` that a task of the
         *     queue has which is not done, no task is made: the answer is 200 with that task, whatever else it
         *     was submitted with.
         */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a task
         * @description The task whole, with its input and however long an output. With `Prefer: wait=N` (at most 60)
         *     the answer waits for the task to be done; together with `If-None-Match`, only for its first
         *     change.
         */
        get: operations["getTask"];
        /**
         * Create a task under an id of your own
         * @description Harmless to send again: the same body under the same id is answered 200 with the task as it
         *     is now; another body under an id that is taken is refused with 409.
         */
        put: operations["putTask"];
        post?: never;
        /**
         * Delete a task
         * @description Only a task that is done, and whose children are; cancel it first. The children stay.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        /**
         * Change a task
         * @description Labels at any time, priority and `run_at` while the task waits. With `If-Match` only if the
         *     task is still at that revision.
         */
        patch: operations["updateTask"];
        trace?: never;
    };
    "/api/v1/tasks/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a task
         * @description A task that waits is cancelled at once. The worker of a running one is told with its next
         *     report, and has `cancel_grace_seconds` to end. Its children that are not done are cancelled in the
         *     same way, and theirs. Cancelling a cancelled task changes nothing.
         */
        post: operations["cancelTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a task
         * @description Opens a new round for a task that failed or was cancelled: as many attempts again as it had,
         *     its output and error cleared. A task with `complete_when_children_done` waits anew, and those of
         *     its children that failed or were cancelled get a new round too.
         */
        post: operations["retryTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/task-batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create many tasks
         * @description All of them or none: if anything is wrong with one, nothing is created, and `errors` names
         *     every field with its place, e.g. `tasks[3].kind`. The body may have 1 MiB, as any other. With
         *     an `Idempotency-Key` the request can be sent again without making further tasks; those deleted
         *     since are left out of the answer.
         */
        post: operations["createTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a task's attempts
         * @description Who tried it, when, and how that ended, oldest first: the last 50 attempts that ended, and
         *     the one that runs. Of older ones its events tell.
         */
        get: operations["listTaskAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel many tasks
         * @description The answer is the run: a task of the server's own, whose progress tells how far it is and whose
         *     output says how many tasks matched, were changed, and were skipped because they had gone on
         *     meanwhile. It goes page by page, leaves tasks created after its start alone, and goes on after a
         *     restart; cancel it to stop it. With `dry_run` it only counts.
         */
        post: operations["bulkCancelTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry many tasks
         * @description As retryTask does it, to each task that failed or was cancelled and matches the filter. The
         *     answer is the run, as with bulkCancelTasks.
         */
        post: operations["bulkRetryTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete many tasks
         * @description As deleteTask does it, to each task that is done and matches the filter. The answer is the run,
         *     as with bulkCancelTasks.
         */
        post: operations["bulkDeleteTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a task
         * @description Its events as they happen (Server-Sent Events). Without a cursor the stream begins with
         *     `stream.snapshot`, the task as it is; with one, with the events after it. A cursor that
         *     cannot be used is answered with `stream.reset` and a snapshot, never with an error. After
         *     the event that ends the task comes `stream.end`, then the server closes; a client that comes
         *     back with that last cursor gets 204, which stops an EventSource.
         */
        get: operations["watchTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch many tasks
         * @description The events of every task the filter matches, on one connection (Server-Sent Events); without
         *     a filter, of all tasks. It begins, resumes and resets like watchTask. A task that leaves the
         *     filter is reported with `stream.left`. The stream never ends by itself.
         */
        get: operations["watchEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Watch many tasks, by several filters
         * @description watchEvents for what a URL has no room for: up to 500 ids, and several filters at once. A task
         *     is watched when any of them matches, and reported with `stream.left` when none does any more.
         *     To add to what a stream is about, open another one with the cursor of the first, all filters,
         *     and what was added as `fresh`: it begins with the tasks of `fresh` as they are, then goes on
         *     where the first was. Opening a stream changes nothing, so it may be repeated without any
         *     further word.
         */
        post: operations["openEventStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a task's events
         * @description The events watchTask sends, as JSON, oldest first. With `Prefer: wait=N` (at most 60) the
         *     answer waits for a first event. An `after` that cannot be used is no error: the answer says
         *     so with `reset` and begins with the oldest event that is kept.
         */
        get: operations["listTaskEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events
         * @description The events watchEvents sends, as JSON, oldest first; without a filter, those of all tasks. A
         *     task that leaves the filter is reported with `stream.left`. With `Prefer: wait=N` (at most
         *     60) the answer waits for a first event. A page looks at no more than 10,000 events, so it
         *     may be short, or empty: go on from its `cursor`.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a task's log lines
         * @description What its workers wrote, all attempts together, oldest first: the last lines, or with `after` or
         *     `from` page by page. An `after` that cannot be used is no error: the answer says so with `reset`
         *     and begins with the oldest line that is kept. To follow the log live, watch the task: its
         *     `task.log` events carry the lines.
         */
        get: operations["listTaskLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take tasks to work on
         * @description The best waiting tasks: highest priority first, then longest queued. With `wait_seconds` the
         *     answer waits for a first task; whoever asked first is served first. It may be empty: ask
         *     again. A lease whose caller is gone before the answer reached it is taken back without
         *     counting an attempt; to be safe against a lost answer, send a `request_id` and repeat it.
         */
        post: operations["acquireLeases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report on a running task
         * @description Progress, lines for its log, a checkpoint, or nothing at all: each report renews the lease
         *     and brings back whether the task is to be cancelled. Send one at a time, with a rising
         *     `sequence`, so that sending one again does no harm. 409 `lease-lost` means: stop.
         */
        post: operations["reportTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete a task
         * @description The task succeeds with this output. Sent again with the same token and output, it is answered
         *     the same.
         */
        post: operations["completeTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fail an attempt
         * @description The task is tried again after a while, if attempts are left and `retryable` is not false;
         *     else it has failed.
         */
        post: operations["failTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a task back
         * @description The task is queued again, and the attempt does not count. For workers that shut down.
         */
        post: operations["releaseTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report on many tasks
         * @description Reports, completions, failures and releases of many tasks, each as its own operation takes
         *     it, and each on its own: what is wrong with one is told in its result and holds no other up.
         *     Items of one task are carried out in their order.
         */
        post: operations["reportBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workers
         * @description By name: who asked for work in the last ten minutes, and who has a task's lease. A worker is
         *     known by its requests alone; after a restart of the server, one that waits shows up again
         *     with its next call. Of more than 10,000 running tasks only so many are looked at.
         */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List queues
         * @description By name: every queue that something was set for, or that has tasks. The server's own are left
         *     out, so a page may be short while `next_page` is there.
         */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a queue
         * @description What is set for it, how many of its tasks are in each state, and since when the longest
         *     waiting of them waits. A queue that nothing was set for and that has no task is not there.
         */
        get: operations["getQueue"];
        /**
         * Set a queue
         * @description Replaces all that is set for it: what is left out returns to its default. A queue need not be
         *     set up before tasks are submitted to it. Limits hold for leases from now on; what runs goes
         *     on. `defaults` are for tasks submitted from now on.
         */
        put: operations["putQueue"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a queue
         * @description Pause it and let it go on, set a limit, or take one away with `null`. What is left out stays
         *     as it is; `defaults` and `rate_limit` are replaced as a whole.
         */
        patch: operations["updateQueue"];
        trace?: never;
    };
    "/api/v1/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List kinds
         * @description By name, in pages: every kind that something was said of, without its schema. Tasks may be of
         *     any other kind as well.
         */
        get: operations["listKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/kinds/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a kind
         * @description What is said of it, with its schema. A kind that nothing was said of is not there, even if it
         *     has tasks.
         */
        get: operations["getKind"];
        /**
         * Create or replace a kind
         * @description Replaces all that is said of it: what is left out returns to its default. A kind need not be
         *     put before tasks of it are submitted. From now on, an input that is not as `input_schema` says
         *     is refused when its task is submitted, or its schedule is put, and `errors` names each place
         *     that is wrong, e.g. `input/size`. Tasks that are there already stay, and so do the tasks of
         *     schedules. `defaults` are for tasks submitted from now on. The schema itself is checked too:
         *     `errors` then names e.g. `input_schema/properties/size/type`.
         */
        put: operations["putKind"];
        post?: never;
        /**
         * Delete a kind
         * @description Nothing is said of it any more: its tasks stay, and more can be submitted, with any input.
         */
        delete: operations["deleteKind"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List schedules
         * @description By id, in pages.
         */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Create a schedule
         * @description At each moment of its rule it submits its task, which has the moment as `run_at` and the
         *     schedule as `schedule_id`. `overlap` says what happens to a run whose predecessor is not done
         *     yet: `skip` leaves it out, `allow` lets both go on, `cancel` cancels the predecessor. Runs
         *     that were missed while the server was away are made up by one run at once, however many they
         *     were. Across a change of daylight saving a rule for one moment of the day runs exactly once
         *     that day: in the hour that is left out, at the first moment after it; in the hour that comes
         *     twice, the first time. Rules that recur within the hour go on by the clock on the wall.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a schedule
         * @description Its rule, when it runs next, and what it did last.
         */
        get: operations["getSchedule"];
        /**
         * Create or replace a schedule
         * @description Harmless to send again. What is left out returns to its default; what the schedule ran stays
         *     known, and a run that is due stays due where the rule is the same.
         */
        put: operations["putSchedule"];
        post?: never;
        /**
         * Delete a schedule
         * @description It submits nothing any more. The tasks it submitted stay, and go on.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule
         * @description Pause it and let it go on, or give it another rule or task. What is left out stays as it is;
         *     `task` is replaced as a whole.
         */
        patch: operations["updateSchedule"];
        trace?: never;
    };
    "/api/v1/schedules/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Submits its task at once, whatever its `overlap` and though it is paused. When its rule runs
         *     next stays as it was.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description By id, in pages, without their secrets.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description From now on the end of each task that matches is posted to its URL, signed as Standard Webhooks
         *     has it. The answer has the secret that signs; it is not shown again. Each delivery is a task of
         *     the server's own: it is tried for about three days, and `links.deliveries` lists them with what
         *     went wrong. At most 100 webhooks.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description Without its secret.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Nothing is told to it any more. Its deliveries that wait are cancelled; those that ended stay for
         *     their week.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description What is left out stays as it is; `null` takes `queue`, `kind` and `description` away. With
         *     `If-Match` only if the webhook is still at that revision. Where it is disabled, deliveries that
         *     wait are cancelled.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a webhook
         * @description Sends it one message of type `webhook.test`, once, though it is disabled. The answer is the
         *     delivery's task: wait for its end to learn what the receiver said.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook another secret
         * @description The answer has the secret; it is not shown again. For 24 hours the one before signs as well, so
         *     that the receiver can change over in that time.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the server's state
         * @description Version, uptime, counts and limits.
         */
        get: operations["getSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description 200 for as long as the server answers at all: a reason to restart it is only that it does
         *     not.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does the server take work?
         * @description 503 while it shuts down or cannot write: a load balancer should send work elsewhere.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the list
         * @description A greeting, three items, and the last hundred names that were submitted.
         */
        get: operations["getData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a name
         * @description Stores the name and says so, in Russian. The body is read whatever its Content-Type says.
         */
        post: operations["submitData"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/start_task/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a countdown
         * @description A task that counts from 0 to 100 in ten seconds; watchProgress follows it by this name. One
         *     that is done may be started again.
         */
        post: operations["startTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sse_progress/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a countdown
         * @description The numbers of the newest countdown of this name as Server-Sent Events: `data: 0` to `data:
         *     100`, `data: DONE`, then the server closes. A name that was never started gets one event that
         *     says so. Every watcher gets every number, also after the end, and a reconnect goes on where
         *     it broke off.
         */
        get: operations["watchProgress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description What a task does about one of `after` that failed or was cancelled.
         * @enum {string}
         */
        AfterFailure: "cancel" | "run";
        /** @description One try of a task. */
        Attempt: {
            /**
             * Format: uint32
             * @description From 1. The number of an attempt that was given back is given again.
             */
            number: number;
            /** @description Who had its lease. */
            worker: string;
            /** @description How it ended, if it has. */
            state: components["schemas"]["AttemptState"];
            /**
             * Format: date-time
             * @description When it began.
             * @example 2026-01-31T09:30:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-01-31T09:30:00.000Z
             */
            finished_at?: string;
            /** @description Why it failed; of a long text the first 300 characters. */
            error?: components["schemas"]["TaskError"];
            /**
             * Format: date-time
             * @description When the next attempt was due after it.
             * @example 2026-01-31T09:30:00.000Z
             */
            retry_at?: string;
        };
        /** @description The tries of a task. */
        AttemptList: {
            /** @description The attempts, oldest first: the last 50 that ended, and the one that runs. */
            items: components["schemas"]["Attempt"][];
        };
        /**
         * @description How an attempt ended, if it has.
         * @enum {string}
         */
        AttemptState: "running" | "succeeded" | "failed" | "released" | "cancelled";
        /**
         * @description One thing to be done to many tasks.
         * @example {
         *       "filter": {
         *         "kind": "thumbnails",
         *         "labels": {
         *           "album": "summer"
         *         }
         *       },
         *       "dry_run": true
         *     }
         */
        BulkRequest: {
            /** @description Which tasks. */
            filter: components["schemas"]["BulkSelection"];
            /** @description Only count them. */
            dry_run?: boolean;
        };
        /**
         * @description Which tasks, as listTasks finds them: all given parts must match. At least one must be given, and
         *     `null` is the same as leaving a field out. The server's own tasks are found only by their queue.
         */
        BulkSelection: {
            /**
             * @description In any of these states. Those in which the thing cannot be done are left out; if none is left,
             *     the request is refused.
             */
            states?: components["schemas"]["TaskState"][];
            /** @description In this queue. */
            queue?: string;
            /** @description Of this kind. */
            kind?: string;
            /** @description With all of these labels. */
            labels?: {
                [key: string]: string;
            };
            /** @description Parts of this task. */
            parent?: string;
            /** @description Submitted by the schedule with this id. */
            schedule?: string;
            /**
             * Format: date-time
             * @description Created after this time.
             * @example 2026-01-31T09:30:00.000Z
             */
            created_after?: string;
            /**
             * Format: date-time
             * @description Created before this time.
             * @example 2026-01-31T09:30:00.000Z
             */
            created_before?: string;
            /** @description Ended with an error of any of these types. */
            error_types?: string[];
            /** @description With this text in the id or the kind, whatever the case: at most 128 characters. */
            q?: string;
        };
        /**
         * @description What a task with `complete_when_children_done` does about a child that failed. One that was cancelled
         *     has not failed.
         * @enum {string}
         */
        ChildFailure: "fail_fast" | "collect";
        /** @description How many children a task has. Those deleted since count on. */
        Children: {
            /**
             * Format: uint64
             * @description All of them.
             */
            total: number;
            /**
             * Format: uint64
             * @description Those that are done: `succeeded`, `failed` and `cancelled` together.
             */
            done: number;
            /**
             * Format: uint64
             * @description Those that succeeded.
             */
            succeeded: number;
            /**
             * Format: uint64
             * @description Those that failed.
             */
            failed: number;
            /**
             * Format: uint64
             * @description Those that were cancelled.
             */
            cancelled: number;
        };
        /** @description As completeTask takes it: the end of a task, with what came out. */
        CompletionOfTask: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "complete";
            /** @description The task. */
            task_id: string;
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
            /** @description What came out: any JSON. Without it the task's output is `{}`. */
            output?: unknown;
        };
        /**
         * @description One entry of the log, or one frame of a stream. `type` says which, and equals the SSE `event:`.
         *
         *     The union is open: a client must keep, or pass over, a type it does not know.
         */
        Event: components["schemas"]["TaskScheduledEvent"] | components["schemas"]["TaskQueuedEvent"] | components["schemas"]["TaskStartedEvent"] | components["schemas"]["TaskProgressEvent"] | components["schemas"]["TaskLogEvent"] | components["schemas"]["TaskCancelRequestedEvent"] | components["schemas"]["TaskRetryingEvent"] | components["schemas"]["TaskSucceededEvent"] | components["schemas"]["TaskFailedEvent"] | components["schemas"]["TaskCancelledEvent"] | components["schemas"]["TaskUpdatedEvent"] | components["schemas"]["TaskDeletedEvent"] | components["schemas"]["StreamSnapshotEvent"] | components["schemas"]["StreamResetEvent"] | components["schemas"]["StreamLeftEvent"] | components["schemas"]["StreamEndEvent"] | components["schemas"]["StreamDrainingEvent"];
        /** @description A page of the log. */
        EventPage: {
            /** @description The events, oldest first. A page may be short, or empty, while there are more. */
            items: components["schemas"]["Event"][];
            /**
             * @description Give this as `after` to go on from here.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /** @description Set when `after` could not be used: the page begins with the oldest event that is kept. */
            reset?: components["schemas"]["ResetReason"];
        };
        /** @description As failTask takes it: the end of an attempt, with what went wrong. */
        FailureOfTask: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "fail";
            /** @description The task. */
            task_id: string;
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
            /** @description What went wrong. */
            error: components["schemas"]["ReportedError"];
            /** @description Whether another attempt may follow, if any are left; without it, it may. */
            retryable?: boolean;
            /**
             * Format: uint64
             * @description How long the next attempt should wait, in seconds, at most 30 days; without it the server's
             *     backoff decides.
             */
            retry_after_seconds?: number;
        };
        /** @description One thing wrong with one field. */
        FieldProblem: {
            /** @description The path of the field in the body, or the name of the parameter or header. */
            field: string;
            /** @description What it must be. */
            message: string;
        };
        /** @description A greeting and a list. */
        GreetingData: {
            /** @description A greeting. */
            message: string;
            /** @description Three items, then the last hundred names that were submitted, newest first. */
            items: string[];
        };
        /** @description A sign of life. */
        Health: {
            /** @description `ok`. */
            status: string;
        };
        /** @description A kind that something was said of. */
        Kind: {
            /** @description Its name: 1 to 128 characters, no control characters. */
            name: string;
            /** @description What tasks of this kind do. */
            description?: string;
            /**
             * @description What the input of its tasks must be, as the text it came as: a JSON Schema (2020-12). Absent in
             *     lists, and where any input is taken.
             */
            input_schema?: unknown;
            /** @description Whether it has an `input_schema`, here or in getKind. */
            checks_input: boolean;
            /** @description What its tasks get where their submission does not say. */
            defaults: components["schemas"]["TaskDefaults"];
            /**
             * Format: date-time
             * @description When something was first said of it.
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When anything else was last said of it.
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at: string;
            /** @description Where to go from here. */
            links: components["schemas"]["KindLinks"];
        };
        /**
         * @description All that is said of a kind. What is left out returns to its default; `null` is the same as leaving
         *     a field out.
         * @example {
         *       "description": "Makes small pictures of an album's large ones.",
         *       "input_schema": {
         *         "type": "object",
         *         "properties": {
         *           "album": {
         *             "type": "string"
         *           },
         *           "size": {
         *             "type": "integer",
         *             "minimum": 16,
         *             "default": 256
         *           }
         *         },
         *         "required": [
         *           "album"
         *         ]
         *       },
         *       "defaults": {
         *         "max_attempts": 5,
         *         "timeout_seconds": 600
         *       }
         *     }
         */
        KindDefinition: {
            /** @description What tasks of this kind do, for people: at most 4096 characters. */
            description?: string;
            /**
             * @description What the input of its tasks must be: a JSON Schema (2020-12), an object of at most 65536 bytes.
             *     `$ref` may only lead into the schema itself (`#/$defs/name`); patterns have no look-around and
             *     no back-references; `format` is checked. Without it, any input is taken.
             */
            input_schema?: unknown;
            /**
             * @description What its tasks get where their submission does not say. What is not said here either, the
             *     `defaults` of their queue say.
             */
            defaults?: components["schemas"]["TaskDefaults"];
        };
        /** @description Paths relative to the server's root. */
        KindLinks: {
            /** @description The kind itself. */
            self: string;
            /** @description Its tasks. */
            tasks: string;
        };
        /** @description A page of kinds, by name. */
        KindList: {
            /** @description The kinds, without their schemas. */
            items: components["schemas"]["Kind"][];
            /** @description Give this as `page` to get the next one; absent at the end. */
            next_page?: string;
        };
        /** @description The right of one worker to one attempt. */
        Lease: {
            /**
             * @description The secret to show with every report.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            token: string;
            /**
             * Format: uint64
             * @description Rises with every lease of the task: a place the worker writes to can refuse a lower one.
             */
            fence: number;
            /**
             * Format: date-time
             * @description When the lease ends unless a report renews it.
             * @example 2026-01-31T09:30:00.000Z
             */
            expires_at: string;
            /** @description The task, with its `input`. */
            task: components["schemas"]["Task"];
            /** @description What the last attempt left behind: any JSON. */
            checkpoint?: unknown;
            /** @description Whether the task is to be cancelled already. */
            cancel_requested: boolean;
            /**
             * @description The W3C `traceparent` of this attempt, for spans of the worker's own; there where the server
             *     exports traces. Else the task's `trace_parent` is what there is.
             */
            trace_parent?: string;
            /** @description Where to go from here. */
            links: components["schemas"]["LeaseLinks"];
        };
        /** @description Paths relative to the server's root, all for POST. */
        LeaseLinks: {
            /** @description To report progress, lines and a checkpoint, and to keep the lease. */
            report: string;
            /** @description To end the task with an output. */
            complete: string;
            /** @description To end the attempt with an error. */
            fail: string;
            /** @description To give the task back. */
            release: string;
        };
        /** @description The leases a worker got. */
        LeaseList: {
            /** @description May be empty. */
            leases: components["schemas"]["Lease"][];
        };
        /**
         * @description A worker's wish for tasks. `null` is the same as leaving a field out.
         * @example {
         *       "worker": "worker-1",
         *       "queues": [
         *         "default"
         *       ],
         *       "kinds": [
         *         "thumbnails"
         *       ],
         *       "max_tasks": 1,
         *       "lease_seconds": 30,
         *       "wait_seconds": 5
         *     }
         */
        LeaseRequest: {
            /**
             * @description The worker's name: 1 to 128 characters, no control characters. Tasks made for one worker only
             *     are found by it.
             */
            worker: string;
            /**
             * @description A word of the worker's own for this request. The same word again answers the same leases
             *     while they live, so a request whose answer was lost can be sent again.
             */
            request_id?: string;
            /**
             * @description The queues to take from.
             * @default [
             *       "default"
             *     ]
             */
            queues?: string[];
            /** @description The kinds to take; absent or empty means any. */
            kinds?: string[];
            /**
             * Format: uint64
             * @description The most tasks to take: 1 to 100.
             * @default 1
             */
            max_tasks?: number;
            /**
             * Format: uint64
             * @description How long a lease lives without a report, in seconds: 1 to 3600.
             * @default 30
             */
            lease_seconds?: number;
            /**
             * Format: uint64
             * @description How long to wait for a first task, in seconds: 0 to 60.
             * @default 0
             */
            wait_seconds?: number;
        };
        /** @description What one request may ask for. */
        Limits: {
            /**
             * Format: uint64
             * @description The largest body, in bytes.
             */
            max_body_bytes: number;
            /**
             * Format: uint64
             * @description The most task ids one watchEvents may name.
             */
            max_tasks_per_stream: number;
            /**
             * Format: uint64
             * @description The most task ids one openEventStream may name, in all its filters together.
             */
            max_tasks_per_event_stream: number;
            /**
             * Format: uint64
             * @description The most filters one openEventStream may have.
             */
            max_filters_per_event_stream: number;
            /**
             * Format: uint64
             * @description The most tasks one acquireLeases may take.
             */
            max_tasks_per_lease: number;
            /**
             * Format: uint64
             * @description The most tasks one createTasks may bring.
             */
            max_tasks_per_batch: number;
            /**
             * Format: uint64
             * @description The most items one reportBatch may have.
             */
            max_reports_per_batch: number;
            /**
             * Format: uint64
             * @description The longest life of a lease without a report.
             */
            max_lease_seconds: number;
            /**
             * Format: uint64
             * @description The longest a request may wait for something to happen.
             */
            max_wait_seconds: number;
        };
        /**
         * @description How much a line matters.
         * @enum {string}
         */
        LogLevel: "debug" | "info" | "warn" | "error";
        /** @description A line a worker wrote. */
        LogLine: {
            /**
             * Format: date-time
             * @description When the server received it.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /** @description How much it matters. */
            level: components["schemas"]["LogLevel"];
            /** @description The line, without its line break. */
            text: string;
        };
        /** @description Lines of a task. */
        LogLines: {
            /** @description The lines, oldest first. */
            lines: components["schemas"]["LogLine"][];
            /** @description Give this as `after` for those that follow; absent where there are none, by now. */
            next?: string;
            /** @description Set when `after` could not be used: the page begins with the oldest line that is kept. */
            reset?: components["schemas"]["ResetReason"];
        };
        /**
         * @description A name to be stored.
         * @example {
         *       "name": "Анна"
         *     }
         */
        NameSubmission: {
            /** @description The name. Without one, `N/A`; what is no string counts as its JSON text. */
            name?: unknown;
        };
        /**
         * @description What happens to a run whose predecessor is not done. It concerns the rule's runs only: one that
         *     runSchedule asks for begins in any case.
         * @enum {string}
         */
        Overlap: "skip" | "allow" | "cancel";
        /** @description What went wrong, for programs and for people (RFC 9457). */
        Problem: {
            /**
             * @description Identifies the type of problem and never changes; a page that explains it, relative to the
             *     server's root.
             */
            type: string;
            /** @description One line, the same for every problem of the type. */
            title: string;
            /**
             * Format: uint16
             * @description The HTTP status.
             */
            status: number;
            /** @description What happened here, and how to fix it. */
            detail: string;
            /** @description The path of the request. */
            instance?: string;
            /** @description The fields that are wrong, where fields are. */
            errors?: components["schemas"]["FieldProblem"][];
        };
        /**
         * @description How far a task is. Percent never falls within an attempt.
         *
         *     A task with children is as far as they are together, each by its `weight`, unless its own worker
         *     reports percent or counts.
         */
        Progress: {
            /**
             * Format: double
             * @description 0 to 100.
             */
            percent?: number;
            /**
             * Format: double
             * @description How much is done, in `unit`.
             */
            current?: number;
            /**
             * Format: double
             * @description How much there is to do, in `unit`.
             */
            total?: number;
            /** @description What `current` and `total` count, e.g. `files`. */
            unit?: string;
            /** @description What is happening, for people. */
            message?: string;
            /** @description The part of the work that is under way. */
            stage?: string;
            /**
             * Format: double
             * @description How far the stage is, 0 to 100, where it is one of the task's `stages`; `percent` is the
             *     whole's.
             */
            stage_percent?: number;
            /**
             * Format: double
             * @description Units of `current` a second (of percent, where there is no `current`).
             */
            rate_per_second?: number;
            /**
             * Format: double
             * @description About how long it will still take, in seconds.
             */
            eta_seconds?: number;
            /**
             * @description `true` while its worker keeps the lease but has said nothing else for the task's
             *     `stalled_after_seconds`.
             * @default false
             */
            stalled?: boolean;
            /**
             * Format: date-time
             * @description When it was last reported.
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at: string;
        };
        /** @description A queue: what is set for it, and what is in it. */
        Queue: {
            /** @description Its name: 1 to 128 characters, no control characters. */
            name: string;
            /** @description Whether no task of it is leased; what runs goes on. */
            paused: boolean;
            /**
             * Format: uint32
             * @description At most so many of its tasks run at once; absent where any number may.
             */
            max_concurrency?: number;
            /**
             * Format: uint32
             * @description At most so many of its tasks with one `concurrency_key` run at once.
             */
            max_concurrency_per_key: number;
            /** @description At most so many attempts begin in a time; absent where any number may. */
            rate_limit?: components["schemas"]["RateLimit"];
            /** @description What its tasks get where their submission does not say. */
            defaults: components["schemas"]["TaskDefaults"];
            /** @description What of its done tasks goes by itself, and when. */
            retention: components["schemas"]["Retention"];
            /** @description How many of its tasks are in each state. */
            counts: components["schemas"]["QueueCounts"];
            /**
             * Format: uint64
             * @description How many of the queued ones wait for their `concurrency_key`.
             */
            parked: number;
            /**
             * Format: date-time
             * @description Since when the longest waiting of those waits that any worker may lease.
             * @example 2026-01-31T09:30:00.000Z
             */
            oldest_queued_at?: string;
            /**
             * Format: date-time
             * @description When anything was last set for it; absent when nothing ever was.
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at?: string;
            /** @description Where to go from here. */
            links: components["schemas"]["QueueLinks"];
        };
        /**
         * @description What may change about a queue; what is left out stays as it is.
         * @example {
         *       "paused": true,
         *       "max_concurrency": 50,
         *       "rate_limit": null
         *     }
         */
        QueueChange: {
            /** @description `true`: no task of it is leased; what runs goes on. */
            paused?: boolean;
            /**
             * Format: uint32
             * @description At most so many of its tasks run at once: 1 to 1000000. `null` takes the limit away.
             */
            max_concurrency?: number | null;
            /**
             * Format: uint32
             * @description At most so many of its tasks with one `concurrency_key` run at once: 1 to 1000000.
             */
            max_concurrency_per_key?: number;
            /**
             * @description At most so many attempts begin in a time; replaced as a whole. `null` takes the limit away.
             * @example {
             *       "limit": 100,
             *       "period_seconds": 60,
             *       "burst": 10
             *     }
             */
            rate_limit?: {
                /**
                 * Format: uint32
                 * @description How many attempts begin in a period: 1 to 1000000.
                 */
                limit: number;
                /**
                 * Format: uint64
                 * @description How long a period is, in seconds: 1 to 86400 (a day).
                 */
                period_seconds: number;
                /**
                 * Format: uint32
                 * @description How many may begin at once after a rest: 1 to 1000000. Without it as many as `limit`.
                 */
                burst?: number;
            } | null;
            /**
             * @description What its tasks get where their submission does not say; replaced as a whole, so `{}` takes
             *     all defaults away.
             */
            defaults?: components["schemas"]["TaskDefaults"];
            /** @description What of its done tasks goes by itself, and when; replaced as a whole, so `{}` keeps everything. */
            retention?: components["schemas"]["Retention"];
        };
        /** @description How many tasks of a queue are in each state, those that are done as long as they are kept. */
        QueueCounts: {
            /**
             * Format: uint64
             * @description They wait for their `run_at`.
             */
            scheduled: number;
            /**
             * Format: uint64
             * @description They wait for a worker.
             */
            queued: number;
            /**
             * Format: uint64
             * @description A worker has their lease.
             */
            running: number;
            /**
             * Format: uint64
             * @description They failed, and wait for their next attempt.
             */
            retrying: number;
            /**
             * Format: uint64
             * @description Done, with an output.
             */
            succeeded: number;
            /**
             * Format: uint64
             * @description Done, with an error.
             */
            failed: number;
            /**
             * Format: uint64
             * @description Done, because somebody cancelled them.
             */
            cancelled: number;
        };
        /**
         * @description All that is set for a queue. What is left out returns to its default; `null` is the same as
         *     leaving a field out.
         * @example {
         *       "paused": false,
         *       "max_concurrency": 20,
         *       "max_concurrency_per_key": 1,
         *       "rate_limit": {
         *         "limit": 100,
         *         "period_seconds": 60,
         *         "burst": 10
         *       },
         *       "defaults": {
         *         "max_attempts": 5,
         *         "timeout_seconds": 600
         *       },
         *       "retention": {
         *         "task_seconds": 2592000,
         *         "body_seconds": 604800,
         *         "progress_seconds": 86400
         *       }
         *     }
         */
        QueueDefinition: {
            /**
             * @description `true`: no task of it is leased; what runs goes on.
             * @default false
             */
            paused?: boolean;
            /**
             * Format: uint32
             * @description At most so many of its tasks run at once: 1 to 1000000. Without it, any number.
             */
            max_concurrency?: number;
            /**
             * Format: uint32
             * @description At most so many of its tasks with one `concurrency_key` run at once: 1 to 1000000.
             * @default 1
             */
            max_concurrency_per_key?: number;
            /** @description At most so many attempts begin in a time. Without it, any number. */
            rate_limit?: components["schemas"]["RateLimit"];
            /** @description What its tasks get where their submission does not say. */
            defaults?: components["schemas"]["TaskDefaults"];
            /** @description What of its done tasks goes by itself, and when. */
            retention?: components["schemas"]["Retention"];
        };
        /** @description Paths relative to the server's root. */
        QueueLinks: {
            /** @description The queue itself. */
            self: string;
            /** @description Its tasks. */
            tasks: string;
        };
        /** @description A page of queues, by name. */
        QueueList: {
            /** @description The queues, the server's own left out. */
            items: components["schemas"]["Queue"][];
            /** @description Give this as `page` to get the next one; absent at the end. */
            next_page?: string;
        };
        /**
         * @description A token bucket: `limit` attempts begin in each `period_seconds`, and after a rest up to `burst`
         *     at once.
         * @example {
         *       "limit": 100,
         *       "period_seconds": 60,
         *       "burst": 10
         *     }
         */
        RateLimit: {
            /**
             * Format: uint32
             * @description How many attempts begin in a period: 1 to 1000000.
             */
            limit: number;
            /**
             * Format: uint64
             * @description How long a period is, in seconds: 1 to 86400 (a day).
             */
            period_seconds: number;
            /**
             * Format: uint32
             * @description How many may begin at once after a rest: 1 to 1000000. Without it as many as `limit`.
             */
            burst?: number;
        };
        /** @description As releaseTask takes it: a task given back. */
        ReleaseOfTask: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "release";
            /** @description The task. */
            task_id: string;
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
        };
        /** @description What a report is answered. */
        ReportAnswer: {
            /**
             * Format: date-time
             * @description When the lease ends now, unless another report renews it.
             * @example 2026-01-31T09:30:00.000Z
             */
            lease_expires_at: string;
            /** @description Whether the worker should end: somebody asked for the task to be cancelled. */
            cancel_requested: boolean;
            /**
             * @description The task's last event when the report was written.
             * @example 5f0c31aa.1042
             */
            cursor: string;
        };
        /**
         * @description What workers say of many tasks.
         * @example {
         *       "items": [
         *         {
         *           "type": "report",
         *           "task_id": "0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43",
         *           "lease": "lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718",
         *           "sequence": 1,
         *           "progress": {
         *             "percent": 25
         *           }
         *         }
         *       ]
         *     }
         */
        ReportBatch: {
            /** @description The items, 1 to 1000, each as the operation of its type takes it, with the task's id. */
            items: components["schemas"]["ReportItem"][];
        };
        /** @description What became of each item. */
        ReportBatchResult: {
            /** @description In the order of the request. */
            items: components["schemas"]["ReportItemResult"][];
        };
        /** @description What a worker says of one task. `type` says which of the four it is. */
        ReportItem: components["schemas"]["ReportOfTask"] | components["schemas"]["CompletionOfTask"] | components["schemas"]["FailureOfTask"] | components["schemas"]["ReleaseOfTask"];
        /** @description What became of one item. `report`, `state` or `problem` is there, as its `type` and `status` say. */
        ReportItemResult: {
            /** @description The task, as the item named it; empty where it named none. */
            task_id: string;
            /**
             * Format: uint16
             * @description The HTTP status that the operation of its type would have answered.
             */
            status: number;
            /** @description For a report that was written. */
            report?: components["schemas"]["ReportAnswer"];
            /** @description For an attempt that was ended: where the task is now. */
            state?: components["schemas"]["TaskState"];
            /** @description For an item that was refused: what the operation of its type would have answered. */
            problem?: components["schemas"]["Problem"];
        };
        /** @description As reportTask takes it: progress, lines, a checkpoint, or nothing but the lease. */
        ReportOfTask: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "report";
            /** @description The task. */
            task_id: string;
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
            /**
             * Format: uint64
             * @description Makes sending it again harmless: the same number as the last report's is answered the same,
             *     and nothing is written; a lower one is refused; gaps are fine.
             */
            sequence?: number;
            /** @description How far the task is. */
            progress?: components["schemas"]["ReportedProgress"];
            /** @description The parts of the work, in order, at most 32; replaces those the task had. */
            stages?: components["schemas"]["StageDefinition"][];
            /** @description Lines for the task's log, at most 1000. */
            logs?: components["schemas"]["ReportedLine"][];
            /** @description What the next attempt should find, should this one be lost: any JSON. Replaces the last one. */
            checkpoint?: unknown;
        };
        /** @description What went wrong. */
        ReportedError: {
            /** @description For programs: a short stable word, 1 to 128 characters. */
            type: string;
            /** @description For people: one line. */
            title?: string;
            /** @description For people: all that is known. */
            detail?: string;
        };
        /** @description A line for the task's log; the server adds the time. */
        ReportedLine: {
            /**
             * @description How much it matters.
             * @default info
             */
            level?: components["schemas"]["LogLevel"];
            /** @description The line. */
            text: string;
        };
        /**
         * @description How far the task is: `percent`, or `current` with `total`, not both. What is left out stays as it
         *     was.
         */
        ReportedProgress: {
            /**
             * Format: double
             * @description 0 to 100. What watchers see never falls within an attempt.
             */
            percent?: number;
            /**
             * Format: double
             * @description How much is done, in `unit`.
             */
            current?: number;
            /**
             * Format: double
             * @description How much there is to do, in `unit`.
             */
            total?: number;
            /** @description What `current` and `total` count, e.g. `files`. */
            unit?: string;
            /** @description What is happening, for people. */
            message?: string;
            /**
             * @description The part of the work that is under way. If it is one of the task's `stages`, what is counted
             *     here counts within it, and the task's `percent` follows from the weights.
             */
            stage?: string;
        };
        /**
         * @description Why a cursor could not be used.
         * @enum {string}
         */
        ResetReason: "garbage" | "epoch" | "future" | "trimmed";
        /**
         * @description What of a queue's done tasks goes by itself, and how long after their end. It holds for all of them,
         *     also for those that were done before it was set. What is left out is kept for good.
         * @example {
         *       "task_seconds": 2592000,
         *       "body_seconds": 604800,
         *       "progress_seconds": 86400
         *     }
         */
        Retention: {
            /**
             * Format: uint64
             * @description When the task itself is deleted, in seconds: 0 to 315360000 (ten years). The task's own
             *     `retention_seconds` wins.
             */
            task_seconds?: number;
            /**
             * Format: uint64
             * @description When its input, output and checkpoint go, in seconds: 0 to 315360000 (ten years). The task then
             *     says `bodies_dropped`, and cannot be retried.
             */
            body_seconds?: number;
            /**
             * Format: uint64
             * @description When its events go, but for the one that ended it and those after that, in seconds: 0 to
             *     315360000 (ten years). Log lines are events.
             */
            event_seconds?: number;
            /**
             * Format: uint64
             * @description When progress events are thinned to at most 100 of each attempt, in seconds: 0 to 315360000 (ten
             *     years).
             */
            progress_seconds?: number;
        };
        /** @description A rule that submits tasks by the calendar, and what it did. */
        Schedule: {
            /**
             * @description Made by the server (a UUIDv7), or chosen by the client.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            id: string;
            /**
             * @description When it runs: minute, hour, day of the month, month, weekday; a rule of six fields begins with
             *     seconds.
             */
            cron: string;
            /** @description The zone its rule is read in, of the IANA database. */
            time_zone: string;
            /** @description What happens to a run whose predecessor is not done. */
            overlap: components["schemas"]["Overlap"];
            /** @description Whether it submits nothing by itself. */
            paused: boolean;
            /** @description What each run submits. */
            task: components["schemas"]["ScheduledTask"];
            /**
             * Format: date-time
             * @description When it runs next; absent while it is paused, and when its rule names no further moment.
             * @example 2026-01-31T09:30:00.000Z
             */
            next_run_at?: string;
            /**
             * Format: date-time
             * @description The moment its last run was for.
             * @example 2026-01-31T09:30:00.000Z
             */
            last_run_at?: string;
            /**
             * @description The task its last run submitted.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            last_task_id?: string;
            /**
             * Format: date-time
             * @description The moment of the last run that was left out.
             * @example 2026-01-31T09:30:00.000Z
             */
            last_skipped_at?: string;
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When anything was last said of it; a run is none.
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at: string;
            /** @description Where to go from here. */
            links: components["schemas"]["ScheduleLinks"];
        };
        /**
         * @description What may change about a schedule; what is left out stays as it is.
         * @example {
         *       "cron": "0 4 * * MON-FRI",
         *       "paused": false
         *     }
         */
        ScheduleChange: {
            /**
             * @description When it runs: minute, hour, day of the month, month, weekday, e.g. `30 9 * * MON-FRI`; a rule
             *     of six fields begins with seconds. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`
             *     are rules too. At most 256 characters.
             */
            cron?: string;
            /** @description The zone its rule is read in, of the IANA database, e.g. `Europe/Berlin`. */
            time_zone?: string;
            /** @description What happens to a run whose predecessor is not done. */
            overlap?: components["schemas"]["Overlap"];
            /**
             * @description `true`: it submits nothing by itself. Set back to `false`, it goes on with the next moment of
             *     its rule, and makes up nothing.
             */
            paused?: boolean;
            /** @description What each run submits; replaced as a whole. */
            task?: components["schemas"]["ScheduledTask"];
        };
        /**
         * @description All that is to be said of a schedule. What is left out returns to its default; `null` is the same
         *     as leaving a field out.
         * @example {
         *       "cron": "30 3 * * *",
         *       "time_zone": "Europe/Berlin",
         *       "overlap": "skip",
         *       "paused": false,
         *       "task": {
         *         "kind": "report",
         *         "input": {
         *           "of": "yesterday"
         *         }
         *       }
         *     }
         */
        ScheduleDefinition: {
            /**
             * @description When it runs: minute, hour, day of the month, month, weekday, e.g. `30 9 * * MON-FRI`; a rule
             *     of six fields begins with seconds. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`
             *     are rules too. At most 256 characters.
             */
            cron: string;
            /**
             * @description The zone its rule is read in, of the IANA database, e.g. `Europe/Berlin`.
             * @default UTC
             */
            time_zone?: string;
            /**
             * @description What happens to a run whose predecessor is not done.
             * @default skip
             */
            overlap?: components["schemas"]["Overlap"];
            /**
             * @description `true`: it submits nothing by itself.
             * @default false
             */
            paused?: boolean;
            /** @description What each run submits. */
            task: components["schemas"]["ScheduledTask"];
        };
        /** @description Paths relative to the server's root. */
        ScheduleLinks: {
            /** @description The schedule itself. */
            self: string;
            /** @description POST here to run it now. */
            run: string;
            /** @description The task its last run submitted. */
            last_task?: string;
        };
        /** @description A page of schedules, by id. */
        ScheduleList: {
            /** @description The schedules. */
            items: components["schemas"]["Schedule"][];
            /** @description Give this as `page` to get the next one; absent at the end. */
            next_page?: string;
        };
        /**
         * @description A schedule to be made. `null` is the same as leaving a field out.
         * @example {
         *       "id": "nightly-report",
         *       "cron": "30 3 * * *",
         *       "time_zone": "Europe/Berlin",
         *       "overlap": "skip",
         *       "paused": false,
         *       "task": {
         *         "kind": "report",
         *         "input": {
         *           "of": "yesterday"
         *         }
         *       }
         *     }
         */
        ScheduleSubmission: {
            /** @description An id of your own: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`. Without it the server makes one. */
            id?: string;
            /**
             * @description When it runs: minute, hour, day of the month, month, weekday, e.g. `30 9 * * MON-FRI`; a rule
             *     of six fields begins with seconds. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`
             *     are rules too. At most 256 characters.
             */
            cron: string;
            /**
             * @description The zone its rule is read in, of the IANA database, e.g. `Europe/Berlin`.
             * @default UTC
             */
            time_zone?: string;
            /**
             * @description What happens to a run whose predecessor is not done.
             * @default skip
             */
            overlap?: components["schemas"]["Overlap"];
            /**
             * @description `true`: it submits nothing by itself.
             * @default false
             */
            paused?: boolean;
            /** @description What each run submits. */
            task: components["schemas"]["ScheduledTask"];
        };
        /**
         * @description What each run of a schedule submits: a task, but for what differs from run to run. Only `kind` is
         *     required; but for `input`, `null` is the same as leaving a field out.
         */
        ScheduledTask: {
            /** @description What is to be done: 1 to 128 characters, no control characters. */
            kind: string;
            /** @description Where it waits: 1 to 128 characters, no control characters. Without it, `default`. */
            queue?: string;
            /**
             * @description What the worker is given: any JSON, or what the `input_schema` of its kind says; handed on as
             *     the text it came as.
             */
            input?: unknown;
            /**
             * @description Up to 32 words to find it by; keys and values have at most 128 characters, and no `=` in a
             *     key.
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description From -100 to 100; higher goes first. Without it, 0.
             */
            priority?: number;
            /**
             * Format: uint32
             * @description How often it may be tried: 1 to 100. Without it as the `defaults` of its kind or queue say,
             *     else 3.
             */
            max_attempts?: number;
            /**
             * Format: uint64
             * @description How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it as the
             *     `defaults` of its kind or queue say, else as long as its worker reports.
             */
            timeout_seconds?: number;
            /**
             * Format: uint64
             * @description How long a worker has to end after a cancel, in seconds, before the server ends the task: 0
             *     to 3600. Without it, 30.
             */
            cancel_grace_seconds?: number;
            /**
             * Format: uint64
             * @description How long after its submission it must be done, in seconds: 1 to 31536000 (a year).
             */
            deadline_seconds?: number;
            /**
             * @description Of the tasks of its queue that share this word, only one runs at a time, or as many as the
             *     queue's `max_concurrency_per_key` says: 1 to 128 characters, no control characters.
             */
            concurrency_key?: string;
            /**
             * Format: uint64
             * @description A failed attempt waits for the next one any time up to this, doubled with every further
             *     attempt, in seconds: 0 to 2592000 (30 days). Without it as the `defaults` of its kind or
             *     queue say, else 1.
             */
            backoff_base_seconds?: number;
            /**
             * Format: uint64
             * @description The longest a failed attempt waits for the next one, in seconds: 0 to 2592000 (30 days).
             *     Without it as the `defaults` of its kind or queue say, else 300.
             */
            backoff_max_seconds?: number;
            /** @description The parts of the work, in order, at most 32. */
            stages?: components["schemas"]["StageDefinition"][];
            /**
             * Format: uint64
             * @description After so long without more than a heartbeat its progress is shown as `stalled`, in seconds:
             *     1 to 86400 (a day). Without it as the `defaults` of its kind or queue say, else 60.
             */
            stalled_after_seconds?: number;
            /**
             * Format: uint64
             * @description How long it is kept once it is done, in seconds: 0 to 315360000 (ten years). Without it as
             *     the `defaults` of its kind or queue say, else for good.
             */
            retention_seconds?: number;
            /**
             * @description A W3C `traceparent`, e.g. `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, handed on
             *     to the worker.
             */
            trace_parent?: string;
        };
        /**
         * @description Another secret.
         * @example {}
         */
        SecretRotation: {
            /** @description A secret of your own: `whsec_` and 24 to 64 bytes in base64. Without it the server makes one. */
            secret?: string;
        };
        /** @description A part of the work, and how much of the whole it is. */
        Stage: {
            /** @description Its name; a report names it as its `stage`. */
            name: string;
            /**
             * Format: double
             * @description How much of the whole it is, relative to the other stages.
             */
            weight: number;
        };
        /** @description A part of the work, and how much of the whole it is. */
        StageDefinition: {
            /**
             * @description Its name, for reports to name as their `stage`: 1 to 128 characters, no control characters,
             *     and no other stage's.
             */
            name: string;
            /**
             * Format: double
             * @description How much of the whole it is, relative to the other stages: more than 0, at most 1000000.
             * @default 1
             */
            weight?: number;
        };
        /** @description What became of a start. */
        StartAnswer: {
            /** @description For people. */
            message: string;
        };
        /** @description The server is going down and closes the stream; come back with the last `id:`. */
        StreamDrainingEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.draining";
        };
        /**
         * @description Nothing more will come; the server closes the stream. A client that comes back with the last
         *     `id:` gets 204.
         */
        StreamEndEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.end";
        };
        /**
         * @description Where a stream without a cursor begins.
         * @enum {string}
         */
        StreamFrom: "start";
        /** @description A task that matched the filter does so no more. */
        StreamLeftEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.left";
            /**
             * @description The task.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * @description The place of the event with which it left.
             * @example 5f0c31aa.1042
             */
            cursor: string;
        };
        /** @description The cursor the client came with could not be used: forget everything; a snapshot follows. */
        StreamResetEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.reset";
            /** @description Why. */
            reason: components["schemas"]["ResetReason"];
        };
        /**
         * @description The tasks a stream is about, as they are when it begins.
         *
         *     A snapshot may take several frames; the last one has `more: false`, the `cursor` and the SSE
         *     `id:`. An event that is not newer than its task's own `cursor` is already in the snapshot.
         *
         *     With `fresh: true` it holds only what the request said is new to the watcher: it adds to what the
         *     watcher knows and replaces none of it, and has neither `cursor` nor `id:`.
         */
        StreamSnapshotEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.snapshot";
            /** @description A page of tasks, without `input`. */
            tasks: components["schemas"]["Task"][];
            /** @description Whether another page follows. */
            more: boolean;
            /**
             * @description Where the events after the snapshot begin; on the last page only.
             * @example 5f0c31aa.1042
             */
            cursor?: string;
            /** @description `true` where these tasks come in addition to those the watcher knows. */
            fresh?: boolean;
        };
        /** @description How a submission went. */
        SubmissionAnswer: {
            /** @description `success` or `error`. */
            status: string;
            /** @description For people, in Russian. */
            message: string;
        };
        /** @description What this server is and how it is doing. */
        SystemStatus: {
            /** @description The server's version. */
            version: string;
            /** @description The contract's version: `info.version` of the spec. */
            api_version: string;
            /** @description Names this database: a cursor with another epoch belongs to another one. */
            epoch: string;
            /**
             * Format: date-time
             * @description When this process started.
             * @example 2026-01-31T09:30:00.000Z
             */
            started_at: string;
            /**
             * Format: uint64
             * @description How long this process has been running, in whole seconds.
             */
            uptime_seconds: number;
            /** @description What keeps the tasks: `sqlite`. */
            store: string;
            /**
             * Format: uint64
             * @description Streams that are open now.
             */
            open_streams: number;
            /**
             * Format: uint64
             * @description Tasks that are running now, the server's own left out.
             */
            running_tasks: number;
            /**
             * Format: uint64
             * @description Tasks that wait for a worker now, the server's own left out.
             */
            queued_tasks: number;
            /**
             * @description The last event's place in the log.
             * @example 5f0c31aa.1042
             */
            log_end: string;
            /** @description What one request may ask for. */
            limits: components["schemas"]["Limits"];
        };
        /** @description One piece of work, and how far it is. */
        Task: {
            /**
             * @description Made by the server (a UUIDv7), or chosen by the client with putTask.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            id: string;
            /** @description What is to be done; workers choose by it. */
            kind: string;
            /** @description Where it waits; workers choose by it. */
            queue: string;
            /** @description Where it is in its life. */
            state: components["schemas"]["TaskState"];
            /**
             * @description Whether its life is over. Then exactly one of `output` and `error` is set (or
             *     `output_omitted`, or `bodies_dropped`).
             */
            done: boolean;
            /**
             * @description What its worker is given: any JSON, kept as the text it came as. Only in getTask's answer and
             *     in leases.
             */
            input?: unknown;
            /** @description Words of yours to find it by. */
            labels: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description From -100 to 100; higher goes first.
             */
            priority: number;
            /** @description How far its running attempt is, or its last one was. */
            progress?: components["schemas"]["Progress"];
            /** @description What came out: any JSON. `{}` when the worker gave none. */
            output?: unknown;
            /**
             * @description Why it failed or was cancelled; while it is retrying, why its last attempt failed (of a long text the
             *     first 300 characters).
             */
            error?: components["schemas"]["TaskError"];
            /**
             * @description `true` when the output or error is longer than 16 KiB and therefore left out here; getTask
             *     always has it whole.
             * @default false
             */
            output_omitted?: boolean;
            /**
             * @description `true` once its input and output are gone, because its queue keeps them no longer (`retention`).
             *     Such a task cannot be retried.
             * @default false
             */
            bodies_dropped?: boolean;
            /**
             * Format: uint32
             * @description Attempts begun.
             */
            attempt: number;
            /**
             * Format: uint32
             * @description Attempts granted.
             */
            max_attempts: number;
            /**
             * Format: uint64
             * @description How long one attempt may take, in seconds.
             */
            timeout_seconds?: number;
            /**
             * Format: uint64
             * @description How long a worker has to end after a cancel, in seconds, before the server ends the task.
             */
            cancel_grace_seconds: number;
            /**
             * @description `true` while a cancel waits for the worker to end.
             * @default false
             */
            cancel_requested?: boolean;
            /**
             * Format: uint64
             * @description How long a failed attempt waits for the next one: any time up to this, doubled with every
             *     further attempt, in seconds; absent where that is 1.
             */
            backoff_base_seconds?: number;
            /**
             * Format: uint64
             * @description The longest a failed attempt waits for the next one, in seconds; absent where that is 300.
             */
            backoff_max_seconds?: number;
            /**
             * Format: uint64
             * @description After so many seconds without more than a heartbeat its progress is shown as `stalled`; absent
             *     where that is 60.
             */
            stalled_after_seconds?: number;
            /**
             * Format: uint64
             * @description How long it is kept once it is done, in seconds; absent where that is for good.
             */
            retention_seconds?: number;
            /** @description Of the tasks of its queue that share this word, only so many run at once. */
            concurrency_key?: string;
            /**
             * @description The parts of the work, in order; absent where there are none.
             * @default []
             */
            stages?: components["schemas"]["Stage"][];
            /**
             * Format: date-time
             * @description When it becomes due; absent when that was at once.
             * @example 2026-01-31T09:30:00.000Z
             */
            run_at?: string;
            /**
             * Format: date-time
             * @description When it must be done; at that time it fails with `deadline-exceeded`.
             * @example 2026-01-31T09:30:00.000Z
             */
            deadline_at?: string;
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its last attempt began.
             * @example 2026-01-31T09:30:00.000Z
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When anything about it last changed.
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description When it was done.
             * @example 2026-01-31T09:30:00.000Z
             */
            finished_at?: string;
            /**
             * @description The task it is a part of.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            parent_id?: string;
            /**
             * Format: double
             * @description How much of its parent it is, relative to its siblings; absent where that was not said, which
             *     means 1.
             */
            weight?: number;
            /** @description How many children it has, as they were told last; absent where it has none. */
            children?: components["schemas"]["Children"];
            /**
             * @description `true` for a task that no worker takes: it is done once it has children and all of them are.
             * @default false
             */
            complete_when_children_done?: boolean;
            /** @description With `complete_when_children_done`: what a child that failed means. */
            child_failure?: components["schemas"]["ChildFailure"];
            /** @description While it is not done, no other task of its queue has this key. */
            unique_key?: string;
            /**
             * @description The tasks that had to be done before it might begin; absent where there are none.
             * @default []
             */
            after?: string[];
            /** @description With `after`: what one of them that fails or is cancelled does to this one. */
            after_failure?: components["schemas"]["AfterFailure"];
            /**
             * Format: uint32
             * @description How many tasks of `after` it still waits for; absent where it waits for none.
             */
            waiting_for?: number;
            /**
             * @description The schedule that submitted it.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            schedule_id?: string;
            /** @description The W3C `traceparent` of whoever created it. */
            trace_parent?: string;
            /** @description Who holds its lease; while it waits, who alone may take it. */
            worker?: string;
            /**
             * @description The place of its last event in the log: watch from here and nothing is missed.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /** @description Where to go from here. */
            links: components["schemas"]["TaskLinks"];
        };
        /**
         * @description Tasks to be made, all of them or none.
         * @example {
         *       "tasks": [
         *         {
         *           "kind": "thumbnails",
         *           "queue": "default",
         *           "input": {
         *             "album": "summer",
         *             "size": 256
         *           },
         *           "labels": {
         *             "album": "summer"
         *           },
         *           "priority": 0,
         *           "max_attempts": 3,
         *           "timeout_seconds": 600,
         *           "cancel_grace_seconds": 30
         *         }
         *       ]
         *     }
         */
        TaskBatch: {
            /** @description The tasks, 1 to 1000. What is wrong with one is named with its place, e.g. `tasks[3].kind`. */
            tasks: components["schemas"]["TaskSubmission"][];
        };
        /** @description The tasks that were made. */
        TaskBatchResult: {
            /** @description In the order of the request. */
            tasks: components["schemas"]["Task"][];
        };
        /** @description Somebody asked for the running task to be cancelled; its worker is told with its next report. */
        TaskCancelRequestedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.cancel_requested";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /** @description The task is done, because somebody cancelled it. */
        TaskCancelledEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.cancelled";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /**
         * @description What may change about a task; what is left out stays as it is.
         * @example {
         *       "labels": {
         *         "album": "summer"
         *       },
         *       "priority": 10
         *     }
         */
        TaskChange: {
            /** @description Replaces all labels. */
            labels?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description From -100 to 100; higher goes first. Only while the task waits.
             */
            priority?: number;
            /**
             * Format: date-time
             * @description When it becomes due. Only while the task waits.
             * @example 2026-01-31T09:30:00.000Z
             */
            run_at?: string;
        };
        /**
         * @description The end of a task, with what came out.
         * @example {
         *       "lease": "lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718",
         *       "output": {
         *         "thumbnails": 12
         *       }
         *     }
         */
        TaskCompletion: {
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
            /** @description What came out: any JSON. Without it the task's output is `{}`. */
            output?: unknown;
        };
        /**
         * @description What tasks of a queue, or of a kind, get where their submission does not say. It is copied when a
         *     task is submitted: a later change is for later tasks. What a kind does not say, the queue says.
         * @example {
         *       "max_attempts": 5,
         *       "timeout_seconds": 600
         *     }
         */
        TaskDefaults: {
            /**
             * Format: uint32
             * @description How often a task may be tried: 1 to 100. Without it, 3.
             */
            max_attempts?: number;
            /**
             * Format: uint64
             * @description How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it, as long as its
             *     worker reports.
             */
            timeout_seconds?: number;
            /**
             * Format: uint64
             * @description A failed attempt waits for the next one any time up to this, doubled with every further
             *     attempt, in seconds: 0 to 2592000 (30 days). Without it, 1.
             */
            backoff_base_seconds?: number;
            /**
             * Format: uint64
             * @description The longest a failed attempt waits for the next one, in seconds: 0 to 2592000 (30 days).
             *     Without it, 300.
             */
            backoff_max_seconds?: number;
            /**
             * Format: uint64
             * @description After so long without more than a heartbeat a task's progress is shown as `stalled`, in
             *     seconds: 1 to 86400 (a day). Without it, 60.
             */
            stalled_after_seconds?: number;
            /**
             * Format: uint64
             * @description How long a task is kept once it is done, in seconds: 0 to 315360000 (ten years). Without it,
             *     for good.
             */
            retention_seconds?: number;
        };
        /** @description The task was removed. */
        TaskDeletedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.deleted";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /** @description Why a task, or one attempt of it, failed. */
        TaskError: {
            /**
             * @description For programs: the worker's own word, or one of the server's (`lease-expired`, `timeout`,
             *     `deadline-exceeded`, `cancelled`, `children-failed`, `dependency-failed`).
             */
            type: string;
            /** @description For people: one line. */
            title?: string;
            /** @description For people: all that is known. */
            detail?: string;
        };
        /** @description The task is done, with an error. */
        TaskFailedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.failed";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /**
         * @description The end of an attempt, with what went wrong.
         * @example {
         *       "lease": "lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718",
         *       "error": {
         *         "type": "unreadable-image",
         *         "title": "beach.jpg is not an image"
         *       },
         *       "retryable": true,
         *       "retry_after_seconds": 10
         *     }
         */
        TaskFailure: {
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
            /** @description What went wrong. */
            error: components["schemas"]["ReportedError"];
            /**
             * @description Whether another attempt may follow, if any are left.
             * @default true
             */
            retryable?: boolean;
            /**
             * Format: uint64
             * @description How long the next attempt should wait, in seconds, at most 30 days; without it the server's
             *     backoff decides.
             */
            retry_after_seconds?: number;
        };
        /**
         * @description Paths relative to the server's root. `cancel`, `retry` and `delete` are there only while the task
         *     itself allows them, so a client can live a task's whole life by following links.
         */
        TaskLinks: {
            /** @description The task itself. */
            self: string;
            /** @description Its events, live (Server-Sent Events). */
            events: string;
            /** @description Its events, as a list. */
            history: string;
            /** @description The last lines its workers wrote. */
            logs: string;
            /** @description Its attempts, each with its worker and its end; absent in events that an older server wrote. */
            attempts?: string;
            /** @description The tasks that are parts of it. */
            children: string;
            /** @description The task it is a part of. */
            parent?: string;
            /** @description The schedule that submitted it. */
            schedule?: string;
            /** @description POST here to cancel it. */
            cancel?: string;
            /** @description POST here to try it again; refused while another task has its `unique_key`. */
            retry?: string;
            /** @description DELETE this to remove it; not there while `children` tells of some that are not done. */
            delete?: string;
        };
        /** @description A page of tasks, newest first. */
        TaskList: {
            /** @description The tasks, without `input`. A page may be short, or empty, while there are more. */
            items: components["schemas"]["Task"][];
            /** @description Give this as `page` to get the next one; absent at the end. */
            next_page?: string;
        };
        /** @description A worker wrote lines. */
        TaskLogEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.log";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The lines, in order. A long report is cut up into several events. */
            lines: components["schemas"]["LogLine"][];
        };
        /** @description A worker reported progress, or the task's children got on. */
        TaskProgressEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.progress";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The whole progress after the report; it replaces the one before. */
            progress: components["schemas"]["Progress"];
            /** @description How many children the task has now; absent where it has none. */
            children?: components["schemas"]["Children"];
        };
        /** @description The task waits for a worker: it was created, became due, or was given back. */
        TaskQueuedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.queued";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /**
         * @description A task given back.
         * @example {
         *       "lease": "lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718"
         *     }
         */
        TaskRelease: {
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
        };
        /**
         * @description What a worker says while it runs. All but `lease` may be absent: then it only keeps the lease.
         *     But for `checkpoint`, `null` is the same as leaving a field out.
         * @example {
         *       "lease": "lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718",
         *       "sequence": 1,
         *       "progress": {
         *         "current": 3,
         *         "total": 12,
         *         "unit": "images",
         *         "message": "beach.jpg"
         *       },
         *       "logs": [
         *         {
         *           "level": "info",
         *           "text": "wrote beach-256.jpg"
         *         }
         *       ],
         *       "checkpoint": {
         *         "done": 3
         *       }
         *     }
         */
        TaskReport: {
            /**
             * @description The lease's token.
             * @example lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718
             */
            lease: string;
            /**
             * Format: uint64
             * @description Makes sending it again harmless: the same number as the last report's is answered the same,
             *     and nothing is written; a lower one is refused; gaps are fine.
             */
            sequence?: number;
            /** @description How far the task is. */
            progress?: components["schemas"]["ReportedProgress"];
            /**
             * @description The parts of the work, in order, at most 32; replaces those the task had. For a worker that
             *     learns only now what there is to do.
             */
            stages?: components["schemas"]["StageDefinition"][];
            /** @description Lines for the task's log, at most 1000. */
            logs?: components["schemas"]["ReportedLine"][];
            /** @description What the next attempt should find, should this one be lost: any JSON. Replaces the last one. */
            checkpoint?: unknown;
        };
        /** @description An attempt failed, and another one follows. */
        TaskRetryingEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.retrying";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description Why the attempt failed. */
            error: components["schemas"]["TaskError"];
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /** @description The task was created, and waits for its `run_at`. */
        TaskScheduledEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.scheduled";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /**
         * @description A worker took the task; or, with `complete_when_children_done`, it waits for its children from
         *     now on.
         */
        TaskStartedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.started";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /**
         * @description Where a task is in its life: `scheduled → queued → running → succeeded | failed | cancelled`, and
         *     `running → retrying → queued` while attempts are left.
         *
         *     Clients should treat a state they do not know as one that is not done, and look at `done`.
         * @enum {string}
         */
        TaskState: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "cancelled";
        /**
         * @description A task to be made. Only `kind` is required; but for `input`, `null` is the same as leaving a
         *     field out.
         * @example {
         *       "kind": "thumbnails",
         *       "queue": "default",
         *       "input": {
         *         "album": "summer",
         *         "size": 256
         *       },
         *       "labels": {
         *         "album": "summer"
         *       },
         *       "priority": 0,
         *       "max_attempts": 3,
         *       "timeout_seconds": 600,
         *       "cancel_grace_seconds": 30
         *     }
         */
        TaskSubmission: {
            /**
             * @description What is to be done: 1 to 128 characters, no control characters. Kinds that begin with
             *     `milepost.` are the server's own.
             */
            kind: string;
            /**
             * @description Where it waits: 1 to 128 characters, no control characters.
             * @default default
             */
            queue?: string;
            /**
             * @description What the worker is given: any JSON, or what the `input_schema` of its kind says; handed on as
             *     the text it came as.
             */
            input?: unknown;
            /**
             * @description Up to 32 words to find it by; keys and values have at most 128 characters, and no `=` in a
             *     key.
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description From -100 to 100; higher goes first.
             * @default 0
             */
            priority?: number;
            /**
             * Format: uint32
             * @description How often it may be tried: 1 to 100. Without it as the `defaults` of its kind or queue say,
             *     else 3.
             */
            max_attempts?: number;
            /**
             * Format: uint64
             * @description How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it as the
             *     `defaults` of its kind or queue say, else as long as its worker reports.
             */
            timeout_seconds?: number;
            /**
             * Format: uint64
             * @description How long a worker has to end after a cancel, in seconds, before the server ends the task: 0
             *     to 3600.
             * @default 30
             */
            cancel_grace_seconds?: number;
            /**
             * Format: date-time
             * @description When it becomes due; a time that has passed means at once. Not together with
             *     `delay_seconds`.
             * @example 2026-01-31T09:30:00.000Z
             */
            run_at?: string;
            /**
             * Format: uint64
             * @description How long from now it becomes due, in seconds: 0 to 31536000 (a year). Not together with
             *     `run_at`.
             */
            delay_seconds?: number;
            /**
             * Format: date-time
             * @description When it must be done: at that time it fails with `deadline-exceeded`, wherever it is, and
             *     is not tried again. Not together with `deadline_seconds`.
             * @example 2026-01-31T09:30:00.000Z
             */
            deadline_at?: string;
            /**
             * Format: uint64
             * @description How long from now it must be done, in seconds: 1 to 31536000 (a year). Not together with
             *     `deadline_at`.
             */
            deadline_seconds?: number;
            /**
             * @description Of the tasks of its queue that share this word, only one runs at a time, or as many as the
             *     queue's `max_concurrency_per_key` says: 1 to 128 characters, no control characters. The others
             *     wait, and hold nobody else up.
             */
            concurrency_key?: string;
            /**
             * Format: uint64
             * @description A failed attempt waits for the next one any time up to this, doubled with every further
             *     attempt, in seconds: 0 to 2592000 (30 days). Without it as the `defaults` of its kind or
             *     queue say, else 1.
             */
            backoff_base_seconds?: number;
            /**
             * Format: uint64
             * @description The longest a failed attempt waits for the next one, in seconds: 0 to 2592000 (30 days).
             *     Without it as the `defaults` of its kind or queue say, else 300.
             */
            backoff_max_seconds?: number;
            /**
             * @description The parts of the work, in order, at most 32. A report that names one of them as its `stage`
             *     counts within that stage, and the task's `percent` follows from the weights.
             */
            stages?: components["schemas"]["StageDefinition"][];
            /**
             * Format: uint64
             * @description After so long without more than a heartbeat its progress is shown as `stalled`, in seconds:
             *     1 to 86400 (a day). Without it as the `defaults` of its kind or queue say, else 60.
             */
            stalled_after_seconds?: number;
            /**
             * Format: uint64
             * @description How long it is kept once it is done, in seconds: 0 to 315360000 (ten years). Without it as
             *     the `defaults` of its kind or queue say, else for good.
             */
            retention_seconds?: number;
            /**
             * @description The task it is a part of; it must exist, have at most 7 tasks above it, and take children: one
             *     that failed or was cancelled does not. It counts this one, its progress follows, and its end by
             *     failure or cancel reaches this one.
             */
            parent_id?: string;
            /**
             * Format: double
             * @description How much of its parent it is, relative to its siblings: more than 0, at most 1000000. Without it,
             *     1.
             */
            weight?: number;
            /**
             * @description Makes it a task that no worker takes: it runs from the start, and is done once it has children
             *     and all of them are. It then has their counts as its output.
             */
            complete_when_children_done?: boolean;
            /**
             * @description What a task with `complete_when_children_done` does about a child that failed. Without it,
             *     `fail_fast`.
             */
            child_failure?: components["schemas"]["ChildFailure"];
            /**
             * @description While a task of its queue with the same key is not done, no other one is made; 1 to 255
             *     characters, no control characters. createTask and createTasks then answer with that task.
             */
            unique_key?: string;
            /**
             * @description The tasks that must be done before this one may begin, by their ids: at most 50, each once. An
             *     empty list is the same as none. Until then it is `scheduled`; one that is done already counts at once. In createTasks also the `alias`
             *     of a task of the same request, wherever it stands there. Tasks that would wait for each other are
             *     refused. Not together with `complete_when_children_done`.
             */
            after?: string[];
            /** @description What a task of `after` that fails or is cancelled does to this one. Without it, `cancel`. */
            after_failure?: components["schemas"]["AfterFailure"];
            /**
             * @description Only in createTasks: a word by which other tasks of the same request name this one in `after`. It
             *     is written like an id, wins over a task with that id, and is forgotten after the request.
             */
            alias?: string;
            /**
             * @description A W3C `traceparent`, e.g. `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, handed on
             *     to the worker.
             */
            trace_parent?: string;
            /** @description The only worker that may lease it, by name. */
            worker?: string;
        };
        /** @description The task is done, with an output. */
        TaskSucceededEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.succeeded";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /** @description Labels, priority or `run_at` changed. */
        TaskUpdatedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.updated";
            /**
             * @description Its place in the log.
             * @example 5f0c31aa.1042
             */
            cursor: string;
            /**
             * @description The task it happened to.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            task_id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            /**
             * Format: uint32
             * @description The attempt it belongs to; 0 before the first.
             */
            attempt: number;
            /** @description The task after the event, without `input`. */
            task: components["schemas"]["Task"];
        };
        /**
         * @description Which tasks: all given parts must match, and within one part any of its values. `null` is the
         *     same as leaving a field out.
         */
        WatchFilter: {
            /** @description These tasks: 1 to 500 ids. */
            tasks?: string[];
            /** @description Tasks in this queue. */
            queue?: string;
            /** @description Tasks of this kind. */
            kind?: string;
            /** @description Tasks in any of these states. */
            states?: components["schemas"]["TaskState"][];
            /** @description Tasks that ended with an error of any of these types. */
            error_types?: string[];
            /** @description Tasks with all of these labels. */
            labels?: {
                [key: string]: string;
            };
        };
        /**
         * @description A stream to be opened. `null` is the same as leaving a field out.
         * @example {
         *       "filters": [
         *         {
         *           "states": [
         *             "running"
         *           ]
         *         },
         *         {
         *           "kind": "thumbnails",
         *           "labels": {
         *             "album": "summer"
         *           }
         *         }
         *       ],
         *       "max_rate": 10,
         *       "max_seconds": 10
         *     }
         */
        WatchRequest: {
            /**
             * @description A task is watched when any of them matches it: 1 to 64 filters, which name at most 500 ids
             *     together. Without them, every task is.
             */
            filters?: components["schemas"]["WatchFilter"][];
            /**
             * @description What is new in `filters` since the stream was last open. Where `after` can be used, the tasks
             *     these match come first, in `stream.snapshot` frames with `fresh: true`; without it they are
             *     part of the snapshot in any case. Bounded like `filters`.
             */
            fresh?: components["schemas"]["WatchFilter"][];
            /** @description Go on after this cursor. Goes before `from`; the header `Last-Event-ID` goes before both. */
            after?: string;
            /** @description `start`: without a cursor, send every event that is kept in place of a snapshot. */
            from?: components["schemas"]["StreamFrom"];
            /**
             * Format: double
             * @description At most that many progress events a second of each task, the newest of them; all other
             *     events come as they are. More than 0.
             */
            max_rate?: number;
            /**
             * Format: uint64
             * @description End the stream after that many seconds, 1 to 86400; it can be resumed.
             */
            max_seconds?: number;
        };
        /** @description Whom the end of tasks is told to. */
        Webhook: {
            /**
             * @description Made by the server (a UUIDv7).
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            id: string;
            /** @description Where the messages are posted. */
            url: string;
            /** @description Which ends are told. */
            events: components["schemas"]["WebhookEvent"][];
            /** @description Only of tasks in this queue. */
            queue?: string;
            /** @description Only of tasks of this kind. */
            kind?: string;
            /** @description Only of tasks with all of these labels. */
            labels: {
                [key: string]: string;
            };
            /** @description What it is for. */
            description?: string;
            /** @description Whether anything is told. */
            enabled: boolean;
            /** @description Why the server disabled it; absent where its owner did. */
            disabled_reason?: string;
            /** @description What signs the messages. Only in the answers of createWebhook and rotateWebhookSecret. */
            secret?: string;
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When anything was last said of it.
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at: string;
            /** @description Where to go from here. */
            links: components["schemas"]["WebhookLinks"];
        };
        /**
         * @description What may change about a webhook; what is left out stays as it is.
         * @example {
         *       "kind": null,
         *       "enabled": true
         *     }
         */
        WebhookChange: {
            /** @description Where the messages are posted, those that wait included. */
            url?: string;
            /** @description Which ends are told; replaced as a whole. */
            events?: components["schemas"]["WebhookEvent"][];
            /** @description Only of tasks in this queue. `null`: of any. */
            queue?: string | null;
            /** @description Only of tasks of this kind. `null`: of any. */
            kind?: string | null;
            /** @description Only of tasks with all of these labels; replaced as a whole, so `{}` takes all away. */
            labels?: {
                [key: string]: string;
            };
            /** @description What it is for. `null` takes it away. */
            description?: string | null;
            /**
             * @description `false`: nothing is told, and what waits is cancelled. `true`: from now on; what was missed is
             *     not made up for.
             */
            enabled?: boolean;
        };
        /**
         * @description An end of a task that a webhook can be told of.
         * @enum {string}
         */
        WebhookEvent: "task.succeeded" | "task.failed" | "task.cancelled";
        /** @description Paths relative to the server's root. */
        WebhookLinks: {
            /** @description The webhook itself. */
            self: string;
            /** @description POST here to send it a test. */
            test: string;
            /** @description POST here to give it another secret. */
            rotate_secret: string;
            /** @description Its deliveries, as tasks, newest first. */
            deliveries: string;
        };
        /** @description A page of webhooks, by id. */
        WebhookList: {
            /** @description The webhooks, without their secrets. */
            items: components["schemas"]["Webhook"][];
            /** @description Give this as `page` to get the next one; absent at the end. */
            next_page?: string;
        };
        /**
         * @description A webhook to be made. `null` is the same as leaving a field out.
         * @example {
         *       "url": "https://example.com/hooks/milepost",
         *       "events": [
         *         "task.succeeded",
         *         "task.failed"
         *       ],
         *       "kind": "thumbnails",
         *       "description": "Tells the shop that the pictures are there",
         *       "enabled": true
         *     }
         */
        WebhookSubmission: {
            /**
             * @description Where the messages are posted: `https://` or `http://`, without user name, password,
             *     fragment, blanks and control characters, at most 2048 bytes. Shown to everybody who may look.
             */
            url: string;
            /**
             * @description Which ends are told.
             * @default [
             *       "task.succeeded",
             *       "task.failed",
             *       "task.cancelled"
             *     ]
             */
            events?: components["schemas"]["WebhookEvent"][];
            /** @description Only of tasks in this queue. */
            queue?: string;
            /** @description Only of tasks of this kind. */
            kind?: string;
            /** @description Only of tasks with all of these labels. */
            labels?: {
                [key: string]: string;
            };
            /** @description What it is for, for people: at most 4096 characters. */
            description?: string;
            /**
             * @description `false`: nothing is told.
             * @default true
             */
            enabled?: boolean;
            /**
             * @description A secret of your own that signs: `whsec_` and 24 to 64 bytes in base64. Without it the server
             *     makes one.
             */
            secret?: string;
        };
        /** @description A worker: who asked for work lately, or has a task's lease. */
        Worker: {
            /** @description Its name, as its requests give it. */
            name: string;
            /**
             * Format: uint64
             * @description How many of its calls wait for work now.
             */
            waiting: number;
            /** @description The queues its last call asked for; empty where it has not asked lately. */
            queues: string[];
            /** @description The kinds its last call asked for; empty where it takes any, or has not asked lately. */
            kinds: string[];
            /**
             * Format: date-time
             * @description When it last asked for work or reported on a task.
             * @example 2026-01-31T09:30:00.000Z
             */
            last_seen_at: string;
            /**
             * Format: uint64
             * @description How many tasks it runs.
             */
            running: number;
            /** @description The tasks it runs, longest running first, at most 20 of them. */
            tasks: components["schemas"]["WorkerTask"][];
        };
        /** @description A page of workers, by name. */
        WorkerList: {
            /** @description The workers, those of the server's own queue left out. */
            items: components["schemas"]["Worker"][];
            /** @description Give this as `page` to get the next one; absent at the end. */
            next_page?: string;
        };
        /** @description A task somebody works on. */
        WorkerTask: {
            /**
             * @description The task.
             * @example 0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43
             */
            id: string;
            /** @description What is to be done. */
            kind: string;
            /** @description Where it waited. */
            queue: string;
            /**
             * Format: uint32
             * @description The attempt that runs.
             */
            attempt: number;
            /**
             * Format: date-time
             * @description When the attempt began.
             * @example 2026-01-31T09:30:00.000Z
             */
            started_at: string;
            /**
             * Format: double
             * @description How far it is, 0 to 100, if its worker has said.
             */
            percent?: number;
            /**
             * @description `true` while its worker keeps the lease but has said nothing else for a while.
             * @default false
             */
            stalled?: boolean;
            /** @description Where to go from here. */
            links: components["schemas"]["WorkerTaskLinks"];
        };
        /** @description Paths relative to the server's root. */
        WorkerTaskLinks: {
            /** @description The task itself. */
            self: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AfterFailure = components['schemas']['AfterFailure'];
export type Attempt = components['schemas']['Attempt'];
export type AttemptList = components['schemas']['AttemptList'];
export type AttemptState = components['schemas']['AttemptState'];
export type BulkRequest = components['schemas']['BulkRequest'];
export type BulkSelection = components['schemas']['BulkSelection'];
export type ChildFailure = components['schemas']['ChildFailure'];
export type Children = components['schemas']['Children'];
export type CompletionOfTask = components['schemas']['CompletionOfTask'];
export type Event = components['schemas']['Event'];
export type EventPage = components['schemas']['EventPage'];
export type FailureOfTask = components['schemas']['FailureOfTask'];
export type FieldProblem = components['schemas']['FieldProblem'];
export type GreetingData = components['schemas']['GreetingData'];
export type Health = components['schemas']['Health'];
export type Kind = components['schemas']['Kind'];
export type KindDefinition = components['schemas']['KindDefinition'];
export type KindLinks = components['schemas']['KindLinks'];
export type KindList = components['schemas']['KindList'];
export type Lease = components['schemas']['Lease'];
export type LeaseLinks = components['schemas']['LeaseLinks'];
export type LeaseList = components['schemas']['LeaseList'];
export type LeaseRequest = components['schemas']['LeaseRequest'];
export type Limits = components['schemas']['Limits'];
export type LogLevel = components['schemas']['LogLevel'];
export type LogLine = components['schemas']['LogLine'];
export type LogLines = components['schemas']['LogLines'];
export type NameSubmission = components['schemas']['NameSubmission'];
export type Overlap = components['schemas']['Overlap'];
export type Problem = components['schemas']['Problem'];
export type Progress = components['schemas']['Progress'];
export type Queue = components['schemas']['Queue'];
export type QueueChange = components['schemas']['QueueChange'];
export type QueueCounts = components['schemas']['QueueCounts'];
export type QueueDefinition = components['schemas']['QueueDefinition'];
export type QueueLinks = components['schemas']['QueueLinks'];
export type QueueList = components['schemas']['QueueList'];
export type RateLimit = components['schemas']['RateLimit'];
export type ReleaseOfTask = components['schemas']['ReleaseOfTask'];
export type ReportAnswer = components['schemas']['ReportAnswer'];
export type ReportBatch = components['schemas']['ReportBatch'];
export type ReportBatchResult = components['schemas']['ReportBatchResult'];
export type ReportItem = components['schemas']['ReportItem'];
export type ReportItemResult = components['schemas']['ReportItemResult'];
export type ReportOfTask = components['schemas']['ReportOfTask'];
export type ReportedError = components['schemas']['ReportedError'];
export type ReportedLine = components['schemas']['ReportedLine'];
export type ReportedProgress = components['schemas']['ReportedProgress'];
export type ResetReason = components['schemas']['ResetReason'];
export type Retention = components['schemas']['Retention'];
export type Schedule = components['schemas']['Schedule'];
export type ScheduleChange = components['schemas']['ScheduleChange'];
export type ScheduleDefinition = components['schemas']['ScheduleDefinition'];
export type ScheduleLinks = components['schemas']['ScheduleLinks'];
export type ScheduleList = components['schemas']['ScheduleList'];
export type ScheduleSubmission = components['schemas']['ScheduleSubmission'];
export type ScheduledTask = components['schemas']['ScheduledTask'];
export type SecretRotation = components['schemas']['SecretRotation'];
export type Stage = components['schemas']['Stage'];
export type StageDefinition = components['schemas']['StageDefinition'];
export type StartAnswer = components['schemas']['StartAnswer'];
export type StreamDrainingEvent = components['schemas']['StreamDrainingEvent'];
export type StreamEndEvent = components['schemas']['StreamEndEvent'];
export type StreamFrom = components['schemas']['StreamFrom'];
export type StreamLeftEvent = components['schemas']['StreamLeftEvent'];
export type StreamResetEvent = components['schemas']['StreamResetEvent'];
export type StreamSnapshotEvent = components['schemas']['StreamSnapshotEvent'];
export type SubmissionAnswer = components['schemas']['SubmissionAnswer'];
export type SystemStatus = components['schemas']['SystemStatus'];
export type Task = components['schemas']['Task'];
export type TaskBatch = components['schemas']['TaskBatch'];
export type TaskBatchResult = components['schemas']['TaskBatchResult'];
export type TaskCancelRequestedEvent = components['schemas']['TaskCancelRequestedEvent'];
export type TaskCancelledEvent = components['schemas']['TaskCancelledEvent'];
export type TaskChange = components['schemas']['TaskChange'];
export type TaskCompletion = components['schemas']['TaskCompletion'];
export type TaskDefaults = components['schemas']['TaskDefaults'];
export type TaskDeletedEvent = components['schemas']['TaskDeletedEvent'];
export type TaskError = components['schemas']['TaskError'];
export type TaskFailedEvent = components['schemas']['TaskFailedEvent'];
export type TaskFailure = components['schemas']['TaskFailure'];
export type TaskLinks = components['schemas']['TaskLinks'];
export type TaskList = components['schemas']['TaskList'];
export type TaskLogEvent = components['schemas']['TaskLogEvent'];
export type TaskProgressEvent = components['schemas']['TaskProgressEvent'];
export type TaskQueuedEvent = components['schemas']['TaskQueuedEvent'];
export type TaskRelease = components['schemas']['TaskRelease'];
export type TaskReport = components['schemas']['TaskReport'];
export type TaskRetryingEvent = components['schemas']['TaskRetryingEvent'];
export type TaskScheduledEvent = components['schemas']['TaskScheduledEvent'];
export type TaskStartedEvent = components['schemas']['TaskStartedEvent'];
export type TaskState = components['schemas']['TaskState'];
export type TaskSubmission = components['schemas']['TaskSubmission'];
export type TaskSucceededEvent = components['schemas']['TaskSucceededEvent'];
export type TaskUpdatedEvent = components['schemas']['TaskUpdatedEvent'];
export type WatchFilter = components['schemas']['WatchFilter'];
export type WatchRequest = components['schemas']['WatchRequest'];
export type Webhook = components['schemas']['Webhook'];
export type WebhookChange = components['schemas']['WebhookChange'];
export type WebhookEvent = components['schemas']['WebhookEvent'];
export type WebhookLinks = components['schemas']['WebhookLinks'];
export type WebhookList = components['schemas']['WebhookList'];
export type WebhookSubmission = components['schemas']['WebhookSubmission'];
export type Worker = components['schemas']['Worker'];
export type WorkerList = components['schemas']['WorkerList'];
export type WorkerTask = components['schemas']['WorkerTask'];
export type WorkerTaskLinks = components['schemas']['WorkerTaskLinks'];
export type $defs = Record<string, never>;
export interface operations {
    listTasks: {
        parameters: {
            query?: {
                /** @description In any of these states. */
                state?: components["schemas"]["TaskState"][];
                /** @description In this queue. */
                queue?: string;
                /** @description Of this kind. */
                kind?: string;
                /** @description With this label, as `key=value`; given several times, all must match. */
                label?: string[];
                /** @description Parts of this task. */
                parent?: string;
                /** @description Submitted by the schedule with this id. */
                schedule?: string;
                /** @description Ended with an error of any of these types; up to 20. */
                error_type?: string[];
                /** @description Created after this time. */
                created_after?: string;
                /** @description With this text in the id or the kind, whatever the case. */
                q?: string;
                /** @description At most that many. */
                limit?: number;
                /** @description `next_page` of the page before. */
                page?: string;
            };
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    /** @description A hash of the page. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description The next page, as `rel="next"` (RFC 8288), while there is one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
            /** @description The page is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description A hash of the page. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
                /** @description `wait=N`: wait up to N seconds for the task to be done (RFC 7240). */
                Prefer?: string;
                /** @description The trace it belongs to (W3C); `trace_parent` in the body goes before it. */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskSubmission"];
            };
        };
        responses: {
            /** @description The task is done (with `Prefer: wait`), or was there already. */
            200: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Accepted: durable, and on its way. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
                /** @description `wait=N`: wait up to N seconds for the task to be done, or to change (RFC 7240). */
                Prefer?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task, whole. */
            200: {
                headers: {
                    /** @description The task's revision: it rises with every change. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description While the task is not done: how many seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The task is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description The task's revision. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description `*`: only if it is not there yet (RFC 9110 §13.1.2). */
                "If-None-Match"?: string;
                /** @description The trace it belongs to (W3C); `trace_parent` in the body goes before it. */
                traceparent?: string;
            };
            path: {
                /** @description The id: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskSubmission"];
            };
        };
        responses: {
            /** @description The task is done (with `Prefer: wait`), or was there already. */
            200: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Accepted: durable, and on its way. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskChange"];
            };
        };
        responses: {
            /** @description The task after the change. */
            200: {
                headers: {
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
                /** @description The trace they belong to (W3C); a `trace_parent` in the body goes before it. */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskBatch"];
            };
        };
        responses: {
            /** @description Accepted, all of them: durable, and on their way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskBatchResult"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTaskAttempts: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptList"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulkCancelTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulkRetryTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulkDeleteTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchTask: {
        parameters: {
            query?: {
                /** @description Go on after this cursor. Goes before `from`. */
                after?: string;
                /** @description `start`: without a cursor, send every event that is kept in place of a snapshot. */
                from?: components["schemas"]["StreamFrom"];
                /** @description End the stream after that many seconds; it can be resumed. */
                max_seconds?: number;
            };
            header?: {
                /**
                 * @description The `id:` of the last event received; EventSource sends it by itself. Goes before
                 *     `after`.
                 */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description Server-Sent Events: each has `id:` (the cursor), `event:` (the type) and `data:` (one event
             *     as JSON, the schema here). Frames with only an `id:` keep the connection alive.
             */
            200: {
                headers: {
                    /** @description `no-store, no-transform`: events are passed on as they happen. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            /** @description The cursor is valid, the task is done, and no event is newer: do not come back. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchEvents: {
        parameters: {
            query?: {
                /** @description This task; may be given up to 150 times. */
                task?: string[];
                /** @description Tasks in this queue. */
                queue?: string;
                /** @description Tasks of this kind. */
                kind?: string;
                /** @description Tasks with this label, as `key=value`; given several times, all must match. */
                label?: string[];
                /** @description Tasks in any of these states. */
                state?: components["schemas"]["TaskState"][];
                /** @description Tasks that ended with an error of any of these types; up to 20. */
                error_type?: string[];
                /** @description Go on after this cursor. Goes before `from`. */
                after?: string;
                /** @description `start`: without a cursor, send every event that is kept in place of a snapshot. */
                from?: components["schemas"]["StreamFrom"];
                /** @description End the stream after that many seconds; it can be resumed. */
                max_seconds?: number;
                /**
                 * @description At most that many progress events a second of each task, the newest of them; all other
                 *     events come as they are. More than 0.
                 */
                max_rate?: number;
            };
            header?: {
                /**
                 * @description The `id:` of the last event received; EventSource sends it by itself. Goes before
                 *     `after`.
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description Server-Sent Events: each has `id:` (the cursor), `event:` (the type) and `data:` (one event
             *     as JSON, the schema here). Frames with only an `id:` keep the connection alive.
             */
            200: {
                headers: {
                    /** @description `no-store, no-transform`: events are passed on as they happen. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openEventStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `id:` of the last event received. Goes before `after`. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WatchRequest"];
            };
        };
        responses: {
            /**
             * @description Server-Sent Events: each has `id:` (the cursor), `event:` (the type) and `data:` (one event
             *     as JSON, the schema here). Frames with only an `id:` keep the connection alive.
             */
            200: {
                headers: {
                    /** @description `no-store, no-transform`: events are passed on as they happen. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTaskEvents: {
        parameters: {
            query?: {
                /** @description Go on after this cursor. */
                after?: string;
                /** @description At most that many. */
                limit?: number;
            };
            header?: {
                /** @description `wait=N`: wait up to N seconds for a first event (RFC 7240). */
                Prefer?: string;
            };
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, oldest first, and the cursor to go on from. */
            200: {
                headers: {
                    /** @description `no-store`: the log goes on. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Of this task; may be given up to 150 times. */
                task?: string[];
                /** @description Of tasks in this queue. */
                queue?: string;
                /** @description Of tasks of this kind. */
                kind?: string;
                /** @description Of tasks with this label, as `key=value`; given several times, all must match. */
                label?: string[];
                /** @description Of tasks in any of these states after the event. */
                state?: components["schemas"]["TaskState"][];
                /** @description Of tasks that ended with an error of any of these types, as it is after the event; up to 20. */
                error_type?: string[];
                /** @description Go on after this cursor. */
                after?: string;
                /** @description At most that many. */
                limit?: number;
            };
            header?: {
                /** @description `wait=N`: wait up to N seconds for a first event (RFC 7240). */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, oldest first, and the cursor to go on from. */
            200: {
                headers: {
                    /** @description `no-store`: the log goes on. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTaskLogs: {
        parameters: {
            query?: {
                /** @description The last that many lines. Says nothing where `after` or `from` is given. */
                tail?: number;
                /**
                 * @description The lines after this place: the `next` of an earlier answer, or the cursor of an event.
                 *     Goes before `from`.
                 */
                after?: string;
                /** @description `start`: begin with the oldest line that is kept. */
                from?: components["schemas"]["StreamFrom"];
                /** @description With `after` or `from`: at most that many lines; without it, 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines, oldest first. */
            200: {
                headers: {
                    /** @description `no-store`: the log goes on. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLines"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acquireLeases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaseRequest"];
            };
        };
        responses: {
            /** @description The leases; may be empty. */
            200: {
                headers: {
                    /** @description `no-store`: a lease is given once. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeaseList"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskReport"];
            };
        };
        responses: {
            /** @description Written and durable; the lease lives on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportAnswer"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskCompletion"];
            };
        };
        responses: {
            /** @description The task after the change. */
            200: {
                headers: {
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    failTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskFailure"];
            };
        };
        responses: {
            /** @description The task after the change. */
            200: {
                headers: {
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskRelease"];
            };
        };
        responses: {
            /** @description The task after the change. */
            200: {
                headers: {
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportBatch"];
            };
        };
        responses: {
            /** @description One result per item; look at the `status` of each. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportBatchResult"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWorkers: {
        parameters: {
            query?: {
                /** @description At most that many. */
                limit?: number;
                /** @description `next_page` of the page before. */
                page?: string;
            };
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description The next page, as `rel="next"` (RFC 8288), while there is one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listQueues: {
        parameters: {
            query?: {
                /** @description At most that many. */
                limit?: number;
                /** @description `next_page` of the page before. */
                page?: string;
            };
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description The next page, as `rel="next"` (RFC 8288), while there is one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The queue; special characters percent-encoded, `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putQueue: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description `*`: only if it is not there yet (RFC 9110 §13.1.2). */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The queue; special characters percent-encoded, `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueDefinition"];
            };
        };
        responses: {
            /** @description Set and durable. The queue as it is now. */
            200: {
                headers: {
                    /** @description The queue's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateQueue: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The queue; special characters percent-encoded, `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueChange"];
            };
        };
        responses: {
            /** @description Set and durable. The queue as it is now. */
            200: {
                headers: {
                    /** @description The queue's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKinds: {
        parameters: {
            query?: {
                /** @description At most that many. */
                limit?: number;
                /** @description `next_page` of the page before. */
                page?: string;
            };
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description The next page, as `rel="next"` (RFC 8288), while there is one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KindList"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKind: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The kind; special characters percent-encoded, `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Kind"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putKind: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description `*`: only if it is not there yet (RFC 9110 §13.1.2). */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The kind; special characters percent-encoded, `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KindDefinition"];
            };
        };
        responses: {
            /** @description It was there, and is replaced. */
            200: {
                headers: {
                    /** @description Where the kind is. */
                    Location: string;
                    /** @description The kind's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Kind"];
                };
            };
            /** @description Made and durable. */
            201: {
                headers: {
                    /** @description Where the kind is. */
                    Location: string;
                    /** @description The kind's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Kind"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteKind: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The kind; special characters percent-encoded, `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The kind is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description At most that many. */
                limit?: number;
                /** @description `next_page` of the page before. */
                page?: string;
            };
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description The next page, as `rel="next"` (RFC 8288), while there is one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleSubmission"];
            };
        };
        responses: {
            /** @description Made and durable. With an `Idempotency-Key` that came before: the schedule as it is now. */
            201: {
                headers: {
                    /** @description Where the schedule is. */
                    Location: string;
                    /** @description The schedule's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The schedule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description `*`: only if it is not there yet (RFC 9110 §13.1.2). */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleDefinition"];
            };
        };
        responses: {
            /** @description It was there, and is replaced. */
            200: {
                headers: {
                    /** @description Where the schedule is. */
                    Location: string;
                    /** @description The schedule's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description Made and durable. */
            201: {
                headers: {
                    /** @description Where the schedule is. */
                    Location: string;
                    /** @description The schedule's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The schedule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The schedule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description The schedule after the change. */
            200: {
                headers: {
                    /** @description The schedule's revision, for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The schedule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description At most that many. */
                limit?: number;
                /** @description `next_page` of the page before. */
                page?: string;
            };
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    /** @description The next page, as `rel="next"` (RFC 8288), while there is one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description It is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description Which state of it this is. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookSubmission"];
            };
        };
        responses: {
            /**
             * @description Made and durable, with its secret. With an `Idempotency-Key` that came before: the webhook as it
             *     is now.
             */
            201: {
                headers: {
                    /** @description Where the webhook is. */
                    Location: string;
                    /** @description The webhook's revision. */
                    ETag: string;
                    /** @description `no-store`: it has a secret in it. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is there now does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret. */
            200: {
                headers: {
                    /** @description The webhook's revision: it rises with every change. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The webhook is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description The webhook's revision. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
            };
            path: {
                /** @description The webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChange"];
            };
        };
        responses: {
            /** @description The webhook after the change, without its secret. */
            200: {
                headers: {
                    /** @description The webhook's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted and durable. The task as it is now. */
            202: {
                headers: {
                    /** @description Where the task is. */
                    Location: string;
                    /** @description The task's revision. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1). */
                "If-Match"?: string;
                /** @description Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretRotation"];
            };
        };
        responses: {
            /** @description The webhook, with its new secret. */
            200: {
                headers: {
                    /** @description The webhook's revision. */
                    ETag: string;
                    /** @description `no-store`: it has a secret in it. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such task, queue, schedule, kind or webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as If-Match or If-None-Match insists. */
            412: {
                headers: {
                    /** @description The revision it is at, where it is there. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared to be JSON in UTF-8. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key came with another request before. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server's state. */
            200: {
                headers: {
                    /** @description `no-store`: it changes all the time. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemStatus"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well. */
            200: {
                headers: {
                    /** @description `no-store`: it may change any time. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well. */
            200: {
                headers: {
                    /** @description `no-store`: it may change any time. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getData: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you hold: 304 if nothing changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The greeting and the list. */
            200: {
                headers: {
                    /** @description A hash of the body. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GreetingData"];
                };
            };
            /** @description The list is still as the `If-None-Match` says. */
            304: {
                headers: {
                    /** @description A hash of the body. */
                    ETag: string;
                    /** @description `no-cache`: ask again each time, with `If-None-Match`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitData: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameSubmission"];
            };
        };
        responses: {
            /** @description The name is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionAnswer"];
                };
            };
            /** @description The body is not a JSON object. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionAnswer"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Any name: 1 to 128 characters, no control characters. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The countdown runs. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartAnswer"];
                };
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A countdown of that name runs already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartAnswer"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server's disk is full. */
            507: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchProgress: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `id:` of the last event received; EventSource sends it by itself. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The name it was started under. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events without a name: `data: 0` … `data: 100`, then `data: DONE`. */
            200: {
                headers: {
                    /** @description `no-store, no-transform`: events are passed on as they happen. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The cursor is that of `DONE`: do not come back. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed, or has missing or wrong fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The host, the origin or a name in the request is refused. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The server is overloaded, shutting down, or its storage failed. */
            503: {
                headers: {
                    /** @description How many seconds to wait before the next try. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
