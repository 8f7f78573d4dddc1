//! What the generated client does with every request and answer.
//!
//! Progenitor calls these hooks because they are implemented for [`Client`] itself. An error that is
//! not JSON comes from something in between (a proxy's HTML page for 502, say); it is turned into a
//! problem here, so that its status is known and whoever calls can see that trying again helps.

use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER};

use crate::generated::Client;

/// How much of a foreign error page is worth quoting.
const EXCERPT: usize = 200;

impl ClientHooks<()> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        // Every operation may answer any of them: a stream answers a refusal with a problem.
        let accepted = "application/json, application/problem+json, text/event-stream";
        request.headers_mut().entry(ACCEPT).or_insert(HeaderValue::from_static(accepted));
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let answer = self.client().execute(request).await?;
        let status = answer.status();
        let refused = status.is_client_error() || status.is_server_error();
        if refused && !is_json(&answer) { as_problem(answer).await } else { Ok(answer) }
    }
}

fn is_json(answer: &reqwest::Response) -> bool {
    let media_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}

async fn as_problem(answer: reqwest::Response) -> reqwest::Result<reqwest::Response> {
    let status = answer.status();
    let retry_after = answer.headers().get(RETRY_AFTER).cloned();
    let text = answer.text().await.unwrap_or_default();
    let excerpt: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let excerpt: String = excerpt.chars().take(EXCERPT).collect();
    let problem = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": format!("the answer is not Milepost's own; it begins with {excerpt:?}"),
    });
    let mut answer = http::Response::new(problem.to_string());
    *answer.status_mut() = status;
    let json = HeaderValue::from_static("application/problem+json");
    answer.headers_mut().insert(CONTENT_TYPE, json);
    if let Some(retry_after) = retry_after {
        answer.headers_mut().insert(RETRY_AFTER, retry_after);
    }
    Ok(reqwest::Response::from(answer))
}
