//! Which regions may be asked for.
//!
//! A scan of a region that does not exist would be a long row of failed lookups and an empty picture,
//! so the list is checked. The operator can add regions that are newer than this release.
//! Source: AWS General Reference, "AWS Regions"; state of November 2026.

use isobar_model::{Partition, Region};

use crate::Error;

/// Every region this release knows, by partition and then by name.
pub const KNOWN: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "eu-isoe-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "eusc-de-east-1",
];

/// Reads a region that is known, or `global`.
pub fn parse(text: &str, extra: &[Region]) -> Result<Region, Error> {
    Region::parse(text)
        .ok()
        .filter(|region| region.is_global() || KNOWN.contains(&region.as_str()) || extra.contains(region))
        .ok_or_else(|| invalid(text))
}

/// The API's words for a region that is none.
pub fn invalid(text: &str) -> Error {
    let shown: String = text.chars().take(120).collect();
    Error::Parameter { name: "region", text: format!("Invalid region parameter: {shown}") }
}

/// The known regions of a partition.
pub fn of_partition(partition: Partition) -> impl Iterator<Item = Region> {
    KNOWN
        .iter()
        .filter_map(|name| Region::parse(name).ok())
        .filter(move |region| region.partition() == partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_regions() {
        for good in KNOWN.iter().chain(&["global"]) {
            assert_eq!(parse(good, &[]).unwrap().as_str(), *good);
        }
        for bad in ["us-mars-1", "mars", "", "US-EAST-1", "us-east-1a", "../x"] {
            let error = parse(bad, &[]).unwrap_err().to_string();
            assert_eq!(error, format!("Invalid region parameter: {bad}"));
        }
        let new = Region::parse("us-mars-1").unwrap();
        assert_eq!(parse("us-mars-1", std::slice::from_ref(&new)).unwrap(), new);
        assert_eq!(of_partition(Partition::China).count(), 2);
    }
}
