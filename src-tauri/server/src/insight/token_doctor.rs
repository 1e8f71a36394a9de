//! What was wrong with a token, in a sentence that says what to do. Shown on screen only, never to the client.

use crate::clock::Millis;
use crate::secret::{TOKEN_PREFIX, last_four};

/// An `Authorization` header taken apart as far as it makes sense.
pub(crate) struct Presented<'a> {
    pub(crate) token: &'a str,
    /// How it differs from `Bearer <token>`.
    pub(crate) deviation: Option<Deviation>,
}

/// A header that holds a token, but not as `Bearer <token>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// The token alone. okta-41-header-auth-raw-token
    NoScheme,
    /// `Bearer Bearer <token>`. okta-42-header-auth-double-bearer
    DoubledScheme,
    /// Blanks around or more than one between.
    Blanks,
}

impl Deviation {
    /// The rule's stable name.
    pub(crate) fn rule(self) -> &'static str {
        match self {
            Self::NoScheme => "token-without-bearer",
            Self::DoubledScheme => "bearer-twice",
            Self::Blanks => "blanks-around-token",
        }
    }

    /// For a directory that lets it pass.
    pub(crate) fn note(self) -> &'static str {
        match self {
            Self::NoScheme => {
                "The token arrived without the word Bearer; accepted. In an Okta \"Header Auth\" app, type Bearer and a blank before the token."
            }
            Self::DoubledScheme => {
                "The word Bearer arrived twice; accepted. Okta adds it itself: paste the token alone."
            }
            Self::Blanks => "There were extra blanks around the token; accepted.",
        }
    }

    /// For a directory that does not.
    pub(crate) fn refusal(self) -> String {
        match self {
            Self::NoScheme => {
                "The token is right, but it arrived without the word Bearer. In an Okta \"Header Auth\" app, type Bearer and a blank before it."
            }
            Self::DoubledScheme => {
                "The token is right, but the word Bearer arrived twice. Okta adds it itself: paste the token alone."
            }
            Self::Blanks => "The token is right, but there are extra blanks around it.",
        }
        .to_owned()
    }
}

/// Finds the token in a header.
pub(crate) fn read_header(header: &str) -> Presented<'_> {
    let mut rest = header.trim();
    let mut schemes = 0;
    while let Some((scheme, after)) = rest.split_once(char::is_whitespace) {
        if !scheme.eq_ignore_ascii_case("bearer") {
            break;
        }
        schemes += 1;
        rest = after.trim();
    }
    let deviation = match schemes {
        0 => Some(Deviation::NoScheme),
        1 if header.len() == "bearer ".len() + rest.len() => None,
        1 => Some(Deviation::Blanks),
        _ => Some(Deviation::DoubledScheme),
    };
    Presented { token: rest, deviation }
}

/// No header at all.
pub(crate) fn missing() -> String {
    "The request has no Authorization header. In Okta, choose the authentication mode HTTP Header and paste the token."
        .to_owned()
}

/// A token of another directory.
pub(crate) fn of_other_directory(name: &str) -> String {
    format!(
        "This is the token of the directory \u{201c}{name}\u{201d}. Check which base URL and token belong together."
    )
}

/// A token that was replaced. The instant stands in the text in RFC 3339, for the screen to show in local time.
pub(crate) fn retired(at: Millis) -> String {
    format!("This token was replaced on {}. Paste the new one into the identity provider.", crate::clock::rfc3339(at))
}

/// The directory never had a token.
pub(crate) fn no_token_yet() -> String {
    "This directory has no bearer token yet. Generate one and paste it into the identity provider.".to_owned()
}

/// A token that nobody here knows: says what the header looks like instead.
pub(crate) fn unknown(header: &str) -> String {
    let token = read_header(header).token;
    let ours = token.matches(TOKEN_PREFIX).count();
    if ours > 1 {
        return "The token arrived twice in a row. Clear the field and paste it once.".to_owned();
    }
    if token.is_empty() || token.eq_ignore_ascii_case("bearer") {
        return "The header has the word Bearer but no token after it.".to_owned();
    }
    if header.trim_start().to_ascii_lowercase().starts_with("basic ") {
        return "The request uses Basic authentication. Choose the authentication mode HTTP Header.".to_owned();
    }
    if token.contains(char::is_whitespace) {
        return "There is a blank or line break inside the token. Copy it again, in one piece.".to_owned();
    }
    if ours == 1 {
        return format!(
            "They sent a token ending …{}, which this program did not make or no longer knows.",
            last_four(token)
        );
    }
    match last_four(token) {
        end if end.is_empty() => {
            format!("What they sent is no token of this program: those begin with {TOKEN_PREFIX}.")
        }
        end => {
            format!("They sent a token ending …{end}, which is none of this program: those begin with {TOKEN_PREFIX}.")
        }
    }
}

/// The path names a directory that does not exist.
pub(crate) fn unknown_directory() -> String {
    "Not checked: the address names no directory.".to_owned()
}

/// The endpoint is open.
pub(crate) fn not_needed() -> String {
    "This endpoint can be read without a token.".to_owned()
}

/// The request did not get that far.
pub(crate) fn not_checked() -> String {
    "Not checked.".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_in_crooked_headers() {
        for (header, token, deviation) in [
            ("Bearer abc", "abc", None),
            ("bearer abc", "abc", None),
            ("abc", "abc", Some(Deviation::NoScheme)),
            ("Bearer Bearer abc", "abc", Some(Deviation::DoubledScheme)),
            ("Bearer  abc", "abc", Some(Deviation::Blanks)),
            ("Bearer", "Bearer", Some(Deviation::NoScheme)),
        ] {
            let presented = read_header(header);
            assert_eq!((presented.token, presented.deviation), (token, deviation), "{header:?}");
        }
    }

    #[test]
    fn an_unknown_token_is_described() {
        let ours = format!("{TOKEN_PREFIX}{}", "x".repeat(39) + "wxyz");
        for (header, expected) in [
            (format!("Bearer {ours}{ours}"), "twice in a row"),
            (format!("Bearer {ours}"), "ending …wxyz"),
            ("Bearer".to_owned(), "no token after it"),
            ("Basic dXNlcjpwYXNz".to_owned(), "Basic"),
            ("Bearer ab cd".to_owned(), "line break"),
            ("Bearer not-the-token".to_owned(), "ending …oken, which is none of this program"),
            ("Bearer x".to_owned(), "no token of this program"),
        ] {
            assert!(unknown(&header).contains(expected), "{header}: {}", unknown(&header));
        }
    }
}
