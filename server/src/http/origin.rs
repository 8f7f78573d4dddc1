//! An origin as browsers send it: scheme, host and port, nothing else (RFC 6454 §7).

use std::str::FromStr;

use poem::http::uri::Authority;

/// A web origin, in lower case and without its scheme's default port, so that equal origins are
/// equal strings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// The origin of a page that was served under `authority` (a `Host` header's value).
    pub fn of(scheme: &str, authority: &str) -> Option<Self> {
        let authority = Authority::from_str(authority).ok()?;
        let (host, port) = (authority.host(), authority.port());
        // Whatever is left beside host and port is a user name, which origins do not have.
        let rest = authority.as_str().strip_prefix(host)?;
        let port = match (rest.strip_prefix(':'), port) {
            (None, _) if rest.is_empty() => None,
            (Some(_), Some(port)) => Some(port.as_u16()),
            _ => return None,
        };
        if host.is_empty() || host.contains('*') {
            return None;
        }
        let scheme = scheme.to_ascii_lowercase();
        let default = match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let host = host.to_ascii_lowercase();
        Some(Origin(match port.filter(|port| Some(*port) != default) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || {
            format!(
                "{text:?} is not an origin: expected scheme://host[:port] without a path, \
                     e.g. http://localhost:3000"
            )
        };
        let (scheme, authority) = text.split_once("://").ok_or_else(refusal)?;
        let plain = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !plain {
            return Err(refusal());
        }
        Origin::of(scheme, authority).ok_or_else(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_origins_are_equal_however_they_are_written() {
        let origin = |text: &str| Origin::from_str(text).unwrap();
        assert_eq!(origin("http://LocalHost:80"), origin("HTTP://localhost"));
        assert_eq!(origin("https://a.example:443"), origin("https://a.example"));
        assert_ne!(origin("http://a.example:443"), origin("https://a.example"));
        assert_eq!(origin("http://[::1]:8080").as_str(), "http://[::1]:8080");
        assert_eq!(Origin::of("http", "localhost:8080"), Some(origin("http://localhost:8080")));
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "null",
            "localhost",
            "http://",
            "http:///",
            "http://a/",
            "http://a/b",
            "http://a b",
            "http://u@a",
            "http://a:",
            "http://a:x",
            "http://a:70000",
            "://a",
            "http://*.a",
            "http://a?b",
            "http://ä",
            "1http://a",
        ] {
            assert!(Origin::from_str(text).is_err(), "{text:?} passed");
        }
    }
}
