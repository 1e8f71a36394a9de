//! A server that answers with whatever bytes a test wants, right or wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use serde_json::Value;

/// A request as it arrived there.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub line: String,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
}

/// Closes each connection after its answer, as servers may. Its threads end with the test.
#[derive(Clone)]
pub(super) struct Target {
    address: SocketAddr,
    path: &'static str,
    requests: Arc<(Mutex<Vec<Arrived>>, Condvar)>,
}

impl Target {
    /// Listens on any port. `answer` gets a request and the base URL, and returns the bytes of the answer.
    pub(super) fn start(
        path: &'static str,
        answer: impl Fn(&Arrived, &str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (requests, answer) = (Arc::new((Mutex::new(Vec::new()), Condvar::new())), Arc::new(answer));
        let seen = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, seen) = (answer.clone(), seen.clone());
                let base = format!("http://{address}{path}");
                std::thread::spawn(move || {
                    let mut stream = BufReader::new(stream.expect("a connection"));
                    let Some(request) = read(&mut stream) else { return };
                    seen.0.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                    seen.1.notify_all();
                    // Who hangs up on it may.
                    let _ = stream.get_mut().write_all(&answer(&request, &base));
                });
            }
        });
        Self { address, path, requests }
    }

    pub(super) fn base_url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    pub(super) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Blocks until so many requests have arrived.
    pub(super) fn wait_for(&self, count: usize) {
        let (requests, more) = &*self.requests;
        let requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = more.wait_while(requests, |requests| requests.len() < count);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn requests(&self) -> Vec<Arrived> {
        self.requests.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An answer with a JSON body.
pub(super) fn json_answer(status: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: application/scim+json\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Sends bytes, and reads the answer until the connection is closed: the lines of its head, and its body.
pub(super) fn exchange(host: &str, sent: &[u8]) -> (Vec<String>, Vec<u8>) {
    let mut stream = TcpStream::connect(host).expect("a connection");
    stream.write_all(sent).expect("it is sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an answer");
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]).lines().map(str::to_owned).collect();
    (head, bytes.split_off(end + 4))
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Arrived> {
    let mut lines = Vec::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let first = lines.remove(0);
    let value = |name: &str| {
        lines.iter().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    };
    let mut body = Vec::new();
    if value("Transfer-Encoding").is_some() {
        loop {
            let size = usize::from_str_radix(&line(stream)?, 16).ok()?;
            let mut chunk = vec![0; size];
            stream.read_exact(&mut chunk).ok()?;
            line(stream)?;
            body.extend(chunk);
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = value("Content-Length") {
        body.resize(length.parse().ok()?, 0);
        stream.read_exact(&mut body).ok()?;
    }
    Some(Arrived { line: first, headers: lines, body })
}

fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    (stream.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
}
