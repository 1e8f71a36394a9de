//! `scim-setup wait`: for scripts and tests that have an identity provider do something and want to know when it has arrived.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::control_client::{ControlClient, Instance};
use crate::{Ended, print};

/// How often is looked.
const EVERY: Duration = Duration::from_millis(200);

/// Rows that are asked for at once: the control API gives no more.
const PAGE: u64 = 200;

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["user", "group", "count"]))]
pub(crate) struct Wait {
    /// A user by userName, whatever its letter case
    #[arg(long, value_name = "USERNAME")]
    user: Option<String>,
    /// Whether the user is active
    #[arg(long, value_name = "BOOLEAN", requires = "user", conflicts_with = "absent")]
    active: Option<bool>,
    /// The user, or the group, is not there (any more)
    #[arg(long)]
    absent: bool,
    /// A group by displayName, whatever its letter case
    #[arg(long, value_name = "NAME", conflicts_with = "user")]
    group: Option<String>,
    /// How many members the group has
    #[arg(long, value_name = "N", requires = "group", conflicts_with = "absent")]
    members: Option<u64>,
    /// At least so many users in the directory
    #[arg(long, value_name = "N", conflicts_with_all = ["user", "group", "absent"])]
    count: Option<u64>,
    /// Only in the directory with this name or id [default: in any]
    #[arg(long, value_name = "NAME")]
    directory: Option<String>,
    /// How long to wait at the most: 30s, 500ms, 2m
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    timeout: Duration,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    instance: Instance,
}

impl Wait {
    pub(crate) fn run(self) -> Result<Ended, String> {
        let mut client = self.instance.find()?;
        let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no threads can be started: {error}"))?;
        runtime.block_on(async {
            let started = Instant::now();
            loop {
                let found = self.look(&mut client).await?;
                if let Ok(met) = found {
                    print(&if self.json { format!("{met}\n") } else { format!("{}\n", self.sentence()) })?;
                    return Ok(Ended::Well);
                }
                let left = self.timeout.saturating_sub(started.elapsed());
                if left.is_zero() {
                    let seen = found.err().unwrap_or_default();
                    eprintln!(
                        "scim-setup: within {:?} it did not happen that {}; {seen}",
                        self.timeout,
                        self.sentence()
                    );
                    return Ok(Ended::Badly);
                }
                tokio::time::sleep(EVERY.min(left)).await;
            }
        })
    }

    /// What is waited for, as a sentence.
    fn sentence(&self) -> String {
        let there = if self.absent { "is not there" } else { "is there" };
        match (&self.user, &self.group) {
            (Some(user), _) => match self.active {
                Some(true) => format!("{user} is active"),
                Some(false) => format!("{user} is not active"),
                None => format!("{user} {there}"),
            },
            (None, Some(group)) => match self.members {
                Some(members) => format!("the group {group} has {}", counted(Some(members), "member")),
                None => format!("the group {group} {there}"),
            },
            (None, None) => format!("there are {} or more", counted(self.count, "user")),
        }
    }

    /// What meets the condition, or what there is instead.
    ///
    /// # Errors
    /// If the running program cannot be asked, or has no such directory.
    async fn look(&self, client: &mut ControlClient) -> Result<Result<Value, String>, String> {
        let tree = client.get("/api/tree").await?;
        let directories: Vec<&Value> = tree["directories"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|directory| self.is_wanted(directory))
            .collect();
        if let (Some(name), true) = (&self.directory, directories.is_empty()) {
            return Err(format!("there is no directory {name:?}"));
        }
        let mut seen = None;
        for directory in &directories {
            for row in self.rows(client, directory).await? {
                match self.differs(&row, directory) {
                    None if self.absent => seen = Some(format!("it is in {}", directory["name"])),
                    None => return Ok(Ok(row)),
                    Some(other) => seen = Some(other),
                }
            }
        }
        Ok(match seen {
            None if self.absent => Ok(Value::Null),
            seen => Err(seen.unwrap_or_else(|| "nothing like it is there".to_owned())),
        })
    }

    fn is_wanted(&self, directory: &Value) -> bool {
        self.directory.as_deref().is_none_or(|wanted| {
            directory["id"] == wanted || directory["name"].as_str().is_some_and(|name| same(name, wanted))
        })
    }

    /// Everybody, or everything, of the name that is waited for and is there: a deleted user is not.
    async fn rows(&self, client: &mut ControlClient, directory: &Value) -> Result<Vec<Value>, String> {
        let id = directory["id"].as_str().unwrap_or_default();
        let (list, name, wanted) = match (&self.user, &self.group) {
            (Some(user), _) => ("users", "userName", user),
            (None, Some(group)) => ("groups", "displayName", group),
            (None, None) => {
                let page = client.get(&format!("/api/directories/{id}/users?limit=1")).await?;
                return Ok(vec![serde_json::json!({ "directoryId": id, "users": page["total"] })]);
            }
        };
        let mut rows = Vec::new();
        // The search also finds who has the name as a part of theirs, so the one may be on a later page.
        let mut offset = 0;
        loop {
            let search: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
            let path = format!("/api/directories/{id}/{list}?limit={PAGE}&offset={offset}&search={search}");
            let page = client.get(&path).await?;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let is_it =
                |row: &Value| row["state"] != "deleted" && row[name].as_str().is_some_and(|found| same(found, wanted));
            rows.extend(items.iter().filter(|row| is_it(row)).cloned());
            offset += PAGE;
            if items.is_empty() || offset >= page["total"].as_u64().unwrap_or_default() {
                return Ok(rows);
            }
        }
    }

    /// How what was found differs from what is waited for.
    fn differs(&self, row: &Value, directory: &Value) -> Option<String> {
        let place = &directory["name"];
        let is_active = row["state"] == "active";
        if self.active.is_some_and(|active| active != is_active) {
            return Some(format!("in {place} active is {is_active}"));
        }
        if let Some(members) = self.members.filter(|members| row["members"] != *members) {
            return Some(format!("in {place} it has {}, not {members}", counted(row["members"].as_u64(), "member")));
        }
        let count = row["users"].as_u64().unwrap_or_default();
        self.count
            .filter(|least| count < *least)
            .map(|_| format!("in {place} there are {}", counted(Some(count), "user")))
    }
}

/// `1 member`, `3 members`.
fn counted(count: Option<u64>, what: &str) -> String {
    let count = count.unwrap_or_default();
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

/// `30s`, `500ms`, `2m`, `30`.
fn duration(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..end].parse().map_err(|_| "a time begins with a number: 30s".to_owned())?;
    match &text[end..] {
        "ms" => Ok(Duration::from_millis(number)),
        "s" | "" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        other => Err(format!("there is no unit {other:?}; there are ms, s and m")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [("30s", 30_000), ("500ms", 500), ("2m", 120_000), ("7", 7_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(expected)), "{text}");
        }
        for text in ["", "s", "1h", "-1s", "1.5s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
