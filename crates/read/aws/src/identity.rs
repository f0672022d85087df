//! Who asks.

use isobar_model::{Region, Secret};

/// Who asks. Nothing in here is ever printed in clear.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Whoever runs this process, as the AWS CLI would find out: environment, profiles, SSO, web
    /// identity, container and instance roles.
    Ambient {
        /// `AWS_PROFILE` or `--profile`; the default one where none.
        profile: Option<String>,
        /// Whether a profile may start a process (`credential_process`). Only the operator's own
        /// command line may allow it, a server never.
        process_allowed: bool,
    },
    /// Given keys.
    Keys {
        /// `AKIA…` or `ASIA…`.
        access_key_id: String,
        /// The secret half.
        secret_access_key: Secret,
        /// The session token of temporary keys.
        session_token: Option<Secret>,
    },
    /// A role, assumed by another identity.
    Role {
        /// Who assumes it.
        base: Box<Identity>,
        /// `arn:aws:iam::123456789012:role/isobar`.
        role_arn: String,
        /// The external id that the role's trust policy asks for.
        external_id: Option<String>,
        /// The session's name, visible in CloudTrail.
        session_name: String,
        /// The region whose STS is asked.
        region: Region,
    },
}
