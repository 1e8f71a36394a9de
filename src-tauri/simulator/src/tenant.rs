//! What the identity provider knows: its people, who of them is assigned, and what it believes of the server.

use std::collections::BTreeMap;

use scim::ResourceKind;
use serde_json::Value;

use crate::event::Event;
use crate::exchange::target_of;
use crate::people::{People, Person};

/// The state of a simulated identity provider. It lives as long as whoever holds it: events that follow one another find what those
/// before them left.
#[derive(Clone, Debug)]
pub struct Tenant {
    people: People,
    next_person: usize,
    next_group: usize,
    /// Who is, or was, assigned to the application.
    pub(crate) accounts: Vec<Account>,
    /// The account from which on events choose whom they are about.
    first: usize,
    /// Groups that are pushed.
    pub(crate) groups: Vec<PushedGroup>,
    /// The server's groups, name to id, as they were read last; `None`: never read, because *Import Groups* is off.
    pub(crate) group_cache: Option<BTreeMap<String, String>>,
    /// What the server says that it can do; `None`: it was not asked.
    pub(crate) capabilities: Option<Capabilities>,
    /// Whether *Unique identifier field for users* says that people are looked for by their address, and not by user name.
    pub(crate) finds_by_email: bool,
    /// Counts lookups for somebody who does not exist, and tests.
    probes: usize,
}

/// What a server says that it can do, for those who ask. The default is that it can do nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capabilities {
    pub(crate) has_patch: bool,
    pub(crate) has_filter: bool,
    /// Operations in a bulk request; 0: no limit is known.
    pub(crate) most_operations: usize,
}

/// A person's account for the application.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The person as the identity provider has them now.
    pub(crate) person: Person,
    /// The id that the server gave.
    pub(crate) remote_id: Option<String>,
    /// The id that the server gave before the user was deleted there.
    pub(crate) deleted_id: Option<String>,
    /// Whether the account should be active.
    pub(crate) is_active: bool,
    /// Whether somebody changed the profile since it was last sent.
    pub(crate) is_stale: bool,
    /// How often the person was changed; each change differs from those before.
    pub(crate) round: u64,
}

/// A group that is pushed.
#[derive(Clone, Debug)]
pub(crate) struct PushedGroup {
    pub(crate) name: String,
    /// A UUID, for those who send one as `externalId`.
    pub(crate) uuid: String,
    pub(crate) remote_id: Option<String>,
    /// Positions in [`Tenant::accounts`].
    pub(crate) members: Vec<usize>,
    pub(crate) round: u64,
}

impl Tenant {
    /// An identity provider that has people, none of them assigned yet.
    pub fn new(people: People) -> Self {
        Self {
            people,
            next_person: 0,
            next_group: 0,
            accounts: Vec::new(),
            first: 0,
            groups: Vec::new(),
            group_cache: None,
            capabilities: None,
            finds_by_email: false,
            probes: 0,
        }
    }

    pub(crate) fn people(&self) -> &People {
        &self.people
    }

    /// Passes over people and groups whose names are taken: those are of another run, or of another identity provider, and real ones would not
    /// have the same people. After `GAP` names that are free, the rest is taken to be.
    pub fn pass_over(&mut self, is_taken: impl Fn(ResourceKind, &str) -> bool) {
        const GAP: usize = 20;
        let next = |from: usize, is_taken: &dyn Fn(usize) -> bool| {
            let (mut next, mut number) = (from, from);
            while number < next + GAP {
                number += 1;
                next = if is_taken(number - 1) { number } else { next };
            }
            next
        };
        let user = |number| is_taken(ResourceKind::User, &self.people.person(number).user_name);
        let group = |number| is_taken(ResourceKind::Group, &self.people.group(number));
        (self.next_person, self.next_group) = (next(self.next_person, &user), next(self.next_group, &group));
    }

    /// Lets events choose among those alone who are assigned from now on, or among all.
    pub(crate) fn begin(&mut self, is_apart: bool) {
        self.first = if is_apart { self.accounts.len() } else { 0 };
    }

    /// Assigns the next person and returns the position of the account.
    pub(crate) fn assign_next(&mut self) -> usize {
        let person = self.people.person(self.next_person);
        self.next_person += 1;
        let account = Account { person, remote_id: None, deleted_id: None, is_active: true, is_stale: true, round: 0 };
        self.accounts.push(account);
        self.accounts.len() - 1
    }

    /// Begins to push the next group, whose members are everybody who is active, and returns its position.
    pub(crate) fn push_next_group(&mut self) -> usize {
        let name = self.people.group(self.next_group);
        let uuid = self.people.stray_uuid("group", self.next_group);
        self.next_group += 1;
        let members = self.positions(|account| account.is_on_server());
        self.groups.push(PushedGroup { name, uuid, remote_id: None, members, round: 0 });
        self.groups.len() - 1
    }

    /// What the next group that is pushed is called.
    pub(crate) fn next_group_name(&self) -> String {
        self.people.group(self.next_group)
    }

    /// The accounts that are as wanted, of those that this run is about.
    pub(crate) fn positions(&self, is_wanted: impl Fn(&Account) -> bool) -> Vec<usize> {
        (self.first..self.accounts.len()).filter(|&position| is_wanted(&self.accounts[position])).collect()
    }

    /// The first account that is active on the server.
    pub(crate) fn active(&self) -> Option<usize> {
        self.positions(Account::is_on_server).first().copied()
    }

    /// The newest account that was deactivated on the server.
    pub(crate) fn inactive(&self) -> Option<usize> {
        self.positions(|account| account.remote_id.is_some() && !account.is_active).last().copied()
    }

    /// Whom a deletion is about: preferably somebody who was deactivated before.
    pub(crate) fn to_delete(&self) -> Option<usize> {
        self.inactive().or(self.active())
    }

    /// The newest group that is on the server.
    pub(crate) fn group(&self) -> Option<usize> {
        (0..self.groups.len()).rev().find(|&position| self.groups[position].remote_id.is_some())
    }

    /// The groups on the server that somebody is in.
    pub(crate) fn groups_of(&self, account: usize) -> Vec<usize> {
        let has = |&position: &usize| {
            self.groups[position].remote_id.is_some() && self.groups[position].members.contains(&account)
        };
        (0..self.groups.len()).filter(has).collect()
    }

    /// Ids on the server of a group's members. `is_wanted` chooses among them: a push leaves out who is inactive.
    pub(crate) fn member_ids(&self, group: usize, is_wanted: impl Fn(&Account) -> bool) -> Vec<(String, String)> {
        let accounts = self.groups[group].members.iter().map(|&position| &self.accounts[position]);
        accounts
            .filter(|account| is_wanted(account))
            .filter_map(|account| Some((account.remote_id.clone()?, account.person.user_name.clone())))
            .collect()
    }

    /// Changes an account's person: the name if the event is a renaming, otherwise title and department.
    pub(crate) fn change(&mut self, account: usize, event: Event) {
        let account = &mut self.accounts[account];
        account.round += 1;
        account.person = match event {
            Event::Rename => self.people.renamed(&account.person, account.round),
            _ => self.people.promoted(&account.person, account.round),
        };
        account.is_stale = true;
    }

    /// A placeholder or new password for an account.
    pub(crate) fn password(&mut self, account: usize) -> String {
        let account = &mut self.accounts[account];
        account.round += 1;
        self.people.password(&account.person, account.round)
    }

    /// Gives a group another name.
    pub(crate) fn rename_group(&mut self, group: usize) -> String {
        let group = &mut self.groups[group];
        group.round += 1;
        let plain = group.name.split(" (").next().unwrap_or_default().to_owned();
        group.name = format!("{plain} ({})", group.round + 1);
        group.name.clone()
    }

    /// The number of the next lookup or test.
    pub(crate) fn next_probe(&mut self) -> usize {
        self.probes += 1;
        self.probes
    }

    /// The ids on the server of everybody and everything that the identity provider has sent.
    pub(crate) fn remote_ids(&self) -> impl Iterator<Item = &str> {
        let users = self.accounts.iter().filter_map(|account| account.remote_id.as_deref());
        users.chain(self.groups.iter().filter_map(|group| group.remote_id.as_deref()))
    }

    /// Forgets everybody and everything that was sent: it has been removed.
    pub(crate) fn forget_server(&mut self) {
        self.accounts.clear();
        self.first = 0;
        self.groups.clear();
        self.group_cache = self.group_cache.take().map(|_| BTreeMap::new());
    }

    /// A UUID that belongs to nobody.
    pub(crate) fn stray_uuid(&mut self) -> String {
        let number = self.next_probe();
        self.people.stray_uuid("probe", number)
    }

    /// What is looked for to find a person.
    pub(crate) fn sought<'a>(&self, person: &'a Person) -> &'a str {
        if self.finds_by_email { &person.email } else { &person.user_name }
    }
}

impl Capabilities {
    /// Reads a ServiceProviderConfig; what it does not say is not there.
    pub(crate) fn of(config: &Value) -> Self {
        let has = |feature: &str| config[feature]["supported"] == true;
        let most = config["bulk"]["maxOperations"].as_u64().and_then(|most| usize::try_from(most).ok());
        Self { has_patch: has("patch"), has_filter: has("filter"), most_operations: most.unwrap_or_default() }
    }
}

impl Account {
    /// Where it is on the server: `/Users/{id}`.
    pub(crate) fn target(&self) -> String {
        target_of(ResourceKind::User, self.remote_id.as_deref().unwrap_or_default())
    }

    /// Its id on the server; empty if it is not there.
    pub(crate) fn id(&self) -> String {
        self.remote_id.clone().unwrap_or_default()
    }

    /// Whether the server has the person, and active.
    pub(crate) fn is_on_server(&self) -> bool {
        self.remote_id.is_some() && self.is_active
    }
}

impl PushedGroup {
    /// Where it is on the server: `/Groups/{id}`.
    pub(crate) fn target(&self) -> String {
        target_of(ResourceKind::Group, self.remote_id.as_deref().unwrap_or_default())
    }
}
