//! What a check says of a response.

use std::ops::Deref;

use serde::Serialize;
use serde_json::{Value, json};

use super::{CREATED, Checked, CreatedResource, Fault, Probe, WRITTEN};
use crate::response::{Expected, Finding, Response, Weight, warns};

/// Why an error should have the `scimType` that the RFC's table has for it.
const SUGGESTED: &str =
    "scimType tells a client what kind of mistake it was; it is optional, and this is the one for it.";

/// A rule that a check holds responses against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// In a sentence.
    pub(super) text: &'static str,
    /// Where it stands.
    pub(super) section: &'static str,
}

/// What a check's request was answered with, and the rule that it is held against.
#[derive(Clone, Debug)]
pub(crate) struct CheckResponse {
    pub(super) response: Response,
    pub(crate) rule: Rule,
}

impl Rule {
    /// What is wrong, for the reason that the rule gives.
    fn broken(self, expected: Value, actual: Value) -> Fault {
        self.broken_because(expected, actual, self.text.to_owned())
    }

    pub(super) fn broken_because(self, expected: Value, actual: Value, because: String) -> Fault {
        let section = self.section;
        Fault::Wrong(Box::new(Finding { weight: Weight::Fails, expected, actual, because, section }))
    }

    /// That something holds; otherwise these were expected and found.
    ///
    /// # Errors
    /// If it does not hold.
    pub(crate) fn holds(self, holds: bool, expected: Value, actual: Value) -> Checked {
        if holds { Ok(()) } else { Err(self.broken(expected, actual)) }
    }

    /// That something holds of what has this name; otherwise this was expected and that found.
    ///
    /// # Errors
    /// If it does not hold.
    pub(crate) fn expect(self, name: &str, holds: bool, expected: impl Serialize, found: impl Serialize) -> Checked {
        self.holds(holds, json!({ name: expected }), json!({ name: found }))
    }
}

impl Deref for CheckResponse {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.response
    }
}

impl CheckResponse {
    /// It has to be this, for the reason that the check's rule gives.
    ///
    /// # Errors
    /// If it is not.
    pub(crate) fn meets(&self, expected: &Expected) -> Checked {
        match expected.unmet(self).into_iter().next() {
            None => Ok(()),
            Some(finding) => Err(self.rule.broken(finding.expected, finding.actual)),
        }
    }

    /// One of these statuses.
    ///
    /// # Errors
    /// If it is another.
    pub(crate) fn has_status(&self, statuses: &'static [u16]) -> Checked {
        match Expected::Status(statuses).unmet(self).pop() {
            None => Ok(()),
            Some(finding) => {
                let because = format!("{} {}", self.rule.text, finding.because);
                Err(self.rule.broken_because(finding.expected, finding.actual, because))
            }
        }
    }

    /// The same, of one that is looked at further.
    ///
    /// # Errors
    /// If it is another.
    pub(crate) fn with_status(self, statuses: &'static [u16]) -> Checked<Self> {
        self.has_status(statuses).map(|()| self)
    }

    /// The value at a JSON pointer.
    ///
    /// # Errors
    /// If it is another, of another type, or none.
    pub(crate) fn has(&self, pointer: &str, value: impl Into<Value>) -> Checked {
        self.meets(&Expected::value(pointer, value, self.rule.text))
    }

    /// These values at these JSON pointers, one after the other; `null`: nothing there.
    ///
    /// # Errors
    /// As for [`CheckResponse::has`] and [`CheckResponse::has_nothing`].
    pub(crate) fn shows(&self, values: Value) -> Checked {
        for (pointer, value) in values.as_object().into_iter().flatten() {
            match value {
                Value::Null => self.has_nothing(pointer)?,
                value => self.has(pointer, value.clone())?,
            }
        }
        Ok(())
    }

    /// Nothing at a JSON pointer: absent, `null` or empty.
    ///
    /// # Errors
    /// If there is something.
    pub(crate) fn has_nothing(&self, pointer: &str) -> Checked {
        let found = self.json.pointer(pointer);
        let is_nothing = match found {
            None | Some(Value::Null) => true,
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        self.expect(pointer.trim_start_matches('/'), is_nothing, json!(null), found)
    }

    /// That something holds of what has this name in it; otherwise this was expected and that found.
    ///
    /// # Errors
    /// If it does not hold.
    pub(crate) fn expect(&self, name: &str, holds: bool, expected: impl Serialize, found: impl Serialize) -> Checked {
        self.rule.expect(name, holds, expected, found)
    }

    /// A SCIM error of a status with a `scimType`. How an error looks otherwise is another check's.
    ///
    /// # Errors
    /// If it is something else.
    pub(crate) fn is_error(&self, statuses: &'static [u16], scim_type: &str) -> Checked {
        self.has_status(statuses)?;
        self.has("/scimType", scim_type)
    }

    /// A list of just these resources, in any order.
    ///
    /// # Errors
    /// If it is another list.
    pub(crate) fn lists(&self, made: &[&CreatedResource]) -> Checked {
        self.has_status(&[200])?;
        let mut found: Vec<&str> =
            self.resources().iter().map(|resource| resource["id"].as_str().unwrap_or("?")).collect();
        let mut wanted: Vec<&str> = made.iter().map(|made| made.id.as_str()).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        let shown = |ids: &[&str]| json!({ "totalResults": ids.len(), "ids": ids.iter().take(5).collect::<Vec<_>>() });
        let is_counted = self.counted() == Some(wanted.len() as u64);
        let mut actual = shown(&found);
        actual["totalResults"] = self.json["totalResults"].clone();
        self.rule.holds(found == wanted && is_counted, shown(&wanted), actual)
    }

    /// A list of so many in all.
    ///
    /// # Errors
    /// If it is another list.
    pub(crate) fn has_total(&self, total: u64) -> Checked {
        self.has_status(&[200])?;
        self.expect("totalResults", self.counted() == Some(total), total, &self.json["totalResults"])
    }

    /// `totalResults`, even as a text: that it has to be an integer is a check of its own.
    fn counted(&self) -> Option<u64> {
        let total = &self.json["totalResults"];
        total.as_u64().or_else(|| total.as_str()?.parse().ok())
    }

    /// A body that says that it is SCIM.
    ///
    /// # Errors
    /// If its media type is another.
    pub(crate) fn is_scim_json(&self) -> Checked {
        let found = self.answer.header("content-type").unwrap_or_default();
        let media = found.split(';').next().unwrap_or_default().trim();
        self.expect("Content-Type", media.eq_ignore_ascii_case("application/scim+json"), "application/scim+json", found)
    }

    /// A group with exactly these members.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) fn has_members(&self, members: &[&CreatedResource]) -> Checked {
        self.has_member_ids(members.iter().map(|made| made.id.clone()).collect())
    }

    /// A group with exactly these members, by their ids.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) fn has_member_ids(&self, ids: Vec<String>) -> Checked {
        self.meets(&Expected::Members { ids, weight: Weight::Fails, because: self.rule.text })
    }
}

impl Probe<'_> {
    /// The response has to be this. What is only worth a warning is kept.
    ///
    /// # Errors
    /// If it is not.
    pub(crate) fn needs(&mut self, response: &CheckResponse, expected: Expected) -> Checked {
        for finding in expected.unmet(response) {
            if finding.weight == Weight::Fails {
                return Err(Fault::Wrong(Box::new(finding)));
            }
            self.warnings.push(finding);
        }
        Ok(())
    }

    /// A 400 with one of these `scimType`s, of which the first is the one for it. It is optional, so another or none is worth a warning.
    ///
    /// # Errors
    /// If the status is another.
    pub(crate) fn error_like(&mut self, response: &CheckResponse, scim_types: &[&str]) -> Checked {
        response.has_status(&[400])?;
        let found = &response.json["scimType"];
        if !scim_types.iter().any(|scim_type| found == *scim_type) {
            let (expected, actual) = (json!({ "scimType": scim_types[0] }), json!({ "scimType": found }));
            self.warnings.push(warns(expected, actual, SUGGESTED, "RFC 7644 §3.12, Table 9"));
        }
        Ok(())
    }

    /// Looks for users and expects just these, in any order.
    ///
    /// # Errors
    /// If others are found.
    pub(crate) async fn finds(&mut self, filter: &str, made: &[&CreatedResource]) -> Checked {
        self.find_users(filter).await?.lists(made)
    }

    /// Looks for groups and expects just these, in any order.
    ///
    /// # Errors
    /// If others are found.
    pub(crate) async fn finds_groups(&mut self, filter: &str, made: &[&CreatedResource]) -> Checked {
        let target = format!("/Groups?filter={}", self.encode(filter));
        self.get(target).await?.lists(made)
    }

    /// Reads something and expects success.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) async fn read(&mut self, target: impl Into<String>) -> Checked<CheckResponse> {
        self.get(target).await?.with_status(&[200])
    }

    /// Reads a list and expects success.
    ///
    /// # Errors
    /// If it cannot be read, or is not a list.
    pub(crate) async fn read_list(&mut self, target: impl Into<String>) -> Checked<CheckResponse> {
        let response = self.read(target).await?;
        self.needs(&response, Expected::List)?;
        Ok(response)
    }

    /// Creates something and expects success.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn create(&mut self, target: impl Into<String>, body: &Value) -> Checked<CheckResponse> {
        self.post(target, body).await?.with_status(CREATED)
    }

    /// Creates something and expects the very 201, with an id.
    ///
    /// # Errors
    /// If the response is another.
    pub(crate) async fn create_new(&mut self, target: impl Into<String>, body: &Value) -> Checked<CheckResponse> {
        let response = self.post(target, body).await?.with_status(&[201])?;
        self.needs(&response, Expected::Id)?;
        Ok(response)
    }

    /// Replaces something and expects success.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn replace(&mut self, target: impl Into<String>, body: &Value) -> Checked<CheckResponse> {
        self.put(target, body).await?.with_status(WRITTEN)
    }

    /// Carries out a PATCH and expects success.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn modify(&mut self, target: impl Into<String>, operations: Value) -> Checked {
        self.patch(target, operations).await?.has_status(&[200, 204])
    }

    /// Carries out a PATCH of a user and reads the user as it is then.
    ///
    /// # Errors
    /// If it is refused.
    pub(crate) async fn modify_user(&mut self, user: &CreatedResource, operations: Value) -> Checked<CheckResponse> {
        self.modify(&user.target, operations).await?;
        self.read(&user.target).await
    }

    /// Makes a user and carries out these PATCHes one after the other, each with what has to be at which JSON pointers then.
    ///
    /// # Errors
    /// If a PATCH is refused, or there is something else.
    pub(crate) async fn patches_user<const N: usize>(&mut self, patches: [(Value, Value); N]) -> Checked {
        let user = self.user().await?;
        for (operations, values) in patches {
            self.modify_user(&user, operations).await?.shows(values)?;
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
        self.modify(&group.target, operations).await?;
        self.has_members(&group, &those(after).collect::<Vec<_>>()).await
    }

    /// Reads something, changes it, and writes it back whole.
    ///
    /// # Errors
    /// If it cannot be read, or is refused.
    pub(crate) async fn rewrite(&mut self, target: &str, change: impl FnOnce(&mut Value)) -> Checked<CheckResponse> {
        let mut body = Value::Object(self.read(target).await?.resource());
        change(&mut body);
        self.replace(target, &body).await
    }

    /// Looks for a user of a name that nobody has, while somebody else is there.
    ///
    /// # Errors
    /// If the response is not an empty list.
    pub(crate) async fn finds_nobody(&mut self, name: impl FnOnce(&mut Self) -> String) -> Checked {
        // Whoever ignores the filter finds at least this one.
        self.user().await?;
        let name = name(self);
        let response = self.find_users(&format!("userName eq \"{name}\"")).await?.with_status(&[200])?;
        self.needs(&response, Expected::List)?;
        response.lists(&[])
    }

    /// Tries to make a user twice, which is a conflict.
    ///
    /// # Errors
    /// If the second is not refused as one.
    pub(crate) async fn refuses_duplicate(&mut self) -> Checked {
        let user = self.user().await?;
        self.make_again(&user).await?.has_status(&[409])
    }

    /// Deletes a user, which is answered with one of the statuses in `deleted`, and makes the same user again.
    ///
    /// # Errors
    /// If either is refused.
    pub(crate) async fn creates_after_delete(&mut self, deleted: &'static [u16]) -> Checked {
        let user = self.user().await?;
        self.delete(&user.target).await?.has_status(deleted)?;
        self.make_again(&user).await?.has_status(CREATED)
    }

    /// Gives a user an attribute of the enterprise extension, which `schemas` has to name then.
    ///
    /// # Errors
    /// If either is not there afterwards.
    pub(crate) async fn adds_department(&mut self) -> Checked {
        let user = self.user().await?;
        let path = format!("{}:department", scim::ENTERPRISE_USER);
        let read = self.modify_user(&user, json!([{ "op": "add", "path": path, "value": "Sales" }])).await?;
        read.has("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department", "Sales")?;
        let (is_listed, found) = (read.names_schema(scim::ENTERPRISE_USER), &read.json["schemas"]);
        read.expect("schemas", is_listed, json!([scim::USER, scim::ENTERPRISE_USER]), found)
    }

    /// Deletes something, which is gone then.
    ///
    /// # Errors
    /// If it is still there, or the response to either request is another.
    pub(crate) async fn delete_for_good(&mut self, target: &str) -> Checked {
        self.delete(target).await?.has_status(&[204])?;
        self.get(target).await?.has_status(&[404])
    }

    /// Reads a group and expects exactly these members.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) async fn has_members(&mut self, group: &CreatedResource, members: &[&CreatedResource]) -> Checked {
        self.read(&group.target).await?.has_members(members)
    }
}
