//! The query parameters of RFC 7644 §3.4.2 and §3.9.

use scim::{Filter, Notes, Policy, Projection, ResourceSchema, ScimError};

use crate::directory::search::{DEFAULT_COUNT, MOST_IN_A_PAGE, Query};

/// Parameters as they arrived: names in lower case, values decoded, `+` read as a space.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a raw query. Unknown parameters are ignored, as RFC 7644 §3.4.2 asks.
    pub(super) fn parse(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())).collect())
    }

    /// The first value of a parameter, whatever the letter case of its name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The projection that `attributes` or `excludedAttributes` ask for.
    ///
    /// # Errors
    /// 400 if both are given.
    pub(super) fn projection(&self, schema: &ResourceSchema) -> Result<Projection, ScimError> {
        Projection::parse(self.get("attributes"), self.get("excludedAttributes"), schema)
    }

    /// The query that `filter`, `startIndex` and `count` ask for.
    ///
    /// # Errors
    /// 400 `invalidFilter` or `invalidValue`.
    pub(super) fn search(
        &self,
        schema: &ResourceSchema,
        policy: &Policy,
        notes: &mut Notes,
    ) -> Result<Query, ScimError> {
        let filter = match self.get("filter").map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(Filter::parse(text, policy, notes)?.check(schema, policy, notes)?),
            None => None,
        };
        let paging = scim::parse_paging(self.get("startIndex"), self.get("count"))?;
        let count = paging.count.unwrap_or(DEFAULT_COUNT).min(MOST_IN_A_PAGE);
        Ok(Query { filter, start_index: paging.start_index, count })
    }
}
