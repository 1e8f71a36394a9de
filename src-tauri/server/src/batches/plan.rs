//! What importing the entries of a file would do: whom it creates, whom it changes, who becomes whose member.

use std::collections::{HashMap, HashSet};

use scim::comparison_key;
use serde_json::{Map, Value, json};

use crate::core::Core;
use crate::directory::{Error, Result, browse};
use crate::model::{
    DirectoryId, ImportAction, ImportCounts, ImportFormat, ImportRow, OnExisting, RequestDraft, ResourceKey,
    ResourceKind,
};
use crate::provisioning::Provisioning;
use crate::scopes::Scope;
use crate::store::resources::{self, ResourceRecord};
use crate::store::{Connection, StoreError};
use crate::transfer::{Entry, ImportFile, MemberName};

/// Names that a remark tells.
const NAMES_TOLD: usize = 3;

/// What an import does.
pub(super) struct Plan {
    pub(super) rows: Vec<PlannedRow>,
}

/// What becomes of a user or group.
pub(super) struct PlannedRow {
    pub(super) line: u64,
    pub(super) kind: ResourceKind,
    pub(super) name: String,
    pub(super) action: ImportAction,
    pub(super) remark: Option<String>,
    /// In the directory; `None`: it is not there yet.
    pub(super) id: Option<String>,
    /// What it gets; empty: only members.
    pub(super) body: Map<String, Value>,
    pub(super) members: Vec<Member>,
    /// The row of its manager, if that one has no id yet.
    pub(super) manager: Option<usize>,
}

/// Who becomes a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Member {
    /// That of a row.
    Row(usize),
    /// One that is there, by its id.
    There(String),
}

impl Plan {
    /// Plans what becomes of the entries of a file. Looks at names only; what the directory says of each is found out by [`Plan::rehearse`].
    ///
    /// # Errors
    /// If there is no such directory.
    pub(super) fn new(core: &Core, id: &DirectoryId, file: ImportFile, existing: OnExisting) -> Result<Self> {
        let scope = browse::find(core, id)?;
        Ok(core.store.read(|c| {
            let ImportFile { format, entries, .. } = file;
            let mut planning = Planning { c, scope: &scope, format, existing, rows: Vec::new(), named: HashMap::new() };
            planning.all(entries)?;
            Ok::<_, StoreError>(Self { rows: planning.rows })
        })?)
    }

    /// Refuses the rows that the directory would.
    ///
    /// # Errors
    /// If there is no such directory.
    pub(super) async fn rehearse(&mut self, provisioning: &Provisioning, id: &DirectoryId) -> Result<()> {
        let tried = self.rows.iter().enumerate().filter_map(|(index, row)| Some((index, draft(row)?)));
        let (indexes, drafts): (Vec<usize>, Vec<RequestDraft>) = tried.unzip();
        let refusals = provisioning.refusals(id.clone(), drafts).await?;
        for (index, refusal) in indexes.into_iter().zip(refusals) {
            if let Some(refusal) = refusal {
                self.rows[index].refuse(refusal);
            }
        }
        for index in 0..self.rows.len() {
            let lost = self.lost_members(index);
            if lost > 0 && self.rows[index].is_imported() {
                self.rows[index].remark(format!("{} cannot be imported.", members(lost)));
            }
            let manager = self.rows[index].manager.filter(|_| self.rows[index].is_imported());
            if manager.is_some_and(|manager| !self.rows[manager].is_imported()) {
                self.rows[index].remark("The manager cannot be imported.".into());
            }
        }
        Ok(())
    }

    /// How many members of a row are not there, whatever was done so far.
    fn lost_members(&self, index: usize) -> usize {
        let is_lost = |member: &&Member| matches!(member, Member::Row(row) if !self.rows[*row].is_imported() && self.rows[*row].id.is_none());
        self.rows[index].members.iter().filter(is_lost).count()
    }

    /// The rows as a person reads them.
    pub(super) fn rows(&self) -> Vec<ImportRow> {
        let each = self.rows.iter().map(|PlannedRow { line, kind, name, action, remark, .. }| ImportRow {
            line: *line,
            kind: *kind,
            name: name.clone(),
            action: *action,
            remark: remark.clone(),
        });
        each.collect()
    }

    pub(super) fn counts(&self) -> ImportCounts {
        let count = |action| self.rows.iter().filter(|row| row.action == action).count() as u32;
        ImportCounts {
            create: count(ImportAction::Create),
            update: count(ImportAction::Update),
            skip: count(ImportAction::Skip),
            refuse: count(ImportAction::Refuse),
        }
    }
}

impl PlannedRow {
    pub(super) fn is_imported(&self) -> bool {
        matches!(self.action, ImportAction::Create | ImportAction::Update)
    }

    fn refuse(&mut self, why: String) {
        (self.action, self.remark) = (ImportAction::Refuse, Some(why));
    }

    fn remark(&mut self, text: String) {
        self.remark = Some(match self.remark.take() {
            Some(before) => format!("{before} {text}"),
            None => text,
        });
    }

    /// The request that gives it what it gets, without members.
    pub(super) fn request(&self) -> Option<(&'static str, String, Value)> {
        let endpoint = self.kind.endpoint();
        match (self.action, &self.id) {
            (ImportAction::Create, _) => Some(("POST", format!("/{endpoint}"), Value::Object(self.body.clone()))),
            (ImportAction::Update, Some(id)) if !self.body.is_empty() => {
                let operation = json!({"op": "replace", "value": self.body});
                Some(("PATCH", format!("/{endpoint}/{id}"), patch(vec![operation])))
            }
            _ => None,
        }
    }
}

/// A PATCH, RFC 7644 §3.5.2.
pub(super) fn patch(operations: Vec<Value>) -> Value {
    json!({"schemas": [scim::PATCH_OP], "Operations": operations})
}

/// `1 member`, `3 members`.
pub(super) fn members(count: usize) -> String {
    if count == 1 { "1 member".into() } else { format!("{count} members") }
}

fn draft(row: &PlannedRow) -> Option<RequestDraft> {
    let (method, path, body) = row.request()?;
    Some(RequestDraft { method: method.into(), path, body: Some(body.to_string()), if_match: None, replay_of: None })
}

/// The work on a plan.
struct Planning<'p> {
    c: &'p Connection,
    scope: &'p Scope,
    format: ImportFormat,
    existing: OnExisting,
    rows: Vec<PlannedRow>,
    /// The rows that are not refused, by kind and name.
    named: HashMap<(ResourceKind, String), usize>,
}

impl Planning<'_> {
    fn all(&mut self, entries: Vec<Entry>) -> std::result::Result<(), StoreError> {
        let mut ids = HashMap::new();
        let mut external_ids = HashMap::new();
        let mut references = Vec::new();
        for mut entry in entries {
            let index = self.rows.len();
            if let Some(id) = entry.id.take() {
                ids.entry(id).or_insert(index);
            }
            let (groups, members) = (std::mem::take(&mut entry.groups), std::mem::take(&mut entry.members));
            let external_id = entry.body.get("externalId").and_then(Value::as_str).map(str::to_owned);
            let mut row = self.row(entry)?;
            if let Some(external_id) = external_id.filter(|_| self.scope.policy.refuse_duplicate_external_ids()) {
                let first: &mut u64 = external_ids.entry((row.kind, external_id)).or_insert(row.line);
                if *first != row.line {
                    row.refuse(format!("{} has the same externalId.", self.place(*first)));
                }
            }
            if row.action != ImportAction::Refuse {
                self.named.entry((row.kind, comparison_key(&row.name))).or_insert(index);
            }
            self.rows.push(row);
            references.push((groups, members));
        }
        for (index, (groups, members)) in references.into_iter().enumerate() {
            if self.rows[index].is_imported() {
                groups.into_iter().try_for_each(|group| self.join(index, group))?;
                self.take_members(index, members, &ids)?;
                self.take_manager(index, &ids)?;
            }
        }
        let mut seen = HashSet::new();
        for (index, row) in self.rows.iter_mut().enumerate() {
            let is_itself = |member: &Member| match member {
                Member::Row(of) => *of == index,
                Member::There(id) => row.id.as_ref() == Some(id),
            };
            row.members.retain(|member| seen.insert((index, member.clone())) && !is_itself(member));
        }
        Ok(())
    }

    /// Where a row is in the file.
    fn place(&self, line: u64) -> String {
        match self.format {
            ImportFormat::Csv => format!("Line {line}"),
            ImportFormat::Json => format!("No. {line}"),
        }
    }

    fn row(&self, entry: Entry) -> std::result::Result<PlannedRow, StoreError> {
        let name = entry.name().to_owned();
        let Entry { line, kind, problem, some_of, .. } = entry;
        let mut row = PlannedRow {
            line,
            kind,
            name,
            action: ImportAction::Create,
            remark: None,
            id: None,
            body: entry.body,
            members: Vec::new(),
            manager: None,
        };
        let twin = self.named.get(&(kind, comparison_key(&row.name))).map(|index| self.rows[*index].line);
        let may_be_twice = kind == ResourceKind::Group && self.scope.policy.allow_duplicate_groups();
        if let Some(problem) = problem {
            row.refuse(problem);
        } else if row.name.trim().is_empty() {
            row.refuse(format!("It has no {}.", kind.name_attribute()));
        } else if let Some(line) = twin.filter(|_| !may_be_twice) {
            row.refuse(format!("{} has the same {}.", self.place(line), kind.name_attribute()));
        } else {
            row.id = self.id(kind, &row.name)?;
        }
        if let Some(id) = &row.id {
            if !some_of.is_empty() {
                let known = resources::by_id::<ResourceRecord>(self.c, self.scope.directory, kind, id)?;
                if let Some(known) = known {
                    some_of.iter().for_each(|some| some.put_among(&known.body, &mut row.body));
                }
            }
            row.action = match self.existing {
                OnExisting::Skip => ImportAction::Skip,
                OnExisting::Update => ImportAction::Update,
            };
            row.body.retain(|name, _| !name.eq_ignore_ascii_case("schemas"));
        } else if !row.body.keys().any(|name| name.eq_ignore_ascii_case("schemas")) {
            let urn = if kind == ResourceKind::User { scim::USER } else { scim::GROUP };
            row.body.insert("schemas".into(), json!([urn]));
        }
        Ok(row)
    }

    /// Puts a user into a group, which is one of the file, one that is there, or a new one.
    fn join(&mut self, user: usize, name: String) -> std::result::Result<(), StoreError> {
        let key = (ResourceKind::Group, comparison_key(&name));
        let group = match self.named.get(&key) {
            Some(group) => *group,
            None => {
                let mut entry = Entry::new(self.rows[user].line, ResourceKind::Group);
                entry.body.insert("displayName".into(), name.into());
                let mut row = self.row(entry)?;
                if row.id.is_some() {
                    // Only named: it keeps the name that it has, in whichever letter case.
                    row.body.clear();
                }
                self.rows.push(row);
                self.named.insert(key, self.rows.len() - 1);
                self.rows.len() - 1
            }
        };
        let row = &mut self.rows[group];
        if row.action == ImportAction::Skip {
            // It stays what it is; that the user is in it is said of the user.
            row.action = ImportAction::Update;
            row.body.clear();
        }
        row.members.push(Member::Row(user));
        Ok(())
    }

    fn take_members(
        &mut self,
        group: usize,
        names: Vec<MemberName>,
        ids: &HashMap<String, usize>,
    ) -> std::result::Result<(), StoreError> {
        let mut missing = Vec::new();
        for name in names {
            match self.member(&name, ids)? {
                Some(member) => self.rows[group].members.push(member),
                None => missing.push(name.value),
            }
        }
        if !missing.is_empty() {
            let told: Vec<_> = missing.iter().take(NAMES_TOLD).map(String::as_str).collect();
            let more = if missing.len() > NAMES_TOLD { ", \u{2026}" } else { "" };
            let (who, verb) = (members(missing.len()), if missing.len() == 1 { "is" } else { "are" });
            let text = format!("{who} {verb} neither in the file nor in the directory: {}{more}.", told.join(", "));
            self.rows[group].remark(text);
        }
        Ok(())
    }

    /// A manager is named as members are: by an id of the file, a `userName`, or an id that is there.
    fn take_manager(&mut self, user: usize, ids: &HashMap<String, usize>) -> std::result::Result<(), StoreError> {
        let Some((extension, name)) = manager(&mut self.rows[user].body) else { return Ok(()) };
        let Some(value) = extension[&name]["value"].as_str().map(str::to_owned) else { return Ok(()) };
        let found = self.member(&MemberName { value: value.clone(), kind: Some(ResourceKind::User) }, ids)?;
        let id = match found {
            Some(Member::There(id)) => Some(id),
            Some(Member::Row(index)) => {
                let id = self.rows[index].id.clone();
                if id.is_none() {
                    self.rows[user].manager = Some(index);
                }
                id
            }
            None => {
                let text = format!("The manager is neither in the file nor in the directory: {value}.");
                self.rows[user].remark(text);
                return Ok(());
            }
        };
        if let Some((extension, name)) = manager(&mut self.rows[user].body) {
            match id {
                Some(id) => extension.insert(name, json!({"value": id})),
                None => extension.shift_remove(&name),
            };
        }
        // An extension that says nothing more is not to be replaced by nothing.
        self.rows[user].body.retain(|_, value| value.as_object().is_none_or(|object| !object.is_empty()));
        Ok(())
    }

    fn member(
        &self,
        name: &MemberName,
        ids: &HashMap<String, usize>,
    ) -> std::result::Result<Option<Member>, StoreError> {
        if let Some(index) = ids.get(&name.value) {
            return Ok(Some(Member::Row(*index)));
        }
        let kinds = ResourceKind::ALL.into_iter().filter(|kind| name.kind.is_none_or(|wanted| wanted == *kind));
        for kind in kinds {
            if let Some(index) = self.named.get(&(kind, comparison_key(&name.value))) {
                return Ok(Some(Member::Row(*index)));
            }
            if let Some(id) = self.id(kind, &name.value)? {
                return Ok(Some(Member::There(id)));
            }
        }
        let known = resources::resolve(self.c, self.scope.directory, &name.value)?;
        Ok(known.map(|_| Member::There(name.value.clone())))
    }

    /// The id of the user or group of this name that is there.
    fn id(&self, kind: ResourceKind, name: &str) -> std::result::Result<Option<String>, StoreError> {
        match kind {
            ResourceKind::User => {
                Ok(resources::by_user_name(self.c, self.scope.directory, name)?.map(|record| record.id))
            }
            ResourceKind::Group => resources::id_of_group(self.c, self.scope.directory, name, ResourceKey(0)),
        }
    }
}

/// The extension that says who a user's manager is, and how it calls that.
fn manager(body: &mut Map<String, Value>) -> Option<(&mut Map<String, Value>, String)> {
    let mut all = body.iter_mut();
    let extension = all.find(|(urn, _)| urn.eq_ignore_ascii_case(scim::ENTERPRISE_USER))?.1.as_object_mut()?;
    let name = extension.keys().find(|name| name.eq_ignore_ascii_case("manager"))?.clone();
    Some((extension, name))
}

/// That something of a file cannot be imported.
pub(super) fn refused(counts: ImportCounts) -> Error {
    let rows = if counts.refuse == 1 { "1 row".into() } else { format!("{} rows", counts.refuse) };
    Error::invalid("stopOnError", format!("Nothing was imported: {rows} cannot be imported."))
}
