//! Accounts, jobs and promises against a small stand-in for AWS, which enforces a role's trust.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use isobar_aws::{Identity, Settings};
use isobar_model::{AccountId, AwsAccountId, Region, Secret, Timestamp};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::{
    Access, Account, AccountChange, App, Config, DrawRequest, Error, Format, NewAccount, Scope, Snapshot,
};

const ROLE: &str = "arn:aws:iam::123456789012:role/isobar";

/// How the stand-in's role is guarded.
#[derive(Debug, Clone, Default)]
struct Guard {
    /// The external id the trust policy asks for; none for a role that needs none.
    external_id: Option<String>,
    /// Nobody is let in.
    shut: bool,
    /// The caller's own keys are expired.
    expired: bool,
    /// How long EC2 takes to answer.
    slow: Duration,
}

/// STS that enforces trust, EC2 that knows no VPC, and everything else denied.
struct Aws {
    endpoint: String,
    guard: Arc<Mutex<Guard>>,
    scans: Arc<AtomicUsize>,
}

impl Aws {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (guard, scans) = (Arc::new(Mutex::new(Guard::default())), Arc::new(AtomicUsize::new(0)));
        let (seen, counted) = (guard.clone(), scans.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, seen.clone(), counted.clone()));
            }
        });
        Self { endpoint, guard, scans }
    }
    fn set(&self, change: impl FnOnce(&mut Guard)) {
        change(&mut self.guard.lock().unwrap());
    }
    fn scans(&self) -> usize {
        self.scans.load(Ordering::SeqCst)
    }
}

async fn answer(mut socket: TcpStream, guard: Arc<Mutex<Guard>>, scans: Arc<AtomicUsize>) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if socket.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok())
            .unwrap_or(0);
        while bytes.len() < end + length {
            if socket.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
        let body = String::from_utf8_lossy(&bytes[end..end + length]).into_owned();
        bytes.drain(..end + length);
        let guard = guard.lock().unwrap().clone();
        if body.contains("Action=DescribeVpcs&") {
            scans.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(guard.slow).await;
        }
        let (status, xml) = reply(&guard, &body);
        let text = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{xml}",
            xml.len()
        );
        socket.write_all(text.as_bytes()).await.ok()?;
    }
}

fn reply(guard: &Guard, body: &str) -> (u16, String) {
    let error = |status, code: &str, message: &str| {
        let xml = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>r</RequestId></ErrorResponse>"
        );
        (status, xml)
    };
    let sent = body.split('&').find_map(|pair| pair.strip_prefix("ExternalId=")).map(str::to_owned);
    if guard.expired {
        return error(403, "ExpiredToken", "The security token included in the request is expired");
    }
    if body.contains("Action=AssumeRole") {
        let trusted = guard.external_id.is_none() || guard.external_id == sent;
        if guard.shut || !trusted {
            return error(
                403,
                "AccessDenied",
                "User: arn:aws:iam::210987654321:user/isobar is not authorized to perform: sts:AssumeRole on resource",
            );
        }
        let xml = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>\
                   <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                   <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser>\
                   <AssumedRoleId>A:isobar</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/isobar/isobar</Arn>\
                   </AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>";
        return (200, xml.to_owned());
    }
    if body.contains("Action=GetCallerIdentity") {
        let xml = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
                   <Arn>arn:aws:iam::210987654321:user/isobar</Arn><UserId>U</UserId><Account>210987654321</Account>\
                   </GetCallerIdentityResult></GetCallerIdentityResponse>";
        return (200, xml.to_owned());
    }
    if body.contains("Action=DescribeVpcs&") {
        return (200, "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>".to_owned());
    }
    error(403, "AccessDenied", "not in this stand-in")
}

struct Bench {
    aws: Aws,
    app: App,
    scope: Scope,
    dir: PathBuf,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Bench {
    async fn new() -> Self {
        let aws = Aws::start().await;
        let dir = std::env::temp_dir().join(format!("isobar-app-{}", Uuid::new_v4()));
        let app = App::open(Self::config(&aws, &dir)).await.unwrap();
        let scope = app.operator().await.unwrap();
        Self { aws, app, scope, dir }
    }

    fn config(aws: &Aws, dir: &std::path::Path) -> Config {
        Config {
            aws: Settings { endpoint: Some(aws.endpoint.clone()), max_attempts: 1, ..Settings::default() },
            base: Some(Identity::Keys {
                access_key_id: "AKIAEXAMPLE".to_owned(),
                secret_access_key: Secret::new("s"),
                session_token: None,
            }),
            take_up_jobs: true,
            ..Config::new(dir)
        }
    }

    /// What a second process on the same data directory sees.
    async fn reopen(&self) -> App {
        App::open(Self::config(&self.aws, &self.dir)).await.unwrap()
    }

    async fn external_id(&self) -> Uuid {
        self.app.user(&self.scope).await.unwrap().external_id
    }

    async fn link(&self) -> Result<Account, Error> {
        let new = NewAccount {
            name: "prod".to_owned(),
            role_arn: ROLE.to_owned(),
            region: None,
            read_access: Access::default(),
            write_access: Access::default(),
        };
        self.app.account_add(&self.scope, new).await
    }

    async fn draw(&self, id: AccountId, format: Format, anew: bool, hold: u64) -> Result<Snapshot, Error> {
        let region = Region::parse("eu-west-1").unwrap();
        let hold = Duration::from_millis(hold);
        self.app.snapshot(&self.scope, id, &region, DrawRequest::new(format), anew, hold).await
    }

    /// Waits for both jobs of a snapshot to have come to this end. When a short hold is over they may
    /// not even have begun, so that to see none running would prove nothing.
    async fn until(&self, id: AccountId, state: isobar_store::JobState) {
        for part in [Region::parse("eu-west-1").unwrap(), Region::global()] {
            loop {
                let job = self.app.inner.store.job_latest(&self.scope, id, &part).await.unwrap();
                if job.is_some_and(|job| job.state == state) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        while self.app.running_scans().await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn ready(outcome: Result<Snapshot, Error>) {
    assert!(matches!(outcome, Ok(Snapshot::Ready(_))), "{outcome:?}");
}

fn pending(outcome: Result<Snapshot, Error>) {
    assert!(matches!(outcome, Ok(Snapshot::Pending)), "{outcome:?}");
}

#[tokio::test]
async fn a_role_is_proved_before_it_is_kept() {
    let bench = Bench::new().await;
    let external_id = bench.external_id().await.to_string();
    // The role asks for the right id.
    bench.aws.set(|guard| guard.external_id = Some(external_id.clone()));
    let account = bench.link().await.unwrap();
    assert_eq!((account.warning, account.aws_account.unwrap().as_str()), (None, "123456789012"));
    assert!(account.verified.is_some());
    // It asks for none: works, with a warning that says how to mend it.
    bench.aws.set(|guard| guard.external_id = None);
    let warning = bench.link().await.unwrap().warning.unwrap();
    assert!(warning.contains("confused deputy") && warning.contains(&external_id), "{warning}");
    // It asks for another: the role's half failed, and the mending policy is told.
    bench.aws.set(|guard| guard.external_id = Some("other".to_owned()));
    let refused = bench.link().await.unwrap_err();
    assert_eq!(refused.code(), "role_not_assumable");
    let text = refused.to_string();
    assert!(text.contains("arn:aws:iam::210987654321:root") && text.contains(&external_id), "{text}");
    // Our own keys are expired: our half failed, the role's owner can do nothing.
    bench.aws.set(|guard| guard.expired = true);
    let refused = bench.link().await.unwrap_err();
    assert_eq!(refused.code(), "aws_credentials", "{refused}");
    assert!(!refused.to_string().contains("trust policy that works"));
    assert_eq!(bench.app.accounts(&bench.scope).await.unwrap().len(), 2);
    // A rename works while the role is being mended; another role must verify.
    let same = AccountChange { name: Some("new".into()), role_arn: Some(ROLE.into()), ..Default::default() };
    let renamed = bench.app.account_update(&bench.scope, account.id, same).await.unwrap();
    assert_eq!(renamed.name, "new");
    assert!(renamed.warning.unwrap().starts_with("Unable to verify AWS account"));
    let other = AccountChange { role_arn: Some(format!("{ROLE}2")), ..Default::default() };
    assert!(bench.app.account_update(&bench.scope, account.id, other).await.is_err());
    assert!(bench.app.account_verify(&bench.scope, account.id).await.is_err());
    assert_eq!(bench.app.account(&bench.scope, account.id).await.unwrap().verified, None);
}

#[tokio::test]
async fn the_trusted_account_is_configured_or_asked() {
    let bench = Bench::new().await;
    bench.aws.set(|guard| guard.expired = true);
    let error = bench.app.iam_parameters(&bench.scope).await.unwrap_err();
    assert!(error.to_string().contains("ISOBAR_AWS_ACCOUNT_ID"), "{error}");
    bench.aws.set(|guard| guard.expired = false);
    assert_eq!(bench.app.iam_parameters(&bench.scope).await.unwrap().account_id.as_str(), "210987654321");
    let id = AwsAccountId::parse("999999999999").unwrap();
    let config = Config { aws_account_id: Some(id.clone()), ..Bench::config(&bench.aws, &bench.dir) };
    let app = App::open(config).await.unwrap();
    assert_eq!(app.iam_parameters(&bench.scope).await.unwrap().account_id, id);
}

#[tokio::test]
async fn renderings_share_a_scan_and_a_fresh_one_is_reused() {
    let bench = Bench::new().await;
    let id = bench.link().await.unwrap().id;
    bench.aws.set(|guard| guard.slow = Duration::from_millis(300));
    let (svg, json, forced) = tokio::join!(
        bench.draw(id, Format::Svg, false, 60_000),
        bench.draw(id, Format::Json, false, 60_000),
        bench.draw(id, Format::MxGraph, true, 60_000),
    );
    [svg, json, forced].into_iter().for_each(ready);
    assert_eq!(bench.aws.scans(), 1, "even no-cache joins a scan that runs");
    ready(bench.draw(id, Format::Pdf, false, 60_000).await);
    assert_eq!(bench.aws.scans(), 1);
    ready(bench.draw(id, Format::Pdf, true, 60_000).await);
    assert_eq!(bench.aws.scans(), 2, "no-cache scans anew");
    let freshness = bench.app.freshness(&bench.scope, id).await.unwrap();
    let regions: Vec<&str> = freshness.iter().map(|f| f.region.as_str()).collect();
    assert_eq!(regions, ["eu-west-1", "global"]);
    assert!(freshness[0].gaps > 0, "what was denied is counted");
    // Another process reads the same recording from disk.
    let app = bench.reopen().await;
    let region = Region::parse("eu-west-1").unwrap();
    let again = app.snapshot(
        &bench.scope,
        id,
        &region,
        DrawRequest::new(Format::Json),
        false,
        Duration::from_secs(60),
    );
    ready(again.await);
    assert_eq!(bench.aws.scans(), 2);
}

#[tokio::test]
async fn a_promise_is_kept_though_the_scan_is_stale() {
    let mut bench = Bench::new().await;
    let stale = Config { fresh_for: Duration::ZERO, ..Bench::config(&bench.aws, &bench.dir) };
    bench.app = App::open(stale).await.unwrap();
    let id = bench.link().await.unwrap().id;
    bench.aws.set(|guard| guard.slow = Duration::from_millis(300));
    pending(bench.draw(id, Format::Svg, true, 50).await);
    bench.until(id, isobar_store::JobState::Done).await;
    ready(bench.draw(id, Format::Svg, true, 60_000).await);
    assert_eq!(bench.aws.scans(), 1, "the retry gets what the 202 promised, even with no-cache");
    ready(bench.draw(id, Format::Json, false, 60_000).await);
    assert_eq!(bench.aws.scans(), 2, "another request was promised nothing");
}

#[tokio::test]
async fn a_failure_after_a_promise_is_told_once() {
    let bench = Bench::new().await;
    let id = bench.link().await.unwrap().id;
    bench.aws.set(|guard| guard.shut = true);
    pending(bench.draw(id, Format::Svg, false, 0).await);
    bench.until(id, isobar_store::JobState::Failed).await;
    bench.aws.set(|guard| guard.shut = false);
    let told = bench.draw(id, Format::Svg, false, 60_000).await.unwrap_err();
    assert_eq!(told.code(), "role_not_assumable", "{told}");
    ready(bench.draw(id, Format::Svg, false, 60_000).await);
}

#[tokio::test]
async fn a_job_of_a_dead_process_is_taken_up() {
    let bench = Bench::new().await;
    let id = bench.link().await.unwrap().id;
    let region = Region::parse("eu-west-1").unwrap();
    let store = &bench.app.inner.store;
    let dead = Uuid::new_v4();
    store.job_start(&bench.scope, id, &region, dead, Timestamp::now()).await.unwrap().unwrap();
    // A process that ends well lets go of its jobs; one that dies falls silent. Both look like this.
    store.jobs_let_go(dead).await.unwrap();
    let app = bench.reopen().await;
    while app.running_scans().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(bench.aws.scans(), 1);
    let job = store.job_latest(&bench.scope, id, &region).await.unwrap().unwrap();
    assert_eq!(job.state, isobar_store::JobState::Done);
    ready(bench.draw(id, Format::Svg, false, 60_000).await);
    assert_eq!(bench.aws.scans(), 1, "its recording is fresh");
}

#[tokio::test]
async fn a_scan_out_of_time_is_partial() {
    let mut bench = Bench::new().await;
    let config = Config { scan_limit: Duration::from_millis(700), ..Bench::config(&bench.aws, &bench.dir) };
    bench.app = App::open(config).await.unwrap();
    let id = bench.link().await.unwrap().id;
    bench.aws.set(|guard| guard.slow = Duration::from_secs(30));
    ready(bench.draw(id, Format::Json, false, 60_000).await);
}

#[tokio::test]
async fn regions_of_another_partition_are_refused() {
    let bench = Bench::new().await;
    let id = bench.link().await.unwrap().id;
    let region = Region::parse("cn-north-1").unwrap();
    let asked =
        bench.app.snapshot(&bench.scope, id, &region, DrawRequest::new(Format::Svg), false, Duration::ZERO);
    assert_eq!(asked.await.unwrap_err().to_string(), "Invalid region parameter: cn-north-1");
}

#[tokio::test]
async fn the_demo_is_a_picture_and_knows_no_aws() {
    let (app, key) = App::demo(Config::new("/nowhere")).await.unwrap();
    let scope = app.authenticate(&key).await.unwrap().unwrap();
    let account = app.accounts(&scope).await.unwrap().remove(0);
    let region = Region::parse("eu-west-1").unwrap();
    let draw = |region: Region| {
        let (app, scope, id) = (app.clone(), scope.clone(), account.id);
        async move {
            let request = DrawRequest::new(Format::Svg);
            match app.snapshot(&scope, id, &region, request, false, Duration::from_secs(60)).await {
                Ok(Snapshot::Ready(drawing)) => drawing,
                other => panic!("{other:?}"),
            }
        }
    };
    assert!(draw(region).await.shown > 50);
    assert!(draw(Region::parse("ap-south-1").unwrap()).await.shown < 20);
}
