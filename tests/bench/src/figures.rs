//! What is measured, as values.

use std::time::Duration;

use crate::load::{Load, percentile};
use crate::phase::Phase;
use crate::process::{Memory, Usage};
use crate::program::Kind;

/// What one operation of a phase costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) operations: usize,
    /// Operations per second in the best slice: what else the machine did meanwhile can only have taken away.
    pub(crate) rate: f64,
    /// Of the same slice.
    pub(crate) p50: Duration,
    /// Of all slices.
    pub(crate) p99: Duration,
    /// Processor time of the server for one operation, in µs; what it does behind the answer is in it.
    pub(crate) cpu_us: f64,
    /// Written to the disk for one operation, in KB; what is written behind the answer is in it.
    pub(crate) written_kb: f64,
    /// Resident when the phase was over, in MB.
    pub(crate) resident_mb: f64,
}

/// A program in a phase.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) users: usize,
    pub(crate) phase: Phase,
    pub(crate) connections: usize,
    /// `None`: a server of others that cannot do it.
    pub(crate) figures: Option<Figures>,
}

/// What is measured of a program once for each size.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) users: usize,
    /// The import on one connection.
    pub(crate) import: Figures,
    /// What a create costs at its end, as a multiple of what it costs at its beginning.
    pub(crate) import_growth: f64,
    /// From its start to its first answer, with these people in its folder; `None` if it forgets them.
    pub(crate) start: Option<Duration>,
    /// Processor time while nobody asks, in ms per second.
    pub(crate) idle_ms: f64,
    /// What the last pages cost, as a multiple of the first; `None` if not measured.
    pub(crate) page_growth: Option<f64>,
    /// Resident after all phases, and at the most, in MB.
    pub(crate) resident_mb: f64,
    pub(crate) peak_mb: f64,
}

/// All that a run has measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) rows: Vec<Row>,
    pub(crate) lives: Vec<Life>,
    /// What the servers of others could not do, and what they said.
    pub(crate) refusals: Vec<String>,
}

impl Figures {
    /// What the slices took, if the program used `usage` for all of them.
    pub(crate) fn new(slices: &[Load], usage: Usage, memory: Memory) -> Self {
        let mut latencies = slices.iter().flat_map(|slice| &slice.latencies).copied().collect::<Vec<_>>();
        latencies.sort_unstable();
        let count = latencies.len().max(1) as f64;
        let best = slices.iter().max_by(|one, other| one.rate().total_cmp(&other.rate()));
        Self {
            operations: latencies.len(),
            rate: best.map_or(0.0, Load::rate),
            p50: best.map_or(Duration::ZERO, |slice| percentile(&slice.latencies, 0.50)),
            p99: percentile(&latencies, 0.99),
            cpu_us: usage.cpu_us() / count,
            written_kb: usage.written as f64 / 1024.0 / count,
            resident_mb: megabytes(memory.now),
        }
    }
}

impl Measured {
    /// The figures of a program in a phase.
    pub(crate) fn figures(&self, label: &str, users: usize, phase: Phase, connections: usize) -> Option<Figures> {
        let row = self.rows.iter().find(|row| {
            row.label == label && row.users == users && row.phase == phase && row.connections == connections
        });
        row.and_then(|row| row.figures)
    }

    /// The rate of a program as a share of the floor's.
    pub(crate) fn share(&self, label: &str, users: usize, phase: Phase, connections: usize) -> Option<f64> {
        let floor = self.figures(FLOOR, users, phase, connections)?;
        Some(self.figures(label, users, phase, connections)?.rate / floor.rate)
    }

    /// The sizes that were measured, ascending.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<_> = self.lives.iter().map(|life| life.users).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// The programs that were measured, in the order in which they came.
    pub(crate) fn labels(&self) -> Vec<&str> {
        let mut labels = Vec::new();
        for life in &self.lives {
            if !labels.contains(&life.label.as_str()) {
                labels.push(life.label.as_str());
            }
        }
        labels
    }
}

/// The floor's label.
pub(crate) const FLOOR: &str = "floor";

/// MB of KB.
pub(crate) fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1024.0
}
