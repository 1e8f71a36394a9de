//! Request lines whose target is not percent-encoded.
//!
//! RFC 9112 §3.2 allows no blank in a request target and RFC 3986 no quotation mark, yet clients send them: a filter as it is typed. hyper
//! refuses such a request before anybody sees it, with a 400 that is empty. Here its target is encoded on the way to hyper, and kept as it was
//! sent ([`SentTarget`]), so that the request is answered in SCIM and recorded with its directory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use crate::provisioning::SentTarget;

/// Bytes of a request line at the most: what is longer is left to hyper, which refuses it.
const LONGEST: usize = 64 << 10;

/// What has arrived of a request before hyper gets it.
#[derive(Default)]
pub(super) struct RequestLine {
    /// Its beginning, while its line is not complete.
    begun: Vec<u8>,
    /// What hyper has not taken yet, and from where on.
    ready: (Vec<u8>, usize),
}

impl RequestLine {
    /// Reads on. `begins`: what comes next is a request's beginning. The target as it was sent comes with a line that was encoded.
    pub(super) fn poll_read<T: AsyncRead + Unpin>(
        &mut self,
        inner: &mut T,
        begins: bool,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<Option<SentTarget>>> {
        if self.give(buf) || buf.remaining() == 0 {
            return Poll::Ready(Ok(None));
        }
        if self.begun.is_empty() && !begins {
            return Pin::new(inner).poll_read(cx, buf).map_ok(|()| None);
        }
        loop {
            let before = buf.filled().len();
            ready!(Pin::new(&mut *inner).poll_read(cx, buf))?;
            let read = &buf.filled()[before..];
            // Almost always: the line is there, and as it has to be.
            if self.begun.is_empty() && line_of(read).is_some_and(|line| encoded(line).is_none()) {
                return Poll::Ready(Ok(None));
            }
            let is_end = read.is_empty();
            self.begun.extend_from_slice(read);
            buf.set_filled(before);
            let line = line_of(&self.begun);
            if line.is_none() && !is_end && may_begin(&self.begun) {
                continue;
            }
            let (mut bytes, mut sent) = (std::mem::take(&mut self.begun), None);
            if let Some((length, (line, target))) = line_of(&bytes).and_then(|line| Some((line.len(), encoded(line)?)))
            {
                bytes.splice(..length, line);
                sent = Some(target);
            }
            self.ready = (bytes, 0);
            self.give(buf);
            return Poll::Ready(Ok(sent));
        }
    }

    /// Whether a request has begun that hyper does not know of yet.
    pub(super) fn has_begun(&self) -> bool {
        !self.begun.is_empty()
    }

    /// Hands over what is ready; false: nothing is.
    fn give(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let (bytes, from) = &mut self.ready;
        let rest = bytes.get(*from..).unwrap_or_default();
        let given = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..given]);
        *from += given;
        if *from == bytes.len() {
            self.ready = Default::default();
        }
        given > 0
    }
}

/// The first line of a request, with its end and empty lines before it (RFC 9112 §2.2); `None`: it has not ended.
fn line_of(bytes: &[u8]) -> Option<&[u8]> {
    let start = bytes.iter().position(|byte| !b"\r\n".contains(byte))?;
    let end = bytes[start..].iter().position(|byte| *byte == b'\n')?;
    Some(&bytes[..=start + end])
}

/// Whether these bytes can be the beginning of a request line: a method in capitals, then a target.
fn may_begin(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start();
    let method = line.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    bytes.len() <= LONGEST && (method == line.len() || (method > 0 && line[method] == b' '))
}

/// A request line with its target encoded, and the target as it was sent; `None`: there is nothing to encode.
fn encoded(line: &[u8]) -> Option<(Vec<u8>, SentTarget)> {
    let text = line.trim_ascii_end();
    let method = text.iter().position(|byte| *byte == b' ')? + 1;
    let version = text.iter().rposition(|byte| *byte == b' ')?;
    let target = text.get(method..version)?;
    let is_method = text[..method - 1].trim_ascii_start().iter().all(u8::is_ascii_uppercase);
    let is_http = is_method && text[version..].starts_with(b" HTTP/1.") && !target.iter().any(u8::is_ascii_control);
    let (encoded, sent) = SentTarget::encode(target).filter(|_| is_http)?;
    let whole = [&line[..method], encoded.as_bytes(), &line[version..]].concat();
    Some((whole, sent))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::task::Waker;

    use super::*;

    /// What comes in these pieces, each at a time of its own.
    struct Pieces(VecDeque<Vec<u8>>);

    impl AsyncRead for Pieces {
        fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            match self.0.pop_front() {
                None => Poll::Ready(Ok(())),
                Some(piece) if piece.is_empty() => Poll::Pending,
                Some(mut piece) => {
                    let rest = piece.split_off(piece.len().min(buf.remaining()));
                    buf.put_slice(&piece);
                    if !rest.is_empty() {
                        self.0.push_front(rest);
                    }
                    Poll::Ready(Ok(()))
                }
            }
        }
    }

    /// What hyper gets of a connection that begins with these bytes, and the target as it was sent.
    fn read(pieces: impl IntoIterator<Item = Vec<u8>>, room: usize) -> (String, Option<String>) {
        let mut inner = Pieces(pieces.into_iter().collect());
        let (mut line, mut got, mut sent) = (RequestLine::default(), Vec::new(), None);
        loop {
            let mut bytes = vec![0; room];
            let mut buf = ReadBuf::new(&mut bytes);
            let mut cx = Context::from_waker(Waker::noop());
            match line.poll_read(&mut inner, got.is_empty(), &mut cx, &mut buf) {
                Poll::Pending => {}
                Poll::Ready(read) => {
                    sent = sent.or(read.expect("it can be read").map(|target| target.0));
                    if buf.filled().is_empty() {
                        return (String::from_utf8_lossy(&got).into_owned(), sent);
                    }
                    got.extend_from_slice(buf.filled());
                }
            }
        }
    }

    #[test]
    fn a_target_is_encoded_however_its_bytes_arrive() {
        let rest = "Host: a\r\n\r\n{\"a b\": \"GET /a b HTTP/1.1\"}\r\n";
        for (line, expected, sent) in [
            (
                "GET /Users?filter=userName eq \"a\" HTTP/1.1\r\n",
                "GET /Users?filter=userName%20eq%20%22a%22 HTTP/1.1\r\n",
                Some("/Users?filter=userName eq \"a\""),
            ),
            (
                "GET /Users?filter=a%20eq%20%22b%22 HTTP/1.1\r\n",
                "GET /Users?filter=a%20eq%20%22b%22 HTTP/1.1\r\n",
                None,
            ),
            ("PATCH /Groups/x#y HTTP/1.0\n", "PATCH /Groups/x%23y HTTP/1.0\n", Some("/Groups/x#y")),
            ("\r\nGET /ü|[1] HTTP/1.1\r\n", "\r\nGET /%C3%BC%7C[1] HTTP/1.1\r\n", Some("/ü|[1]")),
            ("GET /a b HTTP/2.0\r\n", "GET /a b HTTP/2.0\r\n", None),
            ("GET /a b\r\n", "GET /a b\r\n", None),
            ("GET /a\u{7} b HTTP/1.1\r\n", "GET /a\u{7} b HTTP/1.1\r\n", None),
            ("no request at all\r\n", "no request at all\r\n", None),
            ("X-Note: a b HTTP/1.1\r\n", "X-Note: a b HTTP/1.1\r\n", None),
        ] {
            let whole = format!("{line}{rest}").into_bytes();
            let expected = (format!("{expected}{rest}"), sent.map(str::to_owned));
            assert_eq!(read([whole.clone()], 8 << 10), expected, "at once");
            assert_eq!(read([whole.clone()], 7), expected, "with little room");
            assert_eq!(read(whole.chunks(1).map(<[u8]>::to_vec), 8 << 10), expected, "byte by byte");
            let with_pauses = whole.chunks(5).flat_map(|piece| [piece.to_vec(), Vec::new()]);
            assert_eq!(read(with_pauses, 8 << 10), expected, "with pauses");
        }
    }

    #[test]
    fn what_is_no_request_line_is_not_held_back() {
        for bytes in ["\u{16}\u{3}\u{1}".to_owned(), "{\"a\": 1}".to_owned(), format!("GET /{}", "a".repeat(LONGEST))] {
            let mut inner = Pieces([bytes.clone().into_bytes(), Vec::new()].into());
            let (mut line, mut space) = (RequestLine::default(), vec![0; 128 << 10]);
            let mut buf = ReadBuf::new(&mut space);
            let read = line.poll_read(&mut inner, true, &mut Context::from_waker(Waker::noop()), &mut buf);
            assert!(read.is_ready() && buf.filled() == bytes.as_bytes(), "{} bytes", bytes.len());
        }
    }
}
