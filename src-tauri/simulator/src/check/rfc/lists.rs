//! Lists, paging, sorting and searches, RFC 7644 §3.4.2 and §3.4.3.

use serde_json::{Value, json};

use crate::check::probe::CreatedResource;
use crate::check::{Check, Checked, Probe, must, should};

pub(super) const CHECKS: &[Check] = &[
    must("rfc-list", "RFC 7644 §3.4.2, Table 7", |p| Box::pin(list(p)))
        .title("A list has its numbers as integers")
        .rule("totalResults, startIndex and itemsPerPage are JSON integers, and itemsPerPage counts the resources of this page.")
        .fix("Send numbers without quotation marks, and count what is on the page."),
    must("rfc-list-count", "RFC 7644 §3.4.2.4, Table 6", |p| Box::pin(count(p)))
        .title("No more are returned than asked for")
        .rule("A page has at most count resources; totalResults counts them all.")
        .fix("Apply count, and count without it."),
    must("rfc-list-count-zero", "RFC 7644 §3.4.2.4, Table 6", |p| Box::pin(empty_page(p, "count=0")))
        .title("count=0 returns only the total")
        .rule("With count=0 no resource is returned, and totalResults all the same.")
        .fix("Tell 0 from not given."),
    must("rfc-list-negative", "RFC 7644 §3.4.2.4, Table 6", |p| Box::pin(negative(p)))
        .title("Numbers below their least are read as it")
        .rule("A startIndex below 1 means 1, a negative count means 0.")
        .fix("Raise what is too small instead of refusing it."),
    must("rfc-list-beyond-the-end", "RFC 7644 §3.4.2.4", |p| Box::pin(empty_page(p, "startIndex=99&count=10")))
        .title("A page beyond the end is empty")
        .rule("A startIndex beyond the end is answered with 200, no resources and the right totalResults.")
        .fix("Answer an empty page, not an error."),
    should("rfc-list-not-a-number", "RFC 7644 §3.12, Table 9", |p| Box::pin(not_a_number(p)))
        .title("A startIndex that is not a number is refused")
        .rule("A value that cannot be read is answered with 400 and invalidValue.")
        .fix("Answer 400 with scimType invalidValue."),
    should("rfc-list-unknown-parameter", "RFC 7644 §3.4.2", |p| Box::pin(unknown_parameter(p)))
        .title("Unknown parameters are ignored")
        .rule("A server ignores parameters of a query that it does not know.")
        .fix("Read the parameters that are known, and nothing else."),
    must("rfc-cursor-pages", "RFC 9865 §2", |p| Box::pin(cursor_pages(p)))
        .title("Cursors lead through all pages")
        .rule("Where cursors are announced, an empty cursor asks for the first page and nextCursor for the next; the last page has none, and everybody is on one page.")
        .fix("Return nextCursor on every page but the last, in characters that need no encoding, or do not announce cursors in ServiceProviderConfig."),
    should("rfc-cursor-invalid", "RFC 9865 §2.1", |p| Box::pin(cursor_invalid(p)))
        .title("A cursor that the server never gave is refused")
        .rule("A client with a wrong cursor has to learn of it: 400 and invalidCursor, or expiredCursor for one that is too old.")
        .fix("Answer 400 with scimType invalidCursor."),
    must("rfc-sort", "RFC 7644 §3.4.2.3", |p| Box::pin(sort(p)))
        .title("A list is sorted")
        .rule("sortBy sorts, ascending unless sortOrder says descending, without regard to letter case where the attribute is not caseExact.")
        .fix("Sort by sortBy, or say in ServiceProviderConfig that sorting is not supported."),
    should("rfc-search", "RFC 7644 §3.4.3", |p| Box::pin(search(p)))
        .title("A search is posted")
        .rule("POST /Users/.search takes a SearchRequest and answers 200 with a list.")
        .fix("Serve /.search below each endpoint; its answer is a list, not 201."),
    should("rfc-search-everything", "RFC 7644 §3.4.2.1, §3.4.3", |p| Box::pin(search_everything(p)))
        .title("A search of the root finds all types")
        .rule("POST /.search looks through every type of resource; an attribute that a type lacks counts as no value.")
        .fix("Serve /.search at the root."),
];

/// Pages after which three users have been seen even by a server that has empty ones among them.
const MOST_PAGES: usize = 8;

/// Three users, and a filter that finds just them.
async fn three(p: &mut Probe<'_>) -> Checked<([CreatedResource; 3], String)> {
    p.unless_lacking("filter")?;
    let family = p.new_name();
    let mut users = Vec::new();
    for name in ["beta", "Alpha", "gamma"] {
        let user = p
            .user_with(|body| {
                body["displayName"] = name.into();
                body["name"]["familyName"] = family.as_str().into();
            })
            .await?;
        users.push(user);
    }
    let users: [CreatedResource; 3] = users.try_into().unwrap_or_else(|_| unreachable!("there are three names"));
    let filter = p.encode(&format!("name.familyName eq \"{family}\""));
    Ok((users, filter))
}

async fn list(p: &mut Probe<'_>) -> Checked {
    let (users, filter) = three(p).await?;
    let response = p.read_list(format!("/Users?filter={filter}&startIndex=1&count=2")).await?;
    response.has_total(users.len() as u64)?;
    response.shows(json!({ "/startIndex": 1, "/itemsPerPage": response.resources().len() }))?;
    let response = p.get(format!("/Users?filter={filter}&startIndex=1&count=50")).await?;
    response.has("/itemsPerPage", response.resources().len())
}

async fn count(p: &mut Probe<'_>) -> Checked {
    let (_users, filter) = three(p).await?;
    let response = p.read(format!("/Users?filter={filter}&startIndex=2&count=1")).await?;
    response.has_total(3)?;
    let found = response.resources().len();
    response.expect("Resources", found <= 1, "at most 1", found)
}

/// A page that has nobody, of a list that has three.
async fn empty_page(p: &mut Probe<'_>, page: &str) -> Checked {
    let (_users, filter) = three(p).await?;
    let response = p.read(format!("/Users?filter={filter}&{page}")).await?;
    response.has_total(3)?;
    response.has_nothing("/Resources")
}

async fn negative(p: &mut Probe<'_>) -> Checked {
    let (_users, filter) = three(p).await?;
    p.read(format!("/Users?filter={filter}&startIndex=0&count=1")).await?.has("/startIndex", 1)?;
    let response = p.read(format!("/Users?filter={filter}&startIndex=-5&count=-5")).await?;
    response.has_total(3)?;
    response.has_nothing("/Resources")
}

async fn not_a_number(p: &mut Probe<'_>) -> Checked {
    let response = p.get("/Users?startIndex=first&count=1").await?;
    p.error_like(&response, &["invalidValue"])
}

async fn unknown_parameter(p: &mut Probe<'_>) -> Checked {
    let (users, filter) = three(p).await?;
    p.get(format!("/Users?unknown=1&filter={filter}&another")).await?.lists(&users.iter().collect::<Vec<_>>())
}

async fn cursor_pages(p: &mut Probe<'_>) -> Checked {
    p.only_with_cursors()?;
    let (users, filter) = three(p).await?;
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    // A server may put fewer on a page than it is asked for, but not nobody forever.
    for _ in 0..MOST_PAGES {
        let response = p.read(format!("/Users?filter={filter}&count=2&cursor={cursor}")).await?;
        let found = response.resources().len();
        response.expect("Resources", found <= 2, "at most 2", found)?;
        ids.extend(response.resources().iter().map(|user| user["id"].clone()));
        let next = &response.json["nextCursor"];
        if next.is_null() {
            let mut wanted: Vec<Value> = users.iter().map(|user| user.id.as_str().into()).collect();
            wanted.sort_by_key(Value::to_string);
            ids.sort_by_key(Value::to_string);
            return response.expect("ids", ids == wanted, wanted, &ids);
        }
        let is_unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let text = next.as_str().filter(|text| !text.is_empty() && text.chars().all(is_unreserved));
        response.expect("nextCursor", text.is_some(), "a text of letters, digits, -, ., _ and ~", next)?;
        cursor = text.unwrap_or_default().to_owned();
    }
    let expected = format!("no nextCursor after {MOST_PAGES} pages of 3 users");
    p.rule.expect("nextCursor", false, expected, cursor)
}

async fn cursor_invalid(p: &mut Probe<'_>) -> Checked {
    p.only_with_cursors()?;
    let (_users, filter) = three(p).await?;
    let response = p.get(format!("/Users?filter={filter}&count=2&cursor=no-cursor-of-this-server")).await?;
    p.error_like(&response, &["invalidCursor", "expiredCursor"])
}

async fn sort(p: &mut Probe<'_>) -> Checked {
    p.only_with("sort")?;
    let (_users, filter) = three(p).await?;
    for (order, expected) in [
        ("", ["Alpha", "beta", "gamma"]),
        ("&sortOrder=ascending", ["Alpha", "beta", "gamma"]),
        ("&sortOrder=descending", ["gamma", "beta", "Alpha"]),
    ] {
        let response = p.read(format!("/Users?filter={filter}&sortBy=displayName{order}")).await?;
        let found: Vec<Value> = response.resources().iter().map(|user| user["displayName"].clone()).collect();
        response.expect("displayName", found == expected, expected, found)?;
    }
    Ok(())
}

async fn search(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let user = p.user().await?;
    let body = json!({
        "schemas": [scim::SEARCH_REQUEST],
        "filter": format!("userName eq \"{}\"", user.name),
        "attributes": ["userName"],
        "startIndex": 1,
        "count": 10,
    });
    let response = p.post("/Users/.search", &body).await?;
    response.lists(&[&user])?;
    response.has_nothing("/Resources/0/emails")
}

async fn search_everything(p: &mut Probe<'_>) -> Checked {
    p.unless_lacking("filter")?;
    let name = p.new_name();
    let user = p.user_with(|body| body["displayName"] = name.as_str().into()).await?;
    let group = p.group_with(&[], |body| body["displayName"] = name.as_str().into()).await?;
    let body = json!({ "schemas": [scim::SEARCH_REQUEST], "filter": format!("displayName eq \"{name}\"") });
    p.post("/.search", &body).await?.lists(&[&user, &group])
}
