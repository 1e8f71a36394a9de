//! Who is in a group. Members are rows, so one more costs one row however large the group is.

mod roster;

use std::collections::{BTreeMap, HashMap, HashSet};

use scim::{FieldChange, Filter, Member, MembersOp, Notes, PatchWork, Policy, ScimError};

use self::roster::Roster;
use super::journal::{What, Writing};
use super::{Failure, render, sizes};
use crate::facts::shown;
use crate::model::{Change, ChangeKind, ChangeSeq, MembersChange, ResourceKey, ResourceKind, ResourceRef};
use crate::scopes::Scope;
use crate::store::members::{self, FormerMembership, MemberRow};
use crate::store::resources::{self, KnownResource, ResourceRecord};
use crate::store::{StoreError, WriteTx, changes, groups};

/// Members that a change names on each side; it counts all of them.
const MOST_NAMED: usize = 100;

/// Ids that a note names.
const MOST_NOTED: usize = 3;

/// Gathers who comes and who leaves during one request.
pub(crate) struct Membership<'a> {
    tx: &'a WriteTx<'a>,
    scope: &'a Scope,
    group: ResourceKey,
    group_id: &'a str,
    /// The change that will tell of it: the next one.
    seq: ChangeSeq,
    added: Tally<()>,
    removed: Tally<FormerMembership>,
    /// `None`: no operation has looked at all members yet.
    roster: Option<Roster>,
    /// Who left and came back otherwise than before, by their ids.
    retold: BTreeMap<String, Retold>,
    /// Who has come and left again, or left and come back.
    returned: HashSet<String>,
    /// What the operations may still ask for.
    work: PatchWork,
}

/// A member who left and came back otherwise than before.
struct Retold {
    before: FormerMembership,
    fields: Vec<FieldChange>,
}

/// What came of it all.
#[derive(Default)]
pub(crate) struct Moves {
    /// Who came and who went; `None`: nobody came and nobody went.
    pub(crate) members: Option<MembersChange>,
    /// What changed of those who stayed: the first of them, each with its id.
    pub(crate) retold: Vec<FieldChange>,
}

/// Ids in order of arrival, each once, with what is to be noted of each.
struct Tally<Note> {
    places: HashMap<String, usize>,
    order: BTreeMap<usize, (ResourceRef, Note)>,
}

impl<'a> Membership<'a> {
    /// The membership of a stored group, at the beginning of a request; `None`: it is a user. No other change may be appended before this
    /// one's.
    pub(crate) fn of(writing: Writing<'a>, group: &'a ResourceRecord) -> Result<Option<Self>, StoreError> {
        if group.kind == ResourceKind::User {
            return Ok(None);
        }
        let Writing { tx, scope, .. } = writing;
        let (added, removed) = (Tally::default(), Tally::default());
        let seq = changes::next_seq(tx)?;
        let (group, group_id) = (group.key, group.id.as_str());
        Ok(Some(Self {
            tx,
            scope,
            group,
            group_id,
            seq,
            added,
            removed,
            roster: None,
            retold: BTreeMap::new(),
            returned: HashSet::new(),
            work: PatchWork::default(),
        }))
    }

    /// Carries out one step of a PATCH.
    pub(crate) fn apply(&mut self, op: MembersOp, notes: &mut Notes) -> Result<(), Failure> {
        match op {
            MembersOp::Add(members) => self.add_all(&members, notes),
            MembersOp::Remove(ids) => {
                let mut absent = Vec::new();
                for id in ids {
                    // Who left by an operation before this one was a member.
                    if !self.remove(&id)? && self.removed.get(&id).is_none() {
                        absent.push(id);
                    }
                }
                note_absent(&absent, notes);
                Ok(())
            }
            MembersOp::Replace(members) => self.replace(&members, notes),
            MembersOp::RemoveAll => self.replace(&[], notes),
            MembersOp::RemoveMatching(filter) => {
                if self.remove_matching(&filter)? == 0 {
                    let text =
                        format!("No member of this group meets `{}`; nobody was removed.", shown(&filter.to_string()));
                    notes.add("remove-without-match", "RFC 7644 §3.5.2.2", text);
                }
                Ok(())
            }
            MembersOp::ReplaceMatching { filter, mut members } => {
                // What is not said of a member stays as it is (RFC 7644 §3.5.2.3); its name may be what is taken away.
                for member in members.iter_mut().filter(|member| member.kind.is_none()) {
                    self.tx.check_time()?;
                    member.kind = members::by_id(self.tx, self.group, &member.value)?.and_then(|row| row.sent_kind);
                }
                if self.remove_matching(&filter)? == 0 {
                    let text = format!("No member of this group meets the filter `{}`", shown(&filter.to_string()));
                    if self.scope.policy.refuse_unmatched_filters() {
                        return Err(ScimError::no_target(format!("{text}.")).into());
                    }
                    let text = format!("{text}; what was to take the place of one came in all the same.");
                    notes.add("filter-without-match", "RFC 7644 §3.5.2.3", text);
                }
                self.add_all(&members, notes)
            }
        }
    }

    /// Makes `members` the whole membership. Who stays is not touched.
    pub(crate) fn replace(&mut self, members: &[Member], notes: &mut Notes) -> Result<(), Failure> {
        let wanted: HashSet<&str> = members.iter().map(|member| member.value.as_str()).collect();
        let mut staying = HashSet::new();
        // Beyond the first time, these are members that the request has named itself.
        for id in self.tx.read_much(|c| members::ids(c, self.group))? {
            if wanted.contains(id.as_str()) {
                staying.insert(id);
            } else {
                self.remove(&id)?;
            }
        }
        let mut coming = members.iter().filter(|member| !staying.contains(&member.value));
        coming.try_for_each(|member| self.add(member, notes))
    }

    /// Makes `members` the whole membership, and says who came and who went.
    pub(crate) fn replaced(mut self, members: &[Member], notes: &mut Notes) -> Result<Option<MembersChange>, Failure> {
        self.replace(members, notes)?;
        Ok(self.finish()?.members)
    }

    /// Keeps who went, and says what changed.
    pub(crate) fn finish(self) -> Result<Moves, StoreError> {
        let more = self.retold.len().saturating_sub(MOST_NAMED);
        let named = self.retold.into_values().take(MOST_NAMED).flat_map(|retold| retold.fields);
        let rest = (more > 0).then(|| field("members", None, Some(&format!("… and {more} more"))));
        let retold = named.chain(rest).collect();
        let (added_count, removed_count) = (self.added.order.len() as u64, self.removed.order.len() as u64);
        if added_count + removed_count == 0 {
            return Ok(Moves { members: None, retold });
        }
        for (_, stay) in self.removed.order.values() {
            self.tx.check_time()?;
            members::remember(self.tx, self.group, stay, self.seq)?;
        }
        let (added, removed) = (self.added.name_some(), self.removed.name_some());
        Ok(Moves { members: Some(MembersChange { added_count, removed_count, added, removed }), retold })
    }

    fn add_all(&mut self, members: &[Member], notes: &mut Notes) -> Result<(), Failure> {
        members.iter().try_for_each(|member| self.add(member, notes))
    }

    fn add(&mut self, member: &Member, notes: &mut Notes) -> Result<(), Failure> {
        self.tx.check_time()?;
        if member.value == self.group_id {
            return Err(ScimError::invalid_value("A group cannot be a member of itself.").into());
        }
        let known = resources::resolve(self.tx, self.scope.directory, &member.value)?;
        let key = known.as_ref().map(|known| known.key);
        // Who left and comes back within one request did neither, but may be told otherwise than before.
        let came = self.removed.get(&member.value).map_or(self.seq, |stay| stay.came);
        if !members::add(self.tx, self.group, member, key, came)? {
            return Ok(());
        }
        // Who is there already may be longer.
        sizes::check_member(member)?;
        if let Some(roster) = &mut self.roster {
            roster.come(MemberRow::new(member, known.as_ref()));
        }
        if known.is_none() {
            accept_unknown(&self.scope.policy, member, notes)?;
        }
        if let Some(before) = self.removed.forget(&member.value) {
            let fields = retold(&before, member, known.as_ref());
            if !fields.is_empty() {
                self.retold.insert(member.value.clone(), Retold { before, fields });
            }
            self.note_return(&member.value)?;
        } else {
            let name = || member.display.as_deref().unwrap_or(&member.value);
            self.added.note(reference(&member.value, known, name), ());
        }
        Ok(())
    }

    /// Takes a member out; false if it was none.
    fn remove(&mut self, id: &str) -> Result<bool, Failure> {
        self.tx.check_time()?;
        let Some(stay) = members::remove(self.tx, self.group, id)? else { return Ok(false) };
        if let Some(roster) = &mut self.roster {
            roster.leave(id);
        }
        if self.added.forget(id).is_some() {
            self.note_return(id)?;
        } else {
            let stay = self.retold.remove(id).map_or(stay, |retold| retold.before);
            let known = resources::resolve(self.tx, self.scope.directory, id)?;
            self.removed.note(reference(id, known, || id), stay);
        }
        Ok(true)
    }

    /// Takes in that a member came and left, or left and came back. Once is what clients do that send a whole group anew: all leave, then
    /// all come.
    fn note_return(&mut self, id: &str) -> Result<(), ScimError> {
        if self.returned.insert(id.to_owned()) { Ok(()) } else { self.work.spend_on_return() }
    }

    /// Takes out the members that meet a filter such as `display eq "ada"`, and says how many they were.
    fn remove_matching(&mut self, filter: &Filter) -> Result<usize, Failure> {
        let matching = match filter.member_ids() {
            // What clients send: one member by its id, and its type to be sure.
            Some(ids) => self.matching_of(&ids, filter)?,
            None => {
                let roster = match self.roster.take() {
                    Some(roster) => roster,
                    None => Roster::new(self.tx.read_much(|c| members::all(c, self.group))?),
                };
                self.roster.insert(roster).matching(self.tx, filter, &mut self.work, &self.scope.base_url)?
            }
        };
        for id in &matching {
            self.remove(id)?;
        }
        Ok(matching.len())
    }

    /// Those of a few members, found by their ids, that meet a filter.
    fn matching_of(&mut self, ids: &[&str], filter: &Filter) -> Result<Vec<String>, Failure> {
        self.work.spend_on_members(filter, ids.len())?;
        let prepared = filter.prepare_for_members();
        let mut matching = Vec::new();
        for id in ids {
            let found = members::by_id(self.tx, self.group, id)?;
            let meets = |row: &MemberRow| prepared.matches(&render::member(row, &self.scope.base_url));
            matching.extend(found.filter(meets).map(|row| row.value));
        }
        Ok(matching)
    }
}

impl<Note> Default for Tally<Note> {
    fn default() -> Self {
        Self { places: HashMap::new(), order: BTreeMap::new() }
    }
}

impl<Note> Tally<Note> {
    fn note(&mut self, member: ResourceRef, note: Note) {
        let place = self.order.last_key_value().map_or(0, |(last, _)| last + 1);
        self.places.insert(member.id.clone(), place);
        self.order.insert(place, (member, note));
    }

    fn get(&self, id: &str) -> Option<&Note> {
        self.places.get(id).and_then(|place| self.order.get(place)).map(|(_, note)| note)
    }

    /// Takes an id out, and returns what was noted of it; `None` if it was not in.
    fn forget(&mut self, id: &str) -> Option<Note> {
        let place = self.places.remove(id)?;
        self.order.remove(&place).map(|(_, note)| note)
    }

    fn name_some(&self) -> Vec<ResourceRef> {
        self.order.values().take(MOST_NAMED).map(|(member, _)| member.clone()).collect()
    }
}

/// Takes a resource that is about to be deleted out of all groups.
pub(crate) fn leave_all(writing: Writing<'_>, record: &ResourceRecord) -> Result<Vec<Change>, StoreError> {
    let Writing { tx, scope, .. } = writing;
    let (id, mut changes) = (&record.id, Vec::new());
    for (key, _) in tx.read_much(|c| groups::of_member(c, scope.directory, id))? {
        tx.check_time()?;
        let Some(stay) = members::remove(tx, key, id)? else { continue };
        let Some(before) = resources::by_key::<ResourceRecord>(tx, key)? else { continue };
        let removed = vec![ResourceRef { id: id.to_owned(), kind: None, name: shown(&record.name) }];
        let members = MembersChange { removed_count: 1, removed, ..MembersChange::default() };
        let what = What { kind: ChangeKind::MembersChanged, fields: Vec::new(), members: Some(members) };
        let change = writing.update(&before, &mut before.clone(), what)?;
        members::remember(tx, key, &stay, change.seq)?;
        changes.push(change);
    }
    Ok(changes)
}

/// What a read shows otherwise of a member than before.
fn retold(before: &FormerMembership, member: &Member, known: Option<&KnownResource>) -> Vec<FieldChange> {
    let name = known.map(|known| known.name.as_str());
    let displays = (before.shown_name(name), member.display.as_deref().or(name));
    // The type of what is here follows from what it is.
    let kinds = if known.is_some() { (None, None) } else { (before.sent_kind(), member.kind.as_deref()) };
    let parts = [("display", displays), ("type", kinds)];
    let changed = parts.into_iter().filter(|(_, (before, after))| before != after);
    changed
        .map(|(part, (before, after))| field(&format!("members[{}].{part}", shown(&member.value)), before, after))
        .collect()
}

fn field(path: &str, before: Option<&str>, after: Option<&str>) -> FieldChange {
    FieldChange { path: path.to_owned(), before: before.map(Into::into), after: after.map(Into::into) }
}

fn reference<'n>(id: &str, known: Option<KnownResource>, sent: impl FnOnce() -> &'n str) -> ResourceRef {
    match known {
        Some(known) => ResourceRef { id: id.to_owned(), kind: Some(known.kind), name: known.name },
        None => ResourceRef { id: id.to_owned(), kind: None, name: shown(sent()) },
    }
}

/// Says whom a request wanted to remove who was not in the group: an id of another directory, or of somebody who has been removed before.
fn note_absent(ids: &[String], notes: &mut Notes) {
    let named: Vec<_> = ids.iter().take(MOST_NOTED).map(|id| format!("{:?}", shown(id))).collect();
    let text = match ids.len() {
        0 => return,
        1 => format!("{} is not a member of this group, so it was not removed.", named[0]),
        count @ 2..=MOST_NOTED => {
            format!(
                "{count} ids are not those of members of this group, so they were not removed: {}.",
                named.join(", ")
            )
        }
        count => format!(
            "{count} ids are not those of members of this group, so they were not removed: {} and {} others.",
            named.join(", "),
            count - MOST_NOTED
        ),
    };
    notes.add("remove-without-match", "RFC 7644 §3.5.2.2", text);
}

fn accept_unknown(policy: &Policy, member: &Member, notes: &mut Notes) -> Result<(), Failure> {
    if policy.refuse_unknown_members() {
        return Err(ScimError::invalid_value(format!(
            "members: no user or group with the id {:?} is in this directory.",
            member.value
        ))
        .into());
    }
    notes.add(
        "unknown-member",
        "RFC 7643 §4.2",
        format!("No user or group here has the id {:?}; it was kept as a member all the same.", member.value),
    );
    Ok(())
}
