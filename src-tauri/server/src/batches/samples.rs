//! People from the simulator's generator, as a file would have them.

use serde_json::json;
use simulator::{DEFAULT_SEED, People, Person};

use crate::core::Core;
use crate::directory::{Result, browse};
use crate::model::{DirectoryId, ImportFormat, NewSamples, ResourceKind};
use crate::store::{StoreError, resources};
use crate::transfer::{Entry, ImportFile};

/// People whose names nobody in the directory has.
///
/// # Errors
/// If there is no such directory.
pub(super) fn file(core: &Core, id: &DirectoryId, new: &NewSamples) -> Result<ImportFile> {
    let directory = browse::find(core, id)?.directory;
    let people = People::new(DEFAULT_SEED, "");
    let group = new.group.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let entries = core.store.read(|c| {
        let mut entries = Vec::new();
        let mut number = 0;
        while entries.len() < new.people as usize {
            let person = people.person(number);
            number += 1;
            if !resources::is_taken(c, directory, ResourceKind::User, &person.user_name)? {
                let line = entries.len() as u64 + 1;
                entries.push(Entry { groups: group.map(str::to_owned).into_iter().collect(), ..entry(line, &person) });
            }
        }
        Ok::<_, StoreError>(entries)
    })?;
    Ok(ImportFile { format: ImportFormat::Json, columns: Vec::new(), entries })
}

fn entry(line: u64, person: &Person) -> Entry {
    let body = json!({
        "schemas": [scim::USER, scim::ENTERPRISE_USER],
        "userName": person.user_name,
        "name": {"givenName": person.given, "familyName": person.family},
        "displayName": person.display_name(),
        "title": person.title,
        "emails": [{"value": person.email, "type": "work", "primary": true}],
        "active": true,
        scim::ENTERPRISE_USER: {"employeeNumber": person.employee_number, "department": person.department},
    });
    Entry { body: body.as_object().cloned().unwrap_or_default(), ..Entry::new(line, ResourceKind::User) }
}
