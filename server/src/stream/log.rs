//! The one read path: the log after a cursor.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    chunk::Chunk,
    hub::{Hub, Waker},
};
use crate::{
    domain::Position,
    store::{LogPage, Reads, Selection, StoreError},
};

/// How many queries run at once. More would not be faster: each holds a thread and a connection with
/// a cache of its own, and a crowd that comes back at once would have hundreds of both.
const AT_ONCE: usize = 8;

/// How many events a chunk has at most; mostly its bytes end it sooner.
const CHUNK_EVENTS: usize = 128;

/// The log for readers in async code. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    pub reads: Arc<dyn Reads>,
    pub hub: Hub,
    turns: Arc<Semaphore>,
}

impl Log {
    pub fn new(reads: Arc<dyn Reads>, hub: Hub) -> Self {
        Log { reads, hub, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// At most `limit` entries after `after`: from memory where all of it is there, else from the
    /// store.
    pub async fn page(
        &self,
        waker: &Waker,
        what: &Selection,
        after: Position,
        limit: usize,
    ) -> Result<LogPage, StoreError> {
        if let Some(page) = self.hub.page(waker, what, after, limit) {
            return Ok(page);
        }
        let what = what.clone();
        // On the heap: nearly every read is one of memory, and each of ten thousand idle watchers is
        // as large as its largest moment.
        Box::pin(self.read(move |reads| reads.log(&what, after, limit))).await
    }

    /// What comes after `after` as the bytes that are sent, made once for all who read the same.
    pub async fn chunk(
        &self,
        waker: &Waker,
        what: &Selection,
        after: Position,
    ) -> Result<Arc<Chunk>, StoreError> {
        let topic = &waker.topic;
        if let Some(chunk) = topic.chunk(what, after) {
            return Ok(chunk);
        }
        let mut version = topic.version();
        let page = match self.hub.page(waker, what, after, CHUNK_EVENTS) {
            Some(page) => page,
            None => {
                let turn = self.turn().await;
                // A crowd that comes back at once waits for its turns with one wish.
                if let Some(chunk) = topic.chunk(what, after) {
                    return Ok(chunk);
                }
                version = topic.version();
                let what = what.clone();
                let query = move |reads: &dyn Reads| reads.log(&what, after, CHUNK_EVENTS);
                Box::pin(self.run(turn, query)).await?
            }
        };
        let chunk = Arc::new(Chunk::of(self.reads.epoch(), what, after, page)?);
        topic.share(version, &chunk);
        Ok(chunk)
    }

    /// Runs a query where blocking is allowed, in its turn.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&dyn Reads) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.turn().await;
        self.run(turn, query).await
    }

    /// A turn among the queries; the semaphore is never closed.
    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        self.turns.clone().acquire_owned().await.ok()
    }

    /// The turn goes with the query, not with who asked: a caller that leaves does not stop what runs.
    async fn run<T: Send + 'static>(
        &self,
        turn: Option<OwnedSemaphorePermit>,
        query: impl FnOnce(&dyn Reads) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reads = self.reads.clone();
        let query = move || {
            let result = query(reads.as_ref());
            drop(turn);
            result
        };
        tokio::task::spawn_blocking(query)
            .await
            .unwrap_or_else(|panic| Err(StoreError::Other(panic.to_string())))
    }
}
