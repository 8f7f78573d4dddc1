//! Every type of problem there is: its status, its title, and what its page says.

use poem::http::StatusCode;

/// Declares the types, so that none can lack a page.
macro_rules! problem_types {
    ($($variant:ident, $slug:literal, $status:ident, $title:literal, $cause:literal, $remedy:literal;)*) => {
        /// A type of problem. Its slug is a part of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemType {
            $($variant,)*
        }

        impl ProblemType {
            pub const ALL: &[ProblemType] = &[$(ProblemType::$variant,)*];

            /// The last part of its URI: `/problems/<slug>`.
            pub fn slug(self) -> &'static str {
                match self {
                    $(ProblemType::$variant => $slug,)*
                }
            }

            pub fn status(self) -> StatusCode {
                match self {
                    $(ProblemType::$variant => StatusCode::$status,)*
                }
            }

            /// One line, the same for every problem of the type (RFC 9457 §3.1.3).
            pub fn title(self) -> &'static str {
                match self {
                    $(ProblemType::$variant => $title,)*
                }
            }

            /// For its page: how it comes about.
            pub fn cause(self) -> &'static str {
                match self {
                    $(ProblemType::$variant => $cause,)*
                }
            }

            /// For its page: what to do.
            pub fn remedy(self) -> &'static str {
                match self {
                    $(ProblemType::$variant => $remedy,)*
                }
            }
        }
    };
}

problem_types! {
    InvalidRequest, "invalid-request", BAD_REQUEST,
        "The request has missing or wrong fields",
        "A field of the body, a parameter of the query or a header is missing, of the wrong type, out of its range, or not one this operation knows.",
        "Look at “errors”: each entry names a field and says what it must be. The contract at /docs has every field with its limits.";
    MalformedBody, "malformed-body", BAD_REQUEST,
        "The body is not JSON that can be read",
        "The body is absent, breaks off, is not valid UTF-8, is not JSON, nests deeper than 128 levels, or holds half of a surrogate pair.",
        "Send one complete JSON value in UTF-8. “detail” says where reading stopped.";
    MalformedRequest, "malformed-request", BAD_REQUEST,
        "The request cannot be read",
        "A part of the request that comes before the body (its line, its path, a header) is not what HTTP allows.",
        "Look at how the request is put together; a client library that escapes paths and headers helps.";
    Reserved, "reserved-name", FORBIDDEN,
        "The name belongs to the server",
        "Kinds and queues called “milepost”, or beginning with “milepost.”, are the server's own; so is what is said of kinds that begin with “quickstart.”.",
        "Choose another name.";
    HostRefused, "host-refused", FORBIDDEN,
        "The server does not answer under this host name",
        "The Host header names a host this server was not told about. It refuses, so that a page of another site cannot reach it by pointing a name of its own at it.",
        "Use an address the server listens on, or start it with --allowed-host and the name.";
    OriginRefused, "origin-refused", FORBIDDEN,
        "Pages of this origin may not change anything here",
        "A browser sent the request for a page of an origin that is not on the server's list.",
        "Start the server with --cors-origin and the page's origin.";
    NotFound, "not-found", NOT_FOUND,
        "There is nothing at this path",
        "The path is not one of the contract's.",
        "Look for the path at /docs or in /openapi.json. A “/” too many at the end counts.";
    TaskNotFound, "task-not-found", NOT_FOUND,
        "There is no such task",
        "No task has this id: it was never created, was deleted, or the id is mistyped.",
        "Check the id; listTasks finds tasks by queue, kind, state and label.";
    TaskDeleted, "task-deleted", NOT_FOUND,
        "The task was deleted",
        "There was a task with this id, and somebody or its retention deleted it. “detail” says when. The server remembers that for a day, unless --tombstone-seconds says otherwise.",
        "Nothing, usually: the task is gone. A new one can be put under the same id.";
    QueueNotFound, "queue-not-found", NOT_FOUND,
        "There is no such queue",
        "Nothing was ever set for a queue of this name, and no task is in it.",
        "Check the name; in a path its special characters are percent-encoded, “/” as %2F. putQueue and the first task submitted to it both make a queue.";
    KindNotFound, "kind-not-found", NOT_FOUND,
        "There is no such kind",
        "Nothing was said of a kind of this name, or it was deleted. Tasks of it can be submitted all the same.",
        "Check the name; in a path its special characters are percent-encoded, “/” as %2F. putKind says something of a kind.";
    ScheduleNotFound, "schedule-not-found", NOT_FOUND,
        "There is no such schedule",
        "No schedule has this id: it was never created, was deleted, or the id is mistyped.",
        "Check the id; listSchedules shows all of them.";
    WebhookNotFound, "webhook-not-found", NOT_FOUND,
        "There is no such webhook",
        "No webhook has this id: it was never created, was deleted, or the id is mistyped.",
        "Check the id; listWebhooks shows all of them.";
    MethodNotAllowed, "method-not-allowed", METHOD_NOT_ALLOWED,
        "The path does not take this method",
        "The path exists, but not with the method used.",
        "Use one of the methods in the Allow header.";
    RequestTimeout, "request-timeout", REQUEST_TIMEOUT,
        "The request did not arrive in time",
        "The headers or the body took too long to arrive.",
        "Send it again, at once and whole.";
    TaskExists, "task-exists", CONFLICT,
        "Another task has this id",
        "putTask was sent with the id of a task that was submitted with another request.",
        "Choose another id; or, if it should be the same task, send exactly the same body.";
    ScheduleExists, "schedule-exists", CONFLICT,
        "Another schedule has this id",
        "createSchedule was sent with the id of a schedule that is there already.",
        "Choose another id or leave it out; to replace the schedule, use putSchedule.";
    TooManyWebhooks, "too-many-webhooks", CONFLICT,
        "There are as many webhooks as there may be",
        "Each webhook is held against every end of a task, so there are at most 100 of them.",
        "Delete one that is not needed, or let one receiver pass messages on to several.";
    TaskDone, "task-done", CONFLICT,
        "The task is done",
        "The task succeeded or failed before the request arrived, so there is nothing left to cancel.",
        "Nothing, usually: getTask shows how it ended.";
    TaskNotDone, "task-not-done", CONFLICT,
        "The task is not done",
        "Only a task that succeeded, failed or was cancelled can be deleted.",
        "Cancel it first, or wait for its end.";
    ChildrenNotDone, "children-not-done", CONFLICT,
        "The task has children that are not done",
        "A task can be deleted only when its children are done: they tell it how they end.",
        "Cancel its children, or wait for their end.";
    UniqueKeyTaken, "unique-key-taken", CONFLICT,
        "Another task has the unique_key",
        "A task of the same queue with the same unique_key is not done yet, and there is at most one such task at a time.",
        "Wait for the end of that task, or cancel it. createTask with the same unique_key answers with that task instead.";
    NotRetryable, "not-retryable", CONFLICT,
        "The task cannot be retried",
        "Only a task that failed or was cancelled can be retried.",
        "Wait for its end; to do the same work again, submit a new task.";
    InputDropped, "input-dropped", CONFLICT,
        "The task's input is no longer kept",
        "The retention of the task's queue dropped the inputs and outputs of tasks that have been done for long, and without its input a task cannot be tried again.",
        "Submit a new task with the input. To keep inputs longer, raise body_seconds of the queue's retention.";
    NotWaiting, "not-waiting", CONFLICT,
        "The task does not wait any more",
        "Priority and run_at say when a task begins, so they can change only until it does.",
        "Leave these fields out: labels can change at any time.";
    LeaseLost, "lease-lost", CONFLICT,
        "The lease is lost",
        "The token is not that of the task's running lease: the lease expired, the attempt was ended, or the task was given to another worker. Nothing was changed.",
        "Stop working on the task. Report more often than the lease is long, or ask for longer leases.";
    SequenceTooLow, "sequence-too-low", CONFLICT,
        "A later report has been written",
        "The report's sequence is lower than that of the last report of this lease. Nothing was changed.",
        "Send one report at a time, with a number that rises.";
    CountdownRunning, "countdown-running", CONFLICT,
        "The countdown runs already",
        "A countdown of this name is not done yet.",
        "Watch the one that runs, or wait for its end.";
    PreconditionFailed, "precondition-failed", PRECONDITION_FAILED,
        "It is not as the request insists",
        "If-Match named revisions that it does not have any more, or If-None-Match insisted that it was not there yet. Nothing was changed. ETag has the revision it is at.",
        "Get it again, look at what changed, and send the change again with the new ETag.";
    PayloadTooLarge, "payload-too-large", PAYLOAD_TOO_LARGE,
        "The body is too large",
        "A request's body may have at most 1 MiB.",
        "Store large things elsewhere and submit where they are.";
    UnsupportedMediaType, "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE,
        "The body is not declared to be JSON",
        "The Content-Type is absent, or neither application/json nor a type that ends in +json.",
        "Send Content-Type: application/json.";
    UnsupportedEncoding, "unsupported-encoding", UNSUPPORTED_MEDIA_TYPE,
        "The body is compressed",
        "The request has a Content-Encoding other than identity. Bodies are small, and nothing is decompressed before it is measured.",
        "Send the body as it is, without Content-Encoding.";
    KeyReused, "idempotency-key-reused", UNPROCESSABLE_ENTITY,
        "The Idempotency-Key came with another request before",
        "The same key was used in the last 24 hours with another body or for another task, schedule or webhook.",
        "Make a new key for every new request; send a key again only to repeat the very same one.";
    HeadersTooLarge, "headers-too-large", REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The headers are too large",
        "The request's headers are longer, or more, than the server reads.",
        "Send fewer and shorter headers; cookies of other programs on the same host count as well.";
    Internal, "internal", INTERNAL_SERVER_ERROR,
        "The server failed",
        "A fault of the server's own. Its log has the details.",
        "Try again; if it stays, report it with the time and the path of the request.";
    Overloaded, "overloaded", SERVICE_UNAVAILABLE,
        "The server has more to write than it takes on",
        "More writes wait than the server's queue may hold. Reports and completions of running tasks still get through.",
        "Wait as long as Retry-After says, then send it again.";
    TooManyConnections, "too-many-connections", SERVICE_UNAVAILABLE,
        "The server has as many connections as it takes",
        "The number of connections is at its limit: that of all clients, or that of one address.",
        "Close what is not needed; one watchEvents stream can watch many tasks. Then try again.";
    ShuttingDown, "shutting-down", SERVICE_UNAVAILABLE,
        "The server is shutting down",
        "The server was told to stop and takes nothing new.",
        "Try again in a moment: nothing that was acknowledged is lost.";
    StorageFailed, "storage-failed", SERVICE_UNAVAILABLE,
        "The server's storage failed",
        "The disk failed on a write, so the server takes no writes until it is restarted. Reading and watching go on.",
        "Have a look at the disk and the server's log, then restart the server.";
    StorageFull, "storage-full", INSUFFICIENT_STORAGE,
        "The server's disk is full",
        "There is no space left for the log. Reading and watching go on.",
        "Make space on the server's disk: writes resume by themselves.";
}

impl ProblemType {
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }

    /// The URI that identifies it (RFC 9457 §3.1.1), which is also its page.
    pub fn uri(self) -> String {
        format!("/problems/{}", self.slug())
    }
}
