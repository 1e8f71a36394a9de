//! Words that say nothing of anybody: of SCIM, of HTTP, and of addresses.

use std::collections::HashSet;
use std::sync::LazyLock;

use scim::{Attribute, comparison_key};

/// Beside what the schemas name.
const WORDS: &str = "\
    true false null yes no none \
    eq ne co sw ew gt ge lt le pr and or not \
    scim v1 v2 Users Groups Me Bulk Schemas ResourceTypes ServiceProviderConfig search urn ietf params messages api core extension \
    enterprise schemas id externalId meta resourceType created lastModified location version ref op path add remove replace Operations \
    operations filter attributes excludedAttributes sortBy sortOrder ascending descending startIndex count itemsPerPage totalResults \
    Resources cursor nextCursor previousCursor status detail scimType method bulkId data response failOnErrors \
    uniqueness tooMany mutability invalidFilter invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive invalidCursor \
    expiredCursor invalidCount GET POST PUT PATCH DELETE HEAD OPTIONS http https www localhost bearer basic authorization \
    com org net io dev app edu gov test example invalid local uk de fr nl at ch eu us co ca au jp in es it se no dk fi pl be \
    okta oktapreview onmicrosoft microsoft google entra onelogin jumpcloud ngrok free trycloudflare cloudflare";

static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    fn add(attributes: &[Attribute], known: &mut HashSet<String>) {
        for attribute in attributes {
            known.insert(comparison_key(&attribute.name));
            known.extend(attribute.canonical_values.iter().map(|value| comparison_key(value)));
            add(&attribute.sub_attributes, known);
        }
    }
    let mut known: HashSet<String> = WORDS.split_whitespace().map(comparison_key).collect();
    for schema in [scim::user(), scim::group()] {
        known.insert(comparison_key(schema.name()));
        add(&schema.core().attributes, &mut known);
        schema.extensions().iter().for_each(|extension| add(&extension.attributes, &mut known));
    }
    known
});

/// Whether a word, as its comparison key, is one of them.
pub(super) fn is_known(key: &str) -> bool {
    KNOWN.contains(key)
}
