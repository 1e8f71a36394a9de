//! What was wrong with an address, and which one would have been right. Pure rules over a path and the directories that there are.
//!
//! Who names a directory is told its base URL. Who names none learns nothing of the directories here: that is shown on screen only.

use percent_encoding::percent_decode_str;

use crate::facts::ENDPOINTS;
use crate::model::DirectoryId;

/// Segments of a path that are looked at.
const MOST_SEGMENTS: usize = 16;

/// Characters of a segment that is compared with ids and endpoints.
const LONGEST: usize = 32;

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

/// A directory that a path can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: DirectoryId,
    pub(crate) name: String,
    pub(crate) base_url: String,
}

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misaddressed {
    /// For the row, after "nearly right: "; `None`: nothing to do with SCIM.
    pub(crate) reason: Option<String>,
    /// Why it did not work.
    pub(crate) text: String,
    /// What to do.
    pub(crate) advice: String,
    /// The base URL that would have been right, as far as that can be told.
    pub(crate) base_url: Option<String>,
}

/// Finds what is wrong with a path that leads nowhere. `known` are the directories that it may be about.
pub(crate) fn diagnose(path: &str, known: &[Known]) -> Misaddressed {
    let segments = segments(path);
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match lower
        .iter()
        .enumerate()
        .find_map(|(at, segment)| Some((at, known.iter().find(|known| known.id.0 == *segment)?)))
    {
        Some((at, directory)) => named(&segments, &lower, at, directory),
        None => unnamed(path, &segments, &lower, known),
    }
}

/// The segments of a path that may name a directory, in lower case.
pub(crate) fn candidates(path: &str) -> Vec<String> {
    segments(path).into_iter().map(|segment| segment.to_lowercase()).collect()
}

/// What is answered to somebody who named no directory. `host` is the one that was addressed.
pub(crate) fn detail_for_strangers(path: &str, host: &str) -> String {
    let lower: Vec<String> = candidates(path);
    let is_near = lower.first().is_none_or(|first| first == "scim" || first == "v2")
        || lower.iter().any(|segment| ENDPOINTS.iter().any(|endpoint| endpoint.eq_ignore_ascii_case(segment)));
    if is_near {
        format!(
            "This is SCIM Setup, but the address names no directory. A base URL looks like {host}/scim/v2/ and a directory's id: copy the \
             whole of it from the directory's page."
        )
    } else {
        "There is nothing here. SCIM endpoints begin with /scim/v2/ and a directory's id.".to_owned()
    }
}

/// What is answered to somebody who named a directory at a wrong address.
pub(crate) fn detail_for_named(misaddressed: &Misaddressed) -> String {
    match &misaddressed.base_url {
        Some(base_url) => format!("{} The base URL is {base_url}", misaddressed.text),
        None => misaddressed.text.clone(),
    }
}

/// A path in which a directory's id stands somewhere.
fn named(segments: &[String], lower: &[&str], at: usize, directory: &Known) -> Misaddressed {
    let (before, after) = (&lower[..at], &lower[at + 1..]);
    let wrong = |reason: &str, text: String, advice: &str| Misaddressed {
        reason: Some(reason.to_owned()),
        text,
        advice: advice.to_owned(),
        base_url: Some(directory.base_url.clone()),
    };
    const PASTE: &str = "Paste the base URL as it is, with nothing before and nothing after it.";
    if before == ["scim", "v2"] || before == ["scim"] {
        if segments[at] != directory.id.0 {
            let text =
                format!("The directory\u{2019}s id is written {:?}; it has to be {:?}.", segments[at], directory.id);
            return wrong("the id is in other letter case", text, PASTE);
        }
        return behind_the_base_url(&segments[at + 1..], after, directory, wrong);
    }
    match before {
        ["scim", "v2", "scim", "v2"] | ["scim", "scim", "v2"] | ["scim", "v2", "v2"] => wrong(
            "/scim/v2 stands there twice",
            "The path has /scim/v2 twice before the directory\u{2019}s id.".to_owned(),
            "The base URL contains /scim/v2 already: do not add it again.",
        ),
        ["scim", version] if is_version(version) => wrong(
            "wrong version",
            format!("The path says {version}; this server speaks SCIM 2.0, so it has to be v2."),
            "Paste the base URL as it is.",
        ),
        ["v2"] | ["v2", ..] => wrong(
            "/scim is missing",
            "The path has no /scim before /v2.".to_owned(),
            "Paste the base URL as it is. If a proxy takes /scim away, let it forward paths unchanged.",
        ),
        [] => wrong(
            "/scim/v2 is missing",
            "The path begins with the directory\u{2019}s id; /scim/v2 is missing before it.".to_owned(),
            "Paste the base URL as it is. If a proxy takes /scim/v2 away, let it forward paths unchanged.",
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
    const WITHOUT: &str = "Take it away from the end of the base URL: the identity provider adds it itself.";
    match lower {
        [first, .., last] if **last == *directory.id || (lower.contains(&&*directory.id) && *first == "scim") => wrong(
            "the base URL stands there twice",
            "The base URL stands in the path twice.".to_owned(),
            "Clear the field, then paste the base URL once.",
        ),
        [_, ..] if lower.contains(&&*directory.id) => wrong(
            "the base URL stands there twice",
            "The directory\u{2019}s id stands in the path twice.".to_owned(),
            "Clear the field, then paste the base URL once.",
        ),
        [one, two, ..] if one == two && is_endpoint(one) => wrong(
            &format!("/{} stands there twice", segments[0]),
            format!("The path has /{} twice.", segments[0]),
            WITHOUT,
        ),
        ["users" | "groups", endpoint, ..] if is_endpoint(endpoint) => wrong(
            &format!("/{} before /{}", segments[0], segments[1]),
            format!("The path has /{} before /{}.", segments[0], segments[1]),
            WITHOUT,
        ),
        ["scim", ..] => wrong(
            "/scim stands there twice",
            "The path has /scim behind the directory\u{2019}s id, too.".to_owned(),
            "The base URL ends with the directory\u{2019}s id: do not add anything to it.",
        ),
        [version, ..] if is_version(version) => wrong(
            "a version behind the base URL",
            format!("The path has /{version} behind the directory\u{2019}s id."),
            "The base URL ends with the directory\u{2019}s id: do not add anything to it.",
        ),
        [first, ..] => match nearest_endpoint(first) {
            Some(endpoint) => wrong(
                &format!("the endpoint is called /{endpoint}"),
                format!("There is no endpoint /{}: it is called /{endpoint}.", segments[0]),
                "The identity provider makes this part of the path: look for a setting of the resource\u{2019}s path there.",
            ),
            None => Misaddressed {
                reason: None,
                text: format!(
                    "There is no endpoint /{}. Directories have /Users, /Groups, /Bulk, /ServiceProviderConfig, /Schemas and /ResourceTypes.",
                    segments.join("/")
                ),
                advice: "If it is part of the base URL that was pasted, take it away from its end.".to_owned(),
                base_url: Some(directory.base_url.clone()),
            },
        },
        [] => wrong(
            "nothing behind the base URL",
            "The path ends with the directory\u{2019}s id.".to_owned(),
            "Paste the base URL as it is.",
        ),
    }
}

/// A path in which no id of a directory stands.
fn unnamed(path: &str, segments: &[String], lower: &[&str], known: &[Known]) -> Misaddressed {
    let only = match known {
        [only] => Some(only),
        _ => None,
    };
    let paste = |directory: Option<&Known>| match directory {
        Some(directory) => {
            format!("Paste the base URL of \u{201c}{}\u{201d} into the identity provider.", directory.name)
        }
        None => {
            "Copy the base URL from the directory\u{2019}s page and paste it into the identity provider.".to_owned()
        }
    };
    let missing = |reason: &str, text: &str| Misaddressed {
        reason: Some(reason.to_owned()),
        text: text.to_owned(),
        advice: paste(only),
        base_url: only.map(|directory| directory.base_url.clone()),
    };
    match lower {
        [] => missing("only the host", "The path is empty: the base URL goes on after the host."),
        [name] if BROWSERS_OWN.contains(name) => nothing("Browsers ask for this by themselves.", "Nothing to do."),
        ["scim" | "v2"] | ["scim", "v2"] => missing(
            "the directory\u{2019}s id is missing",
            "The base URL ends too early: the directory\u{2019}s id is missing at its end.",
        ),
        ["scim", "v2", endpoint, ..] if is_endpoint(endpoint) => missing(
            "the directory\u{2019}s id is missing",
            "The directory\u{2019}s id is missing between /scim/v2 and the endpoint.",
        ),
        ["scim" | "v2", endpoint, ..] if is_endpoint(endpoint) => missing(
            "/v2 and the directory\u{2019}s id are missing",
            "Version and directory are missing before the endpoint.",
        ),
        ["scim", version, ..] if is_version(version) && *version != "v2" => {
            missing("wrong version", "This server speaks SCIM 2.0: the path has to begin with /scim/v2.")
        }
        [endpoint, ..] if is_endpoint(endpoint) => missing(
            "only the host was pasted",
            "/scim/v2 and the directory\u{2019}s id are missing before the endpoint.",
        ),
        ["scim", "v2", _, ..] => unknown_id(&segments[2], known, paste),
        ["scim", _, ..] => unknown_id(&segments[1], known, paste),
        _ if PROBED.iter().any(|probed| path.to_lowercase().contains(probed)) => nothing(
            "Somebody tries addresses at random, as happens to every public address.",
            "Nothing to do: only SCIM is answered, and only with a token.",
        ),
        _ => nothing(
            "This is no address of a SCIM directory.",
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
        _ if is_placeholder => {
            ("a placeholder for the id", format!("{id:?} was never replaced by a directory\u{2019}s id."))
        }
        Some(nearest) => (
            "a mistyped id",
            format!(
                "There is no directory with the id {id:?}; {:?} is that of \u{201c}{}\u{201d}.",
                nearest.id, nearest.name
            ),
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
    }
}

fn nothing(text: &str, advice: &str) -> Misaddressed {
    Misaddressed { reason: None, text: text.to_owned(), advice: advice.to_owned(), base_url: None }
}

fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).take(MOST_SEGMENTS);
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// `v1`, `v2.0`.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a segment names an endpoint, whatever its letter case.
fn is_endpoint(segment: &str) -> bool {
    ENDPOINTS.iter().any(|endpoint| endpoint.eq_ignore_ascii_case(segment))
}

/// The endpoint that was meant: in other letter case, in the singular, or mistyped.
pub(crate) fn nearest_endpoint(segment: &str) -> Option<&'static str> {
    let lower = segment.to_lowercase();
    ENDPOINTS.into_iter().find(|endpoint| {
        let endpoint = endpoint.to_lowercase();
        lower == endpoint
            || endpoint.strip_suffix('s') == Some(&lower)
            || (lower.len() > 3 && distance(&lower, &endpoint) == 1)
    })
}

/// How many characters differ, are missing or are too many, of short texts; what is long is far from everything.
fn distance(one: &str, other: &str) -> usize {
    if one.chars().count() > LONGEST { usize::MAX } else { strsim::levenshtein(one, other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://ada.example/scim/v2/k3v9tq2mxa";

    fn known() -> Vec<Known> {
        let directory = |id: &str, name: &str| Known {
            id: id.into(),
            name: name.into(),
            base_url: format!("https://ada.example/scim/v2/{id}"),
        };
        vec![directory("k3v9tq2mxa", "Okta Preview"), directory("zzzzzzzzzz", "Entra ID")]
    }

    #[test]
    fn a_path_that_names_a_directory_gets_its_base_url() {
        for (path, reason) in [
            ("/scim/v2/k3v9tq2mxa/Users/Users", "/Users stands there twice"),
            ("/scim/v2/k3v9tq2mxa/Users/Users/2819c223", "/Users stands there twice"),
            ("/scim/v2/k3v9tq2mxa/Users/Groups", "/Users before /Groups"),
            ("/scim/v2/k3v9tq2mxa/Users/ServiceProviderConfig", "/Users before /ServiceProviderConfig"),
            ("/scim/v2/K3V9TQ2MXA/Users", "the id is in other letter case"),
            ("/scim/v1/k3v9tq2mxa/Users", "wrong version"),
            ("/scim/v2.0/k3v9tq2mxa/Users", "wrong version"),
            ("/v2/k3v9tq2mxa/Users", "/scim is missing"),
            ("/k3v9tq2mxa/Users", "/scim/v2 is missing"),
            ("/k3v9tq2mxa", "/scim/v2 is missing"),
            ("/scim/v2/scim/v2/k3v9tq2mxa/Users", "/scim/v2 stands there twice"),
            ("/scim/v2/k3v9tq2mxa/scim/v2/k3v9tq2mxa/Users", "the base URL stands there twice"),
            ("/scim/v2/k3v9tq2mxa/https:/ada.example/scim/v2/k3v9tq2mxa/Users", "the base URL stands there twice"),
            ("/scim/v2/k3v9tq2mxa/k3v9tq2mxa", "the base URL stands there twice"),
            ("/scim/v2/k3v9tq2mxa/scim/v2/Users", "/scim stands there twice"),
            ("/scim/v2/k3v9tq2mxa/v1/Users", "a version behind the base URL"),
            ("/api/scim/v2/k3v9tq2mxa/Users", "there is something before /scim/v2"),
            ("/directories/k3v9tq2mxa", "the beginning of the path is wrong"),
            ("/scim/v2/k3v9tq2mxa/User", "the endpoint is called /Users"),
            ("/scim/v2/k3v9tq2mxa/usres", "the endpoint is called"),
            ("/scim/v2/k3v9tq2mxa/Grops", "the endpoint is called /Groups"),
        ] {
            let found = diagnose(path, &known());
            if path.contains("usres") {
                assert_eq!(found.reason, None, "two letters differ");
                continue;
            }
            assert_eq!(found.reason.as_deref(), Some(reason), "{path}: {found:?}");
            assert_eq!(found.base_url.as_deref(), Some(BASE), "{path}");
            assert!(detail_for_named(&found).ends_with(BASE), "{path}: {found:?}");
        }
    }

    #[test]
    fn a_path_that_names_none_says_what_is_missing() {
        for (path, reason) in [
            ("/", Some("only the host")),
            ("/scim", Some("id is missing")),
            ("/scim/v2", Some("id is missing")),
            ("/scim/v2/", Some("id is missing")),
            ("/scim/v2/Users", Some("id is missing")),
            ("/scim/v2/Users/1", Some("id is missing")),
            ("/scim/Users", Some("/v2 and the directory")),
            ("/v2/Users", Some("/v2 and the directory")),
            ("/scim/v1/Users", Some("wrong version")),
            ("/Users", Some("only the host was pasted")),
            ("/ServiceProviderConfig", Some("only the host was pasted")),
            ("/scim/v2/k3v9tq2mx/Users", Some("a mistyped id")),
            ("/scim/v2/k3v9tq2mxb/Users", Some("a mistyped id")),
            ("/scim/v2/k3v9tqmxa2/Users", Some("a mistyped id")),
            ("/scim/v2/%3Cid%3E/Users", Some("a placeholder for the id")),
            ("/scim/v2/{id}/Users", Some("a placeholder for the id")),
            ("/scim/v2/aaaaaaaaaa/Users", Some("no directory has this id")),
            ("/favicon.ico", None),
            ("/wp-login.php", None),
            ("/.env", None),
            ("/something/else", None),
        ] {
            let found = diagnose(path, &known());
            match reason {
                Some(reason) => {
                    assert!(found.reason.as_deref().is_some_and(|text| text.contains(reason)), "{path}: {found:?}")
                }
                None => assert_eq!(found.reason, None, "{path}: {found:?}"),
            }
            let is_near = reason == Some("a mistyped id");
            assert_eq!(found.base_url.as_deref(), is_near.then_some(BASE), "{path}: which of the two is not told");
            let detail = detail_for_strangers(path, "https://ada.example");
            assert!(!detail.contains("k3v9tq2mxa"), "{path}: strangers learn no id: {detail}");
        }
        let one = &known()[..1];
        assert_eq!(
            diagnose("/scim/v2", one).base_url.as_deref(),
            Some(BASE),
            "where there is one directory only, it is meant"
        );
        assert!(detail_for_strangers("/scim/Users", "https://ada.example").contains("https://ada.example/scim/v2/"));
        assert!(detail_for_strangers("/wp-login.php", "https://ada.example").starts_with("There is nothing here"));
    }

    #[test]
    fn long_paths_are_no_work() {
        let path = format!("/scim/v2/{}", "k3v9tq2mx/".repeat(100_000));
        assert_eq!(diagnose(&path, &known()).reason.as_deref(), Some("a mistyped id"));
        assert_eq!(distance(&"x".repeat(100_000), "k3v9tq2mxa"), usize::MAX);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
