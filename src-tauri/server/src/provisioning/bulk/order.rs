//! In which order the operations of a bulk request are carried out: as they came, but each after those whose `bulkId` it names.

use std::collections::{BTreeSet, HashMap, HashSet};

use scim::BulkOperation;

/// What is left to be carried out. Takes time in proportion to operations and references (Kahn's algorithm; circles are found by a search
/// in depth).
pub(super) struct Order {
    /// Those that wait for no other, by position.
    ready: BTreeSet<usize>,
    /// For how many others each waits.
    missing: Vec<usize>,
    /// Who waits for each.
    followers: Vec<Vec<usize>>,
    /// Those that do not wait for all that they name, because that waits for them.
    opens_circle: HashSet<usize>,
}

/// The next operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) index: usize,
    /// False: some of what it names waits for it, so it creates its resource without that.
    pub(super) is_whole: bool,
}

impl Order {
    pub(super) fn of(operations: &[BulkOperation]) -> Self {
        let ids =
            operations.iter().enumerate().filter_map(|(index, operation)| Some((operation.bulk_id.as_ref()?, index)));
        let by_id: HashMap<_, _> = ids.collect();
        let mut missing = vec![0; operations.len()];
        let mut followers = vec![Vec::new(); operations.len()];
        for (index, operation) in operations.iter().enumerate() {
            for reference in operation.references() {
                if let Some(&other) = by_id.get(&reference).filter(|other| **other != index) {
                    followers[other].push(index);
                    missing[index] += 1;
                }
            }
        }
        // A circle is opened at the operation at which it is entered. Only what creates something can be completed later on.
        let is_post = |index: &usize| operations[*index].method == "POST";
        let (posts, others): (Vec<_>, Vec<_>) = (0..operations.len()).partition(is_post);
        let cut = closing(&followers, posts.into_iter().chain(others));
        for (other, followers) in followers.iter_mut().enumerate() {
            followers.retain(|index| !cut.contains(&(other, *index)));
        }
        for (_, index) in &cut {
            missing[*index] -= 1;
        }
        let opens_circle = cut.into_iter().map(|(_, index)| index).filter(is_post).collect();
        let ready = (0..operations.len()).filter(|index| missing[*index] == 0).collect();
        Self { ready, missing, followers, opens_circle }
    }

    /// Takes out the first that waits for no other; `None`: all are taken out. To take one out is to carry it out.
    pub(super) fn next(&mut self) -> Option<Next> {
        let index = self.ready.pop_first()?;
        for follower in std::mem::take(&mut self.followers[index]) {
            self.missing[follower] -= 1;
            if self.missing[follower] == 0 {
                self.ready.insert(follower);
            }
        }
        Some(Next { index, is_whole: !self.opens_circle.contains(&index) })
    }
}

/// Which steps from an operation to one that waits for it close a circle, if one goes from each of `roots` as far as there are followers:
/// those that lead back to where one has come from. Without them nothing waits for itself.
fn closing(followers: &[Vec<usize>], roots: impl Iterator<Item = usize>) -> HashSet<(usize, usize)> {
    let mut seen = vec![false; followers.len()];
    let mut is_on_the_way = vec![false; followers.len()];
    let mut closing = HashSet::new();
    for root in roots {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        is_on_the_way[root] = true;
        let mut way = vec![(root, followers[root].iter())];
        while let Some((index, rest)) = way.last_mut() {
            let index = *index;
            match rest.next() {
                Some(&follower) if is_on_the_way[follower] => drop(closing.insert((index, follower))),
                Some(&follower) if !seen[follower] => {
                    (seen[follower], is_on_the_way[follower]) = (true, true);
                    way.push((follower, followers[follower].iter()));
                }
                Some(_) => {}
                None => {
                    is_on_the_way[index] = false;
                    way.pop();
                }
            }
        }
    }
    closing
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
        while let Some(Next { index, is_whole }) = order.next() {
            text += operations[index].bulk_id.as_deref().unwrap_or_default();
            text += if is_whole { " " } else { "! " };
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
            (&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("d", &["a"])], "b! a c d"),
            (&[("a", &["b", "c"]), ("b", &["a"]), ("c", &["d"]), ("d", &[])], "d c a! b"),
        ] {
            assert_eq!(order(names), expected, "{names:?}");
        }
    }

    /// Whether an operation waits for itself through others.
    fn is_in_a_circle(index: usize, names: &[Vec<usize>]) -> bool {
        let mut reached = BTreeSet::new();
        let mut next = names[index].clone();
        while let Some(other) = next.pop() {
            if reached.insert(other) {
                next.extend(&names[other]);
            }
        }
        reached.contains(&index)
    }

    #[test]
    fn whatever_is_named_comes_first_and_only_what_lies_in_a_circle_goes_without() {
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
            let found: Vec<_> = std::iter::from_fn(|| order.next()).collect();
            let place = |index: usize| found.iter().position(|next| next.index == index).expect("each is carried out");
            assert_eq!(found.len(), operations.len(), "{graph:?}");
            let others = |(index, names): (usize, &Vec<&str>)| {
                let named = names.iter().filter_map(|name| ids.iter().position(|id| id == name));
                named.filter(|other| *other != index).collect()
            };
            let named: Vec<Vec<usize>> = names.iter().enumerate().map(others).collect();
            for Next { index, is_whole } in &found {
                if *is_whole {
                    assert!(named[*index].iter().all(|other| place(*other) < place(*index)), "{index} of {graph:?}");
                } else {
                    assert!(is_in_a_circle(*index, &named), "{index} of {graph:?}");
                }
            }
        }
    }

    #[test]
    fn the_work_grows_with_operations_and_references() {
        let ids: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
        let names: Vec<[&str; 1]> = (1..=1_000).map(|next| [ids.get(next).map_or("", String::as_str)]).collect();
        let graph: Vec<_> = ids.iter().zip(&names).map(|(id, names)| (id.as_str(), &names[..])).collect();
        let mut order = Order::of(&operations(&graph));
        assert_eq!(order.followers.iter().map(Vec::len).sum::<usize>(), 999, "each reference is looked up once");
        for taken in 1..=1_000 {
            let next = order.next().expect("one that waits for no other");
            assert_eq!(next, Next { index: 1_000 - taken, is_whole: true });
            // What has been looked at is gone: each reference is followed once.
            assert_eq!(order.followers.iter().map(Vec::len).sum::<usize>(), 999_usize.saturating_sub(taken));
        }
        assert_eq!(order.next(), None);
    }
}
