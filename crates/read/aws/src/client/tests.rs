//! The client against a server that says what a test tells it to: retries, limits, redirects, roles.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use isobar_model::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What the server does with a request, given its number (from 0), its head and its body.
type Script = dyn Fn(usize, &str, &str) -> String + Send + Sync;

struct Server {
    url: String,
    /// Head and body of all requests.
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Server {
    async fn start(script: impl Fn(usize, &str, &str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (script, log): (Arc<Script>, _) = (Arc::new(script), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script.clone(), log.clone()));
            }
        });
        Self { url, asked }
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn settings(&self) -> Settings {
        Settings { endpoint: Some(self.url.clone()), ..Settings::default() }
    }

    async fn client(&self) -> Client {
        Client::connect(&self.settings(), keys(), &region()).await.unwrap()
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, log: Arc<Mutex<Vec<(String, String)>>>) {
    let mut read = Vec::new();
    let (head, body) = loop {
        let mut chunk = [0; 4096];
        let Ok(n) = stream.read(&mut chunk).await else { return };
        if n == 0 {
            return;
        }
        read.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = |line: &str| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
        if body.len() >= head.lines().find_map(length).unwrap_or(0) {
            break (head.to_owned(), body.to_owned());
        }
    };
    let number = {
        let mut log = log.lock().unwrap();
        log.push((head.clone(), body.clone()));
        log.len() - 1
    };
    let answer = script(number, &head, &body);
    if answer == "silence" {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let _ = stream.write_all(answer.as_bytes()).await;
}

fn say(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn sts_error(code: &str) -> String {
    say(
        403,
        "",
        &format!("<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"),
    )
}

const CALLER: &str = "<R><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>U</UserId>\
    <Account>123456789012</Account></GetCallerIdentityResult></R>";

fn session_until(end: &str) -> String {
    say(
        200,
        "",
        &format!(
            "<R><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>rolesecret\
             </SecretAccessKey><SessionToken>roletoken</SessionToken><Expiration>{end}</Expiration></Credentials>\
             </AssumeRoleResult></R>"
        ),
    )
}

fn keys() -> Identity {
    Identity::Keys {
        access_key_id: "AKIABASE".to_owned(),
        secret_access_key: Secret::new("basesecretbasesecret"),
        session_token: None,
    }
}

fn role() -> Identity {
    Identity::Role {
        base: Box::new(keys()),
        role_arn: "arn:aws:iam::123456789012:role/isobar".to_owned(),
        external_id: Some("ex/ternal".to_owned()),
        session_name: "isobar".to_owned(),
        region: region(),
    }
}

fn region() -> Region {
    Region::parse("eu-west-1").unwrap()
}

async fn vpcs(client: &Client) -> Result<Value, CallError> {
    client.call("ec2", "DescribeVpcs", &region(), &Map::new()).await
}

const VPCS: &str = "<R><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></R>";

#[tokio::test]
async fn what_does_not_read_is_refused_without_a_word_to_aws() {
    let server = Server::start(|_, _, _| say(200, "", VPCS)).await;
    let client = server.client().await;
    for (service, operation) in [("ec2", "TerminateInstances"), ("sts", "AssumeRole"), ("s3", "PutObject")] {
        let error = client.call(service, operation, &region(), &Map::new()).await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::Refused);
    }
    for (service, operation) in [("ec2", "DescribeNothing"), ("nonesuch", "ListThings")] {
        let error = client.call(service, operation, &region(), &Map::new()).await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::Unknown);
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn transient_errors_are_tried_again_and_others_not() {
    let server = Server::start(|n, _, _| if n < 2 { say(503, "", "") } else { say(200, "", VPCS) }).await;
    let got = vpcs(&server.client().await).await.unwrap();
    assert_eq!(got, json!({"Vpcs": [{"VpcId": "vpc-1"}]}));
    assert_eq!(server.count(), 3);

    let server = Server::start(|_, _, _| sts_error("RequestLimitExceeded")).await;
    let error = vpcs(&server.client().await).await.unwrap_err();
    assert_eq!((error.kind, server.count()), (CallErrorKind::Throttled, 3));

    let server = Server::start(|_, _, _| sts_error("UnauthorizedOperation")).await;
    let error = vpcs(&server.client().await).await.unwrap_err();
    assert_eq!((error.kind, error.status, server.count()), (CallErrorKind::Denied, Some(403), 1));
}

#[tokio::test]
async fn a_broken_connection_is_tried_again() {
    let server = Server::start(|n, _, _| if n == 0 { String::new() } else { say(200, "", VPCS) }).await;
    assert!(vpcs(&server.client().await).await.is_ok());
    let settings =
        Settings { endpoint: Some("http://127.0.0.1:1".to_owned()), max_attempts: 1, ..Settings::default() };
    let client = Client::connect(&settings, keys(), &region()).await.unwrap();
    assert_eq!(vpcs(&client).await.unwrap_err().kind, CallErrorKind::Transport);
}

#[tokio::test]
async fn silence_and_floods_end() {
    let server = Server::start(|_, _, _| "silence".to_owned()).await;
    let settings =
        Settings { read_timeout: Duration::from_millis(100), max_attempts: 2, ..server.settings() };
    let client = Client::connect(&settings, keys(), &region()).await.unwrap();
    assert_eq!(vpcs(&client).await.unwrap_err().kind, CallErrorKind::Timeout);
    assert_eq!(server.count(), 2);
    let settings = Settings { call_timeout: Duration::from_millis(100), ..server.settings() };
    let client = Client::connect(&settings, keys(), &region()).await.unwrap();
    assert_eq!(vpcs(&client).await.unwrap_err().kind, CallErrorKind::Timeout);

    let server = Server::start(|_, _, _| say(200, "", &"x".repeat(20_000))).await;
    let settings = Settings { max_answer: 10_000, ..server.settings() };
    let client = Client::connect(&settings, keys(), &region()).await.unwrap();
    assert_eq!(vpcs(&client).await.unwrap_err().kind, CallErrorKind::TooLarge);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn pages_are_merged_and_bounded() {
    let page = |token: &str| {
        format!("<R><vpcSet><item><vpcId>v{token}</vpcId></item></vpcSet><nextToken>{token}</nextToken></R>")
    };
    let server = Server::start(move |n, _, _| say(200, "", &page(["a", "b", ""][n.min(2)]))).await;
    let got = vpcs(&server.client().await).await.unwrap();
    assert_eq!(got, json!({"Vpcs": [{"VpcId": "va"}, {"VpcId": "vb"}, {"VpcId": "v"}]}));
    assert!(server.asked.lock().unwrap()[1].1.contains("NextToken=a"));

    let server = Server::start(move |_, _, _| say(200, "", &page("same"))).await;
    assert_eq!(vpcs(&server.client().await).await.unwrap_err().kind, CallErrorKind::Unreadable);
    let server = Server::start(move |n, _, _| say(200, "", &page(&n.to_string()))).await;
    let settings = Settings { max_pages: 5, ..server.settings() };
    let client = Client::connect(&settings, keys(), &region()).await.unwrap();
    assert_eq!(vpcs(&client).await.unwrap_err().kind, CallErrorKind::TooLarge);
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn a_role_is_assumed_with_its_external_id_and_its_keys_sign() {
    let server = Server::start(|_, _, body| {
        if body.contains("AssumeRole") { session_until("2999-01-01T00:00:00Z") } else { say(200, "", VPCS) }
    })
    .await;
    let client = Client::connect(&server.settings(), role(), &region()).await.unwrap();
    vpcs(&client).await.unwrap();
    vpcs(&client).await.unwrap();
    let asked = server.asked.lock().unwrap();
    assert_eq!(asked.len(), 3);
    assert!(asked[0].1.contains("ExternalId=ex%2Fternal&") || asked[0].1.ends_with("ExternalId=ex%2Fternal"));
    assert!(asked[0].0.contains("Credential=AKIABASE/") && asked[0].0.contains("/eu-west-1/sts/"));
    assert!(
        asked[1].0.contains("Credential=ASIAROLE/") && asked[1].0.contains("x-amz-security-token: roletoken")
    );
}

#[tokio::test]
async fn a_session_is_renewed_before_it_ends_and_when_it_is_refused() {
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60)).to_string();
    let server =
        Server::start(
            move |_, _, body| {
                if body.contains("AssumeRole") { session_until(&soon) } else { say(200, "", VPCS) }
            },
        )
        .await;
    let client = Client::connect(&server.settings(), role(), &region()).await.unwrap();
    vpcs(&client).await.unwrap();
    assert_eq!(server.count(), 3, "assumed, assumed again because it ends soon, asked");

    let server = Server::start(|n, _, body| match () {
        () if body.contains("AssumeRole") => session_until("2999-01-01T00:00:00Z"),
        () if n == 1 => sts_error("ExpiredToken"),
        () => say(200, "", VPCS),
    })
    .await;
    let client = Client::connect(&server.settings(), role(), &region()).await.unwrap();
    assert!(vpcs(&client).await.is_ok());
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn it_says_which_half_of_a_role_failed() {
    let server = Server::start(|_, _, _| sts_error("AccessDenied")).await;
    let error = Client::connect(&server.settings(), role(), &region()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Assume { source, .. } if source.kind == CallErrorKind::Denied),
        "{error}"
    );
    for code in ["InvalidClientTokenId", "ExpiredToken", "SignatureDoesNotMatch"] {
        let server = Server::start(move |_, _, _| sts_error(code)).await;
        let error = Client::connect(&server.settings(), role(), &region()).await.unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }), "{code}: {error}");
    }
    let server = Server::start(|_, _, _| sts_error("RegionDisabledException")).await;
    let error = Client::connect(&server.settings(), role(), &region()).await.unwrap_err();
    assert!(matches!(&error, Error::Assume { source, .. } if source.kind == CallErrorKind::RegionDisabled));
}

#[tokio::test]
async fn a_region_that_is_not_enabled_is_told_from_wrong_keys() {
    let server = Server::start(|_, _, body| {
        if body.contains("GetCallerIdentity") { say(200, "", CALLER) } else { sts_error("AuthFailure") }
    })
    .await;
    let error = vpcs(&server.client().await).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_str()), (CallErrorKind::RegionDisabled, "AuthFailure"));
    let server = Server::start(|_, _, _| sts_error("InvalidClientTokenId")).await;
    let error = vpcs(&server.client().await).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Credentials);
}

#[tokio::test]
async fn buckets_elsewhere_are_followed_once_and_remembered() {
    let moved = "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>";
    let server = Server::start(move |_, head, _| {
        if head.contains("/eu-central-1/s3/") {
            say(200, "", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        } else {
            say(301, "x-amz-bucket-region: eu-central-1\r\n", moved)
        }
    })
    .await;
    let client = server.client().await;
    let parameters = json!({"Bucket": "photos"}).as_object().unwrap().clone();
    for expected in [2, 3] {
        let got = client.call("s3", "GetBucketVersioning", &region(), &parameters).await.unwrap();
        assert_eq!(got, json!({"Status": "Enabled"}));
        assert_eq!(server.count(), expected);
    }
}

#[tokio::test]
async fn a_wrong_clock_is_put_right() {
    let server = Server::start(|n, _, _| {
        if n == 0 {
            let date = "date: Wed, 21 Oct 2065 07:28:00 GMT\r\n";
            say(
                403,
                date,
                "<R><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors></R>",
            )
        } else {
            say(200, "", VPCS)
        }
    })
    .await;
    vpcs(&server.client().await).await.unwrap();
    assert!(server.asked.lock().unwrap()[1].0.contains("x-amz-date: 20651021T07"));
}

#[tokio::test]
async fn s3_hides_errors_in_successes_and_keys_are_decoded() {
    let server = Server::start(|n, _, _| match n {
        0 => say(
            200,
            "",
            "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>m</Message></Error>",
        ),
        _ => say(
            200,
            "",
            "<R><EncodingType>url</EncodingType><Contents><Key>a%2Fb+%25</Key></Contents>\
             <Contents><Key>%EC%98%A4</Key></Contents></R>",
        ),
    })
    .await;
    let parameters = json!({"Bucket": "photos"}).as_object().unwrap().clone();
    let got = server.client().await.call("s3", "ListObjectsV2", &region(), &parameters).await.unwrap();
    assert_eq!(got["Contents"], json!([{"Key": "a/b+%"}, {"Key": "오"}]));
}

#[tokio::test]
async fn no_error_holds_a_credential() {
    let server = Server::start(|_, _, _| {
        say(403, "", "<R><Error><Code>Odd</Code><Message>you said basesecretbasesecret</Message></Error></R>")
    })
    .await;
    let client = server.client().await;
    let error = vpcs(&client).await.unwrap_err();
    assert!(!format!("{error:?} {error} {client:?}").contains("basesecret"), "{error}");
}

#[tokio::test]
async fn global_means_the_partitions_home() {
    let server = Server::start(|_, _, _| say(200, "", CALLER)).await;
    let china = Region::parse("cn-northwest-1").unwrap();
    let client = Client::connect(&server.settings(), keys(), &china).await.unwrap();
    let caller = client.caller().await.unwrap();
    assert_eq!(caller.account.to_string(), "123456789012");
    client.call("sts", "GetCallerIdentity", &Region::global(), &Map::new()).await.unwrap();
    assert!(server.asked.lock().unwrap()[1].0.contains("/cn-north-1/sts/"));
}
