//! The log as pages: the long-poll form of the streams.

use std::time::Duration;

use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    answers::{EventsListed, NO_STORE},
    filter::FilterParams,
    lines,
    params::{Bounded, FromStart, HeaderText, IdText, StateParam},
    payload::Reply,
    preference,
    problem::{Failed, Problem, Reading, ReadingTask},
    wire::event::{EventPage, EventText, LogLines, ResetReason},
};
use crate::{
    domain::{Cursor, Position, RawJson, TaskId, Verdict},
    store::{LogPage, Reads, Selection, StoreError},
    stream::{
        hub::Waker,
        resume::{Reset, resume},
    },
};

/// The log's operations tagged "Streams".
pub struct History(pub Api);

/// Lines of a task.
#[derive(ApiResponse)]
pub enum LogsListed {
    /// The lines, oldest first.
    #[oai(status = 200)]
    Listed(
        Reply<LogLines>,
        /// `no-store`: the log goes on.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

fn default_limit() -> Bounded<1, 1000> {
    Bounded(100)
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Streams")]
impl History {
    /// List a task's events
    ///
    /// The events watchTask sends, as JSON, oldest first. With `Prefer: wait=N` (at most 60) the
    /// answer waits for a first event. An `after` that cannot be used is no error: the answer says
    /// so with `reset` and begins with the oldest event that is kept.
    #[oai(path = "/tasks/:id/history", method = "get", operation_id = "listTaskEvents")]
    async fn list_task_events(
        &self,
        /// The task.
        id: Path<IdText>,
        /// Go on after this cursor.
        after: Query<Option<String>>,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 1000>>,
        /// `wait=N`: wait up to N seconds for a first event (RFC 7240).
        #[oai(name = "Prefer")]
        prefer: HeaderText,
    ) -> Result<EventsListed, Failed<ReadingTask>> {
        let id = id.id()?;
        let waker = self.0.log.hub.watch_task(&id);
        let seq = self.readable_seq(&id, after.0.as_deref()).await?;
        let query = PageQuery {
            selection: Selection::Task { id, seq },
            after: after.0,
            limit: limit.0.0,
            wait: preference::wait(prefer.as_deref()),
        };
        Ok(EventsListed::of(&self.page(query, waker).await?)?)
    }

    /// List events
    ///
    /// The events watchEvents sends, as JSON, oldest first; without a filter, those of all tasks. A
    /// task that leaves the filter is reported with `stream.left`. With `Prefer: wait=N` (at most
    /// 60) the answer waits for a first event. A page looks at no more than 10,000 events, so it
    /// may be short, or empty: go on from its `cursor`.
    #[allow(clippy::too_many_arguments)]
    #[oai(path = "/history", method = "get", operation_id = "listEvents")]
    async fn list_events(
        &self,
        /// Of this task; may be given up to 150 times.
        task: Query<Option<Vec<String>>>,
        /// Of tasks in this queue.
        queue: Query<Option<String>>,
        /// Of tasks of this kind.
        kind: Query<Option<String>>,
        /// Of tasks with this label, as `key=value`; given several times, all must match.
        label: Query<Option<Vec<String>>>,
        /// Of tasks in any of these states after the event.
        state: Query<Option<Vec<StateParam>>>,
        /// Of tasks that ended with an error of any of these types, as it is after the event; up to 20.
        error_type: Query<Option<Vec<String>>>,
        /// Go on after this cursor.
        after: Query<Option<String>>,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 1000>>,
        /// `wait=N`: wait up to N seconds for a first event (RFC 7240).
        #[oai(name = "Prefer")]
        prefer: HeaderText,
    ) -> Result<EventsListed, Failed<Reading>> {
        let params = FilterParams {
            tasks: task.0,
            states: state.0,
            queue: queue.0,
            kind: kind.0,
            labels: label.0,
            parent: None,
            error_types: error_type.0,
        };
        let filters = params.into_filter()?.into();
        let waker = self.0.log.hub.watch_filters(&filters);
        let query = PageQuery {
            selection: Selection::Filters(filters),
            after: after.0,
            limit: limit.0.0,
            wait: preference::wait(prefer.as_deref()),
        };
        Ok(EventsListed::of(&self.page(query, waker).await?)?)
    }

    /// List a task's log lines
    ///
    /// What its workers wrote, all attempts together, oldest first: the last lines, or with `after` or
    /// `from` page by page. An `after` that cannot be used is no error: the answer says so with `reset`
    /// and begins with the oldest line that is kept. To follow the log live, watch the task: its
    /// `task.log` events carry the lines.
    #[oai(path = "/tasks/:id/logs", method = "get", operation_id = "listTaskLogs")]
    async fn list_task_logs(
        &self,
        /// The task.
        id: Path<IdText>,
        /// The last that many lines. Says nothing where `after` or `from` is given.
        #[oai(default = "default_limit")]
        tail: Query<Bounded<1, 1000>>,
        /// The lines after this place: the `next` of an earlier answer, or the cursor of an event.
        /// Goes before `from`.
        after: Query<Option<String>>,
        /// `start`: begin with the oldest line that is kept.
        from: Query<Option<FromStart>>,
        /// With `after` or `from`: at most that many lines; without it, 100.
        limit: Query<Option<Bounded<1, 1000>>>,
    ) -> Result<LogsListed, Failed<ReadingTask>> {
        let id = id.id()?;
        let seq = self.seq_of(&id).await?;
        let paged = after.0.is_some() || from.0.is_some();
        let Bounded(most) = if paged { limit.0.unwrap_or_else(default_limit) } else { tail.0 };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let read = move |reads: &dyn Reads| {
            if paged {
                let what = Selection::Task { id, seq };
                return lines::page(reads, &what, seq, after.0.as_deref(), most);
            }
            Ok(LogLines { lines: reads.logs(seq, most)?, next: None, reset: None })
        };
        let lines = self.0.log.read(read).await?;
        Ok(LogsListed::Listed(Reply::of(&lines)?, NO_STORE.to_owned()))
    }
}

struct PageQuery {
    selection: Selection,
    after: Option<String>,
    limit: u64,
    wait: Option<Duration>,
}

impl History {
    /// The row of a task, also of one that was deleted after the cursor somebody comes with.
    async fn readable_seq(&self, id: &TaskId, after: Option<&str>) -> Result<Position, Problem> {
        let (sought, after) = (id.clone(), after.map(str::to_owned));
        let query = move |reads: &dyn Reads| {
            if let Some((seq, _)) = reads.task(&sought)? {
                return Ok(Some(seq));
            }
            let (Some(stone), Some(after)) = (reads.tombstone(&sought)?, after) else {
                return Ok(None);
            };
            let what = Selection::Task { id: sought, seq: stone.seq };
            let before = resume(reads, &what, &after)?.is_ok_and(|after| after < stone.position);
            Ok(before.then_some(stone.seq))
        };
        match self.0.log.read(query).await? {
            Some(seq) => Ok(seq),
            None => Err(self.0.missing(id).await?),
        }
    }

    async fn seq_of(&self, id: &TaskId) -> Result<Position, Problem> {
        let sought = id.clone();
        let found = self.0.log.read(move |reads| reads.task(&sought)).await?;
        match found {
            Some((seq, _)) => Ok(seq),
            None => Err(self.0.missing(id).await?),
        }
    }

    /// One page. With a wait, an empty one is read again from where it ended, whenever the waker
    /// says so; the waker was made before anything was read.
    async fn page(&self, query: PageQuery, mut waker: Waker) -> Result<EventPage, Problem> {
        let deadline = tokio::time::Instant::now() + query.wait.unwrap_or_default();
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let (selection, after) = (query.selection.clone(), query.after);
        let asked = after.is_some();
        let begin = move |reads: &dyn Reads| begin(reads, &selection, after.as_deref());
        let (mut position, mut reset) = self.0.log.read(begin).await?;
        loop {
            let page = self.0.log.page(&waker, &query.selection, position, limit).await?;
            if asked && reset.is_none() && page.trimmed {
                // It was trimmed since the cursor was looked at.
                (position, reset) = (0, Some(Reset::Trimmed.into()));
                continue;
            }
            let waited = tokio::time::Instant::now() >= deadline;
            if !page.entries.is_empty() || waited || self.0.drain.is_cancelled() {
                return self.written(page, reset);
            }
            position = page.through;
            if page.at_end {
                tokio::select! {
                    () = waker.woken() => {}
                    () = tokio::time::sleep_until(deadline) => {}
                    () = self.0.drain.cancelled() => {}
                }
            }
        }
    }

    fn written(&self, page: LogPage, reset: Option<ResetReason>) -> Result<EventPage, Problem> {
        let epoch = self.0.log.reads.epoch();
        let mut items = Vec::with_capacity(page.entries.len());
        for (entry, verdict) in page.entries {
            let cursor = Cursor { epoch, position: entry.position };
            let text = match verdict {
                Verdict::Deliver => entry.json.clone(),
                Verdict::Left => left(&entry.task_id, cursor),
                Verdict::Skip => continue,
            };
            items.push(EventText(RawJson::parse(text).map_err(|error| {
                tracing::error!(%error, %cursor, "an entry of the log is not JSON");
                Problem::internal()
            })?));
        }
        Ok(EventPage { items, cursor: Cursor { epoch, position: page.through }, reset })
    }
}

/// A `stream.left` event. Ids and cursors need no escaping.
fn left(task: &TaskId, cursor: Cursor) -> String {
    format!(r#"{{"type":"stream.left","task_id":"{task}","cursor":"{cursor}"}}"#)
}

/// Where to begin, and why that is not where the client asked to. What was trimmed is passed over
/// by itself.
fn begin(
    reads: &dyn Reads,
    what: &Selection,
    after: Option<&str>,
) -> Result<(Position, Option<ResetReason>), StoreError> {
    let Some(after) = after else { return Ok((0, None)) };
    Ok(match resume(reads, what, after)? {
        Ok(position) => (position, None),
        Err(reset) => (0, Some(reset.into())),
    })
}
