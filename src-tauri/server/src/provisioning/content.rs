//! What a body is before it is read: compressed, in which encoding of characters, and in which format. Each has an answer that says it, where a
//! reader of JSON would only find that it is none.

use axum::http::Method;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use scim::{Notes, PATCH_OP, ScimError};

/// Media types that are read without a word: RFC 7644 §3.8.
const EXPECTED: [&str; 2] = ["application/scim+json", "application/json"];

/// Refuses what cannot be JSON in UTF-8, and notes a media type that means it but is not called so. `head` is `None` for an operation of a
/// bulk request, which has been read already.
///
/// # Errors
/// 415 for a compressed body, 400 `invalidSyntax` for another encoding than UTF-8 and for a JSON Patch.
pub(super) fn check(head: Option<&Parts>, body: &[u8], notes: &mut Notes) -> Result<(), ScimError> {
    let Some(head) = head else { return Ok(()) };
    check_coding(head, body)?;
    check_characters(body)?;
    let media_type = text(head, &CONTENT_TYPE).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_list = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if is_list && head.method == Method::PATCH {
        return Err(ScimError::invalid_syntax(format!(
            "The body is a list, as a JSON Patch (RFC 6902) is. SCIM’s PATCH is different: an object with schemas, which names {PATCH_OP}, and Operations."
        )));
    }
    // What has nothing to do with JSON is looked at where the body is read.
    if media_type.contains("json") && !EXPECTED.contains(&media_type.as_str()) {
        let text = format!("The Content-Type was {media_type:?}; the one of SCIM is application/scim+json.");
        notes.add("media-type", "RFC 7644 §3.8", text);
    }
    Ok(())
}

fn check_coding(head: &Parts, body: &[u8]) -> Result<(), ScimError> {
    let coding = text(head, &CONTENT_ENCODING).map(|coding| coding.trim().to_ascii_lowercase());
    match coding.as_deref() {
        None | Some("" | "identity") => {}
        Some(coding) => {
            return Err(ScimError::unsupported_media_type(format!(
                "The body is compressed (Content-Encoding: {coding}), and compressed bodies are not read here. Send it as it is."
            )));
        }
    }
    if body.starts_with(&[0x1F, 0x8B]) {
        return Err(ScimError::unsupported_media_type(
            "The body is compressed with gzip, and no Content-Encoding says so. Compressed bodies are not read here: send it as it is.",
        ));
    }
    Ok(())
}

/// RFC 8259 §8.1: JSON between systems is UTF-8.
fn check_characters(body: &[u8]) -> Result<(), ScimError> {
    let refused =
        |what: String| Err(ScimError::invalid_syntax(format!("{what} JSON has to be in UTF-8 (RFC 8259 §8.1).")));
    // Whatever JSON begins with is ASCII, of which UTF-16 and UTF-32 have zero bytes beside it.
    let is_wide = matches!(body, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..]);
    if is_wide {
        return refused("The body is in UTF-16 or UTF-32.".to_owned());
    }
    match std::str::from_utf8(body) {
        Ok(_) => Ok(()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = body.get(at).copied().unwrap_or_default();
            // In both, these bytes are the characters with their numbers.
            let meant = if byte >= 0xA0 { format!(", where that is {:?}", char::from(byte)) } else { String::new() };
            refused(format!(
                "The body is not in UTF-8: byte {} is 0x{byte:02X}. It may be in Latin-1 (ISO 8859-1) or Windows-1252{meant}.",
                at + 1
            ))
        }
    }
}

fn text(head: &Parts, name: &HeaderName) -> Option<String> {
    head.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
