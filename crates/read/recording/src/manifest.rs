//! What was asked and what came of it.

use isobar_model::{AwsAccountId, Partition, Region, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Call;

/// The SHA-256 of an answer's canonical JSON, in 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(pub String);

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// An answer, all its pages merged, in the JSON that the AWS CLI prints.
    Response {
        /// Which answer.
        hash: Hash,
    },
    /// AWS refused for lack of permission.
    Denied {
        /// AWS's code, `AccessDenied`.
        code: String,
        /// AWS's words, cut to a sane length.
        message: String,
    },
    /// There is no such thing: a bucket without a policy, a service without this region.
    Absent {
        /// AWS's code, `NoSuchBucketPolicy`.
        code: String,
    },
    /// It did not work: network, throttling to the end, an answer nobody understands.
    Failed {
        /// AWS's code, or ours (`Timeout`, `Unreadable`, `TooLarge`, ...).
        code: String,
        /// What happened, without secrets.
        message: String,
    },
    /// It was not asked, and why: the call it depends on brought nothing, the user left it out.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Outcome {
    /// The answer it points to.
    pub fn hash(&self) -> Option<&Hash> {
        match self {
            Self::Response { hash } => Some(hash),
            _ => None,
        }
    }
    /// Whether this outcome means that something may be missing from the picture.
    pub fn is_gap(&self) -> bool {
        matches!(self, Self::Denied { .. } | Self::Failed { .. })
    }
}

/// One line of a manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What was asked.
    #[serde(flatten)]
    pub call: Call,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// When the outcome was known.
    pub at: Timestamp,
}

/// A scan: whose, when, where, and each call's outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this format; 1.
    pub format: u32,
    /// The scan's own id.
    pub scan: Uuid,
    /// The twelve digits, where they are known.
    pub aws_account: Option<AwsAccountId>,
    /// The name under which the account is known to people: alias, registered name.
    pub account_name: Option<String>,
    /// The partition.
    #[serde(with = "partition")]
    pub partition: Partition,
    /// The regions asked, in order; `global` among them when global services were asked.
    pub regions: Vec<Region>,
    /// When the scan began.
    pub started: Timestamp,
    /// When it ended; none while it runs or when it was cut off.
    pub ended: Option<Timestamp>,
    /// Every call, in the order of [`Call::key`].
    pub entries: Vec<Entry>,
}

mod partition {
    use isobar_model::Partition;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(p: &Partition, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(p.as_str())
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Partition, D::Error> {
        Partition::parse(&String::deserialize(d)?).map_err(D::Error::custom)
    }
}
