//! What a guide is made of. The guides themselves are tables of these: `okta.rs`, `providers.rs`.

use idp::IdpId;

use super::request::{NAMELESS, STRANGER};
use crate::facts::Sighting;
use crate::model::{AuthVerdict, BearerWord, GuideTrackId};

/// A way from nothing to the first group.
pub(crate) struct Track {
    pub(crate) id: GuideTrackId,
    /// Whose requests count.
    pub(crate) from: From,
    pub(crate) steps: &'static [Step],
}

/// One thing to do.
pub(crate) struct Step {
    /// Unique in its track. Ticks by hand are stored under it: it never changes.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// For the list of steps.
    pub(crate) outcome: &'static str,
    /// Where, click by click, in the provider's words.
    pub(crate) place: &'static [&'static str],
    pub(crate) hint: &'static str,
    pub(crate) fields: &'static [Field],
    /// What ticks it; none: only a person does.
    pub(crate) seen_by: &'static [Rule],
    /// The request that it waits for, in short.
    pub(crate) expects: Option<&'static str>,
    pub(crate) is_optional: bool,
    /// How long its request may take before the guide wonders, in minutes.
    pub(crate) patience: u8,
    /// What may be wrong when it does not come, the likeliest first.
    pub(crate) causes: &'static [Cause],
}

/// A step that waits for nothing and asks for nothing: the rest of one whose row does not say it.
pub(super) const STEP: Step = Step {
    id: "",
    title: "",
    outcome: "",
    place: &[],
    hint: "",
    fields: &[],
    seen_by: &[],
    expects: None,
    is_optional: false,
    patience: 5,
    causes: &[],
};

/// A field of the provider's form, by its exact name.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) value: Value,
}

/// What belongs into a field.
pub(crate) enum Value {
    /// The directory's.
    BaseUrl,
    Text(&'static str),
    Choice(&'static str),
    /// The token, and who writes the scheme before it.
    Token(BearerWord),
    /// Boxes, and whether each is to be ticked.
    Boxes(&'static [(&'static str, bool)]),
}

/// Requests that show something. All of its parts have to fit.
pub(crate) struct Rule {
    /// Empty: any.
    pub(crate) methods: &'static [&'static str],
    /// As [`super::request::target`] says it; empty: any.
    pub(crate) targets: &'static [&'static str],
    pub(crate) outcome: Outcome,
}

/// How a request ended.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    /// However: it was sent.
    Any,
    /// The token was accepted, whatever came of it.
    Authorized,
    /// It was carried out.
    Done,
    /// The token was accepted, and the request was answered with an error.
    Failed,
}

/// Whose requests count.
#[derive(Clone, Copy)]
pub(crate) enum From {
    Anyone,
    /// This one, or a client without a name.
    Provider(IdpId),
    /// Nobody has documented how this one calls itself: everybody but those known to be others.
    Perhaps(IdpId),
}

/// What may be wrong, and what to do.
pub(crate) struct Cause {
    pub(crate) id: &'static str,
    pub(crate) when: When,
    pub(crate) question: &'static str,
    pub(crate) remedy: &'static str,
}

/// When a cause is likely.
pub(crate) enum When {
    /// Nothing speaks against it.
    Always,
    /// Such a request came.
    Seen(&'static [Rule]),
    /// No such request came.
    NotSeen(&'static [Rule]),
}

pub(super) const ANYTHING: &[Rule] = &[Rule { methods: &[], targets: &[], outcome: Outcome::Any }];
pub(super) const AUTHORIZED: &[Rule] = &[Rule { methods: &[], targets: &[], outcome: Outcome::Authorized }];
/// okta-11-create-user-aiw, entra-04-create-user; who was here before is changed: okta-16-put-profile-echoes-readonly,
/// entra-16-patch-multi-replace.
pub(super) const USER: &[Rule] = &[
    Rule { methods: &["POST"], targets: &["/Users"], outcome: Outcome::Done },
    Rule { methods: &["PUT", "PATCH"], targets: &["/Users/{id}"], outcome: Outcome::Done },
];
/// okta-30-group-create-with-members, entra-29-group-create-ms-schema; a group that was linked is updated: okta-32-group-put-full-list.
pub(super) const GROUP: &[Rule] = &[
    Rule { methods: &["POST"], targets: &["/Groups"], outcome: Outcome::Done },
    Rule { methods: &["PUT", "PATCH"], targets: &["/Groups/{id}"], outcome: Outcome::Done },
];
pub(super) const GROUP_REFUSED: &[Rule] =
    &[Rule { methods: &["POST", "PUT", "PATCH"], targets: &["/Groups", "/Groups/{id}"], outcome: Outcome::Failed }];

/// The cause that every form for a base URL has.
pub(super) const WHOLE_BASE_URL: Cause =
    Cause::new("base-url-typed", When::NotSeen(ANYTHING), "Is the whole base URL there?")
        .remedy("It ends with /scim/v2/ and the id of this directory. Nothing follows it, no /Users either.");

impl Cause {
    pub(super) const fn new(id: &'static str, when: When, question: &'static str) -> Self {
        Self { id, when, question, remedy: "" }
    }

    pub(super) const fn remedy(self, remedy: &'static str) -> Self {
        Self { remedy, ..self }
    }
}

impl Rule {
    /// Whether requests of this kind fit.
    pub(crate) fn fits(&self, sighting: &Sighting) -> bool {
        (self.methods.is_empty() || self.methods.contains(&sighting.method.as_str()))
            && (self.targets.is_empty() || self.targets.contains(&sighting.target.as_str()))
            && self.outcome.fits(sighting)
    }
}

impl From {
    /// Whoever that is, in running text.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Anyone => "your provider",
            Self::Provider(id) | Self::Perhaps(id) => id.name(),
        }
    }

    /// Whether requests of this client count.
    pub(crate) fn includes(self, who: &str) -> bool {
        match self {
            Self::Anyone => true,
            Self::Provider(id) => IdpId::of_name(who) == Some(id) || who == NAMELESS,
            Self::Perhaps(id) => IdpId::of_name(who) == Some(id) || who == NAMELESS || who == STRANGER,
        }
    }
}

impl Outcome {
    fn fits(self, sighting: &Sighting) -> bool {
        let is_authorized = sighting.verdict == AuthVerdict::Matched;
        match self {
            Self::Any => true,
            Self::Authorized => is_authorized,
            Self::Done => is_authorized && sighting.status < 400,
            Self::Failed => is_authorized && sighting.status >= 400,
        }
    }
}

impl When {
    /// Whether it is so, and the newest request that shows it.
    pub(crate) fn holds<'a>(&self, sightings: &'a [Sighting]) -> Option<Option<&'a Sighting>> {
        let newest = |rules: &[Rule]| {
            let fitting = sightings.iter().filter(|sighting| rules.iter().any(|rule| rule.fits(sighting)));
            fitting.max_by_key(|sighting| sighting.last_id)
        };
        match self {
            Self::Always => Some(None),
            Self::Seen(rules) => newest(rules).map(Some),
            Self::NotSeen(rules) => newest(rules).is_none().then_some(None),
        }
    }
}
