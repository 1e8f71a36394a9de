//! Looking up the names of a filter, and whether its operators and values go with them.

use serde_json::Number;

use super::{CompareOp, Filter, FilterValue};
use crate::near_miss;
use crate::schema::{Attribute, Kind, Returned};
use crate::target::note_dot;
use crate::{AttrPath, Notes, Policy, ResourceSchema, Result, ScimError, datetime};

impl Filter {
    /// Looks up the names and checks the operators: the result has canonical names, the core schema has no URN, and complex attributes
    /// are compared by their `value`.
    ///
    /// Tolerated, with a note: `email` and `email.value` for `emails.value`, extension attributes without their URN or with a dot
    /// behind it, booleans in quotation marks, attributes that no schema has, with the name of the one that is probably meant.
    ///
    /// # Errors
    /// `invalidFilter` for a name that means nothing (strict), an ordering of booleans or binaries, a value of the wrong type.
    pub fn check(&self, schema: &ResourceSchema, policy: &Policy, notes: &mut Notes) -> Result<Self> {
        Checker { names: Names::Resource(schema), policy, notes }.check(self)
    }
}

/// Checks a value filter against the sub-attributes of one attribute, as [`Filter::check`] does for a resource.
pub(crate) fn check_element(
    filter: &Filter,
    attribute: &Attribute,
    policy: &Policy,
    notes: &mut Notes,
) -> Result<Filter> {
    Checker { names: Names::Element(attribute), policy, notes }.check(filter)
}

struct Checker<'a> {
    names: Names<'a>,
    policy: &'a Policy,
    notes: &'a mut Notes,
}

/// What names mean.
#[derive(Clone, Copy)]
enum Names<'a> {
    /// Attributes of a resource.
    Resource(&'a ResourceSchema),
    /// Sub-attributes of one attribute.
    Element(&'a Attribute),
}

impl<'a> Checker<'a> {
    fn check(&mut self, filter: &Filter) -> Result<Filter> {
        Ok(match filter {
            Filter::And(left, right) => Filter::And(self.check_boxed(left)?, self.check_boxed(right)?),
            Filter::Or(left, right) => Filter::Or(self.check_boxed(left)?, self.check_boxed(right)?),
            Filter::Not(inner) => Filter::Not(self.check_boxed(inner)?),
            Filter::Compare { path, op, value } => self.check_comparison(path, *op, value)?,
            Filter::Present(path) => Filter::Present(match self.look_up(path)? {
                Some((path, attribute)) if attribute.returned == Returned::Never => return Err(only_equality(&path)),
                Some((path, _)) => path,
                None => path.clone(),
            }),
            Filter::ValuePath { path, filter } => self.check_value_path(path, filter)?,
        })
    }

    fn check_boxed(&mut self, filter: &Filter) -> Result<Box<Filter>> {
        self.check(filter).map(Box::new)
    }

    fn check_comparison(&mut self, path: &AttrPath, op: CompareOp, value: &FilterValue) -> Result<Filter> {
        if let Names::Resource(schema) = self.names
            && let Some(extension) = schema.extension_named_by(path)
        {
            let first = extension.attributes.first().map_or("…", |attribute| &attribute.name);
            let text = format!("`{path}` is a whole schema; compare one of its attributes, such as `{path}:{first}`.");
            return Err(ScimError::invalid_filter(text));
        }
        let Some((path, attribute)) = self.look_up(path)? else {
            return Ok(Filter::Compare { path: path.clone(), op, value: value.clone() });
        };
        let (path, attribute) = match attribute.sub("value") {
            // RFC 7644 Figure 2 has `emails co "example.com"`, although its text asks for a sub-attribute.
            Some(value) if attribute.kind == Kind::Complex => (path.with_sub(&value.name), value),
            None if attribute.kind == Kind::Complex => {
                let first = attribute.sub_attributes.first().map_or("value", |sub| &sub.name);
                let text = format!("`{path}` has several parts; compare one of them, such as `{path}.{first}`.");
                return Err(ScimError::invalid_filter(text));
            }
            _ => (path, attribute),
        };
        let value = self.check_value(&path, attribute, op, value)?;
        Ok(Filter::Compare { path, op, value })
    }

    fn check_value_path(&mut self, path: &AttrPath, filter: &Filter) -> Result<Filter> {
        if let Names::Element(_) = self.names {
            return Err(ScimError::invalid_filter("A value filter cannot contain another one."));
        }
        let Some((path, attribute)) = self.look_up(path)? else {
            return Ok(Filter::ValuePath { path: path.clone(), filter: Box::new(filter.clone()) });
        };
        let filter = check_element(filter, attribute, self.policy, self.notes)?;
        Ok(Filter::ValuePath { path, filter: Box::new(filter) })
    }

    /// The canonical path and its attribute; `None` for a name without a meaning that the policy lets pass.
    fn look_up(&mut self, path: &AttrPath) -> Result<Option<(AttrPath, &'a Attribute)>> {
        let found = match self.names {
            Names::Resource(schema) => self.look_up_in_resource(schema, path),
            Names::Element(attribute) => look_up_in_element(attribute, path),
        };
        if found.is_some() {
            return Ok(found);
        }
        if let Names::Resource(schema) = self.names {
            if schema.extension_named_by(path).is_some() {
                return Ok(None);
            }
            if let Some(meant) = schema.with_colon(path) {
                note_dot(path, &meant, self.policy, self.notes, ScimError::invalid_filter)?;
                return self.look_up(&meant);
            }
        }
        let is_refused = self.policy.refuse_unknown_filter_attributes();
        if !is_refused && self.notes.is_full() {
            return Ok(None);
        }
        let question = match self.names {
            Names::Resource(schema) => near_miss::question(&path.to_string(), schema),
            Names::Element(attribute) => near_miss::question_of_part(&path.to_string(), attribute),
        };
        if is_refused {
            return Err(ScimError::invalid_filter(format!("There is no attribute `{path}`.{question}")));
        }
        let text = format!("No schema has the attribute `{path}` that the filter names.{question}");
        self.notes.add("filter-unknown-attribute", "RFC 7644 §3.4.2.2", text);
        Ok(None)
    }

    fn look_up_in_resource(
        &mut self,
        schema: &'a ResourceSchema,
        path: &AttrPath,
    ) -> Option<(AttrPath, &'a Attribute)> {
        if let Some(found) = schema.locate(path) {
            return Some((found.path(), found.leaf()));
        }
        if self.policy.is_strict() {
            return None;
        }
        // okta-27-lookup-legacy-email-filters
        let plural = AttrPath { attribute: format!("{}s", path.attribute), ..path.clone() };
        if let Some(found) = schema.locate(&plural).filter(|found| found.attribute.multi_valued) {
            let text = format!("There is no attribute `{path}`; it was read as `{}`.", found.path());
            self.notes.add("filter-singular-name", "RFC 7643 §4.1.2", text);
            return Some((found.path(), found.leaf()));
        }
        // entra-12-filter-id-and-manager
        let found = schema.locate_bare(path)?;
        let text = format!("`{path}` stands without its URN; it was read as `{}`.", found.path());
        self.notes.add("extension-without-urn", "RFC 7644 §3.10", text);
        Some((found.path(), found.leaf()))
    }

    fn check_value(
        &mut self,
        path: &AttrPath,
        attribute: &Attribute,
        op: CompareOp,
        value: &FilterValue,
    ) -> Result<FilterValue> {
        use CompareOp::{Co, Eq, Ew, Ge, Gt, Le, Lt, Ne, Sw};
        let refuse = |what: String| Err(ScimError::invalid_filter(what));
        if attribute.returned == Returned::Never && op != Eq {
            return Err(only_equality(path));
        }
        let is_ordering = matches!(op, Gt | Ge | Lt | Le);
        if is_ordering && matches!(attribute.kind, Kind::Boolean | Kind::Binary) {
            return refuse(format!("`{path}` has no order, so `{op}` cannot be used (RFC 7644 Table 3)."));
        }
        if *value == FilterValue::Null {
            let is_test = matches!(op, Eq | Ne);
            return if is_test { Ok(FilterValue::Null) } else { refuse(format!("`{op}` cannot be used with null.")) };
        }
        if let FilterValue::String(text) = value
            && attribute.returned != Returned::Never
        {
            self.notes.add_placeholder(path, text);
        }
        match (attribute.kind, value) {
            (Kind::Boolean, FilterValue::Bool(_)) => Ok(value.clone()),
            (Kind::Boolean, _) => self.read_boolean(path, value),
            (Kind::Integer | Kind::Decimal, FilterValue::Number(_)) => Ok(value.clone()),
            (Kind::Integer | Kind::Decimal, FilterValue::String(text))
                if !self.policy.is_strict()
                    && let Ok(number) = serde_json::from_str::<Number>(text) =>
            {
                Ok(FilterValue::Number(number))
            }
            (Kind::Integer | Kind::Decimal, _) => {
                refuse(format!("`{path}` is a number; it cannot be compared with {value}."))
            }
            (Kind::DateTime, FilterValue::String(text)) => match datetime::parse(text) {
                None if !matches!(op, Co | Sw | Ew) => {
                    refuse(format!("`{path}` is a time such as \"2008-01-23T04:56:22Z\"; {value} is not."))
                }
                _ => Ok(value.clone()),
            },
            (_, FilterValue::String(_)) => Ok(value.clone()),
            (Kind::DateTime, _) => refuse(format!("`{path}` is a time; it cannot be compared with {value}.")),
            _ if self.policy.is_strict() => refuse(format!("`{path}` is a text; it cannot be compared with {value}.")),
            _ => {
                let text = format!("`{path}` is a text; {value} has no quotation marks and was read as a text.");
                self.notes.add("filter-unquoted", "RFC 7644 §3.4.2.2", text);
                Ok(FilterValue::String(value.to_string()))
            }
        }
    }

    // entra-25-filter-boolean-as-string
    fn read_boolean(&mut self, path: &AttrPath, value: &FilterValue) -> Result<FilterValue> {
        let read = crate::resource::loose_boolean(&value.to_json());
        let Some(boolean) = read.filter(|_| !self.policy.refuse_string_booleans()) else {
            let text = format!("`{path}` is true or false; it cannot be compared with {value}.");
            return Err(ScimError::invalid_filter(text));
        };
        let text = format!("`{path}` was compared with {value}; that was read as {boolean}.");
        self.notes.add("string-boolean", "RFC 7643 §2.3.2", text);
        Ok(FilterValue::Bool(boolean))
    }
}

/// RFC 7643 §4.1.1: `password` can be tested for equality and for nothing that would spell it out.
fn only_equality(path: &AttrPath) -> ScimError {
    ScimError::invalid_filter(format!("`{path}` can be compared with `eq` alone."))
}

fn look_up_in_element<'a>(attribute: &'a Attribute, path: &AttrPath) -> Option<(AttrPath, &'a Attribute)> {
    if path.schema.is_some() || path.sub.is_some() {
        return None;
    }
    match attribute.sub(&path.attribute) {
        Some(sub) => Some((AttrPath::attribute(&sub.name), sub)),
        // The values of a simple attribute are their own `value`.
        None if attribute.kind != Kind::Complex && path.attribute.eq_ignore_ascii_case("value") => {
            Some((AttrPath::attribute("value"), attribute))
        }
        None => None,
    }
}
