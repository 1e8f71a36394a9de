//! Who sends requests.

use serde::{Deserialize, Serialize};

use crate::admin::{Failure, Job, Shown};
use crate::evidence::Mark;
use crate::track::Track;
use crate::{
    Dialect, GuideTrackId, Idp, RecognizedBy, Situation, authentik, entra, generic, google, jumpcloud, keycloak, okta,
    onelogin, pingone, tools,
};

/// Makes the ids of rows: name in code; word in the database, in the API and in TypeScript; what is known of it; who it is.
macro_rules! ids {
    ($(($id:ident, $word:tt, $idp:expr, $doc:literal),)+) => {
        /// Who sends requests to a SCIM server, as far as it is known here: an identity provider, or a tool in a person's hand.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum IdpId {
            $(#[doc = $doc] #[serde(rename = $word)] $id,)+
        }

        impl IdpId {
            /// All of them, in the order in which they are offered.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$id),+];

            /// Its word in the database, in the API and in TypeScript: `okta`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$id => $word,)+ }
            }

            /// What is known of it.
            pub const fn idp(self) -> &'static Idp {
                match self { $(Self::$id => &$idp,)+ }
            }
        }
    };
}

// In the order in which they are offered.
ids![
    (Okta, "okta", okta::IDP, "Okta, whichever kind of app."),
    (Entra, "entra", entra::IDP, "Microsoft Entra ID, whichever flags."),
    (Onelogin, "onelogin", onelogin::IDP, "OneLogin."),
    (Jumpcloud, "jumpcloud", jumpcloud::IDP, "JumpCloud."),
    (Google, "google", google::IDP, "Google Workspace."),
    (Pingone, "pingone", pingone::IDP, "PingOne."),
    (Authentik, "authentik", authentik::IDP, "authentik."),
    (Keycloak, "keycloak", keycloak::IDP, "Keycloak, through one of its SCIM extensions."),
    (Generic, "generic", generic::IDP, "A client that does what the RFCs say. Nobody is recognized as it."),
    (Curl, "curl", tools::CURL, "A person with curl."),
    (Browser, "browser", tools::BROWSER, "A person with a browser."),
];

impl IdpId {
    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.as_str() == word)
    }

    /// What it is called in running text: `Entra ID`.
    pub const fn name(self) -> &'static str {
        self.idp().name
    }

    /// How it speaks; as the RFCs have it where that is unknown.
    pub fn dialect(self) -> &'static Dialect {
        self.idp().dialect.value().unwrap_or(&generic::DIALECT)
    }

    /// Who sends a request, by its `User-Agent` and by whether it has a header, whose name is given in lower case.
    pub fn of_request(agent: &str, has_header: impl Fn(&str) -> bool) -> Option<Self> {
        let agent = agent.trim().to_ascii_lowercase();
        let has_mark = |id: Self, header: bool| match id.idp().recognized_by.value() {
            Some(RecognizedBy::Header(name)) => header && has_header(name),
            Some(RecognizedBy::Agents(beginnings)) => !header && beginnings.iter().any(|it| agent.starts_with(it)),
            None => false,
        };
        let by = |header| Self::ALL.into_iter().find(|id| has_mark(*id, header));
        by(true).or_else(|| by(false))
    }

    /// Whether it is known for certain what its requests look like, so that another's are not its.
    pub fn is_surely_recognized(self) -> bool {
        self.idp().recognized_by.evidence().is_some_and(|evidence| evidence.mark < Mark::Inferred)
    }

    /// What to do in a situation: in the names of its pages, where they are known, else for anybody.
    pub fn advice(self, situation: Situation) -> Option<&'static str> {
        let own = self.idp().advice.value().into_iter().flatten();
        let rows = own.chain(generic::ADVICE);
        rows.into_iter().find(|(of, _)| *of == situation).map(|(_, advice)| *advice)
    }

    /// What its administrator sees of a job that failed, in the app of this name; `None`: nothing is known of that.
    pub fn failure_shown(self, job: &Job, failure: &Failure<'_>, app: &str) -> Option<Shown> {
        self.idp().admin.value()?(job, Some(failure), app)
    }

    /// Where its administrator pastes a bearer token.
    pub fn token_place(self) -> &'static str {
        self.idp().token_place.value().unwrap_or(generic::TOKEN_PLACE)
    }

    /// The ways of setting it up, the usual one first; empty: none is known.
    pub fn tracks(self) -> &'static [Track] {
        self.idp().tracks.value().unwrap_or_default()
    }

    /// Whom a directory of this name is for, by the name alone: one that is called `Entra staging` is hardly Okta's.
    pub fn of_directory(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.into_iter().find(|id| id.idp().called.iter().any(|part| name.contains(part)))
    }
}

impl GuideTrackId {
    /// Whose it is, and what it is made of.
    pub fn find(self) -> (IdpId, &'static Track) {
        let all = IdpId::ALL.into_iter().flat_map(|id| id.tracks().iter().map(move |track| (id, track)));
        // Each has a row: a test goes through them.
        all.into_iter().find(|(_, track)| track.id == self).unwrap_or((IdpId::Generic, &generic::TRACKS[0]))
    }
}
