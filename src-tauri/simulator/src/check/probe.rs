//! What a check works with: sends requests, makes what it needs, says what is wrong, removes what it made.

mod judge;

use std::hash::{BuildHasher, Hasher};

use idp::{Dialect, IdpId};
use percent_encoding::percent_decode_str;
use scim::ResourceKind;
use serde_json::{Value, json};
use wire::{Answer, NoAnswer};

pub(crate) use self::judge::CheckResponse;
use self::judge::Rule;
use super::{Check, MOST_SILENT, Suite};
use crate::dialect::{Kind, OWN_RETRY, Wait, encode, headers, wait};
use crate::exchange::{Exchange, Request, target_of};
use crate::owned_resources::{OwnedResources, left};
use crate::progress::Leftover;
use crate::response::{Finding, Response, id_of};
use crate::target::Connection;

/// What begins every name that a check makes.
pub(super) const PREFIX: &str = "sim-";

/// Pages of a list that are read at the most, to find what a run has left: a thousand users, or groups, of a server whose filters find nobody.
const MOST_PAGES: usize = 10;
const PAGE: usize = 100;

/// A creation succeeded. That it is answered with 201 is a check of its own.
pub(crate) const CREATED: &[u16] = &[201, 200];

/// A PUT succeeded. That it is answered with 200 and the resource is a check of its own.
pub(crate) const WRITTEN: &[u16] = &[200, 204];

/// What is said when a server sends the client to somebody else: no further check makes sense.
pub(super) const AWAY: &str = "The server redirects to another host; the token was not sent there.";

/// What a check comes to.
pub(crate) type Checked<T = ()> = Result<T, Fault>;

/// Why a check did not pass.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The server does something wrong.
    Wrong(Box<Finding>),
    /// The check could not be tried.
    Skipped(String),
}

/// What a server says that it can do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capabilities {
    /// `ServiceProviderConfig`, if it could be read.
    config: Option<Value>,
}

/// A server that does not answer.
pub(super) struct Unreached {
    pub(super) because: String,
    pub(super) exchange: Exchange,
}

/// A check at work.
pub(crate) struct Probe<'a> {
    connection: &'a mut Connection,
    dialect: &'static Dialect,
    pub(crate) rule: Rule,
    capabilities: &'a Capabilities,
    name: &'a str,
    made: usize,
    owned: OwnedResources,
    /// Requests of our own in a row that were not answered.
    silent: usize,
    exchanges: Vec<Exchange>,
    warnings: Vec<Finding>,
}

/// What is left of a check that has ended.
pub(super) struct Done {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) warnings: Vec<Finding>,
    pub(super) left: Left,
}

/// What a check or a run made and could not remove, and what it may have made.
#[derive(Debug, Default)]
pub(super) struct Left {
    made: Vec<(ResourceKind, Leftover)>,
    doubtful: Vec<(ResourceKind, Leftover)>,
}

/// A user or group that a check made.
#[derive(Clone, Debug)]
pub(crate) struct CreatedResource {
    pub(crate) id: String,
    /// `/Users/{id}` or `/Groups/{id}`.
    pub(crate) target: String,
    /// Its `userName` or `displayName`.
    pub(crate) name: String,
    pub(crate) response: CheckResponse,
}

/// Something to keep the names of two runs apart.
pub(super) fn run_id() -> String {
    // The standard library seeds its hashers from the operating system.
    let random = std::hash::RandomState::new().build_hasher().finish();
    format!("{:08x}", random >> 32)
}

/// Why there is no answer, in a sentence.
fn because(error: NoAnswer) -> String {
    match error {
        NoAnswer::RedirectedAway { .. } => AWAY.to_owned(),
        other => other.to_string(),
    }
}

impl Left {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes in what is left of another check.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.made.append(&mut other.made);
        self.doubtful.append(&mut other.doubtful);
    }
}

impl IntoIterator for Left {
    type Item = (ResourceKind, Leftover);
    type IntoIter = std::iter::Chain<std::vec::IntoIter<Self::Item>, std::vec::IntoIter<Self::Item>>;

    fn into_iter(self) -> Self::IntoIter {
        self.made.into_iter().chain(self.doubtful)
    }
}

impl Capabilities {
    /// Reads them. A server that refuses, or does not have them, has none.
    ///
    /// # Errors
    /// If there is no answer at all.
    pub(super) async fn read(connection: &mut Connection) -> Result<Self, Unreached> {
        let mut request = Request::get("/ServiceProviderConfig");
        request.headers = headers(IdpId::Generic.dialect(), Kind::Read);
        let (outcome, exchange) = connection.send(&request).await;
        let answer = outcome.map_err(|error| Unreached { because: because(error), exchange })?;
        let response =
            Some(Response::new(answer)).filter(|response| response.status() == 200 && response.json.is_object());
        Ok(Self { config: response.map(|response| response.json) })
    }

    /// Whether the server says that it has a feature.
    fn has(&self, feature: &str) -> bool {
        self.config.as_ref().is_some_and(|config| config[feature]["supported"] == true)
    }

    /// Whether the server says that it does not have a feature.
    fn lacks(&self, feature: &str) -> bool {
        self.config.as_ref().is_some_and(|config| config[feature]["supported"] == false)
    }
}

impl<'a> Probe<'a> {
    pub(super) fn new(
        connection: &'a mut Connection,
        suite: Suite,
        check: &Check,
        capabilities: &'a Capabilities,
        name: &'a str,
    ) -> Self {
        let idp = match suite {
            Suite::Okta => IdpId::Okta,
            Suite::Entra => IdpId::Entra,
            Suite::Rfc => IdpId::Generic,
        };
        let (dialect, rule) = (idp.dialect(), Rule { text: check.rule, section: check.section });
        let (owned, exchanges, warnings) = (OwnedResources::new(PREFIX), Vec::new(), Vec::new());
        Self { connection, dialect, rule, capabilities, name, made: 0, owned, silent: 0, exchanges, warnings }
    }

    /// Removes what the check made, groups first; returns what stays with it.
    pub(super) async fn finish(mut self) -> Done {
        self.remove_owned().await;
        let left = self.left();
        Done { exchanges: self.exchanges, warnings: self.warnings, left }
    }

    fn left(&self) -> Left {
        Left { made: self.owned.to_remove(), doubtful: self.owned.doubtful().to_vec() }
    }

    /// Removes what is still there of a whole run, whichever of its requests made it: what its checks could not remove, and what has a name
    /// that begins with `prefix`. Returns what stays.
    pub(super) async fn sweep(mut self, prefix: &str, left: Left) -> Left {
        left.made.into_iter().for_each(|(kind, left)| self.owned.add(kind, left));
        left.doubtful.into_iter().for_each(|(kind, left)| self.owned.add_doubtful(kind, left));
        self.look_for(prefix).await;
        if !self.owned.to_remove().is_empty() {
            self.remove_owned().await;
            // A server may say that it has removed somebody who is still there.
            self.look_for(prefix).await;
        }
        self.left()
    }

    /// Removes what an earlier run left, groups first; returns what stays.
    pub(super) async fn remove_earlier(
        mut self,
        earlier: Vec<(ResourceKind, Leftover)>,
    ) -> Vec<(ResourceKind, Leftover)> {
        let mut stays = Vec::new();
        for (kind, left) in earlier {
            let found = match left.id.as_str() {
                "" => self.ids_of(kind, &left.name).await,
                id => Some(vec![id.to_owned()]),
            };
            let mut is_gone = found.is_some();
            for id in found.unwrap_or_default() {
                is_gone &= self.is_rid_of(kind, &id).await;
            }
            if !is_gone {
                stays.push((kind, left));
            }
        }
        stays
    }

    /// Whether something is gone, if need be because it is removed now.
    async fn is_rid_of(&mut self, kind: ResourceKind, id: &str) -> bool {
        let target = target_of(kind, id);
        let Some(there) = self.own(Request::get(target.clone())).await else { return false };
        // Since then its id may have come to somebody else.
        let is_named = left(&there.json, kind).name.to_lowercase().starts_with(PREFIX);
        if there.status() != 200 || !is_named {
            return there.status() == 404;
        }
        self.own(Request::delete(target.clone())).await;
        // What a server says that it has removed may still be there.
        self.own(Request::get(target)).await.is_some_and(|there| there.status() == 404)
    }

    /// Removes what is among the owned, groups first.
    async fn remove_owned(&mut self) {
        for (kind, left) in self.owned.to_remove() {
            let found = match left.id.as_str() {
                // Its creation was not answered, or without an id.
                "" => self.ids_of(kind, &left.name).await,
                id => Some(vec![id.to_owned()]),
            };
            let Some(ids) = found else { continue };
            let mut is_gone = true;
            for id in ids {
                // One that is not answered does not keep the others.
                let response = self.own(Request::delete(target_of(kind, &id))).await;
                is_gone &= response.is_some_and(|it| (200..300).contains(&it.status()) || it.status() == 404);
            }
            if is_gone {
                self.owned.forget(&left);
            }
        }
    }

    /// Takes whoever has a name that begins with `prefix` for the run's own: by a filter, and page by page where that finds nobody, because
    /// the server may not know it.
    async fn look_for(&mut self, prefix: &str) {
        for kind in [ResourceKind::Group, ResourceKind::User] {
            let filter = encode(self.dialect, &format!("{} sw {}", kind.name_attribute(), Value::from(prefix)));
            let filtered = self.page_through(kind, &format!("filter={filter}&"), prefix).await;
            let found = match filtered {
                Some(found) if found.is_empty() => self.page_through(kind, "", prefix).await,
                filtered => filtered,
            };
            // A server may be silent about groups alone.
            found.into_iter().flatten().for_each(|found| self.owned.add_once(kind, found));
        }
    }

    /// Those in the first pages of a list whose names begin with `prefix`; `None`: the server does not answer.
    async fn page_through(&mut self, kind: ResourceKind, query: &str, prefix: &str) -> Option<Vec<Leftover>> {
        let (mut found, mut seen) = (Vec::new(), 0);
        for _ in 0..MOST_PAGES {
            let target = format!("/{}?{query}startIndex={}&count={PAGE}", kind.endpoint(), seen + 1);
            let response = self.own(Request::get(target)).await?;
            let resources = if response.status() == 200 { response.resources() } else { &[] };
            let all = resources.iter().map(|resource| left(resource, kind));
            found.extend(all.filter(|one| !one.id.is_empty() && one.name.to_lowercase().starts_with(prefix)));
            seen += resources.len();
            if resources.is_empty() || response.json["totalResults"].as_u64().is_none_or(|total| seen as u64 >= total) {
                break;
            }
        }
        Some(found)
    }

    /// The ids of those who have a name; `None`: it cannot be told.
    async fn ids_of(&mut self, kind: ResourceKind, name: &str) -> Option<Vec<String>> {
        let attribute = kind.name_attribute();
        let filter = encode(self.dialect, &format!("{attribute} eq {}", Value::from(name)));
        let response = self.own(Request::get(format!("/{}?filter={filter}", kind.endpoint()))).await?;
        let is_it = |resource: &&Value| resource[attribute] == name;
        if response.status() != 200 {
            return None;
        }
        // Something without an id by which it can be deleted is still there.
        response.resources().iter().filter(is_it).map(|resource| id_of(resource).map(str::to_owned)).collect()
    }

    /// Sends a request of our own, which is not part of the check; `None`: no answer. A server that has answered none of the last few, or
    /// sends us away, is asked for nothing more.
    async fn own(&mut self, mut request: Request) -> Option<Response> {
        if self.silent >= MOST_SILENT {
            return None;
        }
        request.headers = headers(self.dialect, Kind::Own);
        let (outcome, ..) = self.patiently(&request).await;
        self.silent = match &outcome {
            Ok(_) => 0,
            Err(NoAnswer::RedirectedAway { .. }) => MOST_SILENT,
            Err(_) => self.silent + 1,
        };
        outcome.ok().map(Response::new)
    }

    /// Sends a request; a 429 is waited for. Also returns the last pause that the server asked for.
    async fn patiently(&mut self, request: &Request) -> (Result<Answer, NoAnswer>, Exchange, Option<Wait>) {
        let (mut attempts, mut waited) = (0, None);
        loop {
            attempts += 1;
            let (outcome, exchange) = self.connection.send(request).await;
            let wait = match &outcome {
                Ok(answer) if answer.status == 429 => wait(OWN_RETRY, answer, attempts),
                _ => None,
            };
            let Some(wait) = wait else { return (outcome, exchange, waited) };
            waited = Some(wait);
            tokio::time::sleep(wait.time).await;
        }
    }

    pub(crate) async fn get(&mut self, target: impl Into<String>) -> Checked<CheckResponse> {
        self.send(Request::get(target)).await
    }

    pub(crate) async fn delete(&mut self, target: impl Into<String>) -> Checked<CheckResponse> {
        self.send(Request::delete(target)).await
    }

    pub(crate) async fn post(&mut self, target: impl Into<String>, body: &Value) -> Checked<CheckResponse> {
        self.send(Request::with_body("POST", target, body)).await
    }

    pub(crate) async fn put(&mut self, target: impl Into<String>, body: &Value) -> Checked<CheckResponse> {
        self.send(Request::with_body("PUT", target, body)).await
    }

    /// A PATCH of these operations.
    pub(crate) async fn patch(&mut self, target: impl Into<String>, operations: Value) -> Checked<CheckResponse> {
        let body = json!({ "schemas": [scim::PATCH_OP], "Operations": operations });
        self.send(Request::with_body("PATCH", target, &body)).await
    }

    /// Users that meet a filter.
    pub(crate) async fn find_users(&mut self, filter: &str) -> Checked<CheckResponse> {
        let target = format!("/Users?filter={}", encode(self.dialect, filter));
        self.get(target).await
    }

    /// The whole URL of a target.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("{}{target}", self.connection.target.address())
    }

    /// Takes what a bulk request made for the check's own, so that it is removed. Returns the ids.
    pub(crate) fn adopt_bulk(&mut self, response: &CheckResponse) -> Vec<String> {
        let mut ids = Vec::new();
        for operation in response.json["Operations"].as_array().into_iter().flatten() {
            let location = operation["location"].as_str().unwrap_or_default();
            let mut parts = location.rsplit('/');
            let id = parts.next().map(|id| json!({ "id": percent_decode_str(id).decode_utf8_lossy() }));
            let id = id.as_ref().and_then(id_of);
            if let (Some(id), Some(kind)) = (id, parts.next().and_then(ResourceKind::of_endpoint)) {
                self.owned.add(kind, Leftover { id: id.to_owned(), name: location.to_owned() });
                ids.push(id.to_owned());
            }
        }
        ids
    }

    /// A text as it stands in a query.
    pub(crate) fn encode(&self, text: &str) -> String {
        encode(self.dialect, text)
    }

    /// Sends a request with the headers of the suite's identity provider before its own.
    ///
    /// # Errors
    /// If there is no answer, or what the request would change is not the check's own.
    pub(crate) async fn send(&mut self, mut request: Request) -> Checked<CheckResponse> {
        let kind = if request.body.is_some() { Kind::Write } else { Kind::Read };
        let own = std::mem::take(&mut request.headers);
        request.headers = headers(self.dialect, kind);
        request.headers.retain(|(name, _)| !own.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
        request.headers.extend(own);
        if let Some(id) = self.owned.forbidden(&request) {
            return Err(Fault::Skipped(format!("would change {id:?}, which this check did not make")));
        }
        let (outcome, exchange, waited) = self.patiently(&request).await;
        self.exchanges.push(exchange);
        match outcome {
            // It says nothing about what is checked.
            Ok(answer) if answer.status == 429 => {
                let asked = waited.map(|wait| format!(". {}", wait.text())).unwrap_or_default();
                Err(Fault::Skipped(format!("the server asks for patience again and again (429){asked}")))
            }
            Ok(answer) => {
                let response = Response::new(answer);
                self.owned.note(&request, &response);
                Ok(CheckResponse { response, rule: self.rule })
            }
            Err(error) => {
                self.owned.note_unanswered(&request, &error);
                Err(self.rule.broken_because(json!({ "answer": "any" }), json!({ "answer": null }), because(error)))
            }
        }
    }

    /// A name that nobody else has: `sim-1f0c2b3a-7-1`.
    pub(crate) fn new_name(&mut self) -> String {
        self.made += 1;
        format!("{}-{}", self.name, self.made)
    }

    /// An id that no resource has. It may be changed and deleted.
    pub(crate) fn stray_id(&mut self) -> String {
        let id =
            format!("00000000-0000-4000-8000-{:0>12}", self.new_name().replace(|c: char| !c.is_ascii_hexdigit(), ""));
        let id = id.chars().take(36).collect::<String>();
        self.owned.adopt(&id);
        id
    }

    /// The body of a new user; names and addresses belong to nobody else.
    pub(crate) fn user_body(&mut self) -> Value {
        let name = self.new_name();
        json!({
            "schemas": [scim::USER],
            "userName": format!("{name}@example.com"),
            "externalId": format!("ext-{name}"),
            "name": { "givenName": "Ada", "familyName": "Lovelace" },
            "displayName": "Ada Lovelace",
            "emails": [{ "value": format!("{name}@example.com"), "type": "work", "primary": true }],
            "active": true,
        })
    }

    /// The body of another user of the same name.
    pub(crate) fn body_of(&mut self, user: &CreatedResource) -> Value {
        let mut body = self.user_body();
        body["userName"] = user.name.as_str().into();
        body
    }

    /// Makes a user.
    ///
    /// # Errors
    /// The check is skipped if it cannot: another check is about that.
    pub(crate) async fn user(&mut self) -> Checked<CreatedResource> {
        self.user_with(|_| {}).await
    }

    /// Makes a user whose body is changed first.
    ///
    /// # Errors
    /// As for [`Probe::user`].
    pub(crate) async fn user_with(&mut self, change: impl FnOnce(&mut Value)) -> Checked<CreatedResource> {
        let mut body = self.user_body();
        change(&mut body);
        let name = body["userName"].as_str().unwrap_or_default().to_owned();
        self.make(ResourceKind::User, name, &body).await
    }

    /// Makes a user whose `externalId`, which is returned too, has letters of either case.
    ///
    /// # Errors
    /// As for [`Probe::user`].
    pub(crate) async fn user_with_external_id(&mut self) -> Checked<(CreatedResource, String)> {
        let external_id = format!("{}-Xy", self.new_name());
        let user = self.user_with(|body| body["externalId"] = external_id.as_str().into()).await?;
        Ok((user, external_id))
    }

    /// Makes a user with these attributes of the enterprise extension.
    ///
    /// # Errors
    /// As for [`Probe::user`].
    pub(crate) async fn enterprise_user(&mut self, attributes: Value) -> Checked<CreatedResource> {
        let change = |body: &mut Value| {
            body["schemas"] = json!([scim::USER, scim::ENTERPRISE_USER]);
            body[scim::ENTERPRISE_USER] = attributes;
        };
        self.user_with(change).await
    }

    /// Makes a group of these members.
    ///
    /// # Errors
    /// The check is skipped if it cannot.
    pub(crate) async fn group(&mut self, members: &[&CreatedResource]) -> Checked<CreatedResource> {
        self.group_with(members, |_| {}).await
    }

    /// Makes a user, and a group that has this one member.
    ///
    /// # Errors
    /// As for [`Probe::user`] and [`Probe::group`].
    pub(crate) async fn user_in_group(&mut self) -> Checked<(CreatedResource, CreatedResource)> {
        let user = self.user().await?;
        let group = self.group(&[&user]).await?;
        Ok((user, group))
    }

    /// Makes a group whose body is changed first.
    ///
    /// # Errors
    /// As for [`Probe::group`].
    pub(crate) async fn group_with(
        &mut self,
        members: &[&CreatedResource],
        change: impl FnOnce(&mut Value),
    ) -> Checked<CreatedResource> {
        let name = self.new_name();
        let members: Vec<Value> =
            members.iter().map(|made| json!({ "value": made.id, "display": made.name })).collect();
        let mut body = json!({ "schemas": [scim::GROUP], "displayName": name, "members": members });
        change(&mut body);
        self.make(ResourceKind::Group, name, &body).await
    }

    /// Tries to make somebody who is there already, and returns the answer.
    ///
    /// # Errors
    /// If there is no answer.
    pub(crate) async fn make_again(&mut self, user: &CreatedResource) -> Checked<CheckResponse> {
        let body = self.body_of(user);
        self.post("/Users", &body).await
    }

    async fn make(&mut self, kind: ResourceKind, name: String, body: &Value) -> Checked<CreatedResource> {
        let (noun, endpoint) = (kind.noun(), kind.endpoint());
        let response = self.post(format!("/{endpoint}"), body).await?;
        let id = response.id();
        if !(200..300).contains(&response.status()) || id.is_empty() {
            let detail = response.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
            let status = response.status();
            return Err(Fault::Skipped(format!("needs a {noun}, but POST /{endpoint} answered {status}{detail}")));
        }
        Ok(CreatedResource { target: target_of(kind, &id), id, name, response })
    }

    /// Skips the check if the server says that it lacks a feature.
    ///
    /// # Errors
    /// The check is skipped.
    pub(crate) fn unless_lacking(&self, feature: &str) -> Checked {
        if self.capabilities.lacks(feature) {
            return Err(Fault::Skipped(format!(
                "the server says in its ServiceProviderConfig that it has no {feature}"
            )));
        }
        Ok(())
    }

    /// Skips the check unless the server says that it has an optional feature.
    ///
    /// # Errors
    /// The check is skipped.
    pub(crate) fn only_with(&self, feature: &str) -> Checked {
        if self.capabilities.has(feature) {
            return Ok(());
        }
        Err(Fault::Skipped(format!("the server does not say in its ServiceProviderConfig that it has {feature}")))
    }

    /// Skips the check unless the server says that lists are paged by cursor (RFC 9865 §4).
    ///
    /// # Errors
    /// The check is skipped.
    pub(crate) fn only_with_cursors(&self) -> Checked {
        let config = self.capabilities.config.as_ref();
        if config.is_some_and(|config| config["pagination"]["cursor"] == true) {
            return Ok(());
        }
        Err(Fault::Skipped("the server does not say in its ServiceProviderConfig that it has cursors".into()))
    }
}
