//! Microsoft Entra ID.

mod admin;
mod advice;
mod next;
mod tracks;

use scim::{Deletion, PatchAnswer, Policy, Rule};

use crate::evidence::{Fact, documented, observed, secondary};
use crate::preset::{Preset, PresetId};
use crate::{ConnectionTest, Dialect, Idp, OwnSecret, RecognizedBy, SecretShape};

pub(crate) const IDP: Idp = Idp {
    called: &["entra", "azure"],
    // No User-Agent of it is documented.
    recognized_by: Fact::Known(RecognizedBy::Header("adscimversion"), observed("laravel-scim-server#34")),
    dialect: Fact::Known(&DIALECT, observed("laravel-scim-server#34; Supabase")),
    // entra-01-test-connection-guid
    connection_test: Fact::Known(ConnectionTest::Guid, documented("EntraUse; scimgateway")),
    admin: Fact::Known(admin::shown, observed("MicrosoftDocs/azure-docs#54231; learn.microsoft.com Q&A 1185756")),
    next: Fact::Known(next::next, documented("EntraHow; EntraUse")),
    advice: Fact::Known(advice::ADVICE, documented("EntraMap; EntraCompat")),
    token_place: Fact::Known(
        "In Entra ID: Provisioning › New configuration (or Connectivity, or Admin Credentials), field Secret Token",
        documented("EntraUse"),
    ),
    own_secrets: Fact::Known(OWN_SECRETS, documented("EntraUse")),
    after_absence: Fact::Known(
        "Entra ID tries again in its next cycle, and ever more rarely. If provisioning went into quarantine, restart it in the \
         Entra admin center.",
        documented("EntraHow"),
    ),
    retries_deactivation: Fact::Known(true, documented("EntraHow")),
    preset: Fact::Known(PresetId::EntraFriendly, secondary("Validator")),
    tracks: Fact::Known(tracks::TRACKS, documented("EntraUse")),
    ..Idp::unknown("Entra ID")
};

/// Its validator: 409 for a taken group name, 204 or 200 for a PATCH, values created by a filter that matches nothing.
pub(crate) const PRESET: Preset = Preset {
    label: "Entra-friendly",
    hint: "Tolerant, with 204 for a PATCH, soft deletion and no email checks.",
    policy: || Policy {
        patch_answer: Some(PatchAnswer::NoContent),
        allow_duplicate_groups: Some(false),
        refuse_unmatched_filters: Some(false),
        deletion: Some(Deletion::Soft),
        user_name_is_email: Some(Rule::Off),
        email_domain: Some(Rule::Off),
        ..Policy::tolerant()
    },
};

/// With a blank Secret Token it issues one itself, for an audience of its own.
const OWN_SECRETS: &[OwnSecret] = &[OwnSecret {
    shape: SecretShape::JsonWebToken {
        issuers: &["sts.windows.net", "login.microsoftonline.com"],
        audience: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
    },
    text: "They sent a token that Entra ID issued itself, which it does when its field Secret Token is blank.",
}];

const DIALECT: Dialect = Dialect {
    read: &[("ADSCIMVersion", "6.0")],
    content_type: "application/scim+json; charset=utf-8",
    group_patch_content_type: "application/scim+json; charset=utf-8",
    blank: "+",
    after_id: "",
};
