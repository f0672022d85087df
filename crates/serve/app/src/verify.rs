//! Proving that a role can be assumed, and saying which half of it failed.
//!
//! In: a role, an external id, a region. Out: what was learnt ([`Verified`]) or a [`RoleProblem`] with
//! the exact trust policy to set. Two things must hold: isobar's own identity works (the first half),
//! and the role trusts it with this external id (the second). A role that can also be assumed without
//! the external id works, but so would anyone's who can make us assume it: the confused deputy.

use std::fmt;

use isobar_aws::{CallError, CallErrorKind, Client, Error as AwsError, Identity};
use isobar_model::{Arn, AwsAccountId, Partition, Region};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{App, Error};

/// The session name that CloudTrail shows.
pub(crate) const SESSION: &str = "isobar";

/// What a successful verification learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The role's account, as STS says.
    pub aws_account: AwsAccountId,
    /// What is wrong although it works.
    pub warning: Option<String>,
}

/// Which half failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// isobar's own identity: none, expired, or not allowed to assume roles.
    Ours,
    /// The role: gone, or its trust policy does not admit us with this external id.
    Theirs,
    /// The way there: network, a region whose STS is off.
    Way,
}

/// A role could not be assumed. `Display` is a whole paragraph for the user.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleProblem {
    /// Which half failed.
    pub half: Half,
    /// The role.
    pub role_arn: String,
    /// AWS's code and words, or ours.
    pub reason: String,
    /// The trust policy that would mend it, where the role is to mend.
    pub trust_policy: Option<Value>,
}

impl RoleProblem {
    /// A short code for metrics and the API's `reason`.
    pub fn code(&self) -> &'static str {
        match self.half {
            Half::Ours => "aws_credentials",
            Half::Theirs => "role_not_assumable",
            Half::Way => "aws_unreachable",
        }
    }
}

impl fmt::Display for RoleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role_arn, reason, .. } = self;
        match self.half {
            Half::Ours => write!(
                f,
                "Unable to verify AWS account: this server's own AWS identity does not work, so {role_arn} was \
                 not tried. Give the server credentials that allow sts:AssumeRole on the role. ({reason})"
            )?,
            Half::Theirs => write!(
                f,
                "Unable to verify AWS account: this server's own AWS identity works, but {role_arn} does not \
                 let it in. Check that the role exists and that its trust policy names this server and this \
                 external id. ({reason})"
            )?,
            Half::Way => write!(
                f,
                "Unable to verify AWS account: AWS could not be asked about {role_arn}. Check the network, and \
                 that the region's STS is enabled and allowed for the account. ({reason})"
            )?,
        }
        match &self.trust_policy {
            Some(policy) => write!(f, " A trust policy that works: {policy}"),
            None => Ok(()),
        }
    }
}

/// The trust policy a role needs so that `principal` may assume it with `external_id`.
pub fn trust_policy(principal: &str, external_id: Uuid) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": external_id.to_string()}},
        }],
    })
}

/// Reads the ARN of an IAM role; the API's words where it is none.
pub fn role_arn(text: &str) -> Result<Arn, Error> {
    let wrong = || Error::property("roleArn");
    let arn = Arn::parse(text.trim()).map_err(|_| wrong())?;
    let sound = arn.service() == "iam"
        && arn.region().is_empty()
        && AwsAccountId::parse(arn.account()).is_ok()
        && arn.account().len() == 12
        && Partition::parse(arn.partition()).is_ok()
        && arn.resource().strip_prefix("role/").is_some_and(|name| {
            !name.is_empty() && name.len() <= 577 && name.bytes().all(|b| b.is_ascii_graphic())
        });
    if sound { Ok(arn) } else { Err(wrong()) }
}

impl App {
    /// The identity by which an account is read: its role, assumed by the server's own.
    pub(crate) fn identity(&self, role_arn: &str, external_id: Option<Uuid>, region: &Region) -> Identity {
        Identity::Role {
            base: Box::new(self.base_identity()),
            role_arn: role_arn.to_owned(),
            external_id: external_id.map(|id| id.to_string()),
            session_name: SESSION.to_owned(),
            region: region.clone(),
        }
    }

    /// The server's own identity. A server never starts a process for its credentials.
    pub(crate) fn base_identity(&self) -> Identity {
        let config = &self.inner.config;
        let ambient = || Identity::Ambient { profile: config.profile.clone(), process_allowed: false };
        config.base.clone().unwrap_or_else(ambient)
    }

    /// Assumes a role with its external id, and tries without.
    pub(crate) async fn verify_role(
        &self,
        role: &Arn,
        external_id: Uuid,
        region: &Region,
    ) -> Result<Verified, Error> {
        let settings = &self.inner.config.aws;
        let with = Client::connect(settings, self.identity(role.as_str(), Some(external_id), region), region);
        match with.await {
            Ok(client) => {
                // Assuming proved the trust; that the session can say who it is proves that it works.
                if let Err(error) = client.caller().await {
                    return Err(self.role_problem(role, external_id, region, Failure::Caller(error)).await);
                }
            }
            Err(error) => return Err(self.role_problem(role, external_id, region, error.into()).await),
        }
        let without = Client::connect(settings, self.identity(role.as_str(), None, region), region).await;
        let warning = without.is_ok().then(|| {
            format!(
                "{role} can be assumed without the external id, so anyone who can make this server assume roles \
                 could read this account (the confused deputy). Require it in the role's trust policy: \
                 \"Condition\": {{\"StringEquals\": {{\"sts:ExternalId\": \"{external_id}\"}}}}"
            )
        });
        let aws_account = AwsAccountId::parse(role.account()).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Verified { aws_account, warning })
    }

    /// Words a failure, with the trust policy that would mend it.
    pub(crate) async fn role_problem(
        &self,
        role: &Arn,
        external_id: Uuid,
        region: &Region,
        failure: Failure,
    ) -> Error {
        let (half, reason) = failure.judge();
        let trust_policy = match half {
            Half::Theirs => Some(trust_policy(&self.principal(role, region).await, external_id)),
            Half::Ours | Half::Way => None,
        };
        Error::Role(Box::new(RoleProblem { half, role_arn: role.to_string(), reason, trust_policy }))
    }

    /// Whom a role should trust: the account of this server.
    async fn principal(&self, role: &Arn, region: &Region) -> String {
        let account = match self.aws_account_id(region).await {
            Ok(account) => account.to_string(),
            Err(_) => "<the account of this server>".to_owned(),
        };
        format!("arn:{}:iam::{account}:root", role.partition())
    }
}

/// What went wrong on the way to a role.
pub(crate) enum Failure {
    Connect(AwsError),
    Caller(CallError),
}

impl From<AwsError> for Failure {
    fn from(error: AwsError) -> Self {
        Self::Connect(error)
    }
}

impl Failure {
    fn judge(&self) -> (Half, String) {
        match self {
            Self::Connect(AwsError::Assume { source, .. }) => (half_of_assume(source), source.to_string()),
            Self::Connect(error) => (Half::Ours, error.to_string()),
            Self::Caller(error) => (half_of_caller(error), error.to_string()),
        }
    }
}

/// STS answers AccessDenied for both halves; where it says which policy is missing, we listen.
fn half_of_assume(error: &CallError) -> Half {
    match error.kind {
        CallErrorKind::Denied if error.message.contains("no identity-based policy allows") => Half::Ours,
        CallErrorKind::Credentials => Half::Ours,
        CallErrorKind::RegionDisabled
        | CallErrorKind::Transport
        | CallErrorKind::Timeout
        | CallErrorKind::Throttled
        | CallErrorKind::TooLarge
        | CallErrorKind::Unreadable => Half::Way,
        _ => Half::Theirs,
    }
}

fn half_of_caller(error: &CallError) -> Half {
    match half_of_assume(error) {
        // The role's session exists: what it is told now is about the role.
        Half::Ours => Half::Theirs,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_role_arns_pass() {
        for good in [
            "arn:aws:iam::123456789012:role/isobar",
            "arn:aws-us-gov:iam::123456789012:role/path/to/isobar",
            " arn:aws-cn:iam::123456789012:role/isobar ",
        ] {
            assert!(role_arn(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "arn:invalid-arn",
            "arn:aws:iam::123456789012:user/isobar",
            "arn:aws:iam::1234:role/isobar",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:s3:::role/isobar",
            "arn:moon:iam::123456789012:role/isobar",
            "arn:aws:iam::123456789012:role/a b",
        ] {
            assert_eq!(role_arn(bad).unwrap_err().to_string(), "Invalid parameter format: roleArn", "{bad}");
        }
    }

    fn check(failure: impl Into<Failure>, half: Half) {
        assert_eq!(failure.into().judge().0, half);
    }

    fn sts(kind: CallErrorKind, message: &str) -> AwsError {
        let source = CallError { kind, code: "X".into(), message: message.into(), status: Some(403) };
        AwsError::Assume { role_arn: "arn:aws:iam::123456789012:role/isobar".into(), source }
    }

    #[test]
    fn tells_the_halves_apart() {
        check(AwsError::NoCredentials { reason: "nothing found".into() }, Half::Ours);
        check(sts(CallErrorKind::Credentials, "expired"), Half::Ours);
        check(sts(CallErrorKind::Denied, "... because no identity-based policy allows ..."), Half::Ours);
        check(sts(CallErrorKind::Denied, "User is not authorized to perform: sts:AssumeRole"), Half::Theirs);
        check(sts(CallErrorKind::RegionDisabled, "STS is not activated"), Half::Way);
        check(sts(CallErrorKind::Transport, "dns"), Half::Way);
    }

    #[test]
    fn the_trust_policy_is_exact() {
        let id = Uuid::from_u128(7);
        let problem = RoleProblem {
            half: Half::Theirs,
            role_arn: "arn:aws:iam::123456789012:role/isobar".into(),
            reason: "AccessDenied: no".into(),
            trust_policy: Some(trust_policy("arn:aws:iam::210987654321:root", id)),
        };
        let text = problem.to_string();
        let (_, policy) = text.split_once("A trust policy that works: ").unwrap();
        let policy: Value = serde_json::from_str(policy).unwrap();
        let statement = &policy["Statement"][0];
        assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::210987654321:root");
        assert_eq!(statement["Condition"]["StringEquals"]["sts:ExternalId"], id.to_string());
    }
}
