//! AWS regions and partitions.
//!
//! Source: AWS General Reference, "AWS Regions and Endpoints"; AWS SDK endpoint partitions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// An AWS region name such as `eu-west-1`, or `global` for what belongs to no region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

impl Region {
    /// Reads a region. The form is checked, not a list: new regions must not need a release.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text == "global" || has_region_form(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError::new(text, "an AWS region such as eu-west-1, or global"))
        }
    }

    /// The pseudo-region of IAM, CloudFront, Route 53 and the like.
    pub fn global() -> Self {
        Self("global".to_owned())
    }

    /// Whether this is the pseudo-region `global`.
    pub fn is_global(&self) -> bool {
        self.0 == "global"
    }

    /// The partition this region lies in, from its prefix; `global` counts as the commercial one.
    pub fn partition(&self) -> Partition {
        let starts = |prefix: &str| self.0.starts_with(prefix);
        match () {
            () if starts("cn-") => Partition::China,
            () if starts("us-gov-") => Partition::GovCloud,
            () if starts("us-isob-") => Partition::IsoB,
            () if starts("us-isof-") => Partition::IsoF,
            () if starts("us-iso-") => Partition::Iso,
            () if starts("eu-isoe-") => Partition::IsoE,
            () if starts("eusc-") => Partition::Europe,
            () => Partition::Aws,
        }
    }

    /// The name as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Two to four letters, words, a number: `ap-southeast-2`, `us-gov-west-1`, `eusc-de-east-1`.
fn has_region_form(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else { return false };
    text.len() <= 32
        && (2..=4).contains(&words.len())
        && (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && (2..=4).contains(&words[0].len())
        && words.iter().all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()))
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Region {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::parse(&text)
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.0
    }
}

impl std::str::FromStr for Region {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

/// A separate AWS with its own accounts, endpoints and ARNs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// `aws`, the commercial regions.
    Aws,
    /// `aws-cn`.
    China,
    /// `aws-us-gov`.
    GovCloud,
    /// `aws-iso`.
    Iso,
    /// `aws-iso-b`.
    IsoB,
    /// `aws-iso-e`.
    IsoE,
    /// `aws-iso-f`.
    IsoF,
    /// `aws-eusc`, the European Sovereign Cloud.
    Europe,
}

impl Partition {
    /// Every partition.
    pub const ALL: [Self; 8] =
        [Self::Aws, Self::China, Self::GovCloud, Self::Iso, Self::IsoB, Self::IsoE, Self::IsoF, Self::Europe];

    /// Reads the name that stands in ARNs.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|p| p.as_str() == text)
            .ok_or_else(|| ParseError::new(text, "an AWS partition such as aws, aws-cn or aws-us-gov"))
    }

    /// The name that stands in ARNs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
            Self::Iso => "aws-iso",
            Self::IsoB => "aws-iso-b",
            Self::IsoE => "aws-iso-e",
            Self::IsoF => "aws-iso-f",
            Self::Europe => "aws-eusc",
        }
    }

    /// The region where the partition's global services (IAM, Route 53, ...) answer and are signed.
    pub fn home_region(self) -> Region {
        let name = match self {
            Self::Aws => "us-east-1",
            Self::China => "cn-north-1",
            Self::GovCloud => "us-gov-west-1",
            Self::Iso => "us-iso-east-1",
            Self::IsoB => "us-isob-east-1",
            Self::IsoE => "eu-isoe-west-1",
            Self::IsoF => "us-isof-south-1",
            Self::Europe => "eusc-de-east-1",
        };
        Region(name.to_owned())
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_regions_by_form() {
        for good in ["us-east-1", "ap-southeast-2", "us-gov-west-1", "eusc-de-east-1", "cn-north-1", "global"]
        {
            assert!(Region::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "us-east", "US-EAST-1", "us-east-1a", "us_east_1", "../etc-1", "mars", "a-b-1", "-x-1"]
        {
            assert!(Region::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn partitions_follow_the_prefix() {
        let of = |r: &str| Region::parse(r).unwrap().partition().as_str();
        assert_eq!(of("eu-west-1"), "aws");
        assert_eq!(of("cn-north-1"), "aws-cn");
        assert_eq!(of("us-gov-east-1"), "aws-us-gov");
        assert_eq!(of("us-isob-east-1"), "aws-iso-b");
        for p in Partition::ALL {
            assert_eq!(p.home_region().partition(), p);
            assert_eq!(Partition::parse(p.as_str()), Ok(p));
        }
    }
}
