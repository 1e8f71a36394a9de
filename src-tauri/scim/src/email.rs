//! Rules about email addresses that single service providers have and no RFC knows.

use crate::policy::Rule;
use crate::{Notes, Policy, Result, ScimError, is_same_text};

/// Checks a `userName` against the policy. `domains`, in lower case, are those that its organization's people have; empty: any.
///
/// # Errors
/// `invalidValue` with SSOReady's words "bad userName" or "email outside organization domains", where the policy refuses.
pub fn check_user_name(user_name: &str, domains: &[String], policy: &Policy, notes: &mut Notes) -> Result<()> {
    let Some(domain) = domain(user_name) else {
        let text = format!("bad userName: {user_name:?} is not an email address. Map userName to the email address.");
        return enforce(policy.user_name_is_email(), "user-name-email", text, notes);
    };
    if domains.is_empty() || domains.iter().any(|known| is_same_text(known, &domain)) {
        return Ok(());
    }
    let text = format!(
        "email outside organization domains: {user_name:?} is not in {}. Add {domain} to the organization's email domains if it belongs there.",
        domains.join(", ")
    );
    enforce(policy.email_domain(), "email-domain", text, notes)
}

fn enforce(rule: Rule, name: &'static str, text: String, notes: &mut Notes) -> Result<()> {
    match rule {
        Rule::Off => {}
        Rule::Warn => notes.add(name, "RFC 7643 §4.1.1", text),
        Rule::Refuse => return Err(ScimError::invalid_value(text)),
    }
    Ok(())
}

/// The domain of an email address in lower case; `None` for what is not an address. Only the shape is looked at: which addresses exist is
/// nobody's business here.
fn domain(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let is_address = !local.is_empty()
        && !local.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control())
        && domain.split('.').all(is_label);
    is_address.then(|| domain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(user_name: &str, policy: &Policy) -> (bool, Vec<String>) {
        let mut notes = Notes::new();
        let domains = ["example.com".to_owned()];
        let result = check_user_name(user_name, &domains, policy, &mut notes);
        (result.is_ok(), notes.into_vec().into_iter().map(|note| note.rule).collect())
    }

    #[test]
    fn user_names_are_checked_as_the_policy_says() {
        let refusing =
            Policy { user_name_is_email: Some(Rule::Refuse), email_domain: Some(Rule::Refuse), ..Policy::default() };
        for (user_name, is_address, is_inside) in [
            ("ada@example.com", true, true),
            ("Ada.Lovelace+x@EXAMPLE.com", true, true),
            ("ada@localhost", true, false),
            ("ada@sub.example.com", true, false),
            ("ada@example.com.evil.test", true, false),
            ("ada", false, false),
            ("@example.com", false, false),
            ("ada@", false, false),
            ("ada lovelace@example.com", false, false),
            ("ada@@example.com", false, false),
            ("ada@-example.com", false, false),
        ] {
            assert_eq!(check(user_name, &refusing), (is_address && is_inside, vec![]), "{user_name}");
            assert_eq!(check(user_name, &Policy::strict()), (true, vec![]), "{user_name}");
            let expected = match (is_address, is_inside) {
                (false, _) => vec!["user-name-email".to_owned()],
                (true, false) => vec!["email-domain".to_owned()],
                (true, true) => vec![],
            };
            assert_eq!(check(user_name, &Policy::tolerant()), (true, expected), "{user_name}");
        }
        let mut notes = Notes::new();
        let error = check_user_name("ada", &[], &refusing, &mut notes).expect_err("no address");
        assert!(error.detail.starts_with("bad userName"), "{error}");
        let error = check_user_name("a@b.test", &["c.test".into()], &refusing, &mut notes).expect_err("another domain");
        assert!(error.detail.starts_with("email outside organization domains"), "{error}");
        assert!(check_user_name("a@b.test", &[], &refusing, &mut notes).is_ok());
    }
}
