//! What has to hold of a resource's version before a request does anything, RFC 7644 §3.14 and RFC 9110 §13.

use scim::ScimError;

/// `If-Match` and `If-None-Match`. The default holds of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    only_if: Option<Versions>,
    unless: Option<Versions>,
}

/// What an entity-tag header lists. A tag that no resource here can have is left out: it matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Versions {
    Any,
    Listed(Vec<i64>),
}

impl Conditions {
    /// Reads the two headers as they arrived.
    pub(crate) fn parse(if_match: Option<&str>, if_none_match: Option<&str>) -> Self {
        Self { only_if: if_match.map(Versions::parse), unless: if_none_match.map(Versions::parse) }
    }

    /// Whether a reader already has this version: 304.
    pub(crate) fn is_unmodified(&self, version: i64) -> bool {
        self.unless.as_ref().is_some_and(|versions| versions.contain(version))
    }

    /// Lets a write go on from this version.
    ///
    /// # Errors
    /// 412.
    pub(crate) fn check_write(&self, version: i64) -> Result<(), ScimError> {
        let is_other = self.only_if.as_ref().is_some_and(|versions| !versions.contain(version));
        if is_other || self.is_unmodified(version) {
            let current = super::render::etag(version);
            return Err(ScimError::precondition_failed(format!(
                "The resource is at version {current}, which is not what the request is for. Read it again, then repeat the change."
            )));
        }
        Ok(())
    }
}

impl Versions {
    /// `*`, `W/"3"`, `"3", W/"4"`, and a bare `3` as `meta.version` is often copied.
    fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let number = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').parse().ok();
        Self::Listed(header.split(',').filter_map(number).collect())
    }

    fn contain(&self, version: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(versions) => versions.contains(&version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_goes_on_only_from_the_versions_named() {
        for (if_match, if_none_match, may_write_version_3) in [
            (None, None, true),
            (Some("W/\"3\""), None, true),
            (Some("\"2\", W/\"3\""), None, true),
            (Some("3"), None, true),
            (Some("*"), None, true),
            (Some("W/\"2\""), None, false),
            (Some("W/\"outdated\""), None, false),
            (Some(""), None, false),
            (None, Some("*"), false),
            (None, Some("W/\"3\""), false),
            (None, Some("W/\"2\""), true),
        ] {
            let conditions = Conditions::parse(if_match, if_none_match);
            assert_eq!(conditions.check_write(3).is_ok(), may_write_version_3, "{if_match:?} {if_none_match:?}");
        }
    }

    #[test]
    fn a_reader_that_has_the_version_is_told_so() {
        assert!(Conditions::parse(None, Some("W/\"3\"")).is_unmodified(3));
        assert!(Conditions::parse(None, Some("*")).is_unmodified(3));
        assert!(!Conditions::parse(None, Some("W/\"2\"")).is_unmodified(3));
        assert!(!Conditions::parse(Some("W/\"3\""), None).is_unmodified(3));
    }
}
