//! The software under test is told what happens, and a person sees whether it listens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::receiver::{Receiver, Reply};
use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_the_app_told_and_sends_again_what_it_refused() {
    let is_broken = Arc::new(AtomicBool::new(false));
    let breaks = is_broken.clone();
    let receiver = Receiver::start(move |_, _| Reply::Status(if breaks.load(Ordering::Relaxed) { 500 } else { 200 }));
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;

    page.click("tab", "Your app").await;
    page.shows("No webhook yet.").await;
    page.click("button", "Add webhook…").await;
    page.type_into("URL", "https://app.example.com/webhooks").await;
    page.press("Enter").await;
    page.shows("app.example.com is neither this machine nor in a private network.").await;
    page.retype("URL", &receiver.url()).await;
    page.hides("Confirm this first.").await;
    page.click("button", "Add webhook").await;
    page.shows("It is shown only this once").await;
    page.click("button", "Copy webhook secret").await;
    let secret = app.clipboard().await;
    assert!(secret.starts_with("whsec_"), "{secret}");
    page.click("button", "Done").await;
    page.shows("Nothing sent yet").await;
    page.shows("pip install standardwebhooks").await;
    let kept = page.value_of(&format!("document.documentElement.outerHTML.includes({secret:?})")).await;
    assert_eq!(kept, false, "the page forgets the secret");

    page.click("button", &format!("More about {}", receiver.url())).await;
    page.click("menuitem", "Send a test event").await;
    page.shows("webhook.test").await;
    page.shows("Delivers, last").await;
    page.shows_live("ada@example.com", okta.create(&Person::new("ada@example.com", "Ada", "Lovelace"))).await;

    is_broken.store(true, Ordering::Relaxed);
    let grace = Person::new("grace@example.com", "Grace", "Hopper");
    page.shows_live("Your app answered 500 Internal Server Error.", okta.create(&grace)).await;
    page.shows("Failing since").await;
    page.click("button", "500 user.created grace@example.com").await;
    page.shows("webhook-signature").await;
    is_broken.store(false, Ordering::Relaxed);
    page.click("button", "Send again").await;
    page.shows("Attempt by hand at").await;
    page.hides("Failing since").await;
    page.shows("Delivers, last").await;

    page.click("button", &format!("More about {}", receiver.url())).await;
    page.click("menuitem", "Turn off").await;
    page.shows("Off since").await;
    page.click("button", &format!("More about {}", receiver.url())).await;
    page.click("menuitem", "Delete…").await;
    page.click("button", "Delete webhook").await;
    page.shows("No webhook yet.").await;
    app.close(&folder).await;
}
