//! Variables that a client sent in the place of their values.

/// What programs make of a value that they do not have.
const NOTHING: [&str; 3] = ["undefined", "null", "[object Object]"];

/// What stands around the name of a variable in Postman, JavaScript, shells, Windows and documentation.
const AROUND: [(&str, &str); 6] = [("{{", "}}"), ("${", "}"), ("$(", ")"), ("{", "}"), ("<", ">"), ("%", "%")];

/// Whether a text is, or has in it, a variable that nobody filled in: `{{userId}}`, `${user.email}`, `undefined`.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    NOTHING.contains(&text) || AROUND.iter().any(|(before, after)| has_variable(text, before, after))
}

fn has_variable(text: &str, before: &str, after: &str) -> bool {
    let Some((lead, rest)) = text.split_once(before) else { return false };
    let Some((name, tail)) = rest.split_once(after) else { return false };
    // One character around it is too little to go by in a longer text.
    let is_clear = before.len() > 1 || (lead.is_empty() && tail.is_empty());
    is_clear && is_variable(name.trim())
}

/// `user.email`, `user_id`, `user['name']`
fn is_variable(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-$ []'\"".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || "_$".contains(c)) && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_recognized_and_names_are_not() {
        for text in [
            "{{userId}}",
            "{{ user.email }}",
            "${user.email}",
            "${firstName}@example.com",
            "$(USER)",
            "{id}",
            "<userId>",
            "%USERNAME%",
            "undefined",
            " null ",
            "[object Object]",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "ada@example.com",
            "Null",
            "100 % {x} y",
            "a < b > c",
            "$5",
            "{}",
            "{{}}",
            "<3>",
            "undefined behavior",
            "50%",
            "100%off%",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
