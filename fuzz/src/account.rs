//! An account whose answers were tampered with: through graph, layout, picture, audit and commands.
//!
//! The base is a handful of the demo's answers. The input says which, and what to change in them:
//! values become others, lists grow, keys go, names turn hostile. Nothing may panic on it, no check
//! of the audit may fail, and the picture must come out the same twice.

use std::sync::{Arc, LazyLock};

use isobar_audit::{EXCEPTION, Options, examine, rules};
use isobar_catalog::Catalog;
use isobar_cloudmapper::{AccountEntry, Context, Linked, Workplace, parse, run};
use isobar_export::svg;
use isobar_graph::{Selection, View};
use isobar_layout::place;
use isobar_model::Timestamp;
use isobar_recording::{Builder, Call, Manifest, Outcome, Recording};
use isobar_scene::{Style, paint};
use serde_json::{Value, json};

use super::files::Scratch;

static DEMO: LazyLock<Recording> = LazyLock::new(|| {
    let bytes = include_bytes!("../../crates/serve/app/demo/demo.isobar");
    Recording::from_bundle(bytes).expect("the demo opens")
});

/// Decisions out of the input's bytes; when they are used up, always the first choice.
struct Choices<'d>(&'d [u8]);

impl<'d> Choices<'d> {
    /// A number below `most`, at most 256.
    fn below(&mut self, most: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % most
    }

    /// Some bytes.
    fn bytes(&mut self) -> &'d [u8] {
        let length = self.below(24).min(self.0.len());
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes
    }
}

/// Values that answers should not hold where they stand.
fn odd(input: &mut Choices<'_>) -> Value {
    match input.below(14) {
        0 => Value::Null,
        1 => json!(""),
        2 => json!([]),
        3 => json!({}),
        4 => json!(-1),
        5 => json!(u64::MAX),
        6 => json!(1e300),
        7 => json!(true),
        8 => json!("<script>'\"]]>&\u{202e}=cmd\u{0}"),
        9 => json!("0.0.0.0/0"),
        10 => json!("arn:aws:iam::111122223333:role/x"),
        11 => json!("x".repeat(300)),
        12 => json!([null, [[]], {"a": {"b": []}}]),
        _ => json!(String::from_utf8_lossy(input.bytes())),
    }
}

/// Walks some steps down from a value as the input says, and changes what stands there.
fn tamper(value: &mut Value, donor: &Value, steps: usize, input: &mut Choices<'_>) {
    let deeper = match &*value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if deeper && steps > 0 {
        let step = input.below(256);
        let next = match &mut *value {
            Value::Object(map) => {
                let at = step % map.len().max(1);
                map.values_mut().nth(at)
            }
            Value::Array(items) => {
                let at = step % items.len().max(1);
                items.get_mut(at)
            }
            _ => None,
        };
        return next.map_or((), |next| tamper(next, donor, steps - 1, input));
    }
    match (input.below(8), &mut *value) {
        (0, Value::Array(items)) => items.extend(items.clone()),
        (1, Value::Array(items)) => items.push(donor.clone()),
        (2, Value::Object(map)) => {
            let first = map.keys().next().cloned().unwrap_or_default();
            map.shift_remove(&first);
        }
        (3, _) => *value = donor.clone(),
        (4, _) => *value = json!([value.take()]),
        (5, Value::String(text)) => *text = text.chars().rev().collect(),
        _ => *value = odd(input),
    }
}

fn tampered(input: &mut Choices<'_>) -> Recording {
    let demo = &*DEMO;
    let entries = &demo.manifest().entries;
    let header = Manifest { entries: Vec::new(), ..demo.manifest().clone() };
    let mut builder = Builder::new(header);
    let at = Timestamp::from_millis(0).expect("1970 is a time");
    let mut last = Value::Null;
    let mut note = |call: &Call, outcome: &Outcome, changes: usize, input: &mut Choices<'_>| {
        let Outcome::Response { hash } = outcome else {
            builder.outcome(call.clone(), outcome.clone(), at);
            return;
        };
        let mut answer = demo.answers()[hash].as_ref().clone();
        for _ in 0..changes {
            let steps = input.below(9);
            tamper(&mut answer, &last, steps, input);
        }
        last = answer.clone();
        builder.response(call.clone(), answer, at);
    };
    // The bones of networks always, so that what stands in them is reached.
    let bones = |operation: &str| ["DescribeVpcs", "DescribeSubnets"].contains(&operation);
    for entry in entries.iter().filter(|e| bones(&e.call.operation)) {
        let changes = usize::from(input.below(4) == 3);
        note(&entry.call, &entry.outcome, changes, input);
    }
    for _ in 0..=input.below(12) {
        let entry = &entries[(input.below(256) * 256 + input.below(256)) % entries.len()];
        let changes = input.below(5);
        note(&entry.call, &entry.outcome, changes, input);
    }
    builder.finish(Some(at))
}

/// The one account of the commands.
#[derive(Debug)]
struct One(Recording);

impl Linked for One {
    fn accounts(&self) -> Vec<AccountEntry> {
        vec![AccountEntry { id: "111122223333".into(), name: "a".into(), default: true, tags: Vec::new() }]
    }
    fn recording(&self, _: &str) -> Result<Option<Recording>, String> {
        Ok(Some(self.0.clone()))
    }
}

const COMMANDS: [&str; 12] = [
    "prepare",
    "prepare --collapse-by-tag env --no-azs",
    "prepare --full --no-internal-edges",
    "public --accounts a",
    "find_admins --accounts a --json",
    "find_unused --accounts a",
    "stats --accounts a --stats_all_resources --no_output_image",
    "weboftrust --accounts a",
    "sg_ips --accounts a",
    "amis --accounts a",
    "iam_report --accounts a",
    "report --accounts a",
];

/// An account whose answers were tampered with: through graph, layout, picture, audit and a command.
pub fn account(data: &[u8]) {
    let mut input = Choices(data);
    let command = input.below(256);
    let recording = tampered(&mut input);

    let graph = isobar_graph::build(Catalog::embedded(), &[&recording]);
    let view = View::select(&graph, &Selection::default());
    let draw = || svg::write(&paint(&place(&view, &Default::default()), &Style::default()));
    let picture = draw();
    assert_eq!(picture, draw());
    assert!(!picture.contains("<script"));

    let found = examine(&recording, rules::ALL, Options { strict_compat: command % 2 == 0 });
    let failed = found.findings.iter().find(|f| f.rule == EXCEPTION);
    assert!(failed.is_none(), "{}", failed.expect("one"));

    let words = COMMANDS[command / 2 % COMMANDS.len()];
    let command = parse(words.split(' ')).expect("a command");
    let place = Scratch::new();
    let mut context = Context::new(Workplace::open(&place.0), Timestamp::from_millis(0).expect("a time"));
    context.linked = Some(Arc::new(One(recording)));
    let output = run(&command, context);
    assert!([0, 1, 255].contains(&output.code), "{words}: {output:?}");
}
