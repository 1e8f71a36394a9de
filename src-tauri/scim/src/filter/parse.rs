//! Reading filters: recursive descent over the grammar of RFC 7644 §3.4.2.2.

use serde_json::Number;

use super::{CompareOp, Filter, FilterValue};
use crate::error::REPEATED;
use crate::target::note_dot;
use crate::{AttrPath, Notes, Policy, Result, ScimError, shortened};

/// 64 KiB: a `/.search` for 500 ids is about 30 KiB.
const MOST_BYTES: usize = 64 << 10;
/// Comparisons at the most. Chains nest, so this bounds recursion as well.
const MOST_TERMS: usize = 500;
/// What ends an error about a text with a backslash.
const DOUBLED: &str = "; a backslash in a text has to be doubled, as in \"EXAMPLE\\\\ada\"";
/// Parentheses and brackets within each other at the most.
const DEEPEST: usize = 50;

impl Filter {
    /// Reads a filter. Attribute names are kept as they are written; [`Filter::check`] looks them up.
    ///
    /// Tolerated, with a note: values without quotation marks or in others than JSON's, a dot behind a URN, and
    /// `emails[type eq "work"].value eq "x"`, which the grammar does not have. Noted: a backslash that makes a control character, because
    /// it should have been doubled. A missing blank before a quotation mark is accepted in strict mode too, because RFC 7644 §3.5.2.2 prints it so itself.
    ///
    /// # Errors
    /// `invalidFilter` with the position, also for more than 64 KiB, 500 comparisons or 50 levels of nesting.
    pub fn parse(text: &str, policy: &Policy, notes: &mut Notes) -> Result<Self> {
        let mut parser = Parser::new(text, policy, notes)?;
        let filter = parser.disjunction()?;
        parser.skip_blanks();
        match parser.rest().chars().next() {
            None => Ok(filter),
            Some(')' | ']') => Err(parser.error("there is nothing to close here")),
            Some(_) => Err(parser.error("expected `and`, `or` or the end")),
        }
    }
}

/// Reads `emails[type eq "work"].value`: the attribute, the filter if there is one, and the sub-attribute.
pub(crate) fn parse_value_path(text: &str, policy: &Policy, notes: &mut Notes) -> Result<(AttrPath, Option<Filter>)> {
    let mut parser = Parser::new(text, policy, notes)?;
    parser.skip_blanks();
    let mut path = parser.attribute_path()?;
    let mut filter = None;
    if parser.take('[') {
        path = parser.filtered(path)?;
        filter = Some(parser.bracketed(&path)?);
        if parser.take('.') {
            path.sub = Some(parser.sub_attribute()?);
        }
    }
    parser.skip_blanks();
    if parser.rest().is_empty() { Ok((path, filter)) } else { Err(parser.error("expected the end")) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
    in_brackets: bool,
    policy: &'a Policy,
    notes: &'a mut Notes,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, policy: &'a Policy, notes: &'a mut Notes) -> Result<Self> {
        if text.len() > MOST_BYTES {
            return Err(ScimError::invalid_filter(format!(
                "The filter has {} bytes; {MOST_BYTES} are accepted. Ask for less at a time.",
                text.len()
            )));
        }
        Ok(Self { text, at: 0, depth: 0, terms: 0, in_brackets: false, policy, notes })
    }

    fn disjunction(&mut self) -> Result<Filter> {
        let mut filter = self.conjunction()?;
        while self.take_keyword("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.conjunction()?));
        }
        Ok(filter)
    }

    fn conjunction(&mut self) -> Result<Filter> {
        let mut filter = self.term()?;
        while self.take_keyword("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.term()?));
        }
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter> {
        self.skip_blanks();
        if self.take('(') {
            return self.nested(')', Self::disjunction);
        }
        if self.take_not() {
            return Ok(Filter::Not(Box::new(self.nested(')', Self::disjunction)?)));
        }
        self.terms += 1;
        if self.terms > MOST_TERMS {
            return Err(
                self.error(&format!("the filter has more than {MOST_TERMS} comparisons; ask for less at a time"))
            );
        }
        let path = self.attribute_path()?;
        if self.take('[') {
            let path = self.filtered(path)?;
            let filter = self.bracketed(&path)?;
            return self.after_brackets(path, filter);
        }
        self.comparison(path)
    }

    /// What stands between an opening character, which has been read, and `close`.
    fn nested(&mut self, close: char, inner: impl FnOnce(&mut Self) -> Result<Filter>) -> Result<Filter> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(&format!("the filter is nested more than {DEEPEST} levels deep")));
        }
        let filter = inner(self)?;
        self.skip_blanks();
        if !self.take(close) {
            return Err(self.error(&format!("expected `and`, `or` or `{close}`")));
        }
        self.depth -= 1;
        Ok(filter)
    }

    /// The attribute whose values are filtered. Its name has no part, so a dot behind a URN stands for the colon.
    fn filtered(&mut self, path: AttrPath) -> Result<AttrPath> {
        let Some(meant) = path.with_colon_behind_type() else { return Ok(path) };
        note_dot(&path, &meant, self.policy, self.notes, ScimError::invalid_filter)?;
        Ok(meant)
    }

    fn bracketed(&mut self, path: &AttrPath) -> Result<Filter> {
        if self.in_brackets {
            return Err(self.error("a value filter cannot contain another one"));
        }
        if path.sub.is_some() {
            return Err(self.error("a value filter belongs behind an attribute, not behind a sub-attribute"));
        }
        self.in_brackets = true;
        let filter = self.nested(']', Self::disjunction)?;
        self.in_brackets = false;
        Ok(filter)
    }

    /// `emails[type eq "work"]`, or with `.value eq "x"` behind it, which is read as one more condition on the same element.
    fn after_brackets(&mut self, path: AttrPath, filter: Filter) -> Result<Filter> {
        if !self.rest().starts_with('.') {
            return Ok(Filter::ValuePath { path, filter: Box::new(filter) });
        }
        // entra-07-filter-emails-valuepath
        self.policy.tolerate(|| self.error("nothing may follow a value filter"))?;
        self.take('.');
        let sub = self.sub_attribute()?;
        let condition = self.comparison(AttrPath::attribute(sub))?;
        let text = format!(
            "The grammar has no comparison behind `{path}[…]`; it was read as one more condition inside the brackets."
        );
        self.notes.add("filter-behind-value-filter", "RFC 7644 §3.4.2.2", text);
        Ok(Filter::ValuePath { path, filter: Box::new(Filter::And(Box::new(filter), Box::new(condition))) })
    }

    fn comparison(&mut self, path: AttrPath) -> Result<Filter> {
        self.skip_blanks();
        let start = self.at;
        let word = self.word();
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let Some(op) = operator(word) else {
            self.at = start;
            return Err(self.error(&format!(
                "expected an operator behind `{}`: eq, ne, co, sw, ew, pr, gt, ge, lt or le{}",
                shortened(&path.to_string(), REPEATED),
                found(word)
            )));
        };
        if self.rest().starts_with('"') {
            // rfc-16-path-without-blank
            let text = format!("There is no blank between `{op}` and the quotation mark.");
            self.notes.add("filter-blank", "RFC 7644 §3.4.2.2", text);
        }
        Ok(Filter::Compare { path, op, value: self.value()? })
    }

    fn value(&mut self) -> Result<FilterValue> {
        self.skip_blanks();
        if self.rest().starts_with('"') {
            return self.string().map(FilterValue::String);
        }
        let start = self.at;
        if let Some(quoted) = self.in_other_quotes() {
            self.policy.tolerate(|| self.error("a text has to stand in double quotation marks, \"…\""))?;
            let mut inner = quoted.chars();
            // The marks.
            let _ = (inner.next(), inner.next_back());
            // The value is not repeated: it may be a secret with blanks in it.
            let note = format!(
                "The value at character {} does not stand in double quotation marks; it was read as the text between its marks.",
                self.position()
            );
            self.notes.add("filter-quotes", "RFC 7644 §3.4.2.2", note);
            self.at += quoted.len();
            return Ok(FilterValue::String(inner.as_str().to_owned()));
        }
        let word = self.word();
        match word {
            "" => return Err(self.error("expected a value")),
            "true" => return Ok(FilterValue::Bool(true)),
            "false" => return Ok(FilterValue::Bool(false)),
            "null" => return Ok(FilterValue::Null),
            _ => {}
        }
        if let Some(number) = number(word) {
            return Ok(FilterValue::Number(number));
        }
        if self.policy.is_strict() {
            self.at = start;
            return Err(self.error("a text has to stand in quotation marks"));
        }
        // entra-10-filter-unquoted-value
        let text = format!("The value {word:?} has no quotation marks; it was read as a text.");
        self.notes.add("filter-unquoted", "RFC 7644 §3.4.2.2", text);
        Ok(FilterValue::String(word.to_owned()))
    }

    /// A text with other quotation marks than JSON's around it, as SQL and word processors have them. The last of them ends a word;
    /// `'tHooft` has none.
    fn in_other_quotes(&self) -> Option<&'a str> {
        let rest = self.rest();
        let closing = closing_quotes(rest.chars().next()?)?;
        let ends_word = |&(at, mark): &(usize, &str)| {
            let behind = rest[at + mark.len()..].chars().next();
            at > 0 && behind.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ']'))
        };
        let (at, mark) = rest.match_indices(closing).find(ends_word)?;
        Some(&rest[..at + mark.len()])
    }

    /// A JSON string, escapes included.
    fn string(&mut self) -> Result<String> {
        let mut escaped = false;
        let end = self.rest().char_indices().skip(1).find(|&(_, c)| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let Some((end, _)) = end else {
            let hint = if self.rest().ends_with("\\\"") { DOUBLED } else { "" };
            return Err(self.error(&format!("the quotation mark is never closed{hint}")));
        };
        let literal = &self.rest()[..=end];
        let text: String = serde_json::from_str(literal).map_err(|error| {
            let hint = if literal.contains('\\') { DOUBLED } else { "" };
            self.error(&format!("the text is not a JSON string: {error}{hint}"))
        })?;
        if literal.contains('\\') && text.contains(char::is_control) {
            let note = format!(
                "The text at character {} has a control character: JSON reads a backslash with the letter behind it as one, `\\n` as a \
                 line feed. If a backslash is meant, as between a domain and a name, it has to be doubled: \"EXAMPLE\\\\ada\".",
                self.position()
            );
            self.notes.add("filter-backslash", "RFC 7644 §3.4.2.2", note);
        }
        self.at += literal.len();
        Ok(text)
    }

    fn attribute_path(&mut self) -> Result<AttrPath> {
        let start = self.at;
        let word = self.word();
        match AttrPath::parse(word) {
            Some(path) => Ok(path),
            None => {
                if let Some(meant) = AttrPath::parse_with_colon(word) {
                    note_dot(&word, &meant, self.policy, self.notes, ScimError::invalid_filter)?;
                    return Ok(meant);
                }
                self.at = start;
                Err(self.error(&format!("expected the name of an attribute{}", found(word))))
            }
        }
    }

    fn sub_attribute(&mut self) -> Result<String> {
        let start = self.at;
        let path = self.attribute_path()?;
        if path.schema.is_some() || path.sub.is_some() {
            self.at = start;
            return Err(self.error("expected the name of a sub-attribute"));
        }
        Ok(path.attribute)
    }

    /// Everything up to a blank, a bracket, a parenthesis or a quotation mark.
    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let is_delimiter = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
        let word = &rest[..rest.find(is_delimiter).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn take(&mut self, expected: char) -> bool {
        let is_there = self.rest().starts_with(expected);
        if is_there {
            self.at += expected.len_utf8();
        }
        is_there
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let start = self.at;
        self.skip_blanks();
        let is_there = self.word().eq_ignore_ascii_case(keyword);
        if !is_there {
            self.at = start;
        }
        is_there
    }

    /// `not (`. Without the parenthesis `not` would be the name of an attribute.
    fn take_not(&mut self) -> bool {
        let start = self.at;
        let is_not = self.take_keyword("not") && {
            self.skip_blanks();
            self.take('(')
        };
        if !is_not {
            self.at = start;
        }
        is_not
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Where it is, in characters from 1.
    fn position(&self) -> usize {
        self.text[..self.at].chars().count() + 1
    }

    fn error(&self, what: &str) -> ScimError {
        ScimError::invalid_filter(format!("Character {}: {what}.", self.position()))
    }
}

/// The quotation marks that end what this one begins, if it is another than JSON's.
fn closing_quotes(opening: char) -> Option<&'static [char]> {
    match opening {
        '\'' => Some(&['\'']),
        '`' => Some(&['`', '\'']),
        '“' | '”' | '„' => Some(&['“', '”']),
        '‘' | '’' | '‚' => Some(&['‘', '’']),
        _ => None,
    }
}

/// A JSON number. serde_json may be off by the last digit of a fraction, so that the number printed would be another one than the one read.
fn number(word: &str) -> Option<Number> {
    let number = serde_json::from_str::<Number>(word).ok()?;
    if number.is_f64() { Number::from_f64(word.parse().ok()?) } else { Some(number) }
}

/// What stands where something else was expected; nothing at the end.
fn found(word: &str) -> String {
    if word.is_empty() {
        return String::new();
    }
    let hint = if word.contains('+') {
        "; a plus sign stands where a blank belongs: in an address %2B is a plus sign, and + or %20 a blank"
    } else if word.contains("%20") || word.contains("%22") {
        "; the filter is percent-encoded twice"
    } else {
        ""
    };
    format!(", found {:?}{hint}", shortened(word, REPEATED))
}

fn operator(word: &str) -> Option<CompareOp> {
    use CompareOp::{Co, Eq, Ew, Ge, Gt, Le, Lt, Ne, Sw};
    [Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le].into_iter().find(|op| word.eq_ignore_ascii_case(&op.to_string()))
}
