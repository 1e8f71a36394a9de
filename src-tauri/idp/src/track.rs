//! What the setup of an identity provider is made of: the steps that a guide leads through, and what ticks them.

use serde::{Deserialize, Serialize};

/// For which identity provider, and which kind of app there, a guide is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GuideTrackId {
    /// Okta, an app made with the App Integration Wizard: PUT for everything.
    #[default]
    OktaAiw,
    /// Okta, a template from its catalog: PATCH for groups and deactivation.
    OktaTemplate,
    /// Microsoft Entra ID.
    Entra,
    /// OneLogin.
    Onelogin,
    /// JumpCloud.
    Jumpcloud,
    /// Any other.
    Other,
}

/// A way from nothing to the first group.
#[derive(Debug)]
pub struct Track {
    /// Which one it is.
    pub id: GuideTrackId,
    /// Which kind of app of its identity provider it is for: `Custom app with SCIM enabled`; empty if there is one alone.
    pub app: &'static str,
    /// What its requests show, after the method: `it looks like a custom app`; empty: nothing.
    pub seen_as: &'static str,
    /// Where the connection is tested, in its words: `Provisioning → New configuration → Test Connection`.
    pub test_place: &'static str,
    /// How the first group gets here, as a sentence; empty: nothing is known but that it is sent.
    pub groups_hint: &'static str,
    /// The vendor's own page about it; empty: none is known.
    pub docs: &'static str,
    /// What is done, in order.
    pub steps: &'static [Step],
    /// Requests that only this kind of app sends.
    pub shown_by: &'static [Rule],
    /// Requests that speak for it, unless a person has chosen another kind.
    pub hinted_by: &'static [Rule],
    /// What requests show besides, though nothing stands still for it.
    pub remarks: &'static [Remark],
}

/// The only kind of app of its identity provider: the rest of a track whose row does not say it.
pub(crate) const TRACK: Track = Track {
    id: GuideTrackId::Other,
    app: "",
    seen_as: "",
    test_place: "Where its settings for SCIM are",
    groups_hint: "",
    docs: "",
    steps: &[],
    shown_by: &[],
    hinted_by: &[],
    remarks: &[],
};

/// One thing to do.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TrackStep))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Unique in its track. Ticks by hand are stored under it: it never changes.
    pub id: &'static str,
    /// `Fill in the SCIM connection`
    pub title: &'static str,
    /// For the list of steps: `Connection filled in`.
    pub outcome: &'static str,
    /// Where, click by click, in the identity provider's words.
    pub place: &'static [&'static str],
    /// What to know, a sentence or two.
    pub hint: &'static str,
    /// What to do when nothing comes of it, known without waiting; empty: nothing.
    pub not_arriving: &'static str,
    /// What to fill in there, top to bottom.
    pub fields: &'static [Field],
    /// What ticks it; empty: only a person does.
    #[serde(skip)]
    pub seen_by: &'static [Rule],
    /// The request that it waits for, in short: `POST /Users`; `None`: none can tick it.
    pub expects: Option<&'static str>,
    /// Whether a connection without it is complete.
    pub is_optional: bool,
    /// How long its request may take before the guide wonders, in minutes.
    #[serde(skip)]
    pub patience: u8,
    /// What may be wrong when it does not come, the likeliest first.
    #[serde(skip)]
    pub causes: &'static [Cause],
}

/// A step that waits for nothing and asks for nothing: the rest of one whose row does not say it.
pub(crate) const STEP: Step = Step {
    id: "",
    title: "",
    outcome: "",
    place: &[],
    hint: "",
    not_arriving: "",
    fields: &[],
    seen_by: &[],
    expects: None,
    is_optional: false,
    patience: 5,
    causes: &[],
};

/// Where base URL and token are filled in.
pub(crate) const CONNECT: Step = Step {
    id: "connect",
    outcome: "Connection filled in",
    seen_by: AUTHORIZED,
    expects: Some("any request with the token"),
    ..STEP
};

/// Where the connection is tested.
pub(crate) const TEST: Step = Step { id: "test", outcome: "Connection tested", ..STEP };

/// What makes the first user arrive.
pub(crate) const FIRST_USER: Step =
    Step { id: "assign", outcome: "First user arrived", seen_by: USER, expects: Some("POST /Users"), ..STEP };

/// What makes the first group arrive.
pub(crate) const FIRST_GROUP: Step = Step {
    id: "groups",
    outcome: "First group arrived",
    seen_by: GROUP,
    expects: Some("POST /Groups"),
    is_optional: true,
    causes: &[REFUSED_GROUP],
    ..STEP
};

/// A field of the identity provider's form.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = GuideField))]
pub struct Field {
    /// Exactly as the form shows it.
    pub name: &'static str,
    /// What belongs into it.
    pub value: FieldValue,
    /// What to know about it, in a sentence; empty: nothing.
    pub note: &'static str,
}

/// What belongs into a field.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = GuideValue))]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum FieldValue {
    /// The directory's base URL.
    BaseUrl,
    /// A text to paste.
    Text(&'static str),
    /// An entry of a list.
    Choice(&'static str),
    /// The token, and who writes the scheme before it.
    Token(BearerWord),
    /// Boxes, in the order of the form.
    Boxes(&'static [CheckBox]),
}

/// A box to tick or to leave clear.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = GuideBox))]
#[serde(rename_all = "camelCase")]
pub struct CheckBox {
    /// Exactly as the form shows it.
    pub label: &'static str,
    /// Whether it is to be ticked.
    pub is_on: bool,
}

/// A box to tick.
pub(crate) const fn tick(label: &'static str) -> CheckBox {
    CheckBox { label, is_on: true }
}

/// A box to leave clear.
pub(crate) const fn clear(label: &'static str) -> CheckBox {
    CheckBox { label, is_on: false }
}

/// Who writes the word `Bearer` before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum BearerWord {
    /// The provider adds it.
    Added,
    /// The provider adds it, and shows it before its field.
    Shown,
    /// The person types it, with a space after it.
    Typed,
}

/// Requests that show something. All of its parts have to fit.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Empty: any.
    pub methods: &'static [&'static str],
    /// Paths below the base URL without what differs from person to person: `/Users/{id}`, `/Users?filter`; empty: any.
    pub targets: &'static [&'static str],
    /// What came of them.
    pub outcome: Outcome,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// However: it was sent.
    Any,
    /// The token was accepted, whatever came of it.
    Authorized,
    /// It was carried out.
    Done,
    /// The token was accepted, and the request was answered with an error.
    Failed,
}

/// What may be wrong, and what to do.
#[derive(Debug, PartialEq)]
pub struct Cause {
    /// Stays the same from version to version.
    pub id: &'static str,
    /// When it is likely.
    pub when: When,
    /// `Were people assigned before provisioning was on?`
    pub question: &'static str,
    /// `On the Assignments tab, use Provision User.`
    pub remedy: &'static str,
}

/// When a cause is likely.
#[derive(Debug, PartialEq)]
pub enum When {
    /// Nothing speaks against it.
    Always,
    /// Such a request came.
    Seen(&'static [Rule]),
    /// No such request came.
    NotSeen(&'static [Rule]),
}

/// What requests show of a setup that works, though perhaps not as it was meant.
#[derive(Debug)]
pub struct Remark {
    /// Stays the same from version to version.
    pub id: &'static str,
    /// The requests that show it.
    pub shown_by: Rule,
    /// In a sentence or two.
    pub text: &'static str,
}

pub(crate) const ANYTHING: &[Rule] = &[Rule { methods: &[], targets: &[], outcome: Outcome::Any }];
pub(crate) const AUTHORIZED: &[Rule] = &[Rule { methods: &[], targets: &[], outcome: Outcome::Authorized }];
/// okta-11-create-user-aiw, entra-04-create-user; who was here before is changed: okta-16-put-profile-echoes-readonly,
/// entra-16-patch-multi-replace.
pub(crate) const USER: &[Rule] = &[
    Rule { methods: &["POST"], targets: &["/Users"], outcome: Outcome::Done },
    Rule { methods: &["PUT", "PATCH"], targets: &["/Users/{id}"], outcome: Outcome::Done },
];
/// okta-30-group-create-with-members, entra-29-group-create-ms-schema; a group that was linked is updated: okta-32-group-put-full-list.
pub(crate) const GROUP: &[Rule] = &[
    Rule { methods: &["POST"], targets: &["/Groups"], outcome: Outcome::Done },
    Rule { methods: &["PUT", "PATCH"], targets: &["/Groups/{id}"], outcome: Outcome::Done },
];
pub(crate) const GROUP_REFUSED: &[Rule] =
    &[Rule { methods: &["POST", "PUT", "PATCH"], targets: &["/Groups", "/Groups/{id}"], outcome: Outcome::Failed }];
const USER_REFUSED: &[Rule] =
    &[Rule { methods: &["POST", "PUT", "PATCH"], targets: &["/Users", "/Users/{id}"], outcome: Outcome::Failed }];

/// The cause that every form for a base URL has.
pub(crate) const WHOLE_BASE_URL: Cause =
    Cause::new("base-url-typed", When::NotSeen(ANYTHING), "Is the whole base URL there?")
        .remedy("It ends with /scim/v2/ and the id of this directory. Nothing follows it, no /Users either.");
pub(crate) const REFUSED_USER: Cause = Cause::new("user-refused", When::Seen(USER_REFUSED), "Was a user refused?")
    .remedy("A person was sent, and the answer was an error. The request says why.");
pub(crate) const REFUSED_GROUP: Cause =
    Cause::new("group-refused", When::Seen(GROUP_REFUSED), "Was the group refused?")
        .remedy("A group was sent, and the answer was an error. The request says why.");

impl Field {
    pub(crate) const fn new(name: &'static str, value: FieldValue) -> Self {
        Self { name, value, note: "" }
    }

    /// With what to know about it.
    pub(crate) const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

impl Cause {
    pub(crate) const fn new(id: &'static str, when: When, question: &'static str) -> Self {
        Self { id, when, question, remedy: "" }
    }

    pub(crate) const fn remedy(self, remedy: &'static str) -> Self {
        Self { remedy, ..self }
    }
}

impl Rule {
    /// Whether a request fits: `target` is written as in `targets`; `is_authorized`: its token was accepted.
    pub fn fits(&self, method: &str, target: &str, is_authorized: bool, status: u16) -> bool {
        let is_error = status >= 400;
        (self.methods.is_empty() || self.methods.contains(&method))
            && (self.targets.is_empty() || self.targets.contains(&target))
            && match self.outcome {
                Outcome::Any => true,
                Outcome::Authorized => is_authorized,
                Outcome::Done => is_authorized && !is_error,
                Outcome::Failed => is_authorized && is_error,
            }
    }
}
