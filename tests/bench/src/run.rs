//! A whole run: sizes, phases, connections, and the programs in turn, so that what the machine does meanwhile hits all of them.

use std::path::PathBuf;
use std::time::Duration;

use crate::figures::{Life, Measured, Row};
use crate::load::Bound;
use crate::measuring::Measuring;
use crate::phase::{ALL, Phase};
use crate::program::{Kind, Program};
use crate::stage::Stage;
use crate::{machine, table};

/// What a run goes through.
pub(crate) struct Plan {
    pub(crate) sizes: Vec<usize>,
    pub(crate) connections: Vec<usize>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) programs: Vec<Program>,
    pub(crate) pace: Pace,
    /// Where the data folders are made.
    pub(crate) folder: PathBuf,
    /// The largest size for servers that keep everything in memory.
    pub(crate) most_for_peers: usize,
}

/// How long is measured.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Slices of a phase, in which the programs take turns.
    slices: usize,
    /// A slice, if its operations do not run out before.
    time: Duration,
    /// Operations of a slice, however long they take.
    least: usize,
    /// Operations of a phase at the most: those that read, and those that change what is there.
    reads: usize,
    writes: usize,
    /// Creates, and members of small groups: each leaves something behind.
    additions: usize,
    /// How long is looked on while nobody asks.
    idle: Duration,
}

impl Pace {
    /// Numbers to publish.
    pub(crate) const FULL: Self = Self {
        slices: 5,
        time: Duration::from_millis(500),
        least: 40,
        reads: 20_000,
        writes: 10_000,
        additions: 2_000,
        idle: Duration::from_secs(5),
    };
    /// Numbers to work with, all of them in less than a minute.
    pub(crate) const QUICK: Self = Self {
        slices: 3,
        time: Duration::from_millis(140),
        least: 20,
        reads: 5_000,
        writes: 2_000,
        additions: 300,
        idle: Duration::from_secs(2),
    };

    /// Operations of a phase at the most.
    fn most(self, phase: Phase) -> usize {
        match phase {
            Phase::Lookup | Phase::Get | Phase::Page | Phase::Mixed => self.reads,
            Phase::Patch | Phase::Put => self.writes,
            Phase::Create | Phase::MemberOf10 | Phase::MemberOfAll => self.additions,
        }
    }

    fn slice(self, phase: Phase) -> Bound {
        Bound { least: self.least, most: self.most(phase).div_ceil(self.slices), time: self.time }
    }
}

/// Goes through the plan with so many users, and says what it finds on the way.
///
/// # Errors
/// A program that does not start, or answers what it must not.
pub(crate) async fn run(plan: &Plan, users: usize, measured: &mut Measured) -> Result<(), String> {
    let fsync = machine::fsync(&plan.folder)?;
    let (median, worst) = (table::milliseconds(fsync.median), table::milliseconds(fsync.worst));
    println!("\n{} users; the disk takes {median} ms for an fsync, {worst} ms at the most", table::thousands(users));
    let mut stages = Vec::new();
    for program in &plan.programs {
        if program.kind == Kind::Peer && users > plan.most_for_peers {
            continue;
        }
        let folder = plan.folder.join(&program.label);
        let (mut stage, import, import_growth) = Stage::import(program, &folder, users).await?;
        println!("  {:<14} imported at {:.0} creates/s", program.label, import.rate);
        let start = stage.restart().await?;
        let label = program.label.clone();
        let life = Life {
            label,
            kind: program.kind,
            users,
            import,
            import_growth,
            start,
            idle_ms: 0.0,
            page_growth: None,
            resident_mb: 0.0,
            peak_mb: 0.0,
        };
        stages.push((stage, life));
    }
    let before = stages.iter().map(|(stage, _)| stage.usage()).collect::<Result<Vec<_>, _>>()?;
    tokio::time::sleep(plan.pace.idle).await;
    for ((stage, life), before) in stages.iter_mut().zip(before) {
        life.idle_ms = stage.usage()?.since(before).cpu_us() / 1e3 / plan.pace.idle.as_secs_f64();
    }
    // Creates come last: they leave more people behind than the size says.
    let (creates, others): (Vec<_>, Vec<_>) = plan.phases.iter().partition(|&&phase| phase == Phase::Create);
    for &phase in others.into_iter().chain(creates) {
        for &connections in &plan.connections {
            run_phase(plan, phase, connections, &mut stages, measured).await?;
        }
    }
    for (stage, mut life) in stages {
        (life.resident_mb, life.peak_mb) = stage.memory_mb()?;
        measured.lives.push(life);
    }
    Ok(())
}

/// Lets the programs take turns at a phase.
async fn run_phase(
    plan: &Plan,
    phase: Phase,
    connections: usize,
    stages: &mut [(Stage<'_>, Life)],
    measured: &mut Measured,
) -> Result<(), String> {
    let mut turns = Vec::with_capacity(stages.len());
    for (stage, _) in &mut *stages {
        turns.push(Measuring::begin(stage, phase, connections, plan.pace.most(phase)).await);
    }
    for _ in 0..plan.pace.slices {
        for ((stage, _), turn) in stages.iter().zip(&mut turns) {
            if let Ok(measuring) = turn
                && let Err(error) = measuring.slice(stage, plan.pace.slice(phase)).await
            {
                *turn = Err(error);
            }
        }
    }
    for ((stage, life), turn) in stages.iter_mut().zip(turns) {
        let figures = match turn {
            Ok(measuring) => measuring.end(stage).await,
            Err(error) => Err(error),
        };
        let failed = |error| format!("{}, {}: {error}", life.label, phase.title());
        let figures = match figures {
            Ok(figures) => Some(figures),
            Err(error) if life.kind == Kind::Peer => {
                measured.refusals.push(failed(error));
                None
            }
            Err(error) => return Err(failed(error)),
        };
        if phase == Phase::Page && figures.is_some() && life.page_growth.is_none() {
            life.page_growth = Some(stage.page_growth().await?);
        }
        let (label, users) = (life.label.clone(), life.users);
        let row = Row { label, users, phase, connections, figures };
        measured.rows.push(row.clone());
        println!("{}", table::progress(&row, measured.share(&row.label, users, phase, connections)));
    }
    Ok(())
}

/// The phases that were chosen, in the order of the tables.
pub(crate) fn in_order(chosen: &[Phase]) -> Vec<Phase> {
    ALL.into_iter().filter(|phase| chosen.is_empty() || chosen.contains(phase)).collect()
}
