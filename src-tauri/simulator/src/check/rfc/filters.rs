//! Filters, RFC 7644 §3.4.2.2.

use serde_json::json;

use crate::check::{Check, Checked, Probe, must, should};

pub(super) const CHECKS: &[Check] = &[
    must("rfc-filter-no-match", "RFC 7644 §3.4.2", |p| Box::pin(p.finds_nobody(Probe::new_name)))
        .title("No match is an empty list")
        .rule("A query that nothing meets is answered with 200 and totalResults 0.")
        .fix("Answer 200 with an empty ListResponse, not 404."),
    must("rfc-filter-eq", "RFC 7644 §3.4.2.2, Table 3", |p| Box::pin(eq(p)))
        .title("eq finds just what is equal")
        .rule("eq compares the whole value: neither a part of it nor another value is found.")
        .fix("Compare whole values."),
    must("rfc-filter-name-and-operator-case", "RFC 7644 §3.4.2.2; RFC 7643 §2.1", |p| {
        Box::pin(name_and_operator_case(p))
    })
    .title("Names and operators are read in any letter case")
    .rule("USERNAME Eq is the same as userName eq: attribute names and operators are case-insensitive.")
    .fix("Compare attribute names and operators without regard to letter case."),
    must("rfc-filter-value-case", "RFC 7644 §3.4.2.2; RFC 7643 §3.1, §4.1.1", |p| Box::pin(value_case(p)))
        .title("Values are compared as the schema says")
        .rule("userName is not caseExact, so letter case does not matter; externalId is, so it does.")
        .fix("Follow caseExact when values are compared."),
    must("rfc-filter-text-operators", "RFC 7644 §3.4.2.2, Table 3", |p| Box::pin(text_operators(p)))
        .title("co, sw, ew and ne compare parts")
        .rule("co finds what contains, sw what starts and ew what ends with the value, ne what differs.")
        .fix("Support all operators of Table 3."),
    must("rfc-filter-present", "RFC 7644 §3.4.2.2, Table 3; RFC 7643 §2.5", |p| Box::pin(present(p)))
        .title("pr finds what has a value")
        .rule("pr finds resources whose attribute has a value that is not empty.")
        .fix("Count null, an empty text and an empty array as no value."),
    must("rfc-filter-and-or", "RFC 7644 §3.4.2.2, Table 5", |p| Box::pin(and_or(p)))
        .title("and binds closer than or")
        .rule("Without parentheses and is evaluated before or; parentheses change that.")
        .fix("Evaluate grouping, then not, then and, then or."),
    must("rfc-filter-not", "RFC 7644 §3.4.2.2, Table 4", |p| Box::pin(not(p)))
        .title("not turns a filter round")
        .rule("not (…) finds what the filter in the parentheses does not.")
        .fix("Support not before parentheses."),
    must("rfc-filter-boolean", "RFC 7644 §3.4.2.2, Figure 1", |p| Box::pin(boolean(p)))
        .title("Booleans are compared")
        .rule("active eq false finds who is not active; true and false are written without quotation marks.")
        .fix("Read true, false, null and numbers as JSON does."),
    must("rfc-filter-sub-attribute", "RFC 7644 §3.4.2.2", |p| Box::pin(sub_attribute(p)))
        .title("Sub-attributes are compared, several values one by one")
        .rule("name.familyName and emails.value are compared; of several values one that matches is enough.")
        .fix("Support a sub-attribute after a dot, and look at every value."),
    should("rfc-filter-same-value", "RFC 7644 §3.4.2.2, Table 5", |p| Box::pin(same_value(p)))
        .title("A filter in brackets is met by one and the same value")
        .rule("emails[type eq \"work\" and value co \"…\"] is met only if one address meets both.")
        .fix("Apply the filter in the brackets to each value as a whole."),
    must("rfc-filter-urn", "RFC 7644 §3.10", |p| Box::pin(urn(p)))
        .title("Names with their URN are read")
        .rule("urn:ietf:params:scim:schemas:core:2.0:User:userName is the same as userName.")
        .fix("Split a name with a URN at its last colon."),
    must("rfc-filter-extension", "RFC 7644 §3.10; RFC 7643 §4.3", |p| Box::pin(extension(p)))
        .title("Attributes of an extension are compared")
        .rule("An attribute of the enterprise extension is named with its URN.")
        .fix("Look up the URN among the extensions."),
    must("rfc-filter-extension-case", "RFC 7644 §3.4.2.2; RFC 7643 §8.7.1", |p| Box::pin(extension_case(p)))
        .title("Attributes of an extension follow caseExact, too")
        .rule("department of the enterprise extension is not caseExact, so letter case does not matter.")
        .fix("Take caseExact from the schema of the extension when its attributes are compared."),
    must("rfc-filter-beyond-ascii", "RFC 7644 §3.4.2.2, Figure 1; RFC 8259 §7", |p| Box::pin(beyond_ascii(p)))
        .title("Letters beyond ASCII are compared")
        .rule("The value of a filter is a JSON string, so it may have any letter: names are not all written in ASCII.")
        .fix("Decode the query as UTF-8, and read any character between the quotation marks."),
    must("rfc-filter-escapes", "RFC 7644 §3.4.2.2, Figure 1", |p| Box::pin(escapes(p)))
        .title("Quotation marks in a value are escaped as in JSON")
        .rule("The value of a filter is a JSON string: \\\" is a quotation mark.")
        .fix("Read the value with a JSON parser."),
    must("rfc-filter-time", "RFC 7644 §3.4.2.2, Table 3", |p| Box::pin(time(p)))
        .title("Times are compared as times")
        .rule("meta.lastModified gt finds what changed after a time; ge, lt and le likewise.")
        .fix("Compare DateTime values chronologically."),
    must("rfc-filter-time-offset", "RFC 7644 §3.4.2.2, Table 3; RFC 7643 §2.3.5", |p| Box::pin(time_offset(p)))
        .title("Times are compared across time zones")
        .rule("A time with an offset is a point in time: 12:00+02:00 is before 12:00Z, and 12:00-02:00 after it.")
        .fix("Read the offset of a DateTime before comparing, and compare points in time, not texts."),
    must("rfc-filter-invalid", "RFC 7644 §3.4.2.2, §3.12 Table 9", |p| Box::pin(invalid(p)))
        .title("A filter that cannot be parsed is refused")
        .rule(
            "An unknown operator or a broken expression is answered with 400 and invalidFilter, never with everything.",
        )
        .fix("Answer 400 with scimType invalidFilter."),
    must("rfc-filter-order-of-booleans", "RFC 7644 §3.4.2.2, Table 3", |p| Box::pin(order_of_booleans(p)))
        .title("Booleans have no order")
        .rule("gt, ge, lt and le on a boolean are answered with 400 and invalidFilter.")
        .fix("Refuse ordering operators on booleans and binaries."),
];

async fn eq(p: &mut Probe<'_>) -> Checked {
    let (user, _other) = (p.user().await?, p.user().await?);
    p.finds(&format!("userName eq \"{}\"", user.name), &[&user]).await?;
    let part = &user.name[..user.name.len() - 4];
    p.finds(&format!("userName eq \"{part}\""), &[]).await
}

async fn name_and_operator_case(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    for left in ["USERNAME eq", "username Eq", "userName EQ"] {
        p.finds(&format!("{left} \"{}\"", user.name), &[&user]).await?;
    }
    Ok(())
}

async fn value_case(p: &mut Probe<'_>) -> Checked {
    let (user, external) = p.user_with_external_id().await?;
    p.finds(&format!("userName eq \"{}\"", user.name.to_uppercase()), &[&user]).await?;
    p.finds(&format!("externalId eq \"{}\"", external.to_uppercase()), &[]).await
}

async fn text_operators(p: &mut Probe<'_>) -> Checked {
    let (user, other) = (p.user().await?, p.user().await?);
    // `sim-1f0c2b3a-7-1`: the end tells this one from the other, the beginning finds both.
    let local = user.name.strip_suffix("@example.com").unwrap_or(&user.name).to_owned();
    let both = &local[..local.len() - 1];
    p.finds(&format!("userName co \"{local}@exam\""), &[&user]).await?;
    p.finds(&format!("userName sw \"{local}@\""), &[&user]).await?;
    p.finds(&format!("userName ew \"{local}@example.com\""), &[&user]).await?;
    p.finds(&format!("userName sw \"{both}\" and userName ne \"{}\"", user.name), &[&other]).await
}

async fn present(p: &mut Probe<'_>) -> Checked {
    let titled = p.user_with(|body| body["title"] = "Engineer".into()).await?;
    let plain = p.user().await?;
    for (user, has_title) in [(&titled, true), (&plain, false)] {
        let response = p.find_users(&format!("title pr and userName eq \"{}\"", user.name)).await?;
        if has_title { response.lists(&[user])? } else { response.lists(&[])? }
    }
    Ok(())
}

async fn and_or(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user_with(|body| body["active"] = false.into()).await?);
    let (first, second) = (format!("userName eq \"{}\"", one.name), format!("userName eq \"{}\"", two.name));
    p.finds(&format!("{first} or {second} and active eq true"), &[&one]).await?;
    p.finds(&format!("{first} or {second} and active eq false"), &[&one, &two]).await?;
    p.finds(&format!("({first} or {second}) and active eq false"), &[&two]).await
}

async fn not(p: &mut Probe<'_>) -> Checked {
    let (one, two) = (p.user().await?, p.user().await?);
    let both = format!("(userName eq \"{}\" or userName eq \"{}\")", one.name, two.name);
    p.finds(&format!("{both} and not (userName eq \"{}\")", one.name), &[&two]).await
}

async fn boolean(p: &mut Probe<'_>) -> Checked {
    let user = p.user_with(|body| body["active"] = false.into()).await?;
    p.finds(&format!("active eq false and userName eq \"{}\"", user.name), &[&user]).await?;
    p.finds(&format!("active eq true and userName eq \"{}\"", user.name), &[]).await
}

async fn sub_attribute(p: &mut Probe<'_>) -> Checked {
    let (family, address) = (p.new_name(), format!("{}@example.com", p.new_name()));
    let user = p
        .user_with(|body| {
            body["name"]["familyName"] = family.as_str().into();
            let first = body["emails"][0].clone();
            body["emails"] = json!([first, { "value": address, "type": "home" }]);
        })
        .await?;
    p.finds(&format!("name.familyName eq \"{family}\""), &[&user]).await?;
    p.finds(&format!("emails.value eq \"{address}\""), &[&user]).await
}

async fn same_value(p: &mut Probe<'_>) -> Checked {
    let (work, home) = (p.new_name(), p.new_name());
    let user = p
        .user_with(|body| {
            body["emails"] = json!([
                { "value": format!("{work}@example.com"), "type": "work" },
                { "value": format!("{home}@example.com"), "type": "home" },
            ]);
        })
        .await?;
    p.finds(&format!("emails[type eq \"work\" and value co \"{work}\"]"), &[&user]).await?;
    p.finds(&format!("emails[type eq \"work\" and value co \"{home}\"]"), &[]).await
}

async fn urn(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    p.finds(&format!("{}:userName eq \"{}\"", scim::USER, user.name), &[&user]).await
}

async fn extension(p: &mut Probe<'_>) -> Checked {
    let number = p.new_name();
    let user = p.enterprise_user(json!({ "employeeNumber": number })).await?;
    p.finds(&format!("{}:employeeNumber eq \"{number}\"", scim::ENTERPRISE_USER), &[&user]).await
}

async fn extension_case(p: &mut Probe<'_>) -> Checked {
    let department = p.new_name();
    let user = p.enterprise_user(json!({ "department": department })).await?;
    p.finds(&format!("{}:department eq \"{}\"", scim::ENTERPRISE_USER, department.to_uppercase()), &[&user]).await
}

async fn beyond_ascii(p: &mut Probe<'_>) -> Checked {
    let name = format!("Łukasz Müller 李 {}", p.new_name());
    let user = p.user_with(|body| body["displayName"] = name.as_str().into()).await?;
    p.finds(&format!("displayName eq \"{name}\""), &[&user]).await
}

async fn escapes(p: &mut Probe<'_>) -> Checked {
    let name = format!("{} \"Countess\" \\ Byron", p.new_name());
    let user = p.user_with(|body| body["displayName"] = name.as_str().into()).await?;
    let quoted = serde_json::Value::from(name).to_string();
    p.finds(&format!("displayName eq {quoted}"), &[&user]).await
}

async fn time(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let only_them = format!("externalId eq \"{}\"", user.response.json["externalId"].as_str().unwrap_or("?"));
    p.finds(&format!("meta.lastModified gt \"2011-05-13T04:42:34Z\" and {only_them}"), &[&user]).await?;
    p.finds(&format!("meta.lastModified lt \"2011-05-13T04:42:34Z\" and {only_them}"), &[]).await
}

async fn time_offset(p: &mut Probe<'_>) -> Checked {
    let user = p.user().await?;
    let only_them = format!("externalId eq \"{}\"", user.response.json["externalId"].as_str().unwrap_or("?"));
    let read = p.read(&user.target).await?;
    let modified = read.json["meta"]["lastModified"].as_str().unwrap_or_default();
    let Some(there) = modified.get(..19) else {
        return read.expect("meta", false, json!({ "lastModified": "a DateTime" }), &read.json["meta"]);
    };
    // The digits stay, the zone is another one: hours before and hours after.
    let fraction = modified[19..].trim_end_matches('Z').split(['+', '-']).next().unwrap_or_default();
    for (operator, offset) in [("gt", "+12:00"), ("lt", "-12:00")] {
        p.finds(&format!("meta.lastModified {operator} \"{there}{fraction}{offset}\" and {only_them}"), &[&user])
            .await?;
    }
    Ok(())
}

async fn invalid(p: &mut Probe<'_>) -> Checked {
    for filter in ["userName is \"ada\"", "userName eq", "(userName eq \"ada\"", "userName eq \"ada\" and"] {
        p.find_users(filter).await?.is_error(&[400], "invalidFilter")?;
    }
    Ok(())
}

async fn order_of_booleans(p: &mut Probe<'_>) -> Checked {
    p.find_users("active gt true").await?.is_error(&[400], "invalidFilter")
}
