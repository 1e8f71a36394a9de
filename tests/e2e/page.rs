//! The page in the window or browser: found by role, name and text; used with clicks and keys.

use std::{
    fmt::Debug,
    fs,
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use fantoccini::{
    Client,
    elements::{Element, ElementRef},
};
use serde_json::{Value, json};
use tokio::time::{error::Elapsed, timeout};

use crate::{app, keys, programs::PATIENCE};

const FINDERS: &str = include_str!("page.js");

/// What an identity provider did is on screen this soon after its answer. The product's promise is a second, and each journey says how long
/// it took; a machine that is busy with other things may need longer, and nothing in the page asks by itself so often.
const LIVE: Duration = Duration::from_secs(5);

/// The page in one window or browser.
#[derive(Clone)]
pub(crate) struct Page(Client);

impl Page {
    pub(crate) fn of(client: Client) -> Self {
        Self(client)
    }

    /// What drives it.
    pub(crate) fn client(&self) -> &Client {
        &self.0
    }

    /// Gives up the page for what drives it.
    pub(crate) fn into_client(self) -> Client {
        self.0
    }

    /// Clicks the `role` that is called `name`, once it is there and enabled. It is scrolled to as far as it is not seen: a driver leaves alone
    /// what is seen in part, and then clicks on what covers the rest.
    pub(crate) async fn click(&self, role: &str, name: &str) {
        let scroll = "it.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })";
        let ready =
            format!("const it = find({role:?}, {name:?}); if (!it || it.disabled) return null; {scroll}; return it");
        let element = self.element(&ready, &format!("{role} “{name}” to click")).await;
        if let Err(error) = element.click().await {
            self.fail(&format!("{role} “{name}” could not be clicked: {error}")).await;
        }
    }

    /// Clicks the row that shows all of `texts`, once it is there.
    pub(crate) async fn click_row(&self, texts: &[&str]) {
        let element =
            self.element(&format!("return findRow({})", json!(texts)), &format!("a row with {texts:?}")).await;
        if let Err(error) = element.click().await {
            self.fail(&format!("the row with {texts:?} could not be clicked: {error}")).await;
        }
    }

    /// Opens the context menu of the row that shows all of `texts`, once it is there.
    pub(crate) async fn context_menu(&self, texts: &[&str]) {
        self.shows_row(texts).await;
        let open = "const { x, y } = row.getBoundingClientRect();
            const at = { clientX: x + 40, clientY: y + 8, button: 2, bubbles: true, cancelable: true };
            row.dispatchEvent(new MouseEvent('contextmenu', at)); arguments[0]()";
        self.run(&format!("const row = findRow({}); {open}", json!(texts))).await;
    }

    /// Chooses `item` in the menu behind the three dots of the `role` that is called `name`.
    pub(crate) async fn choose_in_menu(&self, role: &str, name: &str, item: &str) {
        self.has(role, name).await;
        let dots = format!("find({role:?}, {name:?}).querySelector('[aria-label=\"More actions\"]')");
        self.run(&format!("{dots}.focus(); arguments[0]()")).await;
        self.press("Enter").await;
        self.click("menuitem", item).await;
    }

    /// Types `text` into the empty field that is called `name`.
    pub(crate) async fn type_into(&self, name: &str, text: &str) {
        let element = self.element(&format!("return find('textbox', {name:?})"), &format!("field “{name}”")).await;
        if let Err(error) = element.send_keys(text).await {
            self.fail(&format!("nothing could be typed into “{name}”: {error}")).await;
        }
    }

    /// Loads the page again.
    pub(crate) async fn reload(&self) {
        self.client().refresh().await.expect("the page is loaded again");
    }

    /// Empties the field that is called `name`, and types `text`.
    pub(crate) async fn retype(&self, name: &str, text: &str) {
        let element = self.element(&format!("return find('textbox', {name:?})"), &format!("field “{name}”")).await;
        if let Err(error) = element.click().await {
            self.fail(&format!("“{name}” could not be clicked: {error}")).await;
        }
        self.press("Control+a").await;
        self.write(text).await;
    }

    /// Presses keys together, wherever the focus is: `Enter`, `Control+Shift+c`.
    pub(crate) async fn press(&self, chord: &str) {
        if let Err(error) = keys::press(self.client(), chord).await {
            self.fail(&format!("{chord} could not be pressed: {error}")).await;
        }
    }

    /// Types `text` wherever the focus is.
    pub(crate) async fn write(&self, text: &str) {
        let active = self.client().active_element().await.expect("something has the focus");
        if let Err(error) = active.send_keys(text).await {
            self.fail(&format!("“{text}” could not be typed: {error}")).await;
        }
    }

    /// Goes on with Tab until the `role` that is called `name` has the focus.
    pub(crate) async fn tab_to(&self, role: &str, name: &str) {
        for _ in 0..100 {
            if self.ask(&format!("return find({role:?}, {name:?}) === document.activeElement")).await == json!(true) {
                return;
            }
            self.press("Tab").await;
        }
        self.fail(&format!("Tab does not lead to the {role} “{name}”")).await;
    }

    /// Waits until the `role` that is called `name` has the focus.
    pub(crate) async fn focus_is_on(&self, role: &str, name: &str) {
        let is_there =
            format!("const it = find({role:?}, {name:?}); return it !== null && it === document.activeElement");
        self.truthy(&is_there, &format!("the focus on {role} “{name}”")).await;
    }

    /// Waits until `condition`, a JavaScript expression, is true; `what` names it in the failure.
    pub(crate) async fn until(&self, condition: &str, what: &str) {
        self.truthy(&format!("return Boolean({condition})"), what).await;
    }

    /// Runs a script that calls `arguments[0]` when it is done, and returns what it calls it with.
    pub(crate) async fn run(&self, script: &str) -> Value {
        match self.client().execute_async(&format!("{FINDERS}\n{script}"), Vec::new()).await {
            Ok(answer) => answer,
            failed => panic!("the script did not run: {failed:?}\n{script}"),
        }
    }

    /// What a JavaScript expression is now.
    pub(crate) async fn value_of(&self, expression: &str) -> Value {
        self.ask(&format!("return {expression}")).await
    }

    /// Waits until the page no longer shows `text`.
    pub(crate) async fn hides(&self, text: &str) {
        self.truthy(&format!("return !hasText({text:?})"), &format!("no text “{text}”")).await;
    }

    /// Waits until there is a `role` that is called `name`.
    pub(crate) async fn has(&self, role: &str, name: &str) {
        self.truthy(&format!("return find({role:?}, {name:?}) !== null"), &format!("a {role} “{name}”")).await;
    }

    /// Waits until no row shows all of `texts`.
    pub(crate) async fn lacks_row(&self, texts: &[&str]) {
        self.truthy(&format!("return !hasRow({})", json!(texts)), &format!("no row with {texts:?}")).await;
    }

    /// Waits until the page shows `text`.
    pub(crate) async fn shows(&self, text: &str) {
        self.truthy(&format!("return hasText({text:?})"), &format!("the text “{text}”")).await;
    }

    /// Waits until one row shows all of `texts`.
    pub(crate) async fn shows_row(&self, texts: &[&str]) {
        self.truthy(&format!("return hasRow({})", json!(texts)), &format!("a row with {texts:?}")).await;
    }

    /// Waits until no `role` is called `name`.
    pub(crate) async fn lacks(&self, role: &str, name: &str) {
        self.truthy(&format!("return find({role:?}, {name:?}) === null"), &format!("no {role} “{name}”")).await;
    }

    /// Does `act`, and checks that one row shows all of `texts` soon after its answer ([`LIVE`]); it must not before.
    pub(crate) async fn shows_row_live<T>(&self, texts: &[&str], act: impl Future<Output = T>) -> T {
        self.live(&format!("hasRow({})", json!(texts)), &format!("a row with {texts:?}"), act).await
    }

    /// Does `act`, and checks that the page shows `text` soon after its answer ([`LIVE`]); it must not before.
    pub(crate) async fn shows_live<T>(&self, text: &str, act: impl Future<Output = T>) -> T {
        self.live(&format!("hasText({text:?})"), &format!("the text “{text}”"), act).await
    }

    /// The page itself notes the moment, so that the answer does not depend on how often this test asks.
    async fn live<T>(&self, condition: &str, what: &str, act: impl Future<Output = T>) -> T {
        let already = self.ask(&format!("return watch(() => {condition})")).await;
        if already != json!(false) {
            self.fail(&format!("{what} was there before the request")).await;
        }
        let outcome = act.await;
        let answered = SystemTime::now();
        let seen = self.truthy("return window.__seen", &format!("{what}, after the request")).await;
        let seen = UNIX_EPOCH + Duration::from_millis(seen.as_u64().unwrap_or(u64::MAX >> 8));
        let delay = seen.duration_since(answered).unwrap_or_default();
        eprintln!("{what}: on screen {} ms after the answer", delay.as_millis());
        if delay > LIVE {
            self.fail(&format!("{what} was on screen only {delay:?} after the answer")).await;
        }
        outcome
    }

    /// The port that the page says the SCIM server listens on.
    pub(crate) async fn listening_port(&self) -> u16 {
        let script =
            r"return Number(/Listening on 127\.0\.0\.1:(\d+)/.exec(document.body.innerText)?.[1] ?? 0) || null";
        let port = self.truthy(script, "the port of the SCIM server").await;
        port.as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port")
    }

    /// Puts a mark on the page that a reload would wipe away.
    pub(crate) async fn mark(&self) {
        self.ask("window.__mark = true").await;
    }

    /// Fails if the page was loaded again since [`Self::mark`].
    pub(crate) async fn assert_not_reloaded(&self) {
        assert_eq!(self.ask("return window.__mark === true").await, json!(true), "the page was loaded again");
    }

    /// Waits until nothing moves and no animation runs, two frames long.
    pub(crate) async fn settled(&self) {
        self.truthy("return isSettled()", "a page at rest").await;
    }

    /// Keeps a picture of the page for people to look at: `.screenshots/<window or browser>/<name>.png`.
    pub(crate) async fn picture(&self, name: &str) {
        eprintln!("{}", saved(name, timeout(PATIENCE, self.client().screenshot()).await));
    }

    async fn element(&self, script: &str, what: &str) -> Element {
        let found = self.truthy(script, what).await;
        let id = element_id(&found).expect("the script returns an element");
        Element::from_element_id(self.client().clone(), ElementRef::from(id))
    }

    /// Asks until the answer is neither null nor false.
    async fn truthy(&self, script: &str, what: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(script).await;
            if answer != Value::Null && answer != json!(false) {
                return answer;
            }
            if Instant::now() > deadline {
                self.fail(&format!("not on the page within {PATIENCE:?}: {what}")).await;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    async fn ask(&self, script: &str) -> Value {
        let script = format!("{FINDERS}\n{script}");
        match timeout(PATIENCE, self.client().execute(&script, Vec::new())).await {
            Ok(Ok(answer)) => answer,
            failed => panic!("the page could not be asked: {failed:?}\n{script}"),
        }
    }

    /// Saves what the window shows, and fails the test with what it says.
    async fn fail(&self, message: &str) -> ! {
        let text = self.ask("return document.body.innerText").await;
        let picture = timeout(PATIENCE, self.client().screenshot()).await;
        let test = std::thread::current().name().unwrap_or("failure").replace("::", "-");
        panic!("{message}\n{}\nThe page says:\n{}", saved(&test, picture), text.as_str().unwrap_or_default());
    }
}

/// Saves a screenshot where git does not look, and says where.
fn saved<E: Debug>(name: &str, picture: Result<Result<Vec<u8>, E>, Elapsed>) -> String {
    let folder = Path::new(app::ROOT).join(".screenshots").join(app::NAME);
    let path = folder.join(format!("{name}.png"));
    let written =
        picture.map(|taken| taken.map(|bytes| fs::create_dir_all(&folder).and_then(|()| fs::write(&path, bytes))));
    match written {
        Ok(Ok(Ok(()))) => format!("A picture of it: {}", path.display()),
        other => format!("There is no picture of it: {other:?}"),
    }
}

/// `{"element-6066-…": "id"}`, as WebDriver sends an element, to the id.
fn element_id(value: &Value) -> Option<String> {
    value.as_object()?.values().next()?.as_str().map(str::to_owned)
}
