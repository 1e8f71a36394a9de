//! The query parameters of RFC 7644 §3.4.2 and §3.9 and RFC 9865, from a query or from the body of a `POST …/.search`.

use scim::{Filter, Notes, Policy, Projection, ResourceSchema, ScimError, Sort};
use sha2::{Digest, Sha256};

use crate::directory::derived::Members;
use crate::directory::search::{Cursor, DEFAULT_COUNT, Page, Part, Query};
use crate::model::ResourceKind;
use crate::scopes::Scope;

/// The parameters that a query is read from.
const READ: [&str; 8] =
    ["filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes"];

/// Parameters as they arrived: names in lower case, values decoded, `+` read as a space.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a raw query. Unknown parameters are ignored, as RFC 7644 §3.4.2 asks.
    pub(super) fn parse(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())).collect())
    }

    /// All of them.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Reads a search request, RFC 7644 §3.4.3.
    ///
    /// # Errors
    /// 400 if it is not one.
    pub(super) fn parse_search(body: &[u8], policy: &Policy, notes: &mut Notes) -> Result<Self, ScimError> {
        let pairs = scim::parse_search_request(body, policy, notes)?;
        Ok(Self(pairs.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()))
    }

    /// The first value of a parameter, whatever the letter case of its name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether some attributes are asked for only.
    pub(super) fn is_projected(&self) -> bool {
        ["attributes", "excludedAttributes"].iter().any(|name| self.get(name).is_some())
    }

    /// The projection that `attributes` or `excludedAttributes` ask for.
    ///
    /// # Errors
    /// 400 if both are given.
    pub(super) fn projection(&self, schema: &ResourceSchema) -> Result<Projection, ScimError> {
        Projection::parse(self.get("attributes"), self.get("excludedAttributes"), schema)
    }

    /// The query over these types of resource, of which there is at least one. A type whose schema lacks what a query over several asks
    /// for is left out.
    ///
    /// # Errors
    /// 400 `invalidFilter`, `invalidPath`, `invalidValue`, `invalidCursor` or `invalidCount`.
    pub(super) fn query(&self, scope: &Scope, kinds: &[ResourceKind], notes: &mut Notes) -> Result<Query, ScimError> {
        self.note_repeated(notes);
        let filter = self.get("filter").map(str::trim);
        if filter == Some("") {
            let text = "The filter is empty";
            if scope.policy.is_strict() {
                return Err(ScimError::invalid_filter(format!("{text}; leave the parameter out to list everything.")));
            }
            let text =
                format!("{text}; everything was listed. A value that was to be filled in may have been missing.");
            notes.add("filter-empty", "RFC 7644 §3.4.2.2", text);
        }
        let filter =
            filter.filter(|text| !text.is_empty()).map(|text| Filter::parse(text, &scope.policy, notes)).transpose()?;
        let parts = if kinds.len() > 1 { self.parts_that_fit(scope, kinds, filter.as_ref())? } else { Vec::new() };
        let parts = if parts.is_empty() {
            let part = |&kind| self.part(scope, kind, filter.as_ref(), &scope.policy, notes);
            kinds.iter().map(part).collect::<Result<_, _>>()?
        } else {
            parts
        };
        Ok(Query { parts, page: self.page(&scope.policy, notes)?, fingerprint: self.fingerprint(kinds) })
    }

    /// Says which of the parameters that are read stand there more than once.
    fn note_repeated(&self, notes: &mut Notes) {
        for name in READ {
            let mut values = self.0.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
            if values.next().is_some() && values.next().is_some() {
                let text = format!(
                    "The query has `{name}` more than once; the first one counts, and the others were ignored."
                );
                notes.add("repeated-parameter", "RFC 7644 §3.4.2", text);
            }
        }
    }

    /// The parts whose schema knows every name.
    fn parts_that_fit(
        &self,
        scope: &Scope,
        kinds: &[ResourceKind],
        filter: Option<&Filter>,
    ) -> Result<Vec<Part>, ScimError> {
        let policy = Policy { refuse_unknown_filter_attributes: Some(true), ..scope.policy.clone() };
        let mut parts = Vec::new();
        for &kind in kinds {
            // What cannot be sorted by is as good as missing in every resource of this type (RFC 7644 §3.4.2.3).
            let sort = Sort::parse(
                self.get("sortBy"),
                self.get("sortOrder"),
                scope.schema(kind),
                &Policy::tolerant(),
                &mut Notes::new(),
            )?;
            let checked = filter.map(|filter| filter.check(scope.schema(kind), &policy, &mut Notes::new()));
            if let Ok(filter) = checked.transpose() {
                parts.push(Part { kind, filter, sort, show: self.shown(scope, kind)? });
            }
        }
        Ok(parts)
    }

    fn part(
        &self,
        scope: &Scope,
        kind: ResourceKind,
        filter: Option<&Filter>,
        policy: &Policy,
        notes: &mut Notes,
    ) -> Result<Part, ScimError> {
        let schema = scope.schema(kind);
        let filter = filter.map(|filter| filter.check(schema, policy, notes)).transpose()?;
        let sort = Sort::parse(self.get("sortBy"), self.get("sortOrder"), schema, policy, notes)?;
        Ok(Part { kind, filter, sort, show: self.shown(scope, kind)? })
    }

    fn shown(&self, scope: &Scope, kind: ResourceKind) -> Result<Members, ScimError> {
        Ok(shown(&self.projection(scope.schema(kind))?))
    }

    fn page(&self, policy: &Policy, notes: &mut Notes) -> Result<Page, ScimError> {
        let most = policy.most_results();
        let Some(cursor) = self.get("cursor") else {
            let paging = scim::parse_paging(self.get("startIndex"), self.get("count"))?;
            let count = paging.count.unwrap_or(DEFAULT_COUNT).min(most);
            return Ok(Page::Index { start_index: paging.start_index, count });
        };
        if self.get("startIndex").is_some() {
            let text = "`cursor` and `startIndex` are two ways of paging; a request can use one of them.";
            if policy.is_strict() {
                return Err(ScimError::invalid_value(text));
            }
            notes.add("cursor-and-index", "RFC 9865 §2", format!("{text} The cursor was used."));
        }
        let count = match self.get("count") {
            None => DEFAULT_COUNT.min(most),
            Some(text) => text.trim().parse().ok().filter(|count| (1..=most).contains(count)).ok_or_else(|| {
                ScimError::invalid_count(format!("`count` has to be a number from 1 to {most}, not {text:?}."))
            })?,
        };
        let after = if cursor.is_empty() { None } else { Some(Cursor::parse(cursor)?) };
        Ok(Page::Cursor { after, count })
    }

    /// Tells queries apart whose cursors cannot be exchanged.
    fn fingerprint(&self, kinds: &[ResourceKind]) -> u64 {
        let mut hash = Sha256::new();
        hash.update(format!("{kinds:?}"));
        for name in ["filter", "sortBy", "sortOrder"] {
            hash.update([0]);
            hash.update(self.get(name).unwrap_or_default().trim());
        }
        hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

/// Whether a projection shows the members of groups.
pub(super) fn shown(projection: &Projection) -> Members {
    if projection.wants("members") { Members::Listed } else { Members::LeftOut }
}
