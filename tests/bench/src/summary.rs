//! What the figures must be, and whether they are. Nothing fails because of it: the times are the machine's.

use std::time::Duration;

use crate::figures::{Life, Measured};
use crate::phase::Phase;
use crate::table::{NOTHING, Table, milliseconds, one_digit, thousands, two_digits};

/// Throughput as a share of the floor's, at 1 connection.
const SHARES: [(Phase, f64); 8] = [
    (Phase::Create, 0.30),
    (Phase::Patch, 0.30),
    (Phase::Put, 0.30),
    (Phase::MemberOf10, 0.30),
    (Phase::MemberOfAll, 0.30),
    (Phase::Lookup, 0.40),
    (Phase::Get, 0.40),
    (Phase::Page, 0.25),
];
/// Throughput of the mixed load at [`MANY`] connections, as a share of the floor's.
const MIXED_SHARE: f64 = 0.30;
/// Its 99th percentile: Okta's workers wait for each other's answers.
const MIXED_P99: Duration = Duration::from_millis(25);
/// KB written for each: a create is a row, a version and a recorded request; a read is a recorded request.
const WRITTEN: [(Phase, f64); 3] = [(Phase::Create, 60.0), (Phase::Lookup, 6.0), (Phase::Get, 6.0)];
/// The median among the most people, as a multiple of the median among the fewest.
const GROWING: [Phase; 4] = [Phase::Lookup, Phase::Get, Phase::Patch, Phase::MemberOf10];
const GROWTH: f64 = 1.25;
/// The end of an import as a multiple of its beginning, and a member of everybody's group as a multiple of a member of a small one.
const IMPORT_GROWTH: f64 = 1.5;
const MEMBER_GROWTH: f64 = 1.5;
/// What holds up to this size.
const PROMISED: usize = 100_000;
const RESIDENT_MB: f64 = 100.0;
const START: Duration = Duration::from_millis(150);
/// Connections of one worker, of several, and of many.
const ONE: usize = 1;
const SEVERAL: usize = 8;
const MANY: usize = 64;

/// A bound, and on which side of it a figure has to be.
#[derive(Clone, Copy)]
enum Must {
    AtLeast(f64),
    AtMost(f64),
}

/// The table of a program. A figure that was measured at several sizes shows all of them, ascending; the worst decides.
pub(crate) fn summary(measured: &Measured, label: &str) -> Table {
    let sizes = measured.sizes();
    let mut table = Table::new(&["figure", "must", "measured", "ok?"]);
    let mut add = |figure: String, must: Must, unit: &str, found: &[Option<f64>], show: fn(f64) -> String| {
        table.rows.push(row(figure, must, unit, found, show));
    };
    let by_size = |of: &dyn Fn(usize) -> Option<f64>| -> Vec<_> { sizes.iter().map(|&users| of(users)).collect() };
    let p50 = |users, phase| Some(measured.figures(label, users, phase, ONE)?.p50.as_secs_f64());

    for (phase, least) in SHARES {
        let found = by_size(&|users| measured.share(label, users, phase, ONE));
        add(format!("{}, 1 connection", phase.title()), Must::AtLeast(least), " of the floor", &found, two_digits);
    }
    let found = by_size(&|users| measured.share(label, users, Phase::Mixed, MANY));
    add("mixed, 64 connections".to_owned(), Must::AtLeast(MIXED_SHARE), " of the floor", &found, two_digits);
    let found = by_size(&|users| Some(measured.figures(label, users, Phase::Mixed, MANY)?.p99.as_secs_f64() * 1e3));
    add("mixed, 64 connections, p99".to_owned(), Must::AtMost(milli(MIXED_P99)), " ms", &found, one_digit);
    let rate = |users, connections| Some(measured.figures(label, users, Phase::Mixed, connections)?.rate);
    let found = by_size(&|users| Some(rate(users, MANY)? / rate(users, SEVERAL)?));
    add("mixed, 64 connections to 8".to_owned(), Must::AtLeast(1.0), " ×", &found, two_digits);
    for (phase, most) in WRITTEN {
        let found = by_size(&|users| Some(measured.figures(label, users, phase, ONE)?.written_kb));
        add(format!("written, {}", phase.title()), Must::AtMost(most), " KB", &found, one_digit);
    }
    if let [fewest, .., most] = sizes[..] {
        for phase in GROWING {
            let found = p50(most, phase).zip(p50(fewest, phase)).map(|(large, small)| large / small);
            let figure = format!("{}, {} → {} users", phase.title(), thousands(fewest), thousands(most));
            add(figure, Must::AtMost(GROWTH), " ×", &[found], two_digits);
        }
    }
    let life = |users| measured.lives.iter().find(|life: &&Life| life.label == label && life.users == users);
    let found = by_size(&|users| Some(life(users)?.import_growth));
    add("last creates of the import to the first".to_owned(), Must::AtMost(IMPORT_GROWTH), " ×", &found, two_digits);
    let found = by_size(&|users| Some(p50(users, Phase::MemberOfAll)? / p50(users, Phase::MemberOf10)?));
    add("member, group of all to group of 10".to_owned(), Must::AtMost(MEMBER_GROWTH), " ×", &found, two_digits);
    let promised = |users: usize| life(users).filter(|_| users <= PROMISED);
    let found = by_size(&|users| Some(promised(users)?.resident_mb));
    add("resident after all of it".to_owned(), Must::AtMost(RESIDENT_MB), " MB", &found, one_digit);
    let found = by_size(&|users| Some(milli(promised(users)?.start?)));
    add("start to the first answer".to_owned(), Must::AtMost(milli(START)), " ms", &found, one_digit);
    let found = by_size(&|users| Some(life(users)?.idle_ms));
    add("processor while nobody asks".to_owned(), Must::AtMost(0.0), " ms/s", &found, one_digit);
    table
}

/// The medians at 1 connection at each size, of a program and of the floor.
pub(crate) fn growth(measured: &Measured) -> Table {
    let sizes = measured.sizes();
    let head: Vec<_> = ["program", "median, 1 connection"].map(str::to_owned).into_iter().collect();
    let mut table = Table {
        head: head.into_iter().chain(sizes.iter().map(|&users| format!("{} users, ms", thousands(users)))).collect(),
        rows: Vec::new(),
    };
    for label in measured.labels() {
        for phase in GROWING.into_iter().chain([Phase::MemberOfAll]) {
            let medians = sizes.iter().map(|&users| {
                let figures = measured.figures(label, users, phase, ONE);
                figures.map_or_else(|| NOTHING.to_owned(), |figures| milliseconds(figures.p50))
            });
            table.rows.push([label.to_owned(), phase.title().to_owned()].into_iter().chain(medians).collect());
        }
    }
    table
}

fn row(figure: String, must: Must, unit: &str, found: &[Option<f64>], show: fn(f64) -> String) -> Vec<String> {
    let numbers: Vec<f64> = found.iter().copied().flatten().collect();
    let (sign, bound, is_ok) = match must {
        Must::AtLeast(bound) => ("≥", bound, numbers.iter().all(|&number| number >= bound)),
        Must::AtMost(bound) => ("≤", bound, numbers.iter().all(|&number| number <= bound)),
    };
    let shown: Vec<_> = found.iter().map(|number| number.map_or_else(|| NOTHING.to_owned(), show)).collect();
    let verdict = match (numbers.is_empty(), is_ok) {
        (true, _) => NOTHING,
        (_, true) => "yes",
        (_, false) => "no",
    };
    vec![figure, format!("{sign} {}{unit}", trimmed(bound)), shown.join(" · "), verdict.to_owned()]
}

/// `60` for 60.0, `0.30` for 0.3.
fn trimmed(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { two_digits(number) }
}

fn milli(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_size_decides() {
        let judged = |must, found: &[Option<f64>]| row("it".to_owned(), must, " ×", found, two_digits);
        assert_eq!(judged(Must::AtMost(1.5), &[Some(1.0), Some(1.6)]), ["it", "≤ 1.50 ×", "1.00 · 1.60", "no"]);
        assert_eq!(judged(Must::AtLeast(1.0), &[Some(1.0), None]), ["it", "≥ 1 ×", "1.00 · —", "yes"]);
        assert_eq!(judged(Must::AtLeast(1.0), &[None])[3], NOTHING);
    }
}
