//! Which problems an operation may answer, for the contract.

use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    payload::Payload,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry},
    types::Type,
};

use super::{Problem, ProblemBody};

/// `application/problem+json` in the contract.
pub struct ProblemJson;

impl ProblemJson {
    pub const MEDIA_TYPE: &str = "application/problem+json";
}

impl Payload for ProblemJson {
    const CONTENT_TYPE: &'static str = ProblemJson::MEDIA_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        ProblemBody::schema_ref()
    }

    fn register(registry: &mut Registry) {
        ProblemBody::register(registry);
    }
}

/// The statuses an operation's problems have.
pub trait Statuses: Send + Sync + 'static {
    const STATUSES: &'static [u16];
}

/// A problem, where the operation may answer any of `S`.
#[derive(Debug)]
pub struct Failed<S>(Box<Problem>, PhantomData<fn() -> S>);

impl<S, T: Into<Problem>> From<T> for Failed<S> {
    fn from(problem: T) -> Self {
        Failed(Box::new(problem.into()), PhantomData)
    }
}

impl<S: Statuses> From<Failed<S>> for poem::Error {
    fn from(failed: Failed<S>) -> Self {
        (*failed.0).into()
    }
}

impl<S: Statuses> IntoResponse for Failed<S> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<S: Statuses> ApiResponse for Failed<S> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: S::STATUSES.iter().copied().map(meta).collect() }
    }

    fn register(registry: &mut Registry) {
        ProblemJson::register(registry);
    }
}

fn meta(status: u16) -> MetaResponse {
    let description = match status {
        400 => "The request is malformed, or has missing or wrong fields.",
        403 => "The host, the origin or a name in the request is refused.",
        404 => "There is no such task, queue, schedule, kind or webhook.",
        409 => "What is there now does not allow it.",
        412 => "It is not as If-Match or If-None-Match insists.",
        413 => "The body is too large.",
        415 => "The body is not declared to be JSON in UTF-8.",
        422 => "The Idempotency-Key came with another request before.",
        500 => "The server failed.",
        503 => "The server is overloaded, shutting down, or its storage failed.",
        507 => "The server's disk is full.",
        _ => "The request failed.",
    };
    let mut headers = Vec::new();
    if matches!(status, 503 | 507) {
        headers.push(MetaHeader {
            name: "Retry-After".to_owned(),
            description: Some("How many seconds to wait before the next try.".to_owned()),
            required: false,
            deprecated: false,
            schema: u64::schema_ref(),
        });
    }
    if status == 412 {
        headers.push(MetaHeader {
            name: "ETag".to_owned(),
            description: Some("The revision it is at, where it is there.".to_owned()),
            required: false,
            deprecated: false,
            schema: String::schema_ref(),
        });
    }
    MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType {
            content_type: ProblemJson::CONTENT_TYPE,
            schema: ProblemJson::schema_ref(),
        }],
        headers,
    }
}

macro_rules! statuses {
    ($($(#[$docs:meta])* $name:ident = [$($status:literal),*];)*) => {
        $(
            $(#[$docs])*
            #[derive(Debug)]
            pub enum $name {}

            impl Statuses for $name {
                const STATUSES: &'static [u16] = &[$($status),*];
            }
        )*
    };
}

statuses! {
    /// Looking at the server itself.
    Asking = [403, 500, 503];
    /// getReadiness, which says why writes are refused.
    AskingReadiness = [403, 500, 503, 507];
    /// Looking at many tasks.
    Reading = [400, 403, 500, 503];
    /// openEventStream.
    OpeningStream = [400, 403, 413, 415, 500, 503];
    /// Looking at one task, queue, schedule, kind or webhook.
    ReadingTask = [400, 403, 404, 500, 503];
    /// createTask; 404 where its Idempotency-Key stands for a task that was deleted since.
    Creating = [400, 403, 404, 413, 415, 422, 500, 503, 507];
    /// putTask.
    Putting = [400, 403, 409, 412, 413, 415, 500, 503, 507];
    /// updateTask.
    Updating = [400, 403, 404, 409, 412, 413, 415, 500, 503, 507];
    /// cancelTask and retryTask.
    Steering = [400, 403, 404, 409, 412, 422, 500, 503, 507];
    /// deleteTask.
    Deleting = [400, 403, 404, 409, 412, 500, 503, 507];
    /// acquireLeases.
    Leasing = [400, 403, 413, 415, 500, 503, 507];
    /// What a worker says under its lease.
    Reporting = [400, 403, 404, 409, 413, 415, 500, 503, 507];
    /// putQueue, updateQueue, putSchedule and putKind.
    Setting = [400, 403, 412, 413, 415, 500, 503, 507];
    /// createSchedule and createWebhook; 404 where the Idempotency-Key stands for one that was deleted
    /// since.
    CreatingSchedule = [400, 403, 404, 409, 413, 415, 422, 500, 503, 507];
    /// updateSchedule and updateWebhook.
    ChangingSetting = [400, 403, 404, 412, 413, 415, 500, 503, 507];
    /// rotateWebhookSecret.
    RotatingSecret = [400, 403, 404, 412, 413, 415, 422, 500, 503, 507];
    /// deleteSchedule, deleteKind and deleteWebhook.
    DeletingSchedule = [400, 403, 404, 412, 500, 503, 507];
    /// runSchedule and testWebhook.
    RunningSchedule = [400, 403, 404, 412, 422, 500, 503, 507];
    /// reportBatch: what is wrong with the batch as a whole.
    ReportingBatch = [400, 403, 413, 415, 500, 503];
    /// submitData, beside its own 400.
    SubmittingName = [403, 413, 500, 503, 507];
    /// startTask, beside its own 409.
    Starting = [400, 403, 500, 503, 507];
}
