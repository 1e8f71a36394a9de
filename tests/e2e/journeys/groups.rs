//! Groups arrive with their members.

use crate::{app::App, folder::Folder, given, okta::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_watches_a_group_gain_and_lose_members() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    let ada = okta.create(&Person::new("ada@example.com", "Ada", "Lovelace")).await;
    let grace = okta.create(&Person::new("grace@example.com", "Grace", "Hopper")).await;

    page.click("tab", "Groups").await;
    page.shows("No groups yet").await;
    let group = page.shows_row_live(&["Engineering", "0"], okta.create_group("Engineering")).await;
    let both = [ada.as_str(), &grace];
    page.shows_row_live(&["Engineering", "2"], okta.replace_group(&group, "Engineering", &both)).await;
    page.click_row(&["Engineering"]).await;
    page.has("region", "Engineering").await;
    page.shows("Ada Lovelace").await;
    page.shows("Grace Hopper").await;

    page.shows_row_live(&["Research", "1"], okta.replace_group(&group, "Research", &[&grace])).await;
    page.click("tab", "History").await;
    page.until("/Ada Lovelace/.test(find('region', 'Research').innerText)", "the name of the member that left").await;
    app.close(&folder).await;
}
