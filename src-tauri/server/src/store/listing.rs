//! Table `listing`, in the other database: a narrow row for each user and group that there is or was, derived from the truth behind each of
//! its commits, so that no request waits for it. Lists, searches and counts read it, so that none of them reads a resource.

mod derive;
mod windows;

pub(crate) use derive::Derived;
pub(super) use derive::derive_some;
pub(crate) use windows::{Filter, Listing, ListingRow, Matches, SortBy, by_id, candidates, is_narrow, list};
