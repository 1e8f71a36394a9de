//! The name of an attribute: `name.familyName`, `urn:…:User:department`.

use std::fmt;

/// A path to an attribute, as RFC 7644 §3.10 writes it: `[URN ":"] attribute ["." sub-attribute]`.
///
/// Names are compared without regard to letter case everywhere (RFC 7643 §2.1); `==` compares them letter by letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttrPath {
    /// The URN of the schema, if it is given.
    pub schema: Option<String>,
    /// `name` of `name.familyName`.
    pub attribute: String,
    /// `familyName` of `name.familyName`.
    pub sub: Option<String>,
}

impl AttrPath {
    /// A path without a URN and a sub-attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self { schema: None, attribute: name.into(), sub: None }
    }

    /// This path with another sub-attribute.
    pub fn with_sub(&self, sub: impl Into<String>) -> Self {
        Self { sub: Some(sub.into()), ..self.clone() }
    }

    /// Reads a path. A URN holds colons and dots itself (`…:2.0:User`), so it ends at the last colon.
    ///
    /// `None` if the text is not a path.
    pub fn parse(text: &str) -> Option<Self> {
        let (schema, names) = match text.rsplit_once(':') {
            Some((schema, names)) => (Some(schema), names),
            None => (None, text),
        };
        if schema.is_some_and(|schema| !is_urn(schema)) {
            return None;
        }
        let (attribute, sub) = match names.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub)),
            None => (names, None),
        };
        let all_names = is_name(attribute) && sub.is_none_or(is_name);
        all_names.then(|| Self {
            schema: schema.map(str::to_owned),
            attribute: attribute.to_owned(),
            sub: sub.map(str::to_owned),
        })
    }

    /// The path that is meant by one with a dot where the colon behind a URN belongs (RFC 7644 §3.10): `urn:…:2.0:User.title` reads as part
    /// `title` of an attribute `User`. `None` if it cannot be one.
    pub(crate) fn with_colon(&self) -> Option<Self> {
        let (schema, attribute) = (self.schema.as_ref()?, self.sub.as_ref()?);
        let schema = format!("{schema}:{}", self.attribute);
        Some(Self { schema: Some(schema), attribute: attribute.clone(), sub: None })
    }

    /// The same where the grammar allows nothing else and the schema is not known: the URN has to look like most, with a type behind a
    /// version.
    pub(crate) fn with_colon_behind_type(&self) -> Option<Self> {
        let version = self.schema.as_ref()?.rsplit(':').next()?;
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_version { self.with_colon() } else { None }
    }

    /// Reads `urn:…:2.0:User.name.givenName`: no path has two dots, so the first stands for the colon.
    pub(crate) fn parse_with_colon(text: &str) -> Option<Self> {
        let (path, sub) = text.rsplit_once('.')?;
        let path = Self::parse(path)?.with_colon_behind_type()?;
        is_name(sub).then(|| path.with_sub(sub))
    }

    /// Whether both name the same attribute.
    pub fn same_as(&self, other: &Self) -> bool {
        let same = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            (None, None) => true,
            _ => false,
        };
        self.attribute.eq_ignore_ascii_case(&other.attribute)
            && same(self.schema.as_deref(), other.schema.as_deref())
            && same(self.sub.as_deref(), other.sub.as_deref())
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.attribute)?;
        match &self.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}

/// `nameChar` of RFC 7643 §2.1. `$` is there for `$ref`. A digit or `_` may come first: custom attributes do that.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$'))
}

fn is_urn(text: &str) -> bool {
    let is_delimiter = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '[' | ']' | '(' | ')');
    text.contains(':') && !text.contains(is_delimiter)
}
