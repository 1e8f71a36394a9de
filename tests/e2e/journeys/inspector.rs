//! Requests explain themselves: why, what to do, what belongs together, and what would happen again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::App,
    control::Control,
    folder::Folder,
    given,
    okta::{Okta, Person},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_follows_a_story_from_request_to_request() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    okta.look_up(&ada.email).await;
    okta.create(&ada).await;

    page.click("tab", "Requests").await;
    page.click_row(&["Okta checked whether ada@example.com exists", "no match"]).await;
    page.shows("Okta creates the user next: POST /Users.").await;
    page.has("list", "2 requests in a row").await;
    page.click("button", "Show the POST").await;
    page.has("heading", "Okta created Ada Lovelace").await;
    page.shows("Created 1 user").await;
    page.shows("RFC 7644 §3.3 · Creating Resources").await;
    // Its name begins with the time of day.
    page.value_of("find('list', '2 requests in a row').querySelector('button').click()").await;
    page.has("heading", "Okta checked whether ada@example.com exists").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_corrects_a_base_url_that_is_nearly_right() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let pasted = Okta::new(&format!("{}/Users", okta.base_url()), okta.token());
    assert_eq!(pasted.test_connection().await, 404);

    page.click("tab", "Requests").await;
    page.click_row(&["Okta called a wrong address", "/Users appears twice", "404"]).await;
    page.shows("The path has /Users twice.").await;
    page.shows("Remove it from the end of the base URL").await;
    let region = "[...document.querySelectorAll('section[aria-label=\"Request\"] .cause button')]";
    page.until(&format!("{region}.length === 1"), "the base URL can be copied").await;
    page.value_of(&format!("{region}[0].click()")).await;
    page.shows("Copied").await;
    assert_eq!(app.clipboard().await, okta.base_url());
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_one_thing_of_a_deactivation_that_failed() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person { active: false, ..Person::new("ada@example.com", "Ada", "Lovelace") };
    assert_eq!(okta.try_to_replace("0f000000-0000-4000-8000-000000000001", &ada).await, 404);

    page.click("tab", "Requests").await;
    page.click_row(&["Okta could not deactivate a user", "404"]).await;
    page.has("heading", "Okta could not deactivate a user").await;
    page.shows("No user with this id, now or in the recorded past.").await;
    page.shows("Okta does not try again. Its task Application accounts need deprovisioning stays").await;
    page.hides("active here").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_requests_that_address_no_directory() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    page.lacks("button", "Unmatched requests").await;
    let (host, id) = okta.base_url().split_once("/scim/v2/").expect("a base URL");
    let mistyped = Okta::new(&format!("{host}/scim/v2/{}0", &id[..id.len() - 1]), okta.token());

    page.shows_live("Unmatched requests", mistyped.test_connection()).await;
    // The directory that was meant says so where people look.
    let wrong = "document.querySelector('[role=alert] del').textContent === 'Wrong: 0'";
    page.shows("Okta called a wrong address").await;
    page.until(wrong, "the letter that differs is marked").await;
    page.click("tab", "Setup guide").await;
    page.shows("Paste the full base URL into SCIM connector base URL again").await;
    page.click("button", "Unmatched requests, 1 request").await;
    page.click_row(&["Okta called a wrong address", "a mistyped id", "/scim/v2/"]).await;
    page.shows(okta.base_url()).await;
    page.click("button", "Delete recorded requests…").await;
    page.click("button", "Delete requests").await;
    page.shows("Nothing here").await;
    page.click("treeitem", "Okta").await;
    page.shows("Okta called a wrong address").await;
    assert_eq!(okta.test_connection().await, 200);
    page.hides("Okta called a wrong address").await;
    page.lacks("button", "Unmatched requests").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_replays_a_request_after_seeing_what_it_would_do() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    let id = okta.create(&ada).await;
    okta.replace(&id, &ada.clone().with_job("Lead", "Sales")).await;
    okta.replace(&id, &ada.clone().with_job("Director", "Sales")).await;

    page.click("tab", "Requests").await;
    page.click_row(&["Okta updated Ada Lovelace, 2 attributes"]).await;
    page.click("button", "Replay").await;
    page.has("dialog", "Replay this request?").await;
    page.shows("Changed 1 attribute of Ada Lovelace").await;
    page.shows("title changed from Director to Lead").await;
    page.press("Escape").await;
    page.shows_row(&["Okta updated Ada Lovelace, 1 attribute"]).await;
    page.lacks_row(&["Replay updated"]).await;

    page.click("button", "Replay").await;
    page.shows("Changed 1 attribute of Ada Lovelace").await;
    // Of the two, the dialog's is the one that a person can reach.
    page.click("button", "Replay").await;
    page.shows_row(&["Replay updated Ada Lovelace, 1 attribute", "200"]).await;
    page.shows("Repeats an earlier request").await;
    page.click("button", "Show it").await;
    page.has("heading", "Okta updated Ada Lovelace, 2 attributes").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_edits_a_request_tries_it_and_sends_it() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;

    page.click("tab", "Requests").await;
    page.click_row(&["Okta created Ada Lovelace"]).await;
    page.has("region", "Request").await;
    page.choose_in_menu("region", "Request", "Edit and send again…").await;
    page.has("dialog", "Edit and send again").await;
    page.click("button", "Try it").await;
    page.shows("409 Conflict").await;
    let edit = "const body = find('textbox', 'Body');
        body.value = body.value.replaceAll('ada@example.com', 'grace@example.com').replaceAll('Ada', 'Grace');
        body.dispatchEvent(new Event('input', { bubbles: true })); arguments[0]()";
    page.run(edit).await;
    page.hides("409 Conflict").await;
    page.shows("userName changed from ada@example.com to grace@example.com").await;
    page.click("button", "Try it").await;
    page.shows("Created 1 user").await;
    page.click("button", "Send").await;
    page.lacks("dialog", "Edit and send again").await;
    page.shows_row(&["You created Grace Lovelace", "201"]).await;
    page.shows("Repeats an earlier request").await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_searches_with_keys_and_copies_what_was_found() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    okta.create(&ada).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    let body = serde_json::json!({ "userName": "ada@example.com", "title": "it's \"new\"" });
    assert_eq!(okta.send(Method::POST, "/Users", Some(body)).await.status(), 409);

    page.click("tab", "Requests").await;
    page.press("/").await;
    page.shows("exact phrase").await;
    page.click("button", "status:").await;
    page.write("4xx").await;
    page.lacks_row(&["Okta created"]).await;
    page.write(" user:ada").await;
    page.click_row(&["Okta could not create ada@example.com", "409"]).await;
    page.shows("What Okta shows").await;
    page.shows("Error while creating user ada@example.com: Conflict.").await;
    page.click("button", "Copy as cURL").await;
    page.shows("Copied").await;
    let command = app.clipboard().await;
    assert!(command.contains("Authorization: Bearer $SCIM_TOKEN"), "{command}");
    assert!(command.contains(r#""title":"it'\''s \"new\""#), "{command}");
    assert!(!command.contains(okta.token()), "{command}");
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_example_of_the_search_help_finds_something_and_what_means_nothing_is_named() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    okta.create(&Person::new("ada@example.com", "Ada", "Müller")).await;
    okta.look_up("nobody@example.com").await;
    okta.create_group("Engineering").await;
    assert_eq!(okta.send(Method::GET, "/Users/nobody", None).await.status(), 404);
    page.click("tab", "Requests").await;
    page.shows_row(&["/Users/nobody", "404"]).await;
    let control = Control::of(&folder).await;
    let directory = okta.base_url().rsplit('/').next().expect("an id");
    let requests = control.ask(Method::GET, &format!("/api/directories/{directory}/exchanges"), Value::Null).await;
    let marks = json!({"annotation": "Ask Ada", "isPinned": true});
    let path = format!("/api/exchanges/{}", requests["items"][0]["id"]);
    control.ask(Method::PATCH, &path, marks).await;

    page.press("/").await;
    page.shows("exact phrase").await;
    let forms = page.value_of("[...document.querySelectorAll('.help code')].map((form) => form.textContent)").await;
    let forms: Vec<&str> = forms.as_array().into_iter().flatten().filter_map(|form| form.as_str()).collect();
    assert!(forms.len() > 10, "{forms:?}");
    let rows = "document.querySelectorAll('[role=listbox] [role=option]').length";
    for form in forms {
        page.retype("Search requests", "zzzz").await;
        page.until(&format!("{rows} === 0"), "nothing is called zzzz").await;
        page.retype("Search requests", form).await;
        page.until(&format!("{rows} > 0"), form).await;
    }
    page.retype("Search requests", "muller").await;
    page.lacks_row(&["Engineering"]).await;
    page.shows_row(&["Okta created Ada Müller", "201"]).await;
    page.retype("Search requests", "-status:2xx -client:curl").await;
    page.lacks_row(&["Okta created"]).await;
    page.shows_row(&["/Users/nobody", "404"]).await;
    page.retype("Search requests", "color:red").await;
    page.shows("Unknown filter “color:”. Known: user:, group:").await;
    page.retype("Search requests", "since:soon").await;
    page.shows("“since:soon” is not a time.").await;
    page.retype("Search requests", "obrien").await;
    page.shows("“obrien”").await;
    page.press("Escape").await;
    page.shows_row(&["Okta created Ada Müller", "201"]).await;
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_compares_two_requests() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = Person::new("ada@example.com", "Ada", "Lovelace");
    let id = okta.create(&ada).await;
    okta.replace(&id, &ada.clone().with_job("Lead", "Sales")).await;
    okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;
    okta.replace(&id, &ada.with_job("Director", "Sales")).await;

    page.click("tab", "Requests").await;
    page.until("document.querySelectorAll('[role=option]').length === 4", "all requests").await;
    page.run("document.querySelector('[role=option]').click(); arguments[0]()").await;
    page.shows("Okta SCIM Client").await;
    page.choose_in_menu("region", "Request", "Compare with…").await;
    page.shows("title changed from Lead to Director").await;
    page.hides("department changed").await;
    page.until("/part=compare&with=[0-9]+/.test(location.hash)", "an address").await;
    page.reload().await;
    page.shows("title changed from Lead to Director").await;

    page.context_menu(&["Okta created Grace Hopper", "201"]).await;
    page.click("menuitem", "Compare with the open request").await;
    page.shows("Method changed from POST to PUT").await;
    page.shows("userName changed from grace@example.com to ada@example.com").await;
    // Another one is open: it is not compared any more.
    page.click_row(&["Okta created Ada Lovelace", "201"]).await;
    page.click("tab", "Overview").await;
    page.lacks("tab", "Compare").await;
    app.close(&folder).await;
}
