//! What could not be read, in sentences.
//!
//! In: a recording's outcomes. Out: notes; the calls for the items of one listing share a note.

use std::collections::BTreeMap;

use isobar_model::Region;
use isobar_recording::{Outcome, Recording};

use crate::graph::Note;

/// One sentence per operation and region that was denied or failed.
pub(crate) fn gaps(recording: &Recording) -> Vec<Note> {
    let mut groups: BTreeMap<(&Region, &str, &str, String), (usize, bool)> = BTreeMap::new();
    for entry in recording.gaps() {
        let what = match &entry.outcome {
            Outcome::Denied { .. } => "was denied".to_owned(),
            Outcome::Failed { code, .. } => format!("failed ({})", short(code)),
            _ => continue,
        };
        let call = &entry.call;
        let group = groups.entry((&call.region, &call.service, &call.operation, what)).or_default();
        group.0 += 1;
        group.1 |= !call.parameters.is_empty();
    }
    let mut notes = Vec::with_capacity(groups.len());
    for ((region, service, operation, what), (count, each)) in groups {
        let place = if region.is_global() { String::new() } else { format!(" in {region}") };
        let times = match count {
            1 => String::new(),
            _ if each => format!(" for {count} resources"),
            _ => format!(" {count} times"),
        };
        notes.push(Note {
            region: Some(region.clone()),
            service: Some(service.to_owned()),
            text: format!("{service}:{operation} {what}{times}{place}."),
        });
    }
    notes
}

/// What else a reader should know of a recording.
pub(crate) fn notes(recording: &Recording) -> Option<Note> {
    let unfinished = recording.manifest().ended.is_none();
    unfinished.then(|| Note {
        region: None,
        service: None,
        text: "The scan did not finish; what it had read by then is shown.".to_owned(),
    })
}

fn short(code: &str) -> String {
    code.chars().filter(|c| !c.is_control()).take(60).collect()
}
