//! A plain HTTP client over loopback. It sends what it is told, byte for byte: no header is added but `Host`, `Connection` and `Content-Length`.
#![allow(dead_code, reason = "not every test program that shares this file does all of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Longer than any answer takes; a test that waits this long has failed.
const TIMEOUT: Duration = Duration::from_secs(60);

/// An HTTP answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The value of a header, whatever the letter case of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; panics with the body if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {self:?}"))
    }

    /// The `id` of the resource that came back.
    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("there is no id in {}", self.body)).to_owned()
    }
}

/// `127.0.0.1:7246` and `/scim/v2/k3v9tq2mxa` of a URL.
pub(crate) fn split(url: &str) -> (String, String) {
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("{url} is not a plain http URL"));
    match rest.split_once('/') {
        Some((host, path)) => (host.to_owned(), format!("/{path}")),
        None => (rest.to_owned(), String::new()),
    }
}

/// Sends one request on a connection of its own.
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> std::io::Result<Answer> {
    let (host, target) = split(url);
    let target = if target.is_empty() { "/" } else { &target };
    let headers = [&[("Connection", "close")], headers].concat();
    let head = head(method, &host, target, &headers, body.map(str::len));
    exchange(&host, head.as_bytes(), body.unwrap_or_default().as_bytes())
}

/// The same with a body that is no text.
pub(crate) fn send_bytes(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> std::io::Result<Answer> {
    let (host, target) = split(url);
    let headers = [&[("Connection", "close")], headers].concat();
    exchange(&host, head(method, &host, &target, &headers, Some(body.len())).as_bytes(), body)
}

fn head(method: &str, host: &str, target: &str, headers: &[(&str, &str)], length: Option<usize>) -> String {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if length.is_some() || matches!(method, "POST" | "PUT" | "PATCH") {
        head.push_str(&format!("Content-Length: {}\r\n", length.unwrap_or_default()));
    }
    head.push_str("\r\n");
    head
}

/// A connection that is kept from request to request, as identity providers keep theirs.
pub(crate) struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects to `127.0.0.1:7246`.
    pub(crate) fn open(host: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_nodelay(true)?;
        Ok(Self { host: host.to_owned(), stream: BufReader::new(stream) })
    }

    /// Sends one request and reads its answer. An answer that breaks off is an error.
    pub(crate) fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> std::io::Result<Answer> {
        let mut sent = head(method, &self.host, target, headers, body.map(str::len));
        sent.push_str(body.unwrap_or_default());
        self.stream.get_mut().write_all(sent.as_bytes())?;
        let mut raw = Vec::new();
        while !raw.ends_with(b"\r\n\r\n") {
            if self.stream.read_until(b'\n', &mut raw)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut answer = parse(&raw).ok_or(std::io::ErrorKind::InvalidData)?;
        let length = answer.header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }
}

/// Sends bytes and reads lines of the answer until they are enough, or the server closes.
pub(crate) fn lines(host: &str, head: &[u8], are_enough: impl Fn(&[String]) -> bool) -> std::io::Result<Vec<String>> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(head)?;
    let mut lines = Vec::new();
    for line in BufReader::new(stream).lines() {
        lines.push(line?);
        if are_enough(&lines) {
            break;
        }
    }
    Ok(lines)
}

/// Sends bytes and reads the answer until the server closes.
pub(crate) fn exchange(host: &str, head: &[u8], body: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(head)?;
    // A server that refuses a body by its announced size may answer and close before all of it is sent.
    let _ = stream.write_all(body);
    let mut raw = Vec::new();
    match stream.read_to_end(&mut raw) {
        Ok(_) => {}
        Err(_) if !raw.is_empty() => {}
        Err(error) => return Err(error),
    }
    parse(&raw).ok_or_else(|| {
        std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            format!("no HTTP answer: {:?}", String::from_utf8_lossy(&raw)),
        )
    })
}

fn parse(raw: &[u8]) -> Option<Answer> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&raw[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let is_chunked =
        headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && value == "chunked");
    let body = if is_chunked { unchunk(&raw[end + 4..])? } else { raw[end + 4..].to_vec() };
    Some(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

fn unchunk(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = raw.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..line]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(raw.get(line + 2..line + 2 + size)?);
        raw = raw.get(line + 2 + size + 2..)?;
    }
}
