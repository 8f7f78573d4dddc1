//! The tasks a stream is about, as they are: what a stream's snapshot holds, read by requests.

use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use http::StatusCode;

use super::filter::{EventFilter, Subject};
use crate::{
    Milepost, TaskFilter,
    error::Error,
    pages::task_page,
    types::{Task, TaskState},
};

/// How many tasks that are named by id make one page, and how many are asked for at once.
const IDS_A_PAGE: usize = 100;
const AT_ONCE: usize = 8;
/// How many done tasks it holds at most, the newest ones, and in how many pages they are looked for:
/// as the server's own snapshot.
const MAX_DONE: usize = 1000;
const MAX_DONE_PAGES: usize = 20;

/// Tasks, page by page.
pub(super) type Pages = BoxStream<'static, Result<Vec<Task>, Error>>;

/// Page by page, some perhaps empty. A task may come twice, where two filters match it; what comes
/// later is not older.
pub(super) fn pages(milepost: &Milepost, subject: &Subject) -> Pages {
    let milepost = milepost.clone();
    match subject.clone() {
        Subject::Task(id) => {
            let get = async move { Ok(vec![without_input(milepost.get(&id).await?)]) };
            stream::once(get).boxed()
        }
        Subject::Filters(filters) => {
            let pages = filters.into_iter().map(move |filter| of_filter(&milepost, filter));
            stream::iter(pages).flatten().boxed()
        }
    }
}

fn of_filter(milepost: &Milepost, filter: EventFilter) -> Pages {
    if !filter.tasks.is_empty() {
        return of_ids(milepost.clone(), filter);
    }
    let (done, unfinished): (Vec<_>, Vec<_>) = if filter.states.is_empty() {
        use TaskState::{Cancelled, Failed, Queued, Retrying, Running, Scheduled, Succeeded};
        (vec![Succeeded, Failed, Cancelled], vec![Scheduled, Queued, Running, Retrying])
    } else {
        filter.states.iter().cloned().partition(is_done)
    };
    let unfinished = listed(milepost, &filter, unfinished, usize::MAX, usize::MAX);
    let done = listed(milepost, &filter, done, MAX_DONE, MAX_DONE_PAGES);
    unfinished.chain(done).boxed()
}

fn is_done(state: &TaskState) -> bool {
    matches!(state, TaskState::Succeeded | TaskState::Failed | TaskState::Cancelled)
}

fn of_ids(milepost: Milepost, filter: EventFilter) -> Pages {
    let pages: Vec<Vec<String>> = filter.tasks.chunks(IDS_A_PAGE).map(<[_]>::to_vec).collect();
    let page = move |ids: Vec<String>| {
        let (milepost, filter) = (milepost.clone(), filter.clone());
        async move {
            let get = async |id: String| match milepost.get(&id).await {
                Ok(task) => Ok(filter.matches(&task).then(|| without_input(task))),
                Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
                Err(error) => Err(error),
            };
            let found = stream::iter(ids).map(get).buffered(AT_ONCE);
            let found: Vec<Option<Task>> = found.try_collect().await?;
            Ok(found.into_iter().flatten().collect())
        }
    };
    stream::iter(pages).then(page).boxed()
}

/// A list, walked to its end or to a bound. No states are none, not any.
fn listed(
    milepost: &Milepost,
    filter: &EventFilter,
    states: Vec<TaskState>,
    max_tasks: usize,
    max_pages: usize,
) -> Pages {
    if states.is_empty() {
        return stream::empty().boxed();
    }
    let milepost = milepost.clone();
    let filter = TaskFilter {
        states,
        queue: filter.queue.clone(),
        kind: filter.kind.clone(),
        labels: filter.labels.clone(),
        ..Default::default()
    };
    let begin = Some((None, max_tasks, max_pages));
    stream::try_unfold(begin, move |at| {
        let (milepost, filter) = (milepost.clone(), filter.clone());
        async move {
            let Some((page, tasks_left, pages_left)) = at else { return Ok(None) };
            let mut page = task_page(&milepost, &filter, page).await?;
            page.items.truncate(tasks_left);
            let (tasks_left, pages_left) = (tasks_left - page.items.len(), pages_left - 1);
            let more = tasks_left > 0 && pages_left > 0;
            let next = page.next.filter(|_| more).map(|next| (Some(next), tasks_left, pages_left));
            Ok(Some((page.items, next)))
        }
    })
    .boxed()
}

/// Streams carry no input.
fn without_input(task: Task) -> Task {
    Task { input: None, ..task }
}
