//! `scim-setup simulate`.

use simulator::run::{self, Options};
use simulator::{
    DEFAULT_SEED, Evidence, Pace, People, Progress, SOURCES, Scenario, SimulatedProvider, StepReport, Stop, Summary,
    Tenant, Verdict,
};

use crate::foreign::{self, Foreign};
use crate::{Ended, print, visible};

/// What begins every name that is made on a server.
const PREFIX: &str = "sim-";

#[derive(clap::Args)]
pub(crate) struct Simulate {
    /// Who is played: okta-aiw, okta-template, entra, entra-flag, onelogin, jumpcloud, google, pingone, authentik, keycloak or generic
    #[arg(value_name = "PROVIDER")]
    provider: SimulatedProvider,
    /// What happens; `list` names all that this one plays
    #[arg(long, value_name = "NAME", default_value = "lifecycle")]
    scenario: String,
    #[command(flatten)]
    foreign: Foreign,
    /// How many people are assigned, for assign-user and lifecycle [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    people: Option<u32>,
    /// Which people; the same number always gives the same
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How fast: none, or real for the pauses that identity providers make
    #[arg(long, value_name = "PACE", default_value = "none")]
    pace: PaceName,
    /// Leave on the server what was made
    #[arg(long)]
    keep: bool,
    /// Print one line of JSON for everything that happens, the last one a summary
    #[arg(long)]
    json: bool,
    /// Print what the sources that steps name stand for, and do nothing
    #[arg(long)]
    sources: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PaceName {
    None,
    Real,
}

impl Simulate {
    pub(crate) fn run(self) -> Result<Ended, String> {
        if self.sources {
            return print(&sources()).map(|()| Ended::Well);
        }
        if self.scenario == "list" {
            return print(&list(self.provider)).map(|()| Ended::Well);
        }
        let scenario: Scenario = self.scenario.parse()?;
        if !scenario.is_for(self.provider) {
            return Err(format!(
                "{} does not do {}; --scenario list names what it does",
                self.provider.id(),
                scenario.id()
            ));
        }
        if self.people.is_some() && !scenario.takes_people() {
            return Err(format!("{} does not leave open how many people there are; leave out --people", scenario.id()));
        }
        let target = self.foreign.target()?;
        let options = Options {
            provider: self.provider,
            scenario,
            people: self.people.unwrap_or(1),
            pace: match self.pace {
                PaceName::None => Pace::none(),
                PaceName::Real => Pace::real(),
            },
            cleans_up: !self.keep,
            wrong_token: run::WRONG_TOKEN.to_owned(),
        };
        let mut tenant = Tenant::new(People::new(self.seed, PREFIX));
        let runtime = crate::runtime()?;
        runtime.block_on(async {
            let steps = run::count_steps(&options, &tenant).await;
            self.foreign.confirm(&target, &self.warning(&target, steps))?;
            let stop = Stop::new();
            let then = if self.keep { "what was made stays there" } else { "what was made is removed" };
            foreign::stop_at_signal(stop.clone(), then)?;
            let mut telling = Telling::new(self.json, stop.clone());
            let summary =
                run::run(&options, &target, &mut tenant, &stop, &mut |progress| telling.tell(&progress)).await;
            telling.finish(&summary)?;
            Ok(if summary.is_good() { Ended::Well } else { Ended::Badly })
        })
    }

    fn warning(&self, target: &simulator::Target, steps: u32) -> String {
        let then = if self.keep { "They stay there." } else { "They are removed at the end." };
        format!(
            "This sends about {steps} requests to {} and creates users and groups whose names begin with {PREFIX:?}. {then}",
            target.address()
        )
    }
}

fn list(provider: SimulatedProvider) -> String {
    let scenarios = Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider));
    scenarios.map(|scenario| format!("{:20} {}\n", scenario.id(), scenario.summary())).collect()
}

fn sources() -> String {
    SOURCES.iter().map(|(key, title)| format!("{key:24} {title}\n")).collect()
}

/// Prints what happens.
struct Telling {
    as_json: bool,
    /// Why stdout could not be written.
    broken: Option<String>,
    /// Stops the run when nobody reads what it prints.
    stop: Stop,
    total: u32,
    /// Whether any request was answered.
    is_reached: bool,
    /// Why the newest request that was not answered was not.
    unanswered: Option<String>,
}

impl Telling {
    fn new(as_json: bool, stop: Stop) -> Self {
        Self { as_json, broken: None, stop, total: 0, is_reached: false, unanswered: None }
    }

    fn tell(&mut self, progress: &Progress) {
        if let Progress::Ended { step } = progress {
            self.is_reached |= step.status.is_some();
            self.unanswered = step.exchange.as_ref().and_then(|sent| sent.failure.clone()).or(self.unanswered.take());
        }
        match progress {
            Progress::Planned { total, .. } => self.total = *total,
            Progress::Began { number, step } => {
                foreign::show_line(&format!("{number} of {} {}", self.total.max(*number), step.title));
            }
            Progress::Waiting { text, .. } => foreign::show_line(text),
            Progress::Ended { step } if !self.as_json => {
                foreign::show_line("");
                self.print(&step_text(step));
            }
            _ => {}
        }
        let is_result = matches!(progress, Progress::Ended { .. } | Progress::Finished { .. });
        if self.as_json && is_result {
            match serde_json::to_string(progress) {
                Ok(line) => self.print(&format!("{}\n", visible::json(&line))),
                Err(error) => self.broken = Some(error.to_string()),
            }
        }
    }

    fn print(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = print(text).err();
        }
        if self.broken.is_some() {
            self.stop.stop();
        }
    }

    fn finish(mut self, summary: &Summary) -> Result<(), String> {
        foreign::show_line("");
        if !self.as_json {
            self.print(&summary_text(summary));
        }
        // A server that cannot be reached says nothing about itself: the run did not even begin.
        let unreached = self.unanswered.filter(|_| !self.is_reached);
        self.broken.or(unreached).map_or(Ok(()), Err)
    }
}

/// One line for a step, and below it what is wrong.
fn step_text(step: &StepReport) -> String {
    let mark = match step.verdict {
        Verdict::Passed => "ok  ",
        Verdict::Warning => "warn",
        Verdict::Failed => "FAIL",
        Verdict::Skipped => "skip",
        Verdict::Silent => "-   ",
    };
    let sent = if step.method.is_empty() { String::new() } else { format!(": {} {}", step.method, step.target) };
    let status = step.status.map(|status| format!(" → {status} in {} ms", step.duration_ms)).unwrap_or_default();
    let mut lines = vec![format!("{mark} {}{sent}{status}{}", step.title, known(step))];
    for finding in &step.findings {
        let section = if finding.section.is_empty() { String::new() } else { format!(" ({})", finding.section) };
        lines.push(format!("     {}{section}", finding.because));
        lines.push(format!("     expected {}, came {}", finding.expected, finding.actual));
    }
    lines.extend(step.note.iter().map(|note| format!("     {note}")));
    if let Some(admin) = &step.admin {
        lines.push(format!("     The administrator sees under {}: {}", admin.place, admin.text));
        lines.push(format!("     Then: {}", admin.then));
    }
    visible::lines(&lines)
}

/// How it is known that the identity provider does this: ` [observed: LabA §1, LabB §6; OktaRef]`.
fn known(step: &StepReport) -> String {
    let Evidence { mark, from } = step.evidence;
    match (step.verdict, from) {
        // What is skipped was not sent, so nobody has to believe it.
        (Verdict::Skipped, _) => String::new(),
        (_, "") => format!(" [{}]", mark.label()),
        (_, from) => format!(" [{}: {from}]", mark.label()),
    }
}

fn summary_text(summary: &Summary) -> String {
    let Summary { passed, warnings, failed, skipped, duration_ms, .. } = summary;
    let mut lines = vec![format!(
        "{passed} passed, {warnings} with warnings, {failed} failed, {skipped} skipped in {duration_ms} ms"
    )];
    lines.extend(summary.stopped.iter().map(|stopped| format!("The run ended early. {stopped}")));
    lines.extend(foreign::left_lines(&summary.users_left, &summary.groups_left));
    visible::lines(&lines)
}
