//! A plain JSON client that looks at every answer it gets.

use std::{net::SocketAddr, pin::Pin, time::Duration};

use reqwest::Method;
use serde_json::Value;

use super::{Answer, soon};

/// A client of one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    address: SocketAddr,
    http: reqwest::Client,
}

impl Client {
    pub fn new(address: SocketAddr) -> Client {
        Client::with(address, |builder| builder)
    }

    /// A client that knows the server speaks HTTP/2, and sends everything over one connection.
    pub fn over_http2(address: SocketAddr) -> Client {
        Client::with(address, reqwest::ClientBuilder::http2_prior_knowledge)
    }

    fn with(
        address: SocketAddr,
        choose: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Client {
        let plain =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let http = choose(plain).build().expect("a client can be made");
        Client { address, http }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, followed by `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        let builder = self.http.request(method.clone(), self.url(path));
        Request { method, path: path.to_owned(), builder }
    }

    /// A GET whose body is still to be read, as that of a stream over HTTP/2.
    ///
    /// # Panics
    /// When it is not answered with 200.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        let sent = soon("a stream's head", self.http.get(self.url(path)).send()).await;
        let response = sent.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        response
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }
}

/// Sends a request until it is answered; refusals of a server that starts or stops count as none.
pub async fn persist(request: impl Fn() -> Request) -> Answer {
    soon("an answer in spite of the kills", async {
        loop {
            match request().attempt().await {
                Ok(answer) if answer.status == 503 => {}
                Ok(answer) => return answer,
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
}

/// A request in the making; awaiting it sends it.
#[derive(Debug)]
#[must_use = "a request is sent by awaiting it"]
pub struct Request {
    method: Method,
    path: String,
    builder: reqwest::RequestBuilder,
}

impl Request {
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body.into());
        self
    }

    /// Sends it; an error when no whole answer came, as happens when the server dies.
    pub async fn attempt(self) -> Result<Answer, reqwest::Error> {
        let response = self.builder.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?;
        let answer = Answer::new(self.method, self.path, status, headers, body.to_vec());
        answer.assert_sound();
        Ok(answer)
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async {
            let what = format!("{} {}", self.method, self.path);
            match soon(&format!("the answer to {what}"), self.attempt()).await {
                Ok(answer) => answer,
                Err(error) => panic!("no answer to {what}: {error}"),
            }
        })
    }
}
