//! What all requests of an identity provider have in common.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wire::NoAnswer;

use crate::admin::{Job, Shown};
use crate::need::{Finding, Reply};
use crate::session::Retry;

/// How an identity provider speaks.
pub(crate) struct Dialect {
    /// Headers of a request without a body, after `Authorization`.
    pub(crate) read: &'static [(&'static str, &'static str)],
    /// What a body is announced with.
    pub(crate) content_type: &'static str,
    /// What the body of a PATCH on a group is announced with.
    pub(crate) group_patch_content_type: &'static str,
    /// How a blank is written in a query.
    pub(crate) blank: &'static str,
    /// What ends the target of a write to one resource.
    pub(crate) after_id: &'static str,
    /// What is done with a 429.
    pub(crate) retry: Retry,
    /// What the administrator sees when something fails.
    pub(crate) shown: fn(&Job, &Trouble<'_>) -> Shown,
}

/// What failed.
#[derive(Debug)]
pub(crate) enum Trouble<'a> {
    /// There was no answer.
    NoAnswer(&'a NoAnswer),
    /// The answer will not do.
    Answer(&'a Reply, &'a [Finding]),
}

/// What kind of request it is, for its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Without a body.
    Read,
    /// With one.
    Write,
    /// A PATCH on a group.
    GroupPatch,
    /// Without a body, but with the headers of one that has: Okta's DELETE (Okta2018).
    BodylessWrite,
    /// The simulator's own, without a body.
    Own,
    /// The simulator's own, with one.
    OwnWrite,
}

/// What is encoded in a query: all but what RFC 3986 §2.3 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Who the simulator says it is when it speaks for itself.
const OWN: &[(&str, &str)] = &[
    ("User-Agent", concat!("SCIM-Setup/", env!("CARGO_PKG_VERSION"), " (simulator)")),
    ("Accept", "application/scim+json"),
];

impl Dialect {
    /// The headers of a request, in their order, without `Authorization`.
    pub(crate) fn headers(&self, kind: Kind) -> Vec<(String, String)> {
        let base = if matches!(kind, Kind::Own | Kind::OwnWrite) { OWN } else { self.read };
        let content_type = match kind {
            Kind::Read | Kind::Own => None,
            Kind::OwnWrite => Some("application/scim+json"),
            Kind::Write | Kind::BodylessWrite => Some(self.content_type),
            Kind::GroupPatch => Some(self.group_patch_content_type),
        };
        let announced = content_type.map(|value| ("Content-Type", value));
        base.iter().copied().chain(announced).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// A text as it stands in a query.
    pub(crate) fn encode(&self, text: &str) -> String {
        utf8_percent_encode(text, RESERVED).to_string().replace("%20", self.blank)
    }
}
