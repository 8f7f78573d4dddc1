//! The one read path: the log after a cursor.

use std::sync::Arc;

use super::hub::Hub;
use crate::store::{Reads, StoreError};

/// The log for readers in async code. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    pub reads: Arc<dyn Reads>,
    pub hub: Hub,
}

impl Log {
    /// Runs a query where blocking is allowed.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&dyn Reads) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reads = self.reads.clone();
        tokio::task::spawn_blocking(move || query(reads.as_ref()))
            .await
            .unwrap_or_else(|panic| Err(StoreError::Other(panic.to_string())))
    }
}
