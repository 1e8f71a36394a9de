//! Starts a run: looks whether it can be, invites a guest, and lets it go on beside everything else.

use std::sync::Arc;

use simulator::check::{self, CheckInfo, Outcomes};
use simulator::run::{self, Options};
use simulator::{Address, Leftover, Pace, Scenario, SimulatedProvider, Target, Tenant, Token};

use super::Simulations;
use super::record::{Record, planned};
use super::tenants::FOREIGN_PREFIX;
use crate::clock::rfc3339;
use crate::core::Core;
use crate::directory::{Error, Result, browse};
use crate::guests::{GUEST_HEADER, Guest};
use crate::ids::short_id;
use crate::model::ResourceKind;
use crate::model::{
    Actor, Directory, DirectoryId, DirectoryKey, ListenerState, NewSimulation, Simulation, SimulationPace,
    SimulationState, SimulationTarget, SimulationTargetKind, SimulationWhat,
};
use crate::store::{StoreError, resources};

/// People in one run at the most.
const MOST_PEOPLE: u32 = 10_000;

/// The guest whose token a run shows, and one whose token is wrong. Both are good for nothing once the run is over.
struct Invited {
    admitted: Guest,
    refused: Guest,
}

/// Where a run goes, and what opens it.
struct Destination {
    kind: SimulationTargetKind,
    url: String,
    target: Target,
    guests: Option<Invited>,
    /// The directory that it goes to; `None`: another server.
    own: Option<(DirectoryKey, DirectoryId)>,
    /// Whether what it makes ends up on a server of others: that is another server, or the directory forwards to one that is not on this
    /// machine. Names are marked there, and what is made is removed at the end.
    is_elsewhere: bool,
}

pub(super) async fn start(simulations: &Simulations, new: NewSimulation) -> Result<Simulation> {
    let core = simulations.core.clone();
    let place = match new.directory_id.clone() {
        Some(id) => {
            let key = browse::find(&core, &id)?.directory;
            Some((key, core.run(move |core| browse::read_directory(core, &id)).await?))
        }
        None => None,
    };
    check_what(&new.what)?;
    let is_foreign = matches!(new.target, SimulationTarget::Foreign { .. });
    if is_foreign && new.what == SimulationWhat::CleanUp {
        return Err(Error::invalid("target", "A run on another server cleans up by itself."));
    }
    let destination = destination(&core, place.as_ref(), &new)?;
    let checks = chosen_checks(&new.what);
    let earlier = simulations.latest(new.directory_id.as_ref()).and_then(|run| goes_on(&run, &new.what, &destination));
    let (what, total, stopped, left, outcomes) = match earlier {
        Some((before, outcomes)) => {
            (before.what, before.total, before.stopped, (before.users_left, before.groups_left), outcomes)
        }
        None => (new.what.clone(), checks.len() as u32, None, Default::default(), Outcomes::default()),
    };
    let (users_left, groups_left) = left;
    let simulation = Simulation {
        id: short_id(),
        directory_id: new.directory_id.clone(),
        title: title(&what),
        what,
        target_kind: destination.kind,
        target_url: destination.url.clone(),
        state: SimulationState::Running,
        started_at: rfc3339(core.clock.now()),
        total,
        passed: 0,
        warnings: 0,
        failed: 0,
        skipped: 0,
        silent: 0,
        steps_dropped: 0,
        steps_kept_from: 1,
        duration_ms: 0,
        current: None,
        waiting: None,
        upcoming: checks.iter().map(|check| planned(check.title, check.id)).collect(),
        stopped,
        users_left,
        groups_left,
        score: None,
        suites: Vec::new(),
    };
    let record = Arc::new(Record::new(simulation, outcomes));
    simulations.take_in(record.clone())?;
    let began = record.simulation();
    let (running, ending) = (simulations.clone(), core.ended());
    tokio::spawn(async move {
        let carried_out = carry_out(&running, &record, &new, destination);
        // A server that ends does not wait for a run.
        tokio::select! {
            () = carried_out => {}
            () = ending => {}
        }
        running.tell(&record);
    });
    Ok(began)
}

async fn carry_out(simulations: &Simulations, record: &Record, new: &NewSimulation, destination: Destination) {
    let Destination { own, target, guests, is_elsewhere, .. } = destination;
    let mut hear = |progress| {
        record.hear(progress);
        simulations.tell(record);
    };
    match &new.what {
        SimulationWhat::Scenario { provider, scenario, people } => {
            let mut tenant = match &own {
                Some((key, id)) if !is_elsewhere => {
                    let known = simulations.tenants().known(id, *provider, false);
                    pass_over_taken(&simulations.core, *key, Tenant::clone(&known.tenant)).await
                }
                _ => Tenant::clone(&simulations.tenants().beginner(*provider, true).tenant),
            };
            let wrong_token = match &guests {
                Some(guests) => guests.refused.reveal().to_owned(),
                None => run::WRONG_TOKEN.to_owned(),
            };
            let options = Options {
                provider: *provider,
                scenario: *scenario,
                people: *people,
                pace: if simulations.pauses { pace(new.pace, *scenario) } else { Pace::none() },
                cleans_up: is_elsewhere,
                wrong_token,
            };
            let summary = run::run(&options, &target, &mut tenant, record.stopper(), &mut hear).await;
            if let Some((key, id)) = own.as_ref().filter(|_| !is_elsewhere) {
                simulations.remember(id, *key, *provider, tenant);
            }
            record.finish(summary, !is_elsewhere);
        }
        SimulationWhat::Checks { suites, only } => {
            let mut hear = |progress| {
                record.hear_check(progress);
                simulations.tell(record);
            };
            let report = check::run(suites, only, &target, record.stopper(), &mut hear).await;
            // What a run that it goes on with left may be gone by now.
            let Simulation { users_left, groups_left, .. } = record.simulation();
            let report = report.with_earlier(users_left, groups_left, &target).await;
            record.finish_checks(&report);
        }
        SimulationWhat::CleanUp => {
            // Another server is never cleaned up so.
            let Some((key, id)) = &own else { return };
            let (users, groups) = made(&simulations.core, *key).await.unwrap_or_else(|error| {
                tracing::error!(%error, "what the simulator made cannot be listed");
                (Vec::new(), Vec::new())
            });
            let summary =
                run::remove(SimulatedProvider::Generic, users, groups, &target, record.stopper(), &mut hear).await;
            simulations.tenants().forget(id);
            record.finish(summary, false);
        }
    }
    // Only now is its token good for nothing.
    drop(guests);
}

fn check_what(what: &SimulationWhat) -> Result<()> {
    match what {
        SimulationWhat::Scenario { provider, scenario, .. } if !scenario.is_for(*provider) => {
            Err(Error::invalid("scenario", format!("{} does not do this.", provider.name())))
        }
        SimulationWhat::Scenario { people, .. } if !(1..=MOST_PEOPLE).contains(people) => {
            Err(Error::invalid("people", format!("From 1 to {MOST_PEOPLE} people can be assigned in one run.")))
        }
        SimulationWhat::Checks { .. } if chosen_checks(what).is_empty() => {
            Err(Error::invalid("suites", "Choose at least one suite, and only checks that are in it."))
        }
        _ => Ok(()),
    }
}

/// If single checks of an earlier run are run again: that run and what came of its checks, which stays.
fn goes_on(earlier: &Record, what: &SimulationWhat, destination: &Destination) -> Option<(Simulation, Outcomes)> {
    let SimulationWhat::Checks { only, .. } = what else { return None };
    let (before, outcomes) = (earlier.simulation(), earlier.outcomes());
    let is_there = before.target_kind == destination.kind && before.target_url == destination.url;
    let ran = |id: &String| outcomes.as_slice().iter().any(|outcome| outcome.check.id == id);
    (is_there && !only.is_empty() && only.iter().all(ran)).then_some((before, outcomes))
}

fn chosen_checks(what: &SimulationWhat) -> Vec<CheckInfo> {
    let SimulationWhat::Checks { suites, only } = what else { return Vec::new() };
    let is_chosen = |check: &CheckInfo| only.is_empty() || only.iter().any(|id| id == check.id);
    suites.iter().flat_map(|suite| suite.list()).filter(is_chosen).collect()
}

fn title(what: &SimulationWhat) -> String {
    match what {
        SimulationWhat::Scenario { provider, scenario, .. } => format!("{} as {}", scenario.title(), provider.name()),
        SimulationWhat::Checks { suites, only } => match (suites.as_slice(), only.as_slice()) {
            (_, [_]) => "One check".to_owned(),
            ([suite], _) => format!("Checks: {}", suite.title()),
            _ => "All checks".to_owned(),
        },
        SimulationWhat::CleanUp => "Remove what the simulator made".to_owned(),
    }
}

fn pace(pace: SimulationPace, scenario: Scenario) -> Pace {
    match pace {
        // Whoever assigns a thousand people wants to see how fast it goes.
        _ if scenario == Scenario::ImportThousand => Pace::none(),
        SimulationPace::None => Pace::none(),
        SimulationPace::Quick => Pace::quick(),
        SimulationPace::Real => Pace::real(),
        SimulationPace::Watchable => Pace::watchable(),
    }
}

fn destination(core: &Core, place: Option<&(DirectoryKey, Directory)>, new: &NewSimulation) -> Result<Destination> {
    let own = || place.ok_or_else(|| Error::invalid("directoryId", "Name the directory to send to."));
    let (kind, url) = match &new.target {
        SimulationTarget::Local => (SimulationTargetKind::Local, local(core, &own()?.1.id)?),
        SimulationTarget::Tunnel if own()?.1.base_url_is_local => {
            return Err(Error::invalid("target", "This environment has no tunnel URL. Add one in Settings."));
        }
        SimulationTarget::Tunnel => (SimulationTargetKind::Tunnel, own()?.1.base_url.clone()),
        SimulationTarget::Foreign { base_url, token } => {
            let address = Address::parse(base_url).map_err(|message| Error::invalid("baseUrl", message))?;
            let token = Token::new(token.reveal()).map_err(|message| Error::invalid("token", message))?;
            if !new.confirmed {
                return Err(Error::invalid("confirmed", consent(&address)));
            }
            let url = address.to_string();
            let (kind, target) = (SimulationTargetKind::Foreign, Target::new(address, token));
            return Ok(Destination { kind, url, target, guests: None, own: None, is_elsewhere: true });
        }
    };
    let (key, directory) = own()?;
    let elsewhere = elsewhere(core, &directory.id);
    if let Some(address) = elsewhere.as_ref().filter(|_| !new.confirmed) {
        return Err(Error::invalid("confirmed", consent(address)));
    }
    let guests = Invited { admitted: core.guests.invite(*key), refused: core.guests.invite_refused(*key) };
    let address = Address::parse(&url).map_err(|message| Error::invalid("target", message))?;
    let token = Token::new(guests.admitted.reveal()).map_err(|message| Error::invalid("target", message))?;
    let mark = Token::new(guests.refused.reveal()).map_err(|message| Error::invalid("target", message))?;
    let target = Target::new(address, token).with_mark(GUEST_HEADER, mark);
    let own = Some((*key, directory.id.clone()));
    Ok(Destination { kind, url, target, guests: Some(guests), own, is_elsewhere: elsewhere.is_some() })
}

/// The server that a directory forwards to, at once or by way of others here, if it is not on this machine.
fn elsewhere(core: &Core, directory: &DirectoryId) -> Option<Address> {
    /// Directories that forward to each other; one that goes round is refused when it is asked.
    const MOST_HOPS: usize = 8;
    let to = |id: &DirectoryId| core.scopes.get(id).and_then(|scope| Some(scope.forwarding.as_ref()?.to.clone()));
    let mut address = to(directory)?;
    for _ in 0..MOST_HOPS {
        let next = address.last_segment().and_then(|id| to(&DirectoryId::from(id)));
        let Some(next) = next.filter(|_| address.is_loopback()) else { break };
        address = next;
    }
    (!address.is_loopback()).then_some(address)
}

fn local(core: &Core, directory_id: &DirectoryId) -> Result<String> {
    match core.listener() {
        ListenerState::Listening { .. } => Ok(format!("{}/scim/v2/{directory_id}", core.local_url())),
        ListenerState::Failed { port, .. } => {
            Err(Error::conflict("target", format!("Nothing listens at port {port}, so nothing can be sent there.")))
        }
    }
}

/// What a person has to agree to.
fn consent(address: &Address) -> String {
    let clear = match address.is_https() || address.is_loopback() {
        true => "",
        false => " The token can be read in transit: the URL starts with http.",
    };
    format!(
        "{address} is another server: users and groups whose names begin with {FOREIGN_PREFIX:?} will be created there, and deleted at the end.{clear} Confirm this first."
    )
}

/// The same identity provider with people and groups whose names nobody in the directory has: it takes nobody there for its own.
async fn pass_over_taken(core: &Core, key: DirectoryKey, tenant: Tenant) -> Tenant {
    let known = tenant.clone();
    let passed = core.run(move |core| {
        core.store.read(|c| {
            let mut tenant = tenant;
            let failure = std::cell::Cell::new(None);
            tenant.pass_over(|kind, name| {
                let found = resources::is_taken(c, key, kind, name);
                found.unwrap_or_else(|error| {
                    failure.set(Some(error));
                    false
                })
            });
            failure.take().map_or(Ok(tenant), Err)
        })
    });
    passed.await.unwrap_or_else(|error: StoreError| {
        tracing::error!(%error, "whose names are taken cannot be read");
        known
    })
}

/// Users and groups of a directory that the simulator made, and that nobody else has changed.
pub(super) async fn made(core: &Core, key: DirectoryKey) -> Result<(Vec<Leftover>, Vec<Leftover>), StoreError> {
    core.run(move |core| {
        core.store.read(|c| {
            let made = |kind| resources::made_by(c, key, kind, &Actor::Simulator).map(left);
            Ok((made(ResourceKind::User)?, made(ResourceKind::Group)?))
        })
    })
    .await
}

fn left(resources: Vec<(String, String)>) -> Vec<Leftover> {
    resources.into_iter().map(|(id, name)| Leftover { id, name }).collect()
}
