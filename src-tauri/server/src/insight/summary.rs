//! How the program is doing, in a line: what the tray shows.

use crate::insight::explain;
use crate::model::{AuthVerdict, Directory, ListenerState, RecentDirectory, Rejected, Summary, SummaryState, Tree};

/// Directories that are named: more make a menu that nobody reads.
const MOST_RECENT: usize = 5;

/// The line, and the directories that were used last.
pub(crate) fn summarize(listener: &ListenerState, tree: &Tree) -> Summary {
    let (state, text) = match listener {
        ListenerState::Failed { port, .. } => (SummaryState::NotListening, format!("Not listening on port {port}")),
        ListenerState::Listening { address, .. } => match refusing(&tree.directories).as_slice() {
            [] => (SummaryState::Listening, format!("Listening on {address}")),
            [(one, rejected)] => {
                let why = explain::short_verdict(rejected.verdict.unwrap_or(AuthVerdict::Unknown));
                (SummaryState::Refused, format!("{} refuses requests: {why}", one.name))
            }
            more => (SummaryState::Refused, format!("{} directories refuse requests", more.len())),
        },
    };
    Summary { state, text, recent: recent(tree) }
}

fn refusing(directories: &[Directory]) -> Vec<(&Directory, &Rejected)> {
    directories.iter().filter_map(|directory| Some((directory, directory.rejected.as_ref()?))).collect()
}

/// Those with the newest requests first; those without any after them.
fn recent(tree: &Tree) -> Vec<RecentDirectory> {
    let mut directories: Vec<&Directory> = tree.directories.iter().collect();
    // RFC 3339 in one zone sorts as text; nothing is less than something.
    directories
        .sort_by_key(|directory| std::cmp::Reverse(directory.last_request.as_ref().map(|last| last.at.as_str())));
    directories
        .into_iter()
        .take(MOST_RECENT)
        .map(|directory| {
            let organization = tree.organizations.iter().find(|one| one.id == directory.organization_id);
            let organization = organization.map_or("", |organization| organization.name.as_str());
            RecentDirectory {
                id: directory.id.clone(),
                name: format!("{} · {organization}", directory.name),
                base_url: directory.base_url.clone(),
            }
        })
        .collect()
}
