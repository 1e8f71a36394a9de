//! The form of a text by which two are told to be the same where letter case does not count.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};

/// What two texts have in common that are the same where letter case does not count (`caseExact` false, RFC 7643 §2.2): a user name that is
/// typed in capitals, with a combining diaeresis or in full-width letters is the same person's. It is what RFC 7644 §5 asks for of `userName`,
/// the PRECIS profile UsernameCaseMapped (RFC 7613 §3.2): width mapping, Unicode case folding, normalization to NFC. Unlike an enforced
/// PRECIS string any text has one, with blanks and symbols in it, and nothing is ever refused.
///
/// Letters are folded one by one (Unicode's simple case folding): `σ` and `ς` are the same, as in their capital, while `ß` is not `ss`, as
/// RFC 7613 §3.5 has it. So what is part of a text, marks
/// with their letters, is part of its key. A key is its own key.
#[must_use]
pub fn comparison_key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let composed = ComposingNormalizer::new_nfc();
    let (cases, narrowed) = (CaseMapper::new(), narrowed(text));
    // Composed letters have a fold of their own, and what is folded may compose again.
    let folded: String =
        composed.normalize(&narrowed).chars().flat_map(char::to_lowercase).map(|c| cases.simple_fold(c)).collect();
    composed.normalize(&folded).into_owned()
}

/// Whether two texts are the same where letter case does not count: whether their [`comparison_key`]s are.
#[must_use]
pub fn is_same_text(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { comparison_key(a) == comparison_key(b) }
}

/// A text with the usual forms of letters that Asian fonts also have in full or half the width.
pub(crate) fn narrowed(text: &str) -> Cow<'_, str> {
    let has_a_width = |c: char| matches!(c, '\u{3000}' | '\u{FF00}'..='\u{FFEF}');
    if !text.contains(has_a_width) {
        return Cow::Borrowed(text);
    }
    let decomposed = DecomposingNormalizer::new_nfkd();
    let usual = |c: char| {
        let mut letter = [0; 4];
        let letter = c.encode_utf8(&mut letter);
        if has_a_width(c) { decomposed.normalize(letter).into_owned() } else { letter.to_owned() }
    };
    text.chars().map(usual).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_text_in_several_spellings_has_one_key() {
        for same in [
            &["Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM"][..],
            &["j\u{fc}rgen", "ju\u{308}rgen", "J\u{dc}RGEN", "JU\u{308}RGEN"],
            &["ὀδυσσεύς@example.com", "ὀδυσσεύσ@example.com", "ὈΔΥΣΣΕΎΣ@EXAMPLE.COM"],
            // What JavaScript and Java make of a capital I with a dot.
            &["\u{130}zmir", "i\u{307}zmir"],
            &["ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ADA@EXAMPLE.COM"],
            &["ｶﾞ", "ガ", "カ\u{3099}"],
            &["\u{212b}ngstr\u{f6}m", "\u{e5}ngstro\u{308}m"],
            &["Stra\u{1e9e}e", "stra\u{df}e"],
            &["Ꭰ", "ꭰ"],
        ] {
            let keys: Vec<String> = same.iter().map(|text| comparison_key(text)).collect();
            assert!(keys.iter().all(|key| *key == keys[0]), "{same:?}: {keys:?}");
            assert!(same.iter().all(|text| is_same_text(text, same[0])), "{same:?}");
        }
    }

    #[test]
    fn what_reads_differently_has_another_key() {
        for (a, b) in [
            ("stra\u{df}e", "strasse"),
            ("jurgen", "j\u{fc}rgen"),
            ("izmir", "\u{131}zmir"),
            ("ﬁn", "fin"),
            ("x²", "x2"),
            ("a b", "ab"),
        ] {
            assert!(!is_same_text(a, b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key_and_that_of_every_letter_case(text in "\\PC{0,12}") {
            let key = comparison_key(&text);
            prop_assert_eq!(&comparison_key(&key), &key);
            prop_assert_eq!(&comparison_key(&text.to_lowercase()), &key);
            let decomposed = DecomposingNormalizer::new_nfd().normalize(&text).into_owned();
            prop_assert_eq!(comparison_key(&decomposed), key);
        }
    }
}
