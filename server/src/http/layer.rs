//! What the layers of the chain are made of.
//!
//! A layer looks at a request, and either answers it itself or passes it on and marks the answer. None of
//! them is an `async fn`: the future of one keeps a place for the request and another for each time it is
//! passed on, so that nine layers made a future of 14 KB, which is moved with every request. A layer that
//! maps what the next one returns adds its own few words to it.

use std::future::{Ready, ready};

use futures_util::{FutureExt, future::Either};
use poem::{IntoResponse, Response, Result};

/// A layer's own answer at once, or what the next one comes to.
pub type Answer<F> = Either<Ready<Result<Response>>, F>;

/// The layer's own answer.
pub fn answer<F>(response: Response) -> Answer<F> {
    Either::Left(ready(Ok(response)))
}

/// The answer of the next layer, as it is.
pub fn pass<T: IntoResponse>(
    next: impl Future<Output = Result<T>>,
) -> Answer<impl Future<Output = Result<Response>>> {
    Either::Right(next.map(|answer| answer.map(IntoResponse::into_response)))
}

/// The answer of the next layer, an error too, after `mark`.
pub fn marked<T: IntoResponse>(
    next: impl Future<Output = Result<T>>,
    mark: impl FnOnce(Response) -> Response,
) -> Answer<impl Future<Output = Result<Response>>> {
    Either::Right(next.map(|answer| Ok(mark(response(answer)))))
}

/// An answer as it goes out.
pub fn response<T: IntoResponse>(answer: Result<T>) -> Response {
    answer.map_or_else(|error| error.into_response(), IntoResponse::into_response)
}
