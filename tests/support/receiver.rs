//! Software under test that webhooks are sent to: it keeps what it is sent, and answers as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

/// For how long nothing arrives before a test gives up.
const QUIET: Duration = Duration::from_secs(60);

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// `POST /webhooks HTTP/1.1`
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Byte for byte.
    pub body: String,
    /// Whether it was answered with 2xx.
    pub is_accepted: bool,
}

/// What to answer.
pub(crate) enum Reply {
    Status(u16),
    /// As soon as somebody else waits at the barrier.
    Held(Arc<Barrier>, u16),
    /// With a header.
    With(u16, &'static str, String),
    /// 200, and a body that never ends.
    Endless,
    /// Nothing, for as long as the connection is open.
    Silence,
}

/// It listens on a port of its own for as long as the test runs.
#[derive(Clone)]
pub(crate) struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
}

type Answers = dyn Fn(usize, &Received) -> Reply + Send;

struct Shared {
    received: Mutex<Vec<Received>>,
    arrived: Condvar,
    answers: Mutex<Box<Answers>>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }
}

impl Receiver {
    /// Answers each request as `answers` says, which is given the number of those before it.
    pub(crate) fn start(answers: impl Fn(usize, &Received) -> Reply + Send + 'static) -> Self {
        Self::start_on(0, answers)
    }

    /// The same on a port.
    pub(crate) fn start_on(port: u16, answers: impl Fn(usize, &Received) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared =
            Shared { received: Mutex::default(), arrived: Condvar::new(), answers: Mutex::new(Box::new(answers)) };
        let receiver = Self { address, shared: Arc::new(shared) };
        let accepting = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let receiver = accepting.clone();
                // Who hangs up, as a server does that is killed, ends the thread and nothing else.
                std::thread::spawn(move || receiver.serve(stream).ok());
            }
        });
        receiver
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/webhooks", self.address)
    }

    /// Answers otherwise from now on.
    pub(crate) fn answer(&self, answers: impl Fn(usize, &Received) -> Reply + Send + 'static) {
        *self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(answers);
    }

    /// What has arrived.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.lock().clone()
    }

    /// What has arrived as soon as that is enough.
    pub(crate) fn wait(&self, what: &str, is_enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let mut received = self.lock();
        while !is_enough(&received) {
            let waited = self.shared.arrived.wait_timeout(received, QUIET).unwrap_or_else(PoisonError::into_inner);
            assert!(!waited.1.timed_out(), "{what} did not arrive: {} requests did", waited.0.len());
            received = waited.0;
        }
        received.clone()
    }

    /// What has arrived as soon as that is so many.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        self.wait(&format!("{count} requests"), |received| received.len() >= count)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Received>> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        stream.set_nodelay(true)?;
        loop {
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                if line.trim_end().is_empty() {
                    break;
                }
                lines.push(line.trim_end().to_owned());
            }
            let header = |line: &String| line.split_once(": ").map(|(a, b)| (a.to_lowercase(), b.to_owned()));
            let headers: Vec<_> = lines.iter().skip(1).filter_map(header).collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let mut body = vec![0; length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0)];
            reader.read_exact(&mut body)?;
            let body = String::from_utf8_lossy(&body).into_owned();
            let mut received = Received { line: lines.swap_remove(0), headers, body, is_accepted: false };
            let mut all = self.lock();
            let reply = (self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner))(all.len(), &received);
            received.is_accepted =
                matches!(&reply, Reply::Status(200..=299) | Reply::Held(_, 200..=299) | Reply::Endless);
            all.push(received);
            drop(all);
            self.shared.arrived.notify_all();
            if let Reply::Held(barrier, _) = &reply {
                barrier.wait();
            }
            match reply {
                Reply::Status(status) | Reply::Held(_, status) => {
                    stream.write_all(format!("HTTP/1.1 {status} Test\r\nContent-Length: 2\r\n\r\nok").as_bytes())?;
                }
                Reply::With(status, name, value) => {
                    let head = format!("HTTP/1.1 {status} Test\r\n{name}: {value}\r\nContent-Length: 0\r\n\r\n");
                    stream.write_all(head.as_bytes())?;
                }
                Reply::Endless => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")?;
                    loop {
                        stream.write_all(&[b'a'; 4096])?;
                    }
                }
                Reply::Silence => {
                    reader.read_to_end(&mut Vec::new())?;
                    return Ok(());
                }
            }
        }
    }
}
