//! Lists of any length, one item after another.

use std::{future::Future, sync::Arc};

use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};

use crate::{Milepost, client::persistently, error::Error, types};

/// How many items one request asks for.
const PAGE: u64 = 200;
/// How many lines of a log.
const LINES: u64 = 1000;

/// Which tasks to list: all given parts must match, and within one part any of its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskFilter {
    /// By state.
    pub states: Vec<types::TaskState>,
    /// By queue.
    pub queue: Option<String>,
    /// By kind.
    pub kind: Option<String>,
    /// By label, as `key=value`; all of them must match.
    pub labels: Vec<String>,
    /// The parts of one task.
    pub parent: Option<String>,
    /// The tasks that one schedule submitted.
    pub schedule: Option<String>,
    /// By the type of the error they ended with; at most 20.
    pub error_types: Vec<String>,
    /// Created after this moment.
    pub created_after: Option<chrono::DateTime<chrono::Utc>>,
    /// A part of the id or kind, whatever the case.
    pub text: Option<String>,
}

/// One page of any list.
pub(crate) struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Fetches page after page as they are needed; a page may be empty while there are more. Ends after
/// an error.
fn walk<T, F, Fut>(fetch: F) -> BoxStream<'static, Result<T, Error>>
where
    T: Send + 'static,
    F: Fn(Option<String>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page<T>, Error>> + Send + 'static,
{
    stream::try_unfold(Some(None), move |at| {
        let fetching = at.map(&fetch);
        async move {
            let Some(fetching) = fetching else { return Ok::<_, Error>(None) };
            let page = fetching.await?;
            let items = stream::iter(page.items.into_iter().map(Ok));
            Ok(Some((items, page.next.map(Some))))
        }
    })
    .try_flatten()
    .boxed()
}

impl Milepost {
    /// All tasks a filter matches, newest first, without their `input`. Pages are fetched as they
    /// are needed; a page may be empty while there are more.
    pub fn tasks(
        &self,
        filter: TaskFilter,
    ) -> impl Stream<Item = Result<types::Task, Error>> + Send + use<> {
        let (milepost, filter) = (self.clone(), Arc::new(filter));
        walk(move |page| {
            let (milepost, filter) = (milepost.clone(), Arc::clone(&filter));
            async move { task_page(&milepost, &filter, page).await }
        })
    }
}

impl Milepost {
    /// All lines a task's workers wrote that are kept, oldest first. Pages are fetched as they are
    /// needed, so lines that come meanwhile are among them. Lines that the server drops under the reader
    /// are passed over.
    pub fn log_lines(
        &self,
        id: &str,
    ) -> impl Stream<Item = Result<types::LogLine, Error>> + Send + use<> {
        let (milepost, id) = (self.clone(), id.to_owned());
        walk(move |after| {
            let (milepost, id) = (milepost.clone(), id.clone());
            async move {
                let answer = persistently(|| {
                    let request = milepost.api().list_task_logs().id(&id).limit(LINES);
                    match &after {
                        Some(after) => request.after(after),
                        None => request.from(types::StreamFrom::Start),
                    }
                    .send()
                });
                let answer = answer.await?.into_inner();
                Ok(Page { items: answer.lines, next: answer.next })
            }
        })
    }
}

pub(crate) async fn task_page(
    milepost: &Milepost,
    filter: &TaskFilter,
    page: Option<String>,
) -> Result<Page<types::Task>, Error> {
    let answer = persistently(|| {
        let mut request = milepost
            .api()
            .list_tasks()
            .state(filter.states.clone())
            .label(filter.labels.clone())
            .error_type(filter.error_types.clone())
            .limit(PAGE);
        if let Some(queue) = &filter.queue {
            request = request.queue(queue);
        }
        if let Some(kind) = &filter.kind {
            request = request.kind(kind);
        }
        if let Some(parent) = &filter.parent {
            request = request.parent(parent);
        }
        if let Some(schedule) = &filter.schedule {
            request = request.schedule(schedule);
        }
        if let Some(created_after) = filter.created_after {
            request = request.created_after(created_after);
        }
        if let Some(text) = &filter.text {
            request = request.q(text);
        }
        if let Some(page) = &page {
            request = request.page(page);
        }
        request.send()
    })
    .await?
    .into_inner();
    Ok(Page { items: answer.items, next: answer.next_page })
}

/// The lists that know no filter.
macro_rules! walks {
    ($($(#[$doc:meta])* $name:ident: $item:ident by $operation:ident;)*) => {
        impl Milepost {$(
            $(#[$doc])*
            pub fn $name(
                &self,
            ) -> impl Stream<Item = Result<types::$item, Error>> + Send + use<> {
                let milepost = self.clone();
                walk(move |page| {
                    let milepost = milepost.clone();
                    async move {
                        let answer = persistently(|| {
                            let request = milepost.api().$operation().limit(PAGE);
                            match &page {
                                Some(page) => request.page(page),
                                None => request,
                            }
                            .send()
                        });
                        let answer = answer.await?.into_inner();
                        Ok(Page { items: answer.items, next: answer.next_page })
                    }
                })
            }
        )*}
    };
}

walks! {
    /// All queues that something was set for or that have tasks, by name. Pages are fetched as they
    /// are needed.
    queues: Queue by list_queues;
    /// All kinds that something was said of, by name, without their schemas. Pages are fetched as they
    /// are needed.
    kinds: Kind by list_kinds;
    /// All schedules, by id. Pages are fetched as they are needed.
    schedules: Schedule by list_schedules;
    /// All webhooks, by id, without their secrets. Pages are fetched as they are needed.
    webhooks: Webhook by list_webhooks;
    /// All workers that asked for work lately or have a lease, by name. Pages are fetched as they are
    /// needed.
    workers: Worker by list_workers;
}
