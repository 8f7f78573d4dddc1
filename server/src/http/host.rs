//! Which names this server answers for.
//!
//! A page of another site can make its own name resolve to 127.0.0.1 and so reach a local server as
//! if it were that site's own (DNS rebinding). The `Host` header then names the other site, and that
//! is what is refused here.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use poem::{
    Endpoint, Request, Response, Result,
    http::{Version, header, uri::Authority},
};

use super::{
    fault::{Explain, Fault},
    layer::{answer, pass},
};

/// A name given by `--allowed-host`: any port unless it names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    port: Option<u16>,
}

impl FromStr for AllowedHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || {
            format!("{text:?} is not a host name: expected one such as a.example or a.example:8443")
        };
        let (host, port) = split(text).ok_or_else(refusal)?;
        if host.contains('*') { Err(refusal()) } else { Ok(AllowedHost { host, port }) }
    }
}

impl AllowedHost {
    fn admits(&self, host: &str, port: Option<u16>) -> bool {
        self.host == host && (self.port.is_none() || self.port == port)
    }
}

/// Host in lower case without the root's dot, and the port.
fn split(text: &str) -> Option<(String, Option<u16>)> {
    let authority = Authority::from_str(text).ok()?;
    let host = authority.host();
    let rest = text.strip_prefix(host)?;
    let port = match rest.strip_prefix(':') {
        // RFC 9110 allows an empty port.
        Some("") => None,
        Some(port) => Some(port.parse().ok()?),
        None if rest.is_empty() => None,
        None => return None,
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if host.is_empty() { None } else { Some((host, port)) }
}

/// Whether an address stays on this machine.
pub fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback(),
        IpAddr::V6(v6) => {
            v6 == Ipv6Addr::LOCALHOST || v6.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
    }
}

/// `localhost` and names below it never leave the machine (RFC 6761 §6.3), so nobody else can own
/// them.
fn names_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(is_loopback)
}

/// Refuses requests for names that are not this server's.
pub struct HostCheck<E> {
    inner: E,
    allowed: Vec<AllowedHost>,
    explain: Explain,
}

impl<E> HostCheck<E> {
    pub fn new(inner: E, allowed: Vec<AllowedHost>, explain: Explain) -> Self {
        HostCheck { inner, allowed, explain }
    }

    fn check(&self, request: &Request) -> Result<(), Fault> {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let host = hosts.next();
        if hosts.next().is_some() {
            return Err(Fault::HostMissing);
        }
        if let Some(host) = host {
            let text = String::from_utf8_lossy(host.as_bytes());
            self.admit(text.trim())?;
        }
        // The authority of an absolute target (or of HTTP/2) counts as well.
        match request.uri().authority() {
            Some(authority) => self.admit(authority.as_str()),
            None if host.is_some() || request.version() < Version::HTTP_11 => Ok(()),
            None => Err(Fault::HostMissing),
        }
    }

    fn admit(&self, text: &str) -> Result<(), Fault> {
        let refusal = || Fault::HostRefused(text.to_owned());
        let (host, port) = split(text).ok_or_else(refusal)?;
        let known = names_loopback(&host) || self.allowed.iter().any(|a| a.admits(&host, port));
        if known { Ok(()) } else { Err(refusal()) }
    }
}

impl<E: Endpoint> Endpoint for HostCheck<E> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = Result<Response>> + Send {
        match self.check(&request) {
            Ok(()) => pass(self.inner.call(request)),
            Err(fault) => answer((self.explain)(&fault, Some(request.uri().path()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::{endpoint::make_sync, http::HeaderValue};

    use super::*;
    use crate::http::fault::in_plain_text;

    async fn status(hosts: &[&[u8]], target: &'static str, version: Version) -> u16 {
        let allowed = vec!["a.example".parse().unwrap(), "b.example:8443".parse().unwrap()];
        let check = HostCheck::new(make_sync(|_| ()), allowed, in_plain_text);
        let mut request = Request::builder().uri_str(target).version(version).finish();
        for host in hosts {
            request.headers_mut().append("host", HeaderValue::from_bytes(host).unwrap());
        }
        check.get_response(request).await.status().as_u16()
    }

    #[tokio::test]
    async fn loopback_names_always_pass_on_any_port() {
        for host in [
            "localhost",
            "LOCALHOST:3",
            "app.localhost:80",
            "localhost.",
            "127.0.0.1:8080",
            "127.9.9.9",
            "[::1]:8080",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert_eq!(status(&[host.as_bytes()], "/", Version::HTTP_11).await, 200, "{host}");
        }
    }

    #[tokio::test]
    async fn allowed_names_pass_on_their_port() {
        for (host, expected) in [
            ("a.example", 200),
            ("A.example:99", 200),
            ("b.example:8443", 200),
            ("b.example", 403),
            ("x.a.example", 403),
        ] {
            assert_eq!(status(&[host.as_bytes()], "/", Version::HTTP_11).await, expected, "{host}");
        }
    }

    #[tokio::test]
    async fn other_names_are_refused_whatever_they_look_like() {
        for host in [
            &b"evil.example"[..],
            b"localhost.evil.example",
            b"127.0.0.1.evil.example",
            b"localhost@evil.example",
            b"evil.example#localhost",
            b"10.0.0.1",
            b"[::2]",
            b"0.0.0.0",
            b"",
            b"local\xffhost",
            b"localhost:99999",
            b"localhost, evil.example",
            b"2130706433",
        ] {
            assert_eq!(status(&[host], "/", Version::HTTP_11).await, 403, "{host:?}");
        }
    }

    #[tokio::test]
    async fn a_request_names_exactly_one_host() {
        assert_eq!(status(&[], "/", Version::HTTP_11).await, 400);
        assert_eq!(status(&[], "/", Version::HTTP_10).await, 200);
        assert_eq!(status(&[b"localhost", b"localhost"], "/", Version::HTTP_11).await, 400);
    }

    #[tokio::test]
    async fn an_absolute_target_is_checked_too() {
        let local: &[&[u8]] = &[b"localhost"];
        assert_eq!(status(local, "http://evil.example/", Version::HTTP_11).await, 403);
        assert_eq!(status(local, "http://localhost/", Version::HTTP_11).await, 200);
        assert_eq!(status(&[], "http://localhost/", Version::HTTP_2).await, 200);
    }
}
