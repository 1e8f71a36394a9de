//! How the interface does at scale: numbers for people, from a release build and a real browser. `script/measure` runs it;
//! nothing is asserted, because the numbers are the machine's.

#![expect(dead_code, reason = "measuring needs less than journeys of what is shared")]
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "app/browser.rs"]
mod app;
mod control;
mod folder;
mod given;
mod keys;
mod okta;
mod page;
mod programs;
mod scale;
mod tunnel;

use std::time::{Duration, Instant, SystemTime};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::App,
    folder::Folder,
    okta::Okta,
    page::Page,
    scale::{Created, create_people, pace_people},
};

/// People in the directory, unless the first argument says otherwise.
const PEOPLE: usize = 100_000;
/// Requests that are kept, the newest.
const REQUESTS: usize = 50_000;
/// What arrives in a burst: so many people a second, for so many seconds.
const BURST: (usize, usize) = (1_000, 10);

/// Records gaps between frames, long tasks and requests until `stop` is called.
const WATCH: &str = "
window.__watch = (() => {
  const gaps = [], tasks = [], requests = [];
  const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
    entry.entryType === 'longtask' ? tasks.push(entry.duration) : requests.push(entry.duration)));
  observer.observe({ entryTypes: ['longtask', 'resource'] });
  let [before, isOn, began] = [performance.now(), true, performance.now()];
  const frame = (now) => { gaps.push(now - before); before = now; if (isOn) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  return { stop() {
    isOn = false; observer.disconnect();
    const sorted = gaps.slice(1).sort((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    return { seconds: (performance.now() - began) / 1000, frames: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99),
      max: at(1), longTasks: tasks.length, longest: Math.round(Math.max(0, ...tasks)),
      requests: requests.length, slowest: Math.round(Math.max(0, ...requests)),
      heap: Math.round((performance.memory?.usedJSHeapSize ?? 0) / 1048576), rows: document.querySelectorAll('[role=row], [role=option]').length };
  } };
})(); return true";

/// Notes which person is the newest in the list, whenever that changes: the time, milliseconds since 1970, and the number.
const WATCH_NEWEST: &str = "
window.__newest = [];
const look = () => {
  const numbers = Array.from(document.querySelectorAll('[role=row]'), (row) => Number(/person-(\\d+)@/.exec(row.textContent)?.[1] ?? 0));
  const newest = Math.max(0, ...numbers);
  if (newest > (window.__newest.at(-1)?.[1] ?? 0)) window.__newest.push([Date.now(), newest]);
  requestAnimationFrame(look);
};
look();
return true";

/// What the lowest row in the page says, and its number.
const LAST_ROW: &str = "(() => {
const rows = Array.from(document.querySelectorAll('[role=row], [role=option]'));
const numberOf = (row) => Number(row.getAttribute('aria-rowindex') ?? row.getAttribute('aria-posinset'));
const last = rows.reduce((last, row) => (numberOf(row) > numberOf(last) ? row : last));
return `${numberOf(last)}: ${last.innerText.replace(/\\s+/g, ' ').slice(0, 60)}`;
})()";

#[tokio::main]
async fn main() {
    let folder = Folder::new();
    let app = App::open(&folder).await;
    app.control.ask(Method::PATCH, "/api/settings", json!({ "keepExchanges": REQUESTS })).await;
    let (id, okta) = given::directory_of(&app.control, "Acme Corp").await;
    let people = std::env::args().nth(1).map_or(PEOPLE, |number| number.parse().expect("a number of people"));
    let began = Instant::now();
    // The one who is last in the list; the others come in any order.
    create_people(&okta, 0..1).await;
    create_people(&okta, 1..people).await;
    let seconds = began.elapsed().as_secs_f64();
    println!("{people} people in {seconds:.0} s: {:.0} a second", people as f64 / seconds);

    let page = &app.page;
    page.click("treeitem", "Okta").await;
    users(page).await;
    requests(page).await;
    burst(&app, &okta, &id, people).await;
    app.close(&folder).await;
}

async fn users(page: &Page) {
    timed("open Users", page, async || {
        page.click("tab", "Users").await;
        page.until("document.querySelectorAll('[role=row]').length > 10", "rows").await;
    })
    .await;
    scroll(page, "Users").await;
    for text in ["person-77777", "nobody at all", "example.com"] {
        search(page, "Search users", text).await;
    }
    timed("open a person", page, async || {
        page.click_row(&["person-"]).await;
        page.until("document.querySelector('[data-drawer] dl') !== null", "the drawer").await;
    })
    .await;
    page.press("Escape").await;
}

async fn requests(page: &Page) {
    timed("open Requests", page, async || {
        page.click("tab", "Requests").await;
        page.until("document.querySelectorAll('[role=option]').length > 10", "rows").await;
    })
    .await;
    scroll(page, "Requests").await;
    for text in ["person-77777", "nobody at all", "status:201"] {
        search(page, "Search requests", text).await;
    }
    // What can be looked for is shown over the first rows as long as somebody is about to type.
    page.value_of("document.activeElement.blur()").await;
    timed("open a request", page, async || {
        page.click_row(&["Okta created"]).await;
        page.until("document.querySelector('section[aria-label=Request]') !== null", "the detail").await;
    })
    .await;
    page.press("Escape").await;
}

/// From the last key to the answer.
async fn search(page: &Page, field: &str, text: &str) {
    page.retype(field, &text[..text.len() - 1]).await;
    page.settled().await;
    // Set up before the key: a driver does one thing after the other.
    let watch = format!(
        "(() => {{
           window.__took = null;
           performance.clearResourceTimings();
           document.activeElement.addEventListener('input', () => {{
             const began = performance.now();
             const isAnswer = ({{ name, responseEnd }}) => responseEnd > 0 && new URL(name).searchParams.get('search') === {text:?};
             const look = () => {{
               if (!performance.getEntriesByType('resource').some(isAnswer)) setTimeout(look, 5);
               else requestAnimationFrame(() => (window.__took = performance.now() - began));
             }};
             look();
           }}, {{ once: true }});
           return true;
         }})()"
    );
    page.value_of(&watch).await;
    page.write(&text[text.len() - 1..]).await;
    page.until("window.__took !== null", &format!("the answer to {text:?}")).await;
    let took = page.value_of("window.__took").await.as_f64().expect("a number");
    println!("search {text:?}: on screen {took:.0} ms after the last key, 120 ms of which wait for another key");
    page.press("Control+a").await;
    page.press("Backspace").await;
    page.settled().await;
}

/// From top to bottom in three seconds, then a page at a time.
async fn scroll(page: &Page, list: &str) {
    watch(page).await;
    let script = format!(
        "const done = arguments[0], pane = scroller({list:?}), end = performance.now() + 3000, began = performance.now();
         const step = (now) => {{ pane.scrollTop = (pane.scrollHeight - pane.clientHeight) * Math.min(1, (now - began) / 3000);
           if (now < end) requestAnimationFrame(step); else done(pane.scrollTop); }};
         requestAnimationFrame(step);"
    );
    page.run(&script).await;
    report(&format!("scroll {list} from top to bottom"), page).await;
    page.settled().await;
    println!("    the last row: {}", page.value_of(LAST_ROW).await);
    watch(page).await;
    let script = format!(
        "const done = arguments[0], pane = scroller({list:?}), began = performance.now(), from = pane.scrollHeight / 2;
         const step = (now) => {{ pane.scrollTop = from + (now - began) * 2; if (now < began + 5000) requestAnimationFrame(step); else done(0); }};
         requestAnimationFrame(step);"
    );
    page.run(&script).await;
    report(&format!("scroll {list} at 2,000 pixels a second"), page).await;
    page.value_of(&format!("scroller({list:?}).scrollTo(0, 0)")).await;
    page.settled().await;
}

async fn burst(app: &App, okta: &Okta, directory: &str, people: usize) {
    let page = &app.page;
    page.click("tab", "Users").await;
    page.until("document.querySelectorAll('[role=row]').length > 10", "rows").await;
    page.settled().await;
    watch(page).await;
    page.client().execute(WATCH_NEWEST, Vec::new()).await.expect("the page answers");
    let (rate, seconds) = BURST;
    let created = pace_people(okta, people, rate, Duration::from_secs(seconds as u64)).await;
    report(&format!("a burst of {} creates in {seconds} s", created.len()), page).await;
    let began = Instant::now();
    let wanted = people + created.len();
    page.until(&format!("hasText({:?})", format!("{} users", thousands(wanted))), "all of them").await;
    println!("    all {wanted} are counted {} ms later", began.elapsed().as_millis());
    from_answer_to_screen(&created, &page.value_of("window.__newest").await);
    let counted = app.control.ask(Method::GET, &format!("/api/directories/{directory}"), Value::Null).await;
    println!("    the server counts {}", counted["counts"]["users"]);
}

/// How long it takes from the answer to a create until the list shows that person, or one who came later.
fn from_answer_to_screen(created: &Created, newest: &Value) {
    let shown: Vec<(u64, usize)> = serde_json::from_value(newest.clone()).expect("times and numbers");
    let mut took: Vec<i64> = created
        .iter()
        .filter_map(|(number, answered)| {
            let (at, _) = shown.get(shown.partition_point(|(_, newest)| newest < number))?;
            let answered = answered.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
            Some(*at as i64 - answered.as_millis() as i64)
        })
        .collect();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    println!(
        "    from the answer to the screen, {} of {} people: p50 {} p95 {} max {} ms",
        took.len(),
        created.len(),
        at(0.5),
        at(0.95),
        at(1.0),
    );
}

fn thousands(number: usize) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        more => format!("{},{:03}", thousands(more), number % 1_000),
    }
}

async fn watch(page: &Page) {
    page.client().execute(WATCH, Vec::new()).await.expect("the page answers");
}

async fn report(what: &str, page: &Page) {
    let said = page.value_of("window.__watch.stop()").await;
    let number = |name: &str| said[name].as_f64().unwrap_or(f64::NAN);
    println!(
        "{what}: {:.1} s, {} frames, gaps p50 {} p95 {} p99 {} max {} ms; {} long tasks, longest {} ms; {} requests \
         ({:.1} a second), slowest {} ms; {} MB of heap, {} rows in the page",
        number("seconds"),
        number("frames"),
        number("p50"),
        number("p95"),
        number("p99"),
        number("max"),
        number("longTasks"),
        number("longest"),
        number("requests"),
        number("requests") / number("seconds"),
        number("slowest"),
        number("heap"),
        number("rows"),
    );
}

async fn timed(what: &str, page: &Page, act: impl AsyncFn()) {
    page.settled().await;
    let began = Instant::now();
    act().await;
    println!("{what}: {} ms", began.elapsed().as_millis());
}
