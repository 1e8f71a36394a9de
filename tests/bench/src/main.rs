//! How much a request costs: `scim-setup serve` under Okta's load, beside a floor in the same run. `script/bench` builds and runs it.
//!
//! It prints numbers and judges them, but a bad one is not a failure: times are the machine's, and only ratios travel. What fails is an
//! answer that is not what it has to be.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

mod answer;
mod connection;
mod document;
mod figures;
mod load;
mod machine;
mod measuring;
mod okta;
mod phase;
mod population;
mod process;
mod program;
mod run;
mod signal;
mod stage;
mod summary;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::figures::Measured;
use crate::phase::Phase;
use crate::run::{Pace, Plan, run};

/// Users by default, with `--large`, and with `--quick`.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const LARGE: usize = 1_000_000;
const QUICK_SIZE: usize = 1_000;
/// Connections by default and with `--quick`.
const CONNECTIONS: [usize; 3] = [1, 8, 64];
const QUICK_CONNECTIONS: [usize; 2] = [1, 8];
/// Peers keep all in memory, and some look through all of it for each request.
const MOST_FOR_PEERS: usize = 10_000;
/// Fewer people than a small group and a few pages need cannot be measured.
const FEWEST: usize = 400;

/// Measures what a request costs, beside a floor in the same run.
#[derive(Parser)]
#[command(name = "script/bench")]
struct Arguments {
    /// 1,000 users, 1 and 8 connections, short phases: less than a minute
    #[arg(long)]
    quick: bool,
    /// 1,000,000 users as well
    #[arg(long, conflicts_with = "users")]
    large: bool,
    /// How many users, as in 1000,10000
    #[arg(long, value_delimiter = ',', value_name = "N,…", value_parser = clap::value_parser!(u32).range(FEWEST as i64..))]
    users: Vec<u32>,
    /// How many connections at once, as in 1,8,64
    #[arg(long, value_delimiter = ',', value_name = "N,…", value_parser = clap::value_parser!(u16).range(1..=1_000))]
    connections: Vec<u16>,
    /// Only these phases
    #[arg(long, value_delimiter = ',', value_name = "PHASE,…")]
    phases: Vec<Phase>,
    /// Also write the tables into this file, between its markers
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Measure this scim-setup instead of the one that was built; several times to compare them
    #[arg(long = "server", value_name = "[LABEL=]PATH")]
    servers: Vec<String>,
    /// Leave out the floor, and with it what is said as a share of it
    #[arg(long)]
    no_floor: bool,
    /// Also measure servers of others, all of them in memory: SAML Jackson, scimmy, the crate scim-server; up to 10,000 users
    #[arg(long)]
    peers: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match bench(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn bench(arguments: &Arguments) -> Result<(), String> {
    let built = std::env::current_exe().map_err(|error| error.to_string())?;
    let built = built.parent().ok_or("the program is in no folder")?;
    let target = built.parent().ok_or("the program is in no folder")?;
    // Its own, so that two runs do not take each other's away.
    let folder = target.join("bench").join(std::process::id().to_string());
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let plan = plan(arguments, built, target, &folder)?;

    println!("On {}.", machine::describe(&folder));
    if machine::is_in_memory(&folder) {
        println!(
            "That is not a disk: what is said about writing is worth nothing. Put the build elsewhere (CARGO_TARGET_DIR)."
        );
    }
    // Leaving by a signal leaves no program behind: what runs ends with what holds it.
    let ended = signal::end()?;
    tokio::select! {
        result = measure(&plan, arguments.markdown.as_deref()) => result?,
        () = ended => return Err("ended before it was done".to_owned()),
    }
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

async fn measure(plan: &Plan, markdown: Option<&Path>) -> Result<(), String> {
    let mut measured = Measured::default();
    for &users in &plan.sizes {
        run(plan, users, &mut measured)
            .await
            .map_err(|error| format!("{error}\nWhat the programs said is in {}", plan.folder.display()))?;
        // After each size, so that a run that is cut short has not been for nothing.
        if let Some(file) = markdown {
            document::write(file, &measured, &plan.folder)?;
        }
    }
    print!("{}", document::text(&measured));
    for refusal in &measured.refusals {
        println!("\n{refusal}");
    }
    Ok(())
}

fn plan(arguments: &Arguments, built: &Path, target: &Path, folder: &Path) -> Result<Plan, String> {
    let mut sizes: Vec<_> = arguments.users.iter().map(|&users| users as usize).collect();
    if sizes.is_empty() {
        sizes = if arguments.quick { vec![QUICK_SIZE] } else { SIZES.to_vec() };
    }
    sizes.extend(arguments.large.then_some(LARGE));
    let mut connections: Vec<_> = arguments.connections.iter().map(|&count| usize::from(count)).collect();
    if connections.is_empty() {
        connections = if arguments.quick { QUICK_CONNECTIONS.to_vec() } else { CONNECTIONS.to_vec() };
    }
    let mut programs = program::programs(built, &arguments.servers, !arguments.no_floor)?;
    if arguments.peers {
        programs.extend(program::peers(target)?);
    }
    Ok(Plan {
        sizes,
        connections,
        phases: run::in_order(&arguments.phases),
        programs,
        pace: if arguments.quick { Pace::QUICK } else { Pace::FULL },
        folder: folder.to_owned(),
        most_for_peers: MOST_FOR_PEERS,
    })
}
