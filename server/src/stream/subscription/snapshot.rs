//! The picture a watcher begins with: the tasks as they are, page by page.
//!
//! The end of the log is noted before the first page is read, and the deltas go on from there. So a
//! task that changes while pages are read is seen in its old or its new state, and every change
//! after the noted end comes again as a delta; the client knows by its cursor which is newer.

use std::collections::VecDeque;

use crate::{
    domain::{Filter, Filters, RawJson, State, TaskId, TaskView},
    store::{ListQuery, Reads, StoreError},
    stream::log::Log,
};

/// How many tasks one read looks for.
const PAGE: usize = 100;
/// How many done tasks a snapshot shows at most, the newest ones; the rest is for listTasks.
const MAX_DONE: usize = 1000;
/// How many pages are searched for them; the store looks at 10,000 rows for one.
const MAX_DONE_PAGES: usize = 20;
/// Frames stay below 32 KiB, with room for what stands around the tasks.
const FRAME: usize = 32 * 1024 - 256;

/// A snapshot on its way.
///
/// It holds every task that matches and is not done, because their deltas say nothing to who does
/// not know them, and the newest 1,000 that are done. Where the filter names tasks, it holds those.
pub(super) struct Snapshot {
    parts: VecDeque<Part>,
}

/// A list that is walked to its end or to a bound.
struct Part {
    query: ListQuery,
    tasks_left: usize,
    pages_left: usize,
}

impl Snapshot {
    pub fn of(filters: &Filters) -> Self {
        Snapshot { parts: filters.0.iter().flat_map(Part::of_filter).collect() }
    }

    /// The next tasks; `None` when that was all.
    pub async fn next_page(&mut self, log: &Log) -> Result<Option<Vec<TaskView>>, StoreError> {
        let Some(mut part) = self.parts.pop_front() else { return Ok(None) };
        let (tasks, rest) = log
            .read(move |reads| {
                let (tasks, more) = part.read(reads)?;
                Ok((tasks, more.then_some(part)))
            })
            .await?;
        if let Some(part) = rest {
            self.parts.push_front(part);
        }
        Ok(Some(tasks))
    }
}

impl Part {
    fn of_filter(filter: &Filter) -> Vec<Part> {
        if filter.tasks.is_empty() {
            let unfinished = Part::of_states(filter, false, usize::MAX, usize::MAX);
            let done = Part::of_states(filter, true, MAX_DONE, MAX_DONE_PAGES);
            return unfinished.into_iter().chain(done).collect();
        }
        let ids: Vec<_> = filter.tasks.iter().cloned().collect();
        let page = |ids: &[TaskId]| {
            let tasks = ids.iter().cloned().collect();
            Part::of(Filter { tasks, ..filter.clone() }, usize::MAX, usize::MAX)
        };
        ids.chunks(PAGE).map(page).collect()
    }

    fn of(filter: Filter, tasks_left: usize, pages_left: usize) -> Self {
        let query = ListQuery { filter, limit: PAGE, ..ListQuery::default() };
        Part { query, tasks_left, pages_left }
    }

    /// Those that are done, or those that are not; `None` where the filter wants no such state.
    fn of_states(
        filter: &Filter,
        done: bool,
        tasks_left: usize,
        pages_left: usize,
    ) -> Option<Self> {
        let wanted = |state: &State| filter.states.is_empty() || filter.states.contains(state);
        let states: Vec<State> =
            State::ALL.into_iter().filter(|state| state.is_done() == done).filter(wanted).collect();
        // Without a state the filter would match every state.
        let some = !states.is_empty();
        some.then(|| Part::of(Filter { states, ..filter.clone() }, tasks_left, pages_left))
    }

    /// The next tasks of this part, and whether there may be more.
    fn read(&mut self, reads: &dyn Reads) -> Result<(Vec<TaskView>, bool), StoreError> {
        self.query.limit = PAGE.min(self.tasks_left);
        let page = reads.list(&self.query)?;
        self.tasks_left = self.tasks_left.saturating_sub(page.items.len());
        self.pages_left = self.pages_left.saturating_sub(1);
        self.query.below = page.next;
        let more = page.next.is_some() && self.tasks_left > 0 && self.pages_left > 0;
        Ok((page.items, more))
    }
}

/// Tasks waiting to fill a frame.
#[derive(Default)]
pub(super) struct Picture {
    tasks: Vec<RawJson>,
    bytes: usize,
}

impl Picture {
    /// Adds a task; where it has no room beside the others, those are returned to be sent.
    pub fn add(&mut self, task: &TaskView) -> Result<Option<Vec<RawJson>>, StoreError> {
        let json = RawJson::of(task).map_err(|error| StoreError::Other(error.to_string()))?;
        let size = json.get().len() + 1;
        let full = !self.tasks.is_empty() && self.bytes + size > FRAME;
        let out = full.then(|| self.take());
        self.bytes += size;
        self.tasks.push(json);
        Ok(out)
    }

    pub fn take(&mut self) -> Vec<RawJson> {
        self.bytes = 0;
        std::mem::take(&mut self.tasks)
    }
}
