//! Identities: the account a user registered, the twelve digits, the resource.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ParseError;

/// An account someone registered with isobar; Cloudcraft's `id`. Not AWS's twelve digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(Uuid);

impl AccountId {
    /// Reads the hyphenated form of 36 characters, in either case, and nothing else.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new(text, "a UUID of 36 characters");
        if text.len() != 36 {
            return Err(wrong());
        }
        Uuid::try_parse(text).map(Self).map_err(|_| wrong())
    }
    /// A new random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
    /// The UUID.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for AccountId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// AWS's own account number: twelve digits, leading zeros kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AwsAccountId(String);

impl AwsAccountId {
    /// Reads twelve digits, or the form the console prints (`1234-5678-9012`).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let hyphens = text.match_indices('-').map(|found| found.0).eq([4, 9]);
        let digits = if hyphens { text.replace('-', "") } else { text.to_owned() };
        if digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(ParseError::new(text, "an AWS account id of twelve digits"))
        }
    }
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AwsAccountId {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::parse(&text)
    }
}

impl From<AwsAccountId> for String {
    fn from(id: AwsAccountId) -> String {
        id.0
    }
}

impl fmt::Display for AwsAccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A resource's canonical ARN, or the documented synthetic one where AWS has none.
///
/// Synthetic ids keep the ARN form, e.g. `arn:aws:isobar::123456789012:region/eu-west-1`, so that
/// every JSON that names a resource can carry `arn`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResourceId(Arc<str>);

/// The namespace of [`ResourceId::uuid`]; fixed for ever, or saved diagrams lose their nodes.
const NAMESPACE: Uuid = Uuid::from_u128(0x6a1c_5d0e_9b7f_5c41_8f3a_2e64_b0d7_1c95);

impl ResourceId {
    /// Takes an ARN (or synthetic ARN) as it is.
    pub fn new(arn: impl Into<Arc<str>>) -> Self {
        Self(arn.into())
    }
    /// The ARN text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The same text, to be kept elsewhere too.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
    /// The stable UUIDv5 by which a blueprint names this resource.
    pub fn uuid(&self) -> Uuid {
        Uuid::new_v5(&NAMESPACE, self.0.as_bytes())
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids() {
        assert!(AccountId::parse("invalid-id").is_err());
        assert!(AccountId::parse("urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8").is_err());
        let id = AccountId::parse("67E55044-10b1-426f-9247-bb680e5fe0c8").unwrap();
        assert_eq!(id.to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
        assert_eq!(AwsAccountId::parse("0000-1111-2222").unwrap().as_str(), "000011112222");
        for wrong in ["12345678901", "-000011112222", "0000-11112222", "0000-1111-222é"] {
            assert!(AwsAccountId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_resources_uuid_never_changes() {
        let id = ResourceId::new("arn:aws:sqs:eu-west-1:123456789012:jobs");
        assert_eq!(id.uuid(), ResourceId::new(id.as_str()).uuid());
        assert_eq!(id.uuid().get_version_num(), 5);
    }
}
