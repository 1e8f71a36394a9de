//! Answers over HTTP/1.1, and what the bench looks for in their bodies, without reading them as JSON.

use memchr::memmem::find;

/// Headers that an answer may have.
const MOST_HEADERS: usize = 64;

/// An answer that has arrived whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// The answer at the beginning of `received`, `None` as long as a part of it is missing.
///
/// # Errors
/// If it is not an answer, is compressed, ends with the connection, or is followed by what nobody asked for.
pub(crate) fn read(received: &[u8]) -> Result<Option<Answer>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(received).map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let status = head.code.ok_or("the answer has no status")?;
    let header = |name: &str| {
        let found = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| header.value.trim_ascii())
    };
    if header("Content-Encoding").is_some() {
        return Err("the answer is compressed".to_owned());
    }
    let rest = &received[length..];
    let body = match (header("Transfer-Encoding"), header("Content-Length")) {
        _ if status == 204 || status == 304 => Some((Vec::new(), 0)),
        (Some(coding), _) if coding.eq_ignore_ascii_case(b"chunked") => dechunk(rest)?,
        (None, Some(length)) => {
            let length = std::str::from_utf8(length).ok().and_then(|length| length.parse().ok());
            let length: usize = length.ok_or("Content-Length is not a number")?;
            rest.get(..length).map(|body| (body.to_vec(), length))
        }
        _ => return Err("the answer does not say how long it is".to_owned()),
    };
    match body {
        Some((_, taken)) if taken < rest.len() => Err("more arrived than one answer".to_owned()),
        Some((body, _)) => Ok(Some(Answer { status, body })),
        None => Ok(None),
    }
}

/// The body in `chunks` and how many bytes it took with its end, `None` as long as a part is missing.
fn dechunk(chunks: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let size = httparse::parse_chunk_size(&chunks[at..]).map_err(|_| "a chunk has no size".to_owned())?;
        let httparse::Status::Complete((head, size)) = size else { return Ok(None) };
        let size = usize::try_from(size).map_err(|error| error.to_string())?;
        let Some(end) = (at + head).checked_add(size).and_then(|end| end.checked_add(2)) else {
            return Err("a chunk is too large".to_owned());
        };
        let Some(chunk) = chunks.get(at + head..end) else { return Ok(None) };
        let Some(chunk) = chunk.strip_suffix(b"\r\n") else { return Err("a chunk does not end".to_owned()) };
        body.extend_from_slice(chunk);
        at = end;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

/// The first number behind the name, as in `"totalResults":1`.
pub(crate) fn number(body: &[u8], name: &str) -> Option<u64> {
    let rest = value(body, name)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// The first text behind the name, as in `"id":"…"`. Escapes are left as they are.
pub(crate) fn text<'a>(body: &'a [u8], name: &str) -> Option<&'a str> {
    let rest = value(body, name)?.strip_prefix(b"\"")?;
    std::str::from_utf8(&rest[..memchr::memchr(b'"', rest)?]).ok()
}

/// The first truth value behind the name, as in `"active":false`.
pub(crate) fn truth(body: &[u8], name: &str) -> Option<bool> {
    let rest = value(body, name)?;
    if rest.starts_with(b"true") { Some(true) } else { rest.starts_with(b"false").then_some(false) }
}

/// How often the text stands in the body.
pub(crate) fn occurrences(body: &[u8], text: &str) -> usize {
    memchr::memmem::find_iter(body, text).count()
}

fn value<'a>(body: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let name = format!("\"{name}\"");
    let mut rest = body;
    loop {
        rest = &rest[find(rest, name.as_bytes())? + name.len()..];
        // Else it is a value that reads like the name.
        if let Some(value) = rest.trim_ascii_start().strip_prefix(b":") {
            return Some(value.trim_ascii_start());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn whole(received: &[u8], status: u16, body: &str) {
        let answer = Answer { status, body: body.as_bytes().to_vec() };
        for end in 0..received.len() {
            assert_eq!(read(&received[..end]), Ok(None), "after {end} bytes");
        }
        assert_eq!(read(received), Ok(Some(answer)));
    }

    #[test]
    fn reads_a_body_by_its_length() {
        whole(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", 200, "hello");
    }

    #[test]
    fn reads_a_body_in_chunks() {
        whole(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
            200,
            "hello world",
        );
    }

    #[test]
    fn reads_an_answer_without_a_body() {
        whole(b"HTTP/1.1 204 No Content\r\netag: 1\r\n\r\n", 204, "");
    }

    #[test]
    fn refuses_what_cannot_be_told_apart() {
        for received in [
            "HTTP/1.1 200 OK\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
            "hello",
        ] {
            read(received.as_bytes()).expect_err(received);
        }
    }

    #[test]
    fn finds_values_by_name() {
        let body = br#"{"schemas": ["id"], "id" : "2819c223", "totalResults":12, "active": false}"#;
        assert_eq!(text(body, "id"), Some("2819c223"));
        assert_eq!(number(body, "totalResults"), Some(12));
        assert_eq!(truth(body, "active"), Some(false));
        assert_eq!(number(body, "startIndex"), None);
        assert_eq!(occurrences(body, "\"id\""), 2);
    }
}
