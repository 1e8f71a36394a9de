//! Okta tests a connection, saves it, and imports.

use idp::evidence::{documented, observed};

use crate::response::{Expected, id_of};
use crate::session::{Job, Played, Session, Step};

/// Resources on a page of an import.
const PAGE: usize = 100;

/// What *Test Connector Configuration*, *Save* and *Save To App* all send: exactly one request.
pub(super) async fn probe(s: &mut Session<'_>, title: &str) -> Played {
    s.begin(Job::Connect);
    let step = Step::get(title, observed("LabA, LabB §4; OktaFAQ"), "/Users?startIndex=1&count=2");
    s.send(step.status(&[200]).expects(Expected::List)).await.map(drop)
}

pub(super) async fn save_to_app(s: &mut Session<'_>) -> Played {
    probe(s, "Save To App").await?;
    if s.tenant.group_cache.is_some() { refresh_groups(s).await } else { Ok(()) }
}

/// Reads the server's groups, so that Okta knows which to create and which to link.
pub(super) async fn refresh_groups(s: &mut Session<'_>) -> Played {
    s.begin(Job::Import);
    let mut cache = std::collections::BTreeMap::new();
    let mut start = 1;
    loop {
        let page = read_page(s, "Groups", start).await?;
        for group in page.resources() {
            if let (Some(name), Some(id)) = (group["displayName"].as_str(), id_of(group)) {
                cache.insert(name.to_owned(), id.to_owned());
            }
        }
        start += PAGE;
        if page.resources().is_empty() || start as u64 > page.total() {
            break;
        }
    }
    s.tenant.group_cache = Some(cache);
    Ok(())
}

/// Reads all users, page by page, and the groups if *Import Groups* is on.
pub(super) async fn import(s: &mut Session<'_>) -> Played {
    s.begin(Job::Import);
    let mut start = 1;
    loop {
        let page = read_page(s, "Users", start).await?;
        // Okta goes on by a hundred, however few came (OktaRef).
        start += PAGE;
        if page.resources().is_empty() || start as u64 > page.total() {
            break;
        }
    }
    if s.tenant.group_cache.is_some() { refresh_groups(s).await } else { Ok(()) }
}

async fn read_page(s: &mut Session<'_>, kind: &str, start: usize) -> Played<crate::response::Response> {
    let title = match start {
        1 => format!("Read the {}", kind.to_lowercase()),
        _ => format!("Read the {} from {start}", kind.to_lowercase()),
    };
    let target = format!("/{kind}?startIndex={start}&count={PAGE}");
    let evidence = if start == 1 { observed("LabB §5, §13; OktaRef") } else { documented("OktaRef") };
    s.send(Step::get(title, evidence, target).status(&[200]).expects(Expected::List)).await
}
