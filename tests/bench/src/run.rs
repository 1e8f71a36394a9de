//! A whole run: sizes, phases, connections, and the programs in turn, so that what the machine does meanwhile hits all of them.

use std::path::PathBuf;
use std::time::Duration;

use crate::figures::{Life, Measured, Row};
use crate::load::Bound;
use crate::phase::{ALL, Phase};
use crate::program::{Kind, Program};
use crate::stage::Stage;
use crate::table;

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
    /// A phase, if its operations do not run out before.
    time: Duration,
    least: usize,
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
        time: Duration::from_millis(2_500),
        least: 200,
        reads: 20_000,
        writes: 10_000,
        additions: 2_000,
        idle: Duration::from_secs(5),
    };
    /// Numbers to work with, all of them in less than a minute.
    pub(crate) const QUICK: Self = Self {
        time: Duration::from_millis(400),
        least: 50,
        reads: 5_000,
        writes: 2_000,
        additions: 300,
        idle: Duration::from_secs(2),
    };

    fn bound(self, phase: Phase) -> Bound {
        let most = match phase {
            Phase::Lookup | Phase::Get | Phase::Page | Phase::Mixed => self.reads,
            Phase::Patch | Phase::Put => self.writes,
            Phase::Create | Phase::MemberOf10 | Phase::MemberOfAll => self.additions,
        };
        Bound { least: self.least, most, time: self.time }
    }
}

/// Goes through the plan; says what it finds on the way.
///
/// # Errors
/// A program that does not start, or answers what it must not.
pub(crate) async fn run(plan: &Plan) -> Result<Measured, String> {
    let mut measured = Measured::default();
    for &users in &plan.sizes {
        println!("\n{} users", table::thousands(users));
        run_size(plan, users, &mut measured).await?;
    }
    Ok(measured)
}

async fn run_size(plan: &Plan, users: usize, measured: &mut Measured) -> Result<(), String> {
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
            for (stage, life) in &mut stages {
                let figures = match stage.measure(phase, connections, plan.pace.bound(phase)).await {
                    Ok(figures) => Some(figures),
                    Err(error) if life.kind == Kind::Peer => {
                        measured.refusals.push(format!("{}, {}: {error}", life.label, phase.title()));
                        None
                    }
                    Err(error) => return Err(format!("{}, {}: {error}", life.label, phase.title())),
                };
                let row = Row { label: life.label.clone(), users, phase, connections, figures };
                measured.rows.push(row.clone());
                println!("{}", table::progress(&row, measured.share(&life.label, users, phase, connections)));
                if phase == Phase::Page && figures.is_some() && life.page_growth.is_none() {
                    life.page_growth = Some(stage.page_growth().await?);
                }
            }
        }
    }
    for (stage, mut life) in stages {
        (life.resident_mb, life.peak_mb) = stage.memory_mb()?;
        measured.lives.push(life);
    }
    Ok(())
}

/// The phases that were chosen, in the order of the tables.
pub(crate) fn in_order(chosen: &[Phase]) -> Vec<Phase> {
    ALL.into_iter().filter(|phase| chosen.is_empty() || chosen.contains(phase)).collect()
}
