//! What stands in a cell. A spreadsheet takes what begins with `=`, `+`, `-` or `@` for a formula, so an apostrophe is put before it, as a
//! person would; a reader takes it away again.

/// What a formula begins with, or what a spreadsheet leaves out before one (OWASP, CSV injection).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What stands between several names in a cell.
const SEPARATOR: char = ';';

/// A text as it is written into a cell.
pub(super) fn defuse(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

/// What was written into a cell.
pub(super) fn restore(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}

/// Several names as one text.
pub(super) fn join<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter().map(|name| name.replace('\\', r"\\").replace(SEPARATOR, r"\;"));
    names.collect::<Vec<_>>().join(";")
}

/// The names that a text has.
pub(super) fn split(text: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek().is_some_and(|next| ['\\', SEPARATOR].contains(next)) => {
                name.extend(characters.next());
            }
            SEPARATOR => names.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    names.push(name);
    names.into_iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// `true` of what exports of identity providers say of somebody who is active.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" | "y" | "active" | "enabled" => Some(true),
        "false" | "no" | "0" | "n" | "inactive" | "disabled" | "deactivated" | "deprovisioned" | "suspended" => {
            Some(false)
        }
        _ => None,
    }
}
