//! Short readings of answers that several commands share.

use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::Value;

/// A list, or nothing.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A text, or the empty one.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The items at a JSON pointer in all answers of an operation in a region: `/Volumes`.
pub(crate) fn items<'r>(
    recording: &'r Recording,
    region: &Region,
    service: &str,
    operation: &str,
    pointer: &'static str,
) -> impl Iterator<Item = &'r Value> + use<'r> {
    let answers = recording.responses(service, operation, region);
    answers.flat_map(move |(_, answer)| answer.pointer(pointer).map(list).unwrap_or_default())
}

/// Running and other instances, out of their reservations.
pub(crate) fn instances<'r>(
    recording: &'r Recording,
    region: &Region,
) -> impl Iterator<Item = &'r Value> + use<'r> {
    items(recording, region, "ec2", "DescribeInstances", "/Reservations").flat_map(|r| list(&r["Instances"]))
}

/// The account's regions in order, `global` left out.
pub(crate) fn regions(recording: &Recording) -> impl Iterator<Item = &Region> {
    recording.manifest().regions.iter().filter(|r| !r.is_global())
}

/// A text for a terminal or a table: control characters become the replacement character.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
