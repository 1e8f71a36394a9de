//! In which order the operations of a bulk request are carried out: as they came, but each after those whose `bulkId` it names.

use std::collections::{BTreeSet, HashMap};

use scim::BulkOperation;

/// What is left to be carried out. Takes time in proportion to operations and references (Kahn's algorithm).
pub(super) struct Order {
    /// Those that wait for no other, by position.
    ready: BTreeSet<usize>,
    /// Those that wait, by position.
    waiting: BTreeSet<usize>,
    /// For how many others each waits.
    missing: Vec<usize>,
    /// Who waits for each.
    followers: Vec<Vec<usize>>,
}

/// The next operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) index: usize,
    /// False: it is the first of those that wait for each other.
    pub(super) is_ready: bool,
}

impl Order {
    pub(super) fn of(operations: &[BulkOperation]) -> Self {
        let ids =
            operations.iter().enumerate().filter_map(|(index, operation)| Some((operation.bulk_id.as_ref()?, index)));
        let by_id: HashMap<_, _> = ids.collect();
        let mut order = Self {
            ready: BTreeSet::new(),
            waiting: BTreeSet::new(),
            missing: vec![0; operations.len()],
            followers: vec![Vec::new(); operations.len()],
        };
        for (index, operation) in operations.iter().enumerate() {
            for reference in operation.references() {
                if let Some(&other) = by_id.get(&reference).filter(|other| **other != index) {
                    order.followers[other].push(index);
                    order.missing[index] += 1;
                }
            }
            let place = if order.missing[index] == 0 { &mut order.ready } else { &mut order.waiting };
            place.insert(index);
        }
        order
    }

    /// Takes out the first that waits for no other, or the first of all if each of them waits; `None`: all are taken out. To take one out is to
    /// carry it out.
    pub(super) fn next(&mut self) -> Option<Next> {
        let (index, is_ready) = match self.ready.pop_first() {
            Some(index) => (index, true),
            None => (self.waiting.pop_first()?, false),
        };
        for follower in std::mem::take(&mut self.followers[index]) {
            self.missing[follower] -= 1;
            if self.missing[follower] == 0 && self.waiting.remove(&follower) {
                self.ready.insert(follower);
            }
        }
        Some(Next { index, is_ready })
    }
}

#[cfg(test)]
mod tests {
    use scim::{BulkOperation, BulkRequest, Notes, Policy};
    use serde_json::json;

    use super::*;

    fn operations(names: &[(&str, &[&str])]) -> Vec<BulkOperation> {
        let operation = |(id, names): &(&str, &[&str])| {
            let members: Vec<_> = names.iter().map(|name| json!({"value": format!("bulkId:{name}")})).collect();
            json!({"method": "POST", "path": "/Groups", "bulkId": id, "data": {"displayName": id, "members": members}})
        };
        let operations: Vec<_> = names.iter().map(operation).collect();
        let body = json!({"schemas": [scim::BULK_REQUEST], "Operations": operations}).to_string();
        let request = BulkRequest::parse(body.as_bytes(), 2_000, &Policy::strict(), &mut Notes::new());
        request.expect("a bulk request").operations
    }

    fn order(names: &[(&str, &[&str])]) -> String {
        let operations = operations(names);
        let mut order = Order::of(&operations);
        let mut text = String::new();
        while let Some(Next { index, is_ready }) = order.next() {
            text += operations[index].bulk_id.as_deref().unwrap_or_default();
            text += if is_ready { " " } else { "! " };
        }
        text.trim_end().to_owned()
    }

    #[test]
    fn each_comes_after_those_that_it_names_and_else_as_it_came() {
        for (names, expected) in [
            (&[("a", &[] as &[&str]), ("b", &[]), ("c", &[])][..], "a b c"),
            (&[("a", &["b"]), ("b", &["c"]), ("c", &[]), ("d", &[])], "c b a d"),
            (&[("a", &["d"]), ("b", &[]), ("c", &["b", "d"]), ("d", &[])], "b d a c"),
            (&[("a", &["nobody", "a"]), ("b", &["a"])], "a b"),
            (&[("a", &["b"]), ("b", &["a"])], "a! b"),
            (&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("d", &["a"])], "a! d b! c"),
        ] {
            assert_eq!(order(names), expected, "{names:?}");
        }
    }

    /// The order as it was found before: the first that nobody who waits is named by, again and again.
    fn slowly(operations: &[BulkOperation]) -> Vec<usize> {
        let mut waiting: Vec<usize> = (0..operations.len()).collect();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let is_ready = |index: usize| {
                let references = operations[index].references();
                let waits_for = |other: &usize| {
                    *other != index && operations[*other].bulk_id.as_ref().is_some_and(|id| references.contains(id))
                };
                !waiting.iter().any(waits_for)
            };
            let position = waiting.iter().position(|index| is_ready(*index)).unwrap_or(0);
            order.push(waiting.remove(position));
        }
        order
    }

    #[test]
    fn any_references_give_the_order_that_the_definition_gives() {
        let ids: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        // A few hundred graphs, each another one.
        let mut seed: u64 = 1;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap_or_default() % below
        };
        for _ in 0..300 {
            let density = 1 + random(12);
            let names: Vec<Vec<&str>> = ids
                .iter()
                .map(|_| ids.iter().filter(|_| random(12) < density / 4).map(String::as_str).collect())
                .collect();
            let graph: Vec<_> = ids.iter().zip(&names).map(|(id, names)| (id.as_str(), names.as_slice())).collect();
            let operations = operations(&graph);
            let mut order = Order::of(&operations);
            let found: Vec<_> = std::iter::from_fn(|| order.next()).map(|next| next.index).collect();
            assert_eq!(found, slowly(&operations), "{graph:?}");
        }
    }

    #[test]
    fn the_work_grows_with_operations_and_references() {
        let ids: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
        let names: Vec<[&str; 1]> = (1..=1_000).map(|next| [ids.get(next).map_or("", String::as_str)]).collect();
        let graph: Vec<_> = ids.iter().zip(&names).map(|(id, names)| (id.as_str(), &names[..])).collect();
        let order = Order::of(&operations(&graph));
        assert_eq!(order.followers.iter().map(Vec::len).sum::<usize>(), 999, "each reference is looked up once");
        assert_eq!((order.ready.len(), order.waiting.len()), (1, 999));
    }
}
