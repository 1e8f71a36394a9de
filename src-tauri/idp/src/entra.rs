//! Microsoft Entra ID.

mod admin;
mod advice;
mod next;
mod tracks;

use crate::evidence::{Fact, documented, observed};
use crate::{Dialect, Idp, Marks};

pub(crate) const IDP: Idp = Idp {
    called: &["entra", "azure"],
    // No User-Agent of it is documented.
    recognised_by: Fact::Known(Marks::Header("adscimversion"), observed("laravel-scim-server#34")),
    dialect: Fact::Known(&DIALECT, observed("laravel-scim-server#34; Supabase")),
    admin: Fact::Known(admin::shown, observed("MicrosoftDocs/azure-docs#54231; learn.microsoft.com Q&A 1185756")),
    next: Fact::Known(next::next, documented("EntraHow; EntraUse")),
    advice: Fact::Known(advice::ADVICE, documented("EntraMap; EntraCompat")),
    token_place: Fact::Known(
        "In Entra ID: Provisioning › Admin Credentials, field Secret Token",
        documented("EntraUse"),
    ),
    after_absence: Fact::Known(
        "Entra ID tries again in its next cycle, and ever more rarely. If provisioning went into quarantine, restart it in the \
         Entra admin center.",
        documented("EntraHow"),
    ),
    retries_deactivation: Fact::Known(true, documented("EntraHow")),
    tracks: Fact::Known(tracks::TRACKS, documented("EntraUse")),
    ..Idp::unknown("Entra ID")
};

const DIALECT: Dialect = Dialect {
    read: &[("ADSCIMVersion", "6.0")],
    content_type: "application/scim+json; charset=utf-8",
    group_patch_content_type: "application/scim+json; charset=utf-8",
    blank: "+",
    after_id: "",
    retry: None,
};
