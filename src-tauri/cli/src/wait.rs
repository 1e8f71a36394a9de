//! `scim-setup wait`: for scripts and tests that have an identity provider do something and want to know when it has arrived.

use std::time::{Duration, Instant};

use clap::Parser;
use scim::is_same_text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::model::{Directory, DirectoryId, Event, GroupRow, Page, ResourceState, Tree, UserRow};
use tokio::time::timeout;

use crate::control_client::{ControlClient, Instance};
use crate::live_feed::LiveFeed;
use crate::{Ended, encoded, print, visible};

/// Rows that are asked for at once: the control API gives no more.
const PAGE: u64 = 200;

/// How long an answer may take although the time is over: the last look is worth it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

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

/// What was found.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Found {
    User(UserRow),
    Group(GroupRow),
    #[serde(rename_all = "camelCase")]
    Users {
        directory_id: DirectoryId,
        users: u64,
    },
    /// That it is not there was waited for.
    Nothing,
}

/// What to wait for, without the name of the program before it.
#[derive(clap::Parser)]
#[command(no_binary_name = true)]
struct Line {
    #[command(flatten)]
    wait: Wait,
}

impl Wait {
    /// What to wait for, from the arguments of a command line.
    ///
    /// # Errors
    /// What does not go together, in a sentence.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let line = Line::try_parse_from(arguments);
        line.map(|line| line.wait).map_err(|error| {
            let told = error.to_string();
            told.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
        })
    }

    pub(crate) fn run(self) -> Result<Ended, String> {
        let mut client = self.instance.find()?;
        let runtime = crate::runtime()?;
        match runtime.block_on(self.wait(&mut client))? {
            Ok(found) if self.json => {
                let line = serde_json::to_string(&found).map_err(|error| error.to_string())?;
                print(&format!("{}\n", visible::json(&line))).map(|()| Ended::Well)
            }
            Ok(_) => print(&format!("{}\n", self.sentence())).map(|()| Ended::Well),
            Err(seen) => {
                eprintln!("scim-setup: {}", self.disappointment(&visible::line(&seen)));
                Ok(Ended::Badly)
            }
        }
    }

    /// What met the condition in time, or what there is instead.
    ///
    /// # Errors
    /// As [`Self::look`], or if the running program has ended.
    pub(crate) async fn wait(&self, client: &mut ControlClient) -> Result<Result<Found, String>, String> {
        let started = Instant::now();
        let left = || self.timeout.saturating_sub(started.elapsed());
        // Whoever listens before looking misses nothing; what comes first only says to look.
        let mut feed = in_time(left(), client.watch()).await?;
        in_time(left(), feed.next()).await?;
        loop {
            let found = in_time(left(), self.look(client)).await?;
            let left = left();
            if found.is_ok() || left.is_zero() {
                return Ok(found);
            }
            // At the end, too, is looked: the feed tells a little later than it happens.
            if let Ok(changed) = timeout(left, until_something_changes(&mut feed)).await {
                changed?;
            }
        }
    }

    /// That it did not happen in time, and what there is instead.
    pub(crate) fn disappointment(&self, seen: &str) -> String {
        format!("within {:?} it did not happen that {}; {seen}", self.timeout, self.sentence())
    }

    /// What is waited for, as a sentence.
    pub(crate) fn sentence(&self) -> String {
        let there = if self.absent { "is not there" } else { "is there" };
        match (&self.user, &self.group) {
            (Some(user), _) => match self.active {
                Some(true) => format!("{user} is active"),
                Some(false) => format!("{user} is not active"),
                None => format!("{user} {there}"),
            },
            (None, Some(group)) => match self.members {
                Some(members) => format!("the group {group} has {}", counted(members, "member")),
                None => format!("the group {group} {there}"),
            },
            (None, None) => format!("there are {} or more", counted(self.count.unwrap_or_default(), "user")),
        }
    }

    /// What meets the condition, or what there is instead.
    ///
    /// # Errors
    /// If the running program cannot be asked, or has no such directory.
    async fn look(&self, client: &mut ControlClient) -> Result<Result<Found, String>, String> {
        let tree: Tree = client.get("/api/tree").await?;
        let directories: Vec<_> = tree.directories.iter().filter(|directory| self.is_wanted(directory)).collect();
        if let (Some(name), true) = (&self.directory, directories.is_empty()) {
            return Err(format!("there is no directory {name:?}"));
        }
        let mut seen = None;
        for directory in directories {
            for found in self.find(client, directory).await? {
                match self.differs(&found) {
                    None if self.absent => seen = Some(format!("it is in {:?}", directory.name)),
                    None => return Ok(Ok(found)),
                    Some(other) => seen = Some(format!("in {:?} {other}", directory.name)),
                }
            }
        }
        Ok(match seen {
            None if self.absent => Ok(Found::Nothing),
            seen => Err(seen.unwrap_or_else(|| "nothing like it is there".to_owned())),
        })
    }

    fn is_wanted(&self, directory: &Directory) -> bool {
        self.directory.as_deref().is_none_or(|wanted| *directory.id == *wanted || is_same_text(&directory.name, wanted))
    }

    /// Everybody, or everything, of the name that is waited for and is there: a deleted user is not.
    async fn find(&self, client: &mut ControlClient, directory: &Directory) -> Result<Vec<Found>, String> {
        let path = format!("/api/directories/{}", directory.id);
        Ok(match (&self.user, &self.group) {
            (Some(name), _) => {
                let is_it = |row: &UserRow| row.state != ResourceState::Deleted && is_same_text(&row.user_name, name);
                let rows = search(client, &format!("{path}/users"), name).await?;
                rows.into_iter().filter(is_it).map(Found::User).collect()
            }
            (None, Some(name)) => {
                let is_it =
                    |row: &GroupRow| row.state != ResourceState::Deleted && is_same_text(&row.display_name, name);
                let rows = search(client, &format!("{path}/groups"), name).await?;
                rows.into_iter().filter(is_it).map(Found::Group).collect()
            }
            (None, None) => {
                let page: Page<UserRow> = client.get(&format!("{path}/users?limit=1")).await?;
                vec![Found::Users { directory_id: directory.id.clone(), users: page.total }]
            }
        })
    }

    /// How what was found differs from what is waited for.
    fn differs(&self, found: &Found) -> Option<String> {
        match found {
            Found::User(row) => {
                let is_active = row.state == ResourceState::Active;
                self.active.filter(|active| *active != is_active).map(|_| format!("active is {is_active}"))
            }
            Found::Group(row) => self
                .members
                .filter(|members| *members != row.members)
                .map(|members| format!("it has {}, not {members}", counted(row.members, "member"))),
            Found::Users { users, .. } => {
                self.count.filter(|least| users < least).map(|_| format!("there are {}", counted(*users, "user")))
            }
            Found::Nothing => None,
        }
    }
}

/// Reads the feed up to where it tells of users, groups or directories.
///
/// # Errors
/// If the feed has ended.
async fn until_something_changes(feed: &mut LiveFeed) -> Result<(), String> {
    let concerns = |event: &Event| matches!(event, Event::Change { .. } | Event::Tree | Event::Resync);
    while !feed.next().await?.iter().any(concerns) {}
    Ok(())
}

/// All rows of a list in which a name is a part: the one that is looked for may be on a later page.
pub(crate) async fn search<T: DeserializeOwned>(
    client: &mut ControlClient,
    list: &str,
    name: &str,
) -> Result<Vec<T>, String> {
    let name = encoded(name);
    let mut rows = Vec::new();
    loop {
        let offset = rows.len();
        let page: Page<T> = client.get(&format!("{list}?limit={PAGE}&offset={offset}&search={name}")).await?;
        let is_last = page.items.is_empty();
        rows.extend(page.items);
        if is_last || rows.len() as u64 >= page.total {
            return Ok(rows);
        }
    }
}

/// What the running program answers, unless it takes longer than there is time left, or than [`ANSWERS_WITHIN`] at the end of it.
async fn in_time<T>(left: Duration, asked: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let silent = |_| Err("the SCIM Setup that was asked does not answer".to_owned());
    timeout(left.max(ANSWERS_WITHIN), asked).await.unwrap_or_else(silent)
}

/// `1 member`, `3 members`.
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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
