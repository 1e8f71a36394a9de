//! What is printed at the end, and the part of `docs/performance.md` that is made from it.

use std::path::Path;

use crate::figures::{FLOOR, Measured};
use crate::program::Kind;
use crate::table::{Table, comparison, lives, phases, thousands};
use crate::{machine, summary};

/// What encloses the tables of a run, in a document that also says other things.
struct Markers {
    begin: &'static str,
    end: &'static str,
}

const OWN: Markers =
    Markers { begin: "<!-- bench: from here on written by script/bench -->", end: "<!-- bench: as far as here -->" };
/// A run with servers of others has a place of its own: it goes only as far as they do.
const PEERS: Markers = Markers {
    begin: "<!-- bench: from here on written by script/bench --peers -->",
    end: "<!-- bench: as far as here, with peers -->",
};

/// A heading and its table.
type Section = (String, Table);

/// The tables as text, without those of the phases, which were told on the way.
pub(crate) fn text(measured: &Measured) -> String {
    ends(measured).iter().map(|(heading, table)| format!("\n{heading}\n{}", table.text())).collect()
}

/// Writes the tables into the file, between the markers if it has them. With servers of others, only how they compare.
///
/// # Errors
/// If the file cannot be read or written.
pub(crate) fn write(file: &Path, measured: &Measured, folder: &Path) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", file.display());
    let old = if file.exists() { std::fs::read_to_string(file).map_err(failed)? } else { String::new() };
    let (markers, sections) = match has_peers(measured) {
        true => (PEERS, comparisons(measured)),
        false => (OWN, ends(measured).into_iter().chain(by_phase(measured)).collect()),
    };
    let mut text = format!("Version {}, on {}.\n", env!("CARGO_PKG_VERSION"), machine::describe(folder));
    for (heading, table) in sections {
        text.push_str(&format!("\n### {heading}\n\n{}", table.markdown()));
    }
    std::fs::write(file, insert(&old, &text, &markers)).map_err(failed)
}

fn by_phase(measured: &Measured) -> Vec<Section> {
    let servers = measured.labels().into_iter().filter(|&label| label != FLOOR);
    let of_server = |label| {
        let of_size = move |users| (format!("{label}, {} users", thousands(users)), phases(measured, label, users));
        measured.sizes().into_iter().map(of_size)
    };
    servers.flat_map(of_server).collect()
}

fn comparisons(measured: &Measured) -> Vec<Section> {
    let of_size = |users| (format!("Operations per second, {} users", thousands(users)), comparison(measured, users));
    let sizes = measured.sizes().into_iter().map(of_size);
    sizes.chain([("Import and memory".to_owned(), lives(measured))]).collect()
}

fn has_peers(measured: &Measured) -> bool {
    measured.lives.iter().any(|life| life.kind == Kind::Peer)
}

fn ends(measured: &Measured) -> Vec<Section> {
    let servers = measured.lives.iter().filter(|life| life.kind == Kind::Server);
    let mut labels: Vec<_> = servers.map(|life| life.label.as_str()).collect();
    labels.dedup();
    labels.sort_unstable();
    labels.dedup();
    let summaries = labels.into_iter().map(|label| (format!("Summary, {label}"), summary::summary(measured, label)));
    let others = [("Import, start, memory", lives(measured)), ("Growth", summary::growth(measured))];
    summaries.chain(others.map(|(heading, table)| (heading.to_owned(), table))).collect()
}

/// `old` with what stands between its markers replaced; without markers, with `new` between markers at its end.
fn insert(old: &str, new: &str, Markers { begin, end }: &Markers) -> String {
    let (before, after) = match old.split_once(begin) {
        Some((before, rest)) => (before, rest.split_once(end).map_or("\n", |(_, after)| after)),
        None => (old, "\n"),
    };
    format!("{before}{begin}\n\n{}\n\n{end}{after}", new.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let Markers { begin, end } = OWN;
        let once = insert("# Title\n\n", "first\n", &OWN);
        assert_eq!(once, format!("# Title\n\n{begin}\n\nfirst\n\n{end}\n"));
        let twice = insert(&format!("{once}more\n"), "second\n", &OWN);
        assert_eq!(twice, format!("# Title\n\n{begin}\n\nsecond\n\n{end}\nmore\n"));
        assert_eq!(insert(&twice, "third\n", &PEERS).matches("second").count(), 1);
    }
}
