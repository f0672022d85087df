//! What a failed call means for the scan.

use isobar_aws::{CallError, CallErrorKind};
use isobar_recording::{Call, Outcome};

use crate::plan::Task;

/// The longest message that is kept, in characters.
const LONGEST: usize = 400;

/// The outcome of a failed call. `region_is_enabled` is what ec2:DescribeRegions said, if anything.
pub(crate) fn of(error: &CallError, call: &Call, task: &Task<'_>, region_is_enabled: bool) -> Outcome {
    let absent = task.absent.contains(&error.code);
    let message = || error.message.chars().take(LONGEST).collect();
    match error.kind {
        _ if absent => Outcome::Absent { code: error.code.clone() },
        // Between listing a thing and asking about it, it can go.
        CallErrorKind::NotFound if task.per_item => Outcome::Absent { code: error.code.clone() },
        CallErrorKind::Denied => Outcome::Denied { code: error.code.clone(), message: message() },
        CallErrorKind::RegionDisabled if region_is_enabled => Outcome::Skipped { reason: unavailable(call) },
        _ => Outcome::Failed { code: error.code.clone(), message: message() },
    }
}

/// Whether an error says that a service is not in a region at all.
pub(crate) fn is_unavailable(error: &CallError, region_is_enabled: bool) -> bool {
    error.kind == CallErrorKind::RegionDisabled && region_is_enabled
}

pub(crate) fn unavailable(call: &Call) -> String {
    format!("{} is not available in {}", call.service, call.region)
}
