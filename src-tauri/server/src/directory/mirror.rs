//! Users and groups of a directory that passes its requests on: as the server that they are passed on to says they are. Its answers are
//! taken in as changes like any others, under the ids that it gave; nothing of them is refused for our rules.

use std::sync::Arc;

use scim::{Incoming, Notes, Policy};

use super::Failure;
use super::cause::Cause;
use super::journal::Writing;
use super::resources::{Edit, change, create_as, delete, namesake};
use crate::core::Core;
use crate::model::{Change, ResourceKey, ResourceKind};
use crate::scopes::Scope;
use crate::store::WriteTx;
use crate::store::resources::{self, ResourceRecord};

/// What an answer says of a user or group.
pub(crate) enum Mirrored {
    /// It is there, and is so: the JSON text of the resource.
    There {
        kind: ResourceKind,
        id: String,
        body: Vec<u8>,
        /// It may have more than that, so it says nothing of what is known.
        is_partial: bool,
    },
    /// It is not there any more.
    Gone { kind: ResourceKind, id: String },
}

/// Takes in what an answer says. What cannot be taken in is returned as sentences; everything else is. Blocks.
pub(crate) fn take_in(
    core: &Core,
    scope: &Arc<Scope>,
    cause: &Cause,
    mirrored: Vec<Mirrored>,
) -> (Vec<Change>, Vec<String>) {
    // It is not for us to say what their server may hold.
    let scope = Arc::new(Scope { policy: Policy::tolerant(), email_domains: Vec::new(), ..Scope::clone(scope) });
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for one in mirrored {
        let (scope, cause) = (scope.clone(), cause.clone());
        let told = match &one {
            Mirrored::There { kind, id, .. } | Mirrored::Gone { kind, id } => format!("the {} {id}", kind.noun()),
        };
        let work = move |tx: &WriteTx<'_>| write(Writing { tx, scope: &scope, cause: &cause }, &one);
        match core.store.write(work) {
            Ok(written) => changes.extend(written),
            Err(Failure::Scim(error)) => {
                problems
                    .push(format!("What your server says of {told} is not shown among its users and groups. {error}"));
            }
            Err(Failure::Store(error)) => {
                tracing::warn!(%error, "what another server answered could not be taken in");
                problems.push(format!("What your server says of {told} could not be stored: {error}."));
            }
        }
    }
    (changes, problems)
}

fn write(writing: Writing<'_>, mirrored: &Mirrored) -> Result<Vec<Change>, Failure> {
    let Writing { tx, scope, .. } = writing;
    match mirrored {
        Mirrored::Gone { kind, id } => match resources::by_id::<ResourceRecord>(tx, scope.directory, *kind, id)? {
            Some(record) => delete(writing, record),
            None => Ok(Vec::new()),
        },
        Mirrored::There { kind, id, body, is_partial } => {
            let (kind, mut notes) = (*kind, Notes::new());
            let incoming = scim::parse(body, scope.schema(kind), &scope.policy, &mut notes)?;
            let known = resources::by_id::<ResourceRecord>(tx, scope.directory, kind, id)?;
            if *is_partial && known.is_some() {
                return Ok(Vec::new());
            }
            let mut changes = make_room(writing, kind, &incoming, known.as_ref())?;
            let written = match known {
                Some(before) => change(writing, before, Edit::Replace(incoming), notes)?,
                None => {
                    refuse_other_kind(writing, kind, id)?;
                    create_as(writing, kind, id.clone(), incoming, notes)?
                }
            };
            changes.extend(written.changes);
            Ok(changes)
        }
    }
}

/// Takes away who has the name of somebody else there: their server says that it is that other's, so it is not theirs any more.
fn make_room(
    writing: Writing<'_>,
    kind: ResourceKind,
    incoming: &Incoming,
    known: Option<&ResourceRecord>,
) -> Result<Vec<Change>, Failure> {
    let name = super::resources::text(&incoming.resource, kind.name_attribute()).unwrap_or_default();
    let except = known.map_or(ResourceKey(0), |known| known.key);
    match namesake(writing, kind, &name, except)? {
        Some(other) => delete(writing, other),
        None => Ok(Vec::new()),
    }
}

/// Ids are those of users and groups alike here, which a server need not do.
fn refuse_other_kind(Writing { tx, scope, .. }: Writing<'_>, kind: ResourceKind, id: &str) -> Result<(), Failure> {
    match resources::resolve(tx, scope.directory, id)?.filter(|known| known.kind != kind) {
        None => Ok(()),
        Some(known) => {
            let text = format!("A {} has the same id, and only one of the two can be shown.", known.kind.noun());
            Err(scim::ScimError::uniqueness(text).into())
        }
    }
}
