//! Makes of recorded requests what may be shown to somebody else: names and addresses of people, groups and hosts become others, the same
//! ones everywhere, so that it still can be seen what went wrong.
//!
//! `replacer.rs` knows what stands in a text of which kind, `substitution.rs` makes the other words. Attributes keep their names; UUIDs, the
//! endpoints in a path and what is nearly one stay, and so do the words of SCIM.

mod replacer;
mod substitution;
mod vocabulary;

use std::collections::HashSet;
use std::ops::Range;

use scim::comparison_key;
use scim::redact::{self, MASK};
use serde_json::Value;

use self::replacer::Replacer;
use self::substitution::is_of_word;
use self::vocabulary::Vocabulary;
use crate::model::{
    Actor, DatedText, DeclaredSchema, Exchange, ExchangeId, ExchangeRow, ITS_SERVER, Message, Replacement, TextPart,
};
use crate::secret::mask_tokens;

/// Characters that a value has at least if it is found in a sentence in another letter case.
const LONG: usize = 4;

/// Words of a value at the most, to be found in a sentence: what has more is a text of its own.
const MOST_WORDS: usize = 12;

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
    for exchange in exchanges {
        for message in [&mut exchange.request, &mut exchange.response] {
            if let Some(body) = &mut message.body {
                *body = mask_tokens(redact::body(std::mem::take(body).into())).into_owned();
            }
            for (name, value) in &mut message.headers {
                if redact::is_secret_header(name) && !value.contains(MASK) {
                    MASK.clone_into(value);
                }
            }
        }
        for field in exchange.changes.iter_mut().flat_map(|change| &mut change.fields) {
            if redact::names_secret(&field.path) {
                [&mut field.before, &mut field.after].into_iter().flatten().for_each(|value| *value = MASK.into());
            }
        }
        // Wherever else one stands. A text of this program is none.
        if let Ok(mut json) = serde_json::to_value(&*exchange) {
            mask_texts(&mut json);
            if let Ok(masked) = serde_json::from_value(json) {
                *exchange = masked;
            }
        }
    }
}

/// Masks the secrets in a text.
pub(crate) fn masked(text: &str) -> String {
    mask_tokens(redact::expression(text.into())).into_owned()
}

fn mask_texts(json: &mut Value) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(mask_texts),
        Value::Object(members) => {
            members.iter_mut().filter(|(member, _)| *member != "body").for_each(|(_, value)| mask_texts(value))
        }
        Value::String(text) => *text = masked(text),
        _ => {}
    }
}

/// What else sentences may name: directories, organizations, and where they are.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    /// Names that people gave here.
    pub(crate) names: Vec<String>,
    /// Domains, and addresses of tunnels.
    pub(crate) hosts: Vec<String>,
}

/// Replaces names and addresses in requests, and in the schemas of their directory, and returns what was replaced by what, in the order in
/// which it stands.
pub(crate) fn anonymize(
    exchanges: &mut [Exchange],
    schemas: &mut [DeclaredSchema],
    surroundings: &Surroundings,
) -> Vec<Replacement> {
    let mut replacer = Replacer::default();
    schemas.iter_mut().for_each(|declared| replacer.discovery(&mut declared.schema));
    exchanges.iter_mut().for_each(|exchange| replace_data(&mut replacer, exchange));
    exchanges.iter_mut().for_each(|exchange| replace_details(&mut replacer, exchange));
    // Sentences have no form, but whatever they quote has been replaced elsewhere.
    let hosts = surroundings.hosts.iter().filter_map(|host| host.split("://").last()?.split('/').next());
    let around = surroundings.names.iter().map(String::as_str).chain(hosts);
    let sentences = Sentences::new(replacer.values().chain(around));
    for exchange in exchanges {
        each_sentence(exchange, |text| sentences.replace(&mut replacer, text));
    }
    replacer.replaced()
}

fn rows(exchange: &mut Exchange) -> impl Iterator<Item = &mut ExchangeRow> {
    std::iter::once(&mut exchange.row).chain(&mut exchange.story)
}

/// Bodies and changes say what a value is the value of.
fn replace_data(replacer: &mut Replacer, exchange: &mut Exchange) {
    let path = exchange.target.split('?').next().unwrap_or_default();
    let is_discovery =
        ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"].iter().any(|endpoint| path.contains(endpoint));
    exchange.request.body.iter_mut().for_each(|body| replacer.body(body));
    if let Some(body) = &mut exchange.response.body {
        match serde_json::from_str::<Value>(body) {
            Ok(mut value) if is_discovery => {
                replacer.discovery(&mut value);
                *body = value.to_string();
            }
            _ => replacer.body(body),
        }
    }
    for change in &mut exchange.changes {
        replacer.data("displayName", &mut change.resource_name);
        for field in &mut change.fields {
            let path = replacer.path(&field.path);
            [&mut field.before, &mut field.after]
                .into_iter()
                .flatten()
                .for_each(|value| replacer.field(&field.path, value));
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
    let is_known = matches!(exchange.row.actor, Actor::Known(_) | Actor::Simulator | Actor::You | Actor::Replay);
    exchange.client.iter_mut().for_each(|client| replacer.client(client, is_known));
    for part in &mut exchange.explanation.path {
        part.text = replacer.target(&part.text);
    }
    let changes = exchange.changes.iter_mut().map(|change| &mut change.actor);
    let actors = changes.chain(std::iter::once(&mut exchange.row).chain(&mut exchange.story).map(|row| &mut row.actor));
    for actor in actors {
        if let Actor::Client(product) = actor
            && product != ITS_SERVER
        {
            replacer.data("client", product);
        }
    }
    exchange.came_through.iter_mut().for_each(|origin| replacer.address(origin));
    for Message { headers, .. } in [&mut exchange.request, &mut exchange.response] {
        headers.iter_mut().for_each(|(name, value)| replacer.header(name, value, is_known));
    }
    if let Some(url) = exchange.explanation.fix.as_mut().and_then(|fix| fix.base_url.as_mut()) {
        replacer.address(url);
    }
    if let Some(forwarded) = &mut exchange.forwarded {
        replacer.address(&mut forwarded.to);
        for fault in &mut forwarded.faults {
            [&mut fault.expected, &mut fault.actual].into_iter().for_each(|shown| replacer.body(shown));
        }
    }
    if let Some(annotation) = &mut exchange.annotation {
        replacer.prose("note", annotation);
    }
    for row in rows(exchange) {
        row.path = replacer.target(&row.path);
        if let Some(annotation) = &mut row.annotation {
            replacer.prose("note", annotation);
        }
        if let Some(subject) = &mut row.summary.subject {
            replacer.data("displayName", subject);
        }
    }
}

/// Everything that is said in words, of this program or of the person who exports it.
fn each_sentence(exchange: &mut Exchange, mut each: impl FnMut(&mut String)) {
    let Exchange { authorization, explanation, notes, annotation, forwarded, request, response, .. } = exchange;
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
    annotation.iter_mut().for_each(&mut each);
    if let Some(forwarded) = forwarded {
        let faults = forwarded.faults.iter_mut().map(|fault| &mut fault.text);
        faults.chain(&mut forwarded.remarks).for_each(&mut each);
    }
    for row in rows(exchange) {
        each(&mut row.summary.text);
        row.summary.outcome.iter_mut().chain(&mut row.annotation).for_each(&mut each);
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

/// Finds values in sentences, word by word.
struct Sentences {
    /// The keys of the first words of values, and those of whole values.
    first: HashSet<String>,
    whole: HashSet<String>,
    /// Short ones as they are: in another letter case they may be words of ours.
    short: HashSet<String>,
}

impl Sentences {
    fn new<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let (mut first, mut whole, mut short) = (HashSet::new(), HashSet::new(), HashSet::new());
        for value in values {
            let words = words(value);
            let (Some(begin), Some(end)) = (words.first(), words.last().filter(|_| words.len() <= MOST_WORDS)) else {
                continue;
            };
            // Whoever is called as an identity provider is: sentences say what that did.
            if words.iter().all(|word| Vocabulary::names_nobody(&value[word.clone()])) {
                continue;
            }
            let value = &value[begin.start..end.end];
            if value.chars().count() < LONG {
                short.insert(value.to_owned());
            }
            first.insert(comparison_key(&value[..begin.len()]));
            whole.insert(comparison_key(value));
        }
        Self { first, whole, short }
    }

    fn replace(&self, replacer: &mut Replacer, text: &mut String) {
        let words = words(text);
        let (mut replaced, mut at, mut index) = (String::new(), 0, 0);
        while index < words.len() {
            let start = words[index].start;
            let is_value = |end: usize| {
                let found = &text[start..end];
                self.whole.contains(&comparison_key(found))
                    && (found.chars().count() >= LONG || self.short.contains(found))
            };
            let is_first = self.first.contains(&comparison_key(&text[words[index].clone()]));
            let last =
                (index..words.len().min(index + MOST_WORDS)).rev().find(|last| is_first && is_value(words[*last].end));
            if let Some(last) = last {
                replaced.push_str(&text[at..start]);
                replaced.push_str(&replacer.quoted(&text[start..words[last].end]));
                at = words[last].end;
                index = last;
            }
            index += 1;
        }
        if at > 0 {
            replaced.push_str(&text[at..]);
            *text = replaced;
        }
    }
}

/// Where the words of a text are.
fn words(text: &str) -> Vec<Range<usize>> {
    let (mut words, mut start) = (Vec::new(), None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_of_word(c), start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                words.push(begin..at);
                start = None;
            }
            _ => {}
        }
    }
    words
}
