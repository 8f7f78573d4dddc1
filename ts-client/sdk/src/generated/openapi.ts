// Generated from api-spec/openapi.json by `cargo contract generate`. Do not edit.

export interface paths {
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listTasks"];
        put?: never;
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
        get: operations["getTask"];
        put: operations["putTask"];
        post?: never;
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
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
        post: operations["retryTask"];
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
        get: operations["watchEvents"];
        put?: never;
        post?: never;
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
        post: operations["releaseTask"];
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
        /** @enum {string} */
        State: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "cancelled";
        /** @enum {string} */
        LogLevel: "debug" | "info" | "warn" | "error";
        TaskError: {
            type: string;
            title?: string;
            detail?: string;
        };
        Progress: {
            /** Format: date-time */
            updated_at: string;
            percent?: number;
            current?: number;
            total?: number;
            unit?: string;
            message?: string;
            stage?: string;
            rate_per_second?: number;
            eta_seconds?: number;
        };
        TaskLinks: {
            self: string;
            events: string;
            history: string;
            logs: string;
            children: string;
            parent?: string;
            cancel?: string;
            retry?: string;
            delete?: string;
        };
        Task: {
            id: string;
            kind: string;
            queue: string;
            state: components["schemas"]["State"];
            done: boolean;
            labels: {
                [key: string]: string;
            };
            priority: number;
            attempt: number;
            max_attempts: number;
            cancel_grace_seconds: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            cursor: string;
            links: components["schemas"]["TaskLinks"];
            input?: unknown;
            progress?: components["schemas"]["Progress"];
            output?: unknown;
            error?: components["schemas"]["TaskError"];
            output_omitted?: boolean;
            timeout_seconds?: number;
            cancel_requested?: boolean;
            /** Format: date-time */
            run_at?: string;
            /** Format: date-time */
            started_at?: string;
            /** Format: date-time */
            finished_at?: string;
            parent_id?: string;
            trace_parent?: string;
            worker?: string;
        };
        LogLine: {
            /** Format: date-time */
            at: string;
            level: components["schemas"]["LogLevel"];
            text: string;
        };
        FieldError: {
            field: string;
            message: string;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail?: string;
            instance?: string;
            errors?: components["schemas"]["FieldError"][];
        };
        NewTask: {
            kind: string;
            /** @default default */
            queue?: string;
            input?: unknown;
            labels?: {
                [key: string]: string;
            };
            /** @default 0 */
            priority?: number;
            /** @default 3 */
            max_attempts?: number;
            timeout_seconds?: number;
            /** @default 30 */
            cancel_grace_seconds?: number;
            /** Format: date-time */
            run_at?: string;
            parent_id?: string;
            trace_parent?: string;
            worker?: string;
        };
        TaskChange: {
            labels?: {
                [key: string]: string;
            };
            priority?: number;
            /** Format: date-time */
            run_at?: string;
        };
        TaskPage: {
            items: components["schemas"]["Task"][];
            next_page?: string;
        };
        TaskScheduled: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.scheduled";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskQueued: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.queued";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskStarted: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.started";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskCancelRequested: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.cancel_requested";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskSucceeded: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.succeeded";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskFailed: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.failed";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskCancelled: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.cancelled";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskUpdated: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.updated";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskDeleted: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.deleted";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
        };
        TaskRetrying: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.retrying";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            task: components["schemas"]["Task"];
            error: components["schemas"]["TaskError"];
        };
        TaskProgress: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.progress";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            progress: components["schemas"]["Progress"];
        };
        TaskLog: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "task.log";
            cursor: string;
            task_id: string;
            /** Format: date-time */
            at: string;
            attempt: number;
            lines: components["schemas"]["LogLine"][];
        };
        Event: components["schemas"]["TaskScheduled"] | components["schemas"]["TaskQueued"] | components["schemas"]["TaskStarted"] | components["schemas"]["TaskCancelRequested"] | components["schemas"]["TaskSucceeded"] | components["schemas"]["TaskFailed"] | components["schemas"]["TaskCancelled"] | components["schemas"]["TaskUpdated"] | components["schemas"]["TaskDeleted"] | components["schemas"]["TaskRetrying"] | components["schemas"]["TaskProgress"] | components["schemas"]["TaskLog"];
        StreamSnapshot: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.snapshot";
            tasks: components["schemas"]["Task"][];
            more: boolean;
            cursor?: string;
        };
        StreamReset: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.reset";
            /** @enum {string} */
            reason: "garbage" | "epoch" | "future" | "trimmed";
        };
        StreamLeft: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.left";
            task_id: string;
            cursor: string;
        };
        StreamEnd: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.end";
        };
        StreamDraining: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "stream.draining";
        };
        StreamEvent: components["schemas"]["TaskScheduled"] | components["schemas"]["TaskQueued"] | components["schemas"]["TaskStarted"] | components["schemas"]["TaskCancelRequested"] | components["schemas"]["TaskSucceeded"] | components["schemas"]["TaskFailed"] | components["schemas"]["TaskCancelled"] | components["schemas"]["TaskUpdated"] | components["schemas"]["TaskDeleted"] | components["schemas"]["TaskRetrying"] | components["schemas"]["TaskProgress"] | components["schemas"]["TaskLog"] | components["schemas"]["StreamSnapshot"] | components["schemas"]["StreamReset"] | components["schemas"]["StreamLeft"] | components["schemas"]["StreamEnd"] | components["schemas"]["StreamDraining"];
        EventPage: {
            items: components["schemas"]["Event"][];
            cursor: string;
            reset?: string;
        };
        LogTail: {
            lines: components["schemas"]["LogLine"][];
        };
        Acquire: {
            worker: string;
            request_id?: string;
            queues?: string[];
            kinds?: string[];
            max_tasks?: number;
            lease_seconds?: number;
            wait_seconds?: number;
        };
        LeaseLinks: {
            report: string;
            complete: string;
            fail: string;
            release: string;
        };
        Lease: {
            token: string;
            fence: number;
            /** Format: date-time */
            expires_at: string;
            task: components["schemas"]["Task"];
            cancel_requested: boolean;
            links: components["schemas"]["LeaseLinks"];
            checkpoint?: unknown;
        };
        Leases: {
            leases: components["schemas"]["Lease"][];
        };
        Report: {
            lease: string;
            sequence?: number;
            progress?: {
                percent?: number;
                current?: number;
                total?: number;
                unit?: string;
                message?: string;
                stage?: string;
            };
            logs?: {
                text: string;
                level?: components["schemas"]["LogLevel"];
            }[];
            checkpoint?: unknown;
        };
        Reported: {
            /** Format: date-time */
            lease_expires_at: string;
            cancel_requested: boolean;
            cursor: string;
        };
        Complete: {
            lease: string;
            output?: unknown;
        };
        Fail: {
            lease: string;
            error: components["schemas"]["TaskError"];
            retryable?: boolean;
            retry_after_seconds?: number;
        };
        Release: {
            lease: string;
        };
        SystemLimits: {
            max_body_bytes: number;
            max_tasks_per_stream: number;
            max_tasks_per_lease: number;
            max_lease_seconds: number;
            max_wait_seconds: number;
        };
        System: {
            version: string;
            api_version: string;
            epoch: string;
            /** Format: date-time */
            started_at: string;
            uptime_seconds: number;
            store: string;
            open_streams: number;
            running_tasks: number;
            queued_tasks: number;
            log_end: string;
            limits: components["schemas"]["SystemLimits"];
        };
        Health: {
            status: string;
        };
        QuickstartData: {
            message: string;
            items: string[];
        };
        QuickstartName: {
            name?: unknown;
        };
        QuickstartAnswer: {
            status: string;
            message: string;
        };
        QuickstartMessage: {
            message: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type State = components['schemas']['State'];
export type LogLevel = components['schemas']['LogLevel'];
export type TaskError = components['schemas']['TaskError'];
export type Progress = components['schemas']['Progress'];
export type TaskLinks = components['schemas']['TaskLinks'];
export type Task = components['schemas']['Task'];
export type LogLine = components['schemas']['LogLine'];
export type FieldError = components['schemas']['FieldError'];
export type Problem = components['schemas']['Problem'];
export type NewTask = components['schemas']['NewTask'];
export type TaskChange = components['schemas']['TaskChange'];
export type TaskPage = components['schemas']['TaskPage'];
export type TaskScheduled = components['schemas']['TaskScheduled'];
export type TaskQueued = components['schemas']['TaskQueued'];
export type TaskStarted = components['schemas']['TaskStarted'];
export type TaskCancelRequested = components['schemas']['TaskCancelRequested'];
export type TaskSucceeded = components['schemas']['TaskSucceeded'];
export type TaskFailed = components['schemas']['TaskFailed'];
export type TaskCancelled = components['schemas']['TaskCancelled'];
export type TaskUpdated = components['schemas']['TaskUpdated'];
export type TaskDeleted = components['schemas']['TaskDeleted'];
export type TaskRetrying = components['schemas']['TaskRetrying'];
export type TaskProgress = components['schemas']['TaskProgress'];
export type TaskLog = components['schemas']['TaskLog'];
export type Event = components['schemas']['Event'];
export type StreamSnapshot = components['schemas']['StreamSnapshot'];
export type StreamReset = components['schemas']['StreamReset'];
export type StreamLeft = components['schemas']['StreamLeft'];
export type StreamEnd = components['schemas']['StreamEnd'];
export type StreamDraining = components['schemas']['StreamDraining'];
export type StreamEvent = components['schemas']['StreamEvent'];
export type EventPage = components['schemas']['EventPage'];
export type LogTail = components['schemas']['LogTail'];
export type Acquire = components['schemas']['Acquire'];
export type LeaseLinks = components['schemas']['LeaseLinks'];
export type Lease = components['schemas']['Lease'];
export type Leases = components['schemas']['Leases'];
export type Report = components['schemas']['Report'];
export type Reported = components['schemas']['Reported'];
export type Complete = components['schemas']['Complete'];
export type Fail = components['schemas']['Fail'];
export type Release = components['schemas']['Release'];
export type SystemLimits = components['schemas']['SystemLimits'];
export type System = components['schemas']['System'];
export type Health = components['schemas']['Health'];
export type QuickstartData = components['schemas']['QuickstartData'];
export type QuickstartName = components['schemas']['QuickstartName'];
export type QuickstartAnswer = components['schemas']['QuickstartAnswer'];
export type QuickstartMessage = components['schemas']['QuickstartMessage'];
export type $defs = Record<string, never>;
export interface operations {
    listTasks: {
        parameters: {
            query?: {
                task?: string[];
                queue?: string;
                kind?: string;
                state?: components["schemas"]["State"][];
                label?: string[];
                parent?: string;
                created_after?: string;
                q?: string;
                limit?: number;
                page?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            /** @description . */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "Idempotency-Key"?: string;
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "If-None-Match"?: string;
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "If-Match"?: string;
            };
            path: {
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
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                after?: string;
                from?: "start";
                max_seconds?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description . */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                task?: string[];
                queue?: string;
                kind?: string;
                state?: components["schemas"]["State"][];
                label?: string[];
                parent?: string;
                after?: string;
                from?: "start";
                max_seconds?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                after?: string;
                limit?: number;
            };
            header?: {
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                task?: string[];
                queue?: string;
                kind?: string;
                state?: components["schemas"]["State"][];
                label?: string[];
                parent?: string;
                after?: string;
                limit?: number;
            };
            header?: {
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                tail?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogTail"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "application/json": components["schemas"]["Acquire"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leases"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Report"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reported"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Complete"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Fail"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Release"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartData"];
                };
            };
            /** @description . */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
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
                "application/json": components["schemas"]["QuickstartName"];
            };
        };
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartAnswer"];
                };
            };
            /** @description . */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartAnswer"];
                };
            };
            /** @description . */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartAnswer"];
                };
            };
        };
    };
    startTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartMessage"];
                };
            };
            /** @description . */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartMessage"];
                };
            };
            /** @description . */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickstartMessage"];
                };
            };
        };
    };
    watchProgress: {
        parameters: {
            query?: never;
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description . */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description . */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description . */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description . */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
