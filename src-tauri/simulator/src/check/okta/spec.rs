//! The SPEC test, in its order.

use serde_json::json;

use crate::check::probe::{CREATED, CheckResponse};
use crate::check::{Check, Checked, Fault, Probe, must, should};
use crate::exchange::{Credential, Request};

/// Okta's SPEC test allows a list of groups this long.
const GROUPS_MILLISECONDS: u128 = 600;

pub(super) const CHECKS: &[Check] = &[
    must("okta-test-connection", "OktaFAQ; RFC 7644 §3.4.2", |p| Box::pin(test_connection(p)))
        .title("The test of the connection is answered with a list")
        .rule("Okta tests with GET /Users?startIndex=1&count=2 and needs a ListResponse with integers and Resources.")
        .fix("Answer 200 with totalResults, startIndex and itemsPerPage as JSON integers and Resources as an array, even without users."),
    must("okta-list-users", "Okta SPEC test, step 1", |p| Box::pin(list_users(p)))
        .title("Listed users have what Okta reads")
        .rule("Every listed user has id, userName, name.givenName, name.familyName, active and an email address, if they were sent.")
        .fix("Return each user whole in lists: the same attributes as GET /Users/{id}."),
    must("okta-read-user", "Okta SPEC test, steps 2 and 6", |p| Box::pin(read_user(p)))
        .title("A user is read by id")
        .rule("GET /Users/{id} returns the user with the same id, userName and names.")
        .fix("Answer GET /Users/{id} with 200 and the whole user."),
    must("okta-lookup-missing", "Okta SPEC test, step 3; RFC 7644 §3.4.2", |p| {
        Box::pin(p.finds_nobody(|p| format!("{}@example.com", p.new_name())))
    })
    .title("A lookup that finds nobody is an empty list")
    .rule("A filter that nobody meets is answered with 200, totalResults 0 and an empty Resources.")
    .fix("Answer 200 with totalResults 0 and Resources [], not 404, and do not ignore the filter."),
    must("okta-read-missing", "Okta SPEC test, step 4; RFC 7644 §3.12", |p| Box::pin(read_missing(p)))
        .title("An unknown id is a 404 with a SCIM error")
        .rule("GET /Users/{unknown id} is answered with 404 and a SCIM error that has a detail.")
        .fix("Answer 404 with schemas [urn:ietf:params:scim:api:messages:2.0:Error], status \"404\" and a detail."),
    must("okta-create-user", "Okta SPEC test, step 5; RFC 7644 §3.3", |p| Box::pin(create_user(p)))
        .title("A user is created")
        .rule("POST /Users is answered with 201 and the user: a new id, and active as it was sent.")
        .fix("Answer 201 with the whole user in the body; Okta reports “Create new user returned empty user” otherwise."),
    must(
        "okta-create-application-json",
        "Okta SPEC test, step 5; RFC 7644 §3.8",
        |p| Box::pin(create_application_json(p)),
    )
    .title("A body of application/json is read")
    .rule("Okta\u{2019}s tests post with Content-Type: application/json; servers accept it besides application/scim+json.")
    .fix("Read bodies of application/json, with or without a charset, as those of application/scim+json."),
    must("okta-create-duplicate", "Okta SPEC test, step 7; RFC 7644 §3.3", |p| Box::pin(p.refuses_duplicate()))
        .title("The same user again is a 409")
        .rule("Creating somebody who is there already is answered with 409.")
        .fix("Compare userName with those there are, without regard to letter case, and answer 409 with scimType uniqueness."),
    must("okta-duplicate-detail", "OktaRef; RFC 7644 §3.12", |p| Box::pin(duplicate_detail(p)))
        .title("A refused creation says why")
        .rule("Okta shows the detail of the error to its administrator; without one nobody knows why the job failed.")
        .fix("Put a sentence into detail of every error."),
    must("okta-lookup-capitals", "Okta SPEC test, step 8; RFC 7643 §4.1.1", |p| Box::pin(lookup_capitals(p)))
        .title("A lookup in capitals finds the user")
        .rule("userName is compared without regard to letter case.")
        .fix("Compare userName without regard to letter case, and return it as it was sent."),
    must("okta-list-groups", "Okta SPEC test, step 9", |p| Box::pin(list_groups(p)))
        .title("Groups are listed")
        .rule("GET /Groups is answered with a list.")
        .fix("Serve /Groups, with an empty list if there are none."),
    should("okta-list-groups-fast", "Okta SPEC test, step 9", |p| Box::pin(list_groups_fast(p)))
        .title("Groups are listed within 600 ms")
        .rule("Okta\u{2019}s SPEC test wants GET /Groups within 600 ms.")
        .fix("Leave members out of lists, or index what a list of groups reads."),
    must("okta-wrong-token", "Okta SPEC test, step 10; RFC 7644 §3.12", |p| Box::pin(wrong_token(p)))
        .title("A wrong token is a 401 with a SCIM error")
        .rule("A request with a wrong token is answered with 401 and a SCIM error whose status is the text \"401\".")
        .fix("Answer 401 with a SCIM error, not with a page or a redirect to one."),
    must("okta-read-numeric-id", "Okta SPEC test, step 11; RFC 7644 §3.12", |p| Box::pin(read_numeric_id(p)))
        .title("An id of another form is a 404")
        .rule("GET /Users/00919288221112222 is answered with 404 and a SCIM error whose status is the text \"404\".")
        .fix("Answer 404 for an id that cannot be one, too; status is a text."),
];

async fn test_connection(p: &mut Probe<'_>) -> Checked {
    let response = p.read_list("/Users?startIndex=1&count=2").await?;
    let count = response.resources().len();
    response.expect("Resources", count <= 2, "at most 2", count)
}

async fn list_users(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let query = p.encode(&format!("userName eq \"{}\"", user.name));
    let response = p.read_list(format!("/Users?filter={query}&startIndex=1&count=1")).await?;
    let expected = json!({
        "/Resources/0/id": user.id, "/Resources/0/userName": user.name, "/Resources/0/name/givenName": "Ada",
        "/Resources/0/name/familyName": "Lovelace", "/Resources/0/active": true,
        "/Resources/0/emails/0/value": user.name,
    });
    response.shows(expected)
}

async fn read_user(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.read(&user.target).await?.shows(json!({ "/id": user.id, "/userName": user.name, "/name/familyName": "Lovelace" }))
}

async fn read_missing(p: &mut Probe<'_>) -> Checked {
    let id = p.stray_id();
    let response = p.get(format!("/Users/{id}")).await?.with_status(&[404])?;
    is_scim_error(&response)?;
    response.expect("detail", response.detail().is_some(), "a sentence", &response.json["detail"])
}

async fn create_user(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["password"] = "k3Jd92xQ".into();
    body["groups"] = json!([]);
    body["locale"] = "en-US".into();
    let response = p.create_new("/Users", &body).await?;
    response.shows(json!({ "/active": true, "/userName": body["userName"] }))
}

async fn create_application_json(p: &mut Probe<'_>) -> Checked {
    let body = p.user_body();
    let request = Request::with_body("POST", "/Users", &body)
        .header("Accept", "application/scim+json; charset=utf-8")
        .header("Content-Type", "application/json");
    p.send(request).await?.has_status(CREATED)
}

async fn duplicate_detail(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.make_again(&user).await?;
    if response.status() < 400 {
        // That it has to be is another check's.
        return Err(Fault::Skipped("the creation of somebody who is there was not refused".into()));
    }
    let has_detail = response.detail().is_some_and(|detail| !detail.trim().is_empty());
    response.expect("detail", has_detail, "a sentence", &response.json["detail"])
}

async fn lookup_capitals(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.finds(&format!("userName eq \"{}\"", user.name.to_uppercase()), &[&user]).await
}

async fn list_groups(p: &mut Probe<'_>) -> Checked {
    p.read_list("/Groups").await.map(drop)
}

async fn list_groups_fast(p: &mut Probe<'_>) -> Checked {
    let response = p.read("/Groups").await?;
    let took = response.answer.duration.as_millis();
    response.expect("milliseconds", took <= GROUPS_MILLISECONDS, "at most 600", took as u64)
}

async fn wrong_token(p: &mut Probe<'_>) -> Checked {
    let credential = Credential::Other("Bearer not-the-token".into());
    let response =
        p.send(Request { credential, ..Request::get("/Users?startIndex=1&count=2") }).await?.with_status(&[401])?;
    is_scim_error(&response)?;
    response.has("/status", "401")
}

async fn read_numeric_id(p: &mut Probe<'_>) -> Checked {
    let response = p.get("/Users/00919288221112222").await?.with_status(&[404])?;
    is_scim_error(&response)?;
    response.has("/status", "404")
}

fn is_scim_error(response: &CheckResponse) -> Checked {
    response.expect("schemas", response.names_schema(scim::ERROR), json!([scim::ERROR]), &response.json["schemas"])
}
