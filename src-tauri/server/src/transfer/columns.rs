//! Which attribute a column is. Headers are SCIM paths (`name.givenName`, `emails[2].value`, `emails[type eq "work"].value`), or what exports
//! of identity providers call the same.

use scim::{Attribute, Kind, Mutability, ResourceSchema};

/// What a column says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// An attribute.
    Attribute(Place),
    /// The names of a user's groups.
    Groups,
    /// The names of a group's members.
    Members,
}

/// Where a value stands in a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// The URN of an extension.
    pub(super) urn: Option<String>,
    pub(super) attribute: String,
    /// Which of several values.
    pub(super) element: Option<Element>,
    pub(super) sub: Option<String>,
    pub(super) kind: Scalar,
}

/// Which of several values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Element {
    /// From 1.
    Number(u32),
    /// That of a `type`.
    Typed(String),
}

/// What a cell is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Scalar {
    Text,
    Boolean,
    Number,
}

impl Place {
    /// As a header names it.
    pub(super) fn path(&self) -> String {
        let urn = self.urn.as_ref().map(|urn| format!("{urn}:")).unwrap_or_default();
        let element = match &self.element {
            None | Some(Element::Number(1)) => String::new(),
            Some(Element::Number(number)) => format!("[{number}]"),
            Some(Element::Typed(kind)) => format!("[type eq \"{kind}\"]"),
        };
        let sub = self.sub.as_ref().map(|sub| format!(".{sub}")).unwrap_or_default();
        format!("{urn}{}{element}{sub}", self.attribute)
    }
}

/// What exports of Okta, Entra ID, Google, JumpCloud and others call an attribute of a user, in lower case without anything but letters.
const USER_SPELLINGS: &[(&str, &str)] = &[
    ("login", "userName"),
    ("userprincipalname", "userName"),
    ("upn", "userName"),
    ("user", "userName"),
    ("email", "emails[type eq \"work\"].value"),
    ("emailaddress", "emails[type eq \"work\"].value"),
    ("mail", "emails[type eq \"work\"].value"),
    ("workemail", "emails[type eq \"work\"].value"),
    ("primaryemail", "emails[type eq \"work\"].value"),
    ("secondemail", "emails[type eq \"other\"].value"),
    ("secondaryemail", "emails[type eq \"other\"].value"),
    ("recoveryemail", "emails[type eq \"other\"].value"),
    ("homeemail", "emails[type eq \"home\"].value"),
    ("firstname", "name.givenName"),
    ("givenname", "name.givenName"),
    ("forename", "name.givenName"),
    ("lastname", "name.familyName"),
    ("familyname", "name.familyName"),
    ("surname", "name.familyName"),
    ("middlename", "name.middleName"),
    ("honorificprefix", "name.honorificPrefix"),
    ("honorificsuffix", "name.honorificSuffix"),
    ("fullname", "displayName"),
    ("name", "displayName"),
    ("jobtitle", "title"),
    ("status", "active"),
    ("accountenabled", "active"),
    ("enabled", "active"),
    ("accountstatus", "active"),
    ("employeeid", "employeeNumber"),
    ("managerid", "manager"),
    ("mobilephone", "phoneNumbers[type eq \"mobile\"].value"),
    ("mobile", "phoneNumbers[type eq \"mobile\"].value"),
    ("phone", "phoneNumbers[type eq \"work\"].value"),
    ("phonenumber", "phoneNumbers[type eq \"work\"].value"),
    ("primaryphone", "phoneNumbers[type eq \"work\"].value"),
    ("workphone", "phoneNumbers[type eq \"work\"].value"),
    ("telephonenumber", "phoneNumbers[type eq \"work\"].value"),
    ("streetaddress", "addresses[type eq \"work\"].streetAddress"),
    ("city", "addresses[type eq \"work\"].locality"),
    ("state", "addresses[type eq \"work\"].region"),
    ("zipcode", "addresses[type eq \"work\"].postalCode"),
    ("postalcode", "addresses[type eq \"work\"].postalCode"),
    ("country", "addresses[type eq \"work\"].country"),
    ("countrycode", "addresses[type eq \"work\"].country"),
    ("language", "preferredLanguage"),
];

/// What they call a user's groups.
const GROUPS: [&str; 4] = ["groups", "group", "groupnames", "memberof"];

/// The same for groups.
const GROUP_SPELLINGS: &[(&str, &str)] =
    &[("name", "displayName"), ("groupname", "displayName"), ("group", "displayName")];

/// What they call a group's members.
const MEMBERS: [&str; 3] = ["members", "member", "membernames"];

/// What a header of a file of users means; `None`: nothing that a user here has.
pub(super) fn of_user(header: &str, schema: &ResourceSchema) -> Option<Column> {
    let plain = plain(header);
    if GROUPS.contains(&plain.as_str()) {
        return Some(Column::Groups);
    }
    attribute(header, &plain, schema, USER_SPELLINGS).map(Column::Attribute)
}

/// The same of a file of groups.
pub(super) fn of_group(header: &str, schema: &ResourceSchema) -> Option<Column> {
    let plain = plain(header);
    if MEMBERS.contains(&plain.as_str()) {
        return Some(Column::Members);
    }
    attribute(header, &plain, schema, GROUP_SPELLINGS).map(Column::Attribute)
}

fn attribute(header: &str, plain: &str, schema: &ResourceSchema, spellings: &[(&str, &str)]) -> Option<Place> {
    let spelled = || spellings.iter().find(|(spelling, _)| *spelling == plain).map(|(_, path)| *path);
    locate(header.trim(), schema).or_else(|| locate(spelled()?, schema)).or_else(|| locate(plain, schema))
}

/// `First Name [Required]` → `firstname`.
fn plain(header: &str) -> String {
    let words = header.split(['[', '(']).next().unwrap_or_default();
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The attribute that a path names, if a client can set it.
pub(super) fn locate(path: &str, schema: &ResourceSchema) -> Option<Place> {
    let extension = schema.extensions().iter().find_map(|extension| {
        let (urn, rest) = (path.get(..extension.id.len())?, path.get(extension.id.len()..)?);
        urn.eq_ignore_ascii_case(&extension.id).then(|| Some((extension, rest.strip_prefix(':')?)))?
    });
    let core = schema.core();
    let core_path = path.strip_prefix(core.id.as_str()).and_then(|rest| rest.strip_prefix(':')).unwrap_or(path);
    let (urn, rest) = match extension {
        Some((extension, rest)) => (Some(&extension.id), rest),
        None => (None, core_path),
    };
    let (name, element, sub) = parts(rest)?;
    let in_extensions = || {
        let found = schema.extensions().iter().find_map(|known| Some((Some(&known.id), known.attribute(name)?)));
        found.filter(|_| urn.is_none())
    };
    let own = match extension {
        Some((extension, _)) => extension.attribute(name),
        None => core.attribute(name),
    };
    if own.is_none() && urn.is_none() && name.eq_ignore_ascii_case("externalId") && element.is_none() && sub.is_none() {
        let attribute = "externalId".to_owned();
        return Some(Place { urn: None, attribute, element: None, sub: None, kind: Scalar::Text });
    }
    let (urn, attribute) = own.map(|attribute| (urn, attribute)).or_else(in_extensions)?;
    place(urn, attribute, element, sub)
}

/// `emails[2].value` → its three parts.
fn parts(path: &str) -> Option<(&str, Option<Element>, Option<&str>)> {
    let Some((name, rest)) = path.split_once('[') else {
        let (name, sub) = path.split_once('.').map_or((path, None), |(name, sub)| (name, Some(sub)));
        return Some((name, None, sub));
    };
    let (inside, rest) = rest.split_once(']')?;
    let element = match inside.trim().parse() {
        Ok(0) => return None,
        Ok(number) => Element::Number(number),
        Err(_) => {
            let kind = inside.trim().strip_prefix("type eq \"")?.strip_suffix('"')?;
            Element::Typed(kind.to_owned())
        }
    };
    Some((name, Some(element), if rest.is_empty() { None } else { Some(rest.strip_prefix('.')?) }))
}

fn place(urn: Option<&String>, attribute: &Attribute, element: Option<Element>, sub: Option<&str>) -> Option<Place> {
    let is_settable = |attribute: &Attribute| attribute.mutability != Mutability::ReadOnly;
    let part = match (attribute.kind, sub) {
        // Without a part, the value itself is meant: `manager`, `emails`.
        (Kind::Complex, sub) => Some(attribute.sub(sub.unwrap_or("value"))?),
        (_, None) => None,
        _ => return None,
    };
    if !is_settable(attribute) || !part.is_none_or(is_settable) || (element.is_some() && !attribute.multi_valued) {
        return None;
    }
    let kind = match part.unwrap_or(attribute).kind {
        Kind::Boolean => Scalar::Boolean,
        Kind::Integer | Kind::Decimal => Scalar::Number,
        _ => Scalar::Text,
    };
    Some(Place {
        urn: urn.cloned(),
        attribute: attribute.name.clone(),
        element: attribute.multi_valued.then(|| element.unwrap_or(Element::Number(1))),
        sub: part.map(|part| part.name.clone()),
        kind,
    })
}
