//! Makes of recorded requests what may be shown to somebody else: names and addresses of people, groups and hosts become others, the same
//! ones everywhere, so that it still can be seen what went wrong.
//!
//! `replacer.rs` knows what stands in a text of which kind, `substitution.rs` makes the other words. Attributes keep their names, ids that
//! this program gave and paths stay, and so do the words of SCIM.

mod replacer;
mod substitution;
mod vocabulary;

use std::borrow::Cow;
use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};
use scim::redact::{self, MASK};
use serde_json::Value;

use self::replacer::Replacer;
use crate::model::{DatedText, Exchange, ExchangeId, ExchangeRow, Message, Replacement, TextPart};
use crate::secret::mask_tokens;

/// Characters that a value has at least if it is found in a sentence in another letter case.
const LONG: usize = 4;

/// Takes from requests what only this program can follow: other requests, directories, and what can be done in the window.
pub(crate) fn detach(exchanges: &mut [Exchange]) {
    let ids: HashSet<ExchangeId> = exchanges.iter().map(|exchange| exchange.row.id).collect();
    let detach_row = |row: &mut ExchangeRow| {
        row.directory_id = None;
        row.replay_of = row.replay_of.filter(|id| ids.contains(id));
        row.story = row.story.filter(|id| ids.contains(id));
    };
    for exchange in exchanges {
        detach_row(&mut exchange.row);
        exchange.story.retain(|row| ids.contains(&row.id));
        exchange.story.iter_mut().for_each(detach_row);
        exchange.changes.iter_mut().for_each(|change| change.directory_id = "".into());
        if let Some(fix) = &mut exchange.explanation.fix {
            (fix.action, fix.taken_by) = (None, None);
        }
        if let Some(next) = &mut exchange.explanation.next {
            next.exchange_id = next.exchange_id.filter(|id| ids.contains(id));
        }
    }
}

/// Masks secrets once more: an earlier version may have known fewer, and whoever made a file may have put any in.
pub(crate) fn mask_secrets(exchanges: &mut [Exchange]) {
    let mask = |text: &mut String, as_what: fn(Cow<'_, str>) -> Cow<'_, str>| {
        *text = mask_tokens(as_what(std::mem::take(text).into())).into_owned();
    };
    for exchange in exchanges {
        mask(&mut exchange.target, redact::expression);
        rows(exchange).for_each(|row| mask(&mut row.path, redact::expression));
        for message in [&mut exchange.request, &mut exchange.response] {
            message.body.iter_mut().for_each(|body| mask(body, redact::body));
            for (name, value) in &mut message.headers {
                if redact::is_secret_header(name) && !value.contains(MASK) {
                    MASK.clone_into(value);
                }
                mask(value, redact::expression);
            }
        }
    }
}

/// Replaces names and addresses in requests, and returns what was replaced by what, in the order in which it stands.
pub(crate) fn anonymize(exchanges: &mut [Exchange]) -> Vec<Replacement> {
    let mut replacer = Replacer::default();
    exchanges.iter_mut().for_each(|exchange| replace_data(&mut replacer, exchange));
    exchanges.iter_mut().for_each(|exchange| replace_details(&mut replacer, exchange));
    // Sentences have no form, but whatever they quote has been replaced elsewhere.
    if let Some(sentences) = Sentences::new(&replacer) {
        for exchange in exchanges {
            each_sentence(exchange, |text| sentences.replace(&mut replacer, text));
        }
    }
    replacer.replaced()
}

fn rows(exchange: &mut Exchange) -> impl Iterator<Item = &mut ExchangeRow> {
    std::iter::once(&mut exchange.row).chain(&mut exchange.story)
}

/// Bodies and changes say what a value is the value of.
fn replace_data(replacer: &mut Replacer, exchange: &mut Exchange) {
    let path = exchange.target.split('?').next().unwrap_or_default();
    // What schemas say is this program's, and the names of attributes.
    let is_discovery =
        ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"].iter().any(|endpoint| path.contains(endpoint));
    let answer = (!is_discovery).then_some(&mut exchange.response);
    for message in std::iter::once(&mut exchange.request).chain(answer) {
        message.body.iter_mut().for_each(|body| replacer.body(body));
    }
    for change in &mut exchange.changes {
        replacer.data("displayName", &mut change.resource_name);
        for field in &mut change.fields {
            let path = replacer.path(&field.path);
            [&mut field.before, &mut field.after]
                .into_iter()
                .flatten()
                .for_each(|value| replacer.value(&field.path, value));
            field.path = path;
        }
        let members =
            change.members.iter_mut().flat_map(|members| members.added.iter_mut().chain(&mut members.removed));
        members.for_each(|member| {
            replacer.data("displayName", &mut member.name);
            replacer.data("members.value", &mut member.id);
        });
    }
}

fn replace_details(replacer: &mut Replacer, exchange: &mut Exchange) {
    exchange.target = replacer.target(&exchange.target);
    exchange.came_through.iter_mut().for_each(|origin| replacer.address(origin));
    for Message { headers, .. } in [&mut exchange.request, &mut exchange.response] {
        headers.iter_mut().for_each(|(name, value)| replacer.header(name, value));
    }
    if let Some(url) = exchange.explanation.fix.as_mut().and_then(|fix| fix.base_url.as_mut()) {
        replacer.address(url);
    }
    for row in rows(exchange) {
        row.path = replacer.target(&row.path);
        if let Some(subject) = &mut row.summary.subject {
            replacer.data("displayName", subject);
        }
    }
}

/// Everything that is said in words of this program.
fn each_sentence(exchange: &mut Exchange, mut each: impl FnMut(&mut String)) {
    let Exchange { authorization, explanation, notes, request, response, .. } = exchange;
    let each_dated = |text: &mut DatedText, each: &mut dyn FnMut(&mut String)| {
        for part in text.parts_mut() {
            if let TextPart::Words { text } = part {
                each(text);
            }
        }
    };
    each_dated(&mut authorization.text, &mut each);
    explanation.cause.iter_mut().for_each(|cause| each_dated(cause, &mut each));
    let texts = [&mut explanation.effect].into_iter().chain(&mut authorization.advice);
    let texts = texts.chain(explanation.fix.as_mut().map(|fix| &mut fix.text));
    let texts = texts.chain(explanation.admin_sees.as_mut().map(|view| &mut view.text));
    let texts = texts.chain(explanation.next.as_mut().map(|next| &mut next.text));
    let texts = texts.chain(explanation.rfc.as_mut().map(|remark| &mut remark.text));
    let texts = texts.chain(notes.iter_mut().map(|note| &mut note.text));
    texts.for_each(&mut each);
    for body in [request, response].into_iter().filter_map(|message| message.body.as_mut()) {
        if let Some(Ok(mut json)) = body.contains("\"detail\"").then(|| serde_json::from_str::<Value>(body)) {
            let before = json.clone();
            each_detail(&mut json, &mut each);
            if json != before {
                *body = json.to_string();
            }
        }
    }
    for row in rows(exchange) {
        each(&mut row.summary.text);
        row.summary.outcome.iter_mut().for_each(&mut each);
    }
}

/// What an error says, in an answer or in one of a bulk answer.
fn each_detail(json: &mut Value, each: &mut dyn FnMut(&mut String)) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(|item| each_detail(item, each)),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "detail" => each(text),
                    value => each_detail(value, each),
                }
            }
        }
        _ => {}
    }
}

/// Finds values in sentences.
struct Sentences {
    values: Vec<String>,
    finder: AhoCorasick,
}

impl Sentences {
    /// `None`: there is nothing to find.
    fn new(replacer: &Replacer) -> Option<Self> {
        let values: Vec<String> =
            replacer.values().filter(|value| value.chars().nth(1).is_some()).map(str::to_owned).collect();
        let mut builder = AhoCorasick::builder();
        let finder = builder.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(&values).ok()?;
        (!values.is_empty()).then_some(Self { values, finder })
    }

    fn replace(&self, replacer: &mut Replacer, text: &mut String) {
        let (mut replaced, mut at) = (String::new(), 0);
        for found in self.finder.find_iter(text.as_str()) {
            let (value, range) = (&self.values[found.pattern().as_usize()], found.range());
            let is_word = !text[..range.start].ends_with(char::is_alphanumeric)
                && !text[range.end..].starts_with(char::is_alphanumeric);
            let is_it = value.chars().count() >= LONG || text[range.clone()] == **value;
            if is_word && is_it {
                replaced.push_str(&text[at..range.start]);
                replaced.push_str(&replacer.quoted(&text[range.clone()]));
                at = range.end;
            }
        }
        if at > 0 {
            replaced.push_str(&text[at..]);
            *text = replaced;
        }
    }
}
