//! One request of the generated client, as a person at a terminal wants it: answered soon, or not.

use std::{future::Future, time::Duration};

use milepost_client::{Error, types::Problem};
use progenitor_client::ResponseValue;
use tokio::time::timeout;

/// How long any request may take that does not wait by itself.
const LIMIT: Duration = Duration::from_secs(30);

pub async fn ask<T>(
    request: impl Future<Output = Result<ResponseValue<T>, progenitor_client::Error<Problem>>>,
) -> Result<T, Error> {
    match timeout(LIMIT, request).await {
        Ok(answer) => Ok(answer?.into_inner()),
        Err(_) => Err(Error::Timeout(LIMIT)),
    }
}
