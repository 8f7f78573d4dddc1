//! Requests in a closed loop over kept-alive connections, with as little work on the client's side
//! as HTTP allows: its cores are the server's too.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One request, as bytes.
pub struct Load {
    request: Arc<[u8]>,
}

impl Load {
    pub fn get(path: &str) -> Load {
        let text = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Load { request: text.into_bytes().into() }
    }

    pub fn post(path: &str, body: &str) -> Load {
        let text = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Load { request: text.into_bytes().into() }
    }
}

/// What came of it.
pub struct Outcome {
    pub per_second: f64,
    pub median: Duration,
    /// The 99th percentile.
    pub slowest_hundredth: Duration,
    /// Answers other than 2xx; they do not count as done.
    pub refused: usize,
}

/// Keeps `in_flight` requests going for `length`.
///
/// # Panics
/// When the server goes away.
pub async fn run(address: SocketAddr, load: &Load, in_flight: usize, length: Duration) -> Outcome {
    let began = Instant::now();
    let until = began + length;
    let connections: Vec<_> = (0..in_flight)
        .map(|_| tokio::spawn(repeat(address, load.request.clone(), until)))
        .collect();
    let (mut times, mut refused) = (Vec::new(), 0);
    for connection in connections {
        let (mut some, more) = connection.await.expect("a connection's task ends well");
        times.append(&mut some);
        refused += more;
    }
    let took = began.elapsed();
    times.sort_unstable();
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        times.get(index).or(times.last()).copied().unwrap_or_default()
    };
    Outcome {
        per_second: times.len() as f64 / took.as_secs_f64(),
        median: at(0.5),
        slowest_hundredth: at(0.99),
        refused,
    }
}

async fn repeat(address: SocketAddr, request: Arc<[u8]>, until: Instant) -> (Vec<Duration>, usize) {
    let mut socket = TcpStream::connect(address).await.expect("the server takes connections");
    socket.set_nodelay(true).expect("a socket takes options");
    let (mut times, mut refused, mut buffer) = (Vec::new(), 0, Vec::with_capacity(8192));
    loop {
        let began = Instant::now();
        if began >= until {
            return (times, refused);
        }
        socket.write_all(&request).await.expect("the server reads");
        if is_success(&mut socket, &mut buffer).await {
            times.push(began.elapsed());
        } else {
            refused += 1;
        }
    }
}

/// Reads one response with a length; whether it was 2xx.
async fn is_success(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> bool {
    buffer.clear();
    loop {
        let length = socket.read_buf(buffer).await.expect("the server answers");
        assert!(length > 0, "the server closed a connection that was to be kept");
        if let Some(whole) = length_of(buffer)
            && buffer.len() >= whole
        {
            assert_eq!(buffer.len(), whole, "more came than was asked for");
            return buffer.get(9) == Some(&b'2');
        }
    }
}

/// The length of the whole response, once its head is there.
fn length_of(buffer: &[u8]) -> Option<usize> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&buffer[..end]).expect("a head is text");
    let length = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    Some(end + 4 + length.expect("a response has a length"))
}
