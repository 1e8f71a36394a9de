//! What is printed at the end, and the part of `docs/performance.md` that is made from it.

use std::path::Path;

use crate::figures::{FLOOR, Measured};
use crate::table::{Table, lives, phases, thousands};
use crate::{machine, summary};

const BEGIN: &str = "<!-- bench: from here on written by script/bench -->";
const END: &str = "<!-- bench: as far as here -->";

/// A heading and its table.
type Section = (String, Table);

/// The tables as text, without those of the phases, which were told on the way.
pub(crate) fn text(measured: &Measured) -> String {
    ends(measured).iter().map(|(heading, table)| format!("\n{heading}\n{}", table.text())).collect()
}

/// Writes all tables into the file, between the markers if it has them.
///
/// # Errors
/// If the file cannot be read or written.
pub(crate) fn write(file: &Path, measured: &Measured, folder: &Path) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", file.display());
    let old = if file.exists() { std::fs::read_to_string(file).map_err(failed)? } else { String::new() };
    std::fs::write(file, insert(&old, &markdown(measured, folder))).map_err(failed)
}

fn markdown(measured: &Measured, folder: &Path) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!("Version {version}, on {}.\n", machine::describe(folder));
    let by_phase = measured.labels().into_iter().filter(|&label| label != FLOOR).flat_map(|label| {
        let of_size = move |users| (format!("{label}, {} users", thousands(users)), phases(measured, label, users));
        measured.sizes().into_iter().map(of_size)
    });
    for (heading, table) in ends(measured).into_iter().chain(by_phase).filter(|(_, table)| !table.rows.is_empty()) {
        text.push_str(&format!("\n### {heading}\n\n{}", table.markdown()));
    }
    for refusal in &measured.refusals {
        let refusal: Vec<_> = refusal.lines().next().into_iter().collect();
        text.push_str(&format!("\n- {}", refusal.concat()));
    }
    text
}

fn ends(measured: &Measured) -> Vec<Section> {
    let servers = measured.lives.iter().filter(|life| life.kind == crate::program::Kind::Server);
    let mut labels: Vec<_> = servers.map(|life| life.label.as_str()).collect();
    labels.dedup();
    labels.sort_unstable();
    labels.dedup();
    let summaries = labels.into_iter().map(|label| (format!("Summary, {label}"), summary::summary(measured, label)));
    let others = [("Import, start, memory", lives(measured)), ("Growth", summary::growth(measured))];
    summaries.chain(others.map(|(heading, table)| (heading.to_owned(), table))).collect()
}

/// `old` with what stands between its markers replaced; without markers, only `new` between markers.
fn insert(old: &str, new: &str) -> String {
    let (before, after) = match old.split_once(BEGIN) {
        Some((before, rest)) => (before, rest.split_once(END).map_or("\n", |(_, after)| after)),
        None => (old, "\n"),
    };
    format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", new.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let once = insert("# Title\n\n", "first\n");
        assert_eq!(once, format!("# Title\n\n{BEGIN}\n\nfirst\n\n{END}\n"));
        let twice = insert(&format!("{once}more\n"), "second\n");
        assert_eq!(twice, format!("# Title\n\n{BEGIN}\n\nsecond\n\n{END}\nmore\n"));
    }
}
