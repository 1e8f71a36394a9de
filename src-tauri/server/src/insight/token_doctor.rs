//! What was wrong with a token, and what to do. Shown on screen only, never to the client; no secret is kept.
//!
//! A header that is not `Bearer <token>` is looked through for a token of this program in it: if the right one is there, only what is around
//! it has to go.

mod foreign;
pub(crate) mod forwarded;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use idp::{IdpId, Situation};

use crate::clock::{Millis, rfc3339};
use crate::model::{Actor, DatedText};
use crate::secret::{TOKEN_LENGTH, TOKEN_PREFIX, last_four};

/// What is wrong, and what to do about it, in a sentence each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    pub(crate) text: DatedText,
    pub(crate) advice: Option<String>,
}

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

/// Whose token was found in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner<'a> {
    /// This directory's, in force.
    This,
    /// One that was replaced.
    Retired(Millis),
    /// Another directory's.
    Other(&'a str),
}

/// A token of this program inside a header that is not `Bearer <token>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    /// The token as it would have been right.
    pub(crate) token: String,
    /// `it arrived twice in a row`
    around: &'static str,
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
    pub(crate) fn note(self, actor: &Actor) -> String {
        format!("{} It was accepted. {}", self.text(), self.advice(actor))
    }

    /// For a directory that does not.
    pub(crate) fn refusal(self, actor: &Actor) -> Diagnosis {
        Diagnosis::new(self.text(), format!("{} Or make the directory tolerant.", self.advice(actor)))
    }

    fn text(self) -> &'static str {
        match self {
            Self::NoScheme => "The token is right, but it arrived without the word Bearer.",
            Self::DoubledScheme => "The token is right, but the word Bearer arrived twice.",
            Self::Blanks => "The token is right, but there are extra blanks around it.",
        }
    }

    fn advice(self, actor: &Actor) -> &'static str {
        let situation = match self {
            Self::NoScheme => Situation::BearerMissing,
            Self::DoubledScheme => Situation::BearerTwice,
            Self::Blanks => return "Paste it without blanks.",
        };
        idp_of(actor).advice(situation).unwrap_or_default()
    }
}

impl Diagnosis {
    fn new(text: impl Into<DatedText>, advice: impl Into<String>) -> Self {
        Self { text: text.into(), advice: Some(advice.into()) }
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

/// Whose words the advice has.
fn idp_of(actor: &Actor) -> IdpId {
    actor.idp().unwrap_or(IdpId::Generic)
}

/// Where the token is pasted, in the words of who asks.
fn place(actor: &Actor) -> &'static str {
    idp_of(actor).token_place()
}

/// No header at all.
pub(crate) fn missing(actor: &Actor) -> Diagnosis {
    Diagnosis::new(
        "The request has no Authorization header.",
        format!("{}: paste the token of this directory and save.", place(actor)),
    )
}

/// A whole token that is not the one in force here.
pub(crate) fn of(owner: Owner<'_>, actor: &Actor) -> Diagnosis {
    match owner {
        Owner::This => Diagnosis { text: "The token is right.".into(), advice: None },
        Owner::Retired(at) => Diagnosis::new(
            DatedText::from("This token was replaced ").at(rfc3339(at)).and("."),
            format!(
                "{}: paste the new token and save. If it is lost, generate a new one: a token is shown only once.",
                place(actor)
            ),
        ),
        Owner::Other(name) => Diagnosis::new(
            format!("This is the token of the directory “{name}”."),
            "Base URL and token have to be of the same directory: paste both again.",
        ),
    }
}

/// The directory never had a token.
pub(crate) fn no_token_yet() -> Diagnosis {
    Diagnosis::new("This directory has no bearer token yet.", "Generate one and paste it into the identity provider.")
}

/// Tokens of this program that may be in a header of another form, the likeliest first.
pub(crate) fn wrapped(header: &str) -> Vec<Wrapped> {
    let within = |around: &'static str| move |token: String| Wrapped { token, around };
    let text = read_header(header).token;
    if let Some(pair) = basic(header) {
        let tokens = pair.split(':').flat_map(tokens_in);
        return tokens.map(within("it arrived as part of Basic authentication")).collect();
    }
    let whole = tokens_in(text);
    let around = match whole.as_slice() {
        [first, second, ..] if first == second => "it arrived twice in a row",
        [_, _, ..] => "another one arrived beside it",
        [only] if is_quoted(text, only) => "there are quotes around it",
        [only] if text.len() == only.len() + 1 + text.find(' ').unwrap_or_default() => {
            "the word before it is not Bearer"
        }
        _ => "there is more text around it",
    };
    let mut found: Vec<Wrapped> = whole.into_iter().map(within(around)).collect();
    let joined = without_blanks(text);
    if joined != text {
        found.extend(tokens_in(&joined).into_iter().map(within("there is a blank or line break inside")));
    }
    let secret = TOKEN_LENGTH - TOKEN_PREFIX.len();
    if let Some(end) = joined.len().checked_sub(secret).and_then(|start| joined.get(start..))
        && !joined.contains(TOKEN_PREFIX)
    {
        let whole = format!("{TOKEN_PREFIX}{end}");
        found.push(within("its beginning is missing: scimsetup- belongs to it")(whole));
    }
    found.dedup_by(|one, other| one.token == other.token);
    found.truncate(4);
    found
}

impl Wrapped {
    /// What is around a token that is known here.
    pub(crate) fn diagnosis(&self, owner: Owner<'_>, actor: &Actor) -> Diagnosis {
        let around = self.around;
        match owner {
            Owner::This => Diagnosis::new(
                format!("The token is right, but {around}."),
                format!("{}: clear the field, paste the token alone, save.", place(actor)),
            ),
            _ => {
                let whose = of(owner, actor);
                Diagnosis { text: whose.text.and(format!(" Besides, {around}.")), ..whose }
            }
        }
    }
}

/// Whether there is nothing in a header that could be meant as a bearer token.
pub(crate) fn is_none(header: &str) -> bool {
    let token = read_header(header).token;
    token.is_empty() || token.eq_ignore_ascii_case("bearer") || basic(header).is_some()
}

/// A header without any token that is known here: says what it looks like instead.
pub(crate) fn unknown(header: &str, actor: &Actor) -> Diagnosis {
    let token = read_header(header).token;
    let paste = || format!("{}: paste the token of this directory and save.", place(actor));
    let lost = "Copy it again in one piece. If it is lost, generate a new one: a token is shown only once.";
    if token.is_empty() || token.eq_ignore_ascii_case("bearer") {
        return Diagnosis::new("The header has the word Bearer but no token after it.", paste());
    }
    if let Some(text) = foreign::recognize(header, token) {
        return Diagnosis::new(text, paste());
    }
    if let Some(pair) = basic(header) {
        let name = pair.split(':').next().filter(|name| is_harmless_name(name));
        let whose = name.map(|name| format!(" as the user “{name}”")).unwrap_or_default();
        let place = place(actor);
        let advice = format!("{place}: choose a bearer token instead of Basic authentication, paste it and save.");
        return Diagnosis::new(format!("The request uses Basic authentication{whose}."), advice);
    }
    if token.matches(TOKEN_PREFIX).count() > 1 {
        return Diagnosis::new("Two tokens arrived, and neither is known here.", paste());
    }
    if token.contains(char::is_whitespace) {
        return Diagnosis::new("There is a blank or line break inside the token.", lost);
    }
    if let Some(rest) = token.strip_prefix(TOKEN_PREFIX) {
        return ours_but_unknown(rest, token, lost);
    }
    if token.to_ascii_lowercase().starts_with(TOKEN_PREFIX) {
        return Diagnosis::new("The token arrived in a different case than it was generated in.", lost);
    }
    let what = match last_four(token) {
        end if end.is_empty() => "What they sent is not a token of this program".to_owned(),
        end => format!("They sent a token ending …{end}, which is not one of this program’s"),
    };
    Diagnosis::new(format!("{what}: those begin with {TOKEN_PREFIX}."), paste())
}

fn ours_but_unknown(rest: &str, token: &str, lost: &str) -> Diagnosis {
    let (length, expected) = (token.chars().count(), TOKEN_LENGTH);
    let is_whole_alphabet = rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let text = if length < expected {
        format!("Only the first {length} of {expected} characters of a token arrived.")
    } else if length > expected && is_whole_alphabet {
        format!("The token has {length} characters instead of {expected}: something was pasted after it.")
    } else if !is_whole_alphabet {
        "There are characters in the token that no token has.".to_owned()
    } else {
        format!("They sent a token ending …{}, which this program did not make or no longer knows.", last_four(token))
    };
    Diagnosis::new(text, lost)
}

/// The path names no directory that exists.
pub(crate) const UNKNOWN_DIRECTORY: &str = "Not checked: the address names no directory.";

/// The endpoint is open.
pub(crate) const NOT_NEEDED: &str = "This endpoint can be read without a token.";

/// A browser asks before it sends anything.
pub(crate) const PREFLIGHT: &str = "A browser’s question before a request has no token.";

/// A person repeats a request.
pub(crate) const SENT_BY_PERSON: &str = "You sent it from SCIM Setup: no token was needed.";

/// The simulator's own token.
pub(crate) fn simulated() -> Diagnosis {
    Diagnosis { text: "Sent by the simulator, with a token that is good as long as it runs.".into(), advice: None }
}

/// What the simulator sends in the place of a wrong token.
pub(crate) fn simulated_wrong() -> Diagnosis {
    Diagnosis { text: "Sent by the simulator, with a deliberately wrong token.".into(), advice: None }
}

/// User and password of Basic authentication, RFC 7617.
fn basic(header: &str) -> Option<String> {
    let (scheme, credentials) = header.trim().split_once(char::is_whitespace)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(credentials.trim()).ok();
    Some(decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default())
}

/// A name that can be shown: nothing that might be a secret itself.
fn is_harmless_name(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= 40 && foreign::recognize("", name).is_none() && {
        let is_long_and_mixed =
            name.len() > 20 && name.bytes().any(|byte| byte.is_ascii_digit()) && !name.contains('@');
        !is_long_and_mixed
    }
}

/// Texts that have the shape of a whole token.
fn tokens_in(text: &str) -> Vec<String> {
    text.match_indices(TOKEN_PREFIX)
        .filter_map(|(start, _)| text.get(start..start + TOKEN_LENGTH))
        .filter(|token| token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'))
        .map(str::to_owned)
        .collect()
}

fn is_quoted(text: &str, token: &str) -> bool {
    text.strip_suffix(['"', '\'', '`', '\u{201d}', '\u{2019}', '>'])
        .is_some_and(|text| text.strip_prefix(['"', '\'', '`', '\u{201c}', '\u{201e}', '\u{2018}', '<']) == Some(token))
}

/// Without blanks and line breaks, and without what stands for them.
fn without_blanks(text: &str) -> String {
    let mut text: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}').collect();
    for sign in ["%0D", "%0d", "%0A", "%0a", "%20", "\\r", "\\n"] {
        text = text.replace(sign, "");
    }
    text
}

#[cfg(test)]
mod tests;
