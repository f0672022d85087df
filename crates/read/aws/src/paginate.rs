//! Pages of one call, merged as the AWS CLI merges them.
//!
//! In: pages as they were decoded, in order. Out: one value that has only the result keys and what the
//! model says comes once. Reading the next page is left to `client`.

use jmespath::Expression;
use serde_json::{Map, Value};

use crate::model::Paginator;

/// Collects the pages of one call.
pub(crate) struct Pages<'p> {
    paginator: &'p Paginator,
    merged: Value,
    once: Map<String, Value>,
    tokens: Option<Vec<Value>>,
    count: usize,
}

/// What comes after a page.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// That was the last page.
    Done,
    /// Another page, with these parameters; null ones are to be removed.
    Page(Vec<(String, Value)>),
    /// The service gives the same token again and again.
    Stuck,
}

impl<'p> Pages<'p> {
    pub(crate) fn new(paginator: &'p Paginator) -> Self {
        Self { paginator, merged: Value::Object(Map::new()), once: Map::new(), tokens: None, count: 0 }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Adds a page.
    pub(crate) fn add(&mut self, mut page: Value) -> Next {
        let paginator = self.paginator;
        self.count += 1;
        let tokens = self.tokens_of(&page);
        if self.count == 1 {
            let mut once = Value::Object(Map::new());
            for path in &paginator.once {
                set(&mut once, path, search(&page, path));
            }
            if let Value::Object(once) = once {
                self.once = once;
            }
        }
        for path in &paginator.results {
            let found = take(&mut page, path);
            if found.is_null() {
                continue;
            }
            match (find_mut(&mut self.merged, path), found) {
                (None, found) => set(&mut self.merged, path, found),
                (Some(Value::Array(all)), Value::Array(mut more)) => all.append(&mut more),
                (Some(Value::String(all)), Value::String(more)) => all.push_str(&more),
                (Some(Value::Number(all)), Value::Number(more)) => {
                    if let Some(sum) = add(all, &more) {
                        *all = sum;
                    }
                }
                // Objects are not merged: the first page's stays, as in botocore.
                (Some(_), _) => {}
            }
        }
        let Some(tokens) = tokens else { return Next::Done };
        if self.tokens.as_ref() == Some(&tokens) {
            return Next::Stuck;
        }
        self.tokens = Some(tokens.clone());
        Next::Page(paginator.input.iter().cloned().zip(tokens).collect())
    }

    /// The tokens of the next page; none where there is no next page.
    fn tokens_of(&self, page: &Value) -> Option<Vec<Value>> {
        if let Some(more) = &self.paginator.more
            && !is_true(&search(page, more))
        {
            return None;
        }
        let tokens: Vec<Value> = self
            .paginator
            .output
            .iter()
            .map(|path| Some(search(page, path)).filter(is_true).unwrap_or(Value::Null))
            .collect();
        if tokens.iter().all(Value::is_null) { None } else { Some(tokens) }
    }

    /// All pages in one.
    pub(crate) fn finish(self) -> Value {
        let mut merged = self.merged;
        if let Value::Object(all) = &mut merged {
            merge(all, self.once);
        }
        merged
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(inner)), Value::Object(more)) => merge(inner, more),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

fn add(a: &serde_json::Number, b: &serde_json::Number) -> Option<serde_json::Number> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.checked_add(b).map(Into::into),
        _ => serde_json::Number::from_f64(a.as_f64()? + b.as_f64()?),
    }
}

/// JMESPath's truth, which is Python's as well.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    }
}

/// `A.B.C`, which all but three of the models' expressions are.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

fn search(page: &Value, path: &str) -> Value {
    if is_plain(path) {
        let found = path.split('.').try_fold(page, |at, key| at.get(key));
        return found.cloned().unwrap_or(Value::Null);
    }
    let found = jmespath::compile(path).ok().and_then(|e: Expression<'_>| e.search(page).ok());
    found.and_then(|v| serde_json::to_value(v).ok()).unwrap_or(Value::Null)
}

fn find_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(value, |at, key| at.get_mut(key)).filter(|found| !found.is_null())
}

fn take(page: &mut Value, path: &str) -> Value {
    if is_plain(path) {
        return find_mut(page, path).map(Value::take).unwrap_or(Value::Null);
    }
    search(page, path)
}

fn set(into: &mut Value, path: &str, value: Value) {
    let mut at = into;
    for key in path.split('.') {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Value::Object(map) = at else { return };
        at = map.entry(key).or_insert(Value::Null);
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(paginator: Value, pages: &[Value], next: &[Next], expected: Value) {
        let paginator: Paginator = serde_json::from_value(paginator).unwrap();
        let mut all = Pages::new(&paginator);
        let got: Vec<Next> = pages.iter().map(|page| all.add(page.clone())).collect();
        assert_eq!(got, next);
        assert_eq!(all.finish(), expected);
    }

    fn page(pairs: &[(&str, Value)]) -> Next {
        Next::Page(pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
    }

    #[test]
    fn lists_grow_and_other_keys_are_dropped() {
        check(
            json!({"i": ["Marker"], "o": ["NextMarker"], "r": ["Roles"]}),
            &[json!({"Roles": [1, 2], "NextMarker": "a", "Other": 1}), json!({"Roles": [3]})],
            &[page(&[("Marker", json!("a"))]), Next::Done],
            json!({"Roles": [1, 2, 3]}),
        );
    }

    #[test]
    fn nested_keys_sums_and_what_comes_once() {
        check(
            json!({"i": ["M"], "o": ["L.Next"], "r": ["L.Items", "Count"], "m": "L.More", "n": ["L.Max", "Absent"]}),
            &[
                json!({"L": {"Items": [1], "Next": "x", "More": true, "Max": 9}, "Count": 1}),
                json!({"L": {"Items": [2], "Next": "y", "More": false, "Max": 9}, "Count": 2}),
            ],
            &[page(&[("M", json!("x"))]), Next::Done],
            json!({"L": {"Items": [1, 2], "Max": 9}, "Count": 3, "Absent": null}),
        );
    }

    #[test]
    fn several_tokens_and_expressions() {
        check(
            json!({"i": ["K", "V"], "o": ["NextK", "NextV"], "r": ["Versions"]}),
            &[json!({"Versions": [1], "NextK": "k"}), json!({})],
            &[page(&[("K", json!("k")), ("V", Value::Null)]), Next::Done],
            json!({"Versions": [1]}),
        );
        check(
            json!({"i": ["Marker"], "o": ["NextMarker || Contents[-1].Key"], "r": ["Contents"], "m": "IsTruncated"}),
            &[
                json!({"Contents": [{"Key": "a"}, {"Key": "b"}], "IsTruncated": true}),
                json!({"Contents": [{"Key": "c"}], "IsTruncated": false}),
            ],
            &[page(&[("Marker", json!("b"))]), Next::Done],
            json!({"Contents": [{"Key": "a"}, {"Key": "b"}, {"Key": "c"}]}),
        );
    }

    #[test]
    fn a_repeated_token_is_noticed_and_an_empty_one_ends() {
        check(
            json!({"i": ["T"], "o": ["T"], "r": ["X"]}),
            &[json!({"X": [1], "T": "t"}), json!({"X": [2], "T": "t"})],
            &[page(&[("T", json!("t"))]), Next::Stuck],
            json!({"X": [1, 2]}),
        );
        check(
            json!({"i": ["T"], "o": ["T"], "r": ["X"]}),
            &[json!({"X": [], "T": ""})],
            &[Next::Done],
            json!({"X": []}),
        );
    }
}
