//! Texts that are too long to be shown.

/// The beginning of a text: at most `most` characters, with an ellipsis where it was cut.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shortened("über", 4), "über");
        assert_eq!(shortened("übers", 4), "über…");
        assert_eq!(shortened("", 0), "");
    }
}
