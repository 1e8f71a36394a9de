//! Every screen, one after the other, always of the same data: for pictures, and for what has to hold on all of them.

use crate::{
    folder::Folder,
    okta::Okta,
    sample::{Extent, Sample},
    stage::{Look, Stage},
    steps,
};

/// The whole tour.
pub(crate) async fn everything(look: Look, extent: Extent, visit: &impl AsyncFn(&Stage, &str)) {
    let folder = Folder::new();
    let sample = Sample::empty(&folder.data(), extent.port).await;
    let stage = Stage::at(&sample, look).await;
    first_run(&stage, visit).await;
    stage.browser.close().await;
    sample.end().await;

    let folder = Folder::new();
    let sample = Sample::empty(&folder.data(), extent.port).await;
    sample.stop_a_demo().await;
    let stage = Stage::at(&sample, look).await;
    demo(&stage, visit).await;
    stage.browser.close().await;
    sample.end().await;

    let folder = Folder::new();
    let sample = Sample::empty(&folder.data(), extent.port).await;
    let nobody = sample.connect_nobody().await;
    let stage = Stage::at(&sample, look).await;
    nobody_yet(&stage, visit).await;
    misaddressed(&stage, &nobody.okta, visit).await;
    stage.browser.close().await;
    sample.end().await;

    let folder = Folder::new();
    let sample = Sample::empty(&folder.data(), extent.port).await;
    sample.go_wrong().await;
    let stage = Stage::at(&sample, look).await;
    trouble(&stage, visit).await;
    anywhere(&stage, visit).await;
    stage.browser.close().await;
    sample.end().await;

    let folder = Folder::new();
    let sample = Sample::full(&folder.data(), extent).await;
    let stage = Stage::at(&sample, look).await;
    all(&stage, visit).await;
    stage.browser.close().await;
    sample.end().await;
}

/// Waits until the screen is at rest, and lets it be looked at.
async fn look(stage: &Stage, name: &str, visit: &impl AsyncFn(&Stage, &str)) {
    stage.page().settled().await;
    visit(stage, name).await;
}

/// Before there is anything, and until there is a directory.
async fn first_run(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.fresh().await;
    page.shows("Bring Okta to your machine").await;
    look(stage, "first-run", visit).await;
    page.click("button", "Check my SCIM server").await;
    page.shows("Nothing checked yet").await;
    look(stage, "check-server", visit).await;
    page.click("button", "Back").await;
    page.shows("Bring Okta to your machine").await;
    page.type_into("Tunnel URL", "http://ada.example.com").await;
    page.click("button", "Test").await;
    page.shows("https").await;
    look(stage, "first-run-refused", visit).await;
    page.click("button", "Skip for now").await;
    page.type_into("Organization", "Acme Corp").await;
    look(stage, "first-run-directory", visit).await;
    page.click("button", "Create directory").await;
    page.has("button", "Generate token").await;
    look(stage, "first-run-credentials", visit).await;
    page.click("button", "Generate token").await;
    page.shows("Copy this token now").await;
    look(stage, "token-reveal", visit).await;
}

/// What was made to look around: nobody has arrived, and it has a token by the end.
async fn demo(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.fresh().await;
    page.has("button", "Run the demo").await;
    look(stage, "demo", visit).await;
    page.click("tab", "Setup guide").await;
    page.shows("This is a demo").await;
    look(stage, "demo-guide", visit).await;
    page.click("button", "Connect your own").await;
    page.type_into("Organization name", "Acme Corp").await;
    look(stage, "new-directory-and-organization", visit).await;
    page.press("Escape").await;
    page.click("button", "Discard").await;
    page.click("button", "Generate token").await;
    page.click("checkbox", "I have copied it").await;
    page.click("button", "Done").await;
    page.click("button", "Remove the demo").await;
    page.click("radio", "Remove all").await;
    look(stage, "demo-removal", visit).await;
    page.press("Escape").await;
}

/// A directory that nobody has used.
async fn nobody_yet(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.fresh().await;
    page.click("tab", "Users").await;
    page.shows("Waiting for the first request").await;
    look(stage, "users-empty", visit).await;
    page.click("tab", "Groups").await;
    page.shows("No groups yet").await;
    look(stage, "groups-empty", visit).await;
    page.click("tab", "Requests").await;
    page.shows("No requests yet").await;
    look(stage, "requests-empty", visit).await;
    page.click("tab", "Setup guide").await;
    page.shows("Turn on SCIM").await;
    look(stage, "guide-empty", visit).await;
    page.click("button", "Mark as done").await;
    page.shows("Marked done").await;
    look(stage, "guide-connection", visit).await;
    simulator(stage, visit).await;
    your_app(stage, visit).await;
}

/// The software under test: no key yet, a new one, what it asked for.
async fn your_app(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Your app").await;
    page.shows("No API key yet").await;
    look(stage, "app-empty", visit).await;
    page.click("button", "Create API key…").await;
    page.type_into("Name", "Backend").await;
    look(stage, "app-new-key", visit).await;
    page.press("Enter").await;
    page.shows("It is shown only this once").await;
    let key = page.value_of("document.querySelector('[role=dialog] code').textContent").await;
    look(stage, "app-key", visit).await;
    page.click("checkbox", "I copied the key").await;
    page.click("button", "Done").await;
    let url =
        page.value_of("document.querySelector('section[aria-label=\"Where your app reads\"] code').textContent").await;
    let text = |value: serde_json::Value| value.as_str().expect("a text").to_owned();
    let (key, url) = (text(key), text(url));
    let client = reqwest::Client::builder().no_proxy().build().expect("a plain client can be built");
    for key in [key.as_str(), "wrong"] {
        let target = format!("{url}/v1/events?after=now");
        client.get(target).bearer_auth(key).send().await.expect("it answers");
    }
    page.shows("The API key is missing or not accepted.").await;
    page.click("button", "200 GET /v1/events?after=now").await;
    page.shows("hasMore").await;
    look(stage, "app", visit).await;
    page.click("button", "Revoke Backend…").await;
    look(stage, "app-revoke", visit).await;
    page.press("Escape").await;
    webhooks(stage, visit).await;
}

/// A webhook: asked about an address on the internet, its secret, a test that nobody takes, what can be done with it.
async fn webhooks(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("button", "Add webhook…").await;
    page.type_into("URL", "https://app.example.com/webhooks").await;
    page.click("radio", "Only these").await;
    page.click("checkbox", "user.created").await;
    page.press("Enter").await;
    page.shows("Confirm this first.").await;
    look(stage, "webhook-new", visit).await;
    // Nobody is there.
    page.retype("URL", "http://127.0.0.1:1/webhooks").await;
    page.press("Enter").await;
    page.shows("It is shown only this once").await;
    look(stage, "webhook-secret", visit).await;
    page.click("checkbox", "I copied the secret").await;
    page.click("button", "Done").await;
    page.click("button", "More about http://127.0.0.1:1/webhooks").await;
    look(stage, "webhook-menu", visit).await;
    page.click("menuitem", "Send a test event").await;
    page.shows("webhook.test").await;
    page.click("button", "— webhook.test a test").await;
    page.shows("Attempt by hand at").await;
    look(stage, "webhooks", visit).await;
    page.click("button", "More about http://127.0.0.1:1/webhooks").await;
    page.click("menuitem", "Replace secret…").await;
    look(stage, "webhook-replace-secret", visit).await;
    page.press("Escape").await;
}

/// Okta has the base URL of that directory, but for a letter.
async fn misaddressed(stage: &Stage, okta: &Okta, visit: &impl AsyncFn(&Stage, &str)) {
    let (before, id) = okta.base_url().rsplit_once('/').expect("a base URL");
    // No id has a zero.
    let mistyped = Okta::new(&format!("{before}/{}0", &id[..id.len() - 1]), okta.token());
    mistyped.test_connection().await;
    let page = stage.fresh().await;
    page.click("tab", "Users").await;
    page.shows("Okta called a wrong address").await;
    look(stage, "users-misaddressed", visit).await;
    page.click("tab", "Setup guide").await;
    page.shows("Paste the full base URL into SCIM connector base URL again").await;
    look(stage, "guide-misaddressed", visit).await;
}

/// What is played, checked, and sent to others.
async fn simulator(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Simulator").await;
    page.shows("No run yet").await;
    look(stage, "simulator-empty", visit).await;
    page.click("button", "Common mistakes").await;
    page.click("radio", "Wrong token").await;
    page.click("button", "Run").await;
    page.has("button", "Export").await;
    page.shows("1 passed").await;
    page.click("button", "Test the connection").await;
    page.shows("What Okta’s administrator sees").await;
    look(stage, "simulator", visit).await;
    page.click("radio", "Check").await;
    page.click("checkbox", "RFC 7643 and 7644").await;
    page.click("button", "Run checks").await;
    page.shows("Okta: 100 %").await;
    page.click("button", "A group is found by its name").await;
    page.has("button", "Run again").await;
    look(stage, "simulator-checks", visit).await;
    page.click("radio", "Another SCIM server").await;
    page.type_into("Base URL", "https://scim.example.com/scim/v2").await;
    page.type_into("Bearer token", "of-no-use").await;
    page.click("button", "Run checks").await;
    page.shows("Send to another server?").await;
    look(stage, "simulator-foreign", visit).await;
    page.press("Escape").await;
}

/// Where something went wrong.
async fn trouble(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.fresh().await;
    page.click("tab", "Users").await;
    page.shows("1 request was rejected").await;
    page.has("button", "Out of sync").await;
    look(stage, "users-out-of-step", visit).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.shows("Okta could not deactivate this person").await;
    look(stage, "user-drawer-out-of-step", visit).await;
    page.press("Escape").await;
    page.click("button", "Deleted").await;
    page.click_row(&["Grace Hopper"]).await;
    page.shows("This user was deleted").await;
    look(stage, "user-drawer-deleted", visit).await;
    page.press("Escape").await;
    page.click("tab", "Setup guide").await;
    page.shows("rejected since").await;
    look(stage, "guide-reopened", visit).await;
    page.click("tab", "Users").await;
    page.click("tab", "Groups").await;
    page.click_row(&["Engineering"]).await;
    page.shows("1 member is not known here").await;
    look(stage, "group-drawer-unknown", visit).await;
    page.press("Escape").await;
}

/// What can be opened from everywhere.
async fn anywhere(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.press("Control+k").await;
    page.write("ada").await;
    page.has("option", "Ada Lovelace").await;
    look(stage, "palette", visit).await;
    page.press("Escape").await;
    page.press("Shift+?").await;
    page.has("dialog", "Keyboard shortcuts").await;
    look(stage, "shortcuts", visit).await;
    page.press("Escape").await;
    page.click("button", "Open a case…").await;
    page.has("dialog", "Open a case").await;
    look(stage, "open-case", visit).await;
    page.press("Escape").await;
    page.click("button", "About and shortcuts").await;
    page.shows("MIT or Apache-2.0").await;
    look(stage, "about", visit).await;
    page.click("button", "Diagnostics").await;
    page.shows("Requests kept:").await;
    look(stage, "about-diagnostics", visit).await;
    page.press("Escape").await;
    steps::choose_in_palette(page, "New directory").await;
    page.type_into("Name", "Entra ID").await;
    page.press("Escape").await;
    page.shows("Discard your changes?").await;
    look(stage, "unsaved", visit).await;
    page.click("button", "Discard").await;
}

/// After the story.
async fn all(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.fresh().await;
    page.click("treeitem", "Okta Preview").await;
    people(stage, visit).await;
    by_hand(stage, visit).await;
    groups(stage, visit).await;
    requests(stage, visit).await;
    guide(stage, visit).await;
    dialogs(stage, visit).await;
    page.press("Escape").await;
    page.click("treeitem", "OneLogin").await;
    page.has("heading", "OneLogin").await;
    page.click("button", "Globex").await;
    page.has("heading", "Globex").await;
    look(stage, "organization", visit).await;
    page.click("button", "Settings").await;
    page.shows("Listen on").await;
    look(stage, "settings", visit).await;
    page.click("button", "Back up").await;
    page.click("button", "Restore scim-setup-").await;
    page.has("dialog", "Restore this backup?").await;
    look(stage, "restore-backup", visit).await;
    page.click("button", "Restore").await;
    page.has("button", "Cancel restore").await;
    look(stage, "settings-restore", visit).await;
    page.click("button", "Cancel restore").await;
    page.hides("will be restored at the next start").await;
    page.run("location.hash = '#/requests/1/alone'; arguments[0]()").await;
    page.shows("Overview").await;
    look(stage, "request-alone", visit).await;
    page.run("location.hash = '#/nothing'; arguments[0]()").await;
    page.has("heading", "Nothing at this link").await;
    look(stage, "nowhere", visit).await;
}

async fn people(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Users").await;
    page.shows_row(&["Grace Hopper"]).await;
    look(stage, "users", visit).await;
    page.click_row(&["Ada Lovelace"]).await;
    page.shows("Account Executive").await;
    look(stage, "user-drawer", visit).await;
    page.click("tab", "History").await;
    look(stage, "user-drawer-history", visit).await;
    page.click("button", "Created by Okta").await;
    page.shows("Changed since then").await;
    page.shows("Compared with").await;
    look(stage, "user-drawer-then", visit).await;
    page.click("button", "Back to now").await;
    page.click("tab", "JSON").await;
    page.shows("\"userName\"").await;
    look(stage, "user-drawer-json", visit).await;
    page.press("Escape").await;
    page.press("/").await;
    page.write("nobody").await;
    page.shows("No users match").await;
    look(stage, "users-no-match", visit).await;
    page.press("Escape").await;
    page.shows_row(&["Grace Hopper"]).await;
}

/// What is made, changed and deleted by hand.
async fn by_hand(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("button", "New user…").await;
    page.has("dialog", "New user").await;
    look(stage, "new-user", visit).await;
    page.click("radio", "JSON").await;
    look(stage, "new-user-json", visit).await;
    page.click("button", "Cancel").await;
    page.context_menu(&["Grace Hopper"]).await;
    page.has("menuitem", "Delete…").await;
    look(stage, "user-menu", visit).await;
    page.click("menuitem", "Delete…").await;
    page.has("dialog", "Delete Grace Hopper?").await;
    look(stage, "delete-user", visit).await;
    page.press("Escape").await;
    for (item, name) in
        [("Duplicate…", "duplicate-directory"), ("Move…", "move-directory"), ("Reset…", "reset-directory")]
    {
        page.click("button", "More actions").await;
        page.click("menuitem", item).await;
        page.has("button", "Cancel").await;
        look(stage, name, visit).await;
        page.click("button", "Cancel").await;
    }
    many(stage, visit).await;
    page.click("tab", "Groups").await;
    page.context_menu(&["Engineering"]).await;
    page.click("menuitem", "Add members…").await;
    page.type_into("Search users", "Grace").await;
    page.has("checkbox", "Grace Hopper").await;
    look(stage, "add-members", visit).await;
    page.click("button", "Cancel").await;
}

/// What is done with many at once.
async fn many(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.run("document.querySelector('[role=row][tabindex=\"0\"]').focus(); arguments[0]()").await;
    page.press("Control+a").await;
    page.has("toolbar", "Selection").await;
    look(stage, "users-selected", visit).await;
    page.click("button", "Delete…").await;
    page.has("dialog", "Delete").await;
    look(stage, "delete-selection", visit).await;
    page.press("Escape").await;
    page.press("Control+k").await;
    page.write("add to group").await;
    page.click("option", "Selection: Add to group…").await;
    page.has("radio", "Engineering").await;
    look(stage, "add-to-group", visit).await;
    page.click("button", "Cancel").await;
    page.click("button", "Clear selection").await;
    page.lacks("toolbar", "Selection").await;
    page.context_menu(&["Alan Turing"]).await;
    page.click("menuitem", "Select").await;
    page.shows("1 user selected").await;
    page.click("button", "Deactivate").await;
    page.shows("1 skipped.").await;
    look(stage, "batch", visit).await;
    page.click("button", "Dismiss").await;
    for (item, name) in [("Add sample people…", "sample-people"), ("Export…", "export")] {
        page.click("button", "More actions").await;
        page.click("menuitem", item).await;
        page.has("button", "Cancel").await;
        look(stage, name, visit).await;
        page.click("button", "Cancel").await;
    }
    page.click("button", "More actions").await;
    page.click("menuitem", "Import…").await;
    page.shows("or drop it here").await;
    look(stage, "import", visit).await;
    page.type_into("Or paste the file", "Email,Shoe size\ngrace@example.com,37\nnobody@example.com,38\n,39\n").await;
    page.click("button", "Preview").await;
    page.shows("It has no userName").await;
    look(stage, "import-preview", visit).await;
    page.click("button", "Cancel").await;
}

async fn groups(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Groups").await;
    page.shows_row(&["Engineering"]).await;
    look(stage, "groups", visit).await;
    page.click_row(&["Engineering"]).await;
    page.has("region", "Engineering").await;
    page.shows("Mary Jackson").await;
    look(stage, "group-drawer", visit).await;
    page.click("tab", "History").await;
    page.click("button", "Created by Okta").await;
    page.shows("As of").await;
    look(stage, "group-drawer-then", visit).await;
    page.press("Escape").await;
}

async fn requests(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Requests").await;
    page.shows_row(&["Okta created Grace Hopper"]).await;
    look(stage, "requests", visit).await;
    page.click_row(&["Okta updated Ada Lovelace"]).await;
    page.shows("Okta SCIM Client 1.0.0").await;
    look(stage, "request", visit).await;
    page.click("tab", "Request").await;
    page.shows("\"userName\"").await;
    look(stage, "request-sent", visit).await;
    page.click("tab", "Response").await;
    look(stage, "request-answered", visit).await;
    page.choose_in_menu("region", "Request", "Compare with…").await;
    page.shows("press C on it and then on this one").await;
    look(stage, "request-compared", visit).await;
    page.choose_in_menu("region", "Request", "Edit and send again…").await;
    page.click("button", "Try it").await;
    page.shows("What it would do").await;
    look(stage, "request-edit", visit).await;
    page.click("button", "Cancel").await;
    page.click("button", "Replay").await;
    page.shows("Changed nothing").await;
    look(stage, "request-replay", visit).await;
    page.press("Escape").await;
    page.press("Escape").await;
    page.click_row(&["Rejected", "401"]).await;
    page.click("tab", "Overview").await;
    page.shows("401 Unauthorized").await;
    look(stage, "request-refused", visit).await;
    page.press("Escape").await;
    page.click_row(&["called a wrong address", "404"]).await;
    page.shows("The path has /Users twice").await;
    look(stage, "request-misaddressed", visit).await;
    page.press("Escape").await;
    page.click_row(&["Okta updated Ada Lovelace"]).await;
    page.has("button", "Add a note").await;
    page.press("e").await;
    page.focus_is_on("textbox", "Your note").await;
    look(stage, "request-note-form", visit).await;
    page.write("Ask Okta why the title came twice.").await;
    page.press("Control+Enter").await;
    page.has("region", "Your note").await;
    look(stage, "request-note", visit).await;
    page.press("Escape").await;
    page.press("/").await;
    page.shows("exact phrase").await;
    look(stage, "requests-search", visit).await;
    page.click("button", "Delete recorded requests…").await;
    page.has("dialog", "Delete").await;
    look(stage, "delete-requests", visit).await;
    page.press("Escape").await;
    page.click("button", "Unmatched requests").await;
    page.click_row(&["a mistyped id"]).await;
    page.shows("Paste the base URL of").await;
    look(stage, "unattributed", visit).await;
    page.press("Escape").await;
    page.click("treeitem", "Okta Preview").await;
}

async fn guide(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Setup guide").await;
    page.shows("All steps are done").await;
    look(stage, "guide", visit).await;
    for provider in ["Entra ID", "OneLogin", "JumpCloud", "Other"] {
        page.click("radio", provider).await;
        look(stage, &format!("guide-{}", provider.to_lowercase().replace(' ', "-")), visit).await;
    }
    page.click("radio", "Okta").await;
    page.shows("All steps are done").await;
}

async fn dialogs(stage: &Stage, visit: &impl AsyncFn(&Stage, &str)) {
    let page = stage.page();
    page.click("tab", "Users").await;
    page.click("button", "Rotate…").await;
    page.shows("Rotate the bearer token?").await;
    look(stage, "token-rotate", visit).await;
    page.press("Escape").await;
    page.click("button", "Edit").await;
    page.has("dialog", "Edit directory").await;
    look(stage, "edit-directory", visit).await;
    page.press("Escape").await;
    steps::choose_in_palette(page, "New directory").await;
    page.has("dialog", "New directory").await;
    look(stage, "new-directory", visit).await;
    page.click("radio", "Forward to your SCIM server").await;
    page.click("radio", "Put another token in its place").await;
    page.shows("Token for your server").await;
    look(stage, "new-directory-forward", visit).await;
    page.press("Escape").await;
    page.click("button", "Discard").await;
    page.lacks("dialog", "New directory").await;
    page.click("button", "New organization").await;
    page.has("dialog", "New organization").await;
    look(stage, "new-organization", visit).await;
    page.press("Escape").await;
    page.click("button", "More actions").await;
    page.has("menuitem", "Delete…").await;
    look(stage, "directory-menu", visit).await;
    page.click("menuitem", "Delete…").await;
    page.shows("This cannot be undone").await;
    look(stage, "delete-directory", visit).await;
    page.press("Escape").await;
    page.click("button", "Environment").await;
    page.has("menuitem", "New environment").await;
    look(stage, "environment-menu", visit).await;
    page.click("menuitem", "New environment").await;
    page.has("dialog", "New environment").await;
    look(stage, "new-environment", visit).await;
    page.press("Escape").await;
}
