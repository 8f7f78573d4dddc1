//! `/metrics`, beside the contract: numbers for a Prometheus, in a format of its own.

use poem::{Endpoint, IntoResponse, Request, Response, Result, http::StatusCode};

use super::{Api, problem::Problem};
use crate::metrics::MEDIA_TYPE;

/// GET `/metrics`.
pub struct Scrape(pub Api);

impl Endpoint for Scrape {
    type Output = Response;

    async fn call(&self, _: Request) -> Result<Response> {
        let Api { engine, streams, metrics, .. } = self.0.clone();
        let read = move |reads: &dyn crate::store::Reads| metrics.text(reads, &engine, &streams);
        let text = self.0.log.read(read).await.map_err(Problem::from)?;
        Ok(Response::builder()
            .status(StatusCode::OK)
            .content_type(MEDIA_TYPE)
            .header("cache-control", "no-store")
            .body(text)
            .into_response())
    }
}
