//! Words that stand for others. Each has as many characters as the one that it stands for, in the same places upper and lower case, digits,
//! marks and letters beyond ASCII, so that what went wrong with the one goes wrong with the other.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use scim::comparison_key;

use super::vocabulary::Vocabulary;

const CONSONANTS: &str = "bdfgklmnprstvz";
const VOWELS: &str = "aeiou";

/// Vowels with the same mark, each family in the order of [`VOWELS`]: whether they are one character or two, they become the same.
const MARKED: [&str; 6] = ["áéíóú", "àèìòù", "âêîôû", "äëïöü", "āēīōū", "ãẽĩõũ"];

/// Consonants that stay, for the same reason.
const MARKED_CONSONANTS: &str = "çñćčďģķńňŕřśšťźž";

/// How often another word is tried where one has been given already. There are few of one letter.
const TRIES: u64 = 64;

/// Characters of an alphabet that stand together, in Unicode.
const BLOCK: u32 = 32;

/// How far the letters of Asian fonts in full width are from those of ASCII.
const FULL_WIDTH: u32 = 0xfee0;

/// Words and those that stand for them, the same one wherever a word stands in whatever letter case.
#[derive(Debug, Default)]
pub(super) struct Substitution {
    /// What the letters follow from, by the key of a word.
    seeds: HashMap<String, u64>,
    /// The keys of the words that were given.
    given: HashSet<String>,
}

impl Substitution {
    /// A text with other words, those of `vocabulary` aside.
    pub(super) fn text(&mut self, text: &str, vocabulary: Vocabulary) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_of_word) {
            let end = rest[start..].find(|c| !is_of_word(c)).map_or(rest.len(), |length| start + length);
            replaced.push_str(&rest[..start]);
            replaced.push_str(&self.word(&rest[start..end], vocabulary));
            rest = &rest[end..];
        }
        replaced + rest
    }

    /// The digits of a number by others, in a number that can be read again.
    pub(super) fn number(&mut self, number: &str) -> String {
        let seed = self.seed(number, |_| true);
        let is_first = |place: usize| !number[..place].contains(|c: char| c.is_ascii_digit());
        let digit = |(place, c): (usize, char)| match letter(c, seed, place as u64, false) {
            '0' if c.is_ascii_digit() && is_first(place) => '1',
            other if c.is_ascii_digit() => other,
            _ => c,
        };
        number.char_indices().map(digit).collect()
    }

    fn word(&mut self, word: &str, vocabulary: Vocabulary) -> String {
        let key = comparison_key(word);
        if vocabulary.has(&key) {
            return word.to_owned();
        }
        let seed = match self.seeds.get(&key) {
            Some(seed) => *seed,
            None => {
                let given = std::mem::take(&mut self.given);
                let is_free = |other: &str| other != key && !Vocabulary::Protocol.has(other) && !given.contains(other);
                let seed = self.seed(&key, |seed| is_free(&comparison_key(&spelled(word, seed))));
                self.given = given;
                self.given.insert(comparison_key(&spelled(word, seed)));
                seed
            }
        };
        let other = spelled(word, seed);
        // Of an alphabet that is not known here.
        if other == word { word.chars().map(|c| if c.is_alphanumeric() { 'x' } else { c }).collect() } else { other }
    }

    fn seed(&mut self, key: &str, is_good: impl Fn(u64) -> bool) -> u64 {
        if let Some(seed) = self.seeds.get(key) {
            return *seed;
        }
        let first = self.seeds.len() as u64 * TRIES;
        let seed = (first..first + TRIES).find(|seed| is_good(*seed)).unwrap_or(first);
        self.seeds.insert(key.to_owned(), seed);
        seed
    }
}

/// Whether a character is part of a word. A mark that combines is, with the letter before it.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A word's letters by others, which follow from the seed and their place.
fn spelled(word: &str, seed: u64) -> String {
    let mut spelled = String::with_capacity(word.len());
    let (mut place, mut letters) = (0, word.chars().peekable());
    while let Some(c) = letters.next() {
        if is_mark(c) {
            spelled.push(c);
            continue;
        }
        let is_marked = letters.peek().is_some_and(|next| is_mark(*next));
        spelled.push(letter(c, seed, place, is_marked));
        place += 1;
    }
    spelled
}

/// Another letter, or digit, in the place of one. `is_marked`: a mark follows.
fn letter(c: char, seed: u64, place: u64, is_marked: bool) -> char {
    if let '\u{ff10}'..='\u{ff5a}' = c {
        let narrow = char::from_u32(u32::from(c) - FULL_WIDTH).unwrap_or(c);
        return char::from_u32(u32::from(letter(narrow, seed, place, is_marked)) + FULL_WIDTH).unwrap_or(c);
    }
    let mut hasher = DefaultHasher::new();
    (seed, place).hash(&mut hasher);
    let number = hasher.finish();
    let pick = |letters: &str| letters.chars().nth((number % letters.chars().count() as u64) as usize).unwrap_or(c);
    let small = c.to_lowercase().next().unwrap_or(c);
    let other = match small {
        '0'..='9' => pick("0123456789"),
        'a' | 'e' | 'i' | 'o' | 'u' if is_marked => pick(VOWELS),
        'a'..='z' if is_marked => small,
        'a'..='z' => pick(if (seed + place).is_multiple_of(2) { CONSONANTS } else { VOWELS }),
        _ if MARKED_CONSONANTS.contains(small) => small,
        _ => match MARKED.iter().find(|family| family.contains(small)) {
            Some(family) => pick(family),
            None => return in_block(c, number),
        },
    };
    if c.is_uppercase() { other.to_uppercase().next().unwrap_or(other) } else { other }
}

/// Another character of the same alphabet: one that stands near, is as long, and of the same kind.
fn in_block(c: char, number: u64) -> char {
    let kind = |c: char| (c.is_alphabetic(), c.is_numeric(), c.is_uppercase(), c.is_lowercase(), c.len_utf8());
    let start = u32::from(c) / BLOCK * BLOCK;
    let near: Vec<char> = (start..start + BLOCK)
        .filter_map(char::from_u32)
        .filter(|other| *other != c && kind(*other) == kind(c))
        .collect();
    if near.is_empty() || !c.is_alphanumeric() { c } else { near[(number % near.len() as u64) as usize] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_other_whatever_its_letter_case() {
        let mut words = Substitution::default();
        let name = words.text("Ada Lovelace", Vocabulary::Values);
        let (given, family) = name.split_once(' ').expect("two words");
        assert!(given != "Ada" && family != "Lovelace", "{name}");
        let email = words.text("ada.LOVELACE@acme.com", Vocabulary::Addresses);
        assert!(email.starts_with(&format!("{}.{}@", given.to_lowercase(), family.to_uppercase())), "{email}");
        assert!(email.ends_with(".com") && !email.contains("acme"), "{email}");
    }

    /// One name at least of each script that people have names in, and of those that are easily forgotten.
    #[test]
    fn what_may_have_gone_wrong_stays_and_no_name_does() {
        let mut words = Substitution::default();
        for text in [
            "O'Brien",
            "  müller ",
            "+1 555-0100",
            "a\"b",
            "Zoë\u{300}",
            "山田 太郎",
            "ＡＢｃ",
            "ﾀﾛｳ",
            "Иван Петров",
            "Γιώργος",
            "สมชายใจดี",
            "ნინო",
            "አበበ",
            "សុខា",
            "မောင်",
            "ນາງ",
            "ਗੁਰਪ੍ਰੀਤ",
            "அருண்",
            "दीपक",
            "חנה",
            "محمد",
            "Արամ",
            "김철수",
            "Đỗ",
            "Łukasz",
            "Þór",
            "ᏣᎳᎩ",
            "𠮷野",
            "x",
            "Le",
            "No",
            "",
        ] {
            let other = words.text(text, Vocabulary::Values);
            assert_eq!(other.chars().count(), text.chars().count(), "{text} became {other}");
            for (c, other) in text.chars().zip(other.chars()) {
                assert_eq!(c.is_alphabetic(), other.is_alphabetic(), "{text} became {other}");
                assert_eq!(c.is_numeric(), other.is_numeric(), "{text} became {other}");
                assert_eq!(c.is_uppercase(), other.is_uppercase(), "{text} became {other}");
                assert!(c.is_alphanumeric() || c == other, "{text} became {other}");
            }
            let is_other =
                |one: &str| text.split(' ').all(|word| word.is_empty() || !one.split(' ').any(|other| other == word));
            assert!(text.is_empty() || is_other(&other), "{text} became {other}");
        }
        assert_eq!(words.text("userName eq", Vocabulary::Protocol), "userName eq");
    }

    #[test]
    fn numbers_stay_numbers() {
        let mut words = Substitution::default();
        for number in (81_000..82_000).map(|number: u32| number.to_string()).chain(["-12.5e+20".into(), "0".into()]) {
            let other = words.number(&number);
            assert_eq!(other.len(), number.len(), "{number} became {other}");
            assert!(other.parse::<serde_json::Number>().is_ok(), "{number} became {other}");
        }
    }

    #[test]
    fn two_words_have_two_others() {
        let mut words = Substitution::default();
        let letters = || 'a'..='z';
        let all: Vec<String> = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}{a}{b}"))).collect();
        let others: HashSet<String> = all.iter().map(|word| words.text(word, Vocabulary::Values)).collect();
        assert_eq!(others.len(), all.len());
        let composed = words.text("Ren\u{e9} Mu\u{f1}oz", Vocabulary::Values);
        let decomposed = words.text("Rene\u{301} Mun\u{303}oz", Vocabulary::Values);
        assert_eq!(comparison_key(&composed), comparison_key(&decomposed), "{composed} and {decomposed}");
    }
}
