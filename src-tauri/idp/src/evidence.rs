//! Where something is known from: how sure it is, and the sources.

use serde::Serialize;

/// One thing about an identity provider.
#[derive(Clone, Copy, Debug)]
pub enum Fact<T> {
    /// It is known, and from where.
    Known(T, Evidence),
    /// It is not.
    Unknown,
}

impl<T: Copy> Fact<T> {
    /// What is known.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Unknown => None,
        }
    }

    /// From where.
    pub fn evidence(self) -> Option<Evidence> {
        match self {
            Self::Known(_, evidence) => Some(evidence),
            Self::Unknown => None,
        }
    }
}

/// How something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// How sure it is.
    pub mark: Mark,
    /// The sources by their keys, see [`SOURCES`]: `LabA §1, LabB §6; OktaRef`.
    pub from: &'static str,
}

/// How sure a thing is, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EvidenceMark))]
#[serde(rename_all = "camelCase")]
pub enum Mark {
    /// Captured from the real identity provider and published.
    Observed,
    /// In the vendor's documentation or its own tests.
    Documented,
    /// In the source of the client, or of a server that copes with it.
    Code,
    /// Told by somebody else: another vendor's guide, a forum.
    Secondary,
    /// Not known; the likeliest from what is known.
    Inferred,
    /// Not the identity provider at all: the simulator looks, prepares or cleans up.
    OurOwn,
}

impl Mark {
    /// In a word or two: `observed`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Documented => "documented",
            Self::Code => "in code",
            Self::Secondary => "told by others",
            Self::Inferred => "inferred",
            Self::OurOwn => "simulator",
        }
    }
}

/// What the simulator does of its own accord.
pub const OUR_OWN: Evidence = Evidence { mark: Mark::OurOwn, from: "" };

/// Captured.
pub const fn observed(from: &'static str) -> Evidence {
    Evidence { mark: Mark::Observed, from }
}

/// Documented.
pub const fn documented(from: &'static str) -> Evidence {
    Evidence { mark: Mark::Documented, from }
}

/// Read in code.
pub const fn code(from: &'static str) -> Evidence {
    Evidence { mark: Mark::Code, from }
}

/// Told by others.
pub const fn secondary(from: &'static str) -> Evidence {
    Evidence { mark: Mark::Secondary, from }
}

/// Inferred.
pub const fn inferred(from: &'static str) -> Evidence {
    Evidence { mark: Mark::Inferred, from }
}

/// What the keys in [`Evidence::from`], and in the fixtures of `tests/data`, stand for.
pub const SOURCES: &[(&str, &str)] = &[
    ("OktaRef", "Okta, SCIM 2.0 reference (developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20)"),
    ("OktaConcept", "Okta, Understanding SCIM (developer.okta.com/docs/concepts/scim)"),
    ("OktaFAQ", "Okta, SCIM frequently asked questions (developer.okta.com/docs/concepts/scim/faqs)"),
    ("Okta2018", "Okta, the SCIM guide of 2018 with raw requests (okta/okta-blog-archive)"),
    (
        "OktaPrep",
        "Okta, Prepare your SCIM API service (developer.okta.com/docs/guides/scim-provisioning-integration-prepare)",
    ),
    ("OktaAPI", "Okta, Create an API token (developer.okta.com/docs/guides/create-an-api-token)"),
    ("OktaKB", "Okta, knowledge base (support.okta.com)"),
    ("SpecTest", "Okta, the SPEC test that it publishes for integrations (Okta-SCIM-20-SPEC-Test.json)"),
    ("CrudTest", "Okta, the CRUD test that it publishes for integrations (Okta-SCIM-20-CRUD-Test.json)"),
    ("LabA", "A request log of a real AIW app, October 2026 (Timothy-itayi/okta-iam-lifecycle-lab)"),
    ("LabB", "A second, independent log of a real AIW app, September 2026 (parkjongmin-ddam.github.io)"),
    ("Firezone", "Headers and bodies of Okta through a tunnel, published by Firezone"),
    ("EntraUse", "Microsoft, Use SCIM to provision users and groups (learn.microsoft.com)"),
    ("EntraCompat", "Microsoft, SCIM 2.0 protocol compliance of the provisioning service (learn.microsoft.com)"),
    ("EntraHow", "Microsoft, How application provisioning works (learn.microsoft.com)"),
    ("Validator", "Microsoft, SCIM Validator (scimvalidator.microsoft.com), as others recorded it"),
    ("EntraMap", "Microsoft, Customize attribute mappings (learn.microsoft.com)"),
    ("Bitwarden", "What bitwarden/server accepts (bitwarden_license/src/Scim)"),
    ("scimgateway", "What jelhub/scimgateway accepts (lib/scimgateway.ts, lib/utils-scim.ts)"),
    ("SCIM-SDK", "Issues of Captain-P-Goldfish/SCIM-SDK"),
    ("laravel-scim-server#34", "A request of Entra ID captured in limosa-io/laravel-scim-server#34"),
    ("Supabase", "Requests of Entra ID captured in the tests of supabase/auth"),
    ("OneLoginDoc", "OneLogin, Implement a SCIM API (developers.onelogin.com/scim)"),
    ("authentik#11249", "Requests of OneLogin captured in goauthentik/authentik#11249"),
    ("JumpCloudDoc", "JumpCloud, custom SCIM identity management (jumpcloud.com/support)"),
    ("scim_v2", "Requests of JumpCloud in the tests of the Rust crate scim_v2"),
    ("SSOReady", "What ssoready/ssoready accepts (internal/authservice/scim.go)"),
    ("scimitar#142", "Requests of Google in pond/scimitar#142"),
    ("snipe-it#12642", "Requests of Google captured in grokability/snipe-it#12642"),
    ("PingDoc", "PingOne, SCIM filter expressions (docs.pingidentity.com)"),
    (
        "keycloak-scim-outbound",
        "The source of the extension of Keycloak with this name (meks007/keycloak-scim-outbound)",
    ),
    ("MicrosoftDocs/azure-docs#54231", "A report with the words of a failed test of the connection"),
    ("learn.microsoft.com Q&A 1185756", "A question with an entry of the provisioning logs"),
    ("Snowflake", "Snowflake, its guide to provisioning by Okta (docs.snowflake.com)"),
    ("Forest Admin", "Forest Admin, its guide to provisioning by Okta (docs.forestadmin.com)"),
    ("AWS", "AWS, IAM Identity Center with Okta (docs.aws.amazon.com)"),
    ("grokability/snipe-it#14481", "A report with the words of a failed reactivation"),
    ("curl", "curl, its manual (curl.se)"),
    ("RFC", "The standards (rfc-editor.org)"),
    ("authentik", "The source of authentik's SCIM client (goauthentik/authentik)"),
];

#[cfg(test)]
impl Evidence {
    /// Whether each of its sources is one of [`SOURCES`]; what is inferred may be so from anything.
    pub(crate) fn is_sourced(self) -> bool {
        let is_known = |part: &str| SOURCES.iter().any(|(key, _)| part.trim().starts_with(key));
        !self.from.is_empty() && (self.mark == Mark::Inferred || self.from.split([';', ',']).all(is_known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique() {
        for (number, (key, _)) in SOURCES.iter().enumerate() {
            assert!(SOURCES[..number].iter().all(|(other, _)| other != key), "{key} stands there twice");
        }
    }
}
