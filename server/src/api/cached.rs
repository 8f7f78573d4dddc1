//! Answers of GET that need not be sent again while they are the same.

use poem::{IntoResponse, Response, http::StatusCode};
use poem_openapi::{
    ApiResponse,
    payload::Payload,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};
use serde::Serialize;

use super::{
    answers::REVALIDATE,
    conditional::{body_tag, none_match_holds, revised_tag, revision_tag},
    params::HeaderText,
    payload::Reply,
    problem::Problem,
};
use crate::domain::Revision;

/// One thing, unless the client has it.
pub type Found<T> = Cached<T, false>;
/// A page of a list, unless the client has it.
pub type Listed<T> = Cached<T, true>;

/// 200 with the answer, or 304 if its tag is in the request's `If-None-Match`.
pub struct Cached<T, const LINKED: bool> {
    reply: Option<Reply<T>>,
    tag: String,
    link: Option<String>,
}

impl<T: Serialize, const LINKED: bool> Cached<T, LINKED> {
    fn new(
        value: &T,
        tag: impl FnOnce(&[u8]) -> String,
        link: Option<String>,
        held: &HeaderText,
    ) -> Result<Self, Problem> {
        let reply = Reply::of(value)?;
        let tag = tag(reply.bytes());
        let unchanged = held.as_deref().is_some_and(|header| none_match_holds(header, &tag));
        Ok(Cached { reply: (!unchanged).then_some(reply), tag, link })
    }
}

impl<T: Serialize> Found<T> {
    /// `held` is the request's `If-None-Match`.
    pub fn of(value: &T, held: &HeaderText) -> Result<Self, Problem> {
        Self::new(value, body_tag, None, held)
    }

    /// The same of what is shown by its revision alone.
    pub fn at(revision: Revision, value: &T, held: &HeaderText) -> Result<Self, Problem> {
        Self::new(value, |_| revision_tag(revision), None, held)
    }

    /// The same of what is shown with more than its revision counts.
    pub fn beyond(revision: Revision, value: &T, held: &HeaderText) -> Result<Self, Problem> {
        Self::new(value, |bytes| revised_tag(revision, bytes), None, held)
    }
}

impl<T: Serialize> Listed<T> {
    /// `link` is the `Link` to the next page, if there is one.
    pub fn page(value: &T, link: Option<String>, held: &HeaderText) -> Result<Self, Problem> {
        Self::new(value, body_tag, link, held)
    }
}

impl<T: Send, const LINKED: bool> IntoResponse for Cached<T, LINKED> {
    fn into_response(self) -> Response {
        let mut response = match self.reply {
            Some(reply) => reply.into_response(),
            None => StatusCode::NOT_MODIFIED.into_response(),
        };
        let found = response.status() == StatusCode::OK;
        for (name, value) in [
            ("etag", Some(self.tag)),
            ("cache-control", Some(REVALIDATE.to_owned())),
            ("link", self.link.filter(|_| found)),
        ] {
            if let Some(value) = value.and_then(|value| value.try_into().ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

fn header(name: &str, required: bool, description: &str) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required,
        deprecated: false,
        schema: String::schema_ref(),
    }
}

impl<T: Type, const LINKED: bool> ApiResponse for Cached<T, LINKED> {
    fn meta() -> MetaResponses {
        let headers = || {
            vec![
                header("ETag", true, "Which state of it this is."),
                header(
                    "Cache-Control",
                    true,
                    "`no-cache`: ask again each time, with `If-None-Match`.",
                ),
            ]
        };
        let mut found = headers();
        if LINKED {
            let next = "The next page, as `rel=\"next\"` (RFC 8288), while there is one.";
            found.push(header("Link", false, next));
        }
        let description = if LINKED { "A page of the list." } else { "As it is now." };
        let content = MetaMediaType {
            content_type: <Reply<T> as Payload>::CONTENT_TYPE,
            schema: T::schema_ref(),
        };
        let response = |status, description, content, headers| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers,
        };
        MetaResponses {
            responses: vec![
                response(200, description, vec![content], found),
                response(304, "It is still as the `If-None-Match` says.", Vec::new(), headers()),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
