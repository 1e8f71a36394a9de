//! Who works at Acme Corp.

use crate::okta::Person;

const GIVEN: [&str; 16] = [
    "Mary", "John", "Anita", "Tim", "Vint", "Shafi", "Ken", "Adele", "Niklaus", "Lynn", "Tony", "Jean", "Ivan",
    "Sophie", "Guido", "Hedy",
];

const FAMILY: [&str; 16] = [
    "Jackson",
    "Backus",
    "Borg",
    "Lee",
    "Cerf",
    "Goldwasser",
    "Thompson",
    "Goldberg",
    "Wirth",
    "Conway",
    "Hoare",
    "Bartik",
    "Sutherland",
    "Wilson",
    "Rossum",
    "Lamarr",
];

const DEPARTMENTS: [&str; 5] = ["Engineering", "Sales", "Marketing", "Support", "Finance"];

/// The `index`th of up to 1,280 people, no two alike.
pub(super) fn colleague(index: usize) -> Person {
    let (given, family) = (GIVEN[index % 16], FAMILY[(index / 16 + index) % 16]);
    let suffix = match index / 256 {
        0 => String::new(),
        round => (round + 1).to_string(),
    };
    let email = format!("{}.{}{suffix}@example.com", given.to_lowercase(), family.to_lowercase());
    Person::new(&email, given, family).with_job("Specialist", DEPARTMENTS[index % DEPARTMENTS.len()])
}
