//! Names and requests that are out to do harm: they are shown as they are, and nothing else comes of them.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::App,
    folder::Folder,
    given,
    okta::{Okta, Person},
    page::Page,
};

const IMG: &str = "<img src=x onerror=\"window.__trap('img')\">";
const SCRIPT: &str = "\"'></title><script>window.__trap('script')</script>";
/// Right to left, an override of the direction that nothing ends, combining marks on one letter, and what nobody can see.
const RIGHT_TO_LEFT: &str = "שלום עולם مرحبا";
const OVERRIDE: &str = "\u{202e}gnp.eciovni\u{2066}";
const COMBINING: &str = "Z\u{335}\u{321}\u{30a}\u{30a}\u{30a}\u{30a}\u{30a}\u{30a}\u{30a}\u{30a}\u{30a}\u{30a}algo";
const INVISIBLE: &str = "in\u{200b}vis\u{feff}ible\u{ad}\ttab\nline";

/// Set before the page: what would have been executed, and what its policy refused.
const TRAP: &str = "
window.__caught = [];
window.__trap = (what) => window.__caught.push(what);
window.alert = window.confirm = window.prompt = (text) => window.__caught.push(text);
document.addEventListener('securitypolicyviolation', (event) => {
  window.__caught.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});";

#[tokio::test(flavor = "multi_thread")]
async fn what_an_identity_provider_sends_is_only_ever_text() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    app.browser.devtools.run("Page.addScriptToEvaluateOnNewDocument", json!({ "source": TRAP })).await;
    let (directory, okta) = given::directory_of(&app.control, IMG).await;
    let renamed = json!({ "name": format!("{SCRIPT}{RIGHT_TO_LEFT}") });
    app.control.ask(Method::PATCH, &format!("/api/directories/{directory}"), renamed).await;
    let people = push_people(&okta).await;
    push_groups(&okta, &people).await;
    send_requests(&okta).await;

    let page = &app.page;
    page.reload().await;
    page.shows("onerror").await;
    look_at_lists(page).await;
    look_at_requests(page).await;
    page.click("button", "More actions").await;
    page.click("menuitem", "Delete…").await;
    page.shows("This cannot be undone").await;
    check(page, "the question before deleting").await;
    page.press("Escape").await;
    page.click("button", "<img").await;
    page.shows("Create SCIM directory").await;
    check(page, "the organization").await;
    page.press("Control+,").await;
    page.shows("Listen on").await;
    check(page, "Settings").await;
    app.close(&folder).await;
}

async fn push_people(okta: &Okta) -> Vec<String> {
    let long = "x".repeat(999);
    let mut ids = Vec::new();
    for (number, name) in
        [IMG, SCRIPT, RIGHT_TO_LEFT, OVERRIDE, COMBINING, INVISIBLE, long.as_str(), "javascript:window.__trap('url')"]
            .into_iter()
            .enumerate()
    {
        let mut person = Person::new(&format!("person-{number}@example.com"), name, name).with_job(name, name);
        for attribute in ["nickName", "userType", "profileUrl", "preferredLanguage", "timezone"] {
            person.more.insert(attribute.to_owned(), json!(name));
        }
        person.more.insert("userName".to_owned(), json!(format!("{name}{number}")));
        person.more.insert("displayName".to_owned(), json!(name));
        person.more.insert("externalId".to_owned(), json!(name));
        person.more.insert("phoneNumbers".to_owned(), json!([{ "type": name, "value": name, "display": name }]));
        let id = okta.create(&person).await;
        person.more.insert("title".to_owned(), json!(format!("{name} again")));
        okta.replace(&id, &person).await;
        ids.push(id);
    }
    let novel = Person::new("novel@example.com", "A", "Novel").with_job(&"n".repeat(200_000), "Fiction");
    ids.push(okta.create(&novel).await);
    ids
}

async fn push_groups(okta: &Okta, people: &[String]) {
    let everybody: Vec<&str> = people.iter().map(String::as_str).collect();
    for name in [IMG, SCRIPT, RIGHT_TO_LEFT, OVERRIDE, COMBINING, &"g".repeat(1_000)] {
        let group = okta.create_group(name).await;
        okta.replace_group(&group, name, &everybody).await;
    }
}

/// Requests that fail in as many ways, with words that come back in the answers.
async fn send_requests(okta: &Okta) {
    let (host, path) = okta.base_url().trim_start_matches("http://").split_once('/').expect("a base URL");
    let long = "%3Cimg%20src=x%20onerror=%22window.__trap('path')%22%3E".repeat(20);
    for target in [
        "/Users/<img/src=x/onerror=window.__trap('path')>",
        &format!("/Users/{long}"),
        "/Users?filter=<img> eq 1",
        "/<script>",
    ] {
        let mut stream = TcpStream::connect(host).expect("the server answers");
        let request = format!(
            "GET /{path}{target} HTTP/1.1\r\nHost: {IMG}\r\nUser-Agent: {IMG}\r\nX-Forwarded-Host: {IMG}\r\n\
             X-<img: {IMG}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            okta.token(),
        );
        stream.write_all(request.as_bytes()).expect("the request is sent");
        stream.read_to_end(&mut Vec::new()).expect("the answer is read");
    }
    let filter = format!("/Users?filter={}", "userName%20eq%20%22%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22%20or");
    okta.send(Method::GET, &filter, None).await;
    okta.send(Method::POST, "/Users", Some(json!({ "userName": IMG, "emails": IMG, "schemas": [IMG] }))).await;
    okta.send(Method::POST, "/Users", Some(Value::String(IMG.repeat(10_000)))).await;
    let stranger = Okta::new(okta.base_url(), "<script>window.__trap('token')</script>");
    stranger.test_connection().await;
}

async fn look_at_lists(page: &Page) {
    for tab in ["Users", "Groups"] {
        page.click("tab", tab).await;
        page.until("document.querySelectorAll('[role=row]').length > 5", "a list").await;
        check(page, tab).await;
        let rows = page.value_of("document.querySelectorAll('[role=row]').length").await.as_u64().expect("a number");
        page.press("j").await;
        page.press("Enter").await;
        for row in 1..rows {
            look_at_parts(page, "[data-drawer]", &format!("row {row} of {tab}")).await;
            page.press("j").await;
        }
        page.press("Escape").await;
    }
}

async fn look_at_requests(page: &Page) {
    page.click("tab", "Requests").await;
    page.until("document.querySelectorAll('[role=option]').length > 10", "requests").await;
    check(page, "the requests").await;
    page.press("j").await;
    page.press("Enter").await;
    for row in 0..24 {
        look_at_parts(
            page,
            "[role=region][aria-label=Request], section[aria-label=Request]",
            &format!("request {row}"),
        )
        .await;
        page.press("j").await;
    }
    page.press("Escape").await;
}

/// Each tab of a drawer or detail.
async fn look_at_parts(page: &Page, container: &str, what: &str) {
    let tabs = format!(
        "[...document.querySelectorAll({container:?})].flatMap((one) => [...one.querySelectorAll('[role=tab]')])"
    );
    page.until(&format!("{tabs}.length > 0"), &format!("the tabs of {what}")).await;
    let count = page.value_of(&format!("{tabs}.length")).await.as_u64().expect("a number");
    for tab in 0..count {
        page.value_of(&format!("{tabs}[{tab}].click()")).await;
        page.until(&format!("{tabs}[{tab}].ariaSelected === 'true'"), &format!("tab {tab} of {what}")).await;
        page.settled().await;
        check(page, &format!("{what}, tab {tab}")).await;
    }
}

/// Nothing was executed or refused, nothing became an element, and everything is in its place.
async fn check(page: &Page, place: &str) {
    let caught = page.value_of("window.__caught").await;
    assert_eq!(caught, json!([]), "{place}: something came of it");
    let made = page.value_of("document.querySelectorAll('img, script:not([src]), [onerror]').length").await;
    assert_eq!(made, 0, "{place}: text became an element");
    let outside = page.value_of("outside()").await;
    assert_eq!(outside, json!([]), "{place}: something stands where nobody gets");
    let heights = page.value_of(
        "[...new Set([...document.querySelectorAll('[role=grid] [role=row]:not(.head), [role=option]')].filter(isVisible)
            .map((row) => Math.round(row.getBoundingClientRect().height)))]",
    );
    let spilling = page.value_of(
        "[...document.querySelectorAll('[role=grid] [role=row]:not(.head), [role=option]')].filter(isVisible)
            .filter((row) => row.scrollHeight > row.clientHeight + 1).map((row) => row.innerText.slice(0, 80))",
    );
    assert_eq!(spilling.await, json!([]), "{place}: a row is higher than its place");
    for height in heights.await.as_array().expect("a list") {
        assert!([46, 51].contains(&height.as_u64().unwrap_or_default()), "{place}: a row is {height} pixels high");
    }
}
