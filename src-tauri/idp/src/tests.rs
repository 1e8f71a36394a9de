use std::collections::{BTreeMap, BTreeSet};

use scim::ResourceKind;

use super::*;
use crate::evidence::Evidence;

#[test]
fn names_and_words_are_told_apart() {
    let mut names = BTreeSet::new();
    for id in IdpId::ALL {
        assert!(names.insert(id.name()), "{} stands there twice", id.name());
        assert_eq!(IdpId::parse(id.as_str()), Some(id));
        let written = serde_json::to_value(id).expect("a word");
        assert_eq!(written, id.as_str(), "the API and the database use one word");
    }
    assert_eq!(IdpId::parse("Okta"), None, "a word is what it is");
}

/// Each has every part, or says here that it is unknown. Whoever finds one out takes its word away.
#[test]
fn what_is_unknown_is_said() {
    let unknown = BTreeMap::from([
        (IdpId::Okta, ""),
        (IdpId::Entra, "retry underscore"),
        (IdpId::Onelogin, "retry test admin next advice token secrets underscore absence deactivation preset"),
        (IdpId::Jumpcloud, "retry test admin next advice token secrets underscore absence deactivation preset"),
        (IdpId::Google, "retry test admin next advice token secrets underscore absence deactivation preset tracks"),
        (IdpId::Pingone, "retry test admin next advice token secrets underscore absence deactivation preset tracks"),
        (IdpId::Authentik, "retry test admin next advice token secrets underscore absence deactivation preset tracks"),
        (IdpId::Keycloak, "test admin next advice token secrets underscore absence deactivation preset tracks"),
        (IdpId::Generic, "recognized retry test admin next secrets underscore absence deactivation preset"),
        (
            IdpId::Curl,
            "dialect retry test admin next advice token secrets underscore absence deactivation preset tracks",
        ),
        (
            IdpId::Browser,
            "dialect retry test admin next advice token secrets underscore absence deactivation preset tracks",
        ),
    ]);
    for id in IdpId::ALL {
        // By name, so that nobody can add a part and forget it here.
        let Idp {
            name: _,
            called: _,
            recognized_by,
            dialect,
            retry,
            connection_test,
            admin,
            next,
            advice,
            token_place,
            own_secrets,
            accepts_underscore,
            after_absence,
            retries_deactivation,
            preset,
            tracks,
        } = id.idp();
        let parts: [(&str, Option<Evidence>); 14] = [
            ("recognized", recognized_by.evidence()),
            ("dialect", dialect.evidence()),
            ("retry", retry.evidence()),
            ("test", connection_test.evidence()),
            ("admin", admin.evidence()),
            ("next", next.evidence()),
            ("advice", advice.evidence()),
            ("token", token_place.evidence()),
            ("secrets", own_secrets.evidence()),
            ("underscore", accepts_underscore.evidence()),
            ("absence", after_absence.evidence()),
            ("deactivation", retries_deactivation.evidence()),
            ("preset", preset.evidence()),
            ("tracks", tracks.evidence()),
        ];
        let missing: Vec<_> = parts.iter().filter(|(_, is)| is.is_none()).map(|(part, _)| *part).collect();
        assert_eq!(missing.join(" "), unknown[&id], "{id:?}");
        for (part, evidence) in parts.into_iter().filter_map(|(part, evidence)| Some((part, evidence?))) {
            assert!(evidence.is_sourced(), "{id:?}, {part}: {evidence:?}");
        }
    }
}

#[test]
fn each_is_recognized_by_what_it_sends() {
    for id in IdpId::ALL {
        let Some(dialect) = id.idp().dialect.value() else { continue };
        let header = |wanted: &str| {
            dialect.read.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| *value)
        };
        let agent = header("user-agent").filter(|agent| !agent.is_empty());
        let found = IdpId::of_request(agent.unwrap_or_default(), |name| header(name).is_some());
        let is_recognizable =
            agent.is_some() || matches!(id.idp().recognized_by.value(), Some(RecognizedBy::Header(_)));
        assert_eq!(found, is_recognizable.then_some(id), "{id:?}");
    }
}

#[test]
fn a_user_agent_begins_with_the_name() {
    for (agent, expected) in [
        ("Okta SCIM Client 1.0.0", Some(IdpId::Okta)),
        (" okta", Some(IdpId::Okta)),
        ("Google-Auto-Provisioning", Some(IdpId::Google)),
        ("goauthentik.io/2026.10", Some(IdpId::Authentik)),
        ("keycloak-scim-outbound/1.0", Some(IdpId::Keycloak)),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", Some(IdpId::Browser)),
        ("curl/8.5.0", Some(IdpId::Curl)),
        ("python-requests/2.32", None),
        ("not Okta", None),
        ("", None),
    ] {
        assert_eq!(IdpId::of_request(agent, |_| false), expected, "{agent}");
    }
    assert_eq!(IdpId::of_request("curl/8.5.0", |name| name == "adscimversion"), Some(IdpId::Entra));
}

#[test]
fn a_name_of_a_directory_may_say_whose_it_is() {
    for (name, expected) in [
        ("Entra staging", Some(IdpId::Entra)),
        ("old AZURE", Some(IdpId::Entra)),
        ("OneLogin", Some(IdpId::Onelogin)),
        ("Primary", None),
    ] {
        assert_eq!(IdpId::of_directory(name), expected, "{name}");
    }
}

const SITUATIONS: [Situation; 31] = [
    Situation::Fine,
    Situation::Visit,
    Situation::Misaddressed,
    Situation::Token,
    Situation::BearerMissing,
    Situation::BearerTwice,
    Situation::Gone(ResourceKind::User),
    Situation::Gone(ResourceKind::Group),
    Situation::NothingToRemove(ResourceKind::User),
    Situation::NothingToRemove(ResourceKind::Group),
    Situation::Placeholder,
    Situation::Taken(ResourceKind::User),
    Situation::Taken(ResourceKind::Group),
    Situation::NewNameTaken(ResourceKind::User),
    Situation::NewNameTaken(ResourceKind::Group),
    Situation::TakenByOtherIdentifier,
    Situation::Syntax,
    Situation::WrongType,
    Situation::Value,
    Situation::Filter,
    Situation::Target,
    Situation::ReadOnly,
    Situation::Version,
    Situation::TooLarge,
    Situation::TooSlow,
    Situation::MediaType,
    Situation::Preflight,
    Situation::Method,
    Situation::NotImplemented,
    Situation::OwnFault,
    Situation::Other,
];

#[test]
fn there_is_advice_for_anybody_in_every_situation_that_has_some() {
    use ResourceKind::{Group, User};
    for situation in SITUATIONS {
        // Whoever adds one adds it to `SITUATIONS`, too.
        let has_advice = match situation {
            Situation::Fine | Situation::Visit | Situation::Misaddressed | Situation::Token | Situation::Other => false,
            Situation::BearerMissing
            | Situation::BearerTwice
            | Situation::Gone(_)
            | Situation::NothingToRemove(_)
            | Situation::Placeholder
            | Situation::Taken(_)
            | Situation::NewNameTaken(_)
            | Situation::TakenByOtherIdentifier
            | Situation::Syntax
            | Situation::WrongType
            | Situation::Value
            | Situation::Filter
            | Situation::Target
            | Situation::ReadOnly
            | Situation::Version
            | Situation::TooLarge
            | Situation::TooSlow
            | Situation::MediaType
            | Situation::Preflight
            | Situation::Method
            | Situation::NotImplemented
            | Situation::OwnFault => true,
        };
        assert_eq!(IdpId::Browser.advice(situation).is_some(), has_advice, "{situation:?}");
    }
    for rows in IdpId::ALL.into_iter().filter_map(|id| id.idp().advice.value()) {
        for (at, (situation, advice)) in rows.iter().enumerate() {
            let is_hidden = rows[..at].iter().any(|(earlier, _)| earlier == situation);
            assert!(!is_hidden && !advice.is_empty(), "{situation:?} is never reached");
        }
    }
    assert_ne!(IdpId::Okta.advice(Situation::Gone(User)), IdpId::Curl.advice(Situation::Gone(User)));
    assert_eq!(IdpId::Entra.advice(Situation::Gone(Group)), IdpId::Curl.advice(Situation::Gone(Group)));
}

#[test]
fn every_track_is_somebody_s_and_well_formed() {
    let mut ids = BTreeSet::new();
    for id in IdpId::ALL {
        for track in id.tracks() {
            assert!(ids.insert(format!("{:?}", track.id)), "{:?} stands there twice", track.id);
            assert_eq!(track.id.find().0, id);
            assert_eq!(track.app.is_empty(), id.tracks().len() == 1, "{:?}: kinds of app have names", track.id);
        }
    }
    assert_eq!(ids.len(), 6, "each id has a track");
    assert_eq!(GuideTrackId::default().find().0, IdpId::Okta);
}
