//! A path beside the one that would have been right.

use super::segments::{is_endpoint, nearest_endpoint, segments};
use crate::model::{PathPart, PathPartState};

/// Characters of a path that is compared. Nobody looks for a letter in a longer one.
const LONGEST: usize = 300;

/// The path that came, with what is wrong in it and what is missing; empty: it is too long. `directory_id` is that of the directory that was
/// meant.
pub(crate) fn compared(path: &str, directory_id: &str) -> Vec<PathPart> {
    let segments = segments(path);
    let came: Vec<char> = format!("/{}", segments.join("/")).chars().collect();
    if came.len() > LONGEST {
        return Vec::new();
    }
    let mut right = format!("/scim/v2/{directory_id}");
    for segment in behind_the_base_url(&segments, directory_id) {
        right.push('/');
        right.push_str(&segment);
    }
    let right: Vec<char> = right.chars().collect();
    let start = came.iter().zip(&right).take_while(|(one, other)| one == other).count();
    let behind = came[start..].iter().rev().zip(right[start..].iter().rev());
    let end = behind.take_while(|(one, other)| one == other).count();
    let parts = [
        (&came[..start], PathPartState::Right),
        (&came[start..came.len() - end], PathPartState::Wrong),
        (&right[start..right.len() - end], PathPartState::Missing),
        (&came[came.len() - end..], PathPartState::Right),
    ];
    let shown = parts.into_iter().filter(|(text, _)| !text.is_empty());
    shown.map(|(text, is)| PathPart { text: text.iter().collect(), is }).collect()
}

/// What was asked of the directory: from the last endpoint on, or whatever follows its id, or what stands in the place of that.
fn behind_the_base_url(segments: &[String], directory_id: &str) -> Vec<String> {
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
    if let Some(at) = segments.iter().rposition(|segment| is_endpoint(segment)) {
        return segments[at..].to_vec();
    }
    let at = lower.iter().position(|segment| segment == directory_id).map(|at| at + 1);
    let start = at.unwrap_or(match lower.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["scim", "v2", _, ..] => 3,
        ["scim", _, ..] => 2,
        _ => segments.len(),
    });
    let mut behind = segments[start..].to_vec();
    if let Some(first) = behind.first_mut()
        && let Some(endpoint) = nearest_endpoint(first)
    {
        *first = endpoint.to_owned();
    }
    behind
}
