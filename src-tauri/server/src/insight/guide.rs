//! How far the setup of a directory has come, and why it may not go on. What is to be done, and what ticks it, is known in `idp`; this file
//! holds it against what was seen.

mod refusal;
pub(crate) mod request;

use std::collections::BTreeMap;

use idp::IdpId;
use idp::track::{Cause, FieldValue, Rule, Step, Track, When};

use crate::clock::{Millis, rfc3339};
use crate::facts::Sighting;
use crate::model::{
    Actor, AuthVerdict, DirectoryProvider, Guide, GuideAction, GuideCause, GuideRemark, GuideStep, GuideStepState,
    GuideTrackId, Rejected, SeenApp,
};

const MINUTE: Millis = 60_000;

/// Causes shown at once: more than three do not help.
const MOST_CAUSES: usize = 3;

/// All that a guide depends on.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    /// What a person chose.
    pub(crate) chosen: Option<GuideTrackId>,
    /// Steps of the chosen track that a person ticked, and when.
    pub(crate) ticks: &'a BTreeMap<String, Millis>,
    /// The oldest first.
    pub(crate) sightings: &'a [Sighting],
    /// The directory's.
    pub(crate) name: &'a str,
    /// Nobody outside this machine can use the base URL.
    pub(crate) is_local: bool,
    /// Requests that are refused for their token.
    pub(crate) rejected: Option<&'a Rejected>,
    /// The last four characters of the token in force.
    pub(crate) last_four: Option<&'a str>,
    /// When the token in force was generated.
    pub(crate) token_at: Option<Millis>,
    /// When the software under test read from the directory for the last time.
    pub(crate) read_by_app_at: Option<Millis>,
    pub(crate) now: Millis,
}

/// The guide for a setup.
pub(crate) fn evaluate(setup: &Setup<'_>) -> Guide {
    let seen_app = seen_app(setup);
    let (idp, track) = track_of(setup, seen_app.as_ref()).find();
    let is_silent = setup.sightings.is_empty();
    let theirs: Vec<_> = setup.sightings.iter().filter(|seen| may_be_of(idp, &seen.who)).cloned().collect();
    let setup = &Setup { sightings: &theirs, ..*setup };
    let mut states = states(track, setup);
    if let Some(rejected) = setup.rejected.filter(|_| refusal::newest(idp, setup).is_some()) {
        reopen(track, &mut states, rejected);
    }
    let is_current = |state: &GuideStepState| matches!(state, GuideStepState::Open | GuideStepState::Reopened { .. });
    let current = states.iter().position(is_current);
    let delay =
        current.map(|current| explain_delay(idp, track, current, &states, setup, is_silent)).unwrap_or_default();
    let steps = track.steps.iter().zip(states).map(|(step, state)| GuideStep { step, state });
    Guide {
        track: track.id,
        is_chosen: setup.chosen.is_some(),
        is_in_force: true,
        provider: name(idp).to_owned(),
        docs: track.docs.to_owned(),
        steps: steps.collect(),
        current: current.map(|current| track.steps[current].id.to_owned()),
        seen_app,
        causes: delay.causes,
        remarks: remarks(track, setup.sightings),
        read_by_app_at: setup.read_by_app_at.map(rfc3339),
        look_again_at: delay.look_again_at.map(rfc3339),
    }
}

/// The track in force: the chosen one, else what the requests or the directory's name suggest.
pub(crate) fn track_in_force(setup: &Setup<'_>) -> GuideTrackId {
    track_of(setup, seen_app(setup).as_ref())
}

/// The identity provider that a directory is for: of the chosen track, else the first of `clients` that a track is about, else what the
/// directory's name suggests.
pub(crate) fn provider(chosen: Option<GuideTrackId>, clients: &[Actor], name: &str) -> DirectoryProvider {
    let (idp, track) = track_of_directory(chosen, clients, name).find();
    let fields = track.steps.iter().flat_map(|step| step.fields);
    let base_url_field = fields.into_iter().find(|field| matches!(field.value, FieldValue::BaseUrl));
    DirectoryProvider {
        track: track.id,
        id: idp,
        name: self::name(idp).to_owned(),
        token_place: idp.token_place().to_owned(),
        test_place: track.test_place.to_owned(),
        preset: idp.idp().preset.value(),
        groups_hint: Some(track.groups_hint).filter(|hint| !hint.is_empty()).map(str::to_owned),
        base_url_field: base_url_field.map(|field| field.name.to_owned()),
    }
}

/// Whether a client may be the identity provider that such a directory is for; see [`provider`]. A person with a tool is nobody's.
pub(crate) fn may_be_provider(chosen: Option<GuideTrackId>, clients: &[Actor], name: &str, who: &Actor) -> bool {
    let (idp, _) = track_of_directory(chosen, clients, name).find();
    match who {
        Actor::Known(IdpId::Curl | IdpId::Browser) => false,
        // Who says no name may be anybody: not the one that always says its name.
        Actor::Unnamed => !idp.is_surely_recognized(),
        who => may_be_of(idp, who),
    }
}

fn track_of_directory(chosen: Option<GuideTrackId>, clients: &[Actor], name: &str) -> GuideTrackId {
    let from_client = || clients.iter().find_map(of_client);
    chosen.or_else(from_client).unwrap_or_else(|| of_name(name))
}

/// Whether a track has a step of this id.
pub(crate) fn has_step(id: GuideTrackId, step: &str) -> bool {
    id.find().1.steps.iter().any(|known| known.id == step)
}

fn track_of(setup: &Setup<'_>, seen_app: Option<&SeenApp>) -> GuideTrackId {
    let from_app = || seen_app.map(|app| app.track);
    let from_client = || setup.sightings.iter().find_map(|sighting| of_client(&sighting.who));
    setup.chosen.or_else(from_app).or_else(from_client).unwrap_or_else(|| of_name(setup.name))
}

fn of_client(who: &Actor) -> Option<GuideTrackId> {
    usual_track(who.idp()?)
}

/// A directory that is called "Entra staging" is hardly Okta's.
fn of_name(name: &str) -> GuideTrackId {
    IdpId::of_directory(name).and_then(usual_track).unwrap_or_default()
}

fn usual_track(idp: IdpId) -> Option<GuideTrackId> {
    idp.tracks().first().map(|track| track.id)
}

/// Whoever that is, in running text.
fn name(idp: IdpId) -> &'static str {
    if idp == IdpId::Generic { "your provider" } else { idp.name() }
}

/// Whether requests of this client may be those of an identity provider: who says no name may be anybody. Where nobody has documented how
/// it calls itself, everybody may be it but those known to be others.
fn may_be_of(idp: IdpId, who: &Actor) -> bool {
    match who {
        Actor::Simulator | Actor::Replay | Actor::You => false,
        _ if idp.idp().recognized_by.value().is_none() => true,
        Actor::Known(known) => *known == idp,
        Actor::Unnamed => true,
        Actor::Client(_) => !idp.is_surely_recognized(),
    }
}

/// Which of the kinds of app that an identity provider has is asking, by the requests that only one of them sends.
fn seen_app(setup: &Setup<'_>) -> Option<SeenApp> {
    let several = IdpId::ALL.into_iter().filter(|idp| idp.tracks().len() > 1);
    // The usual one is named first; what another shows outweighs it.
    let mut kinds = several.flat_map(|idp| idp.tracks().iter().rev().map(move |track| (idp, track)));
    kinds.find_map(|(idp, track)| {
        let is_another_chosen = setup.chosen.is_some_and(|id| id != track.id && id.find().0 == idp);
        let hints = if is_another_chosen { &[] } else { track.hinted_by };
        let rules = || track.shown_by.iter().chain(hints);
        let mut theirs = setup.sightings.iter().filter(|sighting| sighting.who.idp() == Some(idp));
        let sighting = theirs.find(|sighting| rules().any(|rule| fits(rule, sighting)))?;
        Some(SeenApp {
            track: track.id,
            method: sighting.method.clone(),
            text: format!("{} sends {}: {}.", idp.name(), sighting.method, track.seen_as),
            exchange_id: sighting.first_id,
            at: rfc3339(sighting.first_at),
        })
    })
}

fn fits(rule: &Rule, sighting: &Sighting) -> bool {
    let is_authorized = sighting.verdict == AuthVerdict::Matched;
    rule.fits(&sighting.method, &sighting.target, is_authorized, sighting.status)
}

/// Whether it is so, and the newest request that shows it.
fn holds<'a>(when: &When, sightings: &'a [Sighting]) -> Option<Option<&'a Sighting>> {
    let newest = |rules: &[Rule]| {
        let fitting = sightings.iter().filter(|sighting| rules.iter().any(|rule| fits(rule, sighting)));
        fitting.max_by_key(|sighting| sighting.last_id)
    };
    match when {
        When::Always => Some(None),
        When::Seen(rules) => newest(rules).map(Some),
        When::NotSeen(rules) => newest(rules).is_none().then_some(None),
    }
}

/// What requests show of a setup that works, though perhaps not as it was meant.
fn remarks(track: &Track, sightings: &[Sighting]) -> Vec<GuideRemark> {
    let shown = track.remarks.iter().filter_map(|remark| {
        let fitting = sightings.iter().filter(|sighting| fits(&remark.shown_by, sighting));
        let seen = fitting.max_by_key(|seen| seen.last_id)?;
        Some(GuideRemark {
            id: remark.id.to_owned(),
            text: remark.text.to_owned(),
            exchange_id: seen.last_id,
            at: rfc3339(seen.last_at),
        })
    });
    shown.collect()
}

/// Each step's state. What a request shows of a step is also true of the required ones before it: who creates a user has connected.
fn states(track: &Track, setup: &Setup<'_>) -> Vec<GuideStepState> {
    let mut shown: Option<&Sighting> = None;
    let mut states: Vec<GuideStepState> = Vec::with_capacity(track.steps.len());
    for step in track.steps.iter().rev() {
        let own = first_seen(step, setup.sightings);
        let seen = own.or(shown.filter(|_| !step.is_optional));
        if !step.is_optional {
            shown = own.or(shown);
        }
        states.push(match (seen, setup.ticks.get(step.id)) {
            (Some(sighting), _) => GuideStepState::Seen {
                exchange_id: sighting.first_id,
                at: rfc3339(sighting.first_at),
                method: sighting.method.clone(),
                path: sighting.path.clone(),
            },
            (None, Some(at)) => GuideStepState::ByHand { at: rfc3339(*at) },
            (None, None) => GuideStepState::NotYet,
        });
    }
    states.reverse();
    if let Some(open) = states.iter_mut().find(|state| **state == GuideStepState::NotYet) {
        *open = GuideStepState::Open;
    }
    states
}

/// Where the token is filled in was done once, and is to be done again: nothing gets through. What comes behind it waits.
fn reopen(track: &Track, states: &mut [GuideStepState], rejected: &Rejected) {
    let has_token = |step: &Step| step.fields.iter().any(|field| matches!(field.value, FieldValue::Token(_)));
    let Some(at) = track.steps.iter().position(has_token) else { return };
    if let GuideStepState::Seen { at: done, .. } | GuideStepState::ByHand { at: done } = &states[at] {
        let (at_first, since) = (done.clone(), rejected.since.clone());
        states
            .iter_mut()
            .filter(|state| **state == GuideStepState::Open)
            .for_each(|open| *open = GuideStepState::NotYet);
        states[at] = GuideStepState::Reopened { at: at_first, since, exchange_id: rejected.exchange_id };
    }
}

fn first_seen<'a>(step: &Step, sightings: &'a [Sighting]) -> Option<&'a Sighting> {
    sightings.iter().find(|sighting| step.seen_by.iter().any(|rule| fits(rule, sighting)))
}

#[derive(Default)]
struct Delay {
    causes: Vec<GuideCause>,
    look_again_at: Option<Millis>,
}

/// Why the request that the current step waits for has not come. `is_silent`: nobody at all has asked for anything.
fn explain_delay(
    idp: IdpId,
    track: &Track,
    current: usize,
    states: &[GuideStepState],
    setup: &Setup<'_>,
    is_silent: bool,
) -> Delay {
    let step = &track.steps[current];
    let is_heard = setup.sightings.iter().any(|sighting| sighting.verdict == AuthVerdict::Matched);
    let mut causes = Vec::new();
    // A refusal needs no patience: the request came and says what is wrong.
    causes.extend(refusal::newest(idp, setup));
    let waits_for_connection = !is_heard && step.expects.is_some();
    if waits_for_connection && setup.is_local && is_silent && idp != IdpId::Generic {
        causes.push(no_tunnel(idp.name()));
    }
    let since = waiting_since(track, current, states, setup);
    let patience = Millis::from(step.patience) * MINUTE;
    let is_late = since.is_some_and(|since| setup.now - since >= patience);
    if is_late && step.expects.is_some() {
        if waits_for_connection && !setup.is_local && is_silent {
            causes.push(silent_tunnel());
        }
        causes.extend(step.causes.iter().filter_map(|cause| to_cause(cause, setup.sightings)));
    }
    causes.truncate(MOST_CAUSES);
    let look_again_at = since.filter(|_| !is_late && step.expects.is_some()).map(|since| since + patience);
    Delay { causes, look_again_at }
}

/// When the wait for the current step's request began: with the last step before it, or with the token.
fn waiting_since(track: &Track, current: usize, states: &[GuideStepState], setup: &Setup<'_>) -> Option<Millis> {
    let before = track.steps.iter().zip(states).take(current).filter_map(|(step, state)| match state {
        GuideStepState::Seen { exchange_id, .. } => {
            setup.sightings.iter().find(|sighting| sighting.first_id == *exchange_id).map(|seen| seen.first_at)
        }
        GuideStepState::ByHand { .. } => setup.ticks.get(step.id).copied(),
        _ => None,
    });
    before.chain(setup.token_at).max()
}

fn to_cause(cause: &Cause, sightings: &[Sighting]) -> Option<GuideCause> {
    let newest = holds(&cause.when, sightings)?;
    Some(GuideCause {
        id: cause.id.to_owned(),
        question: cause.question.to_owned(),
        remedy: cause.remedy.to_owned(),
        action: newest.map(|_| GuideAction::Request),
        exchange_id: newest.map(|sighting| sighting.last_id),
    })
}

fn no_tunnel(provider: &str) -> GuideCause {
    GuideCause {
        id: "no-tunnel".to_owned(),
        question: "No tunnel yet?".to_owned(),
        remedy: format!("The base URL works on this machine only. Add a tunnel URL before pasting it into {provider}."),
        action: Some(GuideAction::Tunnel),
        exchange_id: None,
    }
}

fn silent_tunnel() -> GuideCause {
    GuideCause {
        id: "silent-tunnel".to_owned(),
        question: "Is the tunnel running?".to_owned(),
        remedy: "No request has arrived. Open the base URL in a browser: if this app answers, that request is in the list of requests."
            .to_owned(),
        action: Some(GuideAction::Tunnel),
        exchange_id: None,
    }
}

#[cfg(test)]
mod tests;
