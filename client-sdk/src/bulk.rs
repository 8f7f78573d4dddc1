//! One thing done to many tasks.

use std::future::Future;

use crate::{
    Milepost,
    client::{Answer, new_key, persistently},
    error::Error,
    types,
};

impl Milepost {
    /// Starts to cancel all tasks that match. Returns the run: a task that is watched, waited for and
    /// cancelled like any other, and whose output says how many tasks matched and were changed.
    ///
    /// ```no_run
    /// # async fn example(milepost: milepost_client::Milepost) -> Result<(), milepost_client::Error> {
    /// use milepost_client::types::{BulkRequest, BulkSelection};
    ///
    /// let filter = BulkSelection::builder().kind("thumbnails".to_owned());
    /// let run = milepost.bulk_cancel(BulkRequest::builder().filter(filter)).await?;
    /// println!("{:?}", milepost.wait(&run.id).await?.output);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn bulk_cancel<T>(&self, request: T) -> Result<types::Task, Error>
    where
        T: TryInto<types::BulkRequest>,
        T::Error: std::fmt::Display,
    {
        start(request, |key, request| {
            self.api().bulk_cancel_tasks().idempotency_key(key).body(request).send()
        })
        .await
    }

    /// Starts to retry all failed and cancelled tasks that match; returns the run.
    pub async fn bulk_retry<T>(&self, request: T) -> Result<types::Task, Error>
    where
        T: TryInto<types::BulkRequest>,
        T::Error: std::fmt::Display,
    {
        start(request, |key, request| {
            self.api().bulk_retry_tasks().idempotency_key(key).body(request).send()
        })
        .await
    }

    /// Starts to delete all tasks that match and are done; returns the run.
    pub async fn bulk_delete<T>(&self, request: T) -> Result<types::Task, Error>
    where
        T: TryInto<types::BulkRequest>,
        T::Error: std::fmt::Display,
    {
        start(request, |key, request| {
            self.api().bulk_delete_tasks().idempotency_key(key).body(request).send()
        })
        .await
    }
}

/// Sent under a key, so that a lost answer is asked for again and still makes one run.
async fn start<T, F>(
    request: T,
    send: impl Fn(String, types::BulkRequest) -> F,
) -> Result<types::Task, Error>
where
    T: TryInto<types::BulkRequest>,
    T::Error: std::fmt::Display,
    F: Future<Output = Answer<types::Task>>,
{
    let request = request.try_into().map_err(|error| Error::InvalidRequest(error.to_string()))?;
    let key = new_key();
    Ok(persistently(|| send(key.clone(), request.clone())).await?.into_inner())
}
