//! A path in which no id of a directory stands.

use super::segments::{distance, is_endpoint, is_version};
use super::{Known, Misaddressed};

/// What browsers ask for by themselves.
const BROWSERS_OWN: [&str; 4] =
    ["favicon.ico", "robots.txt", "apple-touch-icon.png", "apple-touch-icon-precomposed.png"];

/// What those look for who try addresses at random.
const PROBED: [&str; 14] = [
    ".env",
    ".git",
    ".aws",
    ".php",
    "wp-",
    "cgi-bin",
    "actuator",
    "phpmyadmin",
    "vendor/",
    "/admin",
    "/login",
    "solr",
    "jenkins",
    "owa/",
];

/// A path in which no id of a directory stands.
pub(super) fn unnamed(path: &str, segments: &[String], lower: &[&str], known: &[Known]) -> Misaddressed {
    let only = match known {
        [only] => Some(only),
        _ => None,
    };
    let paste = |directory: Option<&Known>| match directory {
        Some(directory) => {
            format!("Paste the base URL of “{}” into the identity provider.", directory.name)
        }
        None => "Copy the base URL from the directory’s page and paste it into the identity provider.".to_owned(),
    };
    let missing = |reason: &str, text: &str| Misaddressed {
        reason: Some(reason.to_owned()),
        text: text.to_owned(),
        advice: paste(only),
        base_url: only.map(|directory| directory.base_url.clone()),
        ..Misaddressed::default()
    };
    match lower {
        [] => missing("only the host", "The path is empty: the base URL continues after the host."),
        [name] if BROWSERS_OWN.contains(name) => nothing("Browsers request this automatically.", "Nothing to do."),
        ["scim" | "v2"] | ["scim", "v2"] => missing(
            "the directory’s id is missing",
            "The base URL ends too early: the directory’s id is missing at its end.",
        ),
        ["scim", "v2", endpoint, ..] if is_endpoint(endpoint) => {
            missing("the directory’s id is missing", "The directory’s id is missing between /scim/v2 and the endpoint.")
        }
        ["scim" | "v2", endpoint, ..] if is_endpoint(endpoint) => {
            missing("/v2 and the directory’s id are missing", "Version and directory are missing before the endpoint.")
        }
        ["scim", version, ..] if is_version(version) && *version != "v2" => {
            missing("wrong version", "This server speaks SCIM 2.0: the path has to begin with /scim/v2.")
        }
        [endpoint, ..] if is_endpoint(endpoint) => {
            missing("only the host was pasted", "/scim/v2 and the directory’s id are missing before the endpoint.")
        }
        ["scim", "v2", _, ..] => unknown_id(&segments[2], known, paste),
        ["scim", _, ..] => unknown_id(&segments[1], known, paste),
        _ if PROBED.iter().any(|probed| path.to_lowercase().contains(probed)) => nothing(
            "Somebody is trying random addresses, as happens to every public address.",
            "Nothing to do: only SCIM is answered, and only with a token.",
        ),
        _ => nothing(
            "This is not an address of a SCIM directory.",
            "If it comes from your identity provider, check the base URL there.",
        ),
    }
}

fn unknown_id(id: &str, known: &[Known], paste: impl Fn(Option<&Known>) -> String) -> Misaddressed {
    let is_placeholder = id.starts_with(['<', '{', '[', '$', ':']) || id.eq_ignore_ascii_case("id");
    let nearest = known
        .iter()
        .filter(|known| distance(&id.to_lowercase(), &known.id) <= 2)
        .min_by_key(|known| distance(id, &known.id));
    let (reason, text) = match nearest {
        _ if is_placeholder => ("a placeholder for the id", format!("{id:?} was never replaced by a directory’s id.")),
        Some(nearest) => (
            "a mistyped id",
            format!("There is no directory with the id {id:?}; {:?} is that of “{}”.", nearest.id, nearest.name),
        ),
        None => {
            ("no directory has this id", format!("There is no directory with the id {id:?}. It may have been deleted."))
        }
    };
    let directory = nearest.or(match known {
        [only] => Some(only),
        _ => None,
    });
    Misaddressed {
        reason: Some(reason.to_owned()),
        text,
        advice: paste(directory),
        base_url: directory.map(|directory| directory.base_url.clone()),
        ..Misaddressed::default()
    }
}

fn nothing(text: &str, advice: &str) -> Misaddressed {
    Misaddressed { reason: None, text: text.to_owned(), advice: advice.to_owned(), ..Misaddressed::default() }
}
