//! One of those who write: it owns what it makes, so that what it was told last is what has to be there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use super::found::Found;
use crate::dice::Dice;
use crate::role::Role;

/// Writes of one writer in a round at the most: the test is bounded even if no kill comes.
const MOST: usize = 20_000;

/// What a user or group is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Gone,
    /// With its title.
    User(String),
    /// With the ids of its members.
    Group(BTreeSet<String>),
}

/// A user or group that this writer made.
#[derive(Debug)]
pub(crate) struct Thing {
    /// `None`: its creation was not acknowledged.
    pub(crate) id: Option<String>,
    /// What was acknowledged last.
    pub(crate) is: State,
    /// What the request under way makes of it.
    maybe: Option<State>,
    /// Whether it was written in this round.
    is_touched: bool,
}

pub(crate) struct Writer {
    number: usize,
    dice: Dice,
    /// By `userName` or `displayName`.
    things: BTreeMap<String, Thing>,
    sent: usize,
    /// Since the last round: the mark of each request, and when its answer came.
    pub(crate) acknowledged: Vec<(String, Instant)>,
}

impl Writer {
    pub(crate) fn new(number: usize, seed: u64) -> Self {
        Self { number, dice: Dice::new(seed), things: BTreeMap::new(), sent: 0, acknowledged: Vec::new() }
    }

    /// Writes until the program is gone.
    pub(crate) fn work(&mut self, mut idp: Role, acknowledged: &AtomicUsize) {
        self.things.retain(|_, thing| thing.is != State::Gone);
        self.things.values_mut().for_each(|thing| thing.is_touched = false);
        for _ in 0..MOST {
            if self.step(&mut idp).is_err() {
                break;
            }
            acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn step(&mut self, idp: &mut Role) -> std::io::Result<()> {
        let of = |is_wanted: fn(&State) -> bool| {
            self.things.iter().filter(|(_, thing)| is_wanted(&thing.is)).map(|(name, _)| name.clone()).collect()
        };
        let users: Vec<String> = of(|state| matches!(state, State::User(_)));
        let groups: Vec<String> = of(|state| matches!(state, State::Group(_)));
        match self.dice.below(100) {
            draw if draw < 35 || users.is_empty() => self.create_user(idp),
            35..60 => self.write_user(idp, &users, "PATCH"),
            60..70 => self.write_user(idp, &users, "PUT"),
            70..76 if users.len() > 4 => self.delete_user(idp, &users, &groups),
            draw if draw < 80 || groups.is_empty() => self.create_group(idp, &users),
            _ => self.change_members(idp, &users, &groups),
        }
    }

    fn create_user(&mut self, idp: &mut Role) -> std::io::Result<()> {
        let name = self.new_name("@example.com");
        let body = json!({"userName": name, "displayName": name, "title": "new", "nickName": "new"});
        self.send(idp, "POST", "/Users", Some(body), vec![(name, State::User("new".into()))])
    }

    fn write_user(&mut self, idp: &mut Role, users: &[String], method: &str) -> std::io::Result<()> {
        let name = self.dice.pick(users).clone();
        let value = self.dice.roll().to_string();
        // Two attributes of the same value show a write by halves.
        let body = if method == "PUT" {
            json!({"userName": name, "displayName": name, "title": value, "nickName": value})
        } else {
            let replace = |path: &str| json!({"op": "replace", "path": path, "value": value});
            patch(vec![replace("title"), replace("nickName")])
        };
        let path = format!("/Users/{}", self.id(&name));
        self.send(idp, method, &path, Some(body), vec![(name, State::User(value))])
    }

    fn delete_user(&mut self, idp: &mut Role, users: &[String], groups: &[String]) -> std::io::Result<()> {
        let name = self.dice.pick(users).clone();
        let id = self.id(&name);
        let mut after = vec![(name, State::Gone)];
        for group in groups {
            // Who is deleted leaves the groups, which are all this writer's own.
            let mut members = self.members(group);
            if members.remove(&id) {
                after.push((group.clone(), State::Group(members)));
            }
        }
        self.send(idp, "DELETE", &format!("/Users/{id}"), None, after)
    }

    fn create_group(&mut self, idp: &mut Role, users: &[String]) -> std::io::Result<()> {
        let name = self.new_name("");
        let members: BTreeSet<String> = (0..3).map(|_| self.pick_id(users)).collect();
        let body = json!({"displayName": name, "members": values(&members)});
        self.send(idp, "POST", "/Groups", Some(body), vec![(name, State::Group(members))])
    }

    fn change_members(&mut self, idp: &mut Role, users: &[String], groups: &[String]) -> std::io::Result<()> {
        let name = self.dice.pick(groups).clone();
        let mut members = self.members(&name);
        let leaves = members.iter().nth(self.dice.below(members.len() + 3)).cloned();
        let comes: BTreeSet<String> = (0..3).map(|_| self.pick_id(users)).filter(|id| !members.contains(id)).collect();
        let mut operations = Vec::new();
        if !comes.is_empty() {
            operations.push(json!({"op": "add", "path": "members", "value": values(&comes)}));
        }
        if let Some(id) = leaves {
            operations.push(json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}));
            members.remove(&id);
        }
        if operations.is_empty() {
            return self.create_user(idp);
        }
        members.extend(comes);
        let path = format!("/Groups/{}", self.id(&name));
        self.send(idp, "PATCH", &path, Some(patch(operations)), vec![(name, State::Group(members))])
    }

    /// Sends a request that makes these states of these things, and notes them once it is acknowledged.
    fn send(
        &mut self,
        idp: &mut Role,
        method: &str,
        path: &str,
        body: Option<Value>,
        after: Vec<(String, State)>,
    ) -> std::io::Result<()> {
        for (name, state) in &after {
            let new = || Thing { id: None, is: State::Gone, maybe: None, is_touched: true };
            let thing = self.things.entry(name.clone()).or_insert_with(new);
            (thing.maybe, thing.is_touched) = (Some(state.clone()), true);
        }
        self.sent += 1;
        let mark = format!("{}-{}", self.number, self.sent);
        let answer = idp.send(method, &format!("{path}?mark={mark}"), body.as_ref())?;
        assert!((200..300).contains(&answer.status), "{method} {path} {body:?} answered {answer:?}");
        self.acknowledged.push((mark, Instant::now()));
        for (name, state) in after {
            let thing = self.things.get_mut(&name).expect("it was noted");
            (thing.is, thing.maybe) = (state, None);
            if method == "POST" {
                thing.id = Some(answer.id());
            }
        }
        Ok(())
    }

    /// Compares what is known with what is there, and takes over what became of the request under way. Whether it happened.
    pub(crate) fn settle(&mut self, found: &Found) -> bool {
        let mut happened = BTreeSet::new();
        for (name, thing) in &mut self.things {
            let (id, state) = found.get(name).map_or((None, &State::Gone), |(id, state)| (Some(id), state));
            assert!(
                *state == thing.is || Some(state) == thing.maybe.as_ref(),
                "{name} is {state:?}, not {thing:?}: an acknowledged write is gone, or one that is neither"
            );
            if let (Some(id), Some(known)) = (id, &thing.id) {
                assert_eq!(id, known, "{name} has another id");
            }
            if let Some(maybe) = thing.maybe.take().filter(|maybe| *maybe != thing.is) {
                happened.insert(*state == maybe);
            }
            thing.is = state.clone();
            thing.id = id.cloned();
        }
        assert!(happened.len() < 2, "one request happened by halves: writer {}", self.number);
        happened.contains(&true)
    }

    /// How many users and groups of it are there.
    pub(crate) fn count(&self) -> usize {
        self.things.values().filter(|thing| thing.is != State::Gone).count()
    }

    /// What it wrote in this round, with the names.
    pub(crate) fn touched(&self) -> impl Iterator<Item = (&String, &Thing)> {
        self.things.iter().filter(|(_, thing)| thing.is_touched)
    }

    fn new_name(&self, ending: &str) -> String {
        format!("w{}-{}{ending}", self.number, self.sent + 1)
    }

    fn id(&self, name: &str) -> String {
        self.things[name].id.clone().expect("what is there has an id")
    }

    fn pick_id(&mut self, names: &[String]) -> String {
        let name = self.dice.pick(names);
        self.id(name)
    }

    fn members(&self, group: &str) -> BTreeSet<String> {
        match &self.things[group].is {
            State::Group(members) => members.clone(),
            other => panic!("{group} is not a group but {other:?}"),
        }
    }
}

fn patch(operations: Vec<Value>) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

fn values(ids: &BTreeSet<String>) -> Vec<Value> {
    ids.iter().map(|id| json!({ "value": id })).collect()
}
