//! Who may assume which role: a stand-in for STS that enforces trust, which moto does not.

use std::sync::Arc;
use std::sync::Mutex;

use isobar_tests::{Answer, Asked, Door, Server};
use serde_json::{Value, json};

/// What the stand-in knows: the external id that roles ask for, and how it feels today.
#[derive(Default)]
pub(crate) struct Trust {
    pub(crate) external_id: Mutex<String>,
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    );
    Answer::new(status, "text/xml", body)
}

fn denied(role: &str) -> Answer {
    let words = format!(
        "User: arn:aws:iam::999988887777:user/isobar is not authorized to perform: sts:AssumeRole on resource: {role}"
    );
    error(403, "AccessDenied", &words)
}

fn identity(arn: &str) -> Answer {
    let account = arn.split(':').nth(4).unwrap_or_default();
    Answer::new(
        200,
        "text/xml",
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>{arn}</Arn><UserId>AIDAEXAMPLE</UserId><Account>{account}</Account></GetCallerIdentityResult>\
             <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        ),
    )
}

fn session(role: &str) -> Answer {
    let name = role.rsplit('/').next().unwrap_or_default();
    Answer::new(
        200,
        "text/xml",
        format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><AssumedRoleUser>\
             <Arn>arn:aws:sts::123456789012:assumed-role/{name}/isobar</Arn><AssumedRoleId>AROAEXAMPLE:isobar</AssumedRoleId>\
             </AssumedRoleUser><Credentials><AccessKeyId>ASIA{name}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
             <SessionToken>token-{name}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
             </AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>"
        ),
    )
}

/// The stand-in. Roles: `strict` asks for the external id, `open` for none, `other` for another's;
/// `revoked` gives a session that is good for nothing.
pub(crate) fn stand_in(trust: &Trust, asked: &Asked) -> Answer {
    let signed_in = asked.header("authorization").unwrap_or_default().to_owned();
    if signed_in.contains("/ap-east-1/") {
        return error(
            403,
            "RegionDisabledException",
            "STS is not activated in this region for account 123456789012.",
        );
    }
    match asked.operation().as_str() {
        "GetCallerIdentity" if signed_in.contains("ASIArevoked") => {
            error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        }
        "GetCallerIdentity" if signed_in.contains("ASIA") => {
            identity("arn:aws:sts::123456789012:assumed-role/strict/isobar")
        }
        "GetCallerIdentity" => identity("arn:aws:iam::999988887777:user/isobar"),
        "AssumeRole" => {
            let role = asked.field("RoleArn").unwrap_or_default();
            let given = asked.field("ExternalId");
            let wanted = trust.external_id.lock().expect("no panic").clone();
            match role.rsplit('/').next().unwrap_or_default() {
                "strict" | "revoked" if given.as_deref() == Some(wanted.as_str()) => session(&role),
                "open" => session(&role),
                _ => denied(&role),
            }
        }
        other => error(400, "InvalidAction", other),
    }
}

struct Office {
    server: Server,
    trust: Arc<Trust>,
    door: Door,
    external_id: String,
}

fn office() -> Office {
    let trust = Arc::new(Trust::default());
    let known = trust.clone();
    let door = Door::open(move |asked| stand_in(&known, asked));
    let server = Server::start(&door.url(), &[]);
    let parameters = server.get("/aws/account/iamParameters").json();
    let external_id = parameters["externalId"].as_str().expect("an external id").to_owned();
    assert_eq!(parameters["accountId"], "999988887777");
    *trust.external_id.lock().expect("no panic") = external_id.clone();
    Office { server, trust, door, external_id }
}

impl Office {
    fn link(&self, role: &str, region: &str) -> Answer {
        let body = json!({"name": role, "roleArn": format!("arn:aws:iam::123456789012:role/{role}"), "region": region});
        self.server.ask("POST", "/aws/account", &body.to_string())
    }
    #[track_caller]
    fn refuses(&self, role: &str, region: &str, words: &[&str]) {
        let answer = self.link(role, region);
        assert!(answer.status >= 400 && answer.status != 500, "{role}: {} {}", answer.status, answer.text());
        let text = answer.json()["error"].as_str().expect("a text `error`").to_owned();
        assert!(text.contains("Unable to verify AWS account"), "{text}");
        for word in words {
            assert!(text.contains(word), "{role}: {text:?} does not say {word:?}");
        }
        assert_eq!(self.server.get("/aws/account").json()["accounts"], json!([]), "{role} was kept");
    }
}

#[test]
fn the_right_external_id_opens() {
    let office = office();
    let answer = office.link("strict", "eu-west-1");
    assert_eq!(answer.status, 201, "{}", answer.text());
    let account = answer.json();
    assert_eq!(account["externalId"], office.external_id.as_str());
    assert_eq!(account.get("warning").unwrap_or(&Value::Null), &Value::Null);
    let assumed: Vec<_> = office.door.asked().into_iter().filter(|a| a.operation() == "AssumeRole").collect();
    assert!(assumed.iter().any(|a| a.field("ExternalId").as_deref() == Some(office.external_id.as_str())));
    assert!(
        assumed.iter().any(|a| a.field("ExternalId").is_none()),
        "the confused deputy was not looked for"
    );
    for asked in &assumed {
        let signed = asked.header("authorization").unwrap_or_default();
        assert!(signed.contains("/eu-west-1/sts/aws4_request"), "asked elsewhere: {signed}");
    }
}

#[test]
fn a_role_that_asks_for_another_id_stays_shut() {
    let office = office();
    let id = office.external_id.clone();
    // Both a wrong id and a missing one look like this to us: AccessDenied, and the policy that mends it.
    office.refuses(
        "other",
        "eu-west-1",
        &["does not let it in", "role/other", &id, "arn:aws:iam::999988887777:root"],
    );
    *office.trust.external_id.lock().expect("no panic") = "00000000-0000-4000-8000-000000000000".to_owned();
    office.refuses("strict", "eu-west-1", &["does not let it in", "sts:ExternalId", &id]);
    office.refuses("revoked", "eu-west-1", &["role/revoked"]);
}

#[test]
fn a_role_that_asks_for_no_id_is_taken_with_a_warning() {
    let office = office();
    let answer = office.link("open", "eu-west-1");
    assert_eq!(answer.status, 201, "{}", answer.text());
    let warning = answer.json()["warning"].as_str().expect("a warning").to_owned();
    assert!(
        warning.contains("without the external id") && warning.contains(&office.external_id),
        "{warning}"
    );
    // It is not only said once.
    let listed = office.server.get("/aws/account").json();
    assert_eq!(listed["accounts"][0]["warning"], warning.as_str());
}

#[test]
fn a_session_good_for_nothing_is_no_link() {
    office().refuses("revoked", "eu-west-1", &["role/revoked", "InvalidClientTokenId"]);
}

#[test]
fn a_region_without_sts_is_named() {
    office().refuses("strict", "ap-east-1", &["could not be asked", "region"]);
}

#[test]
fn an_update_verifies_a_new_role() {
    let office = office();
    let account = office.link("strict", "eu-west-1").json();
    let path = format!("/aws/account/{}", account["id"].as_str().expect("an id"));
    let change = |role: &str| {
        let body = json!({"name": "n", "roleArn": format!("arn:aws:iam::123456789012:role/{role}")});
        office.server.ask("PUT", &path, &body.to_string())
    };
    let refused = change("other");
    assert!((400..500).contains(&refused.status), "{}", refused.text());
    let kept = office.server.get("/aws/account").json();
    assert_eq!(kept["accounts"][0]["roleArn"], account["roleArn"]);
    let taken = change("open");
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert!(taken.json()["warning"].is_string(), "{}", taken.text());
}

#[test]
fn our_own_expired_credentials_are_not_the_roles_fault() {
    let door =
        Door::open(|_| error(403, "ExpiredToken", "The security token included in the request is expired"));
    let server = Server::start(&door.url(), &["--aws-account-id", "999988887777"]);
    let body =
        json!({"name": "n", "roleArn": "arn:aws:iam::123456789012:role/strict", "region": "eu-west-1"});
    let answer = server.ask("POST", "/aws/account", &body.to_string());
    assert!(answer.status >= 400, "{}", answer.text());
    let text = answer.json()["error"].as_str().expect("a text `error`").to_owned();
    assert!(
        text.contains("this server's own AWS identity does not work") && text.contains("ExpiredToken"),
        "{text}"
    );
}

#[test]
fn without_any_identity_the_server_says_what_to_set() {
    let door = Door::open(|_| {
        error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    });
    let server = Server::start(&door.url(), &[]);
    let answer = server.get("/aws/account/iamParameters");
    assert!(answer.status >= 400, "{}", answer.text());
    let text = answer.json()["error"].as_str().expect("a text `error`").to_owned();
    assert!(
        text.contains("ISOBAR_AWS_ACCOUNT_ID")
            || text.contains("aws-account-id")
            || text.contains("aws_account_id"),
        "{text}"
    );
}
