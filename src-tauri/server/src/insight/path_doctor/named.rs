//! A path in which a directory's id stands somewhere.

use super::segments::{is_endpoint, is_version, nearest_endpoint};
use super::{Known, Misaddressed};

/// A path in which a directory's id stands somewhere.
pub(super) fn named(segments: &[String], lower: &[&str], at: usize, directory: &Known) -> Misaddressed {
    let (before, after) = (&lower[..at], &lower[at + 1..]);
    let wrong = |reason: &str, text: String, advice: &str| Misaddressed {
        reason: Some(reason.to_owned()),
        text,
        advice: advice.to_owned(),
        base_url: Some(directory.base_url.clone()),
        ..Misaddressed::default()
    };
    const PASTE: &str = "Paste the base URL as it is, with nothing before and nothing after it.";
    if before == ["scim", "v2"] || before == ["scim"] {
        if segments[at] != directory.id.0 {
            let text = format!("The directory’s id is written {:?}; it has to be {:?}.", segments[at], directory.id);
            return wrong("the id is in a different case", text, PASTE);
        }
        return behind_the_base_url(&segments[at + 1..], after, directory, wrong);
    }
    match before {
        ["scim", "v2", "scim", "v2"] | ["scim", "scim", "v2"] | ["scim", "v2", "v2"] => wrong(
            "/scim/v2 appears twice",
            "The path has /scim/v2 twice before the directory’s id.".to_owned(),
            "The base URL already contains /scim/v2: do not add it again.",
        ),
        ["scim", version] if is_version(version) => wrong(
            "wrong version",
            format!("The path says {version}; this server speaks SCIM 2.0, so it has to be v2."),
            "Paste the base URL as it is.",
        ),
        ["v2"] | ["v2", ..] => wrong(
            "/scim is missing",
            "The path has no /scim before /v2.".to_owned(),
            "Paste the base URL as it is. If a proxy strips /scim, let it forward paths unchanged.",
        ),
        [] => wrong(
            "/scim/v2 is missing",
            "The path begins with the directory’s id; /scim/v2 is missing before it.".to_owned(),
            "Paste the base URL as it is. If a proxy strips /scim/v2, let it forward paths unchanged.",
        ),
        [first @ .., "scim", "v2"] => wrong(
            "there is something before /scim/v2",
            format!("The path has /{} before /scim/v2.", first.join("/")),
            "Paste the base URL as it is. If a proxy adds it, let it forward paths unchanged.",
        ),
        _ => wrong(
            "the beginning of the path is wrong",
            "The path names the directory, but not as /scim/v2/ and its id.".to_owned(),
            "Paste the base URL as it is.",
        ),
    }
}

fn behind_the_base_url(
    segments: &[String],
    lower: &[&str],
    directory: &Known,
    wrong: impl Fn(&str, String, &str) -> Misaddressed,
) -> Misaddressed {
    const WITHOUT: &str = "Remove it from the end of the base URL: the identity provider adds it itself.";
    match lower {
        [first, .., last] if **last == *directory.id || (lower.contains(&&*directory.id) && *first == "scim") => wrong(
            "the base URL appears twice",
            "The base URL appears twice in the path.".to_owned(),
            "Clear the field, then paste the base URL once.",
        ),
        [_, ..] if lower.contains(&&*directory.id) => wrong(
            "the base URL appears twice",
            "The directory’s id appears twice in the path.".to_owned(),
            "Clear the field, then paste the base URL once.",
        ),
        [one, two, ..] if one == two && is_endpoint(one) => {
            wrong(&format!("/{} appears twice", segments[0]), format!("The path has /{} twice.", segments[0]), WITHOUT)
        }
        ["users" | "groups", endpoint, ..] if is_endpoint(endpoint) => wrong(
            &format!("/{} before /{}", segments[0], segments[1]),
            format!("The path has /{} before /{}.", segments[0], segments[1]),
            WITHOUT,
        ),
        ["scim", ..] => wrong(
            "/scim appears twice",
            "The path also has /scim after the directory’s id.".to_owned(),
            "The base URL ends with the directory’s id: do not add anything to it.",
        ),
        [version, ..] if is_version(version) => wrong(
            "a version after the base URL",
            format!("The path has /{version} after the directory’s id."),
            "The base URL ends with the directory’s id: do not add anything to it.",
        ),
        [first, ..] => match nearest_endpoint(first) {
            Some(endpoint) => wrong(
                &format!("the endpoint is called /{endpoint}"),
                format!("There is no endpoint /{}: it is called /{endpoint}.", segments[0]),
                "The identity provider builds this part of the path: look for its resource path setting.",
            ),
            None => Misaddressed {
                reason: None,
                text: format!(
                    "There is no endpoint /{}. Directories have /Users, /Groups, /Bulk, /ServiceProviderConfig, /Schemas and /ResourceTypes.",
                    segments.join("/")
                ),
                advice: "If it is part of the pasted base URL, remove it from the end.".to_owned(),
                base_url: Some(directory.base_url.clone()),
                ..Misaddressed::default()
            },
        },
        [] => wrong(
            "nothing after the base URL",
            "The path ends with the directory’s id.".to_owned(),
            "Paste the base URL as it is.",
        ),
    }
}
