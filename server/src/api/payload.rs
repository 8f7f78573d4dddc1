//! Bodies: how requests are read and answers are written.
//!
//! poem's own `Json` reads and writes by way of a tree, names no field when something is wrong, and
//! turns large numbers into floats. Here serde reads the bytes themselves into the types the
//! contract shows, and answers are serde's bytes.

use std::marker::PhantomData;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    payload::Payload,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    parse::parse,
    problem::{Problem, ProblemType},
    wire::event::Event,
};
use crate::{
    domain::{Shown, TaskView},
    http::live::LiveBody,
};

const JSON: &str = "application/json";

/// A request's JSON.
pub struct JsonBody<T> {
    pub value: T,
}

impl<'a, T: DeserializeOwned + Type> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType { content_type: JSON, schema: T::schema_ref() }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        check_content_type(request.content_type())?;
        let bytes = <Bytes as FromRequest>::from_request(request, body).await?;
        let value = parse(&bytes)?;
        Ok(JsonBody { value })
    }
}

fn check_content_type(content_type: Option<&str>) -> Result<(), Problem> {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    if essence == JSON || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return check_charset(content_type.unwrap_or_default());
    }
    let detail = match content_type {
        None => "The request has no Content-Type. Send Content-Type: application/json.".to_owned(),
        Some(other) => format!("The body is sent as {other:?}. Send it as application/json."),
    };
    Err(Problem::new(ProblemType::UnsupportedMediaType, detail))
}

/// JSON is UTF-8 (RFC 8259 §8.1) and has no `charset`; one that says otherwise is taken at its word,
/// lest a body in another encoding that happens to be UTF-8 is read as what it is not.
fn check_charset(content_type: &str) -> Result<(), Problem> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let other = parameters.find_map(|(name, value)| {
        let value = value.trim().trim_matches('"');
        let fits = ["utf-8", "utf8"].iter().any(|known| value.eq_ignore_ascii_case(known));
        (name.trim().eq_ignore_ascii_case("charset") && !fits).then_some(value)
    });
    match other {
        None => Ok(()),
        Some(other) => Err(Problem::new(
            ProblemType::UnsupportedMediaType,
            format!("The body is sent in the charset {other:?}. Send it in UTF-8."),
        )),
    }
}

/// A JSON answer: the schema is that of `T`, the bytes are serde's.
pub struct Reply<T> {
    bytes: Vec<u8>,
    schema: PhantomData<fn() -> T>,
}

impl<T: Serialize> Reply<T> {
    pub fn of(value: &T) -> Result<Self, Problem> {
        match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Reply { bytes, schema: PhantomData }),
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                Err(Problem::internal())
            }
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn into_bytes(self) -> Bytes {
        self.bytes.into()
    }
}

impl Reply<TaskView> {
    /// What is written already.
    pub fn shown(task: &Shown) -> Self {
        Reply { bytes: task.json().as_bytes().to_vec(), schema: PhantomData }
    }
}

impl<T: Type> Payload for Reply<T> {
    const CONTENT_TYPE: &'static str = JSON;

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Send> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        Response::builder().content_type(JSON).body(self.bytes)
    }
}

/// Server-Sent Events; the contract shows one event, because OpenAPI 3.0 has no word for a stream.
pub struct EventStream(pub BoxStream<'static, Result<Bytes, std::io::Error>>);

impl Payload for EventStream {
    const CONTENT_TYPE: &'static str = "text/event-stream";

    fn schema_ref() -> MetaSchemaRef {
        Event::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Event::register(registry);
    }
}

impl IntoResponse for EventStream {
    fn into_response(self) -> Response {
        stream_response(self.0)
    }
}

/// Server-Sent Events whose data is plain text: the Quickstart's countdown.
pub struct TextStream(pub BoxStream<'static, Result<Bytes, std::io::Error>>);

impl Payload for TextStream {
    const CONTENT_TYPE: &'static str = "text/event-stream";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }
}

impl IntoResponse for TextStream {
    fn into_response(self) -> Response {
        stream_response(self.0)
    }
}

/// What `Cache-Control` says of a stream, lest a proxy holds events back.
pub const STREAMED: &str = "no-store, no-transform";

/// `X-Accel-Buffering` is for nginx, which holds events back as well.
fn stream_response(stream: BoxStream<'static, Result<Bytes, std::io::Error>>) -> Response {
    let live = LiveBody::of(stream);
    Response::builder()
        .content_type("text/event-stream")
        .header("x-accel-buffering", "no")
        .header("x-content-type-options", "nosniff")
        .extension(live.clone())
        .body(live.into_body())
}
