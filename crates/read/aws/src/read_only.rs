//! Which operations only read. Everything else is refused by construction: it is not in the models,
//! and the client asks here before each call.

/// Verbs of operations that change nothing.
const VERBS: [&str; 8] =
    ["List", "Describe", "Get", "Lookup", "Search", "BatchGet", "Simulate", "BatchDescribe"];

/// Operations with a reading verb that do more than read, or that hand out credentials or secrets.
const NOT: &[(&str, &str)] = &[
    ("cognito-identity", "GetCredentialsForIdentity"),
    ("cognito-identity", "GetId"),
    ("cognito-identity", "GetOpenIdToken"),
    ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity"),
    ("sso", "GetRoleCredentials"),
    ("sts", "GetFederationToken"),
    ("sts", "GetSessionToken"),
];

/// Reading operations whose names do not say so.
const ALSO: &[(&str, &str)] = &[
    ("iam", "GenerateCredentialReport"),
    ("iam", "GenerateServiceLastAccessedDetails"),
    ("iam", "GenerateOrganizationsAccessReport"),
];

/// Whether an operation only reads, so that [`crate::Client::call`] will make it.
pub fn is_reading(service: &str, operation: &str) -> bool {
    let named = |list: &[(&str, &str)]| list.contains(&(service, operation));
    named(ALSO) || (!named(NOT) && VERBS.iter().any(|verb| has_verb(operation, verb)))
}

/// `List` in `ListRoles` and `List`, but not in `Listen`.
fn has_verb(operation: &str, verb: &str) -> bool {
    operation
        .strip_prefix(verb)
        .is_some_and(|rest| rest.bytes().next().is_none_or(|b| !b.is_ascii_lowercase()))
}
