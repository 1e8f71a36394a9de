//! Whether a resource, or one element of an attribute, meets a filter.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use memchr::memmem::Finder;
use serde_json::{Map, Number, Value};

use super::{CompareOp, Filter, FilterValue};
use crate::json::member;
use crate::schema::{Attribute, Kind};
use crate::{AttrPath, Resource, ResourceSchema, comparison_key, datetime, is_same_text};

/// A filter that is asked about many resources: what it takes to look up its names and to read its values is done.
pub struct PreparedFilter<'f>(Node<'f>);

/// A value filter that is asked about many elements of one attribute: the same.
pub struct PreparedValueFilter<'f>(Node<'f>);

impl Filter {
    /// The filter as it is asked about resources with this schema.
    pub fn prepare<'f>(&'f self, schema: &'f ResourceSchema) -> PreparedFilter<'f> {
        PreparedFilter(prepare(self, Names::Resource(schema)))
    }

    /// The value filter as it is asked about elements. `attribute` is `None` for what no schema has.
    pub(crate) fn prepare_for(&self, attribute: Option<&Attribute>) -> PreparedValueFilter<'_> {
        PreparedValueFilter(prepare(self, Names::Element(attribute)))
    }

    /// Whether a resource meets the filter. Letter case counts where the schema says `caseExact` (RFC 7643 §2.2).
    pub fn matches(&self, resource: &Resource, schema: &ResourceSchema) -> bool {
        self.prepare(schema).matches(resource)
    }
}

impl PreparedFilter<'_> {
    /// Whether a resource meets the filter: see [`Filter::matches`].
    pub fn matches(&self, resource: &Resource) -> bool {
        self.0.is_met(&Subject::Object(resource), &Keys::default())
    }
}

impl PreparedValueFilter<'_> {
    /// Whether an element meets the filter.
    pub fn matches(&self, element: &Value) -> bool {
        self.0.is_met(&Subject::element(element), &Keys::default())
    }
}

/// Whether two texts are the same, letter case counting or not.
pub(crate) fn same_text(a: &str, b: &str, case_exact: bool) -> bool {
    a == b || (!case_exact && is_same_text(a, b))
}

/// What names mean.
#[derive(Clone, Copy)]
enum Names<'f, 'a> {
    /// Attributes of a resource.
    Resource(&'f ResourceSchema),
    /// Sub-attributes of one attribute.
    Element(Option<&'a Attribute>),
}

enum Node<'f> {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Compare {
        place: Place<'f>,
        op: CompareOp,
        literal: Box<Literal<'f>>,
    },
    Present(Place<'f>),
    ValuePath {
        place: Place<'f>,
        inner: Box<Self>,
    },
    /// An element has no elements.
    Never,
}

/// Where the values stand that a path leads to, and how they compare.
struct Place<'f> {
    path: &'f AttrPath,
    container: Container<'f>,
    kind: Kind,
    case_exact: bool,
}

/// What of a resource or an element an attribute is looked for in.
enum Container<'f> {
    /// In itself.
    Own,
    /// In the object behind this URN.
    Extension(&'f str),
    /// The object behind this URN is the value.
    WholeExtension(&'f str),
}

/// What an attribute is compared with.
struct Literal<'f> {
    value: &'f FilterValue,
    /// A text in the form in which it is compared.
    key: Cow<'f, str>,
    /// The same, as it is looked for in others, if it is.
    finder: Option<Finder<'static>>,
    /// A text that is a time, where the attribute is one.
    time: Option<i128>,
}

fn prepare<'f>(filter: &'f Filter, names: Names<'f, '_>) -> Node<'f> {
    let boxed = |filter: &'f Filter| Box::new(prepare(filter, names));
    match filter {
        Filter::And(left, right) => Node::And(boxed(left), boxed(right)),
        Filter::Or(left, right) => Node::Or(boxed(left), boxed(right)),
        Filter::Not(inner) => Node::Not(boxed(inner)),
        Filter::Compare { path, op, value } => {
            let place = Place::of(path, names);
            let literal = Box::new(Literal::of(value, *op, &place));
            Node::Compare { place, op: *op, literal }
        }
        Filter::Present(path) => Node::Present(Place::of(path, names)),
        Filter::ValuePath { path, filter } => match names {
            Names::Element(_) => Node::Never,
            Names::Resource(schema) => {
                let attribute = schema.locate(path).map(|found| found.attribute);
                let inner = Box::new(prepare(filter, Names::Element(attribute)));
                Node::ValuePath { place: Place::of(path, names), inner }
            }
        },
    }
}

impl<'f> Place<'f> {
    fn of(path: &'f AttrPath, names: Names<'f, '_>) -> Self {
        let (container, leaf) = match names {
            Names::Element(attribute) => {
                let is_value = path.attribute.eq_ignore_ascii_case("value");
                let simple = attribute.filter(|attribute| attribute.kind != Kind::Complex && is_value);
                (Container::Own, attribute.and_then(|attribute| attribute.sub(&path.attribute)).or(simple))
            }
            Names::Resource(schema) => {
                let leaf = schema.locate(path).map(|found| found.leaf());
                match &path.schema {
                    Some(urn) if !urn.eq_ignore_ascii_case(&schema.core().id) => {
                        match schema.extension_named_by(path) {
                            Some(extension) => (Container::WholeExtension(&extension.id), None),
                            None => (Container::Extension(urn), leaf),
                        }
                    }
                    _ => (Container::Own, leaf),
                }
            }
        };
        Self {
            path,
            container,
            kind: leaf.map_or(Kind::String, |attribute| attribute.kind),
            case_exact: leaf.is_some_and(Attribute::is_case_exact),
        }
    }

    /// Whether one of the values that stand there meets a condition.
    fn any<'a>(&self, subject: &Subject<'a>, mut meets: impl FnMut(&'a Value) -> bool) -> bool {
        let named = |object: &'a Map<String, Value>| member(object, &self.path.attribute);
        let value = match (subject, &self.container) {
            (Subject::Scalar(scalar), _) => self.path.attribute.eq_ignore_ascii_case("value").then_some(*scalar),
            (Subject::Object(object), Container::Own) => named(object),
            (Subject::Object(object), Container::Extension(urn)) => {
                member(object, urn).and_then(Value::as_object).and_then(named)
            }
            (Subject::Object(object), Container::WholeExtension(urn)) => {
                return elements(member(object, urn)).any(meets);
            }
        };
        let Some(sub) = &self.path.sub else { return elements(value).any(meets) };
        let mut parts = elements(value).filter_map(|element| member(element.as_object()?, sub));
        parts.any(|part| elements(Some(part)).any(&mut meets))
    }
}

impl<'f> Literal<'f> {
    fn of(value: &'f FilterValue, op: CompareOp, place: &Place<'_>) -> Self {
        let text = if let FilterValue::String(text) = value { text.as_str() } else { "" };
        let key: Cow<'f, str> = if place.case_exact { text.into() } else { comparison_key(text).into() };
        let time = if place.kind == Kind::DateTime { datetime::parse(text) } else { None };
        let finder = (op == CompareOp::Co).then(|| Finder::new(key.as_bytes()).into_owned());
        Self { value, key, finder, time }
    }
}

/// What a filter is asked about.
enum Subject<'a> {
    Object(&'a Map<String, Value>),
    /// The values of a simple attribute are their own `value`.
    Scalar(&'a Value),
}

impl<'a> Subject<'a> {
    fn element(element: &'a Value) -> Self {
        element.as_object().map_or(Self::Scalar(element), Self::Object)
    }
}

/// Bytes of a text whose form is sooner made than found again.
const SHORT: usize = 64;

/// The longer texts of a subject in the form in which they are compared, each made once however many comparisons look at it: by the place where
/// the text stands, which no other one has as long as the subject is borrowed.
#[derive(Default)]
struct Keys(RefCell<HashMap<*const u8, String>>);

impl Keys {
    fn with<T>(&self, text: &str, compare: impl FnOnce(&str) -> T) -> T {
        if text.len() <= SHORT {
            return compare(&comparison_key(text));
        }
        compare(self.0.borrow_mut().entry(text.as_ptr()).or_insert_with(|| comparison_key(text)))
    }
}

impl Node<'_> {
    fn is_met(&self, subject: &Subject<'_>, keys: &Keys) -> bool {
        match self {
            Self::And(left, right) => left.is_met(subject, keys) && right.is_met(subject, keys),
            Self::Or(left, right) => left.is_met(subject, keys) || right.is_met(subject, keys),
            Self::Not(inner) => !inner.is_met(subject, keys),
            Self::Compare { place, op, literal } => Comparison { place, op: *op, literal, keys }.holds(subject),
            Self::Present(place) => place.any(subject, is_present),
            Self::ValuePath { place, inner } => {
                place.any(subject, |value| inner.is_met(&Subject::element(value), keys))
            }
            Self::Never => false,
        }
    }
}

/// The elements of an array, or a value that is not one.
fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(elements)) => elements.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
    .iter()
}

/// One comparison of a filter.
struct Comparison<'a> {
    place: &'a Place<'a>,
    op: CompareOp,
    literal: &'a Literal<'a>,
    keys: &'a Keys,
}

impl Comparison<'_> {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        let holds = || self.place.any(subject, |value| is_present(value) && self.holds_for(value));
        match (self.literal.value, self.op) {
            (FilterValue::Null, CompareOp::Ne) => self.place.any(subject, is_present),
            (FilterValue::Null, _) => self.op == CompareOp::Eq && !self.place.any(subject, is_present),
            // What has no value is not equal to anything (RFC 7644 §3.4.2.1).
            (_, CompareOp::Ne) => holds() || !self.place.any(subject, is_present),
            _ => holds(),
        }
    }

    fn holds_for(&self, value: &Value) -> bool {
        let op = self.op;
        match (value, self.literal.value) {
            (Value::Object(object), _) => match member(object, "value") {
                Some(inner) if !inner.is_object() => self.holds_for(inner),
                _ => op == CompareOp::Ne,
            },
            (Value::String(text), FilterValue::String(literal)) => self.holds_for_text(text, literal),
            (Value::Number(number), FilterValue::Number(literal)) => order(compare_numbers(number, literal), op),
            (Value::Bool(value), FilterValue::Bool(literal)) => match op {
                CompareOp::Eq => value == literal,
                CompareOp::Ne => value != literal,
                _ => false,
            },
            _ => op == CompareOp::Ne,
        }
    }

    fn holds_for_text(&self, text: &str, literal: &str) -> bool {
        let is_of_part = matches!(self.op, CompareOp::Co | CompareOp::Sw | CompareOp::Ew);
        if let Some(time) = self.literal.time.filter(|_| !is_of_part)
            && let Some(value) = datetime::parse(text)
        {
            return order(Some(value.cmp(&time)), self.op);
        }
        match self.op {
            CompareOp::Eq if text == literal => true,
            CompareOp::Ne if text == literal => false,
            _ if self.place.case_exact => self.holds_for_key(text),
            _ => self.keys.with(text, |key| self.holds_for_key(key)),
        }
    }

    fn holds_for_key(&self, key: &str) -> bool {
        let literal = &*self.literal.key;
        match self.op {
            CompareOp::Co => self.literal.finder.as_ref().is_some_and(|finder| finder.find(key.as_bytes()).is_some()),
            CompareOp::Sw => key.starts_with(literal),
            CompareOp::Ew => key.ends_with(literal),
            op => order(Some(key.cmp(literal)), op),
        }
    }
}

fn order(ordering: Option<Ordering>, op: CompareOp) -> bool {
    let Some(ordering) = ordering else { return op == CompareOp::Ne };
    match op {
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

fn compare_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// RFC 7643 §2.5: an empty array and null are not values; RFC 7644 Table 3: neither is an empty text or an object without values.
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => elements.iter().any(is_present),
        Value::Object(object) => object.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Notes, Policy};

    #[test]
    fn a_text_is_made_ready_once_however_many_comparisons_look_at_it() {
        let long = format!("Ada{}", "x".repeat(SHORT));
        let resource = json!({
            "userName": long, "title": long, "externalId": long, "displayName": "Ada",
            "emails": [{"value": long, "type": "work"}, {"value": long, "type": "home"}],
        });
        let Value::Object(resource) = resource else { panic!("an object") };
        let any = |comparison: &str| {
            (0..100).map(|number| format!("{comparison} \"{number}\"")).collect::<Vec<_>>().join(" or ")
        };
        for (filter, texts) in [
            (any("title co"), 1),
            (any("displayName co"), 0),
            (any("title co") + " or " + &any("userName sw"), 2),
            // Letter case counts: the text is what is compared.
            (any("externalId ew"), 0),
            (any("emails.value co"), 2),
            (format!("emails[{}]", any("value co")), 2),
            (format!("emails[type eq \"WORK\" and ({})]", any("value gt \"z\" or value ew")), 1),
        ] {
            let parsed = Filter::parse(&filter, &Policy::strict(), &mut Notes::new()).expect("a filter");
            let checked = parsed.check(crate::user(), &Policy::strict(), &mut Notes::new()).expect("its names");
            let (prepared, keys) = (checked.prepare(crate::user()), Keys::default());
            assert!(!prepared.0.is_met(&Subject::Object(&resource), &keys), "{filter}");
            assert_eq!(keys.0.borrow().len(), texts, "{filter}");
        }
    }

    #[test]
    fn a_value_of_a_simple_attribute_is_its_own_value() {
        for (filter, element, expected) in [
            ("value eq \"A\"", json!("a"), true),
            ("value eq \"a\"", json!({"value": "A"}), true),
            ("value.part eq \"a\"", json!("a"), false),
            ("other pr", json!("a"), false),
            ("value gt 1", json!(2), true),
        ] {
            let filter = Filter::parse(filter, &Policy::tolerant(), &mut Notes::new()).expect("a filter");
            assert_eq!(filter.prepare_for(None).matches(&element), expected, "{filter} {element}");
        }
    }
}
