//! Tables, for a terminal and for Markdown.

use std::time::Duration;

use crate::figures::{FLOOR, Figures, Life, Measured, Row};
use crate::phase;

/// What stands where nothing was measured.
pub(crate) const NOTHING: &str = "—";

/// A table: names of its columns, and its rows.
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// As Markdown; the first column on the left, numbers on the right.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule: Vec<_> = (0..self.head.len()).map(|at| if at == 0 { "---" } else { "---:" }.to_owned()).collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{}{rows}", line(&self.head), line(&rule))
    }

    /// With columns of the same width.
    pub(crate) fn text(&self) -> String {
        let all = || std::iter::once(&self.head).chain(&self.rows);
        let width = |at: usize| all().map(|row| row[at].chars().count()).max().unwrap_or_default();
        let widths: Vec<_> = (0..self.head.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, &width))| {
                if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            cells.collect::<Vec<_>>().join("  ") + "\n"
        };
        all().map(line).collect()
    }
}

/// The phases of a program at a size, beside the floor.
pub(crate) fn phases(measured: &Measured, label: &str, users: usize) -> Table {
    let mut table = Table::new(&[
        "phase",
        "conn.",
        "floor: ops/s",
        "CPU µs",
        "KB written",
        "ops/s",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        "KB written",
        "MB resident",
        "of the floor",
    ]);
    for phase in phase::ALL {
        let rows = measured.rows.iter().filter(|row| row.label == label && row.users == users && row.phase == phase);
        for row in rows {
            let floor = measured.figures(FLOOR, users, phase, row.connections);
            let mut cells = vec![phase.title().to_owned(), row.connections.to_string()];
            cells.extend(or_nothing(floor, |it| [rounded(it.rate), rounded(it.cpu_us), one_digit(it.written_kb)]));
            cells.extend(or_nothing(row.figures, |it| {
                let (p50, p99) = (milliseconds(it.p50), milliseconds(it.p99));
                [rounded(it.rate), p50, p99, rounded(it.cpu_us), one_digit(it.written_kb), rounded(it.resident_mb)]
            }));
            let share = measured.share(label, users, phase, row.connections);
            cells.push(share.map_or_else(|| NOTHING.to_owned(), two_digits));
            table.rows.push(cells);
        }
    }
    table
}

/// The throughput of all programs at a size, beside each other.
pub(crate) fn comparison(measured: &Measured, users: usize) -> Table {
    let labels = measured.labels();
    let mut table = Table::new(&[&["phase", "conn."], &labels[..]].concat());
    for phase in phase::ALL {
        let rows = measured.rows.iter().filter(|row| {
            row.users == users && row.phase == phase && labels.first().is_some_and(|&first| first == row.label)
        });
        for Row { connections, .. } in rows {
            let rates = labels.iter().map(|label| {
                let figures = measured.figures(label, users, phase, *connections);
                figures.map_or_else(|| NOTHING.to_owned(), |figures| rounded(figures.rate))
            });
            table.rows.push([phase.title().to_owned(), connections.to_string()].into_iter().chain(rates).collect());
        }
    }
    table
}

/// What is measured once for each size and program.
pub(crate) fn lives(measured: &Measured) -> Table {
    let mut table = Table::new(&[
        "program",
        "users",
        "import: creates/s",
        "CPU µs",
        "KB written",
        "last / first",
        "pages: last / first",
        "start ms",
        "idle CPU ms/s",
        "MB resident",
        "at most",
    ]);
    for life in &measured.lives {
        let Life { label, users, import, import_growth, start, idle_ms, page_growth, resident_mb, peak_mb, .. } = life;
        table.rows.push(vec![
            label.clone(),
            thousands(*users),
            rounded(import.rate),
            rounded(import.cpu_us),
            one_digit(import.written_kb),
            two_digits(*import_growth),
            page_growth.map_or_else(|| NOTHING.to_owned(), two_digits),
            start.map_or_else(|| NOTHING.to_owned(), milliseconds),
            one_digit(*idle_ms),
            rounded(*resident_mb),
            rounded(*peak_mb),
        ]);
    }
    table
}

/// A line that tells of a row as soon as it is measured.
pub(crate) fn progress(row: &Row, share: Option<f64>) -> String {
    let Row { label, phase, connections, figures, .. } = row;
    let begin = format!("  {:<20}{connections:>3} conn.  {label:<14}", phase.title());
    let Some(Figures { operations, rate, p50, p99, cpu_us, written_kb, resident_mb }) = *figures else {
        return begin + NOTHING;
    };
    let share = share.map_or_else(String::new, |share| format!("  {} of the floor", two_digits(share)));
    format!(
        "{begin}{:>8}/s  p50 {:>8} ms  p99 {:>8} ms  {:>7} µs CPU  {:>7} KB  {:>4} MB  ({operations} operations){share}",
        rounded(rate),
        milliseconds(p50),
        milliseconds(p99),
        rounded(cpu_us),
        one_digit(written_kb),
        rounded(resident_mb),
    )
}

/// `12,345`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Milliseconds, with as many digits as say something.
pub(crate) fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    if milliseconds < 10.0 { format!("{milliseconds:.2}") } else { format!("{milliseconds:.0}") }
}

pub(crate) fn two_digits(number: f64) -> String {
    format!("{number:.2}")
}

pub(crate) fn one_digit(number: f64) -> String {
    format!("{number:.1}")
}

fn rounded(number: f64) -> String {
    thousands(number.round() as usize)
}

fn or_nothing<const N: usize>(figures: Option<Figures>, cells: impl Fn(Figures) -> [String; N]) -> [String; N] {
    figures.map_or_else(|| std::array::from_fn(|_| NOTHING.to_owned()), cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_people() {
        assert_eq!([1, 999, 1_000, 1_234_567].map(thousands), ["1", "999", "1,000", "1,234,567"]);
        assert_eq!(milliseconds(Duration::from_micros(1_234)), "1.23");
        assert_eq!(milliseconds(Duration::from_millis(123)), "123");
    }

    #[test]
    fn a_table_lines_up() {
        let mut table = Table::new(&["a", "bcd"]);
        table.rows.push(vec!["long".to_owned(), "1".to_owned()]);
        assert_eq!(table.text(), "a     bcd\nlong    1\n");
        assert_eq!(table.markdown(), "| a | bcd |\n| --- | ---: |\n| long | 1 |\n");
    }
}
