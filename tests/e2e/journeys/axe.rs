//! axe-core looks at every screen, in the light and in the dark. What it calls serious or critical must not be there.

use std::{fs, sync::Mutex};

use serde_json::Value;

use crate::{app, page::Page, sample::Extent, stage::Look, tour};

/// What it found on the page, as text.
const RUN: &str = r"
// The items of a tree contain those below them, which are no part of their names.
axe.configure({ rules: [{ id: 'label-content-name-mismatch', selector: ':not([role=treeitem])' }] });
const done = arguments[0];
axe.run(document, { resultTypes: ['violations'] }).then(
  ({ violations }) => done(violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n    ${node.target}\n    ${node.html.slice(0, 200)}\n    ${node.any[0]?.message ?? ''}`))),
  (error) => done([String(error)]),
);";

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_every_screen_in_the_light() {
    look_at_everything(Look::LIGHT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_every_screen_in_the_dark() {
    look_at_everything(Look::DARK).await;
}

async fn look_at_everything(look: Look) {
    let axe = fs::read_to_string(format!("{}/ui/node_modules/axe-core/axe.min.js", app::ROOT));
    let axe = axe.expect("axe-core is there; script/setup installs it");
    let found = Mutex::new(Vec::new());
    tour::everything(look, Extent::SMALL, &async |stage, screen| {
        let problems = problems(stage.page(), &axe).await;
        found.lock().expect("nobody panicked").extend(problems.iter().map(|problem| format!("{screen}: {problem}")));
    })
    .await;
    let found = found.into_inner().expect("nobody panicked");
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

async fn problems(page: &Page, axe: &str) -> Vec<String> {
    if page.value_of("'axe' in window").await == false {
        page.client().execute(axe, Vec::new()).await.expect("axe-core runs");
    }
    let found = page.run(RUN).await;
    let Value::Array(found) = found else { panic!("axe-core answered {found}") };
    found.into_iter().map(|problem| problem.as_str().unwrap_or_default().to_owned()).collect()
}
