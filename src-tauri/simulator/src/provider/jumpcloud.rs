//! JumpCloud, whose test of the connection writes.

use idp::evidence::{Evidence, code, documented, inferred};
use scim::ResourceKind;
use serde_json::json;

use super::common::patch;
use super::plain::{self, Known, Removal, Variant};
use crate::dialect::Kind;
use crate::event::Event;
use crate::exchange::target_of;
use crate::session::{Job, Played, Session, Step};

const TEST: Evidence = documented("JumpCloudDoc; the order is inferred");

const VARIANT: Variant = Variant {
    removal: Removal::Listed,
    evidence: Known {
        test: TEST,
        lookup: inferred("JumpCloudDoc"),
        create: documented("JumpCloudDoc"),
        update: code("scim_v2"),
        groups: code("scim_v2, SSOReady"),
        delete: documented("JumpCloudDoc"),
    },
    ..plain::GENERIC
};

pub(super) async fn play(event: Event, s: &mut Session<'_>) -> Played {
    match event {
        Event::TestConnection => test(s).await,
        event => plain::play(&VARIANT, event, s).await,
    }
}

/// Creates a user and a group, changes both, and deletes both.
async fn test(s: &mut Session<'_>) -> Played {
    s.begin(Job::Connect);
    let prefix = s.tenant.people().prefix().to_owned();
    let number = s.tenant.next_probe();
    let user_name = format!("{prefix}jc.test{number}@example.com");
    let body = json!({
        "schemas": [scim::USER],
        "userName": user_name,
        "name": { "givenName": "Test", "familyName": "User" },
        "emails": [{ "value": user_name, "type": "work", "primary": true }],
        "active": true,
    });
    let user = s.send(Step::create("Create a test user", TEST, "/Users", &body)).await?.id();
    let user = target_of(ResourceKind::User, &user);
    let operations = json!([
        { "op": "replace", "path": "name.givenName", "value": "Dee" },
        { "op": "replace", "path": "name.familyName", "value": "Jay" },
        { "op": "replace", "path": "active", "value": false },
    ]);
    s.send(Step::write("Update the test user", code("scim_v2"), "PATCH", &*user, &patch(operations))).await?;
    let body = json!({ "schemas": [scim::GROUP], "displayName": format!("{prefix}JumpCloud test {number}") });
    let group = s.send(Step::create("Create a test group", TEST, "/Groups", &body)).await?.id();
    let group = target_of(ResourceKind::Group, &group);
    let operations =
        json!([{ "op": "replace", "value": { "displayName": format!("{prefix}JumpCloud test {number} renamed") } }]);
    let step = Step::write("Rename the test group", code("SSOReady"), "PATCH", &*group, &patch(operations));
    s.send(step.kind(Kind::GroupPatch)).await?;
    let step = Step::delete("Delete the test group", TEST, group);
    s.send(step.status(&[204, 200])).await?;
    let step = Step::delete("Delete the test user", TEST, &*user);
    let deleted = s.send(step.status(&[204, 200, 405, 501])).await?;
    if deleted.status() < 400 {
        return Ok(());
    }
    // A server without DELETE keeps its users, deactivated (JumpCloudDoc).
    let operations = json!([{ "op": "replace", "path": "active", "value": false }]);
    s.send(Step::write("Deactivate the test user", TEST, "PATCH", user, &patch(operations))).await.map(drop)
}
