//! What stands in a cell. A spreadsheet takes what begins with `=`, `+`, `-` or `@` for a formula, so an apostrophe is put before it, as a
//! person would; a reader takes it away again. Of several names in a cell each has its own: where semicolons are between cells, each is one.

/// What a formula begins with, or what a spreadsheet leaves out before one (OWASP, CSV injection).
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

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

/// Several names as they are written into a cell.
pub(super) fn join<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter().map(|name| defuse(name).replace('\\', r"\\").replace(SEPARATOR, r"\;"));
    names.collect::<Vec<_>>().join(";")
}

/// The names that were written into a cell.
pub(super) fn split(cell: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut characters = cell.chars().peekable();
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
    names.into_iter().map(|name| restore(name.trim()).to_owned()).filter(|name| !name.is_empty()).collect()
}

/// `true` of what exports of identity providers say of somebody who is active.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
        "true" | "yes" | "1" | "y" | "active" | "enabled" => Some(true),
        // Okta's: somebody who cannot sign in right now has not lost the account.
        "locked_out" | "password_expired" | "recovery" | "provisioned" => Some(true),
        "false" | "no" | "0" | "n" | "inactive" | "disabled" => Some(false),
        "deactivated" | "deprovisioned" | "suspended" | "staged" => Some(false),
        _ => None,
    }
}
