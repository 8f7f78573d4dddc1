//! The Quickstart: a Flask tutorial's wire, kept exactly, on the same engine as everything else.
//!
//! A React app that was written against the tutorial's server runs unchanged against this one, so
//! paths, words and bodies here are that tutorial's, and two of the errors are not problems.

use bytes::Bytes;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, Object, OpenApi,
    param::Path,
    registry::{MetaMediaType, MetaRequest, Registry},
    types::{Example, Type},
};
use serde::{Deserialize, Serialize};

use super::{
    Api, Tag,
    answers::REVALIDATE,
    conditional::{body_tag, none_match_holds},
    params::{HeaderText, IdText},
    payload::{Reply, STREAMED, TextStream},
    problem::{Asking, Failed, Problem, Reading, Starting, SubmittingName},
};
use crate::{
    domain::{RawJson, Refusal, json, name},
    stream::subscription::{self, Opened, WatchCountdown},
};

/// The operations tagged "Quickstart".
pub struct Quickstart(pub Api);

const GREETING: &str = "Привет от Milepost!";
const FIRST_ITEMS: [&str; 3] = ["Элемент 1", "Элемент 2", "Элемент 3"];
const NOT_JSON: &str = "Запрос должен быть в формате JSON";
const NO_NAME: &str = "N/A";
/// How many submitted names are shown.
const SHOWN_NAMES: usize = 100;

/// A greeting and a list.
#[derive(Debug, Object, Serialize)]
pub struct GreetingData {
    /// A greeting.
    pub message: String,
    /// Three items, then the last hundred names that were submitted, newest first.
    pub items: Vec<String>,
}

/// A name to be stored.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
pub struct NameSubmission {
    /// The name. Without one, `N/A`; what is no string counts as its JSON text.
    pub name: Option<RawJson>,
}

impl Example for NameSubmission {
    fn example() -> Self {
        NameSubmission { name: RawJson::of("Анна").ok() }
    }
}

/// How a submission went.
#[derive(Debug, Object, Serialize)]
pub struct SubmissionAnswer {
    /// `success` or `error`.
    pub status: String,
    /// For people, in Russian.
    pub message: String,
}

/// What became of a start.
#[derive(Debug, Object, Serialize)]
pub struct StartAnswer {
    /// For people.
    pub message: String,
}

/// The greeting, unless the client has it.
#[derive(ApiResponse)]
pub enum DataShown {
    /// The greeting and the list.
    #[oai(status = 200)]
    Shown(
        Reply<GreetingData>,
        /// A hash of the body.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The list is still as the `If-None-Match` says.
    #[oai(status = 304)]
    Unchanged(
        /// A hash of the body.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// How a submission went.
#[derive(ApiResponse)]
pub enum NameSubmitted {
    /// The name is stored.
    #[oai(status = 200)]
    Stored(Reply<SubmissionAnswer>),
    /// The body is not a JSON object.
    #[oai(status = 400)]
    NotJson(Reply<SubmissionAnswer>),
}

/// What became of a start.
#[derive(ApiResponse)]
pub enum CountdownStarted {
    /// The countdown runs.
    #[oai(status = 202)]
    Started(Reply<StartAnswer>),
    /// A countdown of that name runs already.
    #[oai(status = 409)]
    Running(Reply<StartAnswer>),
}

/// A countdown's numbers.
#[derive(ApiResponse)]
pub enum ProgressWatched {
    /// Server-Sent Events without a name: `data: 0` … `data: 100`, then `data: DONE`.
    #[oai(status = 200)]
    Stream(
        TextStream,
        /// `no-store, no-transform`: events are passed on as they happen.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The cursor is that of `DONE`: do not come back.
    #[oai(status = 204)]
    Finished,
}

/// A body as it came, whatever its type says.
pub struct AnyBody(Bytes);

impl<'a> ApiExtractor<'a> for AnyBody {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        NameSubmission::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType {
                content_type: "application/json",
                schema: NameSubmission::schema_ref(),
            }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(AnyBody(<Bytes as FromRequest>::from_request(request, body).await?))
    }
}

#[OpenApi(tag = "Tag::Quickstart")]
impl Quickstart {
    /// Get the list
    ///
    /// A greeting, three items, and the last hundred names that were submitted.
    #[oai(path = "/api/data", method = "get", operation_id = "getData")]
    async fn get_data(
        &self,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<DataShown, Failed<Asking>> {
        let names = self.0.log.read(|reads| reads.names(SHOWN_NAMES)).await?;
        let first = FIRST_ITEMS.into_iter().map(str::to_owned);
        let items = first.chain(names).collect();
        let reply = Reply::of(&GreetingData { message: GREETING.to_owned(), items })?;
        let tag = body_tag(reply.bytes());
        let revalidate = REVALIDATE.to_owned();
        if if_none_match.as_deref().is_some_and(|header| none_match_holds(header, &tag)) {
            return Ok(DataShown::Unchanged(tag, revalidate));
        }
        Ok(DataShown::Shown(reply, tag, revalidate))
    }

    /// Submit a name
    ///
    /// Stores the name and says so, in Russian. The body is read whatever its Content-Type says.
    #[oai(path = "/api/submit", method = "post", operation_id = "submitData")]
    async fn submit_data(&self, body: AnyBody) -> Result<NameSubmitted, Failed<SubmittingName>> {
        let answer = |status: &str, message: String| {
            Reply::of(&SubmissionAnswer { status: status.to_owned(), message })
        };
        let Some(name) = submitted_name(&body.0) else {
            return Ok(NameSubmitted::NotJson(answer("error", NOT_JSON.to_owned())?));
        };
        self.0.engine.submit_name(name.clone()).await?;
        let message = format!("Данные '{name}' успешно получены!");
        Ok(NameSubmitted::Stored(answer("success", message)?))
    }

    /// Start a countdown
    ///
    /// A task that counts from 0 to 100 in ten seconds; watchProgress follows it by this name. One
    /// that is done may be started again.
    #[oai(path = "/start_task/:id", method = "post", operation_id = "startTask")]
    async fn start_task(
        &self,
        /// Any name: 1 to 128 characters, no control characters.
        id: Path<IdText>,
    ) -> Result<CountdownStarted, Failed<Starting>> {
        let name = countdown_name(&id)?;
        let answer = |message: String| Reply::of(&StartAnswer { message });
        match self.0.engine.start_countdown(name.clone()).await {
            Ok(_) => Ok(CountdownStarted::Started(answer(format!("Task {name} started."))?)),
            Err(Refusal::CountdownRunning(_)) => {
                let message = format!("Task {name} already running or has pending data.");
                Ok(CountdownStarted::Running(answer(message)?))
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Watch a countdown
    ///
    /// The numbers of the newest countdown of this name as Server-Sent Events: `data: 0` to `data:
    /// 100`, `data: DONE`, then the server closes. A name that was never started gets one event that
    /// says so. Every watcher gets every number, also after the end, and a reconnect goes on where
    /// it broke off.
    #[oai(path = "/sse_progress/:id", method = "get", operation_id = "watchProgress")]
    async fn watch_progress(
        &self,
        /// The name it was started under.
        id: Path<IdText>,
        /// The `id:` of the last event received; EventSource sends it by itself.
        #[oai(name = "Last-Event-ID")]
        last_event_id: HeaderText,
    ) -> Result<ProgressWatched, Failed<Reading>> {
        let request = WatchCountdown { name: countdown_name(&id)?, cursor: last_event_id.0 };
        match subscription::open_countdown(&self.0.log, &self.0.streams, request).await? {
            Opened::Stream(body) => {
                Ok(ProgressWatched::Stream(TextStream(body), STREAMED.to_owned()))
            }
            Opened::Finished => Ok(ProgressWatched::Finished),
        }
    }
}

/// The name becomes a label's value, so it can be what those can be.
fn countdown_name(id: &IdText) -> Result<String, Problem> {
    name::check_name("id", id.text()).map_err(|error| Problem::invalid(vec![error]))?;
    Ok(id.text().to_owned())
}

/// The name in a body, or nothing if the body is no JSON object.
fn submitted_name(body: &[u8]) -> Option<String> {
    json::screen(body).ok()?;
    let fields: std::collections::BTreeMap<String, RawJson> = serde_json::from_slice(body).ok()?;
    let Some(name) = fields.get("name") else { return Some(NO_NAME.to_owned()) };
    // Not through an untyped tree: that would round long numbers.
    Some(serde_json::from_str(name.get()).unwrap_or_else(|_| name.get().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submitted_name_is_a_string_or_its_json_text() {
        for (body, expected) in [
            (r#"{"name":"Анна"}"#, Some("Анна")),
            (r#"{"name":"a\u0000\"b"}"#, Some("a\0\"b")),
            (r#"{"name":12345678901234567890123}"#, Some("12345678901234567890123")),
            (r#"{"name":null}"#, Some("null")),
            (r#"{"name":{"a": 1}}"#, Some(r#"{"a": 1}"#)),
            (r#"{"other":1}"#, Some("N/A")),
            ("{}", Some("N/A")),
            ("[]", None),
            ("\"name\"", None),
            ("{", None),
            ("", None),
            ("name=x", None),
            (r#"{"name":"\ud800"}"#, None),
        ] {
            assert_eq!(submitted_name(body.as_bytes()).as_deref(), expected, "{body}");
        }
        assert_eq!(submitted_name(b"{\"name\":\"\xff\"}"), None);
    }
}
