//! Lists of any length, one task after another.

use std::collections::VecDeque;

use futures_util::{Stream, StreamExt, stream};

use crate::{Milepost, client::persistently, error::Error, types};

/// How many tasks one request asks for.
const PAGE: u64 = 200;

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
    /// Created after this moment.
    pub created_after: Option<chrono::DateTime<chrono::Utc>>,
    /// A part of the id or kind, whatever the case.
    pub text: Option<String>,
}

struct Pages {
    milepost: Milepost,
    filter: TaskFilter,
    ready: VecDeque<types::Task>,
    next: Option<String>,
    asked: bool,
    failed: bool,
}

impl Milepost {
    /// All tasks a filter matches, newest first, without their `input`. Pages are fetched as they
    /// are needed; a page may be empty while there are more.
    pub fn tasks(
        &self,
        filter: TaskFilter,
    ) -> impl Stream<Item = Result<types::Task, Error>> + Send {
        let pages = Pages {
            milepost: self.clone(),
            filter,
            ready: VecDeque::new(),
            next: None,
            asked: false,
            failed: false,
        };
        stream::unfold(pages, |mut pages| async move {
            let item = pages.next().await?;
            pages.failed = item.is_err();
            Some((item, pages))
        })
        .boxed()
    }
}

impl Pages {
    async fn next(&mut self) -> Option<Result<types::Task, Error>> {
        loop {
            if let Some(task) = self.ready.pop_front() {
                return Some(Ok(task));
            }
            if self.failed || (self.asked && self.next.is_none()) {
                return None;
            }
            if let Err(error) = self.fetch().await {
                return Some(Err(error));
            }
        }
    }

    async fn fetch(&mut self) -> Result<(), Error> {
        let (api, filter, page) = (self.milepost.api(), &self.filter, &self.next);
        let answer = persistently(|| {
            let mut request = api
                .list_tasks()
                .state(filter.states.clone())
                .label(filter.labels.clone())
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
            if let Some(created_after) = filter.created_after {
                request = request.created_after(created_after);
            }
            if let Some(text) = &filter.text {
                request = request.q(text);
            }
            if let Some(page) = page {
                request = request.page(page);
            }
            request.send()
        })
        .await?
        .into_inner();
        self.asked = true;
        self.next = answer.next_page;
        self.ready = answer.items.into();
        Ok(())
    }
}
