//! Whom a webhook may call, and how it is called.
//!
//! URLs come from whoever may create a webhook, and the server stands where they may not. So an address
//! is looked at where the connection is made: names by a resolver of our own, whose addresses are the
//! ones that are connected to, and addresses that stand in the URL before. A name that means another
//! address the second time it is asked gains nothing by it. Redirects are not followed and no proxy is
//! used, because both would lead past it.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};
use url::{Host, Url};

use super::message::Signed;
use crate::domain::TaskError;

const USER_AGENT: &str = concat!("Milepost/", env!("CARGO_PKG_VERSION"));
/// How much of an answer is kept, in bytes, for whoever looks why a delivery failed.
const EXCERPT: usize = 1024;
/// Connections to a receiver that are kept open, for the next delivery.
const IDLE_PER_HOST: usize = 4;
const IDLE: Duration = Duration::from_secs(15);

/// Which receivers are called, and how long they may take.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Addresses that are not public too.
    pub private: bool,
    /// From the name's lookup to the end of the answer.
    pub timeout: Duration,
}

/// What came of an attempt.
pub enum Answer {
    Taken {
        status: u16,
    },
    /// The receiver wants nothing any more.
    Gone(TaskError),
    /// It may not be called.
    Forbidden(TaskError),
    Failed {
        error: TaskError,
        retry_after_seconds: Option<u64>,
    },
}

/// Sends messages.
pub struct Sender {
    /// Or why there is none: without certificates of authorities, say.
    client: Result<Client, String>,
    reach: Reach,
}

impl Sender {
    pub fn new(reach: Reach) -> Self {
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(reach.timeout)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .pool_idle_timeout(IDLE)
            .dns_resolver(Arc::new(Guard { private: reach.private }))
            .build();
        let client = client.map_err(|error| {
            tracing::error!(error = told(&error), "webhooks cannot be delivered");
            told(&error)
        });
        Sender { client, reach }
    }

    pub async fn post(&self, url: &str, message: Signed) -> Answer {
        let client = match &self.client {
            Ok(client) => client,
            Err(why) => return failed("unavailable", "The server cannot send", Some(why.clone())),
        };
        let url = match Url::parse(url) {
            Ok(url) => url,
            Err(error) => return failed("unreachable", "The URL is none", Some(error.to_string())),
        };
        if let Some(address) = literal(&url).filter(|ip| !self.reach.private && !is_public(*ip)) {
            return forbidden(format!("{address} is not a public address"));
        }
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.timestamp)
            .header("webhook-signature", message.signature)
            .body(message.body);
        match request.send().await {
            Ok(response) => judge(response).await,
            Err(error) => explain(&error, self.reach.timeout),
        }
    }
}

/// What an answer's status means. Of its body only the beginning is read.
async fn judge(mut response: Response) -> Answer {
    let status = response.status();
    if status.is_success() {
        return Answer::Taken { status: status.as_u16() };
    }
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after_seconds = header
        .filter(|_| matches!(status.as_u16(), 429 | 503))
        .and_then(|value| retry_after(value, Utc::now()));
    let error = TaskError {
        detail: excerpt(&mut response).await,
        ..TaskError::new("http-status", &format!("The receiver answered {status}"))
    };
    match status.as_u16() {
        410 => Answer::Gone(error),
        _ => Answer::Failed { error, retry_after_seconds },
    }
}

async fn excerpt(response: &mut Response) -> Option<String> {
    let mut begin = Vec::new();
    while begin.len() < EXCERPT {
        match response.chunk().await {
            Ok(Some(chunk)) => begin.extend(chunk.iter().take(EXCERPT - begin.len())),
            Ok(None) | Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&begin).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The seconds that a `Retry-After` asks for: a number, or a date (RFC 9110 §10.2.3).
fn retry_after(value: &str, now: DateTime<Utc>) -> Option<u64> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Of any length: one that does not fit is a long time.
        return Some(value.parse().unwrap_or(u64::MAX));
    }
    let at = DateTime::parse_from_rfc2822(value).ok()?;
    Some(u64::try_from((at.to_utc() - now).num_seconds()).unwrap_or(0))
}

/// Why there was no answer.
fn explain(error: &reqwest::Error, timeout: Duration) -> Answer {
    if let Some(refused) = causes(error).find_map(|cause| cause.downcast_ref::<NotPublic>()) {
        return forbidden(refused.to_string());
    }
    if error.is_timeout() {
        let title = format!("The receiver did not answer within {} s", timeout.as_secs());
        return failed("timeout", &title, None);
    }
    failed("unreachable", "The receiver could not be reached", Some(told(error)))
}

fn failed(kind: &str, title: &str, detail: Option<String>) -> Answer {
    let error = TaskError { detail, ..TaskError::new(kind, title) };
    Answer::Failed { error, retry_after_seconds: None }
}

fn forbidden(why: String) -> Answer {
    let title = "Webhooks call public addresses only, unless the server runs with \
                 --webhook-allow-private";
    Answer::Forbidden(TaskError { detail: Some(why), ..TaskError::new("address-refused", title) })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// An error with its causes. The URL is left out: it stands in the webhook, and may hold a key.
fn told(error: &reqwest::Error) -> String {
    let below: Vec<String> = causes(error).skip(1).map(ToString::to_string).collect();
    if below.is_empty() { "no cause is known".to_owned() } else { below.join(": ") }
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// A name that leads nowhere public.
#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
struct NotPublic;

/// Looks names up, and gives out only addresses that may be called.
struct Guard {
    private: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> =
                found.filter(|address| private || is_public(address.ip())).collect();
            if fit.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the internet's, by the registries of special addresses of IANA.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network; and what providers use within theirs (RFC 6598).
        [0, ..] | [100, 64..=127, ..] => true,
        // Protocol assignments, relays to IPv6, benchmarks, and what is reserved.
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..] | [240..=255, ..] => true,
        _ => false,
    };
    !(special
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded = Ipv4Addr::from((u32::from(g) << 16) | u32::from(h));
    match (a, b) {
        // A gateway to IPv4 (RFC 6052): as public as what is behind it.
        (0x64, 0xff9b) => (c, d, e, f) == (0, 0, 0, 0) && is_public_v4(embedded),
        // Protocol assignments with Teredo, documentation, 6to4, documentation again.
        (0x2001, 0..=0x1ff) | (0x2001, 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff) => false,
        // Everything else that is global is in 2000::/3; addresses that are IPv4's are not, whichever way
        // they are written.
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_not_the_internets_are_refused() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().expect("an address")), "{text}");
        }
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(text.parse().expect("an address")), "{text}");
        }
    }

    #[test]
    fn an_address_is_known_however_the_url_spells_it() {
        for text in ["http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"]
        {
            let url = Url::parse(text).expect("a URL");
            assert_eq!(literal(&url), Some(Ipv4Addr::LOCALHOST.into()), "{text}");
        }
        let mapped = Url::parse("http://[::ffff:10.0.0.1]/").expect("a URL");
        assert!(literal(&mapped).is_some_and(|address| !is_public(address)));
        assert_eq!(literal(&Url::parse("http://localhost/").expect("a URL")), None);
    }

    #[tokio::test]
    async fn a_name_that_means_loopback_has_no_address() {
        let name = || "localhost".parse::<Name>().expect("a name");
        let refused = Guard { private: false }.resolve(name()).await.err().expect("a refusal");
        assert!(refused.downcast_ref::<NotPublic>().is_some(), "{refused}");
        assert!(Guard { private: true }.resolve(name()).await.is_ok());
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = DateTime::parse_from_rfc3339("2026-01-31T09:30:00Z").expect("a time").to_utc();
        assert_eq!(retry_after("120", now), Some(120));
        assert_eq!(retry_after("Sat, 31 Jan 2026 09:31:00 GMT", now), Some(60));
        assert_eq!(retry_after("Sat, 31 Jan 2026 09:00:00 GMT", now), Some(0));
        for long in ["18446744073709551615", "18446744073709551616", &"9".repeat(100)] {
            assert_eq!(retry_after(long, now), Some(u64::MAX), "{long}");
        }
        for none in ["soon", "", "-5", "1.5"] {
            assert_eq!(retry_after(none, now), None, "{none}");
        }
    }
}
