//! A phase of one program, in slices: between them the others have their turn, so that what the disk and the machine do meanwhile hits
//! all of them.

use std::time::Duration;

use crate::connection::Connection;
use crate::figures::Figures;
use crate::load::{Bound, Load, ask, play};
use crate::phase::{Expected, Groups, Phase, members};
use crate::process::{Memory, Usage};
use crate::program::Kind;
use crate::stage::{Stage, created};

/// Members in one PATCH, as Okta pushes a large group.
const MEMBERS_IN_A_PATCH: usize = 1_000;
/// Members that are taken out in one PATCH: each is an operation of its own.
const REMOVALS_IN_A_PATCH: usize = 100;
/// Members of a small group at first.
const SMALL: usize = 10;
/// From the first member of a small group to that of the next: nobody is in two, as long as there are people.
const APART: usize = 2 * SMALL;
/// A warm-up is over after so long, once each connection was used.
const WARM_UP: Duration = Duration::from_millis(200);

/// What a phase has taken so far.
pub(crate) struct Measuring {
    phase: Phase,
    connections: Vec<Connection>,
    small: Groups,
    /// Operations so far, those of the warm-up included.
    played: usize,
    /// Operations at the most, likewise.
    most: usize,
    slices: Vec<Load>,
    usage: Usage,
}

impl Measuring {
    /// Prepares the groups that a phase needs, connects and warms up.
    ///
    /// # Errors
    /// An answer that is not what it has to be.
    pub(crate) async fn begin(
        stage: &mut Stage<'_>,
        phase: Phase,
        connections: usize,
        most: usize,
    ) -> Result<Self, String> {
        let warm_up = Bound { least: 10, most: connections + 20, time: WARM_UP };
        let (most, small) = match phase {
            Phase::MemberOf10 => (most, small_groups(stage, most.div_ceil(SMALL)).await?),
            Phase::MemberOfAll => (most.min(outsiders(stage.population.len())), Groups::none()),
            _ => (most + warm_up.most, Groups::none()),
        };
        if phase == Phase::MemberOfAll && stage.everybody.is_none() {
            stage.everybody = Some(everybody(stage).await?);
        }
        let address = stage.running()?.address;
        let mut open = Vec::with_capacity(connections);
        for _ in 0..connections {
            open.push(Connection::open(address).await?);
        }
        let mut measuring =
            Self { phase, connections: open, small, played: 0, most, slices: Vec::new(), usage: Usage::default() };
        measuring.played = measuring.play(stage, warm_up).await?.latencies.len();
        stage.settle().await?;
        Ok(measuring)
    }

    /// Plays on for a while, and waits until the program has come to rest.
    ///
    /// # Errors
    /// An answer that is not what it has to be.
    pub(crate) async fn slice(&mut self, stage: &Stage<'_>, bound: Bound) -> Result<(), String> {
        let most = bound.most.min(self.most.saturating_sub(self.played));
        if most == 0 {
            return Ok(());
        }
        let pid = stage.running()?.pid();
        let before = Usage::of(pid)?;
        let load = self.play(stage, Bound { most, ..bound }).await?;
        self.usage = self.usage.plus(stage.settle().await?.since(before));
        self.played += load.latencies.len();
        self.slices.push(load);
        Ok(())
    }

    /// What an operation cost. Looks whether a member that was added is there, and takes out of the group of everybody who was added to it.
    ///
    /// # Errors
    /// An answer that is not what it has to be.
    pub(crate) async fn end(mut self, stage: &mut Stage<'_>) -> Result<Figures, String> {
        let pid = stage.running()?.pid();
        let figures = Figures::new(&self.slices, self.usage, Memory::of(pid)?);
        let is_peer = stage.program.kind == Kind::Peer;
        // A large group is not read from our own: what that takes would show in its memory.
        if self.phase == Phase::MemberOf10 || (self.phase == Phase::MemberOfAll && is_peer) {
            self.look_at_last(stage).await?;
        }
        if self.phase == Phase::MemberOfAll {
            match self.take_out(stage).await {
                // The next time it has another group.
                Err(_) if is_peer => stage.everybody = None,
                ended => ended?,
            }
            stage.settle().await?;
        }
        Ok(figures)
    }

    /// Looks whether the last member that was added to a group is in it, with those who were there before.
    async fn look_at_last(&mut self, stage: &Stage<'_>) -> Result<(), String> {
        let groups = stage.everybody.as_ref().filter(|_| self.phase == Phase::MemberOfAll).unwrap_or(&self.small);
        let (group, person) = groups.pick(self.played - 1, &stage.population);
        let request = stage.running()?.okta.read_group(group);
        let mut members = groups.members(self.played - 1, SMALL, &stage.population);
        members.push(person.to_owned());
        ask(&mut self.connections[0], &request, &Expected::Members(members)).await.map(drop)
    }

    async fn take_out(&mut self, stage: &Stage<'_>) -> Result<(), String> {
        let okta = &stage.running()?.okta;
        let (group, first) = stage.everybody.as_ref().ok_or("there is no group of everybody")?.only();
        for members in stage.population.ids()[first..first + self.played].chunks(REMOVALS_IN_A_PATCH) {
            ask(&mut self.connections[0], &okta.remove_members(group, members), &Expected::Changed).await?;
        }
        Ok(())
    }

    async fn play(&mut self, stage: &Stage<'_>, bound: Bound) -> Result<Load, String> {
        let groups = stage.everybody.as_ref().filter(|_| self.phase == Phase::MemberOfAll).unwrap_or(&self.small);
        let (running, first) = (stage.running()?, self.played);
        let operation = |nth| self.phase.operation(first + nth, &running.okta, &stage.population, groups);
        play(&mut self.connections, operation, bound).await
    }
}

/// New groups of [`SMALL`] members.
async fn small_groups(stage: &Stage<'_>, count: usize) -> Result<Groups, String> {
    let running = stage.running()?;
    let mut connection = Connection::open(running.address).await?;
    let mut ids = Vec::with_capacity(count);
    for number in 0..count {
        let name = format!("Small {}", stage.population.turn());
        let request = running.okta.create_group(&name, &members(number * APART, SMALL, &stage.population));
        ids.push(created(&mut connection, &request).await?.0);
    }
    Ok(Groups::new(ids, SMALL, APART))
}

/// A group of everybody but a few who can still be added.
async fn everybody(stage: &Stage<'_>) -> Result<Groups, String> {
    let running = stage.running()?;
    let mut connection = Connection::open(running.address).await?;
    let (group, _) = created(&mut connection, &running.okta.create_group("Everybody", &[])).await?;
    let count = stage.population.len() - outsiders(stage.population.len());
    for members in stage.population.ids()[..count].chunks(MEMBERS_IN_A_PATCH) {
        ask(&mut connection, &running.okta.add_members(&group, members), &Expected::Changed).await?;
    }
    Ok(Groups::new(vec![group], count, 0))
}

/// How many people stay out of the group of everybody, to be added one by one.
fn outsiders(users: usize) -> usize {
    (users / 4).min(2_000)
}
