//! A realistic directory of people from a seed. The same seed gives the same people, on every machine and in every version.

mod names;

use serde::Serialize;

use self::names::{DEPARTMENTS, FAMILY, GIVEN, OFFICES, PIONEERS, PROMOTIONS, folded};
use crate::random::Random;

/// The seed when nobody says otherwise.
pub const DEFAULT_SEED: u64 = 7;

/// Nobody real has an address here (RFC 2606).
const DOMAIN: &str = "example.com";

/// Letters and digits of Okta's ids.
const BASE62: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Somebody whom an identity provider knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Which of the directory's people, from 0.
    pub number: usize,
    /// `Ada`.
    pub given: String,
    /// `Lovelace`.
    pub family: String,
    /// `ada.lovelace@example.com`.
    pub user_name: String,
    /// The work address; the same as `user_name` unless a scenario wants it otherwise.
    pub email: String,
    /// `Staff Engineer`.
    pub title: String,
    /// `Engineering`.
    pub department: String,
    /// `00u…`, as Okta has it.
    pub okta_id: String,
    /// The object id of everybody else.
    pub uuid: String,
    /// `1007`.
    pub employee_number: String,
}

/// People and the groups they are in. Asking for one costs the same whichever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    seed: u64,
    prefix: String,
}

impl People {
    /// The people of a seed. `prefix` begins every user name and group name, so that they are recognized on a server that has others.
    pub fn new(seed: u64, prefix: &str) -> Self {
        Self { seed, prefix: prefix.to_owned() }
    }

    /// What names begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// One of the people, from 0. Nobody has the user name of another.
    pub fn person(&self, number: usize) -> Person {
        let (given, family, suffix) = self.name(number);
        let mut random = Random::of(self.seed, "person", number);
        let (department, titles) = DEPARTMENTS[random.below(DEPARTMENTS.len())];
        let title = random.pick(titles).to_owned();
        let user_name = format!("{}{}.{}{suffix}@{DOMAIN}", self.prefix, folded(given), folded(family));
        Person {
            number,
            given: given.to_owned(),
            family: family.to_owned(),
            email: user_name.clone(),
            user_name,
            title,
            department: department.to_owned(),
            okta_id: format!("00u{}", random.text(BASE62, 17)),
            uuid: random.uuid(),
            employee_number: (1_000 + number).to_string(),
        }
    }

    /// The name of a group, from 0: those of the departments, then numbered.
    pub fn group(&self, number: usize) -> String {
        let (name, _) = DEPARTMENTS[number % DEPARTMENTS.len()];
        match number / DEPARTMENTS.len() {
            0 => format!("{}{name}", self.prefix),
            round => format!("{}{name} {}", self.prefix, round + 1),
        }
    }

    /// Another title and department for somebody: what changes when people change jobs.
    pub fn promoted(&self, person: &Person, round: u64) -> Person {
        let mut random = Random::of(self.seed ^ (round << 32), "promotion", person.number);
        let others: Vec<&(&str, &[&str])> = DEPARTMENTS.iter().filter(|(name, _)| *name != person.department).collect();
        let (department, _) = others[random.below(others.len())];
        let title = loop {
            let title =
                format!("{} {}", random.pick(PROMOTIONS), person.title.rsplit(' ').next().unwrap_or("Engineer"));
            if title != person.title {
                break title;
            }
        };
        Person { title, department: (*department).to_owned(), ..person.clone() }
    }

    /// The same person with another family name, as after a wedding; user name and address follow.
    pub fn renamed(&self, person: &Person, round: u64) -> Person {
        let mut random = Random::of(self.seed ^ (round << 32), "renaming", person.number);
        let others: Vec<&str> = FAMILY.iter().copied().filter(|family| *family != person.family).collect();
        let family = others[random.below(others.len())];
        // The number keeps two who marry into one family apart, and apart from who has the name already.
        let local = format!("{}{}.{}.{}", self.prefix, folded(&person.given), folded(family), person.employee_number);
        let user_name = format!("{local}@{DOMAIN}");
        Person { family: family.to_owned(), email: user_name.clone(), user_name, ..person.clone() }
    }

    /// A text of random letters and digits, such as Okta's placeholder password.
    pub(crate) fn password(&self, person: &Person, round: u64) -> String {
        Random::of(self.seed ^ (round << 32), "password", person.number).text(BASE62, 8)
    }

    /// A UUID that belongs to nobody, for lookups that must find nothing.
    pub(crate) fn stray_uuid(&self, what: &str, number: usize) -> String {
        Random::of(self.seed, what, number).uuid()
    }

    /// Given name, family name and what keeps the address unique.
    fn name(&self, number: usize) -> (&'static str, &'static str, String) {
        let shift = (self.seed.wrapping_sub(DEFAULT_SEED) % PIONEERS.len() as u64) as usize;
        if number < PIONEERS.len() {
            let (given, family) = PIONEERS[(number + shift) % PIONEERS.len()];
            return (given, family, String::new());
        }
        // An odd factor visits every pair once before any comes again.
        let pairs = GIVEN.len() * FAMILY.len();
        let mut random = Random::of(self.seed, "order", 0);
        let (factor, offset) = (random.below(pairs / 2) * 2 + 1, random.below(pairs));
        let index = number - PIONEERS.len();
        let pair = ((index % pairs) * factor + offset) % pairs;
        let suffix = match index / pairs {
            0 => String::new(),
            round => (round + 1).to_string(),
        };
        (GIVEN[pair % GIVEN.len()], FAMILY[pair / GIVEN.len()], suffix)
    }
}

impl Person {
    /// `Ada Lovelace`.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// `+1 206 555 0100`: nobody real has one of these numbers.
    pub(crate) fn phone(&self) -> String {
        format!("+1 206 555 01{:02}", self.number % 100)
    }

    /// `+1 415 555 0100`.
    pub(crate) fn mobile(&self) -> String {
        format!("+1 415 555 01{:02}", self.number % 100)
    }

    /// Where this person works, by the sub-attributes of `addresses`.
    pub(crate) fn address(&self) -> [(&'static str, &'static str); 5] {
        let [street, town, region, code, country] = OFFICES[self.number % OFFICES.len()];
        [("streetAddress", street), ("locality", town), ("region", region), ("postalCode", code), ("country", country)]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_seed_always_has_the_same_people() {
        let people = People::new(DEFAULT_SEED, "");
        let first: Vec<String> = (0..3).map(|number| people.person(number).user_name).collect();
        assert_eq!(first, ["ada.lovelace@example.com", "grace.hopper@example.com", "alan.turing@example.com"]);
        // Written down once; if this fails, every script that counts on a seed breaks.
        let ada = people.person(0);
        assert_eq!((ada.okta_id.as_str(), ada.title.as_str()), ("00ueeFiHwADnPwneaStZ", "Security Engineer"));
        assert_eq!(people.person(500).user_name, "hana.fischer@example.com");
        assert_eq!(People::new(8, "").person(0).user_name, "grace.hopper@example.com");
    }

    #[test]
    fn ten_thousand_people_have_names_of_their_own() {
        let people = People::new(99, "sim-");
        let mut names = HashSet::new();
        for number in 0..10_000 {
            let person = people.person(number);
            let local = person.user_name.strip_suffix("@example.com").expect("the domain");
            assert!(local.starts_with("sim-"), "{local}");
            let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
            assert!(local.chars().all(is_plain) && !local.contains(".."), "{local}");
            assert!(names.insert(person.user_name), "{number} has somebody else's name");
        }
    }

    #[test]
    fn promotions_and_renamings_change_something() {
        let people = People::new(DEFAULT_SEED, "");
        for number in 0..200 {
            let person = people.person(number);
            let promoted = people.promoted(&person, 1);
            assert!(promoted.title != person.title && promoted.department != person.department);
            let renamed = people.renamed(&person, 1);
            assert!(renamed.user_name != person.user_name && renamed.given == person.given);
        }
        assert_eq!(people.group(0), "Engineering");
        assert_ne!(people.group(0), people.group(DEPARTMENTS.len()));
    }
}
