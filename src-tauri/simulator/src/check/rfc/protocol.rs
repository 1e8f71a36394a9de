//! Errors, media types, versions, and the endpoints that few servers have, RFC 7644 §3.7, §3.8, §3.11, §3.12 and §3.14.

use scim::ResourceKind;
use serde_json::json;

use crate::check::probe::{CREATED, CheckResponse};
use crate::check::{Check, Checked, Probe, must, should};
use crate::exchange::{Credential, Request, target_of};
use crate::response::Expected;

pub(super) const CHECKS: &[Check] = &[
    must("rfc-error-body", "RFC 7644 §3.12", |p| Box::pin(error_body(p)))
        .title("Errors are SCIM errors")
        .rule("An error has a JSON body with the Error schema and its status as a text.")
        .fix("Send {\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:Error\"], \"status\": \"404\", \"detail\": \"…\"}."),
    should("rfc-unknown-endpoint", "RFC 7644 §3.12", |p| Box::pin(unknown_endpoint(p)))
        .title("An unknown endpoint is a SCIM error, too")
        .rule("Whatever is not there is answered with 404 and a SCIM error, not with a page.")
        .fix("Answer every path below the base URL with a SCIM body."),
    must("rfc-unauthorized", "RFC 7644 §2; RFC 9110 §15.5.2", |p| Box::pin(unauthorized(p)))
        .title("A request without a token is a 401 with WWW-Authenticate")
        .rule("A request that has no valid credentials is answered with 401, and WWW-Authenticate says what is accepted.")
        .fix("Send WWW-Authenticate: Bearer with every 401."),
    must("rfc-media-type", "RFC 7644 §3.8, §8.1", |p| Box::pin(media_type(p)))
        .title("Answers are application/scim+json")
        .rule("Bodies are announced as application/scim+json, which clients ask for by Accept.")
        .fix("Send Content-Type: application/scim+json."),
    must("rfc-accepts-scim-json", "RFC 7644 §3.8", |p| Box::pin(accepts_scim_json(p)))
        .title("Bodies of application/scim+json are read")
        .rule("A server accepts application/scim+json, with a charset or without.")
        .fix("Accept both, whatever the parameters are."),
    must("rfc-etag", "RFC 7644 §3.14; RFC 7643 §3.1", |p| Box::pin(etag(p)))
        .title("A version is in the header and in meta")
        .rule("A server with versions sends ETag, and the same in meta.version; a change changes it.")
        .fix("Send the header ETag with the value of meta.version."),
    must("rfc-if-none-match", "RFC 7644 §3.14", |p| Box::pin(if_none_match(p)))
        .title("If-None-Match saves an answer")
        .rule("A GET with the current version in If-None-Match is answered with 304.")
        .fix("Compare If-None-Match with the version, and answer 304 without a body."),
    must("rfc-if-match", "RFC 7644 §3.14", |p| Box::pin(if_match(p)))
        .title("If-Match keeps an old copy from winning")
        .rule("A PUT with another version in If-Match is answered with 412 and changes nothing.")
        .fix("Compare If-Match with the version, and answer 412."),
    should("rfc-me", "RFC 7644 §3.11", |p| Box::pin(me(p)))
        .title("/Me is answered with 501 if it is not supported")
        .rule("A server without /Me should answer 501; one with it redirects with 308 or answers with a Location.")
        .fix("Answer 501 with a SCIM error."),
    must("rfc-bulk", "RFC 7644 §3.7", |p| Box::pin(bulk(p)))
        .title("A bulk request creates, and refers by bulkId")
        .rule("Operations answer each for itself; a bulkId stands for the id that is not known yet.")
        .fix("Support bulkId references, or say in ServiceProviderConfig that bulk is not supported."),
];

async fn error_body(p: &mut Probe<'_>) -> Checked {
    let id = p.stray_id();
    is_error(&p.get(format!("/Users/{id}")).await?, 404)?;
    let broken = Request { body: Some("{".into()), ..Request::new("POST", "/Users") };
    is_error(&p.send(broken).await?, 400)
}

/// Everything about an error is a must here.
fn is_error(response: &CheckResponse, status: u16) -> Checked {
    response.expect("status", response.status() == status, status, response.status())?;
    response.meets(&Expected::Error)
}

async fn unknown_endpoint(p: &mut Probe<'_>) -> Checked {
    is_error(&p.get("/Robots").await?, 404)
}

async fn unauthorized(p: &mut Probe<'_>) -> Checked {
    let request = Request { credential: Credential::None, ..Request::get("/Users?count=1") };
    let response = p.send(request).await?.with_status(&[401])?;
    let found = response.answer.header("www-authenticate").map(str::to_owned);
    response.expect("WWW-Authenticate", found.is_some(), "Bearer", found)
}

async fn media_type(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.read(&user.target).await?.is_scim_json()
}

async fn accepts_scim_json(p: &mut Probe<'_>) -> Checked {
    for media in ["application/scim+json", "application/scim+json; charset=utf-8"] {
        let body = p.user_body();
        let request = Request::with_body("POST", "/Users", &body).header("Content-Type", media);
        p.send(request).await?.has_status(CREATED)?;
    }
    Ok(())
}

async fn etag(p: &mut Probe<'_>) -> Checked {
    p.only_with("etag")?;
    let user = p.user().await?;
    let first = p.read(&user.target).await?;
    let header = first.answer.header("etag").unwrap_or_default().to_owned();
    first.has("/meta/version", header.as_str())?;
    let mut body = p.body_of(&user);
    body["displayName"] = "Countess".into();
    p.replace(&user.target, &body).await?;
    let second = p.read(&user.target).await?.answer.header("etag").unwrap_or_default().to_owned();
    p.rule.expect("ETag", second != header, "another", second)
}

async fn if_none_match(p: &mut Probe<'_>) -> Checked {
    p.only_with("etag")?;
    let user = p.user().await?;
    let version = p.read(&user.target).await?.json["meta"]["version"].as_str().unwrap_or_default().to_owned();
    p.send(Request::get(&user.target).header("If-None-Match", version)).await?.has_status(&[304])
}

async fn if_match(p: &mut Probe<'_>) -> Checked {
    p.only_with("etag")?;
    let user = p.user().await?;
    let mut body = p.body_of(&user);
    body["displayName"] = "Countess".into();
    let request = Request::with_body("PUT", &user.target, &body).header("If-Match", "W/\"stale\"");
    p.send(request).await?.has_status(&[412])?;
    p.read(&user.target).await?.has("/displayName", "Ada Lovelace")
}

async fn me(p: &mut Probe<'_>) -> Checked {
    let response = p.get("/Me").await?;
    let is_located = response.status() == 200 && response.answer.header("location").is_some();
    if is_located || response.status() == 308 {
        return Ok(());
    }
    response.has_status(&[501])
}

async fn bulk(p: &mut Probe<'_>) -> Checked {
    p.only_with("bulk")?;
    let (user, name) = (p.user_body(), p.new_name());
    let members = json!([{ "value": "bulkId:user" }]);
    let body = json!({
        "schemas": [scim::BULK_REQUEST],
        "Operations": [
            { "method": "POST", "path": "/Users", "bulkId": "user", "data": user },
            { "method": "POST", "path": "/Groups", "bulkId": "group", "data": { "schemas": [scim::GROUP], "displayName": name, "members": members } },
        ],
    });
    let response = p.post("/Bulk", &body).await?.with_status(&[200])?;
    let ids = p.adopt_bulk(&response);
    for number in 0..2 {
        let status = response.json["Operations"][number]["status"].clone();
        response.expect("status", status == "201", "201", status)?;
    }
    let [user, group] = &*ids else {
        return response.expect("location", false, "the URL of what was created", ids);
    };
    p.read(target_of(ResourceKind::Group, group)).await?.has_member_ids(vec![user.clone()])
}
