//! JMESPath expressions, parsed once and evaluated on borrowed JSON.
//!
//! In: the text of an expression. Out: a [`Path`] that finds values in an answer without copying
//! them. The grammar is the `jmespath` crate's; its interpreter copies the whole document into its
//! own type first, so everything but functions is evaluated here, and only functions go there.

use std::borrow::Cow;
use std::cmp::Ordering;

use jmespath::ast::{Ast, Comparator};
use serde_json::{Map, Number, Value};

/// A parsed JMESPath expression.
#[derive(Debug, Clone)]
pub struct Path {
    text: String,
    node: Node,
}

/// What an expression found: borrowed from the answer wherever that is possible.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'v> {
    /// A value of the answer, or a new one that the expression made.
    One(Cow<'v, Value>),
    /// A list that the expression made.
    List(Vec<Found<'v>>),
}

#[derive(Debug, Clone)]
enum Node {
    Here,
    Field(String),
    Index(i32),
    Slice(Option<i32>, Option<i32>, i32),
    Literal(Value),
    Chain(Box<Node>, Box<Node>),
    Projection(Box<Node>, Box<Node>),
    Flatten(Box<Node>),
    Values(Box<Node>),
    Condition(Box<Node>, Box<Node>),
    Compare(Comparator, Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    List(Vec<Node>),
    Hash(Vec<(String, Node)>),
    // The whole expression has functions: the crate's interpreter runs it.
    Engine,
}

static NULL: Value = Value::Null;

impl Path {
    /// Reads an expression; the error is the parser's message.
    pub fn parse(text: &str) -> Result<Self, String> {
        let ast = jmespath::parse(text).map_err(|error| error.to_string().replace('\n', " "))?;
        Ok(Self { text: text.to_owned(), node: Node::from_ast(&ast).unwrap_or(Node::Engine) })
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Evaluates the expression; what is not there is `null`.
    pub fn find<'v>(&self, value: &'v Value) -> Found<'v> {
        match &self.node {
            Node::Engine => Found::One(Cow::Owned(self.engine(value).unwrap_or(Value::Null))),
            node => node.find(Found::One(Cow::Borrowed(value))),
        }
    }

    /// The items found: those of a list, a lone value as one, none for `null`.
    pub fn items<'v>(&self, value: &'v Value) -> Vec<Cow<'v, Value>> {
        self.find(value).into_items()
    }

    /// The texts among the items found; numbers count as texts.
    pub fn texts(&self, value: &Value) -> Vec<String> {
        self.items(value).iter().filter_map(|item| text_of(item)).collect()
    }

    /// The value found as a text; numbers and booleans too, an empty text counts as none.
    pub fn text(&self, value: &Value) -> Option<String> {
        match self.find(value) {
            Found::One(found) => text_of(&found),
            Found::List(items) => items.into_iter().next().and_then(|first| text_of(&first.into_value())),
        }
    }

    /// Whether the value found is true in JMESPath's sense.
    pub fn holds(&self, value: &Value) -> bool {
        self.find(value).is_truthy()
    }

    fn engine(&self, value: &Value) -> Option<Value> {
        let found = jmespath::compile(&self.text).ok()?.search(value).ok()?;
        serde_json::to_value(&*found).ok()
    }
}

/// A scalar as text; none for `null`, lists, objects and the empty text.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

impl<'v> Found<'v> {
    const NOTHING: Found<'static> = Found::One(Cow::Borrowed(&NULL));

    /// Whether nothing was found.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::One(value) if value.is_null())
    }

    /// False for what is null, false or empty.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::List(items) => !items.is_empty(),
            Self::One(value) => match value.as_ref() {
                Value::Null => false,
                Value::Bool(flag) => *flag,
                Value::String(text) => !text.is_empty(),
                Value::Array(items) => !items.is_empty(),
                Value::Object(map) => !map.is_empty(),
                Value::Number(_) => true,
            },
        }
    }

    /// As one JSON value, copied where it was borrowed.
    pub fn into_value(self) -> Value {
        match self {
            Self::One(value) => value.into_owned(),
            Self::List(items) => Value::Array(items.into_iter().map(Self::into_value).collect()),
        }
    }

    /// As one JSON value, still borrowed where it was.
    pub fn into_cow(self) -> Cow<'v, Value> {
        match self {
            Self::One(value) => value,
            list => Cow::Owned(list.into_value()),
        }
    }

    /// The items of a list, a lone value as one, none for `null`.
    pub fn into_items(self) -> Vec<Cow<'v, Value>> {
        match self.elements() {
            Ok(items) => items
                .into_iter()
                .map(|item| match item {
                    Found::One(value) => value,
                    list => Cow::Owned(list.into_value()),
                })
                .filter(|value| !value.is_null())
                .collect(),
            Err(Found::One(value)) if value.is_null() => Vec::new(),
            Err(Found::One(value)) => vec![value],
            Err(list) => vec![Cow::Owned(list.into_value())],
        }
    }

    // The elements when this is a list, itself otherwise.
    fn elements(self) -> Result<Vec<Found<'v>>, Self> {
        match self {
            Self::List(items) => Ok(items),
            Self::One(Cow::Borrowed(Value::Array(items))) => {
                Ok(items.iter().map(|item| Found::One(Cow::Borrowed(item))).collect())
            }
            Self::One(Cow::Owned(Value::Array(items))) => {
                Ok(items.into_iter().map(|item| Found::One(Cow::Owned(item))).collect())
            }
            other => Err(other),
        }
    }
}

impl Node {
    // None when a function is somewhere inside.
    fn from_ast(ast: &Ast) -> Option<Self> {
        let boxed = |ast: &Ast| Self::from_ast(ast).map(Box::new);
        Some(match ast {
            Ast::Identity { .. } => Self::Here,
            Ast::Field { name, .. } => Self::Field(name.clone()),
            Ast::Index { idx, .. } => Self::Index(*idx),
            Ast::Slice { start, stop, step, .. } => Self::Slice(*start, *stop, *step),
            Ast::Literal { value, .. } => Self::Literal(serde_json::to_value(&**value).ok()?),
            Ast::Subexpr { lhs, rhs, .. } => Self::Chain(boxed(lhs)?, boxed(rhs)?),
            Ast::Projection { lhs, rhs, .. } => Self::Projection(boxed(lhs)?, boxed(rhs)?),
            Ast::Flatten { node, .. } => Self::Flatten(boxed(node)?),
            Ast::ObjectValues { node, .. } => Self::Values(boxed(node)?),
            Ast::Condition { predicate, then, .. } => Self::Condition(boxed(predicate)?, boxed(then)?),
            Ast::Comparison { comparator, lhs, rhs, .. } => {
                Self::Compare(comparator.clone(), boxed(lhs)?, boxed(rhs)?)
            }
            Ast::Or { lhs, rhs, .. } => Self::Or(boxed(lhs)?, boxed(rhs)?),
            Ast::And { lhs, rhs, .. } => Self::And(boxed(lhs)?, boxed(rhs)?),
            Ast::Not { node, .. } => Self::Not(boxed(node)?),
            Ast::MultiList { elements, .. } => {
                Self::List(elements.iter().map(Self::from_ast).collect::<Option<_>>()?)
            }
            Ast::MultiHash { elements, .. } => Self::Hash(
                elements
                    .iter()
                    .map(|pair| Some((pair.key.clone(), Self::from_ast(&pair.value)?)))
                    .collect::<Option<_>>()?,
            ),
            Ast::Function { .. } | Ast::Expref { .. } => return None,
        })
    }

    fn find<'v>(&self, on: Found<'v>) -> Found<'v> {
        match self {
            Self::Here => on,
            Self::Field(name) => field(on, name),
            Self::Index(at) => match on.elements() {
                Ok(mut items) => {
                    let place = if *at < 0 { items.len() as i64 + *at as i64 } else { *at as i64 };
                    match usize::try_from(place) {
                        Ok(place) if place < items.len() => items.swap_remove(place),
                        _ => Found::NOTHING,
                    }
                }
                Err(_) => Found::NOTHING,
            },
            Self::Slice(start, stop, step) => match on.elements() {
                Ok(items) => Found::List(slice(items, *start, *stop, *step)),
                Err(_) => Found::NOTHING,
            },
            Self::Literal(value) => Found::One(Cow::Owned(value.clone())),
            Self::Chain(first, then) => then.find(first.find(on)),
            Self::Projection(list, each) => match list.find(on).elements() {
                Ok(items) => Found::List(
                    items.into_iter().map(|item| each.find(item)).filter(|item| !item.is_null()).collect(),
                ),
                Err(_) => Found::NOTHING,
            },
            Self::Flatten(list) => match list.find(on).elements() {
                Ok(items) => {
                    let mut flat = Vec::with_capacity(items.len());
                    for item in items {
                        match item.elements() {
                            Ok(inner) => flat.extend(inner),
                            Err(lone) => flat.push(lone),
                        }
                    }
                    Found::List(flat)
                }
                Err(_) => Found::NOTHING,
            },
            Self::Values(of) => match of.find(on) {
                Found::One(Cow::Borrowed(Value::Object(map))) => {
                    Found::List(map.values().map(|value| Found::One(Cow::Borrowed(value))).collect())
                }
                Found::One(Cow::Owned(Value::Object(map))) => {
                    Found::List(map.into_iter().map(|(_, value)| Found::One(Cow::Owned(value))).collect())
                }
                _ => Found::NOTHING,
            },
            Self::Condition(test, then) => {
                if test.find(on.clone()).is_truthy() {
                    then.find(on)
                } else {
                    Found::NOTHING
                }
            }
            Self::Compare(how, left, right) => {
                let (left, right) = (left.find(on.clone()).into_cow(), right.find(on).into_cow());
                Found::One(Cow::Owned(compare(how, &left, &right)))
            }
            Self::Or(left, right) => {
                let found = left.find(on.clone());
                if found.is_truthy() { found } else { right.find(on) }
            }
            Self::And(left, right) => {
                let found = left.find(on.clone());
                if found.is_truthy() { right.find(on) } else { found }
            }
            Self::Not(node) => Found::One(Cow::Owned(Value::Bool(!node.find(on).is_truthy()))),
            Self::List(nodes) if !on.is_null() => {
                Found::List(nodes.iter().map(|node| node.find(on.clone())).collect())
            }
            Self::Hash(pairs) if !on.is_null() => Found::One(Cow::Owned(Value::Object(
                pairs
                    .iter()
                    .map(|(key, node)| (key.clone(), node.find(on.clone()).into_value()))
                    .collect::<Map<_, _>>(),
            ))),
            Self::List(_) | Self::Hash(_) | Self::Engine => Found::NOTHING,
        }
    }
}

fn field<'v>(on: Found<'v>, name: &str) -> Found<'v> {
    match on {
        Found::One(Cow::Borrowed(Value::Object(map))) => {
            map.get(name).map_or(Found::NOTHING, |value| Found::One(Cow::Borrowed(value)))
        }
        Found::One(Cow::Owned(Value::Object(mut map))) => {
            map.swap_remove(name).map_or(Found::NOTHING, |value| Found::One(Cow::Owned(value)))
        }
        _ => Found::NOTHING,
    }
}

fn slice<'v>(items: Vec<Found<'v>>, start: Option<i32>, stop: Option<i32>, step: i32) -> Vec<Found<'v>> {
    let length = items.len() as i64;
    let clamp = |at: i64, low: i64, high: i64| if at < 0 { (at + length).max(low) } else { at.min(high) };
    let (mut at, end) = if step > 0 {
        (
            start.map_or(0, |at| clamp(at.into(), 0, length)),
            stop.map_or(length, |at| clamp(at.into(), 0, length)),
        )
    } else {
        (
            start.map_or(length - 1, |at| clamp(at.into(), -1, length - 1)),
            stop.map_or(-1, |at| clamp(at.into(), -1, length - 1)),
        )
    };
    let mut cut = Vec::new();
    while step != 0 && if step > 0 { at < end } else { at > end } {
        cut.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at += i64::from(step);
    }
    cut
}

fn compare(how: &Comparator, left: &Value, right: &Value) -> Value {
    let number = |value: &Value| value.as_number().and_then(Number::as_f64);
    let order = number(left).zip(number(right)).and_then(|(left, right)| left.partial_cmp(&right));
    let same = order.map_or_else(|| left == right, |order| order == Ordering::Equal);
    let ordered = |test: fn(Ordering) -> bool| order.map_or(Value::Null, |order| Value::Bool(test(order)));
    match how {
        Comparator::Equal => Value::Bool(same),
        Comparator::NotEqual => Value::Bool(!same),
        Comparator::LessThan => ordered(Ordering::is_lt),
        Comparator::LessThanEqual => ordered(Ordering::is_le),
        Comparator::GreaterThan => ordered(Ordering::is_gt),
        Comparator::GreaterThanEqual => ordered(Ordering::is_ge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // Ours must say what the crate's own interpreter says.
    fn check(path: &str, value: &Value) {
        let path = Path::parse(path).unwrap();
        let theirs = path.engine(value).unwrap();
        assert_eq!(path.find(value).into_value(), theirs, "{}", path.text);
    }

    #[test]
    fn agrees_with_the_reference_interpreter() {
        let value = json!({
            "Reservations": [
                {"Instances": [{"Id": "i-1", "N": 1, "T": [{"Key": "Name", "Value": "a"}]}, {"Id": "i-2", "N": 2}]},
                {"Instances": []},
                {"Other": null},
            ],
            "Map": {"a": {"x": 1}, "b": {"x": 2}},
            "Empty": "", "Zero": 0, "List": [0, 1, 2, 3, 4, 5],
            "Nested": [[1, [2]], 3],
        });
        for path in [
            "@",
            "Reservations[].Instances[]",
            "Reservations[].Instances[].Id",
            "Reservations[*].Instances",
            "Reservations[*].Instances[*].Id",
            "Reservations[0].Instances[-1].Id",
            "Reservations[9]",
            "Map.*.x",
            "Map.a.x",
            "Nope.nope[]",
            "Nope || Map.b",
            "Empty || Zero",
            "Empty && Zero",
            "!Empty",
            "!Zero",
            "List[1:4]",
            "List[::-1]",
            "List[:2]",
            "List[-2:]",
            "List[::2]",
            "List[3:0:-1]",
            "Nested[]",
            "Nested[][]",
            "Reservations[].Instances[?Id=='i-1'].T[] | [0].Value",
            "Reservations[].Instances[?N>`1`][].Id",
            "Reservations[].Instances[].[Id, N]",
            "Reservations[].Instances[].{id: Id, n: N}",
            "Map.a.x == `1`",
            "List[?@ >= `3`]",
            "Id != `null`",
            "Empty == 'x'",
            "Map.a < Map.b",
            "`[1, 2]`[0]",
            "Empty.x[]",
            "Zero[0]",
            "length(List)",
            "List[?contains(`[1, 2]`, @)]",
            "Map.[a.x, b.x]",
            "Nope.[a]",
            "Nope.{a: b}",
        ] {
            check(path, &value);
        }
    }

    #[test]
    fn finds_items_and_texts() {
        let value = json!({"a": ["x", null, 3], "b": "y", "c": "", "d": {}});
        let texts = |path: &str| Path::parse(path).unwrap().texts(&value);
        assert_eq!(texts("a"), ["x", "3"]);
        assert_eq!(texts("b"), ["y"]);
        assert_eq!(texts("c"), [""; 0]);
        assert_eq!(Path::parse("d").unwrap().text(&value), None);
        assert!(Path::parse("a[").is_err());
    }
}
