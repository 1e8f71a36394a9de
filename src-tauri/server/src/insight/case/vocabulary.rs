//! Words that say nothing of anybody.

use std::collections::HashSet;
use std::sync::LazyLock;

use scim::{Attribute, comparison_key};

/// Words that stay, by where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// Of SCIM and HTTP, in what is not known to be a value.
    Protocol,
    /// That SCIM itself gives as values: `work`, `true`. A name may be any other word: Le, No, Price.
    Values,
    /// The same in an address, and what addresses end in.
    Addresses,
}

/// Beside what the schemas name.
const PROTOCOL: &str = "\
    yes no none eq ne co sw ew gt ge lt le pr and or not \
    scim v1 v2 Users Groups Me Bulk Schemas ResourceTypes ServiceProviderConfig search urn ietf params messages api core extension \
    enterprise schemas id externalId meta resourceType created lastModified location version ref op path add remove replace Operations \
    filter attributes excludedAttributes sortBy sortOrder ascending descending startIndex count itemsPerPage totalResults \
    Resources cursor nextCursor previousCursor status detail scimType method bulkId data response failOnErrors \
    uniqueness tooMany mutability invalidFilter invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive invalidCursor \
    expiredCursor invalidCount GET POST PUT PATCH DELETE HEAD OPTIONS bearer basic authorization return minimal representation";

const VALUES: &str = "true false null User Group direct indirect";

const ADDRESSES: &str = "\
    http https www localhost com org net io dev app edu gov test example invalid local uk de fr nl at ch eu us co ca au jp in es it se no \
    dk fi pl be okta oktapreview onmicrosoft microsoft google entra onelogin jumpcloud ngrok free trycloudflare cloudflare mailto tel";

/// What notes about requests are made of, and people and machines are not called.
const COMMON: &str = "\
    a an the this that these those there here it its we they you he she i my our your his her their who what when where why which how \
    is are was were be been has have had do does did can could may might must shall should will would let if in on at to of for from by \
    with without as after before until since again and but or because so then than not no yes only also still same other another all \
    both each every first second last next now today yesterday tomorrow see ask tell check compare look note please maybe perhaps todo \
    fixed broken fails failed works worked wrong right seems looks request requests response answer error errors user users group \
    groups token admin customer support ticket bug retry retried expected unexpected duplicate deactivated created updated deleted sent \
    scim json http https okta entra onelogin jumpcloud google pingone authentik keycloak azure microsoft id ids url urls api";

struct Words {
    common: HashSet<String>,
    protocol: HashSet<String>,
    values: HashSet<String>,
    addresses: HashSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let of = |words: &str| words.split_whitespace().map(comparison_key).collect();
    let mut words = Words { common: of(COMMON), protocol: of(PROTOCOL), values: of(VALUES), addresses: of(ADDRESSES) };
    for schema in [scim::user(), scim::group()] {
        words.protocol.insert(comparison_key(schema.name()));
        words.add(&schema.core().attributes);
        schema.extensions().iter().for_each(|extension| words.add(&extension.attributes));
    }
    words
});

impl Words {
    fn add(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.protocol.insert(comparison_key(&attribute.name));
            self.values.extend(attribute.canonical_values.iter().map(|value| comparison_key(value)));
            self.add(&attribute.sub_attributes);
        }
    }
}

impl Vocabulary {
    /// Whether a word is of any of them.
    pub(super) fn names_nobody(word: &str) -> bool {
        let key = comparison_key(word);
        Self::Protocol.has(&key) || Self::Addresses.has(&key)
    }

    /// Whether a word of what a person wrote is one of many, whatever its letter case.
    pub(super) fn is_common(word: &str) -> bool {
        WORDS.common.contains(&comparison_key(word)) || Self::names_nobody(word)
    }

    /// Whether a word, as its comparison key, is one of them.
    pub(super) fn has(self, key: &str) -> bool {
        let Words { protocol, values, addresses, .. } = &*WORDS;
        values.contains(key)
            || match self {
                Self::Protocol => protocol.contains(key),
                Self::Values => false,
                Self::Addresses => addresses.contains(key),
            }
    }
}
