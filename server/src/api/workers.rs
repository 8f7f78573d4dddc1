//! Who works, and on what.

use poem::Request;
use poem_openapi::{OpenApi, param::Query};

use super::{
    Api, Tag,
    cached::Listed,
    paging::{NamedPage, default_limit, next_link},
    params::{Bounded, HeaderText},
    problem::{Failed, Reading},
    wire::worker::{WorkerList, workers},
};

/// listWorkers.
pub struct Workers(pub Api);

/// How many running tasks one look takes in.
const MAX_RUNNING: usize = 10_000;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Workers")]
impl Workers {
    /// List workers
    ///
    /// By name: who asked for work in the last ten minutes, and who has a task's lease. A worker is
    /// known by its requests alone; after a restart of the server, one that waits shows up again
    /// with its next call. Of more than 10,000 running tasks only so many are looked at.
    #[oai(path = "/workers", method = "get", operation_id = "listWorkers")]
    async fn list_workers(
        &self,
        request: &Request,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 200>>,
        /// `next_page` of the page before.
        page: Query<Option<String>>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Listed<WorkerList>, Failed<Reading>> {
        let page = NamedPage::of(limit.0, page.0.as_deref())?;
        let running = self.0.log.read(|reads| reads.running_tasks(MAX_RUNNING)).await?;
        let mut workers = workers(self.0.engine.workers(), running);
        let mut items: Vec<_> = workers
            .split_off(&page.after)
            .into_values()
            .filter(|worker| worker.name != page.after)
            .take(page.sought())
            .collect();
        let next_page = page.cut(&mut items, |worker| &worker.name);
        let link = next_link(request.original_uri(), next_page.as_deref());
        Ok(Listed::page(&WorkerList { items, next_page }, link, &if_none_match)?)
    }
}
