//! Long lists and bursts: what is in the page and what is asked for stays small, however much there is.

use std::time::{Duration, Instant};

use crate::{
    app::App,
    folder::Folder,
    given,
    page::Page,
    scale::{create_people, pace_people},
};

/// Enough for several pages of the list, and for many more rows than fit.
const PEOPLE: usize = 1_000;

/// What fits into a window of 800 pixels, and the rows that are kept ready above and below.
const MOST_ROWS: u64 = 45;

/// Reads of a list while much happens: not more than sixteen a second, for a row is to be seen within 100 ms, and those of tree, feed and
/// counts beside it.
const MOST_REQUESTS: f64 = 24.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_scrolls_through_a_long_list_of_which_only_a_little_is_in_the_page() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    // The one who is last in both lists; the others come in any order.
    create_people(&okta, 0..1).await;
    create_people(&okta, 1..PEOPLE).await;
    for list in ["Users", "Requests"] {
        page.click("tab", list).await;
        page.until("document.querySelectorAll('[role=row], [role=option]').length > 10", "rows").await;
        // Older requests are asked for when the end of what is there comes into sight.
        for step in 1.. {
            let next = format!("scroller({list:?}).scrollTo(0, scroller({list:?}).scrollTop + 6000)");
            page.value_of(&next).await;
            page.until("!document.querySelector('[aria-busy=true]')", "the rows in sight").await;
            assert!(rows(page).await <= MOST_ROWS, "{list}: only rows in sight are in the page");
            if page.value_of("hasRow(['Person 0'])").await == true {
                break;
            }
            assert!(step < 100, "{list}: the end does not come");
        }
    }
    app.close(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_watches_a_burst_that_the_page_takes_in_calmly() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    let page = &app.page;
    let okta = given::directory(&app, &folder).await;
    create_people(&okta, 0..20).await;
    page.shows_row(&["person-1"]).await;
    page.value_of("performance.clearResourceTimings()").await;
    page.value_of("performance.setResourceTimingBufferSize(10000)").await;

    let began = Instant::now();
    let sent = pace_people(&okta, 20, 200, Duration::from_secs(4)).await.len();
    page.shows(&format!("{} users", sent + 20)).await;
    let seconds = began.elapsed().as_secs_f64();
    let asked = page.value_of("performance.getEntriesByType('resource').length").await.as_f64().expect("a number");
    assert!(sent > 20, "something has happened: {sent}");
    assert!(
        asked / seconds <= MOST_REQUESTS,
        "{asked} requests in {seconds:.1} s, while {sent} people arrived: {}",
        page.value_of(
            "performance.getEntriesByType('resource').map((one) => one.name.replace(/.*\\/api/, '')).join('\\n')"
        )
        .await,
    );
    assert!(rows(page).await <= MOST_ROWS, "only rows in sight are in the page");
    app.close(&folder).await;
}

async fn rows(page: &Page) -> u64 {
    page.value_of("document.querySelectorAll('[role=row], [role=option]').length").await.as_u64().expect("a number")
}
