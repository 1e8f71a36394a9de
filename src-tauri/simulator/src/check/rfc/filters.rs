//! Filters, RFC 7644 §3.4.2.2.

use serde_json::json;

use crate::check::probe::Made;
use crate::check::{Check, Checked, Level, Probe};
use crate::need::Need;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "rfc-filter-no-match",
        title: "No match is an empty list",
        rule: "A query that nothing meets is answered with 200 and totalResults 0.",
        section: "RFC 7644 §3.4.2",
        fix: "Answer 200 with an empty ListResponse, not 404.",
        level: Level::Must,
        run: |p| Box::pin(no_match(p)),
    },
    Check {
        id: "rfc-filter-eq",
        title: "eq finds just what is equal",
        rule: "eq compares the whole value: neither a part of it nor another value is found.",
        section: "RFC 7644 §3.4.2.2, Table 3",
        fix: "Compare whole values.",
        level: Level::Must,
        run: |p| Box::pin(eq(p)),
    },
    Check {
        id: "rfc-filter-name-and-operator-case",
        title: "Names and operators are read in any letter case",
        rule: "USERNAME Eq is the same as userName eq: attribute names and operators are case-insensitive.",
        section: "RFC 7644 §3.4.2.2; RFC 7643 §2.1",
        fix: "Compare attribute names and operators without regard to letter case.",
        level: Level::Must,
        run: |p| Box::pin(name_and_operator_case(p)),
    },
    Check {
        id: "rfc-filter-value-case",
        title: "Values are compared as the schema says",
        rule: "userName is not caseExact, so letter case does not matter; externalId is, so it does.",
        section: "RFC 7644 §3.4.2.2; RFC 7643 §3.1, §4.1.1",
        fix: "Follow caseExact when values are compared.",
        level: Level::Must,
        run: |p| Box::pin(value_case(p)),
    },
    Check {
        id: "rfc-filter-text-operators",
        title: "co, sw, ew and ne compare parts",
        rule: "co finds what contains, sw what starts and ew what ends with the value, ne what differs.",
        section: "RFC 7644 §3.4.2.2, Table 3",
        fix: "Support all operators of Table 3.",
        level: Level::Must,
        run: |p| Box::pin(text_operators(p)),
    },
    Check {
        id: "rfc-filter-present",
        title: "pr finds what has a value",
        rule: "pr finds resources whose attribute has a value that is not empty.",
        section: "RFC 7644 §3.4.2.2, Table 3; RFC 7643 §2.5",
        fix: "Count null, an empty text and an empty array as no value.",
        level: Level::Must,
        run: |p| Box::pin(present(p)),
    },
    Check {
        id: "rfc-filter-and-or",
        title: "and binds closer than or",
        rule: "Without parentheses and is evaluated before or; parentheses change that.",
        section: "RFC 7644 §3.4.2.2, Table 5",
        fix: "Evaluate grouping, then not, then and, then or.",
        level: Level::Must,
        run: |p| Box::pin(and_or(p)),
    },
    Check {
        id: "rfc-filter-not",
        title: "not turns a filter round",
        rule: "not (…) finds what the filter in the parentheses does not.",
        section: "RFC 7644 §3.4.2.2, Table 4",
        fix: "Support not before parentheses.",
        level: Level::Must,
        run: |p| Box::pin(not(p)),
    },
    Check {
        id: "rfc-filter-boolean",
        title: "Booleans are compared",
        rule: "active eq false finds who is not active; true and false are written without quotation marks.",
        section: "RFC 7644 §3.4.2.2, Figure 1",
        fix: "Read true, false, null and numbers as JSON does.",
        level: Level::Must,
        run: |p| Box::pin(boolean(p)),
    },
    Check {
        id: "rfc-filter-sub-attribute",
        title: "Sub-attributes are compared, several values one by one",
        rule: "name.familyName and emails.value are compared; of several values one that matches is enough.",
        section: "RFC 7644 §3.4.2.2",
        fix: "Support a sub-attribute after a dot, and look at every value.",
        level: Level::Must,
        run: |p| Box::pin(sub_attribute(p)),
    },
    Check {
        id: "rfc-filter-same-value",
        title: "A filter in brackets is met by one and the same value",
        rule: "emails[type eq \"work\" and value co \"…\"] is met only if one address meets both.",
        section: "RFC 7644 §3.4.2.2, Table 5",
        fix: "Apply the filter in the brackets to each value as a whole.",
        level: Level::Should,
        run: |p| Box::pin(same_value(p)),
    },
    Check {
        id: "rfc-filter-urn",
        title: "Names with their URN are read",
        rule: "urn:ietf:params:scim:schemas:core:2.0:User:userName is the same as userName.",
        section: "RFC 7644 §3.10",
        fix: "Split a name with a URN at its last colon.",
        level: Level::Must,
        run: |p| Box::pin(urn(p)),
    },
    Check {
        id: "rfc-filter-extension",
        title: "Attributes of an extension are compared",
        rule: "An attribute of the enterprise extension is named with its URN.",
        section: "RFC 7644 §3.10; RFC 7643 §4.3",
        fix: "Look up the URN among the extensions.",
        level: Level::Must,
        run: |p| Box::pin(extension(p)),
    },
    Check {
        id: "rfc-filter-escapes",
        title: "Quotation marks in a value are escaped as in JSON",
        rule: "The value of a filter is a JSON string: \\\" is a quotation mark.",
        section: "RFC 7644 §3.4.2.2, Figure 1",
        fix: "Read the value with a JSON parser.",
        level: Level::Must,
        run: |p| Box::pin(escapes(p)),
    },
    Check {
        id: "rfc-filter-time",
        title: "Times are compared as times",
        rule: "meta.lastModified gt finds what changed after a time; ge, lt and le likewise.",
        section: "RFC 7644 §3.4.2.2, Table 3",
        fix: "Compare DateTime values chronologically.",
        level: Level::Must,
        run: |p| Box::pin(time(p)),
    },
    Check {
        id: "rfc-filter-invalid",
        title: "A filter that is none is refused",
        rule: "An unknown operator or a broken expression is answered with 400 and invalidFilter, never with everything.",
        section: "RFC 7644 §3.4.2.2, §3.12 Table 9",
        fix: "Answer 400 with scimType invalidFilter.",
        level: Level::Must,
        run: |p| Box::pin(invalid(p)),
    },
    Check {
        id: "rfc-filter-order-of-booleans",
        title: "Booleans have no order",
        rule: "gt, ge, lt and le on a boolean are answered with 400 and invalidFilter.",
        section: "RFC 7644 §3.4.2.2, Table 3",
        fix: "Refuse ordering operators on booleans and binaries.",
        level: Level::Must,
        run: |p| Box::pin(order_of_booleans(p)),
    },
];

/// A user who is told apart from everybody else by a filter on `externalId`.
async fn marked(p: &mut Probe<'_>) -> Checked<(Made, String)> {
    p.unless_lacking("filter")?;
    let user = p.user().await?;
    let only_them = format!("externalId eq \"{}\"", user.reply.json["externalId"].as_str().unwrap_or("?"));
    Ok((user, only_them))
}

async fn no_match(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    // Whoever ignores the filter finds at least this one.
    p.user().await?;
    let name = p.new_name();
    let reply = p.find_users(&format!("userName eq \"{name}\"")).await?;
    p.status(&reply, &[200])?;
    p.needs(&reply, Need::List)?;
    p.nobody(&reply)
}

async fn eq(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let (user, _other) = (p.user().await?, p.user().await?);
    let reply = p.find_users(&format!("userName eq \"{}\"", user.name)).await?;
    p.only(&reply, &user)?;
    let part = &user.name[..user.name.len() - 4];
    let reply = p.find_users(&format!("userName eq \"{part}\"")).await?;
    p.nobody(&reply)
}

async fn name_and_operator_case(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let user = p.user().await?;
    for left in ["USERNAME eq", "username Eq", "userName EQ"] {
        let reply = p.find_users(&format!("{left} \"{}\"", user.name)).await?;
        p.only(&reply, &user)?;
    }
    Ok(())
}

async fn value_case(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let external = format!("{}-Xy", p.new_name());
    let user = p.user_with(|body| body["externalId"] = external.as_str().into()).await?;
    let reply = p.find_users(&format!("userName eq \"{}\"", user.name.to_uppercase())).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("externalId eq \"{}\"", external.to_uppercase())).await?;
    p.nobody(&reply)
}

async fn text_operators(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let (user, other) = (p.user().await?, p.user().await?);
    // `sim-1f0c2b3a-7-1`: the end tells this one from the other, the beginning finds both.
    let local = user.name.strip_suffix("@example.com").unwrap_or(&user.name).to_owned();
    let both = &local[..local.len() - 1];
    let reply = p.find_users(&format!("userName co \"{local}@exam\"")).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("userName sw \"{local}@\"")).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("userName ew \"{local}@example.com\"")).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("userName sw \"{both}\" and userName ne \"{}\"", user.name)).await?;
    p.only(&reply, &other)
}

async fn present(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let titled = p.user_with(|body| body["title"] = "Engineer".into()).await?;
    let plain = p.user().await?;
    for (user, has_title) in [(&titled, true), (&plain, false)] {
        let reply = p.find_users(&format!("title pr and userName eq \"{}\"", user.name)).await?;
        if has_title { p.only(&reply, user)? } else { p.nobody(&reply)? }
    }
    Ok(())
}

async fn and_or(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let (one, two) = (p.user().await?, p.user_with(|body| body["active"] = false.into()).await?);
    let (first, second) = (format!("userName eq \"{}\"", one.name), format!("userName eq \"{}\"", two.name));
    let reply = p.find_users(&format!("{first} or {second} and active eq true")).await?;
    p.only(&reply, &one)?;
    let reply = p.find_users(&format!("{first} or {second} and active eq false")).await?;
    p.ids(&reply, &[&one, &two])?;
    let reply = p.find_users(&format!("({first} or {second}) and active eq false")).await?;
    p.only(&reply, &two)
}

async fn not(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let (one, two) = (p.user().await?, p.user().await?);
    let both = format!("(userName eq \"{}\" or userName eq \"{}\")", one.name, two.name);
    let reply = p.find_users(&format!("{both} and not (userName eq \"{}\")", one.name)).await?;
    p.only(&reply, &two)
}

async fn boolean(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let user = p.user_with(|body| body["active"] = false.into()).await?;
    let reply = p.find_users(&format!("active eq false and userName eq \"{}\"", user.name)).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("active eq true and userName eq \"{}\"", user.name)).await?;
    p.nobody(&reply)
}

async fn sub_attribute(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let (family, address) = (p.new_name(), format!("{}@example.com", p.new_name()));
    let user = p
        .user_with(|body| {
            body["name"]["familyName"] = family.as_str().into();
            let first = body["emails"][0].clone();
            body["emails"] = json!([first, { "value": address, "type": "home" }]);
        })
        .await?;
    let reply = p.find_users(&format!("name.familyName eq \"{family}\"")).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("emails.value eq \"{address}\"")).await?;
    p.only(&reply, &user)
}

async fn same_value(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let (work, home) = (p.new_name(), p.new_name());
    let user = p
        .user_with(|body| {
            body["emails"] = json!([
                { "value": format!("{work}@example.com"), "type": "work" },
                { "value": format!("{home}@example.com"), "type": "home" },
            ]);
        })
        .await?;
    let reply = p.find_users(&format!("emails[type eq \"work\" and value co \"{work}\"]")).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("emails[type eq \"work\" and value co \"{home}\"]")).await?;
    p.nobody(&reply)
}

async fn urn(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let user = p.user().await?;
    let reply = p.find_users(&format!("{}:userName eq \"{}\"", scim::USER, user.name)).await?;
    p.only(&reply, &user)
}

async fn extension(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let number = p.new_name();
    let user = p
        .user_with(|body| {
            body["schemas"] = json!([scim::USER, scim::ENTERPRISE_USER]);
            body[scim::ENTERPRISE_USER] = json!({ "employeeNumber": number });
        })
        .await?;
    let reply = p.find_users(&format!("{}:employeeNumber eq \"{number}\"", scim::ENTERPRISE_USER)).await?;
    p.only(&reply, &user)
}

async fn escapes(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let name = format!("{} \"Countess\" \\ Byron", p.new_name());
    let user = p.user_with(|body| body["displayName"] = name.as_str().into()).await?;
    let quoted = serde_json::Value::from(name).to_string();
    let reply = p.find_users(&format!("displayName eq {quoted}")).await?;
    p.only(&reply, &user)
}

async fn time(p: &mut Probe<'_>) -> Checked {
    let (user, only_them) = marked(p).await?;
    let reply = p.find_users(&format!("meta.lastModified gt \"2011-05-13T04:42:34Z\" and {only_them}")).await?;
    p.only(&reply, &user)?;
    let reply = p.find_users(&format!("meta.lastModified lt \"2011-05-13T04:42:34Z\" and {only_them}")).await?;
    p.nobody(&reply)
}

async fn invalid(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    for filter in ["userName is \"ada\"", "userName eq", "(userName eq \"ada\"", "userName eq \"ada\" and"] {
        let reply = p.find_users(filter).await?;
        p.error(&reply, &[400], "invalidFilter")?;
    }
    Ok(())
}

async fn order_of_booleans(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let reply = p.find_users("active gt true").await?;
    p.error(&reply, &[400], "invalidFilter")
}
