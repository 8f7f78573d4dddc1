//! Leases on their way to a worker, and back if it is gone.
//!
//! A lease is given the moment the writer commits it; the worker may be gone before its answer is
//! written. Until the connection has taken the whole answer, whoever drops it gives the leases back,
//! so that the tasks need not wait for them to expire.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::Stream;
use poem::{Body, IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    payload::Payload,
    registry::{MetaSchemaRef, Registry},
    types::Type,
};

use super::{
    answers::NO_STORE,
    payload::Reply,
    problem::Problem,
    wire::lease::{Lease, LeaseList},
};
use crate::{
    domain::{LeaseToken, TaskId},
    engine::{Engine, Leased},
};

/// Leases that are given back when dropped.
struct Held {
    engine: Engine,
    leases: Vec<(TaskId, LeaseToken)>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.leases.is_empty() {
            tracing::debug!(leases = self.leases.len(), "a worker left before its leases came");
            self.engine.give_back(std::mem::take(&mut self.leases));
        }
    }
}

/// The answer with the leases it hands over.
pub struct Handover {
    bytes: Bytes,
    held: Held,
}

impl Handover {
    /// `traced`: the attempts' spans are exported.
    pub fn of(engine: Engine, leased: Vec<Leased>, traced: bool) -> Result<Self, Problem> {
        let leases =
            leased.iter().map(|lease| (lease.task.id.clone(), lease.token.clone())).collect();
        let held = Held { engine, leases };
        let list =
            LeaseList { leases: leased.into_iter().map(|one| Lease::of(one, traced)).collect() };
        Ok(Handover { bytes: Reply::of(&list)?.into_bytes(), held })
    }
}

impl Payload for Handover {
    const CONTENT_TYPE: &'static str = <Reply<LeaseList> as Payload>::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        LeaseList::schema_ref()
    }

    fn register(registry: &mut Registry) {
        LeaseList::register(registry);
    }
}

impl IntoResponse for Handover {
    fn into_response(self) -> Response {
        let body = HandoverBody { bytes: Some(self.bytes), held: Some(self.held) };
        Response::builder().content_type(Self::CONTENT_TYPE).body(Body::from_bytes_stream(body))
    }
}

/// One piece, then the end. The connection asks for the end only after it took the piece.
struct HandoverBody {
    bytes: Option<Bytes>,
    held: Option<Held>,
}

impl Stream for HandoverBody {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(bytes)));
        }
        if let Some(mut held) = self.held.take() {
            held.leases.clear();
        }
        Poll::Ready(None)
    }
}

/// The leases a worker gets.
#[derive(ApiResponse)]
pub enum LeasesTaken {
    /// The leases; may be empty.
    #[oai(status = 200)]
    Taken(
        Handover,
        /// `no-store`: a lease is given once.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl LeasesTaken {
    pub fn of(handover: Handover) -> Self {
        Self::Taken(handover, NO_STORE.to_owned())
    }
}
