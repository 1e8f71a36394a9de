//! The phases: what each sends, and what has to be answered.

use crate::answer::{self, Answer};
use crate::okta::{Okta, Person, user_name};
use crate::population::{Population, spread, stride};

/// Users on a page, as Okta asks for them.
pub(crate) const PAGE: usize = 100;

/// What is measured at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Phase {
    Create,
    Lookup,
    Get,
    Patch,
    Put,
    Page,
    /// One member more in a group of 10 to 20.
    MemberOf10,
    /// One member more in a group of nearly everybody.
    MemberOfAll,
    /// 70 % lookups, 20 % PUT, 10 % PATCH.
    Mixed,
}

/// In the order of the tables.
pub(crate) const ALL: [Phase; 9] = [
    Phase::Create,
    Phase::Lookup,
    Phase::Get,
    Phase::Patch,
    Phase::Put,
    Phase::Page,
    Phase::MemberOf10,
    Phase::MemberOfAll,
    Phase::Mixed,
];

/// What an answer has to show.
pub(crate) enum Expected {
    /// 201 and an id.
    Created,
    /// 200 and one result.
    One,
    /// 200 and this id.
    Id(String),
    /// 204, or 200 and this `active`.
    Active(bool),
    /// 200 and this title.
    Title(String),
    /// 200, a `totalResults` of at least so many, and so many users.
    Page { total: usize, users: usize },
    /// 200 or 204.
    Changed,
    /// 200 and these ids among the members.
    Members(Vec<String>),
}

/// Groups that a phase adds members to: each operation names a group and a person who is not in it yet.
pub(crate) struct Groups {
    ids: Vec<String>,
    /// The person who comes next into the first group.
    first_newcomer: usize,
    /// How far the people of a group are from those of the next, so that nobody is in hundreds of groups.
    apart: usize,
}

impl Groups {
    pub(crate) fn new(ids: Vec<String>, first_newcomer: usize, apart: usize) -> Self {
        Self { ids, first_newcomer, apart }
    }

    /// For a phase that needs none.
    pub(crate) fn none() -> Self {
        Self::new(Vec::new(), 0, 0)
    }

    /// The only group, and the number of the first person who is not in it.
    pub(crate) fn only(&self) -> (&str, usize) {
        (&self.ids[0], self.first_newcomer)
    }

    /// The group and the person of the `nth` operation: all groups get one before any gets another.
    pub(crate) fn pick<'a>(&'a self, nth: usize, population: &'a Population) -> (&'a str, &'a str) {
        let group = nth % self.ids.len();
        let person = (group * self.apart + self.first_newcomer + nth / self.ids.len()) % population.len();
        (&self.ids[group], &population.ids()[person])
    }

    /// The first `count` of those who are in the group of the `nth` operation from the beginning.
    pub(crate) fn members(&self, nth: usize, count: usize, population: &Population) -> Vec<String> {
        members(nth % self.ids.len() * self.apart, count, population)
    }
}

/// The ids of people one behind the other.
pub(crate) fn members(first: usize, count: usize, population: &Population) -> Vec<String> {
    population.ids().iter().cycle().skip(first).take(count).cloned().collect()
}

impl Phase {
    /// Its name in the tables.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Lookup => "lookup",
            Self::Get => "get",
            Self::Patch => "patch active",
            Self::Put => "put",
            Self::Page => "page of 100",
            Self::MemberOf10 => "member, group of 10",
            Self::MemberOfAll => "member, group of all",
            Self::Mixed => "mixed",
        }
    }

    /// The request of the `nth` operation of a phase, and what it has to be answered.
    pub(crate) fn operation(
        self,
        nth: usize,
        okta: &Okta,
        population: &Population,
        groups: &Groups,
    ) -> (String, Expected) {
        match self {
            Self::Mixed => {
                let part = match nth % 10 {
                    0..7 => Self::Lookup,
                    7 | 8 => Self::Put,
                    _ => Self::Patch,
                };
                return part.operation(nth, okta, population, groups);
            }
            Self::Create => return (okta.create(&Person::new(population.newcomer())), Expected::Created),
            Self::Page => {
                let pages = population.len().div_ceil(PAGE);
                return page(spread(nth, stride(pages), pages), okta, population);
            }
            Self::MemberOf10 | Self::MemberOfAll => {
                let (group, person) = groups.pick(nth, population);
                return (okta.add_members(group, &[person.to_owned()]), Expected::Changed);
            }
            Self::Lookup | Self::Get | Self::Patch | Self::Put => {}
        }
        let turn = population.turn();
        let number = population.person(turn);
        let id = &population.ids()[number];
        match self {
            Self::Get => (okta.read(id), Expected::Id(id.clone())),
            Self::Patch => {
                let active = population.toggle(number);
                (okta.set_active(id, active), Expected::Active(active))
            }
            Self::Put => {
                let title = format!("Engineer {turn}");
                let person = Person { number, title: title.clone(), active: population.is_active(number) };
                (okta.replace(id, &person), Expected::Title(title))
            }
            _ => (okta.look_up(&user_name(number)), Expected::One),
        }
    }
}

/// The request for a page, numbered from 0, and what it has to be answered.
pub(crate) fn page(number: usize, okta: &Okta, population: &Population) -> (String, Expected) {
    let users = PAGE.min(population.len() - number * PAGE);
    (okta.page(1 + number * PAGE, PAGE), Expected::Page { total: population.len(), users })
}

impl Expected {
    /// # Errors
    /// What is wrong with the answer.
    pub(crate) fn check(&self, answer: &Answer) -> Result<(), String> {
        let Answer { status, body } = answer;
        let is_right = match (self, status) {
            (Self::Created, 201) => answer::text(body, "id").is_some(),
            (Self::One, 200) => answer::number(body, "totalResults") == Some(1),
            (Self::Id(id), 200) => answer::text(body, "id") == Some(id),
            (Self::Active(_) | Self::Changed, 204) | (Self::Changed, 200) => true,
            (Self::Active(active), 200) => answer::truth(body, "active") == Some(*active),
            (Self::Members(ids), 200) => ids.iter().all(|id| answer::occurrences(body, &format!("\"{id}\"")) > 0),
            (Self::Title(title), 200) => answer::text(body, "title") == Some(title),
            (Self::Page { total, users }, 200) => {
                let found = answer::number(body, "totalResults");
                // The last page may have been filled up by people who came later.
                found.is_some_and(|found| found >= *total as u64) && answer::occurrences(body, "\"userName\"") >= *users
            }
            _ => false,
        };
        if is_right {
            return Ok(());
        }
        let body: String = String::from_utf8_lossy(body).chars().take(1_000).collect();
        Err(format!("an unexpected answer: {status} {body}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str, expected: &Expected) -> bool {
        expected.check(&Answer { status, body: body.as_bytes().to_vec() }).is_ok()
    }

    #[test]
    fn an_answer_is_held_against_what_was_asked() {
        assert!(answered(200, r#"{"totalResults":1}"#, &Expected::One));
        assert!(!answered(200, r#"{"totalResults":10}"#, &Expected::One));
        assert!(!answered(404, r#"{"totalResults":1}"#, &Expected::One));
        assert!(answered(204, "", &Expected::Active(true)));
        assert!(!answered(200, r#"{"active":false}"#, &Expected::Active(true)));
        assert!(answered(200, r#"{"title":"Engineer 7"}"#, &Expected::Title("Engineer 7".to_owned())));
        assert!(!answered(201, r#"{"userName":"a"}"#, &Expected::Created));
        let page = Expected::Page { total: 2, users: 2 };
        assert!(answered(200, r#"{"totalResults":2,"Resources":[{"userName":"a"},{"userName":"b"}]}"#, &page));
        assert!(!answered(200, r#"{"totalResults":2,"Resources":[{"userName":"a"}]}"#, &page));
    }

    #[test]
    fn nobody_is_added_to_a_group_twice() {
        let population = Population::new((0..40).map(|number| number.to_string()).collect());
        let groups = Groups::new(vec!["a".to_owned(), "b".to_owned()], 10, 20);
        let mut picked: Vec<_> = (0..60).map(|nth| groups.pick(nth, &population)).collect();
        picked.sort_unstable();
        picked.dedup();
        assert_eq!(picked.len(), 60);
        let newcomers = (0..20).map(|nth| groups.pick(nth, &population));
        assert!(
            newcomers
                .zip(0..)
                .all(|((_, person), nth)| !groups.members(nth, 10, &population).contains(&person.to_owned()))
        );
    }
}
