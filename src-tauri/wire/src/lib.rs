//! An HTTP/1.1 client that sends exactly what it is told: the target, the headers and the bytes, in their order.
//!
//! [`Client`] keeps one connection open, follows nothing, and gives up after a time and a size that its user names. What does not end is
//! read from a [`Stream`]. Who reports each hop of the way takes them one by one: [`resolve`], [`secure`], [`get`].

#![deny(missing_docs)]

mod beginning;
mod body;
mod connect;
mod fetch;
mod pool;
mod stream;
mod tls;
mod values;

use std::io::Read;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::client::conn::http1::SendRequest;
use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Uri};
use url::{Host, Origin, Position, Url};

pub use beginning::Beginning;
pub use body::{BodyError, PassedBody};
pub use connect::{NotSecure, resolve, secure};
pub use fetch::get;
pub use pool::{AnswerBody, Pool};
pub use stream::Stream;
pub use tls::{Tls, connector as tls_connector};
pub use tokio_rustls::TlsConnector;

/// How long an idle connection is used again. Servers close theirs after some seconds, and a request must not meet that moment.
const IDLE: Duration = Duration::from_secs(2);

/// Where a server is: `https://scim.example.com/scim/v2`, without the trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As it was parsed.
    url: Url,
    host: Host<String>,
    port: u16,
    path: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The words after the status: `Not Found`.
    pub reason: String,
    /// In the order in which they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// From the first byte sent to the last one read.
    pub duration: Duration,
}

/// Why nothing came back that could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The name service has no such host.
    #[error("There is no host {host}.")]
    UnknownHost {
        /// The host.
        host: String,
    },
    /// The host has only addresses that the client does not connect to.
    #[error("{host} leads to {address}, where nothing is sent.")]
    NotAccepted {
        /// The host.
        host: String,
        /// The first of them.
        address: IpAddr,
    },
    /// Nothing listens.
    #[error("Nothing accepts connections at {at}.")]
    Refused {
        /// Host and port.
        at: String,
    },
    /// No secure connection.
    #[error("No secure connection to {at}: {reason}.")]
    Tls {
        /// Host and port.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// Too slow.
    #[error("No complete answer within {seconds} s.")]
    TimedOut {
        /// How long was waited.
        seconds: u64,
    },
    /// The connection ended early, or what came is not HTTP.
    #[error("The connection ended before the answer was complete: {reason}.")]
    BrokeOff {
        /// What happened.
        reason: String,
    },
    /// Too much.
    #[error("The answer is larger than {}.", size(*most))]
    TooLarge {
        /// What is read at the most.
        most: usize,
    },
    /// Too much to be read as JSON, though the bytes are few enough.
    #[error("The answer has more than {} values.", thousands(*most))]
    TooManyValues {
        /// JSON values that are read at the most.
        most: usize,
    },
    /// What should be sent is not HTTP.
    #[error("This cannot be sent over HTTP: {reason}.")]
    Unsendable {
        /// What is wrong.
        reason: String,
    },
    /// The answer sends the client to somebody else.
    #[error("The server redirects to {to}. Nothing was sent there: the token is not for another host.")]
    RedirectedAway {
        /// Where to.
        to: String,
    },
}

/// How much of the client's time and memory a server may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a whole exchange. 60 s: then Okta closes the connection (OktaFAQ).
    pub time: Duration,
    /// Bytes of an answer, decompressed. 4 MiB: a page of 1,000 users is about 1, and so are 100 users with 100 groups each; nobody here
    /// asks for more than 100 at once. Who asks for 1,000 users with 100 groups each needs about 10, and says so; `values` likewise.
    pub body_bytes: usize,
    /// JSON values of an answer, arrays and objects among them. 200,000: a page of 1,000 users has about 40,000, a group of 10,000 members
    /// 50,000. In memory they take some tens of MB, where 4 MiB of nothing but zeros would take hundreds.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(60), body_bytes: 4 << 20, values: 200_000 }
    }
}

/// Sends requests to one server at a time.
#[derive(Default)]
pub struct Client {
    limits: Limits,
    tls: Tls,
    /// `None`: all.
    accepts: Option<fn(IpAddr) -> bool>,
    idle: Option<Idle>,
}

struct Idle {
    at: Origin,
    since: Instant,
    sender: Sender,
}

type Sender = SendRequest<Full<Bytes>>;

impl Address {
    /// Reads a base URL. A trailing slash is dropped; a query, a fragment or a password in it is refused.
    ///
    /// # Errors
    /// A sentence for the person who typed it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| {
            format!("{text:?} is not a URL ({error}). It looks like https://scim.example.com/scim/v2.")
        })?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(format!("A SCIM base URL begins with https:// or http://, not with {}:.", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("A base URL with a user name or password in it is not supported; give the token apart.".into());
        }
        // Entra ID's administrators append this flag to their tenant URL.
        if url.query().is_some_and(|query| !query.eq_ignore_ascii_case("aadOptscim062020")) || url.fragment().is_some()
        {
            return Err("A base URL ends before ? and #.".into());
        }
        let host = url.host().ok_or("The URL names no host.")?.to_owned();
        let port = url.port_or_known_default().ok_or("The URL names no port.")?;
        let path = url.path().trim_end_matches('/').to_owned();
        Ok(Self { url, host, port, path })
    }

    /// The host that is named.
    pub fn host(&self) -> &Host<String> {
        &self.host
    }

    /// Whether what is sent there is encrypted on the way.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }

    /// Whether only who is near can reach it: it is on this machine, in a private network (RFC 1918, RFC 4193), or has a name that the public
    /// name service does not know. Link-local addresses are not among these: clouds keep the keys of a machine at one (169.254.169.254).
    pub fn is_private(&self) -> bool {
        const LOCAL_NAMES: [&str; 6] = [".local", ".internal", ".lan", ".home.arpa", ".test", ".localhost"];
        match &self.host {
            Host::Domain(name) => !name.contains('.') || LOCAL_NAMES.iter().any(|local| name.ends_with(local)),
            Host::Ipv4(address) => address.is_loopback() || address.is_private(),
            Host::Ipv6(address) => address.is_loopback() || address.is_unique_local(),
        }
    }

    /// What a `Host` header names: `scim.example.com:8080`.
    pub fn authority(&self) -> &str {
        &self.url[Position::BeforeHost..Position::AfterPort]
    }

    /// Whether a URL goes to the same scheme, host and port.
    pub fn is_origin_of(&self, url: &Url) -> bool {
        url.origin() == self.url.origin()
    }

    /// The path, query included, of a target below this address.
    pub fn below(&self, target: &str) -> String {
        let whole = format!("{}{target}", self.path);
        if whole.starts_with('/') { whole } else { format!("/{whole}") }
    }

    /// What the path ends in: of `http://localhost/scim/v2`, `v2`.
    pub fn last_segment(&self) -> Option<&str> {
        self.path.rsplit('/').next().filter(|segment| !segment.is_empty())
    }

    /// `https://scim.example.com`.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

impl Answer {
    /// The value of a header, whatever the letter case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// A client that gives up at these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The same client, which connects only to addresses that are accepted, whatever the name of a host leads to.
    #[must_use]
    pub fn only_to(self, accepts: fn(IpAddr) -> bool) -> Self {
        Self { accepts: Some(accepts), ..self }
    }

    /// Sends one request. `path` is what stands in the request line, with its query, byte for byte.
    ///
    /// # Errors
    /// If no complete answer came within the limits.
    pub async fn send(
        &mut self,
        to: &Address,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<&[u8]>,
    ) -> Result<Answer, NoAnswer> {
        let request = build(to, method, path, headers, body)?;
        let started = Instant::now();
        within(self.limits.time, self.exchange(to, request, started)).await
    }

    async fn exchange(
        &mut self,
        to: &Address,
        request: Request<Full<Bytes>>,
        started: Instant,
    ) -> Result<Answer, NoAnswer> {
        let (response, sender) = self.ask(to, request).await?;
        self.read(to, response, sender, started).await
    }

    /// The head of an answer, and the connection that its body comes on.
    async fn ask(
        &mut self,
        to: &Address,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(hyper::Response<hyper::body::Incoming>, Sender), NoAnswer> {
        // The connection that is open may have been closed since: then hyper gives the request back, unsent. What can be sent twice
        // without harm is sent again if it cannot be told (RFC 9110 §9.2.2).
        let again = matches!(request.method().as_str(), "GET" | "PUT" | "DELETE").then(|| request.clone());
        if let Some(mut sender) = self.take_idle(to) {
            match sender.try_send_request(request).await {
                Ok(response) => return Ok((response, sender)),
                Err(mut refused) => match refused.take_message().or(again) {
                    Some(unsent) => request = unsent,
                    None => return Err(broke_off(&refused.into_error())),
                },
            }
        }
        let mut sender = self.connect(to).await?;
        let response = sender.send_request(request).await.map_err(|error| broke_off(&error))?;
        Ok((response, sender))
    }

    fn take_idle(&mut self, to: &Address) -> Option<Sender> {
        let idle = self.idle.take()?;
        let is_fresh = idle.since.elapsed() < IDLE && idle.sender.is_ready();
        (is_fresh && idle.at == to.url.origin()).then_some(idle.sender)
    }

    async fn connect(&self, to: &Address) -> Result<Sender, NoAnswer> {
        let is_accepted = |address| self.accepts.is_none_or(|accepts| accepts(address));
        connect::connect_where(to, self.tls.connector_for(to).await, is_accepted).await
    }

    async fn read(
        &mut self,
        to: &Address,
        response: hyper::Response<hyper::body::Incoming>,
        sender: Sender,
        started: Instant,
    ) -> Result<Answer, NoAnswer> {
        let (head, mut incoming) = response.into_parts();
        // What `Content-Length` says, if there is one.
        self.check_size(incoming.size_hint().lower().try_into().unwrap_or(usize::MAX))?;
        let mut body = Vec::new();
        while let Some(frame) = incoming.frame().await {
            let frame = frame.map_err(|error| broke_off(&error))?;
            if let Some(data) = frame.data_ref() {
                body.extend_from_slice(data);
            }
            self.check_size(body.len())?;
        }
        let duration = started.elapsed();
        // Servers are known to drop the connection after they failed, without a word.
        if !sender.is_closed() && !head.status.is_server_error() {
            self.idle = Some(Idle { at: to.url.origin(), since: Instant::now(), sender });
        }
        let encoding = head.headers.get("content-encoding").and_then(|value| value.to_str().ok());
        let body = decompressed(encoding, body, self.limits.body_bytes)?;
        let most = self.limits.values;
        if values::are_more_than(most, &body) {
            return Err(NoAnswer::TooManyValues { most });
        }
        Ok(answer(&head, body, duration))
    }

    fn check_size(&self, bytes: usize) -> Result<(), NoAnswer> {
        check_size(bytes, self.limits.body_bytes)
    }
}

/// A body as it was before it was compressed, of at most `most` bytes. `encoding` is its `Content-Encoding`; one that is not known changes
/// nothing.
///
/// # Errors
/// If it is larger, or not what it is said to be.
pub fn decompressed(encoding: Option<&str>, body: Vec<u8>, most: usize) -> Result<Vec<u8>, NoAnswer> {
    let bytes = most as u64 + 1;
    let mut plain = Vec::new();
    let read = match encoding.map(|encoding| encoding.trim().to_ascii_lowercase()).as_deref() {
        Some("gzip" | "x-gzip") => flate2::read::MultiGzDecoder::new(&*body).take(bytes).read_to_end(&mut plain),
        // RFC 9110 §8.4.1.2: zlib's format, though some send the bare one.
        Some("deflate") if body.first().is_some_and(|byte| byte & 0x0f == 8) => {
            flate2::read::ZlibDecoder::new(&*body).take(bytes).read_to_end(&mut plain)
        }
        Some("deflate") => flate2::read::DeflateDecoder::new(&*body).take(bytes).read_to_end(&mut plain),
        _ => return Ok(body),
    };
    read.map_err(|error| NoAnswer::BrokeOff { reason: format!("the compressed body cannot be read: {error}") })?;
    check_size(plain.len(), most)?;
    Ok(plain)
}

fn check_size(bytes: usize, most: usize) -> Result<(), NoAnswer> {
    if bytes > most { Err(NoAnswer::TooLarge { most }) } else { Ok(()) }
}

fn build(
    to: &Address,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Option<&[u8]>,
) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let unsendable = |what: &str| NoAnswer::Unsendable { reason: what.to_owned() };
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| unsendable("the method is not valid"))?;
    let uri: Uri = path.parse().map_err(|_| unsendable("the path has characters that no request line can hold"))?;
    let mut map = HeaderMap::with_capacity(headers.len() + 1);
    map.insert(HOST, HeaderValue::from_str(to.authority()).map_err(|_| unsendable("the host is not valid"))?);
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(|_| unsendable("a header's name is not valid"))?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| unsendable("a header's value has characters that no header can hold"))?;
        map.append(name, value);
    }
    let mut request = Request::new(Full::new(body.map(Bytes::copy_from_slice).unwrap_or_default()));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = map;
    Ok(request)
}

/// What comes of it in time.
async fn within<T>(time: Duration, asked: impl Future<Output = Result<T, NoAnswer>>) -> Result<T, NoAnswer> {
    let timed_out = NoAnswer::TimedOut { seconds: time.as_secs() };
    tokio::time::timeout(time, asked).await.unwrap_or(Err(timed_out))
}

/// `4 MiB`, `50,000 bytes`.
fn size(bytes: usize) -> String {
    const MIB: usize = 1 << 20;
    if bytes.is_multiple_of(MIB) { format!("{} MiB", bytes / MIB) } else { format!("{} bytes", thousands(bytes)) }
}

/// `200,000`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn answer(head: &hyper::http::response::Parts, body: Vec<u8>, duration: Duration) -> Answer {
    let reason = head.status.canonical_reason().unwrap_or("Unknown").to_owned();
    Answer {
        status: head.status.as_u16(),
        reason,
        headers: head.headers.iter().map(readable).collect(),
        body,
        duration,
    }
}

fn readable((name, value): (&HeaderName, &HeaderValue)) -> (String, String) {
    (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn broke_off(error: &hyper::Error) -> NoAnswer {
    use std::error::Error;
    // hyper's own text says what it was doing; the cause below says what happened.
    let reason = error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    NoAnswer::BrokeOff { reason }
}

#[cfg(test)]
mod tests;
