//! Bodies: how requests are read and answers are written.
//!
//! poem's own `Json` reads and writes by way of a tree, names no field when something is wrong, and
//! turns large numbers into floats. Here serde reads the bytes themselves into the types the
//! contract shows, and answers are serde's bytes.

use std::marker::PhantomData;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use poem::{Body, FromRequest, IntoResponse, Request, RequestBody, Response};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    payload::Payload,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    problem::{Problem, ProblemType},
    wire::event::Event,
};
use crate::domain::{FieldError, json};

const JSON: &str = "application/json";

/// A request's JSON, with its bytes: an Idempotency-Key is held against them.
pub struct JsonBody<T> {
    pub value: T,
    pub bytes: Bytes,
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
        Ok(JsonBody { value, bytes })
    }
}

fn check_content_type(content_type: Option<&str>) -> Result<(), Problem> {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    if essence == JSON || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let detail = match content_type {
        None => "The request has no Content-Type. Send Content-Type: application/json.".to_owned(),
        Some(other) => format!("The body is sent as {other:?}. Send it as application/json."),
    };
    Err(Problem::new(ProblemType::UnsupportedMediaType, detail))
}

/// Reads a body into `T`; the problem names the field that is wrong.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let malformed = |detail: String| Problem::new(ProblemType::MalformedBody, detail);
    if bytes.trim_ascii().is_empty() {
        return Err(malformed("The body is empty, and this operation needs one.".to_owned()));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        return Err(malformed(format!("The body is not UTF-8: byte {at} is wrong.")));
    }
    json::screen(bytes).map_err(|error| malformed(format!("The body is refused: {error}.")))?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            serde_json::error::Category::Data => wrong_field(&path, &error.to_string()),
            _ => malformed(format!("The body is not JSON: {error}.")),
        }
    })?;
    reader.end().map_err(|error| malformed(format!("The body is not one JSON value: {error}.")))?;
    Ok(value)
}

/// serde says "missing field `kind` at line 1 column 2" at the path of the object; the client is
/// told of the field itself, without the place.
fn wrong_field(path: &str, message: &str) -> Problem {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let inside = |name: &str| match path {
        "." => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let quoted = message.split('`').nth(1);
    let error = match quoted {
        Some(name) if message.starts_with("missing field") => {
            FieldError::new(inside(name), "is required")
        }
        Some(name) if message.starts_with("unknown field") => {
            let known = message.split_once("expected ").map(|(_, known)| known.replace('`', ""));
            let known = known.map(|known| format!("; there is {known}")).unwrap_or_default();
            FieldError::new(inside(name), format!("is not a field of this request{known}"))
        }
        _ => FieldError::new(if path == "." { "body" } else { path }, message),
    };
    Problem::invalid(vec![error])
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

/// `no-transform` and `X-Accel-Buffering` keep proxies from holding events back.
fn stream_response(stream: BoxStream<'static, Result<Bytes, std::io::Error>>) -> Response {
    Response::builder()
        .content_type("text/event-stream")
        .header("cache-control", "no-store, no-transform")
        .header("x-accel-buffering", "no")
        .header("x-content-type-options", "nosniff")
        .body(Body::from_bytes_stream(stream))
}
