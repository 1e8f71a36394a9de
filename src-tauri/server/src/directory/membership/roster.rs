//! The members of a group in memory, for operations that look at all of them: read once for a request and kept in step with it.

use std::cell::OnceCell;
use std::collections::HashMap;

use scim::{Filter, PatchWork, comparison_key};
use serde_json::Value;

use super::super::render;
use crate::directory::Failure;
use crate::store::WriteTx;
use crate::store::members::MemberRow;

/// Members that are looked at between two looks at the time.
const AT_ONCE: usize = 1_000;

/// All members, in the order in which they came.
pub(super) struct Roster {
    /// `None`: one who left.
    seats: Vec<Option<Seat>>,
    by_id: HashMap<String, usize>,
    /// By the [`comparison_key`] of the `display` that is shown of them; `None`: nobody has asked yet.
    by_display: Option<HashMap<String, Vec<usize>>>,
}

/// A member, and what a read shows of it, once somebody has asked.
struct Seat {
    row: MemberRow,
    shown: OnceCell<Value>,
}

impl Roster {
    pub(super) fn new(rows: Vec<MemberRow>) -> Self {
        let mut roster =
            Self { seats: Vec::with_capacity(rows.len()), by_id: HashMap::with_capacity(rows.len()), by_display: None };
        rows.into_iter().for_each(|row| roster.come(row));
        roster
    }

    /// Takes in who has come.
    pub(super) fn come(&mut self, row: MemberRow) {
        let place = self.seats.len();
        self.by_id.insert(row.value.clone(), place);
        if let (Some(by_display), Some(key)) = (&mut self.by_display, display_key(&row)) {
            by_display.entry(key).or_default().push(place);
        }
        self.seats.push(Some(Seat { row, shown: OnceCell::new() }));
    }

    /// Takes out who has left. Where it stood by its name, nobody stands from now on.
    pub(super) fn leave(&mut self, id: &str) {
        if let Some(place) = self.by_id.remove(id) {
            self.seats[place] = None;
        }
    }

    /// The ids of the members that meet a filter, in the order in which they came.
    ///
    /// # Errors
    /// 413 if the work that the request may ask for is not enough; [`crate::store::StoreError::TooLong`].
    pub(super) fn matching(
        &mut self,
        tx: &WriteTx<'_>,
        filter: &Filter,
        work: &mut PatchWork,
        base_url: &str,
    ) -> Result<Vec<String>, Failure> {
        tx.check_time()?;
        let candidates = match filter.member_displays() {
            Some(displays) => self.places_of(&displays),
            None => (0..self.seats.len()).filter(|place| self.seats[*place].is_some()).collect(),
        };
        work.spend_on_members(filter, candidates.len())?;
        let prepared = filter.prepare_for_members();
        let mut matching = Vec::new();
        for some in candidates.chunks(AT_ONCE) {
            tx.check_time()?;
            let seats = some.iter().filter_map(|place| self.seats[*place].as_ref());
            let meets = seats.filter(|seat| prepared.matches(seat.shown(base_url)));
            matching.extend(meets.map(|seat| seat.row.value.clone()));
        }
        Ok(matching)
    }

    /// Where those stand of whom one of these names is shown.
    fn places_of(&mut self, displays: &[String]) -> Vec<usize> {
        let seats = &self.seats;
        let by_display = self.by_display.get_or_insert_with(|| {
            let mut by_display: HashMap<_, Vec<_>> = HashMap::with_capacity(seats.len());
            let seats = seats.iter().enumerate().filter_map(|(place, seat)| Some((place, seat.as_ref()?)));
            for (place, key) in seats.filter_map(|(place, seat)| Some((place, display_key(&seat.row)?))) {
                by_display.entry(key).or_default().push(place);
            }
            by_display
        });
        let mut places = Vec::new();
        for key in displays {
            let Some(there) = by_display.get_mut(key) else { continue };
            there.retain(|place| seats[*place].is_some());
            places.extend_from_slice(there);
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Seat {
    fn shown(&self, base_url: &str) -> &Value {
        self.shown.get_or_init(|| render::member(&self.row, base_url))
    }
}

fn display_key(row: &MemberRow) -> Option<String> {
    row.shown_name().map(comparison_key)
}
