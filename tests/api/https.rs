//! HTTPS by the flags of the binary.

use std::{fs, path::PathBuf};

use milepost_tests::harness::{Options, Server, soon};
use reqwest::{Certificate, ClientBuilder, Version};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A certificate for loopback and its key, in two files.
struct Files(TempDir);

impl Files {
    fn new() -> Files {
        let files = Files(TempDir::new().expect("a directory"));
        files.renew();
        files
    }

    /// Writes a new pair, and returns the certificate as a client trusts it.
    fn renew(&self) -> Certificate {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        fs::write(self.path("cert.pem"), made.cert.pem()).expect("a file");
        fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).expect("a file");
        Certificate::from_pem(made.cert.pem().as_bytes()).expect("a certificate")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn options(&self) -> Options {
        let path = |name| self.path(name).display().to_string();
        Options::flags(["--tls-cert".into(), path("cert.pem"), "--tls-key".into(), path("key.pem")])
    }
}

fn client(trusted: &Certificate) -> ClientBuilder {
    reqwest::Client::builder().no_proxy().tls_certs_only([trusted.clone()])
}

#[tokio::test]
async fn clients_choose_http_2_or_http_1_1_and_get_the_same() {
    let files = Files::new();
    let trusted = files.renew();
    let server = Server::with(files.options()).await;
    let url = |path: &str| format!("https://{}{path}", server.address());
    let builders =
        [(client(&trusted), Version::HTTP_2), (client(&trusted).http1_only(), Version::HTTP_11)];
    for (builder, version) in builders {
        let client = builder.build().expect("a client");
        let health = client.get(url("/healthz")).send().await.expect("an answer");
        assert_eq!((health.status().as_u16(), health.version()), (200, version));
        let own = format!("https://{}", server.address());
        let submitted = client.post(url("/api/v1/tasks")).header("origin", own);
        let submitted =
            submitted.header("content-type", "application/json").body(r#"{"kind": "k"}"#);
        assert_eq!(submitted.send().await.expect("an answer").status(), 202);
        let mut stream = client.get(url("/api/v1/events")).send().await.expect("a stream");
        let first = soon("a first piece", stream.chunk()).await.expect("a piece");
        assert!(first.is_some_and(|piece| piece.starts_with(b"retry:")));
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_at_sighup() {
    let files = Files::new();
    let server = Server::with(files.options()).await;
    let url = format!("https://{}/healthz", server.address());
    let renewed = files.renew();
    let ask = async || client(&renewed).build().expect("a client").get(&url).send().await;
    assert!(ask().await.is_err(), "not by itself");
    let pid = Pid::from_raw(server.pid().try_into().expect("a pid")).expect("a pid");
    kill_process(pid, Signal::HUP).expect("a signal");
    soon("the new certificate", async {
        while ask().await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_served_with_is_said_at_the_start() {
    let files = Files::new();
    let mut one_flag = files.options();
    one_flag.flags.truncate(2);
    let said = Server::try_with(one_flag).await.err().expect("it does not start");
    assert!(said.contains("exit status: 2") && said.contains("--tls-key"), "{said}");

    fs::remove_file(files.path("key.pem")).expect("the key was there");
    let said = Server::try_with(files.options()).await.err().expect("it does not start");
    assert!(said.contains("exit status: 1") && said.contains("key.pem"), "{said}");
}
