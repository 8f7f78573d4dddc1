//! Queues: what is set for them, and what is in them.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    cached::{Found, Listed},
    conditional::{self, revised_tag},
    paging::{NamedPage, default_limit, next_link},
    params::{Bounded, HeaderText, NameText},
    payload::{JsonBody, Reply},
    problem::{Failed, Problem, Reading, ReadingTask, Setting},
    wire::{
        queue::{Queue, QueueList},
        queue_settings::{QueueChange, QueueDefinition},
    },
};
use crate::{
    domain::{self, Refusal, Revision, name::is_reserved},
    store::QueueStatus,
};

/// The operations tagged "Queues".
pub struct Queues(pub Api);

/// A queue after a change.
#[derive(ApiResponse)]
pub enum QueueSet {
    /// Set and durable. The queue as it is now.
    #[oai(status = 200)]
    Set(
        Reply<Queue>,
        /// The queue's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Queues")]
impl Queues {
    /// List queues
    ///
    /// By name: every queue that something was set for, or that has tasks. The server's own are left
    /// out, so a page may be short while `next_page` is there.
    #[oai(path = "/queues", method = "get", operation_id = "listQueues")]
    async fn list_queues(
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
    ) -> Result<Listed<QueueList>, Failed<Reading>> {
        let page = NamedPage::of(limit.0, page.0.as_deref())?;
        let (after, sought) = (page.after.clone(), page.sought());
        let mut found = self.0.log.read(move |reads| reads.queues(&after, sought)).await?;
        let next_page = page.cut(&mut found, |queue| &queue.name);
        found.retain(|queue| !is_reserved(&queue.name));
        let link = next_link(request.original_uri(), next_page.as_deref());
        let items = found.into_iter().map(Queue::from).collect();
        Ok(Listed::page(&QueueList { items, next_page }, link, &if_none_match)?)
    }

    /// Get a queue
    ///
    /// What is set for it, how many of its tasks are in each state, and since when the longest
    /// waiting of them waits. A queue that nothing was set for and that has no task is not there.
    #[oai(path = "/queues/:name", method = "get", operation_id = "getQueue")]
    async fn get_queue(
        &self,
        /// The queue; special characters percent-encoded, `/` as `%2F`.
        name: Path<NameText>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Found<Queue>, Failed<ReadingTask>> {
        let name = name.0.0;
        if is_reserved(&name) {
            return Err(Refusal::Reserved(name).into());
        }
        let status = self.status(name.clone()).await?;
        let status = status.ok_or(Refusal::QueueNotFound(name))?;
        let revision = revision(&status);
        Ok(Found::beyond(revision, &status.into(), &if_none_match)?)
    }

    /// Set a queue
    ///
    /// Replaces all that is set for it: what is left out returns to its default. A queue need not be
    /// set up before tasks are submitted to it. Limits hold for leases from now on; what runs goes
    /// on. `defaults` are for tasks submitted from now on.
    #[oai(path = "/queues/:name", method = "put", operation_id = "putQueue")]
    async fn put_queue(
        &self,
        /// The queue; special characters percent-encoded, `/` as `%2F`.
        name: Path<NameText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// `*`: only if it is not there yet (RFC 9110 §13.1.2).
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
        body: JsonBody<QueueDefinition>,
    ) -> Result<QueueSet, Failed<Setting>> {
        let queue = self
            .0
            .engine
            .only_if(conditional::for_put(&if_match, &if_none_match)?)
            .set_queue(name.0.0, body.value.into_settings())
            .await?;
        Ok(self.set(queue).await?)
    }

    /// Change a queue
    ///
    /// Pause it and let it go on, set a limit, or take one away with `null`. What is left out stays
    /// as it is; `defaults` and `rate_limit` are replaced as a whole.
    #[oai(path = "/queues/:name", method = "patch", operation_id = "updateQueue")]
    async fn update_queue(
        &self,
        /// The queue; special characters percent-encoded, `/` as `%2F`.
        name: Path<NameText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        body: JsonBody<QueueChange>,
    ) -> Result<QueueSet, Failed<Setting>> {
        let queue = self
            .0
            .engine
            .only_if(conditional::if_match(&if_match)?)
            .change_queue(name.0.0, body.value.into_change())
            .await?;
        Ok(self.set(queue).await?)
    }
}

impl Queues {
    async fn status(&self, name: String) -> Result<Option<QueueStatus>, Problem> {
        Ok(self.0.log.read(move |reads| reads.queue(&name)).await?)
    }

    /// The queue as it was set, with what is in it.
    async fn set(&self, queue: domain::Queue) -> Result<QueueSet, Problem> {
        let name = queue.name.clone();
        let status = self.status(name.clone()).await?;
        let status = status.ok_or(Refusal::QueueNotFound(name))?;
        let status = QueueStatus { queue: Some(queue), ..status };
        let revision = revision(&status);
        let reply = Reply::of(&status.into())?;
        let tag = revised_tag(revision, reply.bytes());
        Ok(QueueSet::Set(reply, tag))
    }
}

/// The revision of what is set for it.
fn revision(status: &QueueStatus) -> Revision {
    status.queue.as_ref().map_or(domain::Queue::UNSET, |queue| queue.revision)
}
