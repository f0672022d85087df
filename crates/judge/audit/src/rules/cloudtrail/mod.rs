//! Rules about CloudTrail.

use isobar_model::Region;
use serde_json::Value;

use crate::{AccountView, Answer};

pub(super) mod not_multiregion;
pub(super) mod off;

/// Every trail, each once, and why there may be more. CloudMapper looked in its home region only.
fn trails<'r>(account: &AccountView<'r>) -> (Vec<&'r Value>, Option<String>) {
    let (mut trails, mut gap): (Vec<&Value>, _) = (Vec::new(), None);
    let home = |region: &Region| region.partition().home_region() == *region;
    for region in account.everywhere().filter(|a| !account.is_strict() || home(a.region())) {
        match region.asked("cloudtrail", "DescribeTrails") {
            Answer::Response(answer) => {
                for trail in crate::list(&answer["trailList"]) {
                    if !trails.iter().any(|known| known["TrailARN"] == trail["TrailARN"]) {
                        trails.push(trail);
                    }
                }
            }
            Answer::Nothing => {}
            Answer::Unknown(why) => gap = Some(why),
        }
    }
    (trails, gap)
}
