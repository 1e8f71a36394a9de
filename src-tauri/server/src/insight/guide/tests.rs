//! Guides over requests as identity providers send them: tests/data/fixtures.

use serde_json::Value as Json;

use super::*;
use crate::facts::earlier::{self, Earlier};
use crate::insight::guide::request::target;
use crate::model::{Actor, ExchangeId};

/// Requests as they come in, gathered as the store gathers them.
#[derive(Default)]
struct Log {
    sightings: Vec<Sighting>,
    ticks: BTreeMap<String, Millis>,
    chosen: Option<GuideTrackId>,
    is_local: bool,
    requests: i64,
    rejected: Option<Rejected>,
}

impl Log {
    /// A request of tests/data/fixtures, in a minute of this day.
    fn fixture(mut self, minute: Millis, provider: &str, name: &str) -> Self {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/fixtures");
        let text = std::fs::read_to_string(folder.join(provider).join(format!("{name}.json"))).expect("a fixture");
        let fixture: Json = serde_json::from_str(&text).expect("a fixture is JSON");
        let request = &fixture["request"];
        let text = |value: &Json| value.as_str().expect("text").to_owned();
        let verdict = match text(&request["headers"]).as_str() {
            profile if profile.ends_with("badtoken") => AuthVerdict::Unknown,
            _ => AuthVerdict::Matched,
        };
        let actor = match provider {
            "okta" => Actor::Known(IdpId::Okta),
            "entra" => Actor::Known(IdpId::Entra),
            _ => Actor::Unnamed,
        };
        // Where more than one status will do, none is an error.
        let status = fixture["expect"]["status"].as_u64().map_or(200, |status| status as u16);
        self.sighting(minute, &text(&request["method"]), &text(&request["target"]), status, verdict, &actor);
        self
    }

    /// A request that no fixture has.
    fn refused(mut self, minute: Millis, verdict: AuthVerdict) -> Self {
        self.sighting(minute, "GET", "/Users?startIndex=1&count=2", 401, verdict, &Actor::Known(IdpId::Okta));
        self
    }

    fn sighting(&mut self, minute: Millis, method: &str, path: &str, status: u16, verdict: AuthVerdict, actor: &Actor) {
        self.requests += 1;
        let (id, at) = (self.requests, minute * MINUTE);
        let target = target(&earlier::facts(Earlier::of(method, path, status))).to_owned();
        let known = self.sightings.iter_mut().find(|known| {
            (known.method.as_str(), &known.target, known.status, known.verdict, &known.who)
                == (method, &target, status, verdict, &actor.without_product())
        });
        if let Some(known) = known {
            (known.last_id, known.last_at) = (ExchangeId(id), at);
            return;
        }
        self.sightings.push(Sighting {
            method: method.to_owned(),
            target,
            status,
            verdict,
            who: actor.without_product(),
            first_id: ExchangeId(id),
            first_at: at,
            path: path.to_owned(),
            last_id: ExchangeId(id),
            last_at: at,
        });
    }

    /// As the directory counts them.
    fn alarm(mut self, minute: Millis, verdict: AuthVerdict, last_four: &str) -> Self {
        self.rejected = Some(Rejected {
            count: 1,
            since: rfc3339(minute * MINUTE),
            reason: "".into(),
            verdict: Some(verdict),
            exchange_id: Some(ExchangeId(self.requests)),
            last_four: Some(last_four.to_owned()),
        });
        self
    }

    fn tick(mut self, minute: Millis, step: &str) -> Self {
        self.ticks.insert(step.to_owned(), minute * MINUTE);
        self
    }

    fn choose(mut self, track: GuideTrackId) -> Self {
        self.chosen = Some(track);
        self
    }

    fn local(mut self) -> Self {
        self.is_local = true;
        self
    }

    fn at(&self, minute: Millis) -> Guide {
        evaluate(&Setup {
            read_by_app_at: None,
            chosen: self.chosen,
            ticks: &self.ticks,
            sightings: &self.sightings,
            name: "Preview",
            is_local: self.is_local,
            rejected: self.rejected.as_ref(),
            last_four: Some("HKRs"),
            token_at: Some(0),
            now: minute * MINUTE,
        })
    }
}

/// `enable=1 connect=hand test=open groups`
fn told(guide: &Guide) -> String {
    let steps = guide.steps.iter().map(|step| match &step.state {
        GuideStepState::Seen { exchange_id, .. } => format!("{}={exchange_id}", step.step.id),
        GuideStepState::ByHand { .. } => format!("{}=hand", step.step.id),
        GuideStepState::Reopened { .. } => format!("{}=again", step.step.id),
        GuideStepState::Open => format!("{}=open", step.step.id),
        GuideStepState::NotYet => step.step.id.to_owned(),
    });
    steps.collect::<Vec<_>>().join(" ")
}

fn causes(guide: &Guide) -> Vec<&str> {
    guide.causes.iter().map(|cause| cause.id.as_str()).collect()
}

#[test]
fn importing_groups_is_said_and_holds_nothing_up() {
    let connected = Log::default().fixture(0, "okta", "okta-01-test-connection");
    assert_eq!(connected.at(0).remarks, []);
    let log = connected.fixture(1, "okta", "okta-03-save-to-app-groups-cache");
    let guide = log.at(1);
    let told: Vec<_> = guide.remarks.iter().map(|remark| (remark.id.as_str(), remark.exchange_id.0)).collect();
    assert_eq!(told, [("import-groups", 2)]);
    assert_eq!(guide.current.as_deref(), Some("to-app"));
    let entra = Log { chosen: Some(GuideTrackId::Entra), ..log };
    assert_eq!(entra.at(1).remarks, [], "nothing that Okta does says anything about Entra ID");
}

#[test]
fn oktas_requests_tick_the_steps_in_order() {
    let played = [
        ("okta-01-test-connection", "enable=1 connect=1 test=1 to-app=open assign groups"),
        ("okta-01-test-connection", "enable=1 connect=1 test=1 to-app=open assign groups"),
        ("okta-07-lookup-missing-pct20", "enable=1 connect=1 test=1 to-app=3 assign=open groups"),
        ("okta-11-create-user-aiw", "enable=1 connect=1 test=1 to-app=3 assign=4 groups=open"),
        ("okta-30-group-create-with-members", "enable=1 connect=1 test=1 to-app=3 assign=4 groups=5"),
    ];
    let mut log = Log::default();
    assert_eq!(told(&log.at(0)), "enable=open connect test to-app assign groups");
    for (name, expected) in played {
        log = log.fixture(1, "okta", name);
        let guide = log.at(1);
        assert_eq!(told(&guide), expected, "after {name}");
        let open = guide.steps.iter().filter(|step| step.state == GuideStepState::Open).count();
        assert_eq!(open, usize::from(guide.current.is_some()), "one open step at a time, after {name}");
    }
    assert_eq!(log.at(1).current, None);
}

#[test]
fn other_providers_tick_theirs() {
    for (track, provider, names, expected) in [
        (
            GuideTrackId::OktaTemplate,
            "okta",
            &["okta-01-test-connection", "okta-11-create-user-aiw", "okta-38-group-patch-pathless-full-state"][..],
            "add=1 connect=1 test=1 to-app=2 assign=2 groups=3",
        ),
        (
            GuideTrackId::Entra,
            "entra",
            &["entra-01-test-connection-guid", "entra-07-filter-emails-valuepath", "entra-04-create-user"],
            "create=1 connect=1 test=1 assign=3 start=3 groups=open",
        ),
        (
            GuideTrackId::Onelogin,
            "onelogin",
            &["onelogin-01-lookup-trailing-ampersand"],
            "add=1 connect=1 workflow=open assign groups",
        ),
        (
            GuideTrackId::Jumpcloud,
            "jumpcloud",
            &["jumpcloud-01-test-user-create", "jumpcloud-02-test-user-delete"],
            "create=1 connect=1 test=2 assign=open",
        ),
        (
            GuideTrackId::Other,
            "google",
            &["google-02-create-application-json"],
            "connect=1 test=1 assign=1 groups=open",
        ),
    ] {
        let log = names.iter().fold(Log::default().choose(track), |log, name| log.fixture(1, provider, name));
        assert_eq!(told(&log.at(1)), expected, "{track:?}");
    }
}

#[test]
fn a_person_ticks_what_no_request_shows_and_a_request_has_the_last_word() {
    let log = Log::default().tick(1, "enable").tick(2, "to-app");
    assert_eq!(told(&log.at(3)), "enable=hand connect=open test to-app=hand assign groups");
    let log = log.fixture(3, "okta", "okta-01-test-connection");
    assert_eq!(told(&log.at(3)), "enable=1 connect=1 test=1 to-app=hand assign=open groups");
}

#[test]
fn a_step_that_was_missed_is_shown_by_a_later_one() {
    let log = Log::default().fixture(1, "okta", "okta-11-create-user-aiw");
    assert_eq!(told(&log.at(1)), "enable=1 connect=1 test=1 to-app=1 assign=1 groups=open");
    let log = Log::default().fixture(1, "okta", "okta-30-group-create-with-members");
    assert_eq!(told(&log.at(1)), "enable=1 connect=1 test=open to-app assign groups=1", "groups are optional");
}

#[test]
fn somebody_elses_requests_tick_nothing() {
    let by_entra = Log::default().fixture(1, "entra", "entra-04-create-user");
    let by_okta = || Log::default().fixture(1, "okta", "okta-11-create-user-aiw");
    let mut by_stranger = Log::default();
    by_stranger.sighting(1, "GET", "/Users", 200, AuthVerdict::Matched, &Actor::Client("python-requests".into()));
    for (log, track, expected) in [
        (by_entra, GuideTrackId::OktaAiw, "enable=open connect test to-app assign groups"),
        (by_okta(), GuideTrackId::Entra, "create=open connect test assign start groups"),
        (by_okta(), GuideTrackId::Onelogin, "add=open connect workflow assign groups"),
        (by_okta(), GuideTrackId::Other, "connect=1 test=1 assign=1 groups=open"),
        (by_stranger, GuideTrackId::Onelogin, "add=1 connect=1 workflow=open assign groups"),
    ] {
        assert_eq!(told(&log.choose(track).at(1)), expected, "{track:?}");
    }
}

#[test]
fn silence_is_wondered_about_after_some_minutes_and_not_before() {
    let tested = || Log::default().fixture(10, "okta", "okta-01-test-connection");
    let to_app = ["assigned-before", "nobody-assigned", "to-app-off"];
    let looked_up = || tested().fixture(11, "okta", "okta-07-lookup-missing-pct20");
    for (log, minute, expected, what) in [
        (Log::default(), 4, &[][..], "a new token"),
        (Log::default().tick(1, "enable"), 5, &[], "the step before counts, not the token"),
        (Log::default().tick(1, "enable"), 6, &["silent-tunnel", "not-tested", "base-url-typed"], "nothing arrives"),
        (Log::default().tick(1, "enable").local(), 1, &["no-tunnel"], "what cannot work needs no patience"),
        (tested(), 14, &[], "no lookup for 4 minutes"),
        (tested(), 15, &to_app, "no lookup for 5 minutes"),
        (tested().tick(20, "to-app"), 24, &[], "ticked by hand: the wait begins anew"),
        (tested().tick(20, "to-app"), 25, &["assigned-before", "create-off"], "nobody is looked up"),
        (looked_up(), 15, &[], "no user for 4 minutes"),
        (looked_up(), 16, &["create-off", "looked-up-only"], "looked up, not created"),
        (
            looked_up().fixture(11, "okta", "okta-14-create-conflict-409"),
            16,
            &["user-refused", "create-off", "looked-up-only"],
            "refused",
        ),
    ] {
        assert_eq!(causes(&log.at(minute)), expected, "{what}");
    }
}

#[test]
fn the_guide_says_when_to_look_again() {
    let log = Log::default().fixture(10, "okta", "okta-01-test-connection");
    assert_eq!(log.at(12).look_again_at, Some(rfc3339(15 * MINUTE)));
    assert_eq!(log.at(15).look_again_at, None, "the causes are there");
}

#[test]
fn a_refused_token_is_the_first_cause_at_once() {
    for (verdict, expected, action) in [
        (AuthVerdict::Missing, "token-missing", GuideAction::Request),
        (AuthVerdict::Malformed, "token-malformed", GuideAction::Request),
        (AuthVerdict::Unknown, "token-unknown", GuideAction::Token),
        (AuthVerdict::Retired, "token-retired", GuideAction::Request),
        (AuthVerdict::OtherDirectory, "token-of-other", GuideAction::Request),
        (AuthVerdict::NoTokenYet, "no-token", GuideAction::Token),
    ] {
        let guide = Log::default().refused(1, verdict).at(1);
        assert_eq!(told(&guide), "enable=1 connect=open test to-app assign groups", "Okta can ask: SCIM is on");
        assert_eq!(causes(&guide), [expected]);
        assert_eq!((guide.causes[0].action, guide.causes[0].exchange_id), (Some(action), Some(ExchangeId(1))));
    }
    let log = Log::default().fixture(1, "okta", "okta-40-bad-token-401");
    assert_eq!(causes(&log.at(1)), ["token-unknown"], "as the fixture sends it");
    let log = log.fixture(2, "okta", "okta-01-test-connection");
    assert!(log.at(2).causes.is_empty(), "the token works now");
}

#[test]
fn a_connection_that_is_refused_is_to_be_made_again() {
    let retired = AuthVerdict::Retired;
    let connected = || {
        let log = Log::default().fixture(1, "okta", "okta-01-test-connection");
        log.fixture(2, "okta", "okta-11-create-user-aiw")
    };
    let refused = connected().refused(9, retired).alarm(9, retired, "3qNU");
    let guide = refused.at(9);
    assert_eq!(told(&guide), "enable=1 connect=again test=1 to-app=2 assign=2 groups");
    assert_eq!(guide.current.as_deref(), Some("connect"), "nothing else can be done before");
    let GuideStepState::Reopened { at, since, exchange_id } = &guide.steps[1].state else { panic!("{guide:?}") };
    assert_eq!((at, since), (&rfc3339(MINUTE), &rfc3339(9 * MINUTE)));
    assert_eq!(*exchange_id, Some(ExchangeId(3)));
    let [cause] = guide.causes.as_slice() else { panic!("{:?}", guide.causes) };
    assert!(cause.remedy.contains("the token ending …3qNU, which was replaced"), "{cause:?}");
    assert!(cause.remedy.contains("paste the one ending …HKRs"), "{cause:?}");

    let whole = connected().fixture(3, "okta", "okta-30-group-create-with-members").refused(9, retired);
    assert_eq!(whole.at(9).current, None, "one that raised no alarm reopens nothing");
    let whole = whole.alarm(9, retired, "3qNU");
    assert_eq!(whole.at(9).current.as_deref(), Some("connect"), "not all steps are done");
    let mended = Log { rejected: None, ..whole.fixture(10, "okta", "okta-01-test-connection") };
    assert_eq!(told(&mended.at(10)), "enable=1 connect=1 test=1 to-app=2 assign=2 groups=3", "as it was before");
    let by_hand = Log::default().tick(1, "enable").tick(2, "connect").refused(9, retired).alarm(9, retired, "3qNU");
    assert_eq!(told(&by_hand.at(9)), "enable=4 connect=again test to-app assign groups".replace("=4", "=1"));
}

#[test]
fn put_is_a_custom_app_and_patch_a_template() {
    let put = || Log::default().fixture(1, "okta", "okta-16-put-profile-echoes-readonly");
    let patch = "okta-23-template-patch-deactivate";
    for (log, expected, what) in [
        (Log::default().fixture(1, "okta", "okta-11-create-user-aiw"), None, "POST says nothing"),
        (put(), Some(GuideTrackId::OktaAiw), "PUT"),
        (put().fixture(2, "okta", patch), Some(GuideTrackId::OktaTemplate), "a template sends PUT, too"),
        (put().choose(GuideTrackId::OktaTemplate), None, "PUT of a user fits a template"),
        (
            put().fixture(2, "okta", "okta-32-group-put-full-list").choose(GuideTrackId::OktaTemplate),
            Some(GuideTrackId::OktaAiw),
            "PUT of a group does not",
        ),
        (Log::default().fixture(1, "entra", "entra-16-patch-multi-replace"), None, "no app of Okta"),
    ] {
        assert_eq!(log.at(3).seen_app.map(|app| app.track), expected, "{what}");
    }
    let followed = Log::default().fixture(1, "okta", patch).at(1);
    assert_eq!((followed.track, followed.is_chosen), (GuideTrackId::OktaTemplate, false), "the guide follows");
}

#[test]
fn the_track_follows_from_the_requests_or_the_name() {
    let entra = Log::default().fixture(1, "entra", "entra-04-create-user");
    assert_eq!(entra.at(1).track, GuideTrackId::Entra);
    assert_eq!(entra.choose(GuideTrackId::Other).at(1).track, GuideTrackId::Other, "a person decides");
    for (name, expected) in [
        ("Okta Preview", GuideTrackId::OktaAiw),
        ("Entra staging", GuideTrackId::Entra),
        ("JumpCloud", GuideTrackId::Jumpcloud),
        ("T", GuideTrackId::OktaAiw),
    ] {
        assert_eq!(of_name(name), expected, "{name}");
    }
}

#[test]
fn every_track_can_be_followed_to_its_end() {
    for id in [
        GuideTrackId::OktaAiw,
        GuideTrackId::OktaTemplate,
        GuideTrackId::Entra,
        GuideTrackId::Onelogin,
        GuideTrackId::Jumpcloud,
        GuideTrackId::Other,
    ] {
        let (_, known) = id.find();
        let mut log = Log::default().choose(id);
        for step in known.steps {
            assert_eq!(log.at(1).current.as_deref(), Some(step.id), "{id:?}: ids are unique and steps open in order");
            log = log.tick(1, step.id);
        }
        assert_eq!(log.at(1).current, None);
        let values = known.steps.iter().flat_map(|step| step.fields).map(|field| &field.value);
        assert!(values.clone().any(|value| matches!(value, FieldValue::BaseUrl)), "{id:?} names the base URL's field");
        assert!(values.clone().any(|value| matches!(value, FieldValue::Token(_))), "{id:?} names the token's field");
    }
}
