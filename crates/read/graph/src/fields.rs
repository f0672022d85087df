//! What AWS said of one resource: a part of an answer that the recording shares, or a value of its own.
//!
//! In: an answer and the items that a catalog's path found in it. Out: for each item where it lies. A
//! hundred thousand items copied out of their answers would need more memory than all the rest.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;

/// A JSON value that is cheap to copy, and cheap to keep where its answer is kept anyway.
#[derive(Clone)]
pub struct Fields(Of);

#[derive(Clone)]
enum Of {
    Own(Arc<Value>),
    /// The part of an answer that lies at the end of a way.
    Answer(Arc<Value>, Arc<[Step]>),
}

/// From a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(Arc<str>),
    Item(u32),
}

static NULL: Value = Value::Null;

impl Deref for Fields {
    type Target = Value;

    fn deref(&self) -> &Value {
        match &self.0 {
            Of::Own(value) => value,
            Of::Answer(answer, way) => way
                .iter()
                .try_fold(answer.as_ref(), |value, step| match step {
                    Step::Field(name) => value.get(name.as_ref()),
                    Step::Item(at) => value.get(*at as usize),
                })
                .unwrap_or(&NULL),
        }
    }
}

impl From<Value> for Fields {
    fn from(value: Value) -> Self {
        Self(Of::Own(Arc::new(value)))
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::from(Value::Null)
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.deref().fmt(to)
    }
}

/// Finds parts of one answer again, in the order in which they stand there.
pub(crate) struct Parts<'a> {
    answer: &'a Arc<Value>,
    /// What is yet to be looked at of the parts around the place that is reached.
    open: Vec<Rest<'a>>,
    /// The way to the innermost of these, one step for each but the first.
    way: Vec<Step>,
    names: HashMap<&'a str, Arc<str>>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(answer: &'a Arc<Value>) -> Self {
        Self { answer, open: Rest::of(answer).into_iter().collect(), way: Vec::new(), names: HashMap::new() }
    }

    /// The next part that is this very value, and not an equal one elsewhere; none when it does not stand
    /// behind those found before.
    pub(crate) fn find(&mut self, part: &Value) -> Option<Fields> {
        if std::ptr::eq(part, self.answer.as_ref()) {
            return Some(Fields(Of::Own(Arc::clone(self.answer))));
        }
        while let Some(rest) = self.open.last_mut() {
            let child = match rest {
                Rest::Items(items) => items.next().map(|(at, item)| (item, Step::Item(at as u32))),
                Rest::Fields(fields) => {
                    fields.next().map(|(name, item)| (item, named(&mut self.names, name)))
                }
            };
            match child {
                Some((item, step)) if std::ptr::eq(item, part) => {
                    let way = self.way.iter().cloned().chain([step]).collect();
                    return Some(Fields(Of::Answer(Arc::clone(self.answer), way)));
                }
                Some((item, step)) => {
                    if let Some(inner) = Rest::of(item) {
                        self.open.push(inner);
                        self.way.push(step);
                    }
                }
                None => {
                    self.open.pop();
                    self.way.pop();
                }
            }
        }
        None
    }
}

/// What is yet to be looked at of a list, or of an object.
enum Rest<'a> {
    Items(std::iter::Enumerate<std::slice::Iter<'a, Value>>),
    Fields(serde_json::map::Iter<'a>),
}

impl<'a> Rest<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Array(items) => Some(Self::Items(items.iter().enumerate())),
            Value::Object(map) => Some(Self::Fields(map.iter())),
            _ => None,
        }
    }
}

/// A step to a field, its name kept once for all of its name.
fn named<'a>(names: &mut HashMap<&'a str, Arc<str>>, name: &'a str) -> Step {
    Step::Field(Arc::clone(names.entry(name).or_insert_with(|| name.into())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_found_where_they_stand() {
        let answer = Arc::new(json!({
            "Owner": {"Id": 7},
            "Sets": [{"Ids": [1], "Items": [{"A": 1}, {"A": 1}]}, {"Items": []}, {"Items": [{"A": [2]}]}],
        }));
        let mut parts = Parts::of(&answer);
        for path in ["/Sets/0/Items/0", "/Sets/0/Items/1", "/Sets/2/Items/0"] {
            let part = answer.pointer(path).unwrap();
            let found = parts.find(part).unwrap();
            assert!(std::ptr::eq(&*found, part), "{path} is not copied");
        }
        assert!(parts.find(answer.pointer("/Owner").unwrap()).is_none(), "it stands before these");
        let whole = Parts::of(&answer).find(&answer).unwrap();
        assert!(std::ptr::eq(&*whole, answer.as_ref()));
        assert!(Parts::of(&answer).find(&json!({"A": 1})).is_none(), "equal, but not in it");
    }
}
