//! Pages of lists: where the next one begins, and how the client is told.

use poem::http::Uri;

use super::{conditional::hex, params::Bounded, problem::Problem};
use crate::domain::Position;

/// How many items a page has, if the client does not say.
pub fn default_limit() -> Bounded<1, 200> {
    Bounded(50)
}

/// The token of a page that begins below a position. What is in it is nobody's business but ours.
pub fn page_token(below: Position) -> String {
    format!("{below:x}")
}

pub fn page_position(token: &str) -> Result<Position, Problem> {
    let hex = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| Position::from_str_radix(token, 16).ok()).flatten().ok_or_else(refused)
}

/// Where a list in the order of names goes on.
#[derive(Debug)]
pub struct NamedPage {
    /// Names after this one.
    pub after: String,
    /// At most that many of them.
    pub limit: usize,
}

impl NamedPage {
    /// The page that a request asks for.
    pub fn of(limit: Bounded<1, 200>, token: Option<&str>) -> Result<Self, Problem> {
        let after = token.map(page_name).transpose()?.unwrap_or_default();
        Ok(NamedPage { after, limit: usize::try_from(limit.0).unwrap_or(usize::MAX) })
    }

    /// How many to look for: one more, to know whether there is another page.
    pub fn sought(&self) -> usize {
        self.limit + 1
    }

    /// Cuts what was found down to the page; the token of the next one, if there is one.
    pub fn cut<T>(&self, found: &mut Vec<T>, name: impl Fn(&T) -> &str) -> Option<String> {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        found.last().filter(|_| more).map(|last| hex(name(last).as_bytes()))
    }
}

/// The name that a token stands for. It is hex, so that it needs no escaping wherever it stands.
fn page_name(token: &str) -> Result<String, Problem> {
    let digits: Option<Vec<u32>> = token.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len() % 2 == 0);
    let bytes = digits.ok_or_else(refused)?;
    let bytes = bytes.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
    String::from_utf8(bytes).map_err(|_| refused())
}

fn refused() -> Problem {
    Problem::field("page", "must be the next_page of an earlier page, or be left out")
}

/// The `Link` to the next page, if there is one: this request with another `page` (RFC 8288).
pub fn next_link(uri: &Uri, page: Option<&str>) -> Option<String> {
    let page = page?;
    let mut query = String::new();
    for part in uri.query().unwrap_or_default().split('&') {
        if !part.is_empty() && part != "page" && !part.starts_with("page=") {
            query.push_str(part);
            query.push('&');
        }
    }
    let query = query.replace('<', "%3C").replace('>', "%3E").replace('"', "%22");
    Some(format!("<{}?{query}page={page}>; rel=\"next\"", uri.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_round_trips_and_garbage_names_its_field() {
        for position in [0, 1, 255, Position::MAX] {
            assert_eq!(page_position(&page_token(position)).ok(), Some(position));
        }
        for garbage in ["", "xyz", "-1", "+1", "0x1", "11111111111111111"] {
            assert!(page_position(garbage).is_err(), "{garbage:?}");
        }
    }

    #[test]
    fn a_page_of_names_goes_on_after_its_last_one() {
        let page = NamedPage { after: String::new(), limit: 2 };
        let mut found = vec!["a", "ü/?&", "c"];
        let token = page.cut(&mut found, |name| name).expect("there is more");
        assert_eq!(found, ["a", "ü/?&"]);
        let next = NamedPage::of(Bounded(2), Some(&token)).expect("a page");
        assert_eq!(next.after, "ü/?&");
        assert_eq!(page.cut(&mut vec!["a", "b"], |name| name), None);
        for garbage in ["", "a", "xy", "ff", "c3"] {
            assert!(page_name(garbage).is_err(), "{garbage:?}");
        }
    }

    #[test]
    fn the_next_link_keeps_the_other_parameters() {
        let uri = Uri::from_static("/api/v1/tasks?state=queued&page=9&label=a%3Db&paged=1");
        assert_eq!(
            next_link(&uri, Some("ff")).as_deref(),
            Some("</api/v1/tasks?state=queued&label=a%3Db&paged=1&page=ff>; rel=\"next\"")
        );
        let bare = Uri::from_static("/api/v1/tasks");
        let link = next_link(&bare, Some("1"));
        assert_eq!(link.as_deref(), Some("</api/v1/tasks?page=1>; rel=\"next\""));
        assert_eq!(next_link(&bare, None), None);
    }
}
