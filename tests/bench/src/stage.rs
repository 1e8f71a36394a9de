//! A program on its folder with its people, as it goes through the phases.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::answer;
use crate::connection::Connection;
use crate::figures::{Figures, megabytes};
use crate::load::{Load, ask, brief, percentile};
use crate::okta::Person;
use crate::phase::{Expected, Groups, page};
use crate::population::Population;
use crate::process::{Memory, Usage, rest};
use crate::program::{Kind, Program, Running};

/// Creates that are left out at the beginning of an import: the first ones fill caches.
const FIRST_CREATES: usize = 100;
/// Creates at each end of an import that are compared, at the most.
const CREATES_COMPARED: usize = 1_000;
/// Pages at each end that are compared, each so often.
const PAGES_COMPARED: usize = 10;
const ROUNDS: usize = 3;
/// Starts of which the median counts.
const STARTS: usize = 3;

/// A running program, who is in it, and its folder.
pub(crate) struct Stage<'a> {
    pub(crate) program: &'a Program,
    folder: PathBuf,
    running: Option<Running>,
    pub(crate) population: Population,
    /// The group of nearly everybody, once a phase has needed it.
    pub(crate) everybody: Option<Groups>,
}

impl<'a> Stage<'a> {
    /// Starts the program on a fresh folder and imports people on one connection. Returns what a create cost, and what it cost at the end
    /// as a multiple of what it cost at the beginning.
    ///
    /// # Errors
    /// If it cannot be started, or does not create somebody.
    pub(crate) async fn import(
        program: &'a Program,
        folder: &Path,
        users: usize,
    ) -> Result<(Self, Figures, f64), String> {
        // What an earlier run left there.
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let running = program.start(folder)?;
        let mut connection = Connection::open(running.address).await?;
        let before = rest(running.pid()).await?;
        let began = Instant::now();
        let (mut ids, mut latencies) = (Vec::with_capacity(users), Vec::with_capacity(users));
        for number in 0..users {
            let (id, took) = created(&mut connection, &running.okta.create(&Person::new(number))).await?;
            ids.push(id);
            latencies.push(took);
        }
        let time = began.elapsed();
        let usage = rest(running.pid()).await?.since(before);
        let growth = growth(&latencies);
        latencies.sort_unstable();
        let figures = Figures::new(&[Load { time, latencies }], usage, Memory::of(running.pid())?);
        let (population, folder) = (Population::new(ids), folder.to_owned());
        Ok((Self { program, folder, running: Some(running), population, everybody: None }, figures, growth))
    }

    /// The time from the start of the program to its first answer, if it keeps what it has.
    ///
    /// # Errors
    /// If it does not come back.
    pub(crate) async fn restart(&mut self) -> Result<Option<Duration>, String> {
        if self.program.kind == Kind::Peer {
            return Ok(None);
        }
        let mut times = Vec::with_capacity(STARTS);
        for _ in 0..STARTS {
            let running = self.running.take().ok_or("the program did not come back")?;
            let (running, took) = self.program.restart(running, &self.folder).await?;
            rest(running.pid()).await?;
            self.running = Some(running);
            times.push(took);
        }
        times.sort_unstable();
        Ok(Some(times[STARTS / 2]))
    }

    /// What the program has used so far.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn usage(&self) -> Result<Usage, String> {
        Usage::of(self.running()?.pid())
    }

    /// Waits until what the program does behind its answers is done; the floor does nothing there. Returns what it has used.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) async fn settle(&self) -> Result<Usage, String> {
        if self.program.kind == Kind::Floor { self.usage() } else { rest(self.running()?.pid()).await }
    }

    /// Memory that is resident now and at the most, in MB.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn memory_mb(&self) -> Result<(f64, f64), String> {
        let memory = Memory::of(self.running()?.pid())?;
        Ok((megabytes(memory.now), megabytes(memory.most)))
    }

    /// What the last pages cost, as a multiple of the first.
    ///
    /// # Errors
    /// If one of them is not what it has to be.
    pub(crate) async fn page_growth(&self) -> Result<f64, String> {
        let running = self.running()?;
        let mut connection = Connection::open(running.address).await?;
        let pages = self.population.len().div_ceil(crate::phase::PAGE);
        let compared = PAGES_COMPARED.min(pages / 2).max(1);
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for number in (0..compared).cycle().take(compared * ROUNDS) {
            for (number, times) in [(number, &mut first), (pages - 1 - number, &mut last)] {
                let (request, expected) = page(number, &running.okta, &self.population);
                times.push(ask(&mut connection, &request, &expected).await?);
            }
        }
        Ok(share(last, 0.5) / share(first, 0.5))
    }

    /// The program as it runs now.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn running(&self) -> Result<&Running, String> {
        self.running.as_ref().ok_or_else(|| format!("{} has ended", self.program.label))
    }
}

/// Sends a request that creates something, and returns its id and how long it took.
///
/// # Errors
/// If it is answered something else.
pub(crate) async fn created(connection: &mut Connection, request: &str) -> Result<(String, Duration), String> {
    let began = Instant::now();
    let answer = connection.ask(request.as_bytes()).await?;
    let took = began.elapsed();
    Expected::Created.check(&answer).map_err(|error| format!("{error}\nto: {}", brief(request)))?;
    let id = answer::text(&answer.body, "id").ok_or("what was created has no id")?;
    Ok((id.to_owned(), took))
}

/// The times at the end as a multiple of those at the beginning, each by its tenth percentile: the disk has slow seconds, and an import
/// has no second turn to be measured in.
fn growth(times: &[Duration]) -> f64 {
    let times = &times[FIRST_CREATES.min(times.len() / 10)..];
    let compared = (times.len() / 8).clamp(1, CREATES_COMPARED);
    share(times[times.len() - compared..].to_vec(), 0.1) / share(times[..compared].to_vec(), 0.1)
}

/// The time in seconds that so many of the times do not exceed.
fn share(mut times: Vec<Duration>, share: f64) -> f64 {
    times.sort_unstable();
    percentile(&times, share).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_compares_the_ends() {
        let times: Vec<_> =
            (0..10_000).map(|number| Duration::from_micros(if number < 5_000 { 100 } else { 150 })).collect();
        assert!((growth(&times) - 1.5).abs() < 1e-9);
        assert!((growth(&times[..10]) - 1.0).abs() < 1e-9);
    }
}
