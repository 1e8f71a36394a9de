//! Creating, RFC 7644 §3.3, and what a resource looks like, RFC 7643 §3 and §4.

use serde_json::{Value, json};

use crate::check::probe::CREATED;
use crate::check::{Check, Checked, Probe, must, should};
use crate::response::Expected;

pub(super) const CHECKS: &[Check] = &[
    must("rfc-create", "RFC 7644 §3.3; RFC 7643 §3.1", |p| Box::pin(create(p)))
        .title("A creation says where the resource is")
        .rule("POST is answered with 201, the resource, and a Location that is its meta.location.")
        .fix("Send the header Location with the same URL as meta.location."),
    should("rfc-location-works", "RFC 7643 §3.1", |p| Box::pin(location_works(p)))
        .title("The location leads to the resource")
        .rule("meta.location is the URL at which the resource is read, on the host that the client used.")
        .fix("Build URLs from the public address, or from X-Forwarded-Host and X-Forwarded-Proto."),
    must("rfc-id-is-the-servers", "RFC 7643 §3.1", |p| Box::pin(id_is_the_servers(p)))
        .title("The id is the server\u{2019}s")
        .rule("The server gives the id and meta; what a client sends for them is ignored. An id is a text without bulkId in it.")
        .fix("Generate the id, as a text, and ignore id and meta of the body."),
    must("rfc-meta", "RFC 7643 §3.1", |p| Box::pin(meta(p)))
        .title("meta tells type and times")
        .rule("meta has resourceType, created and lastModified; at first the two times are equal.")
        .fix("Keep both times, and set them to the same instant at the creation."),
    must("rfc-schemas-attribute", "RFC 7643 §3, §3.3", |p| Box::pin(schemas_attribute(p)))
        .title("schemas names what the resource uses")
        .rule("schemas is there, has no repeats, and names the extension when the resource has values of it.")
        .fix("Add the URN of an extension to schemas when its object is there."),
    should("rfc-times-have-a-zone", "RFC 7643 §2.3.5", |p| Box::pin(times_have_a_zone(p)))
        .title("Times say their zone")
        .rule("A DateTime without a zone may mean any of 26 hours; clients read it in their own.")
        .fix("End every time with Z, or with the offset from UTC."),
    should("rfc-no-nulls", "RFC 7643 §2.5", |p| Box::pin(no_nulls(p)))
        .title("Attributes without a value are left out")
        .rule("null, an empty array and absence mean the same, so answers may leave such attributes out; clients stumble over null.")
        .fix("Leave out attributes that have no value."),
    must("rfc-external-id-is-the-clients", "RFC 7643 §3.1", |p| Box::pin(external_id(p)))
        .title("externalId is the client\u{2019}s")
        .rule("externalId is stored as it was sent; where none was sent the server invents none.")
        .fix("Store what was sent, and nothing else."),
    must("rfc-conflict", "RFC 7644 §3.3; RFC 7643 §4.1.1", |p| Box::pin(conflict(p)))
        .title("A taken userName is a conflict")
        .rule("A userName that is taken, in whatever letter case, is answered with 409 and scimType uniqueness.")
        .fix("Answer 409 with scimType uniqueness."),
    must("rfc-required", "RFC 7643 §4.1.1; RFC 7644 §3.12, Table 9", |p| Box::pin(required(p)))
        .title("A user without userName is refused")
        .rule("A required attribute that is missing is answered with 400 and invalidValue.")
        .fix("Answer 400 with scimType invalidValue."),
    should("rfc-group-name-required", "RFC 7643 §4.2", |p| Box::pin(group_name_required(p)))
        .title("A group without displayName is refused")
        .rule("displayName of a group is required.")
        .fix("Answer 400 with scimType invalidValue."),
    must("rfc-invalid-json", "RFC 7644 §3.12, Table 9", |p| Box::pin(invalid_json(p)))
        .title("A body that is not JSON is refused")
        .rule("A body that cannot be read is answered with 400 and invalidSyntax.")
        .fix("Answer 400 with scimType invalidSyntax, not 500."),
    must("rfc-wrong-type", "RFC 7644 §3.12, Table 9", |p| Box::pin(wrong_type(p)))
        .title("A value of the wrong type is refused")
        .rule("A value that an attribute cannot hold, such as \"perhaps\" for active, is answered with 400 and invalidValue or invalidSyntax.")
        .fix("Check the types of the schema, and answer 400, not 500."),
    must("rfc-names-in-any-case", "RFC 7643 §2.1", |p| Box::pin(names_in_any_case(p)))
        .title("Attribute names are read in any letter case")
        .rule("USERNAME in a body is userName: attribute names are case-insensitive.")
        .fix("Compare attribute names without regard to letter case."),
    should("rfc-members", "RFC 7643 §4.1.2, §4.2", |p| Box::pin(members(p)))
        .title("Members refer to resources, and users show their groups")
        .rule("members[].value is the id of a resource; the user shows the group in groups.")
        .fix("Derive groups of a user from the members of groups."),
    must("rfc-groups-read-only", "RFC 7643 §4.1.2", |p| Box::pin(groups_read_only(p)))
        .title("groups of a user changes only through the group")
        .rule("groups is read-only: what a user\u{2019}s body says of it changes no group.")
        .fix("Ignore groups in the body of a user."),
    must("rfc-one-primary", "RFC 7643 §2.4", |p| Box::pin(one_primary(p)))
        .title("At most one value is primary")
        .rule("primary true appears at most once among the values of an attribute.")
        .fix("Refuse two primary values, or keep one of them."),
];

async fn create(p: &mut Probe<'_>) -> Checked {
    let body = p.user_body();
    let response = p.create_new("/Users", &body).await?;
    let header = response.answer.header("location").map(str::to_owned);
    response.expect("Location", header.is_some(), "the URL of the resource", &header)?;
    response.has("/meta/location", header.unwrap_or_default())
}

async fn location_works(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let location = user.response.json["meta"]["location"].as_str().unwrap_or_default().to_owned();
    let expected = p.url(&user.target);
    p.rule.expect("location", location == expected, expected, location)
}

async fn id_is_the_servers(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["id"] = "chosen-by-the-client".into();
    body["meta"] = json!({ "resourceType": "Robot", "created": "2001-01-01T00:00:00Z" });
    let response = p.create("/Users", &body).await?;
    p.needs(&response, Expected::Id)?;
    let id = response.id();
    let is_own = id != "chosen-by-the-client" && !id.contains("bulkId");
    response.expect("id", is_own, "the server\u{2019}s own", id)?;
    response.has("/meta/resourceType", "User")
}

async fn meta(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.read(&user.target).await?;
    response.has("/meta/resourceType", "User")?;
    let (created, modified) = (response.json["meta"]["created"].clone(), response.json["meta"]["lastModified"].clone());
    let is_time = created.as_str().is_some_and(|text| text.len() >= 19 && text.contains('T'));
    response.expect("meta", is_time, json!({ "created": "a DateTime" }), json!({ "created": created }))?;
    // Fractions of a second may be written differently; a second is not.
    let second = |time: &Value| time.as_str().map(|text| text.chars().take(19).collect::<String>());
    let is_same = second(&created) == second(&modified);
    response.expect("meta", is_same, json!({ "lastModified": created }), json!({ "lastModified": modified }))
}

async fn times_have_a_zone(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let response = p.read(&user.target).await?;
    for name in ["created", "lastModified"] {
        let time = &response.json["meta"][name];
        // Behind the time of day: `Z`, `+02:00` or `-0800`. That it is a time at all is another check's.
        let has_zone = time.as_str().and_then(|time| time.get(19..)).is_none_or(|rest| rest.contains(['Z', '+', '-']));
        response.expect("meta", has_zone, json!({ name: "a time with Z or an offset" }), json!({ name: time }))?;
    }
    Ok(())
}

async fn schemas_attribute(p: &mut Probe<'_>) -> Checked {
    let user = p.enterprise_user(json!({ "department": "Sales" })).await?;
    let response = p.read(&user.target).await?;
    let found = response.json["schemas"].clone();
    let mut urns: Vec<&str> = found.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    urns.sort_unstable();
    let mut expected = vec![scim::USER, scim::ENTERPRISE_USER];
    expected.sort_unstable();
    response.expect("schemas", urns == expected, expected, found)
}

async fn no_nulls(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["nickName"] = Value::Null).await?;
    let response = p.read(&user.target).await?;
    let null = response.resource().into_iter().find(|(_, value)| value.is_null()).map(|(name, _)| name);
    response.expect("nulls", null.is_none(), json!([]), [null])
}

async fn external_id(p: &mut Probe<'_>) -> Checked {
    let (user, external) = p.user_with_external_id().await?;
    p.read(&user.target).await?.has("/externalId", external)?;
    let mut body = p.user_body();
    body.as_object_mut().map(|body| body.remove("externalId"));
    p.create("/Users", &body).await?.has_nothing("/externalId")
}

async fn conflict(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for name in [user.name.clone(), user.name.to_uppercase()] {
        let mut body = p.user_body();
        body["userName"] = name.into();
        p.post("/Users", &body).await?.is_error(&[409], "uniqueness")?;
    }
    Ok(())
}

async fn required(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body.as_object_mut().map(|body| body.remove("userName"));
    let response = p.post("/Users", &body).await?;
    p.error_like(&response, &["invalidValue", "invalidSyntax"])
}

async fn group_name_required(p: &mut Probe<'_>) -> Checked {
    let response = p.post("/Groups", &json!({ "schemas": [scim::GROUP] })).await?;
    p.error_like(&response, &["invalidValue", "invalidSyntax"])
}

async fn invalid_json(p: &mut Probe<'_>) -> Checked {
    let request = crate::exchange::Request::new("POST", "/Users");
    let body = Some(r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": }"#.to_owned());
    let response = p.send(crate::exchange::Request { body, ..request }).await?;
    p.error_like(&response, &["invalidSyntax"])
}

async fn wrong_type(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    body["active"] = "perhaps".into();
    let response = p.post("/Users", &body).await?;
    p.error_like(&response, &["invalidValue", "invalidSyntax"])
}

async fn names_in_any_case(p: &mut Probe<'_>) -> Checked {
    let name = format!("{}@example.com", p.new_name());
    let body = json!({ "SCHEMAS": [scim::USER], "USERNAME": name, "NAME": { "FAMILYNAME": "Lovelace" } });
    p.create("/Users", &body).await?.shows(json!({ "/userName": name, "/name/familyName": "Lovelace" }))
}

async fn members(p: &mut Probe<'_>) -> Checked {
    let (user, group) = p.user_in_group().await?;
    p.has_members(&group, &[&user]).await?;
    p.read(&user.target).await?.has("/groups/0/value", group.id.as_str())
}

async fn groups_read_only(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let (inside, outside) = (p.group(&[&user]).await?, p.group(&[]).await?);
    let mut body = p.body_of(&user);
    body["groups"] = json!([{ "value": outside.id }]);
    p.replace(&user.target, &body).await?;
    p.has_members(&inside, &[&user]).await?;
    p.has_members(&outside, &[]).await
}

async fn one_primary(p: &mut Probe<'_>) -> Checked {
    let mut body = p.user_body();
    let name = body["userName"].as_str().unwrap_or_default().to_owned();
    body["emails"] = json!([
        { "value": name, "type": "work", "primary": true },
        { "value": format!("home-{name}"), "type": "home", "primary": true },
    ]);
    let response = p.post("/Users", &body).await?;
    if response.status() == 400 {
        return Ok(());
    }
    response.has_status(CREATED)?;
    let primary =
        response.json["emails"].as_array().into_iter().flatten().filter(|email| email["primary"] == true).count();
    response.expect("primary", primary <= 1, "at most 1", primary)
}
