//! Who did something.

use std::borrow::Cow;

use idp::IdpId;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Who sent a request, or made a change by one. Everywhere else it is read as what people call it, with whom it is if that is known:
/// `{ "idp": "okta", "name": "Okta" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "NamedActor", into = "NamedActor")]
pub enum Actor {
    /// An identity provider that is recognized, or a tool.
    Known(IdpId),
    /// The simulator, whoever it plays.
    Simulator,
    /// A person who repeats a request.
    Replay,
    /// The person in front of the window.
    You,
    /// A client that is not recognized, by the product in its `User-Agent`.
    Client(String),
    /// A client that does not say who it is.
    #[default]
    Unnamed,
}

/// As it is read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NamedActor {
    /// The identity provider or tool, if it is recognized.
    pub idp: Option<IdpId>,
    /// What people call it: "Okta", "python-requests".
    pub name: String,
}

/// What begins the word of a client that is not recognized.
const CLIENT: &str = "client:";

const SIMULATOR: &str = "simulator";
const REPLAY: &str = "replay";
const YOU: &str = "you";

impl Actor {
    /// What people call it: `Okta`.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(idp) => idp.name(),
            Self::Simulator => "Simulator",
            Self::Replay => "Replay",
            Self::You => "You",
            Self::Client(product) => product,
            Self::Unnamed => "A client",
        }
    }

    /// The identity provider or tool, if it is recognized.
    pub fn idp(&self) -> Option<IdpId> {
        match self {
            Self::Known(idp) => Some(*idp),
            _ => None,
        }
    }

    /// Whether it is a person at this machine, in the window or with a tool, who sees the answer: nobody's identity provider.
    pub(crate) fn is_person(&self) -> bool {
        *self == PERSON || self.is_in_window()
    }

    /// Whether it is a person in the window, who needs no token.
    pub(crate) fn is_in_window(&self) -> bool {
        matches!(self, Self::Replay | Self::You)
    }

    /// The same with all clients that are not recognized as one, so that nobody can make rows by inventing names.
    pub(crate) fn without_product(&self) -> Self {
        match self {
            Self::Client(_) => Self::Client(String::new()),
            other => other.clone(),
        }
    }

    /// The word that stands for it in the database: `okta`, `client:python-requests`.
    pub(crate) fn stored(&self) -> Cow<'static, str> {
        match self {
            Self::Known(idp) => idp.as_str().into(),
            Self::Simulator => SIMULATOR.into(),
            Self::Replay => REPLAY.into(),
            Self::You => YOU.into(),
            Self::Client(product) => format!("{CLIENT}{product}").into(),
            Self::Unnamed => "".into(),
        }
    }

    /// Who a word of the database stands for. One that a later version wrote is a client of that name.
    pub(crate) fn from_stored(word: &str) -> Self {
        match word {
            "" => Self::Unnamed,
            SIMULATOR => Self::Simulator,
            REPLAY => Self::Replay,
            YOU => Self::You,
            word => match (word.strip_prefix(CLIENT), IdpId::parse(word)) {
                (None, Some(idp)) => Self::Known(idp),
                (product, _) => Self::Client(product.unwrap_or(word).to_owned()),
            },
        }
    }
}

/// What a person at this machine asks with outside the window.
pub(crate) const PERSON: Actor = Actor::Known(IdpId::Curl);

impl From<Actor> for NamedActor {
    fn from(actor: Actor) -> Self {
        Self { idp: actor.idp(), name: actor.name().to_owned() }
    }
}

impl From<NamedActor> for Actor {
    fn from(NamedActor { idp, name }: NamedActor) -> Self {
        let known = idp.map(Self::Known);
        let named =
            || [Self::Simulator, Self::Replay, Self::You, Self::Unnamed].into_iter().find(|actor| actor.name() == name);
        known.or_else(named).unwrap_or(Self::Client(name))
    }
}

impl PartialSchema for Actor {
    fn schema() -> RefOr<Schema> {
        NamedActor::schema()
    }
}

impl ToSchema for Actor {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        NamedActor::schemas(schemas);
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_word_of_its_own() {
        let known = IdpId::ALL.into_iter().map(Actor::Known);
        let others = [Actor::Simulator, Actor::Replay, Actor::You, Actor::Unnamed, Actor::Client("okta".into())];
        for actor in known.chain(others) {
            assert_eq!(Actor::from_stored(&actor.stored()), actor, "{actor:?}");
            assert_eq!(Actor::from(NamedActor::from(actor.clone())), actor, "who is read is who was written");
        }
        assert_eq!(Actor::from_stored("later"), Actor::Client("later".into()), "of a later version");
    }
}
