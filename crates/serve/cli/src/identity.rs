//! Who asks AWS: the flags by which a person says so.
//!
//! In: `--profile`, `--role-arn`, `--external-id`. Out: an [`Identity`]. How credentials are found is
//! left to the AWS client.

use anyhow::{Result, bail};
use clap::Args;
use isobar_app::Identity;
use isobar_model::Region;

/// Whose eyes AWS is read with.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Credentials")]
pub(crate) struct IdentityArguments {
    /// A profile of ~/.aws/config; it may use SSO or a credential_process
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE")]
    pub(crate) profile: Option<String>,
    /// A role to assume with those credentials
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The external id that the role's trust policy asks for
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub(crate) external_id: Option<String>,
}

impl IdentityArguments {
    /// The identity meant; a role is assumed through the STS of `region`.
    pub(crate) fn identity(&self, region: &Region) -> Result<Identity> {
        // The operator's own command line is the one place where a profile may start a process.
        let base = Identity::Ambient { profile: self.profile.clone(), process_allowed: true };
        let Some(role_arn) = self.role_arn.clone() else { return Ok(base) };
        if !role_arn.starts_with("arn:") || !role_arn.contains(":role/") {
            bail!("{role_arn:?} is no role; it looks like arn:aws:iam::123456789012:role/isobar");
        }
        Ok(Identity::Role {
            base: Box::new(base),
            role_arn,
            external_id: self.external_id.clone(),
            session_name: "isobar".to_owned(),
            region: region.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_assumed_by_the_ambient_identity() {
        let region = Region::parse("eu-west-1").expect("a region");
        let arguments = IdentityArguments {
            profile: Some("ops".into()),
            role_arn: Some("arn:aws:iam::123456789012:role/isobar".into()),
            external_id: Some("x".into()),
        };
        let Identity::Role { base, external_id, .. } = arguments.identity(&region).expect("good") else {
            panic!("a role")
        };
        assert!(
            matches!(*base, Identity::Ambient { profile: Some(ref name), process_allowed: true } if name == "ops")
        );
        assert_eq!(external_id.as_deref(), Some("x"));
        let wrong = IdentityArguments { role_arn: Some("isobar".into()), ..Default::default() };
        assert!(wrong.identity(&region).is_err());
    }
}
