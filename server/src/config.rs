//! Every setting: its flag, its environment twin, its default and what it is for.
//!
//! What one value can say wrongly, its parser refuses; what two values say wrongly together,
//! [`Config::check`] refuses. Both happen before anything is opened, and both end in exit code 2.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use hyper::Uri;
use tracing_subscriber::EnvFilter;

use crate::http::{
    cors::AllowedOrigin,
    host::{AllowedHost, is_loopback},
};

/// Tells every OpenTelemetry program where its collector is.
const STANDARD_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The Milepost server: durable long-running work with live progress.
#[derive(Clone, Debug, Parser)]
#[command(name = "milepost-server", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Serve the API and the dashboard (what happens without a command, too)
    Serve(Box<Config>),
    /// Print the published OpenAPI document; opens no database and no port
    Openapi,
}

/// What the command line asks for.
#[derive(Clone, Debug)]
pub enum Wanted {
    Serve(Box<Config>),
    Openapi,
}

impl Cli {
    pub fn wanted(self) -> Wanted {
        match self.command {
            None => Wanted::Serve(Box::new(self.config)),
            Some(Command::Serve(config)) => Wanted::Serve(config),
            Some(Command::Openapi) => Wanted::Openapi,
        }
    }
}

/// How callers prove who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// Nobody is asked; the server listens on loopback only
    Off,
    /// API keys
    Keys,
}

/// The form of the log on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// The server's settings. A flag wins over its environment variable, which wins over the default.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "MILEPOST_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080",
        value_parser = parse_listen
    )]
    pub listen: SocketAddr,

    /// Directory of the database; made when it is missing, used by one server at a time
    #[arg(long, env = "MILEPOST_DATA_DIR", value_name = "DIRECTORY", default_value = "./data")]
    pub data_dir: PathBuf,

    /// How callers prove who they are; `off` serves loopback only
    #[arg(long, env = "MILEPOST_AUTH", value_name = "MODE", default_value = "off")]
    pub auth: Auth,

    /// Another origin whose pages may call the API, e.g. http://localhost:3000; repeat it, or
    /// separate several by commas; `*` admits every origin, without credentials, for development
    #[arg(
        long = "cors-origin",
        env = "MILEPOST_CORS_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub cors_origins: Vec<AllowedOrigin>,

    /// Another name this server is reached by, e.g. milepost.example or milepost.example:8443;
    /// repeat it, or separate several by commas; loopback names always pass
    #[arg(
        long = "allowed-host",
        env = "MILEPOST_ALLOWED_HOST",
        value_name = "HOST[:PORT]",
        value_delimiter = ','
    )]
    pub allowed_hosts: Vec<AllowedHost>,

    /// What to log: a level (error, warn, info, debug, trace) or directives such as
    /// info,milepost_server::http=debug
    #[arg(
        long,
        env = "MILEPOST_LOG",
        value_name = "FILTER",
        default_value = "info",
        value_parser = parse_log
    )]
    pub log: String,

    /// The form of the log on standard error
    #[arg(long, env = "MILEPOST_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Connections open at once; a client beyond them is told to try again
    #[arg(
        long,
        env = "MILEPOST_MAX_CONNECTIONS",
        value_name = "COUNT",
        default_value_t = 20_000,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub max_connections: u32,

    /// Connections one address may have at once (a /64 counts as one of IPv6); 0 sets no limit, because
    /// behind a proxy all clients have the proxy's address
    #[arg(
        long,
        env = "MILEPOST_MAX_CONNECTIONS_PER_IP",
        value_name = "COUNT",
        default_value_t = 0
    )]
    pub max_connections_per_ip: u32,

    /// Certificate to serve HTTPS with: a PEM file of the chain, the server's own first; it and
    /// --tls-key are read again on SIGHUP
    #[arg(long, env = "MILEPOST_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of --tls-cert: a PEM file without a passphrase
    #[arg(long, env = "MILEPOST_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// Seconds a client has to send the head of a request, and to show any progress with its body
    #[arg(
        long,
        env = "MILEPOST_HEADER_TIMEOUT_SECONDS",
        value_name = "SECONDS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub header_timeout_seconds: u64,

    /// Seconds a connection may stay open between two requests
    #[arg(
        long,
        env = "MILEPOST_IDLE_TIMEOUT_SECONDS",
        value_name = "SECONDS",
        default_value_t = 75,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub idle_timeout_seconds: u64,

    /// Seconds that running requests have to end after SIGTERM or Ctrl-C
    #[arg(
        long,
        env = "MILEPOST_DRAIN_SECONDS",
        value_name = "SECONDS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(0..=3600)
    )]
    pub drain_seconds: u64,

    /// Seconds that a deleted task and its events are remembered, so that who watched it is told
    #[arg(
        long,
        env = "MILEPOST_TOMBSTONE_SECONDS",
        value_name = "SECONDS",
        default_value_t = 86_400,
        value_parser = clap::value_parser!(u64).range(0..=31_536_000)
    )]
    pub tombstone_seconds: u64,

    /// Let webhooks call addresses that are not public: loopback, private networks and the like
    #[arg(
        long,
        env = "MILEPOST_WEBHOOK_ALLOW_PRIVATE",
        value_parser = clap::builder::BoolishValueParser::new()
    )]
    pub webhook_allow_private: bool,

    /// Seconds a webhook's receiver has to answer
    #[arg(
        long,
        env = "MILEPOST_WEBHOOK_TIMEOUT_SECONDS",
        value_name = "SECONDS",
        default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(1..=60)
    )]
    pub webhook_timeout_seconds: u64,

    /// Where an OpenTelemetry collector takes traces by OTLP over HTTP, such as http://localhost:4318;
    /// without it, and without the standard's OTEL_EXPORTER_OTLP_ENDPOINT, none are made
    #[arg(
        long,
        env = "MILEPOST_OTLP_ENDPOINT",
        value_name = "URL",
        value_parser = parse_collector
    )]
    pub otlp_endpoint: Option<String>,
}

impl Config {
    /// Refuses settings that do not go together, in one sentence.
    pub fn check(&self) -> Result<(), String> {
        if self.auth == Auth::Keys {
            return Err("--auth keys is not there yet in this version; use --auth off, which \
                        serves loopback only"
                .to_owned());
        }
        if !is_loopback(self.listen.ip()) {
            return Err(format!(
                "--auth off serves loopback only, and {} is not loopback; listen on \
                 127.0.0.1:{port} or [::1]:{port}",
                self.listen,
                port = self.listen.port()
            ));
        }
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), None) => Err("--tls-cert needs --tls-key, the file of its private key"),
            (None, Some(_)) => Err("--tls-key needs --tls-cert, the file of its certificate"),
            _ => Ok(()),
        }
        .map_err(str::to_owned)?;
        match self.collector() {
            Some(endpoint) => parse_collector(&endpoint)
                .map(drop)
                .map_err(|error| format!("{STANDARD_ENDPOINT} is {endpoint:?}: {error}")),
            None => Ok(()),
        }
    }

    /// The files of the certificate and of its key, for HTTPS.
    pub fn tls_files(&self) -> Option<(&Path, &Path)> {
        Some((self.tls_cert.as_deref()?, self.tls_key.as_deref()?))
    }

    /// Where traces go, if anywhere: what is set here, or what every OpenTelemetry program is told.
    pub fn collector(&self) -> Option<String> {
        let standard = || std::env::var(STANDARD_ENDPOINT).ok();
        self.otlp_endpoint.clone().or_else(standard).filter(|endpoint| !endpoint.is_empty())
    }

    /// How many connections one address may have, if that is limited.
    pub fn connections_per_ip(&self) -> Option<usize> {
        Some(self.max_connections_per_ip as usize).filter(|limit| *limit > 0)
    }

    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds)
    }

    pub fn idle_timeout(&self) -> Duration {
        Duration::from_secs(self.idle_timeout_seconds)
    }

    pub fn drain_timeout(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

/// Names are not looked up: what a name resolves to can change, and with it what is exposed.
/// `localhost` is the one that cannot.
fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    if let Some(port) = text.strip_prefix("localhost:").and_then(|port| port.parse().ok()) {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    text.parse().map_err(|_| {
        "expected an IP address and a port, e.g. 127.0.0.1:8080 or [::1]:8080".to_owned()
    })
}

fn parse_log(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// Where OTLP goes: `/v1/traces` is put behind it, so nothing may stand behind its path.
fn parse_collector(text: &str) -> Result<String, String> {
    let expected = "expected the URL of a collector, e.g. http://localhost:4318";
    let uri: Uri = text.parse().map_err(|error| format!("{expected}: {error}"))?;
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.host().is_some_and(|host| !host.is_empty());
    if !web || !host || text.contains(['?', '#']) {
        return Err(format!("{expected}, with http:// or https:// and without query or fragment"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deleted_is_remembered_for_a_day_unless_told_otherwise() {
        assert_eq!(config(&[]).map(|config| config.tombstone_seconds), Ok(86_400));
        let none = config(&["--tombstone-seconds", "0"]);
        assert_eq!(none.map(|config| config.tombstone_seconds), Ok(0));
        assert!(config(&["--tombstone-seconds", "-1"]).is_err());
    }

    fn config(arguments: &[&str]) -> Result<Config, String> {
        let line = std::iter::once(&"milepost-server").chain(arguments);
        match Cli::try_parse_from(line).map_err(|error| error.to_string())?.wanted() {
            Wanted::Serve(config) => config.check().map(|()| *config),
            Wanted::Openapi => Err("openapi".to_owned()),
        }
    }

    #[test]
    fn without_arguments_it_serves_loopback_with_the_documented_defaults() {
        let config = config(&[]).expect("the defaults are valid");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.data_dir, PathBuf::from("./data"));
        assert_eq!(config.auth, Auth::Off);
        assert_eq!(config.header_timeout(), Duration::from_secs(10));
        assert_eq!(config.idle_timeout(), Duration::from_secs(75));
        assert_eq!(config.drain_timeout(), Duration::from_secs(10));
        assert!(config.cors_origins.is_empty() && config.allowed_hosts.is_empty());
    }

    #[test]
    fn settings_go_before_or_without_a_command_or_after_serve() {
        assert_eq!(config(&["--listen", "[::1]:0"]).unwrap().listen.to_string(), "[::1]:0");
        assert_eq!(config(&["serve", "--listen", "localhost:1"]).unwrap().listen.port(), 1);
        assert_eq!(config(&["openapi"]).unwrap_err(), "openapi");
    }

    #[test]
    fn every_setting_has_an_environment_twin_and_a_sentence() {
        use clap::CommandFactory;
        for argument in Cli::command().get_arguments().filter(|a| a.get_id() != "version") {
            let flag = argument.get_long().expect("a long flag");
            let twin = format!("MILEPOST_{}", flag.to_uppercase().replace('-', "_"));
            assert_eq!(argument.get_env().and_then(|env| env.to_str()), Some(twin.as_str()));
            assert!(argument.get_help().is_some(), "--{flag} has no help");
        }
    }

    #[test]
    fn without_auth_only_loopback_is_served() {
        for address in ["0.0.0.0:8080", "192.168.0.7:1", "[::]:80"] {
            let refusal = config(&["--listen", address]).unwrap_err();
            assert!(refusal.contains("loopback only"), "{refusal}");
        }
        assert!(config(&["--listen", "127.3.2.1:0"]).is_ok());
    }

    #[test]
    fn https_takes_a_certificate_and_its_key_and_loopback_as_ever() {
        let both = ["--tls-cert", "a.pem", "--tls-key", "b.pem"];
        assert!(config(&both).unwrap().tls_files().is_some());
        assert!(config(&[]).unwrap().tls_files().is_none());
        assert!(config(&both[..2]).unwrap_err().contains("needs --tls-key"));
        assert!(config(&both[2..]).unwrap_err().contains("needs --tls-cert"));
        let everywhere = [&both[..], &["--listen", "0.0.0.0:8443"]].concat();
        assert!(config(&everywhere).unwrap_err().contains("loopback only"));
    }

    #[test]
    fn an_address_has_no_limit_of_its_own_unless_one_is_set() {
        assert_eq!(config(&[]).unwrap().connections_per_ip(), None);
        let limited = config(&["--max-connections-per-ip", "8"]).unwrap();
        assert_eq!(limited.connections_per_ip(), Some(8));
    }

    #[test]
    fn keys_are_refused_until_they_work() {
        assert!(config(&["--auth", "keys"]).unwrap_err().contains("--auth off"));
    }

    #[test]
    fn origins_and_hosts_come_repeated_or_separated_by_commas() {
        let config = config(&[
            "--cors-origin",
            "http://localhost:3000,https://a.example",
            "--cors-origin",
            "*",
            "--allowed-host",
            "a.example",
        ])
        .unwrap();
        assert_eq!(config.cors_origins.len(), 3);
        assert_eq!(config.allowed_hosts.len(), 1);
    }

    #[test]
    fn a_value_that_cannot_be_meant_is_refused_with_what_was_expected() {
        for (flag, value, hint) in [
            ("--listen", "8080", "an IP address and a port"),
            ("--listen", "example.com:80", "an IP address and a port"),
            ("--cors-origin", "localhost:3000", "scheme://host[:port]"),
            ("--cors-origin", "http://localhost:3000/", "scheme://host[:port]"),
            ("--allowed-host", "http://a.example", "a host name"),
            ("--log", "milepost=loud", "filter"),
            ("--drain-seconds", "-1", "-1"),
            ("--otlp-endpoint", "", "the URL of a collector"),
            ("--otlp-endpoint", "not a url", "the URL of a collector"),
            ("--otlp-endpoint", "localhost:4318", "the URL of a collector"),
            ("--otlp-endpoint", "ftp://localhost", "http:// or https://"),
            ("--otlp-endpoint", "grpc://localhost:4317", "http:// or https://"),
            ("--otlp-endpoint", "http://", "the URL of a collector"),
            ("--otlp-endpoint", "http://a/?key=b", "without query"),
        ] {
            let refusal = config(&[&format!("{flag}={value}")]).unwrap_err();
            assert!(refusal.contains(flag), "{refusal}");
            assert!(refusal.contains(hint), "{flag} {value}: {refusal}");
        }
    }
}
