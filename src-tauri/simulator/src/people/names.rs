//! What people are made of. Only added to at the end: an order that changes would change every seed's people.

/// Who comes first, in this order with the default seed.
pub(super) const PIONEERS: &[(&str, &str)] = &[
    ("Ada", "Lovelace"),
    ("Grace", "Hopper"),
    ("Alan", "Turing"),
    ("Katherine", "Johnson"),
    ("Edsger", "Dijkstra"),
    ("Barbara", "Liskov"),
    ("Donald", "Knuth"),
    ("Margaret", "Hamilton"),
    ("Zoë", "Quill"),
    ("José", "Núñez"),
    ("Siobhán", "O’Brien"),
    ("Łukasz", "Żak"),
];

/// Given names. With [`FAMILY`] there are 4,096 people before a number is needed.
pub(super) const GIVEN: &[&str; 64] = &[
    "Amara", "Anders", "Anna", "Arjun", "Astrid", "Ben", "Björn", "Camille", "Carlos", "Chiara", "Chloé", "Daniel",
    "Diego", "Elena", "Elif", "Emma", "Farid", "Fatima", "Felix", "Freya", "Gabriel", "Hana", "Hugo", "Ines", "Isaac",
    "Ivan", "Jana", "Jonas", "Kai", "Karim", "Kira", "Laila", "Leo", "Lina", "Lucía", "Maja", "Malik", "Marco", "Mei",
    "Mila", "Naomi", "Nils", "Noah", "Nora", "Olga", "Omar", "Paula", "Petr", "Priya", "Rafael", "René", "Rosa",
    "Samir", "Sara", "Sofia", "Søren", "Tara", "Theo", "Uma", "Victor", "Wei", "Yara", "Yusuf", "Zofia",
];

/// Family names.
// As wide as the given names: the longest of them would give each a line of its own.
#[rustfmt::skip]
pub(super) const FAMILY: &[&str; 64] = &[
    "Abbott", "Ahmed", "Almeida", "Andersson", "Bakker", "Bauer", "Bianchi", "Brandt", "Castillo", "Chen", "Costa",
    "Cruz", "D’Angelo", "Dahl", "Delgado", "Dubois", "Eriksen", "Fischer", "Fontaine", "García", "Gruber", "Haddad",
    "Hansen", "Hoffmann", "Horvat", "Ibrahim", "Ito", "Ivanova", "Jansen", "Kaya", "Keller", "Kowalski", "Kumar",
    "Larsen", "Le Roux", "Lindqvist", "Lopez", "Marek", "Mendes", "Moreau", "Müller", "Nakamura", "Nguyen", "Novák",
    "Okafor", "Oliveira", "Park", "Patel", "Peeters", "Petrov", "Quinn", "Rossi", "Saito", "Schmid", "Silva",
    "Smith-Jones", "Sørensen", "Tanaka", "Torres", "van Dijk", "Varga", "Weber", "Yılmaz", "Zhang",
];

/// Offices: street, town, region, postal code and country.
pub(super) const OFFICES: &[[&str; 5]] = &[
    ["1 Analytical Way", "Seattle", "WA", "98101", "US"],
    ["Jägerstraße 12", "Zürich", "ZH", "8001", "CH"],
    ["Rua da Consolação 7", "São Paulo", "SP", "01301-000", "BR"],
    ["ul. Świętokrzyska 3", "Łódź", "łódzkie", "90-001", "PL"],
];

/// Departments, the titles in them, and what their groups are called.
pub(super) const DEPARTMENTS: &[(&str, &[&str])] = &[
    ("Engineering", &["Software Engineer", "Staff Engineer", "Site Reliability Engineer", "Engineering Manager"]),
    ("Design", &["Product Designer", "Researcher", "Design Lead"]),
    ("Sales", &["Account Executive", "Sales Engineer", "Regional Director"]),
    ("Marketing", &["Content Strategist", "Campaign Manager", "Brand Lead"]),
    ("Finance", &["Accountant", "Controller", "Financial Analyst"]),
    ("Legal", &["Counsel", "Paralegal"]),
    ("Support", &["Support Engineer", "Support Lead"]),
    ("Operations", &["Operations Manager", "Office Manager", "Logistics Planner"]),
    ("Security", &["Security Engineer", "Security Analyst"]),
    ("People", &["Recruiter", "People Partner"]),
];

/// Titles that people are promoted to.
pub(super) const PROMOTIONS: &[&str] = &["Lead", "Principal", "Senior", "Head"];

/// A name as it stands in an address: `Łukasz Żak` → `lukasz`, `zak`.
pub(super) fn folded(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase).filter_map(|letter| match letter {
        'a'..='z' => Some(letter),
        'á' => Some('a'),
        'é' | 'ë' => Some('e'),
        'í' | 'ı' => Some('i'),
        'ñ' => Some('n'),
        'ö' | 'ø' => Some('o'),
        'ú' | 'ü' => Some('u'),
        'ż' => Some('z'),
        'ł' => Some('l'),
        '-' => Some('-'),
        _ => None,
    });
    letters.collect()
}
