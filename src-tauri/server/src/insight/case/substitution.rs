//! Words that stand for others. Each has as many characters as the one that it stands for, in the same places upper and lower case, digits,
//! marks and letters beyond ASCII, so that what went wrong with the one goes wrong with the other.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use scim::comparison_key;

use super::vocabulary::is_known;

/// What stands for the letters of other alphabets, by the first and the last of their characters.
const ALPHABETS: [(char, char, &str); 9] = [
    ('\u{370}', '\u{3ff}', "αβγδεζηθικλμνξοπρστυφχψω"),
    ('\u{400}', '\u{52f}', "абвгдежзиклмнопрстуфхцшэюя"),
    ('\u{530}', '\u{58f}', "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ"),
    ('\u{590}', '\u{5ff}', "אבגדהוזחטיכלמנסעפצקרשת"),
    ('\u{600}', '\u{6ff}', "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    ('\u{900}', '\u{dff}', "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह"),
    (
        '\u{3040}',
        '\u{30ff}',
        "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ",
    ),
    ('\u{3400}', '\u{9fff}', "山川田中大木林森石水火土金月日天地人口手目耳足花草竹米車雨雪風空海星"),
    ('\u{ac00}', '\u{d7af}', "가나다라마바사아자차카타파하고노도로모보소오조초코토포호"),
];

const CONSONANTS: &str = "bdfgklmnprstvz";
const VOWELS: &str = "aeiou";

/// How often another word is tried where one has been given already. There are few of one letter.
const TRIES: u64 = 64;

/// Words and those that stand for them, the same one wherever a word stands in whatever letter case.
#[derive(Debug, Default)]
pub(super) struct Substitution {
    /// What the letters follow from, by the key of a word.
    seeds: HashMap<String, u64>,
    /// The keys of the words that were given.
    given: HashSet<String>,
}

impl Substitution {
    /// A text with other words. Those of SCIM and HTTP stay.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_of_word) {
            let end = rest[start..].find(|c| !is_of_word(c)).map_or(rest.len(), |length| start + length);
            replaced.push_str(&rest[..start]);
            replaced.push_str(&self.word(&rest[start..end]));
            rest = &rest[end..];
        }
        replaced + rest
    }

    fn word(&mut self, word: &str) -> String {
        let key = comparison_key(word);
        if is_known(&key) {
            return word.to_owned();
        }
        if let Some(seed) = self.seeds.get(&key) {
            return spelled(word, *seed);
        }
        let first = self.seeds.len() as u64 * TRIES;
        let is_free = |other: &str| other != key && !is_known(other) && !self.given.contains(other);
        let seed = (first..first + TRIES).find(|seed| is_free(&comparison_key(&spelled(word, *seed)))).unwrap_or(first);
        let other = spelled(word, seed);
        self.given.insert(comparison_key(&other));
        self.seeds.insert(key, seed);
        other
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
        // With its mark it is a letter that stays, as it does where both are one character.
        let is_marked = letters.peek().is_some_and(|next| is_mark(*next));
        spelled.push(if is_marked { c } else { letter(c, seed, place) });
        place += 1;
    }
    spelled
}

/// How far the letters of Asian fonts in full width are from those of ASCII.
const FULL_WIDTH: u32 = 0xfee0;

fn letter(c: char, seed: u64, place: u64) -> char {
    if let '\u{ff10}'..='\u{ff5a}' = c {
        let narrow = char::from_u32(u32::from(c) - FULL_WIDTH).unwrap_or(c);
        return char::from_u32(u32::from(letter(narrow, seed, place)) + FULL_WIDTH).unwrap_or(c);
    }
    let mut hasher = DefaultHasher::new();
    (seed, place).hash(&mut hasher);
    let number = hasher.finish();
    let pick = |letters: &str| letters.chars().nth((number % letters.chars().count() as u64) as usize).unwrap_or(c);
    let other = match c {
        '0'..='9' => pick("0123456789"),
        'a'..='z' | 'A'..='Z' => pick(if (seed + place).is_multiple_of(2) { CONSONANTS } else { VOWELS }),
        _ => ALPHABETS
            .iter()
            .find(|(first, last, _)| (first..=last).contains(&&c))
            .map_or(c, |alphabet| pick(alphabet.2)),
    };
    // Of one character each in these alphabets.
    if c.is_uppercase() { other.to_uppercase().next().unwrap_or(other) } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_other_whatever_its_letter_case() {
        let mut words = Substitution::default();
        let name = words.text("Ada Lovelace");
        let (given, family) = name.split_once(' ').expect("two words");
        assert!(given != "Ada" && family != "Lovelace", "{name}");
        let email = words.text("ada.LOVELACE@acme.com");
        assert!(email.starts_with(&format!("{}.{}@", given.to_lowercase(), family.to_uppercase())), "{email}");
        assert!(email.ends_with(".com") && !email.contains("acme"), "{email}");
    }

    #[test]
    fn what_may_have_gone_wrong_stays() {
        let mut words = Substitution::default();
        for text in
            ["O'Brien", "  müller ", "+1 555-0100", "a\"b", "Zoë\u{300}", "山田 太郎", "ＡＢｃ", "Иван Петров", "x", ""]
        {
            let other = words.text(text);
            assert_eq!(other.chars().count(), text.chars().count(), "{text} became {other}");
            for (c, other) in text.chars().zip(other.chars()) {
                assert_eq!(c.is_alphabetic(), other.is_alphabetic(), "{text} became {other}");
                assert_eq!(c.is_numeric(), other.is_numeric(), "{text} became {other}");
                assert_eq!(c.is_uppercase(), other.is_uppercase(), "{text} became {other}");
                assert!(c.is_alphanumeric() || c == other, "{text} became {other}");
            }
            assert!(text.is_empty() || other != text, "{text}");
        }
        assert_eq!(words.text("userName eq \"User\""), "userName eq \"User\"", "a word of SCIM is nobody's name");
    }

    #[test]
    fn two_words_have_two_others() {
        let mut words = Substitution::default();
        let letters = || 'a'..='z';
        let all: Vec<String> = letters()
            .flat_map(|a| letters().map(move |b| format!("{a}{b}{a}{b}")))
            .filter(|word| !is_known(word))
            .collect();
        let others: HashSet<String> = all.iter().map(|word| words.text(word)).collect();
        assert_eq!(others.len(), all.len());
        let composed = words.text("Ren\u{e9}");
        let decomposed = words.text("Rene\u{301}");
        assert_eq!(comparison_key(&composed), comparison_key(&decomposed), "{composed} and {decomposed}");
    }
}
