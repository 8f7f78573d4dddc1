//! One request of the generated client, as a person at a terminal wants it: answered soon, or not.

use std::{future::Future, time::Duration};

use http::header::ETAG;
use milepost_client::{Error, types::Problem};
use progenitor_client::ResponseValue;
use serde::Serialize;
use tokio::time::timeout;

use crate::{
    args::Shown,
    outcome::{Outcome, SUCCEEDED, print, print_json},
};

/// How long any request may take that does not wait by itself.
const LIMIT: Duration = Duration::from_secs(30);

type Answer<T> = Result<ResponseValue<T>, progenitor_client::Error<Problem>>;

/// A request with `If-Match` where a tag was typed. The builders of the operations have no type in common.
macro_rules! if_match {
    ($request:expr, $tag:expr) => {
        match $tag {
            Some(tag) => $request.if_match(tag),
            None => $request,
        }
    };
}
pub(crate) use if_match;

pub async fn ask<T>(request: impl Future<Output = Answer<T>>) -> Result<T, Error> {
    Ok(answer(request).await?.into_inner())
}

/// Prints what a request gets, or the tag of it.
pub async fn show<T: Serialize>(request: impl Future<Output = Answer<T>>, shown: Shown) -> Outcome {
    let answer = answer(request).await?;
    if shown.etag {
        let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        print(tag.unwrap_or_default());
    } else {
        print_json(&*answer)?;
    }
    Ok(SUCCEEDED)
}

async fn answer<T>(request: impl Future<Output = Answer<T>>) -> Result<ResponseValue<T>, Error> {
    match timeout(LIMIT, request).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Error::Timeout(LIMIT)),
    }
}
