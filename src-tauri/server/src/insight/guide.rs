//! How far the setup of a directory has come, and why it may not go on. Rules are tables; this file only reads them.

mod okta;
mod providers;
mod refusal;
mod remark;
pub(crate) mod request;
mod track;

use idp::IdpId;
use std::collections::BTreeMap;

use self::track::{Cause, Field, Step, Track, Value};
use crate::clock::{Millis, rfc3339};
use crate::facts::Sighting;
use crate::model::{
    AuthVerdict, Guide, GuideAction, GuideBox, GuideCause, GuideField, GuideStep, GuideStepState, GuideTrackId,
    GuideValue, Provider, SeenApp,
};

const MINUTE: Millis = 60_000;

/// Causes shown at once: more than three are no help.
const MOST_CAUSES: usize = 3;

/// All that a guide depends on.
#[derive(Clone, Copy)]
pub(crate) struct Situation<'a> {
    /// What a person chose.
    pub(crate) chosen: Option<GuideTrackId>,
    /// Steps of the chosen track that a person ticked, and when.
    pub(crate) ticks: &'a BTreeMap<String, Millis>,
    /// The oldest first.
    pub(crate) sightings: &'a [Sighting],
    /// The directory's.
    pub(crate) name: &'a str,
    pub(crate) base_url: &'a str,
    /// Nobody outside this machine can use the base URL.
    pub(crate) is_local: bool,
    /// When the token in force was generated.
    pub(crate) token_at: Option<Millis>,
    pub(crate) now: Millis,
}

/// The guide for a situation.
pub(crate) fn evaluate(situation: &Situation<'_>) -> Guide {
    let seen_app = seen_app(situation);
    let track = track(track_of(situation, seen_app.as_ref()));
    let is_silent = situation.sightings.is_empty();
    let theirs: Vec<_> = situation.sightings.iter().filter(|seen| track.from.includes(&seen.who)).cloned().collect();
    let situation = &Situation { sightings: &theirs, ..*situation };
    let states = states(track, situation);
    let current = states.iter().position(|state| *state == GuideStepState::Open);
    let wondering = current.map(|current| wonder(track, current, &states, situation, is_silent)).unwrap_or_default();
    let steps = track.steps.iter().zip(states).map(|(step, state)| to_step(step, state, situation.base_url));
    Guide {
        track: track.id,
        is_chosen: situation.chosen.is_some(),
        provider: track.from.name().to_owned(),
        steps: steps.collect(),
        current: current.map(|current| track.steps[current].id.to_owned()),
        seen_app,
        causes: wondering.causes,
        remarks: remark::remarks(track.id, situation.sightings),
        look_again_at: wondering.look_again_at.map(rfc3339),
    }
}

/// The track in force: the chosen one, else what the requests or the directory's name suggest.
pub(crate) fn track_in_force(situation: &Situation<'_>) -> GuideTrackId {
    track_of(situation, seen_app(situation).as_ref())
}

/// The identity provider that a directory is for: of the chosen track, else the first of `clients` that a track is about, else what the
/// directory's name suggests.
pub(crate) fn provider(chosen: Option<GuideTrackId>, clients: &[String], name: &str) -> Provider {
    let from_client = || clients.iter().find_map(|who| of_client(who));
    let track = track(chosen.or_else(from_client).unwrap_or_else(|| of_name(name)));
    let fields = track.steps.iter().flat_map(|step| step.fields);
    let base_url_field = fields.into_iter().find(|field| matches!(field.value, Value::BaseUrl));
    Provider {
        track: track.id,
        name: track.from.name().to_owned(),
        base_url_field: base_url_field.map(|field| field.name.to_owned()),
    }
}

/// Whether a track has a step of this id.
pub(crate) fn has_step(id: GuideTrackId, step: &str) -> bool {
    track(id).steps.iter().any(|known| known.id == step)
}

fn track(id: GuideTrackId) -> &'static Track {
    match id {
        GuideTrackId::OktaAiw => &okta::AIW,
        GuideTrackId::OktaTemplate => &okta::TEMPLATE,
        GuideTrackId::Entra => &providers::ENTRA,
        GuideTrackId::Onelogin => &providers::ONELOGIN,
        GuideTrackId::Jumpcloud => &providers::JUMPCLOUD,
        GuideTrackId::Other => &providers::OTHER,
    }
}

fn track_of(situation: &Situation<'_>, seen_app: Option<&SeenApp>) -> GuideTrackId {
    let from_app = || seen_app.map(|app| app.track);
    let from_client = || situation.sightings.iter().find_map(|sighting| of_client(&sighting.who));
    situation.chosen.or_else(from_app).or_else(from_client).unwrap_or_else(|| of_name(situation.name))
}

fn of_client(who: &str) -> Option<GuideTrackId> {
    match IdpId::of_name(who)? {
        IdpId::Okta => Some(GuideTrackId::OktaAiw),
        IdpId::Entra => Some(GuideTrackId::Entra),
        IdpId::Onelogin => Some(GuideTrackId::Onelogin),
        IdpId::Jumpcloud => Some(GuideTrackId::Jumpcloud),
        _ => None,
    }
}

/// A directory that is called "Entra staging" is hardly Okta's.
fn of_name(name: &str) -> GuideTrackId {
    let name = name.to_lowercase();
    let known = [
        ("entra", GuideTrackId::Entra),
        ("azure", GuideTrackId::Entra),
        ("onelogin", GuideTrackId::Onelogin),
        ("jumpcloud", GuideTrackId::Jumpcloud),
    ];
    known.iter().find(|(part, _)| name.contains(part)).map_or_else(GuideTrackId::default, |(_, id)| *id)
}

/// Which kind of Okta app is asking. A custom app changes everything with PUT; only a template sends PATCH, but it, too, may send PUT for
/// profiles (protocol notes §1.8), so PUT of a user says nothing against a template that a person chose.
fn seen_app(situation: &Situation<'_>) -> Option<SeenApp> {
    let first = |method: &str, targets: &[&str]| {
        situation.sightings.iter().find(|sighting| {
            IdpId::of_name(&sighting.who) == Some(IdpId::Okta)
                && sighting.verdict == AuthVerdict::Matched
                && sighting.method == method
                && targets.contains(&sighting.target.as_str())
        })
    };
    let template = first("PATCH", &["/Users/{id}", "/Groups/{id}"]);
    let custom = || match situation.chosen {
        Some(GuideTrackId::OktaTemplate) => first("PUT", &["/Groups/{id}"]),
        _ => first("PUT", &["/Users/{id}", "/Groups/{id}"]),
    };
    let (track, sighting) = match template {
        Some(sighting) => (GuideTrackId::OktaTemplate, sighting),
        None => (GuideTrackId::OktaAiw, custom()?),
    };
    Some(SeenApp {
        track,
        method: sighting.method.clone(),
        exchange_id: sighting.first_id,
        at: rfc3339(sighting.first_at),
    })
}

/// Each step's state. What a request shows of a step is also true of the required ones before it: who creates a user has connected.
fn states(track: &Track, situation: &Situation<'_>) -> Vec<GuideStepState> {
    let mut shown: Option<&Sighting> = None;
    let mut states: Vec<GuideStepState> = Vec::with_capacity(track.steps.len());
    for step in track.steps.iter().rev() {
        let own = first_seen(step, situation.sightings);
        let seen = own.or(shown.filter(|_| !step.is_optional));
        if !step.is_optional {
            shown = own.or(shown);
        }
        states.push(match (seen, situation.ticks.get(step.id)) {
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

fn first_seen<'a>(step: &Step, sightings: &'a [Sighting]) -> Option<&'a Sighting> {
    sightings.iter().find(|sighting| step.seen_by.iter().any(|rule| rule.fits(sighting)))
}

#[derive(Default)]
struct Wondering {
    causes: Vec<GuideCause>,
    look_again_at: Option<Millis>,
}

/// Why the request that the current step waits for has not come. `is_silent`: nobody at all has asked for anything.
fn wonder(
    track: &Track,
    current: usize,
    states: &[GuideStepState],
    situation: &Situation<'_>,
    is_silent: bool,
) -> Wondering {
    let step = &track.steps[current];
    let is_heard = situation.sightings.iter().any(|sighting| sighting.verdict == AuthVerdict::Matched);
    let mut causes = Vec::new();
    // A refusal needs no patience: the request came and says what is wrong.
    causes.extend(refusal::newest(situation.sightings));
    let waits_for_connection = !is_heard && step.expects.is_some();
    if waits_for_connection && situation.is_local && is_silent && track.id != GuideTrackId::Other {
        causes.push(no_tunnel(track.from.name()));
    }
    let since = waiting_since(track, current, states, situation);
    let patience = Millis::from(step.patience) * MINUTE;
    let is_late = since.is_some_and(|since| situation.now - since >= patience);
    if is_late && step.expects.is_some() {
        if waits_for_connection && !situation.is_local && is_silent {
            causes.push(silent_tunnel());
        }
        causes.extend(step.causes.iter().filter_map(|cause| to_cause(cause, situation.sightings)));
    }
    causes.truncate(MOST_CAUSES);
    let look_again_at = since.filter(|_| !is_late && step.expects.is_some()).map(|since| since + patience);
    Wondering { causes, look_again_at }
}

/// When the wait for the current step's request began: with the last step before it, or with the token.
fn waiting_since(
    track: &Track,
    current: usize,
    states: &[GuideStepState],
    situation: &Situation<'_>,
) -> Option<Millis> {
    let before = track.steps.iter().zip(states).take(current).filter_map(|(step, state)| match state {
        GuideStepState::Seen { exchange_id, .. } => {
            situation.sightings.iter().find(|sighting| sighting.first_id == *exchange_id).map(|seen| seen.first_at)
        }
        GuideStepState::ByHand { .. } => situation.ticks.get(step.id).copied(),
        _ => None,
    });
    before.chain(situation.token_at).max()
}

fn to_cause(cause: &Cause, sightings: &[Sighting]) -> Option<GuideCause> {
    let newest = cause.when.holds(sightings)?;
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
        remedy: "Not one request has arrived. Open the base URL in a browser: if this app answers, it is in the list of requests."
            .to_owned(),
        action: Some(GuideAction::Tunnel),
        exchange_id: None,
    }
}

fn to_step(step: &Step, state: GuideStepState, base_url: &str) -> GuideStep {
    GuideStep {
        id: step.id.to_owned(),
        title: step.title.to_owned(),
        outcome: step.outcome.to_owned(),
        place: step.place.iter().map(|&part| part.to_owned()).collect(),
        hint: step.hint.to_owned(),
        fields: step.fields.iter().map(|field| to_field(field, base_url)).collect(),
        expects: step.expects.map(str::to_owned),
        is_optional: step.is_optional,
        state,
    }
}

fn to_field(field: &Field, base_url: &str) -> GuideField {
    let value = match field.value {
        Value::BaseUrl => GuideValue::Text { text: base_url.to_owned(), is_base_url: true },
        Value::Text(text) => GuideValue::Text { text: text.to_owned(), is_base_url: false },
        Value::Choice(text) => GuideValue::Choice { text: text.to_owned() },
        Value::Token(bearer) => GuideValue::Token { bearer },
        Value::Boxes(boxes) => {
            let to_box = |&(label, is_on): &(&str, bool)| GuideBox { label: label.to_owned(), is_on };
            GuideValue::Boxes { boxes: boxes.iter().map(to_box).collect() }
        }
    };
    GuideField { name: field.name.to_owned(), value }
}

#[cfg(test)]
mod tests;
