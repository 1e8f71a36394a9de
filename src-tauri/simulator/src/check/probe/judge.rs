//! What a check says of an answer.

use serde::Serialize;
use serde_json::{Value, json};

use super::{CREATED, Checked, CreatedResource, Fault, Probe, WRITTEN};
use crate::response::{Expected, Finding, Response, Weight, warns};

/// Why an error should have the `scimType` that the RFC's table has for it.
const SUGGESTED: &str =
    "scimType tells a client what kind of mistake it was; it is optional, and this is the one for it.";

impl Probe<'_> {
    /// What is wrong, for the reason that the check's rule gives.
    pub(crate) fn wrong(&self, expected: Value, actual: Value) -> Fault {
        self.wrong_because(expected, actual, self.rule.to_owned())
    }

    pub(super) fn wrong_because(&self, expected: Value, actual: Value, because: String) -> Fault {
        let section = self.section;
        Fault::Wrong(Box::new(Finding { weight: Weight::Fails, expected, actual, because, section }))
    }

    /// The answer has to be this, for the reason that the check's rule gives.
    ///
    /// # Errors
    /// If it is not.
    pub(crate) fn meets(&self, reply: &Response, need: &Expected) -> Checked {
        match need.unmet(reply).into_iter().next() {
            None => Ok(()),
            Some(finding) => Err(self.wrong(finding.expected, finding.actual)),
        }
    }

    /// The answer has to be this. What is only worth a warning is kept.
    ///
    /// # Errors
    /// If it is not.
    pub(crate) fn needs(&mut self, reply: &Response, need: Expected) -> Checked {
        for finding in need.unmet(reply) {
            if finding.weight == Weight::Fails {
                return Err(Fault::Wrong(Box::new(finding)));
            }
            self.warnings.push(finding);
        }
        Ok(())
    }

    /// One of these statuses.
    ///
    /// # Errors
    /// If it is another.
    pub(crate) fn status(&self, reply: &Response, statuses: &'static [u16]) -> Checked {
        match Expected::Status(statuses).unmet(reply).pop() {
            None => Ok(()),
            Some(finding) => {
                let because = format!("{} {}", self.rule, finding.because);
                Err(self.wrong_because(finding.expected, finding.actual, because))
            }
        }
    }

    /// The value at a JSON pointer.
    ///
    /// # Errors
    /// If it is another, of another type, or none.
    pub(crate) fn equal(&self, reply: &Response, pointer: &str, value: impl Into<Value>) -> Checked {
        self.meets(reply, &Expected::value(pointer, value, self.rule))
    }

    /// These values at these JSON pointers, one after the other; `null`: nothing there.
    ///
    /// # Errors
    /// As for [`Probe::equal`] and [`Probe::nothing`].
    pub(crate) fn shows(&self, reply: &Response, values: Value) -> Checked {
        for (pointer, value) in values.as_object().into_iter().flatten() {
            match value {
                Value::Null => self.nothing(reply, pointer)?,
                value => self.equal(reply, pointer, value.clone())?,
            }
        }
        Ok(())
    }

    /// Nothing at a JSON pointer: absent, `null` or empty.
    ///
    /// # Errors
    /// If there is something.
    pub(crate) fn nothing(&self, reply: &Response, pointer: &str) -> Checked {
        let found = reply.json.pointer(pointer);
        let is_nothing = match found {
            None | Some(Value::Null) => true,
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        let name = pointer.trim_start_matches('/').to_owned();
        if is_nothing { Ok(()) } else { Err(self.wrong(json!({ &name: null }), json!({ &name: found }))) }
    }

    /// That something holds; otherwise these were expected and found.
    ///
    /// # Errors
    /// If it does not hold.
    pub(crate) fn holds(&self, holds: bool, expected: Value, actual: Value) -> Checked {
        if holds { Ok(()) } else { Err(self.wrong(expected, actual)) }
    }

    /// That something holds of what has this name; otherwise this was expected and that found.
    ///
    /// # Errors
    /// If it does not hold.
    pub(crate) fn expect(&self, name: &str, holds: bool, expected: impl Serialize, found: impl Serialize) -> Checked {
        self.holds(holds, json!({ name: expected }), json!({ name: found }))
    }

    /// A SCIM error of a status and, if the rule names one, a `scimType`.
    ///
    /// # Errors
    /// If it is something else. How an error looks otherwise is another check's.
    pub(crate) fn error(&self, reply: &Response, statuses: &'static [u16], scim_type: &str) -> Checked {
        self.status(reply, statuses)?;
        if scim_type.is_empty() {
            return Ok(());
        }
        self.equal(reply, "/scimType", scim_type)
    }

    /// The same where the RFC only suggests the `scimType`: it is optional, so another or none is worth a warning.
    ///
    /// # Errors
    /// If the status is another.
    pub(crate) fn error_like(&mut self, reply: &Response, statuses: &'static [u16], scim_types: &[&str]) -> Checked {
        self.status(reply, statuses)?;
        let found = &reply.json["scimType"];
        if !scim_types.iter().any(|scim_type| found == *scim_type) {
            let (expected, actual) = (json!({ "scimType": scim_types[0] }), json!({ "scimType": found }));
            self.warnings.push(warns(expected, actual, SUGGESTED, "RFC 7644 §3.12, Table 9"));
        }
        Ok(())
    }

    /// A list of just this resource.
    ///
    /// # Errors
    /// If it is another list.
    pub(crate) fn only(&self, reply: &Response, made: &CreatedResource) -> Checked {
        self.ids(reply, &[made])
    }

    /// A list of just these resources, in any order.
    ///
    /// # Errors
    /// If it is another list.
    pub(crate) fn ids(&self, reply: &Response, made: &[&CreatedResource]) -> Checked {
        self.status(reply, &[200])?;
        let mut found: Vec<&str> =
            reply.resources().iter().map(|resource| resource["id"].as_str().unwrap_or("?")).collect();
        let mut wanted: Vec<&str> = made.iter().map(|made| made.id.as_str()).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        let shown = |ids: &[&str]| json!({ "totalResults": ids.len(), "ids": ids.iter().take(5).collect::<Vec<_>>() });
        let is_counted = counted(reply) == Some(wanted.len() as u64);
        let mut actual = shown(&found);
        actual["totalResults"] = reply.json["totalResults"].clone();
        self.holds(found == wanted && is_counted, shown(&wanted), actual)
    }

    /// A list of so many in all.
    ///
    /// # Errors
    /// If it is another list.
    pub(crate) fn total(&self, reply: &Response, total: u64) -> Checked {
        self.status(reply, &[200])?;
        let (expected, actual) =
            (json!({ "totalResults": total }), json!({ "totalResults": reply.json["totalResults"] }));
        self.holds(counted(reply) == Some(total), expected, actual)
    }

    /// An empty list.
    ///
    /// # Errors
    /// If it is another answer.
    pub(crate) fn nobody(&self, reply: &Response) -> Checked {
        self.ids(reply, &[])
    }

    /// A body that says that it is SCIM.
    ///
    /// # Errors
    /// If its media type is another.
    pub(crate) fn is_scim_json(&self, reply: &Response) -> Checked {
        let found = reply.answer.header("content-type").unwrap_or_default();
        let media = found.split(';').next().unwrap_or_default().trim();
        self.expect("Content-Type", media.eq_ignore_ascii_case("application/scim+json"), "application/scim+json", found)
    }

    /// Looks for users and expects just these, in any order.
    ///
    /// # Errors
    /// If others are found.
    pub(crate) async fn finds(&mut self, filter: &str, made: &[&CreatedResource]) -> Checked {
        let reply = self.find_users(filter).await?;
        self.ids(&reply, made)
    }

    /// Looks for groups and expects just these, in any order.
    ///
    /// # Errors
    /// If others are found.
    pub(crate) async fn finds_groups(&mut self, filter: &str, made: &[&CreatedResource]) -> Checked {
        let target = format!("/Groups?filter={}", self.encode(filter));
        let reply = self.get(target).await?;
        self.ids(&reply, made)
    }

    /// Reads something and expects success.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) async fn read(&mut self, target: impl Into<String>) -> Checked<Response> {
        let reply = self.get(target).await?;
        self.status(&reply, &[200])?;
        Ok(reply)
    }

    /// Reads a user and expects success.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) async fn read_user(&mut self, made: &CreatedResource) -> Checked<Response> {
        self.read(made.user()).await
    }

    /// Reads a group and expects success.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) async fn read_group(&mut self, made: &CreatedResource) -> Checked<Response> {
        self.read(made.group()).await
    }

    /// Creates something and expects success.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn create(&mut self, target: impl Into<String>, body: &Value) -> Checked<Response> {
        let reply = self.post(target, body).await?;
        self.status(&reply, CREATED)?;
        Ok(reply)
    }

    /// Replaces something and expects success.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn replace(&mut self, target: impl Into<String>, body: &Value) -> Checked<Response> {
        let reply = self.put(target, body).await?;
        self.status(&reply, WRITTEN)?;
        Ok(reply)
    }

    /// Carries out a PATCH and expects success.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn modify(&mut self, target: impl Into<String>, operations: Value) -> Checked {
        let reply = self.patch(target, operations).await?;
        self.status(&reply, &[200, 204])
    }

    /// Carries out a PATCH of a user and reads the user as it is then.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn modify_user(&mut self, user: &CreatedResource, operations: Value) -> Checked<Response> {
        self.modify(user.user(), operations).await?;
        self.read_user(user).await
    }

    /// Makes a user and carries out these PATCHes one after the other, each with what has to be at which JSON pointers then.
    ///
    /// # Errors
    /// If a PATCH is refused, or there is something else.
    pub(crate) async fn patches_user<const N: usize>(&mut self, patches: [(Value, Value); N]) -> Checked {
        let user = self.user().await?;
        for (operations, values) in patches {
            let read = self.modify_user(&user, operations).await?;
            self.shows(&read, values)?;
        }
        Ok(())
    }

    /// Makes people, a group of those in `before`, carries out a PATCH of it, and expects just those in `after` in it.
    ///
    /// # Errors
    /// If the PATCH is refused, or the group has others.
    pub(crate) async fn patches_members<const N: usize>(
        &mut self,
        before: [bool; N],
        operations: impl FnOnce([&CreatedResource; N]) -> Value,
        after: [bool; N],
    ) -> Checked {
        let mut people = Vec::with_capacity(N);
        for _ in before {
            people.push(self.user().await?);
        }
        let those = |is_in: [bool; N]| people.iter().zip(is_in).filter(|(_, is_in)| *is_in).map(|(one, _)| one);
        let group = self.group(&those(before).collect::<Vec<_>>()).await?;
        let operations = operations(std::array::from_fn(|position| &people[position]));
        self.modify(group.group(), operations).await?;
        self.has_members(&group, &those(after).collect::<Vec<_>>()).await
    }

    /// Reads something, changes it, and writes it back whole.
    ///
    /// # Errors
    /// If it cannot be read, or is refused.
    pub(crate) async fn rewrite(&mut self, target: String, change: impl FnOnce(&mut Value)) -> Checked<Response> {
        let mut body = Value::Object(self.read(target.as_str()).await?.resource());
        change(&mut body);
        self.replace(target, &body).await
    }

    /// Looks for a user of a name that nobody has, while somebody else is there.
    ///
    /// # Errors
    /// If the answer is not an empty list.
    pub(crate) async fn finds_nobody(&mut self, name: impl FnOnce(&mut Self) -> String) -> Checked {
        // Whoever ignores the filter finds at least this one.
        self.user().await?;
        let name = name(self);
        let reply = self.find_users(&format!("userName eq \"{name}\"")).await?;
        self.status(&reply, &[200])?;
        self.needs(&reply, Expected::List)?;
        self.nobody(&reply)
    }

    /// Tries to make a user twice, which is a conflict.
    ///
    /// # Errors
    /// If the second is not refused as one.
    pub(crate) async fn refuses_duplicate(&mut self) -> Checked {
        let user = self.user().await?;
        let reply = self.make_again(&user).await?;
        self.status(&reply, &[409])
    }

    /// Deletes a user, which is answered with one of the statuses in `deleted`, and makes the same user again.
    ///
    /// # Errors
    /// If either is refused.
    pub(crate) async fn creates_after_delete(&mut self, deleted: &'static [u16]) -> Checked {
        let user = self.user().await?;
        let reply = self.delete(user.user()).await?;
        self.status(&reply, deleted)?;
        let reply = self.make_again(&user).await?;
        self.status(&reply, CREATED)
    }

    /// Gives a user an attribute of the enterprise extension, which `schemas` has to name then.
    ///
    /// # Errors
    /// If either is not there afterwards.
    pub(crate) async fn adds_department(&mut self) -> Checked {
        let user = self.user().await?;
        let path = format!("{}:department", scim::ENTERPRISE_USER);
        let read = self.modify_user(&user, json!([{ "op": "add", "path": path, "value": "Sales" }])).await?;
        self.equal(&read, "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department", "Sales")?;
        let (is_listed, found) = (read.names_schema(scim::ENTERPRISE_USER), &read.json["schemas"]);
        self.expect("schemas", is_listed, json!([scim::USER, scim::ENTERPRISE_USER]), found)
    }

    /// Deletes something, which is gone then.
    ///
    /// # Errors
    /// If it is still there, or the answer to either request is another.
    pub(crate) async fn delete_for_good(&mut self, target: String) -> Checked {
        let reply = self.delete(target.as_str()).await?;
        self.status(&reply, &[204])?;
        let reply = self.get(target).await?;
        self.status(&reply, &[404])
    }

    /// Reads a group and expects exactly these members.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) async fn has_members(&mut self, group: &CreatedResource, members: &[&CreatedResource]) -> Checked {
        let reply = self.read_group(group).await?;
        self.members(&reply, members)
    }

    /// A group with exactly these members.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) fn members(&self, reply: &Response, members: &[&CreatedResource]) -> Checked {
        self.member_ids(reply, members.iter().map(|made| made.id.clone()).collect())
    }

    /// A group with exactly these members, by their ids.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) fn member_ids(&self, reply: &Response, ids: Vec<String>) -> Checked {
        self.meets(reply, &Expected::Members { ids, weight: Weight::Fails, because: self.rule })
    }
}

/// `totalResults`, even as a text: that it has to be an integer is a check of its own.
fn counted(reply: &Response) -> Option<u64> {
    let total = &reply.json["totalResults"];
    total.as_u64().or_else(|| total.as_str()?.parse().ok())
}
