//! What is recorded after a restart, and whether it fits what was changed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::Value;

use crate::role::Role;

/// Rows that the control API gives at once.
const PAGE: usize = 200;

/// The requests of a directory as far as they were read.
#[derive(Default)]
pub(crate) struct Recorded {
    /// The mark of each request, if it has one, by the request's id.
    marks: BTreeMap<i64, Option<String>>,
    /// The newest change that was read.
    newest_change: i64,
}

impl Recorded {
    /// Reads what has come since, and returns when those of these were acknowledged that are not recorded.
    pub(crate) fn read_on(
        &mut self,
        person: &mut Role,
        directory: &str,
        acknowledged: &[(String, Instant)],
    ) -> Vec<Instant> {
        let known = self.marks.last_key_value().map_or(0, |(id, _)| *id);
        let path = format!("/api/directories/{directory}/exchanges");
        let new = newer_than(person, &path, |row| number(row, "id"), known);
        let mut seen = BTreeSet::new();
        for row in &new {
            let mark = row["path"].as_str().and_then(|path| path.split_once("?mark=")).map(|(_, mark)| mark.to_owned());
            assert!(mark.as_ref().is_none_or(|mark| seen.insert(mark.clone())), "recorded twice: {row}");
            assert!(self.marks.insert(number(row, "id"), mark).is_none(), "two requests of one id: {row}");
        }
        let total = &person.get(&format!("{path}?limit=1"))["total"];
        assert_eq!(*total, self.marks.len(), "the list of requests has as many as it says");
        let counts = &person.get(&format!("/api/directories/{directory}"))["counts"];
        assert_eq!(counts["exchanges"], self.marks.len(), "the sidebar counts the same: {counts}");
        self.compare_with_changes(person, directory);
        acknowledged.iter().filter(|(mark, _)| !seen.contains(mark)).map(|(_, at)| *at).collect()
    }

    /// A change names the request that made it, even if that one is lost: never another.
    fn compare_with_changes(&mut self, person: &mut Role, directory: &str) {
        let path = format!("/api/directories/{directory}/changes");
        let changes = newer_than(person, &path, |change| number(change, "seq"), self.newest_change);
        for change in &changes {
            self.newest_change = self.newest_change.max(number(change, "seq"));
            let Some(Some(mark)) = self.marks.get(&number(change, "exchangeId")) else { continue };
            let writer = mark.split('-').next().expect("marks have two parts");
            let name = change["resourceName"].as_str().expect("a name");
            assert!(name.starts_with(&format!("w{writer}-")), "request {mark} did not make {change}");
        }
    }
}

/// Pages through a list, newest first, down to what is known.
fn newer_than(person: &mut Role, path: &str, key: impl Fn(&Value) -> i64, known: i64) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let before = all.last().map_or(String::new(), |row| format!("&before={}", key(row)));
        let page = person.get(&format!("{path}?limit={PAGE}{before}"));
        let rows = page["items"].as_array().expect("rows");
        all.extend(rows.iter().filter(|row| key(row) > known).cloned());
        if rows.len() < PAGE || rows.iter().any(|row| key(row) <= known) {
            return all;
        }
    }
}

fn number(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or_else(|| panic!("no {name} in {value}"))
}
