//! Addresses in bodies: of the one who asks they are those of this directory, of the server that is asked its own. Nothing else in a body is
//! touched.

use std::collections::VecDeque;

use bytes::Bytes;

/// Bytes of the beginning of a text that are looked at: no base URL is longer.
const MOST_LOOKED_AT: usize = 4 << 10;

/// A body in which the addresses below one base URL are those below another: the values of `$ref`, and of `location` in `meta`. Also how many
/// they were. What stays is not copied, and anything but JSON stays as it is.
pub(super) fn rewrite(body: VecDeque<Bytes>, from: &str, to: &str) -> (VecDeque<Bytes>, u32) {
    let found = find(&body, from);
    if found.is_empty() {
        return (body, 0);
    }
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    (splice(body, &found, to), count)
}

/// The value of a header in which an address below one base URL is that below another; `None`: it is none.
pub(super) fn rewrite_header(value: &str, from: &str, to: &str) -> Option<String> {
    let rest = value.strip_prefix(from).filter(|rest| is_boundary(rest.bytes().next()))?;
    Some(format!("{to}{rest}"))
}

/// Where a base URL stands in a body, from its first byte to behind its last.
struct Found {
    start: usize,
    end: usize,
    /// Whether its slashes are written `\/`, as some servers do.
    has_escaped_slashes: bool,
}

/// What the name of an attribute says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Meta,
    Location,
    Ref,
    Other,
}

/// A text that has come to its end, and of which is not known yet whether it is a name.
struct Text {
    name: Name,
    address: Option<Found>,
}

fn find(body: &VecDeque<Bytes>, base: &str) -> Vec<Found> {
    let mut found = Vec::new();
    // For each array and object that is open, whether it is `meta`.
    let mut open: Vec<bool> = Vec::new();
    let (mut name, mut ended) = (Name::Other, None);
    let mut bytes = body.iter().flat_map(|piece| piece.iter().copied()).enumerate();
    while let Some((at, byte)) = bytes.next() {
        if byte.is_ascii_whitespace() {
            continue;
        }
        if let Some(Text { name: text, address }) = ended.take() {
            if byte == b':' {
                name = text;
                continue;
            }
            let is_address = name == Name::Ref || (name == Name::Location && open.last() == Some(&true));
            found.extend(address.filter(|_| is_address));
        }
        match byte {
            b'"' => ended = Some(read_text(&mut bytes, at + 1, base)),
            b'{' | b'[' => {
                open.push(name == Name::Meta && byte == b'{');
                name = Name::Other;
            }
            b'}' | b']' => {
                open.pop();
                name = Name::Other;
            }
            b',' => name = Name::Other,
            _ => {}
        }
    }
    found
}

/// Reads a text to its end.
fn read_text(bytes: &mut impl Iterator<Item = (usize, u8)>, start: usize, base: &str) -> Text {
    let (mut beginning, mut is_escaped) = (Vec::new(), false);
    let most = (base.len() * 2 + 1).min(MOST_LOOKED_AT);
    for (_, byte) in bytes {
        if byte == b'"' && !is_escaped {
            break;
        }
        is_escaped = byte == b'\\' && !is_escaped;
        if beginning.len() < most {
            beginning.push(byte);
        }
    }
    let name = match beginning.as_slice() {
        text if text.eq_ignore_ascii_case(b"meta") => Name::Meta,
        text if text.eq_ignore_ascii_case(b"location") => Name::Location,
        text if text.eq_ignore_ascii_case(b"$ref") => Name::Ref,
        _ => Name::Other,
    };
    Text { name, address: begins_with(&beginning, base, start) }
}

/// The base URL that a text begins with.
fn begins_with(text: &[u8], base: &str, start: usize) -> Option<Found> {
    let (mut length, mut has_escaped_slashes) = (0, false);
    for wanted in base.bytes() {
        if wanted == b'/' && text[length..].starts_with(b"\\/") {
            has_escaped_slashes = true;
            length += 1;
        }
        if *text.get(length)? != wanted {
            return None;
        }
        length += 1;
    }
    let is_end = is_boundary(text.get(length).copied()) || text[length..].starts_with(b"\\/");
    is_end.then_some(Found { start, end: start + length, has_escaped_slashes })
}

fn is_boundary(behind: Option<u8>) -> bool {
    matches!(behind, None | Some(b'/' | b'?'))
}

fn splice(mut body: VecDeque<Bytes>, found: &[Found], to: &str) -> VecDeque<Bytes> {
    let [plain, escaped] = [to.to_owned(), to.replace('/', "\\/")].map(Bytes::from);
    let mut pieces = VecDeque::new();
    let mut at = 0;
    for Found { start, end, has_escaped_slashes } in found {
        take(&mut body, start - at, Some(&mut pieces));
        take(&mut body, end - start, None);
        pieces.push_back(if *has_escaped_slashes { escaped.clone() } else { plain.clone() });
        at = *end;
    }
    pieces.append(&mut body);
    pieces
}

/// Takes as many bytes off a body.
fn take(body: &mut VecDeque<Bytes>, mut length: usize, mut into: Option<&mut VecDeque<Bytes>>) {
    while length > 0 {
        let Some(mut piece) = body.pop_front() else { return };
        let taken = piece.split_to(piece.len().min(length));
        length -= taken.len();
        if !piece.is_empty() {
            body.push_front(piece);
        }
        if let Some(into) = into.as_deref_mut() {
            into.push_back(taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEIRS: &str = "http://localhost:8080/scim";
    const OURS: &str = "https://ada.example/scim/v2/k3v9tq2mxa";

    /// The same, however the body is cut into pieces.
    fn rewritten(body: &str) -> (String, u32) {
        let of = |size: usize| {
            let pieces = body.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
            let (pieces, count) = rewrite(pieces, THEIRS, OURS);
            let bytes: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
            (String::from_utf8(bytes).expect("text"), count)
        };
        let whole = of(body.len().max(1));
        for size in [1, 2, 7, 64] {
            assert_eq!(of(size), whole, "in pieces of {size}");
        }
        whole
    }

    #[test]
    fn addresses_of_the_server_become_those_of_the_directory() {
        for (body, expected, count) in [
            (
                r#"{ "id":"1",  "meta" : {"resourceType":"User", "location" : "http://localhost:8080/scim/Users/1"}}"#,
                r#"{ "id":"1",  "meta" : {"resourceType":"User", "location" : "https://ada.example/scim/v2/k3v9tq2mxa/Users/1"}}"#,
                1,
            ),
            (
                r#"{"members":[{"value":"1","$ref":"http:\/\/localhost:8080\/scim\/Users\/1"},{"$ref":"http://localhost:8080/scim"}]}"#,
                r#"{"members":[{"value":"1","$ref":"https:\/\/ada.example\/scim\/v2\/k3v9tq2mxa\/Users\/1"},{"$ref":"https://ada.example/scim/v2/k3v9tq2mxa"}]}"#,
                2,
            ),
            (
                r#"{"Resources":[{"META":{"Location":"http://localhost:8080/scim/Users/1"}},{"meta":{"a":[1],"location":"http://localhost:8080/scim?x"}}]}"#,
                r#"{"Resources":[{"META":{"Location":"https://ada.example/scim/v2/k3v9tq2mxa/Users/1"}},{"meta":{"a":[1],"location":"https://ada.example/scim/v2/k3v9tq2mxa?x"}}]}"#,
                2,
            ),
        ] {
            assert_eq!(rewritten(body), (expected.to_owned(), count), "{body}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for body in [
            "",
            "<html>http://localhost:8080/scim</html>",
            r#"{"location":"http://localhost:8080/scim/Users/1"}"#,
            r#"{"meta":{"location":"http://localhost:8080/scimitar"}}"#,
            r#"{"meta":{"location":"http://localhost:80801/scim"}}"#,
            r#"{"meta":{"location":"/scim/Users/1"}}"#,
            r#"{"profileUrl":"http://localhost:8080/scim/Users/1","meta":{"x":{"location":"http://localhost:8080/scim"}}}"#,
            r#"{"note":"\"$ref\":\"http://localhost:8080/scim/\"","$ref":7}"#,
            r#"{"$ref":"http://localhost:8080/sci"#,
            "\"\\",
        ] {
            assert_eq!(rewritten(body), (body.to_owned(), 0));
        }
    }

    #[test]
    fn a_header_is_rewritten_only_where_it_leads_there() {
        let of = |value| rewrite_header(value, THEIRS, OURS);
        assert_eq!(
            of("http://localhost:8080/scim/Users/1").as_deref(),
            Some("https://ada.example/scim/v2/k3v9tq2mxa/Users/1")
        );
        for other in ["/scim/Users/1", "http://localhost:8080/scimitar", "https://localhost:8080/scim"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
