//! Servers that do one thing wrong: the checks have to find just this.

use serde_json::{Value, json};
use simulator::Stop;
use simulator::check::{self, CheckVerdict, Suite};

use super::faulty::{Fault, Faulty, Reply, Sent};
use super::play::target;
use crate::harness::Running;

/// A server with a fault, and the checks that fail because of it. All others pass, or warn as they do without it.
struct Broken {
    what: &'static str,
    fault: Fault,
    fails: &'static [&'static str],
    /// Checks that warn because of it.
    warns: &'static [&'static str],
    /// How many checks cannot be tried because of it.
    skipped: usize,
}

/// The enterprise extension.
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Warnings of a tolerant directory that has no fault. How fast it lists groups depends on how busy the machine is.
const USUAL_WARNINGS: &[&str] = &["rfc-patch-no-match", "rfc-patch-read-only", "okta-list-groups-fast"];

fn broken(what: &'static str, fault: Fault, fails: &'static [&'static str]) -> Broken {
    Broken { what, fault, fails, warns: &[], skipped: 0 }
}

impl Broken {
    fn warning(self, warns: &'static [&'static str]) -> Self {
        Self { warns, ..self }
    }

    fn skipping(self, skipped: usize) -> Self {
        Self { skipped, ..self }
    }
}

fn error(status: u16, scim_type: &str, detail: &str) -> Reply {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
    let body = json!({ "schemas": schemas, "status": status.to_string(), "scimType": scim_type, "detail": detail });
    Reply::new(status, &body.to_string())
}

/// The value of a parameter of the query, decoded.
fn parameter(sent: &Sent, name: &str) -> Option<String> {
    let query = sent.target.split_once('?')?.1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut decoded = Vec::new();
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                decoded.push(u8::from_str_radix(&hex, 16).expect("hex digits"));
            }
            b'+' => decoded.push(b' '),
            other => decoded.push(other),
        }
    }
    Some(String::from_utf8(decoded).expect("text"))
}

fn is_list(json: &Value) -> bool {
    json["Resources"].is_array()
}

/// Keeps some resources of a list.
fn keep(json: &mut Value, is_kept: impl Fn(&Value) -> bool) {
    let Some(resources) = json["Resources"].as_array_mut() else { return };
    let before = resources.len();
    resources.retain(|resource| is_kept(resource));
    let gone = before - resources.len();
    for name in ["totalResults", "itemsPerPage"] {
        json[name] = (json[name].as_u64().unwrap_or_default() - gone as u64).into();
    }
}

fn operations(sent: &Sent) -> Vec<Value> {
    sent.json()["Operations"].as_array().cloned().unwrap_or_default()
}

fn servers() -> Vec<Broken> {
    let is_user = |sent: &Sent| sent.path().starts_with("/Users");
    let is_group = |sent: &Sent| sent.path().starts_with("/Groups");
    vec![
        broken(
            "filters are ignored",
            Fault::instead(|sent| {
                if sent.path() == "/Users" || sent.path() == "/Groups" {
                    sent.target = sent.target.replace("filter=", "ignored=");
                }
                None
            }),
            &[
                "okta-lookup-missing",
                "okta-lookup-present",
                "okta-rename",
                "okta-group-lookup",
                "entra-test-connection-users",
                "entra-test-connection-groups",
                "entra-match-user-name",
                "entra-match-external-id",
                "entra-match-work-email",
                "entra-group-match-name",
                "entra-group-match-external-id",
                "rfc-filter-no-match",
                "rfc-filter-eq",
                "rfc-filter-value-case",
                "rfc-filter-text-operators",
                "rfc-filter-present",
                "rfc-filter-and-or",
                "rfc-filter-not",
                "rfc-filter-boolean",
                "rfc-filter-time",
                "rfc-filter-invalid",
                "rfc-filter-order-of-booleans",
            ],
        )
        .warning(&["entra-flag-in-query", "rfc-filter-same-value"]),
        broken(
            "nobody found is a 404",
            Fault::after(|sent, reply| {
                let json: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
                if parameter(sent, "filter").is_some() && json["totalResults"] == 0 {
                    *reply = error(404, "", "Nobody is like this.");
                }
            }),
            &[
                "okta-lookup-missing",
                "okta-rename",
                "okta-group-lookup",
                "entra-test-connection-users",
                "entra-test-connection-groups",
                "entra-match-external-id",
                "entra-delete-user",
                "entra-group-match-external-id",
                "entra-group-delete",
                "rfc-filter-no-match",
                "rfc-filter-eq",
                "rfc-filter-value-case",
                "rfc-filter-present",
                "rfc-filter-boolean",
                "rfc-filter-time",
                "rfc-delete",
            ],
        )
        .warning(&["rfc-filter-same-value"]),
        broken(
            "integers are texts",
            Fault::after(|_, reply| {
                reply.edit(|json| {
                    if is_list(json) {
                        for name in ["totalResults", "startIndex", "itemsPerPage"] {
                            json[name] = json[name].to_string().into();
                        }
                    }
                });
            }),
            &[
                "okta-test-connection",
                "okta-list-users",
                "okta-lookup-missing",
                "okta-list-groups",
                "entra-test-connection-users",
                "entra-test-connection-groups",
                "entra-schemas",
                "rfc-schemas",
                "rfc-resource-types",
                "rfc-filter-no-match",
                "rfc-list",
                "rfc-list-negative",
            ],
        ),
        broken(
            "a group's own name is a conflict",
            Fault::instead(move |sent| {
                (sent.method == "PUT" && is_group(sent)).then(|| error(409, "uniqueness", "The name is taken."))
            }),
            &["okta-group-put", "okta-group-put-twice", "okta-group-rename-put", "okta-group-large-body"],
        ),
        broken(
            "errors are plain text",
            Fault::after(|_, reply| {
                if reply.status >= 400 {
                    reply.body = b"error".to_vec();
                    *reply = reply.clone().with("content-type", "text/plain");
                }
            }),
            &[
                "okta-read-missing",
                "okta-duplicate-detail",
                "okta-wrong-token",
                "okta-read-numeric-id",
                "entra-media-type",
                "rfc-filter-invalid",
                "rfc-filter-order-of-booleans",
                "rfc-conflict",
                "rfc-patch-remove-without-path",
                "rfc-patch-remove-required",
                "rfc-error-body",
            ],
        )
        .warning(&[
            "okta-update-missing",
            "rfc-list-not-a-number",
            "rfc-cursor-invalid",
            "rfc-required",
            "rfc-group-name-required",
            "rfc-invalid-json",
            "rfc-wrong-type",
            "rfc-patch-invalid-path",
            "rfc-unknown-endpoint",
        ]),
        broken(
            "the password comes back",
            Fault::after(|sent, reply| {
                let password = sent.json()["password"].clone();
                if sent.method == "POST" && password.is_string() {
                    reply.edit(|json| json["password"] = password.clone());
                }
            }),
            &["okta-password-hidden", "rfc-password-never"],
        ),
        broken(
            "removing a listed member empties the group",
            Fault::instead(|sent| {
                let mut body = sent.json();
                for operation in body["Operations"].as_array_mut().into_iter().flatten() {
                    let is_remove = operation["op"].as_str().is_some_and(|op| op.eq_ignore_ascii_case("remove"));
                    if is_remove && operation["path"] == "members" {
                        operation.as_object_mut().map(|operation| operation.remove("value"));
                        sent.body = body.to_string().into_bytes();
                        break;
                    }
                }
                None
            }),
            &["entra-group-remove-listed"],
        ),
        broken(
            "there is no Location",
            Fault::after(|_, reply| reply.headers.retain(|(name, _)| name != "location")),
            &["rfc-create"],
        ),
        broken(
            "answers are application/json",
            Fault::after(|_, reply| {
                for (name, value) in &mut reply.headers {
                    if name == "content-type" {
                        *value = "application/json".into();
                    }
                }
            }),
            &["entra-media-type", "rfc-media-type"],
        ),
        broken(
            "userName is compared exactly",
            Fault::after(|sent, reply| {
                let filter = parameter(sent, "filter").unwrap_or_default();
                let Some(name) = filter.to_lowercase().starts_with("username eq ").then(|| filter.split('"').nth(1))
                else {
                    return;
                };
                let name = name.unwrap_or_default().to_owned();
                let is_other = |user: &Value| user["userName"].is_string() && user["userName"] != name.as_str();
                reply.edit(|json| keep(json, |user| !is_other(user) || filter.contains(" or ")));
            }),
            &["okta-lookup-capitals", "entra-match-user-name", "rfc-filter-value-case"],
        ),
        broken(
            "created users have no id",
            Fault::after(|sent, reply| {
                if sent.method == "POST" && sent.path() == "/Users" && reply.status == 201 {
                    reply.status = 200;
                    reply.edit(|json| {
                        json.as_object_mut().map(|user| user.remove("id"));
                    });
                }
            }),
            &["okta-create-user", "entra-create-user", "rfc-create", "rfc-id-is-the-servers"],
        )
        .skipping(138),
        broken(
            "the ETag is another than the version",
            Fault::after(|_, reply| {
                for (name, value) in &mut reply.headers {
                    if name == "etag" {
                        *value = format!("W/\"other-{}", value.trim_start_matches("W/\""));
                    }
                }
            }),
            &["rfc-etag"],
        ),
        broken(
            "a PUT forgets active",
            Fault::instead(move |sent| {
                if sent.method == "PUT" && is_user(sent) {
                    let mut body = sent.json();
                    body.as_object_mut().map(|user| user.remove("active"));
                    sent.body = body.to_string().into_bytes();
                }
                None
            }),
            &["okta-deactivate-put"],
        ),
        broken(
            "deactivated users are hidden in lists",
            Fault::after(|sent, reply| {
                if sent.path() == "/Users" && sent.method == "GET" {
                    reply.edit(|json| keep(json, |user| user["active"] != false));
                }
            }),
            &["okta-inactive-is-found", "entra-inactive-is-returned", "rfc-filter-and-or", "rfc-filter-boolean"],
        ),
        broken(
            "a 401 does not say how to authenticate",
            Fault::after(|_, reply| reply.headers.retain(|(name, _)| name != "www-authenticate")),
            &["rfc-unauthorized"],
        ),
        broken(
            "the status of an error is a number",
            Fault::after(|_, reply| {
                let status = reply.status;
                reply.edit(|json| {
                    if json["detail"].is_string() && json["status"].is_string() {
                        json["status"] = status.into();
                    }
                });
            }),
            &["okta-wrong-token", "okta-read-numeric-id", "rfc-error-body"],
        )
        .warning(&["okta-update-missing", "rfc-unknown-endpoint"]),
        broken(
            "excludedAttributes is ignored",
            Fault::instead(|sent| {
                sent.target = sent.target.replace("excludedAttributes=", "ignored=");
                None
            }),
            &[
                "entra-group-without-members",
                "entra-group-match-name",
                "rfc-excluded-attributes",
                "rfc-excluded-keeps-extension",
                "rfc-attributes-in-lists",
                "rfc-attributes-on-write",
            ],
        ),
        broken(
            "startIndex is ignored",
            Fault::instead(|sent| {
                sent.target = sent.target.replace("startIndex=", "ignored=");
                None
            }),
            &["okta-pages-are-stable", "rfc-list-beyond-the-end"],
        )
        .warning(&["rfc-list-not-a-number"]),
        broken(
            "operations are read in lower case only",
            Fault::instead(|sent| {
                let is_other = |operation: &Value| operation["op"].as_str().is_some_and(|op| op != op.to_lowercase());
                operations(sent).iter().any(is_other).then(|| error(400, "invalidSyntax", "There is no such op."))
            }),
            &["entra-operation-case", "entra-add-address-parts"],
        ),
        broken(
            "read-only attributes in a PUT are refused",
            Fault::instead(|sent| {
                let has_meta = sent.method == "PUT" && sent.json().get("meta").is_some();
                has_meta.then(|| error(400, "mutability", "meta is read-only."))
            }),
            &[
                "okta-put-echo",
                "okta-put-keeps-groups",
                "okta-deactivate-put",
                "okta-reactivate-put",
                "okta-password-put",
                "okta-rename",
                "okta-group-put",
                "okta-group-put-twice",
                "okta-group-rename-put",
                "okta-group-large-body",
                "rfc-replace-read-only",
            ],
        ),
        broken(
            "bodies of more than 100 KiB are refused",
            Fault::instead(|sent| (sent.body.len() > 100 << 10).then(|| error(413, "", "Too large."))),
            &["okta-group-large-body"],
        ),
        broken(
            "a taken name is a 400",
            Fault::after(|_, reply| {
                if reply.status == 409 {
                    *reply = error(400, "uniqueness", "The name is taken.");
                }
            }),
            &["okta-create-duplicate", "entra-create-duplicate", "entra-group-duplicate", "rfc-conflict"],
        ),
        broken(
            "userName is stored in lower case",
            Fault::instead(|sent| {
                let mut body = sent.json();
                if let Some(name) = body["userName"].as_str().map(str::to_lowercase) {
                    body["userName"] = name.into();
                    sent.body = body.to_string().into_bytes();
                }
                None
            }),
            &["entra-values-as-sent"],
        ),
        broken(
            "a remove by filter empties the group",
            Fault::instead(|sent| {
                let mut body = sent.json();
                for operation in body["Operations"].as_array_mut().into_iter().flatten() {
                    if operation["path"].as_str().is_some_and(|path| path.starts_with("members[")) {
                        operation["path"] = "members".into();
                        sent.body = body.to_string().into_bytes();
                        break;
                    }
                }
                None
            }),
            &["okta-group-patch-members", "entra-group-remove-filtered", "entra-group-add-and-remove"],
        )
        .warning(&["entra-group-remove-stranger", "rfc-patch-without-blank"]),
        broken(
            "only the first operation of a PATCH is carried out",
            Fault::instead(|sent| {
                let mut body = sent.json();
                if let Some(operations) = body["Operations"].as_array_mut().filter(|operations| operations.len() > 1) {
                    operations.truncate(1);
                    sent.body = body.to_string().into_bytes();
                }
                None
            }),
            &[
                "okta-group-patch-members",
                "entra-replace-many",
                "entra-add-address-parts",
                "entra-same-attribute",
                "entra-group-rename",
                "entra-group-add-and-remove",
                "rfc-patch-add",
                "rfc-patch-replace",
                "rfc-patch-filtered",
                "rfc-patch-remove",
                "rfc-patch-atomic",
                "rfc-patch-core-urn",
                "rfc-bulk",
            ],
        ),
        broken(
            "an operation without a path is refused",
            Fault::instead(|sent| {
                let is_bare = |operation: &Value| operation["op"] != "remove" && operation.get("path").is_none();
                operations(sent).iter().any(is_bare).then(|| error(400, "invalidPath", "There is no path."))
            }),
            &[
                "okta-deactivate-patch",
                "okta-group-patch-rename",
                "entra-patch-user-name",
                "entra-replace-without-path",
                "rfc-patch-add",
                "rfc-patch-replace",
                "rfc-patch-extension-object",
            ],
        ),
        broken(
            "a creation is answered with 200",
            Fault::after(|sent, reply| {
                if sent.method == "POST" && reply.status == 201 {
                    reply.status = 200;
                }
            }),
            &["okta-create-user", "okta-group-create", "entra-create-user", "entra-group-create", "rfc-create"],
        ),
        broken(
            "a PUT is answered with 204",
            Fault::after(|sent, reply| {
                if sent.method == "PUT" && reply.status == 200 {
                    reply.status = 204;
                    reply.body.clear();
                }
            }),
            &["rfc-replace"],
        ),
        broken(
            "a deletion is answered with 200 and the resource",
            Fault::after(|sent, reply| {
                if sent.method == "DELETE" && reply.status == 204 {
                    *reply = Reply::new(200, r#"{"id":"1"}"#);
                }
            }),
            &["okta-group-delete", "entra-delete-user", "entra-group-delete", "rfc-delete"],
        ),
        broken(
            "members are left out when a group is read",
            Fault::after(move |sent, reply| {
                if sent.method == "GET" && is_group(sent) {
                    reply.edit(|json| {
                        json.as_object_mut().map(|group| group.remove("members"));
                    });
                }
            }),
            &[
                "okta-put-keeps-groups",
                "okta-group-create",
                "okta-group-put",
                "okta-group-put-twice",
                "okta-group-rename-put",
                "okta-group-patch-members",
                "okta-group-patch-rename",
                "okta-group-patch-replace",
                "okta-group-large-body",
                "entra-group-without-members",
                "entra-group-rename",
                "entra-group-add-member",
                "entra-group-remove-listed",
                "entra-group-remove-filtered",
                "entra-group-add-again",
                "entra-group-add-and-remove",
                "rfc-groups-read-only",
                "rfc-bulk",
            ],
        )
        .warning(&["entra-group-remove-stranger", "rfc-members", "rfc-patch-without-blank"]),
        broken(
            "whoever is there is created once more",
            Fault::after(|_, reply| {
                if reply.status == 409 {
                    *reply = Reply::new(201, r#"{"id":"00000000-0000-4000-8000-00000000abcd"}"#);
                }
            }),
            &["okta-create-duplicate", "entra-create-duplicate", "entra-group-duplicate", "rfc-conflict"],
        )
        .skipping(1),
        broken(
            "bodies of application/json are refused",
            Fault::instead(|sent| {
                let is_other = |(name, value): &(String, String)| name == "content-type" && value == "application/json";
                sent.headers.iter().any(is_other).then(|| error(415, "", "There is no such media type."))
            }),
            &["okta-create-application-json"],
        ),
        broken(
            "what has no value is null",
            Fault::after(|sent, reply| {
                if sent.method != "DELETE" && is_resource(sent) {
                    reply.edit(|json| {
                        if json["userName"].is_string() && json.get("nickName").is_none() {
                            json["nickName"] = Value::Null;
                        }
                    });
                }
            }),
            &[],
        )
        .warning(&["rfc-no-nulls"]),
        broken(
            "count is ignored",
            Fault::instead(|sent| {
                sent.target = sent.target.replace("count=", "ignored=");
                None
            }),
            &[
                "okta-pages-are-stable",
                "rfc-list-count",
                "rfc-list-count-zero",
                "rfc-list-negative",
                "rfc-cursor-pages",
            ],
        ),
        broken(
            "a plus sign in a query is always a blank",
            Fault::instead(|sent| {
                sent.target = sent.target.replace("%2B", "%20");
                None
            }),
            &["okta-lookup-plus", "rfc-filter-time-offset"],
        ),
        broken(
            "unknown parameters of a query are refused",
            Fault::instead(|sent| {
                let query = sent.target.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
                let known = [
                    "filter",
                    "startIndex",
                    "count",
                    "attributes",
                    "excludedAttributes",
                    "sortBy",
                    "sortOrder",
                    "cursor",
                ];
                let is_unknown =
                    |pair: &str| !pair.is_empty() && !known.contains(&pair.split('=').next().unwrap_or(pair));
                query.split('&').any(is_unknown).then(|| error(400, "", "There is no such parameter."))
            }),
            &[],
        )
        .warning(&["entra-flag-in-query", "rfc-list-unknown-parameter"]),
        broken(
            "each part of an address makes an address of its own",
            Fault::instead(|sent| {
                let mut body = sent.json();
                let mut is_other = false;
                for operation in body["Operations"].as_array_mut().into_iter().flatten() {
                    let path = operation["path"].as_str().unwrap_or_default();
                    if let Some(part) = path.strip_prefix("addresses[type eq \"work\"].").map(str::to_owned) {
                        operation["value"] = json!([{ "type": "work", part: operation["value"] }]);
                        operation["path"] = "addresses".into();
                        is_other = true;
                    }
                }
                if is_other {
                    sent.body = body.to_string().into_bytes();
                }
                None
            }),
            &["entra-add-address-parts"],
        ),
        broken(
            "a filter has only ASCII",
            Fault::instead(|sent| {
                let filter = parameter(sent, "filter").unwrap_or_default();
                (!filter.is_ascii()).then(|| error(400, "invalidFilter", "There is a character that cannot be read."))
            }),
            &["rfc-filter-beyond-ascii"],
        ),
        broken(
            "a colon in a quoted value is taken for one of a URN",
            Fault::instead(|sent| {
                let has_colon = |operation: &Value| {
                    let quoted = operation["path"].as_str().and_then(|path| path.split_once('"'));
                    quoted.is_some_and(|(_, quoted)| quoted.contains(':'))
                };
                operations(sent).iter().any(has_colon).then(|| error(500, "", "index out of range"))
            }),
            &["rfc-patch-quoted-colon"],
        ),
        broken(
            "the URN of the core schema is refused in a path",
            Fault::instead(|sent| {
                let names_core = |operation: &Value| {
                    operation["path"]
                        .as_str()
                        .is_some_and(|path| path.starts_with("urn:ietf:params:scim:schemas:core:"))
                };
                operations(sent)
                    .iter()
                    .any(names_core)
                    .then(|| error(400, "invalidPath", "There is no such extension."))
            }),
            &["rfc-patch-core-urn"],
        ),
        broken(
            "an extension is refused where there is no path",
            Fault::instead(|sent| {
                let has_extension =
                    |operation: &Value| operation["path"].is_null() && operation["value"][ENTERPRISE].is_object();
                operations(sent)
                    .iter()
                    .any(has_extension)
                    .then(|| error(400, "invalidPath", "There is no such attribute."))
            }),
            &["rfc-patch-extension-object"],
        ),
        broken(
            "excludedAttributes drops the extension",
            Fault::after(|sent, reply| {
                if parameter(sent, "excludedAttributes").is_some() {
                    reply.edit(|json| {
                        json.as_object_mut().map(|user| user.remove(ENTERPRISE));
                    });
                }
            }),
            &["rfc-excluded-keeps-extension"],
        ),
        broken(
            "attributes of an extension are compared exactly",
            Fault::after(|sent, reply| {
                let filter = parameter(sent, "filter").unwrap_or_default();
                let compared =
                    filter.strip_prefix(ENTERPRISE).and_then(|rest| rest.strip_prefix(':')?.split_once(" eq "));
                if let Some((name, value)) = compared {
                    reply.edit(|json| keep(json, |user| user[ENTERPRISE][name] == value.trim_matches('"')));
                }
            }),
            &["rfc-filter-extension-case"],
        ),
        broken(
            "the offset of a time is ignored",
            Fault::instead(|sent| {
                sent.target = sent.target.replace("%2B12%3A00", "Z").replace("-12%3A00", "Z");
                None
            }),
            &["rfc-filter-time-offset"],
        ),
        broken(
            "times have no zone",
            Fault::after(|_, reply| {
                reply.edit(|json| {
                    for name in ["created", "lastModified"] {
                        if let Some(time) =
                            json["meta"][name].as_str().map(|time| time.trim_end_matches('Z').to_owned())
                        {
                            json["meta"][name] = time.into();
                        }
                    }
                });
            }),
            &[],
        )
        .warning(&["rfc-times-have-a-zone"]),
        broken(
            "certificates are not case-exact",
            Fault::after(|sent, reply| {
                if sent.path().starts_with("/Schemas/") {
                    reply.edit(|json| {
                        for attribute in json["attributes"].as_array_mut().into_iter().flatten() {
                            for inner in attribute["subAttributes"].as_array_mut().into_iter().flatten() {
                                if inner["type"] == "binary" {
                                    inner["caseExact"] = false.into();
                                }
                            }
                        }
                    });
                }
            }),
            &[],
        )
        .warning(&["rfc-binary-case-exact"]),
        broken(
            "cursors are announced and ignored",
            Fault::instead(|sent| {
                sent.target = sent.target.replace("cursor=", "ignored=");
                None
            }),
            &["rfc-cursor-pages"],
        )
        .warning(&["rfc-cursor-invalid"]),
        broken(
            "the last page has a cursor, too",
            Fault::after(|sent, reply| {
                if parameter(sent, "cursor").is_some() {
                    reply.edit(|json| {
                        if is_list(json) && json["nextCursor"].is_null() {
                            json["nextCursor"] = "".into();
                        }
                    });
                }
            }),
            &["rfc-cursor-pages"],
        ),
        broken(
            "cursors begin again at the first page",
            Fault::instead(|sent| {
                if let Some(cursor) = parameter(sent, "cursor") {
                    sent.target = sent.target.replace(&format!("cursor={cursor}"), "cursor=");
                }
                None
            }),
            &["rfc-cursor-pages"],
        )
        .warning(&["rfc-cursor-invalid"]),
    ]
}

/// Whether a request is about users or groups.
fn is_resource(sent: &Sent) -> bool {
    sent.path().starts_with("/Users") || sent.path().starts_with("/Groups")
}

/// Runs all checks against a server with a fault, and says how what they find differs from what is expected.
async fn differences(running: &Running, broken: Broken) -> Vec<String> {
    let directory = running.directory(broken.what).await;
    let server = Faulty::start(&directory, broken.fault).await;
    let to = target(&server.base_url, &directory.token);
    let report = check::run(&Suite::ALL, &[], &to, &Stop::new(), &mut |_| {}).await;
    let found = |verdict| -> Vec<&str> {
        let outcomes = report.outcomes.iter().filter(|outcome| outcome.verdict == verdict);
        outcomes.map(|outcome| outcome.check.id).filter(|id| !USUAL_WARNINGS.contains(id)).collect()
    };
    let mut differences = Vec::new();
    for (verdict, expected) in [(CheckVerdict::Failed, broken.fails), (CheckVerdict::Warning, broken.warns)] {
        if found(verdict) != expected {
            differences.push(format!("{}: expected {verdict:?} {expected:?}, came {:?}", broken.what, found(verdict)));
        }
    }
    let skipped = found(CheckVerdict::Skipped).len();
    if skipped != broken.skipped {
        differences.push(format!("{}: expected {} skipped, came {skipped}", broken.what, broken.skipped));
    }
    differences
}

#[tokio::test(flavor = "multi_thread")]
async fn just_the_fault_is_found() {
    let running = Running::start().await;
    // All at once: what they wait for is mostly the disk, which they can wait for together.
    let found = futures_util::future::join_all(servers().into_iter().map(|broken| differences(&running, broken))).await;
    let found = found.concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
    running.server.shutdown().await;
}
