//! The form of a text that searches compare: coarser than the one that tells whether two names are the same.

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizer;

use crate::comparison_key::narrowed;

/// What two texts have in common that a person takes for the same while searching: `muller` finds `Müller`, `obrien` finds `O’Brien` and
/// `strasse` finds `Straße`. Letter case, width, accents and apostrophes do not count, and letters that are not on every keyboard are spelled
/// as others. Each letter has a key of its own, so what is part of a text is part of its key. A key is its own key.
///
/// The window finds what it lists by itself in the same way (`ui/src/lib/match.ts`); `tests/data/search/keys.json` holds both to it.
#[must_use]
pub fn search_key(text: &str) -> String {
    // Most of what is searched, and four times as fast.
    if text.is_ascii() && !text.contains(is_ignored) {
        return text.to_ascii_lowercase();
    }
    let (decomposed, cases) = (DecomposingNormalizer::new_nfd(), CaseMapper::new());
    let mut key = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !is_ignored(*letter)) {
        if letter.is_ascii() {
            key.push(letter.to_ascii_lowercase());
            continue;
        }
        let narrowed = narrowed(letter.encode_utf8(&mut [0; 4])).into_owned();
        let letters = decomposed.normalize_iter(narrowed.chars()).filter(|part| !is_ignored(*part));
        for part in letters.flat_map(char::to_lowercase).map(|part| cases.simple_fold(part)) {
            match spelled(part) {
                Some(letters) => key.push_str(letters),
                None => key.push(part),
            }
        }
    }
    key
}

/// Accents, and what stands for an apostrophe.
fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\'' | '`' | '´' | 'ʹ' | 'ʻ' | 'ʼ' | '‘' | '’' | '′')
}

/// Letters that have no accent that could be left out.
fn spelled(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_those_of_the_window() {
        let cases = include_str!("../../../tests/data/search/keys.json");
        let cases: Vec<(String, String)> = serde_json::from_str(cases).expect("pairs of a text and its key");
        for (text, key) in cases {
            assert_eq!(search_key(&text), key, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key_and_has_those_of_its_parts(text in "\\PC{0,12}", rest in "\\PC{0,12}") {
            let key = search_key(&text);
            prop_assert_eq!(&search_key(&key), &key);
            prop_assert_eq!(&search_key(&text.to_lowercase()), &key);
            prop_assert_eq!(search_key(&format!("{text}{rest}")), key + &search_key(&rest));
        }
    }
}
