//! Which operations only read. Everything else is refused by construction: it is not in the models, and
//! the client asks here before each call.
//!
//! Reading is told by the verb; a few operations are named one by one. Operations that hand out
//! credentials or secret values are refused although they read: a picture of an account needs none.

/// Verbs of operations that change nothing.
const VERBS: [&str; 8] =
    ["List", "Describe", "Get", "Lookup", "Search", "BatchGet", "BatchDescribe", "Simulate"];

/// What a `Get…` or `BatchGet…` must not give out.
const SECRETS: [&str; 10] = [
    "Credentials",
    "Token",
    "SecretValue",
    "PasswordData",
    "ResourceApiKey",
    "StreamKey",
    "AccessDetails",
    "DataAccess",
    "InstanceAccess",
    "EmbedUrl",
];

/// More operations that give out secrets, or that create what they do not find.
const NOT: &[(&str, &str)] =
    &[("cognito-identity", "GetId"), ("datazone", "GetIamPortalLoginUrl"), ("sts", "GetSessionToken")];

/// Reading operations whose names do not say so.
const ALSO: &[(&str, &str)] = &[
    ("iam", "GenerateCredentialReport"),
    ("iam", "GenerateOrganizationsAccessReport"),
    ("iam", "GenerateServiceLastAccessedDetails"),
    ("iam", "GetCredentialReport"),
];

/// Whether an operation only reads, so that [`crate::Client::call`] will make it.
pub fn is_reading(service: &str, operation: &str) -> bool {
    let named = |list: &[(&str, &str)]| list.contains(&(service, operation));
    if named(ALSO) {
        return true;
    }
    let gives_secrets = ["Get", "BatchGet"].iter().any(|verb| has_verb(operation, verb))
        && SECRETS.iter().any(|word| operation.contains(word));
    !named(NOT) && !gives_secrets && VERBS.iter().any(|verb| has_verb(operation, verb))
}

/// `List` in `ListRoles` and `List`, but not in `Listen`.
fn has_verb(operation: &str, verb: &str) -> bool {
    operation
        .strip_prefix(verb)
        .is_some_and(|rest| rest.bytes().next().is_none_or(|b| !b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_and_names_decide() {
        for (service, operation, expected) in [
            ("ec2", "DescribeInstances", true),
            ("iam", "GetAccountAuthorizationDetails", true),
            ("iam", "GenerateCredentialReport", true),
            ("iam", "GetCredentialReport", true),
            ("iam", "SimulatePrincipalPolicy", true),
            ("resource-explorer-2", "Search", true),
            ("ec2", "TerminateInstances", false),
            ("ec2", "GetPasswordData", false),
            ("s3", "PutObject", false),
            ("s3", "DeleteBucket", false),
            ("sts", "AssumeRole", false),
            ("sts", "GetSessionToken", false),
            ("sts", "GetFederationToken", false),
            ("secretsmanager", "GetSecretValue", false),
            ("secretsmanager", "BatchGetSecretValue", false),
            ("secretsmanager", "ListSecrets", true),
            ("ecr", "GetAuthorizationToken", false),
            ("redshift", "GetClusterCredentials", false),
            ("cognito-identity", "GetId", false),
            ("x", "Listen", false),
            ("x", "Getaway", false),
            ("x", "listThings", false),
            ("x", "", false),
        ] {
            assert_eq!(is_reading(service, operation), expected, "{service}:{operation}");
        }
    }

    #[test]
    fn the_models_hold_nothing_else() {
        for service in crate::services() {
            for operation in crate::operations(service) {
                let kept =
                    is_reading(service, &operation) || (service, operation.as_str()) == ("sts", "AssumeRole");
                assert!(kept, "{service}:{operation} is in the models but must not be called");
            }
        }
    }
}
