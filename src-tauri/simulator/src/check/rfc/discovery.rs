//! What a server says of itself, RFC 7644 §4.

use serde_json::{Value, json};

use crate::check::{Check, Checked, Probe, must, should};
use crate::exchange::{Credential, Request};

pub(super) const CHECKS: &[Check] = &[
    must("rfc-service-provider-config", "RFC 7643 §5; RFC 7644 §4", |p| Box::pin(service_provider_config(p)))
        .title("The configuration is one object and complete")
        .rule("/ServiceProviderConfig is one resource, not a list, and says of patch, bulk, filter, changePassword, sort and etag whether they are supported.")
        .fix("Serve a single object with all required attributes, and supported as a boolean."),
    should("rfc-discovery-without-token", "RFC 7643 §5", |p| Box::pin(discovery_without_token(p)))
        .title("The configuration can be read without a token")
        .rule("How to authenticate should be readable by who does not know yet.")
        .fix("Serve /ServiceProviderConfig without authentication."),
    must("rfc-schemas", "RFC 7644 §4; RFC 7643 §7", |p| Box::pin(schemas(p)))
        .title("Schemas are a list, and each can be read by its URN")
        .rule("/Schemas is a ListResponse; /Schemas/{URN} is the one schema.")
        .fix("Serve the schemas of User and Group, as a list and alone."),
    must("rfc-schema-is-described", "RFC 7643 §7, §8.7.1", |p| Box::pin(schema_is_described(p)))
        .title("The schema of users describes userName")
        .rule("A schema describes its attributes: userName is required, a string, unique on the server, and not caseExact.")
        .fix("Serve attributes with name, type, multiValued, required, caseExact, mutability, returned and uniqueness."),
    should("rfc-binary-case-exact", "RFC 7643 §2.3.6", |p| Box::pin(binary_case_exact(p)))
        .title("Binary values are case-exact")
        .rule("base64 means something else in another letter case, so no attribute of type binary has caseExact false. The RFC\u{2019}s own schema in §8.7.1 says otherwise, by mistake.")
        .fix("Set caseExact to true for attributes of type binary."),
    must("rfc-resource-types", "RFC 7644 §4; RFC 7643 §6", |p| Box::pin(resource_types(p)))
        .title("Resource types are a list")
        .rule("/ResourceTypes is a ListResponse that has User with its endpoint and schema.")
        .fix("Serve the resource types, each with id, name, endpoint and schema."),
    should("rfc-discovery-no-filter", "RFC 7644 §4", |p| Box::pin(discovery_no_filter(p)))
        .title("A filter on discovery is forbidden")
        .rule("A filter on /ServiceProviderConfig, /ResourceTypes or /Schemas is answered with 403.")
        .fix("Answer 403 when one of these is asked for with a filter."),
];

async fn service_provider_config(p: &mut Probe<'_>) -> Checked {
    let response = p.read("/ServiceProviderConfig").await?;
    response.expect("body", response.json.is_object(), "an object", "something else")?;
    response.expect("body", response.json.get("Resources").is_none(), "one resource", "a list")?;
    for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
        let supported = &response.json[feature]["supported"];
        let expected = json!({ "supported": "true or false" });
        response.expect(feature, supported.is_boolean(), expected, json!({ "supported": supported }))?;
    }
    for (feature, name) in [("bulk", "maxOperations"), ("bulk", "maxPayloadSize"), ("filter", "maxResults")] {
        let found = &response.json[feature][name];
        response.expect(feature, found.is_u64(), json!({ name: "an integer" }), json!({ name: found }))?;
    }
    let schemes = &response.json["authenticationSchemes"];
    response.expect("authenticationSchemes", schemes.is_array(), "an array", schemes)
}

async fn discovery_without_token(p: &mut Probe<'_>) -> Checked {
    let request = Request { credential: Credential::None, ..Request::get("/ServiceProviderConfig") };
    p.send(request).await?.has_status(&[200])
}

async fn schemas(p: &mut Probe<'_>) -> Checked {
    p.read_list("/Schemas").await?;
    p.read(format!("/Schemas/{}", scim::USER)).await?.has("/id", scim::USER)
}

async fn schema_is_described(p: &mut Probe<'_>) -> Checked {
    let response = p.read(format!("/Schemas/{}", scim::USER)).await?;
    let is_user_name = |attribute: &&Value| attribute["name"] == "userName";
    let user_name = response.json["attributes"].as_array().into_iter().flatten().find(is_user_name).cloned();
    let found = user_name.unwrap_or_default();
    for (name, value) in [
        ("type", json!("string")),
        ("multiValued", json!(false)),
        ("required", json!(true)),
        ("caseExact", json!(false)),
        ("uniqueness", json!("server")),
    ] {
        // Whether it is said or left to the default.
        let is_default = name == "multiValued" || name == "caseExact";
        let is_right = found[name] == value || (is_default && found[name].is_null() && !found.is_null());
        response.expect("userName", is_right, json!({ name: value }), json!({ name: found[name] }))?;
    }
    Ok(())
}

async fn binary_case_exact(p: &mut Probe<'_>) -> Checked {
    let response = p.read(format!("/Schemas/{}", scim::USER)).await?;
    let attributes = response.json["attributes"].as_array().into_iter().flatten();
    for attribute in attributes {
        let inner = attribute["subAttributes"].as_array().into_iter().flatten();
        for binary in inner.chain([attribute]).filter(|attribute| attribute["type"] == "binary") {
            let name = attribute["name"].as_str().unwrap_or_default();
            let expected = json!({ "type": "binary", "caseExact": true });
            let found = json!({ "type": "binary", "caseExact": binary["caseExact"] });
            response.expect(name, binary["caseExact"] != false, expected, found)?;
        }
    }
    Ok(())
}

async fn resource_types(p: &mut Probe<'_>) -> Checked {
    let response = p.read_list("/ResourceTypes").await?;
    let user = response.resources().iter().find(|kind| kind["name"] == "User").cloned().unwrap_or_default();
    let (endpoint, schema) = (&user["endpoint"], &user["schema"]);
    let is_users = endpoint.as_str().is_some_and(|endpoint| endpoint.trim_start_matches('/') == "Users");
    response.expect("endpoint", is_users, "/Users", endpoint)?;
    response.expect("schema", *schema == scim::USER, scim::USER, schema)
}

async fn discovery_no_filter(p: &mut Probe<'_>) -> Checked {
    let query = p.encode("name eq \"User\"");
    for kind in ["Schemas", "ResourceTypes", "ServiceProviderConfig"] {
        p.get(format!("/{kind}?filter={query}")).await?.has_status(&[403])?;
    }
    Ok(())
}
