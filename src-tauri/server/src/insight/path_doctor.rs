//! What was wrong with an address, and which one would have been right. Pure rules over a path and the directories that there are.
//!
//! Who names a directory is told its base URL. Who names none learns nothing of the directories here: that is shown on screen only.

mod compared;
mod named;
mod segments;
mod unnamed;

pub(crate) use self::compared::compared;
use self::named::named;
use self::segments::segments;
use self::unnamed::unnamed;
use crate::facts::ENDPOINTS;
use crate::model::{DirectoryId, PathPart};

/// A directory that a path can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: DirectoryId,
    pub(crate) name: String,
    pub(crate) base_url: String,
}

/// What is wrong with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Misaddressed {
    /// For the row, after "called a wrong address"; `None`: nothing to do with SCIM.
    pub(crate) reason: Option<String>,
    /// Why it did not work.
    pub(crate) text: String,
    /// What to do.
    pub(crate) advice: String,
    /// The base URL that would have been right, as far as that can be told.
    pub(crate) base_url: Option<String>,
    /// The directory that was meant, as far as that can be told.
    pub(crate) directory: Option<DirectoryId>,
    /// The path that came, held against the right one of that directory.
    pub(crate) path: Vec<PathPart>,
}

/// Finds what is wrong with a path that leads nowhere. `known` are the directories that it may be about.
pub(crate) fn diagnose(path: &str, known: &[Known]) -> Misaddressed {
    let segments = segments(path);
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let found = match lower
        .iter()
        .enumerate()
        .find_map(|(at, segment)| Some((at, known.iter().find(|known| known.id.0 == *segment)?)))
    {
        Some((at, directory)) => named(&segments, &lower, at, directory),
        None => unnamed(path, &segments, &lower, known),
    };
    let meant = known.iter().find(|known| found.base_url.as_ref() == Some(&known.base_url));
    let compared = meant.map(|meant| compared(path, &meant.id.0)).unwrap_or_default();
    Misaddressed { directory: meant.map(|meant| meant.id.clone()), path: compared, ..found }
}

/// The segments of a path that may name a directory, in lower case.
pub(crate) fn candidates(path: &str) -> Vec<String> {
    segments(path).into_iter().map(|segment| segment.to_lowercase()).collect()
}

/// How an answer begins to somebody who nearly named a directory, and to one who did not.
const NEARLY: &str = "This is SCIM Setup, but the address names no directory.";
const NOTHING: &str = "There is nothing here. SCIM endpoints begin with /scim/v2/ and a directory's id.";

/// What is answered to somebody who named no directory. `host` is the one that was addressed.
pub(crate) fn detail_for_strangers(path: &str, host: &str) -> String {
    let lower: Vec<String> = candidates(path);
    let is_near = lower.first().is_none_or(|first| first == "scim" || first == "v2")
        || lower.iter().any(|segment| ENDPOINTS.iter().any(|endpoint| endpoint.eq_ignore_ascii_case(segment)));
    if is_near {
        format!(
            "{NEARLY} A base URL looks like {host}/scim/v2/ and a directory's id: copy the whole of it from the directory's page."
        )
    } else {
        NOTHING.to_owned()
    }
}

/// Whether an answer says in its detail what [`detail_for_strangers`] says.
pub(crate) fn is_for_strangers(detail: &str) -> bool {
    [NEARLY, NOTHING].iter().any(|beginning| detail.starts_with(beginning))
}

/// What is answered to somebody who named a directory at a wrong address.
pub(crate) fn detail_for_named(misaddressed: &Misaddressed) -> String {
    match &misaddressed.base_url {
        Some(base_url) => format!("{} The base URL is {base_url}", misaddressed.text),
        None => misaddressed.text.clone(),
    }
}

#[cfg(test)]
mod tests;
