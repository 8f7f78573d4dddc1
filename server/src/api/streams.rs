//! The log, live.

use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    filter::FilterParams,
    params::{Bounded, FromStart, HeaderText, IdText, StateParam},
    payload::{EventStream, JsonBody, STREAMED},
    problem::{Failed, OpeningStream, Reading, ReadingTask},
    wire::watch::WatchRequest,
};
use crate::stream::subscription::{self, Opened, WatchEvents, WatchTask};

/// The live operations tagged "Streams".
pub struct Streams(pub Api);

/// A stream, or that there is nothing left to say.
#[derive(ApiResponse)]
pub enum TaskWatched {
    /// Server-Sent Events: each has `id:` (the cursor), `event:` (the type) and `data:` (one event
    /// as JSON, the schema here). Frames with only an `id:` keep the connection alive.
    #[oai(status = 200)]
    Stream(
        EventStream,
        /// `no-store, no-transform`: events are passed on as they happen.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The cursor is valid, the task is done, and no event is newer: do not come back.
    #[oai(status = 204)]
    Finished,
}

/// A stream.
#[derive(ApiResponse)]
pub enum EventsWatched {
    /// Server-Sent Events: each has `id:` (the cursor), `event:` (the type) and `data:` (one event
    /// as JSON, the schema here). Frames with only an `id:` keep the connection alive.
    #[oai(status = 200)]
    Stream(
        EventStream,
        /// `no-store, no-transform`: events are passed on as they happen.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

fn example_max_seconds() -> Option<Bounded<1, 86_400>> {
    Some(Bounded(10))
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Streams")]
impl Streams {
    /// Watch a task
    ///
    /// Its events as they happen (Server-Sent Events). Without a cursor the stream begins with
    /// `stream.snapshot`, the task as it is; with one, with the events after it. A cursor that
    /// cannot be used is answered with `stream.reset` and a snapshot, never with an error. After
    /// the event that ends the task comes `stream.end`, then the server closes; a client that comes
    /// back with that last cursor gets 204, which stops an EventSource.
    #[oai(path = "/tasks/:id/events", method = "get", operation_id = "watchTask")]
    async fn watch_task(
        &self,
        /// The task.
        id: Path<IdText>,
        /// The `id:` of the last event received; EventSource sends it by itself. Goes before
        /// `after`.
        #[oai(name = "Last-Event-ID")]
        last_event_id: HeaderText,
        /// Go on after this cursor. Goes before `from`.
        after: Query<Option<String>>,
        /// `start`: without a cursor, send every event that is kept in place of a snapshot.
        from: Query<Option<FromStart>>,
        /// End the stream after that many seconds; it can be resumed.
        #[oai(example = "example_max_seconds")]
        max_seconds: Query<Option<Bounded<1, 86_400>>>,
    ) -> Result<TaskWatched, Failed<ReadingTask>> {
        let request = WatchTask {
            id: id.id()?,
            cursor: last_event_id.0.or(after.0),
            from_start: from.0.is_some(),
            max_seconds: max_seconds.0.map(|seconds| seconds.0),
        };
        match subscription::open_task(&self.0.log, &self.0.streams, request).await? {
            Opened::Stream(body) => Ok(TaskWatched::Stream(EventStream(body), STREAMED.to_owned())),
            Opened::Finished => Ok(TaskWatched::Finished),
        }
    }

    /// Watch many tasks
    ///
    /// The events of every task the filter matches, on one connection (Server-Sent Events); without
    /// a filter, of all tasks. It begins, resumes and resets like watchTask. A task that leaves the
    /// filter is reported with `stream.left`. The stream never ends by itself.
    #[allow(clippy::too_many_arguments)]
    #[oai(path = "/events", method = "get", operation_id = "watchEvents")]
    async fn watch_events(
        &self,
        /// This task; may be given up to 150 times.
        task: Query<Option<Vec<String>>>,
        /// Tasks in this queue.
        queue: Query<Option<String>>,
        /// Tasks of this kind.
        kind: Query<Option<String>>,
        /// Tasks with this label, as `key=value`; given several times, all must match.
        label: Query<Option<Vec<String>>>,
        /// Tasks in any of these states.
        state: Query<Option<Vec<StateParam>>>,
        /// Tasks that ended with an error of any of these types; up to 20.
        error_type: Query<Option<Vec<String>>>,
        /// The `id:` of the last event received; EventSource sends it by itself. Goes before
        /// `after`.
        #[oai(name = "Last-Event-ID")]
        last_event_id: HeaderText,
        /// Go on after this cursor. Goes before `from`.
        after: Query<Option<String>>,
        /// `start`: without a cursor, send every event that is kept in place of a snapshot.
        from: Query<Option<FromStart>>,
        /// End the stream after that many seconds; it can be resumed.
        #[oai(example = "example_max_seconds")]
        max_seconds: Query<Option<Bounded<1, 86_400>>>,
        /// At most that many progress events a second of each task, the newest of them; all other
        /// events come as they are. More than 0.
        max_rate: Query<Option<f64>>,
    ) -> Result<EventsWatched, Failed<Reading>> {
        let params = FilterParams {
            tasks: task.0,
            states: state.0,
            queue: queue.0,
            kind: kind.0,
            labels: label.0,
            parent: None,
            error_types: error_type.0,
        };
        let request = WatchEvents {
            filters: params.into_filter()?.into(),
            fresh: None,
            cursor: last_event_id.0.or(after.0),
            from_start: from.0.is_some(),
            max_seconds: max_seconds.0.map(|seconds| seconds.0),
            max_rate: max_rate.0,
        };
        self.open(request).await
    }

    /// Watch many tasks, by several filters
    ///
    /// watchEvents for what a URL has no room for: up to 500 ids, and several filters at once. A task
    /// is watched when any of them matches, and reported with `stream.left` when none does any more.
    /// To add to what a stream is about, open another one with the cursor of the first, all filters,
    /// and what was added as `fresh`: it begins with the tasks of `fresh` as they are, then goes on
    /// where the first was. Opening a stream changes nothing, so it may be repeated without any
    /// further word.
    #[oai(path = "/event-streams", method = "post", operation_id = "openEventStream")]
    async fn open_event_stream(
        &self,
        /// The `id:` of the last event received. Goes before `after`.
        #[oai(name = "Last-Event-ID")]
        last_event_id: HeaderText,
        body: JsonBody<WatchRequest>,
    ) -> Result<EventsWatched, Failed<OpeningStream>> {
        self.open(body.value.into_watch(last_event_id.0)?).await
    }
}

impl Streams {
    async fn open<S>(&self, request: WatchEvents) -> Result<EventsWatched, Failed<S>> {
        let body = match subscription::open_events(&self.0.log, &self.0.streams, request).await? {
            Opened::Stream(body) => body,
            Opened::Finished => Box::pin(futures_util::stream::empty()),
        };
        Ok(EventsWatched::Stream(EventStream(body), STREAMED.to_owned()))
    }
}
