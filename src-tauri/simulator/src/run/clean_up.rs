//! Removes what a run made: groups first, because they refer to users.

use scim::ResourceKind;

use crate::exchange::{Request, target_of};
use crate::owned_resources::OwnedResources;
use crate::pace::Stop;
use crate::progress::{Leftover, PlannedStep, Role};
use crate::session::{Session, Step};

/// What will be sent.
pub(super) fn planned(owned: &OwnedResources) -> Vec<PlannedStep> {
    let steps = owned.to_remove().into_iter().map(|(kind, left)| PlannedStep {
        title: format!("Remove {}", left.name),
        method: "DELETE".into(),
        target: target_of(kind, &left.id),
    });
    steps.collect()
}

/// Deletes everything that the run made and that is still there. What cannot be deleted stays in the owned.
pub(super) async fn clean_up(s: &mut Session<'_>) {
    // Whoever stopped the run did not ask for what it left behind, and nobody wants to watch.
    (s.stop, s.pace) = (Stop::new(), s.pace.without_pauses());
    remove_all(s).await;
    s.tenant.forget_server();
}

/// After so many deletions in a row without a usable answer the rest is left, and listed: a server that is gone or wants patience would
/// keep the person waiting for hours.
const MOST_IN_VAIN: u32 = 3;

/// Deletes everything that is in the owned, until the run is stopped or the server is of no use any more.
pub(super) async fn remove_all(s: &mut Session<'_>) {
    let mut in_vain = 0;
    for (kind, left) in s.owned.to_remove() {
        if s.stop.is_stopped() || in_vain == MOST_IN_VAIN {
            return;
        }
        let id = if left.id.is_empty() { find(s, kind, &left).await } else { Some(left.id.clone()) };
        if let Some(id) = id {
            let request = Request::delete(target_of(kind, &id));
            let step = Step::own(Role::CleanUp, format!("Remove {}", left.name), request);
            // What cannot be removed is listed at the end.
            if s.send(step.status(&[204, 200, 202, 404])).await.is_ok() {
                s.owned.forget(&left);
            }
        }
        in_vain = if is_of_no_use(s) { in_vain + 1 } else { 0 };
    }
}

/// Whether the server did not answer, or only asked for patience.
fn is_of_no_use(s: &Session<'_>) -> bool {
    s.last_status.is_none_or(|status| status == 429)
}

/// The id of something whose creation was never answered, if it is there.
async fn find(s: &mut Session<'_>, kind: ResourceKind, left: &Leftover) -> Option<String> {
    let attribute = kind.name_attribute();
    let filter = s.filter(attribute, "eq", &left.name);
    let request = Request::get(format!("/{}?filter={filter}", kind.endpoint()));
    let step = Step::own(Role::CleanUp, format!("Look whether {} was created", left.name), request);
    let found = s.send(step.finds(&[200, 404], attribute, &left.name)).await.ok()?;
    // Something without an id by which it can be deleted is still there.
    if found.resources().is_empty() {
        s.owned.forget(left);
    }
    found.first_id()
}
