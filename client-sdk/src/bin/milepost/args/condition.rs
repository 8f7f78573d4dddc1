//! What a change insists on, and where the tags for that come from.

use clap::Args;
use http::HeaderValue;

use crate::outcome::Complaint;

/// The state that a change insists on.
#[derive(Debug, Args)]
pub struct Condition {
    /// Only if it is still as this ETag says (from `get --etag`); `*` for whatever is there.
    #[arg(long, value_name = "TAG", value_parser = tag)]
    pub if_match: Option<String>,
}

impl Condition {
    /// The tag, for a change of these. One tag is the state of one of them.
    pub fn of(self, ids: &[String]) -> Result<Option<String>, Complaint> {
        if self.if_match.is_some() && ids.len() > 1 {
            return Err(Complaint::usage(
                "--if-match goes with one only: each has a tag of its own",
            ));
        }
        Ok(self.if_match)
    }
}

/// What fits into a header; the rest is the server's to say.
pub fn tag(text: &str) -> Result<String, String> {
    match HeaderValue::from_str(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("expected a tag as `get --etag` prints it, or *".to_owned()),
    }
}

/// What of a thing is printed.
#[derive(Clone, Copy, Debug, Args)]
pub struct Shown {
    /// Print its ETag alone, for --if-match. Take it before you look, and nothing is missed.
    #[arg(long)]
    pub etag: bool,
}
