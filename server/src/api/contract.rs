//! The contract as a whole: what is in it, and what it says about itself.

use std::collections::HashMap;

use poem::{endpoint::BoxEndpoint, http::Method};
use poem_openapi::{
    LicenseObject, OpenApi, OpenApiService, Tags,
    registry::{MetaApi, Registry},
};

use super::{
    Api,
    attempts::Attempts,
    batches::{ReportBatches, TaskBatches},
    bulk::Bulk,
    canonical,
    history::History,
    kinds::Kinds,
    leases::Leases,
    queues::Queues,
    quickstart::Quickstart,
    schedules::Schedules,
    streams::Streams,
    system::System,
    tasks::Tasks,
    webhooks::Webhooks,
    workers::Workers,
};

/// The contract's version.
pub const API_VERSION: &str = env!("CARGO_PKG_VERSION");

const DESCRIPTION: &str = "Durable long-running work with live progress.\n\n\
A **task** is submitted, waits in a **queue**, is leased by a **worker**, reports progress, and ends \
with an output or an error. Every change is an event in one durable **log**, and every watcher reads \
that log after a **cursor**, so a stream that breaks off goes on where it was.\n\n\
JSON is snake_case; times are RFC 3339 in UTC; durations are seconds in fields named `*_seconds`. An \
unset field is absent, never `null`, and in requests `null` is the same as leaving a field out, \
except where any JSON may stand, and where a limit or a part of a filter is taken away with it. \
Unknown fields in requests are refused; clients must pass over unknown fields and event types in \
answers. Every error is `application/problem+json` (RFC 9457) with a stable `type`, except two of \
the Quickstart's.";

/// The groups of operations.
#[derive(Tags)]
pub enum Tag {
    /// Submit work, find it, steer it.
    Tasks,
    /// The log, live as Server-Sent Events or page by page.
    Streams,
    /// Take work, report on it, end it.
    Workers,
    /// How many tasks run at once, how fast they start, and what they get by default.
    Queues,
    /// What inputs must be, and what tasks get by default.
    Kinds,
    /// Submit work by the calendar.
    Schedules,
    /// Tell others how tasks end.
    Webhooks,
    /// The server itself.
    System,
    /// A tutorial's wire on the same engine: a list, a form, and countdowns with progress.
    Quickstart,
}

type Operations = (
    (Tasks, TaskBatches, Attempts, Bulk),
    (Streams, History),
    (Leases, ReportBatches, Workers),
    Queues,
    Kinds,
    Schedules,
    Webhooks,
    System,
    Quickstart,
);

/// All operations, ready to be called.
pub fn service(api: Api) -> OpenApiService<impl OpenApi + 'static, ()> {
    described::<Operations>((
        (Tasks(api.clone()), TaskBatches(api.clone()), Attempts(api.clone()), Bulk(api.clone())),
        (Streams(api.clone()), History(api.clone())),
        (Leases(api.clone()), ReportBatches(api.clone()), Workers(api.clone())),
        Queues(api.clone()),
        Kinds(api.clone()),
        Schedules(api.clone()),
        Webhooks(api.clone()),
        System(api.clone()),
        Quickstart(api),
    ))
}

/// The published spec. Needs no database and no port.
pub fn spec() -> String {
    let raw = described(Outline).spec();
    canonical::publish(&raw).unwrap_or(raw)
}

/// Which paths there are, and what they take: templates with `{name}` for a segment.
pub(super) fn paths() -> Vec<(String, Vec<Method>)> {
    let paths = Operations::meta().into_iter().flat_map(|api| api.paths);
    paths
        .map(|path| (path.path, path.operations.into_iter().map(|one| one.method).collect()))
        .collect()
}

fn described<T: OpenApi>(operations: T) -> OpenApiService<T, ()> {
    let license = LicenseObject::new("MIT OR Apache-2.0").url("https://spdx.org/licenses/MIT.html");
    OpenApiService::new(operations, "Milepost", API_VERSION)
        .description(DESCRIPTION)
        .license(license)
        .server("/")
}

/// The operations as the spec needs them: told, not called.
struct Outline;

impl OpenApi for Outline {
    fn meta() -> Vec<MetaApi> {
        Operations::meta()
    }

    fn register(registry: &mut Registry) {
        Operations::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}
