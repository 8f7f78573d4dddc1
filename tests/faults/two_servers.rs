//! Two servers and one data directory.

use std::time::Duration;

use milepost_tests::harness::{Options, Server};

#[tokio::test]
async fn the_second_server_refuses_and_the_first_does_not_notice() {
    let mut first = Server::start().await;
    first.submit_kind("k").await;
    let options = Options { data_dir: Some(first.data_dir().to_owned()), ..Options::default() };
    let said = match Server::try_with(options.clone()).await {
        Ok(_) => panic!("two servers write one log"),
        Err(said) => said,
    };
    let data = first.data_dir().display().to_string();
    assert!(said.contains(&data), "it names the directory: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(!said.contains("exit status: 0"), "{said}");
    first.submit_kind("k").await;
    assert_eq!(first.log("").await.len(), 2);

    first.kill9().await;
    let second = Server::with(options).await;
    assert_eq!(second.log("").await.len(), 2, "a dead server holds nothing");
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn without_authentication_it_listens_on_loopback_only() {
    let options = Options { listen: Some("0.0.0.0:0".to_owned()), ..Options::default() };
    match Server::try_with(options).await {
        Ok(server) => panic!("it listens on {}", server.address()),
        Err(said) => assert!(said.contains("--auth") || said.contains("--listen"), "{said}"),
    }
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_directory_that_is_none_are_told_in_one_line() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = listener.local_addr().expect("an address");
    let options = Options { listen: Some(taken.to_string()), ..Options::default() };
    let said = Server::try_with(options).await.err();
    let said = said.expect("the port is taken");
    assert!(said.contains(&taken.port().to_string()) && !said.contains("panicked"), "{said}");

    let file = tempfile::NamedTempFile::new().expect("a file");
    let options = Options { data_dir: Some(file.path().to_owned()), ..Options::default() };
    let said = Server::try_with(options).await.err().expect("a file is no directory");
    assert!(said.contains(&file.path().display().to_string()), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}
