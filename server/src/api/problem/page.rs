//! The readable pages behind the problem types.

use poem::{IntoResponse, Response, handler, web::Path};

use super::{Problem, ProblemType};

const STYLE: &str = "body{font:16px/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;\
padding:0 1rem;color:#1c2733;background:#fff}h1{font-size:1.5rem;line-height:1.3}\
h2{font-size:1rem;margin:2rem 0 .25rem}p{margin:.25rem 0}code{background:#eef1f4;padding:.1em .35em;\
border-radius:4px}a{color:#0b62a8}li{margin:.4rem 0}.status{color:#5b6b7a}\
@media(prefers-color-scheme:dark){body{color:#dbe3ea;background:#14191f}code{background:#232b34}\
a{color:#7ab8f5}.status{color:#93a3b3}}";

/// `GET /problems`: all of them.
#[handler]
pub fn index() -> Response {
    let items: String = ProblemType::ALL
        .iter()
        .map(|kind| {
            let (uri, title, status) = (kind.uri(), escape(kind.title()), kind.status().as_u16());
            format!(
                "<li><a href=\"{uri}\">{title}</a> <span class=\"status\">{status}</span></li>\n"
            )
        })
        .collect();
    let body = format!(
        "<h1>Problems</h1>\n<p>Every error of the server is a problem (RFC 9457). Its \
         <code>type</code> is one of these.</p>\n<ul>\n{items}</ul>\n"
    );
    page("Problems", &body)
}

/// `GET /problems/<slug>`: one of them.
#[handler]
pub fn show(Path(slug): Path<String>) -> poem::Result<Response> {
    let Some(kind) = ProblemType::parse(&slug) else {
        let detail = "There is no such type of problem. All there are stand at /problems.";
        return Err(Problem::new(ProblemType::NotFound, detail).into());
    };
    let body = format!(
        "<h1>{title}</h1>\n<p class=\"status\">{status} · <code>{uri}</code></p>\n\
         <h2>Why</h2>\n<p>{cause}</p>\n<h2>What to do</h2>\n<p>{remedy}</p>\n\
         <p style=\"margin-top:2rem\"><a href=\"/problems\">All problems</a></p>\n",
        title = escape(kind.title()),
        status = kind.status(),
        uri = kind.uri(),
        cause = escape(kind.cause()),
        remedy = escape(kind.remedy()),
    );
    Ok(page(kind.title(), &body))
}

fn page(title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title} · Milepost</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n\
         </html>\n"
    );
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header("cache-control", "public, max-age=3600")
        .body(html)
        .into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
