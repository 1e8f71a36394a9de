//! What is probably meant by a name that no schema has: it is mistyped, has another name where it comes from, or stands in another place.

use crate::schema::Attribute;
use crate::{AttrPath, ResourceSchema, Schema};

/// Characters of a name that is compared with others; those of the RFC have at most 17.
const LONGEST: usize = 40;

/// What attributes of RFC 7643 §4 are called elsewhere, in lower case: in LDAP, in identity providers, in SCIM 1.1.
const SYNONYMS: &[(&str, &str)] = &[
    ("cellphone", "phoneNumbers"),
    ("city", "addresses"),
    ("company", "organization"),
    ("costcentre", "costCenter"),
    ("email", "emails"),
    ("emailaddress", "emails"),
    ("employeeid", "employeeNumber"),
    ("employeetype", "userType"),
    ("enabled", "active"),
    ("firstname", "name.givenName"),
    ("fullname", "displayName"),
    ("isactive", "active"),
    ("jobtitle", "title"),
    ("language", "preferredLanguage"),
    ("lastname", "name.familyName"),
    ("login", "userName"),
    ("mail", "emails"),
    ("memberof", "groups"),
    ("mobile", "phoneNumbers"),
    ("phone", "phoneNumbers"),
    ("samaccountname", "userName"),
    ("status", "active"),
    ("surname", "name.familyName"),
    ("telephonenumber", "phoneNumbers"),
    ("time_zone", "timezone"),
    ("upn", "userName"),
    ("user_name", "userName"),
    ("userprincipalname", "userName"),
    ("users", "members"),
    ("zoneinfo", "timezone"),
];

/// The attribute or the extension that is meant, as a question to end a sentence with; empty: nothing is near.
pub(crate) fn question(name: &str, schema: &ResourceSchema) -> String {
    asked(meant(name, schema))
}

/// The same of the URN of a schema.
pub(crate) fn question_of_schema(urn: &str, schema: &ResourceSchema) -> String {
    asked(nearest_schema(urn, schema))
}

/// The same of a part of a complex attribute.
pub(crate) fn question_of_part(name: &str, attribute: &Attribute) -> String {
    let parts = || attribute.sub_attributes.iter().map(|sub| sub.name.as_str());
    let elsewhere = || synonym(name).map(|meant| meant.rsplit('.').next().unwrap_or(meant));
    let renamed = || elsewhere().filter(|meant| parts().any(|part| part == *meant));
    asked(nearest(name, parts().map(|part| (part, part))).or_else(renamed).map(str::to_owned))
}

fn asked(meant: Option<String>) -> String {
    meant.map_or_else(String::new, |meant| format!(" Is `{meant}` meant?"))
}

fn meant(name: &str, schema: &ResourceSchema) -> Option<String> {
    if let Some(urn) = nearest_schema(name, schema) {
        return Some(urn);
    }
    let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
    if bare.len() > LONGEST {
        return None;
    }
    // `EnterpriseUser.department`, `User.title`
    let bare = match bare.split_once('.') {
        Some((first, rest)) if schemas(schema).any(|schema| is_named(schema, first)) => rest,
        _ => bare,
    };
    if let Some(path) = find(bare, schema) {
        return Some(path);
    }
    let places = places(schema);
    // `givenName`, which is a part of `name`.
    let is_part = |path: &&String| path.rsplit_once('.').is_some_and(|(_, part)| part.eq_ignore_ascii_case(bare));
    if let Some(path) = places.iter().find(is_part) {
        return Some(path.clone());
    }
    let last = bare.rsplit('.').next().unwrap_or(bare);
    let renamed = || find(synonym(bare).or_else(|| synonym(last))?, schema);
    let candidates =
        places.iter().map(|path| (path.rsplit_once(':').map_or(path.as_str(), |(_, name)| name), path.as_str()));
    nearest(bare, candidates).map(str::to_owned).or_else(renamed)
}

/// The URN of the extension that a name is that of, `EnterpriseUser`, or the URN that is nearly written so.
fn nearest_schema(name: &str, schema: &ResourceSchema) -> Option<String> {
    const MOST: usize = 3;
    if let Some(extension) = schema.extensions().iter().find(|extension| is_named(extension, name)) {
        return Some(extension.id.clone());
    }
    let name = name.to_ascii_lowercase();
    let is_near = |urn: &str| {
        let is_beginning =
            urn.strip_prefix(&name).is_some_and(|rest| rest.starts_with(':') && !rest[1..].contains(':'));
        is_beginning || (urn.len().abs_diff(name.len()) <= MOST && strsim::osa_distance(urn, &name) <= MOST)
    };
    // What is not a URN is compared with the names of attributes.
    let mut urns = schemas(schema).map(|schema| &schema.id).filter(|_| name.contains(':'));
    let found = urns.find(|urn| !urn.eq_ignore_ascii_case(&name) && is_near(&urn.to_ascii_lowercase()))?;
    Some(found.clone())
}

/// The core schema and the extensions.
fn schemas(schema: &ResourceSchema) -> impl Iterator<Item = &Schema> {
    std::iter::once(schema.core()).chain(schema.extensions())
}

fn is_named(schema: &Schema, name: &str) -> bool {
    let squeezed = |text: &str| text.replace(' ', "");
    squeezed(&schema.name).eq_ignore_ascii_case(&squeezed(name))
}

/// The whole path of an attribute that is there.
fn find(name: &str, schema: &ResourceSchema) -> Option<String> {
    let path = AttrPath::parse(name)?;
    let found = schema.locate(&path).or_else(|| schema.locate_bare(&path))?;
    Some(found.path().to_string())
}

/// The paths of all attributes, and of the parts of those that have one value.
fn places(schema: &ResourceSchema) -> Vec<String> {
    let mut places = Vec::new();
    let mut add = |urn: Option<&str>, attribute: &Attribute| {
        let path = AttrPath { schema: urn.map(str::to_owned), ..AttrPath::attribute(&attribute.name) };
        places.push(path.to_string());
        if !attribute.multi_valued {
            places.extend(attribute.sub_attributes.iter().map(|sub| path.with_sub(&sub.name).to_string()));
        }
    };
    schema.root_attributes().for_each(|attribute| add(None, attribute));
    for extension in schema.extensions() {
        extension.attributes.iter().for_each(|attribute| add(Some(&extension.id), attribute));
    }
    places
}

fn synonym(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    SYNONYMS.iter().find(|(other, _)| *other == name).map(|(_, meant)| *meant)
}

/// What belongs to the name that differs least from this one, if it is little enough to be a typing error.
fn nearest<'c>(name: &str, candidates: impl Iterator<Item = (&'c str, &'c str)>) -> Option<&'c str> {
    let name = name.to_ascii_lowercase();
    let most = match name.len() {
        4..=5 => 1,
        6..=LONGEST => 2,
        _ => return None,
    };
    let near = candidates.filter(|(candidate, _)| candidate.len().abs_diff(name.len()) <= most);
    let distances =
        near.map(|(candidate, meant)| (strsim::osa_distance(&candidate.to_ascii_lowercase(), &name), meant));
    distances.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, meant)| meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ENTERPRISE_USER;

    #[test]
    fn what_is_meant_is_found() {
        let enterprise = |name: &str| format!("{ENTERPRISE_USER}:{name}");
        for (name, expected) in [
            ("usernmae", Some("userName".to_owned())),
            ("dispalyName", Some("displayName".to_owned())),
            ("email", Some("emails".to_owned())),
            ("emials", Some("emails".to_owned())),
            ("firstName", Some("name.givenName".to_owned())),
            ("name.firstName", Some("name.givenName".to_owned())),
            ("names.givenName", Some("name.givenName".to_owned())),
            ("givenName", Some("name.givenName".to_owned())),
            ("User.title", Some("title".to_owned())),
            ("employeeId", Some(enterprise("employeeNumber"))),
            ("User.employeeNumber", Some(enterprise("employeeNumber"))),
            ("EnterpriseUser", Some(ENTERPRISE_USER.to_owned())),
            ("Enterprise User", Some(ENTERPRISE_USER.to_owned())),
            ("EnterpriseUser.manager.value", Some(enterprise("manager.value"))),
            ("deparment", Some(enterprise("department"))),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:employeId", None),
            ("urn:example:2.0:User:department", Some(enterprise("department"))),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr", Some(ENTERPRISE_USER.to_owned())),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0", Some(ENTERPRISE_USER.to_owned())),
            ("urn:ietf:params:scim:schema:extension:enterprise:2.0:User", Some(ENTERPRISE_USER.to_owned())),
            ("urn:example:extension:hat:2.0:User", None),
            ("shoeSize", None),
            ("hat", None),
            ("", None),
        ] {
            assert_eq!(meant(name, crate::user()), expected, "{name}");
        }
        for (name, expected) in [("memebers", Some("members")), ("users", Some("members")), ("firstName", None)] {
            assert_eq!(meant(name, crate::group()).as_deref(), expected, "{name}");
        }
        let name = crate::user().attribute("name").expect("users have one");
        for (part, expected) in [
            ("givenNmae", " Is `givenName` meant?"),
            ("firstName", " Is `givenName` meant?"),
            ("mail", ""),
            ("shoeSize", ""),
        ] {
            assert_eq!(question_of_part(part, name), expected, "{part}");
        }
        assert!(SYNONYMS.is_sorted(), "who adds one finds whether it is there");
        for (_, meant) in SYNONYMS {
            let is_there = |schema| find(meant, schema).is_some();
            assert!(is_there(crate::user()) || is_there(crate::group()), "{meant}");
        }
    }
}
