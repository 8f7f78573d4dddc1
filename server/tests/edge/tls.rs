//! TLS: who gets which protocol, who gets none, and which files will do.

use std::{fs, io, path::Path, sync::Arc};

use milepost_server::http::tls::Tls;
use poem::http::Method;
use tempfile::TempDir;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::CertificateDer},
};

use super::{http2::Http2, *};

const SHORT: Duration = Duration::from_millis(300);

/// A certificate for `localhost` in two files.
struct Files {
    directory: TempDir,
    certificate: CertificateDer<'static>,
}

impl Files {
    fn new() -> Files {
        let directory = TempDir::new().unwrap();
        let certificate = write_pair(directory.path());
        Files { directory, certificate }
    }

    fn read(&self) -> Tls {
        self.try_read().expect("the files are good")
    }

    fn try_read(&self) -> Result<Tls, String> {
        let at = |name| self.directory.path().join(name);
        Tls::from_files(&at("cert.pem"), &at("key.pem")).map_err(|error| error.to_string())
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.directory.path().join(name), text).unwrap();
    }
}

fn write_pair(directory: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(directory.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(directory.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.der().clone()
}

async fn handshake(
    edge: &Edge,
    trusted: &CertificateDer<'static>,
    protocols: &[&[u8]],
) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let connector = TlsConnector::from(Arc::new(config));
    let socket = edge.connect().await.0;
    let name = "localhost".try_into().unwrap();
    timeout(GIVE_UP, connector.connect(name, socket)).await.expect("a handshake in time")
}

/// Sends a request of HTTP/1.1 and reads until the server closes.
async fn ask(stream: &mut TlsStream<TcpStream>, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    timeout(GIVE_UP, stream.read_to_end(&mut read)).await.expect("the server closes").unwrap();
    String::from_utf8_lossy(&read).into_owned()
}

fn post(origin: &str) -> String {
    format!(
        "POST /api/hello HTTP/1.1\r\nHost: localhost:1\r\nOrigin: {origin}\r\n\
         Connection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn a_client_gets_the_protocol_it_names_and_else_http_1_1() {
    let files = Files::new();
    let edge = Edge::start(Settings { tls: Some(files.read()), ..settings() }).await;
    for protocols in [&[&b"h2"[..], b"http/1.1"][..], &[b"h2"]] {
        let stream = handshake(&edge, &files.certificate, protocols).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let client = Http2::over(stream).await;
        let url = "https://localhost:1/api/hello";
        let own = [("origin", "https://localhost:1")];
        let answer = client.request(Method::POST, url, &own).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.rest().await, b"hello");
        let plain = [("origin", "http://localhost:1")];
        assert_eq!(client.request(Method::POST, url, &plain).await.status, 403);
    }
    for protocols in [&[&b"http/1.1"[..]][..], &[]] {
        let mut stream = handshake(&edge, &files.certificate, protocols).await.unwrap();
        let answer = ask(&mut stream, &post("https://localhost:1")).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
        let mut stream = handshake(&edge, &files.certificate, protocols).await.unwrap();
        assert_problem(&ask(&mut stream, &post("http://localhost:1")).await, 403);
    }
    assert!(handshake(&edge, &files.certificate, &[b"spdy"]).await.is_err());
}

#[tokio::test]
async fn a_request_without_tls_is_told_where_to_go() {
    let files = Files::new();
    let edge = Edge::start(Settings { tls: Some(files.read()), ..settings() }).await;
    let answer = edge.ask(get("/api/hello")).await;
    assert_problem(&answer, 400);
    assert!(answer.contains("https://"), "{answer}");
}

#[tokio::test]
async fn a_handshake_takes_no_longer_than_a_head() {
    let files = Files::new();
    let short = Settings { header_timeout: SHORT, tls: Some(files.read()), ..settings() };
    let edge = Edge::start(short).await;
    assert_eq!(edge.connect().await.rest().await, "");
    assert_eq!(edge.ask([22, 3, 1, 0]).await, "");
    // After the handshake, the timers are those of the protocol.
    for protocol in [&b"h2"[..], b"http/1.1"] {
        let mut stream = handshake(&edge, &files.certificate, &[protocol]).await.unwrap();
        let mut read = Vec::new();
        // How it ends is up to the protocol; that it ends is not.
        let _ = timeout(GIVE_UP, stream.read_to_end(&mut read)).await.expect("it is closed");
    }
    let mut stream = handshake(&edge, &files.certificate, &[b"http/1.1"]).await.unwrap();
    assert_problem(&ask(&mut stream, "GET / HTTP/1.1\r\nHost: loc").await, 408);
}

#[tokio::test]
async fn a_reader_that_stalls_behind_tls_is_cut_off() {
    let files = Files::new();
    let short = Settings { stall_timeout: SHORT, tls: Some(files.read()), ..settings() };
    let edge = Edge::start(short).await;
    let mut stream = handshake(&edge, &files.certificate, &[b"http/1.1"]).await.unwrap();
    stream.write_all(get("/api/flood").as_bytes()).await.unwrap();
    edge.running.becomes(1).await;
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn the_drain_ends_streams_and_handshakes() {
    let files = Files::new();
    let edge = Edge::start(Settings { tls: Some(files.read()), ..settings() }).await;
    let silent = edge.connect().await;
    let mut streaming = handshake(&edge, &files.certificate, &[]).await.unwrap();
    streaming.write_all(get("/api/stream").as_bytes()).await.unwrap();
    edge.running.becomes(1).await;
    edge.drain.cancel();
    let answer = ask(&mut streaming, "").await;
    assert!(answer.ends_with("0\r\n\r\n"), "the last chunk is there: {answer}");
    edge.stopped().await;
    drop(silent);
}

#[tokio::test]
async fn a_certificate_is_renewed_without_a_restart_and_a_broken_one_is_not_taken() {
    let files = Files::new();
    let tls = files.read();
    let edge = Edge::start(Settings { tls: Some(tls.clone()), ..settings() }).await;
    let renewed = write_pair(files.directory.path());
    assert!(handshake(&edge, &files.certificate, &[]).await.is_ok(), "it is not read by itself");
    tls.reload().unwrap();
    assert!(handshake(&edge, &renewed, &[]).await.is_ok());
    assert!(handshake(&edge, &files.certificate, &[]).await.is_err());

    files.write("cert.pem", "not a certificate");
    assert!(tls.reload().is_err());
    assert!(handshake(&edge, &renewed, &[]).await.is_ok());
}

#[test]
fn files_that_will_not_do_are_refused_by_name_and_with_what_was_expected() {
    let refusal = |change: &dyn Fn(&Files), named: &str, hint: &str| {
        let files = Files::new();
        change(&files);
        let refusal = files.try_read().expect_err(hint);
        assert!(refusal.contains(named) && refusal.contains(hint), "{refusal}");
    };
    let other_key = || rcgen::KeyPair::generate().unwrap().serialize_pem();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    refusal(
        &|files| fs::remove_file(files.directory.path().join("key.pem")).unwrap(),
        "key.pem",
        "cannot read",
    );
    refusal(&|files| files.write("cert.pem", ""), "cert.pem", "no certificate");
    refusal(&|files| files.write("cert.pem", &other_key()), "cert.pem", "no certificate");
    refusal(&|files| files.write("cert.pem", broken), "cert.pem", "no valid certificate");
    refusal(&|files| files.write("key.pem", broken), "key.pem", "no private key");
    refusal(&|files| files.write("key.pem", &other_key()), "key.pem", "is not that of");
}
