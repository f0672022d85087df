//! What bounds a caller of the tools, over real HTTP: fault 7 of the original, each limit made small
//! enough to be met.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use isobar_app::{App, Config, Rights};
use isobar_http::{ServeConfig, serve};
use isobar_tests::{Answer, Asked, Door, KEY, Server, request, scratch};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::sts::{Trust, stand_in};

const TARGET: &str = "/api/tools/cloudmapper";

/// The demo behind a socket, with limits that no flag sets so low.
struct Bounded {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    served: Option<std::thread::JoinHandle<()>>,
}

impl Bounded {
    fn new(limit: impl FnOnce(&mut ServeConfig)) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let grace = Duration::from_millis(100);
        let tools_open = Some(Rights::Read);
        let mut config = ServeConfig { listen, grace, tools_open, rate: None, ..ServeConfig::default() };
        limit(&mut config);
        let (say, said) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let served = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let (app, _) = App::demo(Config::new(std::env::temp_dir())).await.expect("a demo");
                let (address, serving) = serve(app, config).await.expect("a free port");
                say.send(address.port()).expect("the test waits");
                let asked = async { drop(stopped.await) };
                serving.run(asked).await.expect("it serves until it is told to stop");
            });
        });
        let port = said.recv().expect("it listens");
        Self { port, stop: Some(stop), served: Some(served) }
    }

    fn post(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        let all = [&[("Content-Type", "application/json")], headers].concat();
        request(self.port, "POST", TARGET, &all, body.as_bytes())
    }

    /// The result object of `stats` of all accounts.
    fn stats(&self) -> Value {
        let answer = self.post(&[], &json!({"action": "stats", "account": "all"}).to_string());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Begins a request and sends no more than this of it.
    fn begin(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit can be set");
        let head = format!("POST {TARGET} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
        stream.write_all(format!("{head}{text}").as_bytes()).expect("it is read");
        stream
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.served.take().map(std::thread::JoinHandle::join);
        assert!(std::thread::panicking() || ended.is_some_and(|e| e.is_ok()), "the server ended badly");
    }
}

fn status(stream: &TcpStream) -> String {
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).expect("an answer comes");
    line.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[track_caller]
fn check_error(answer: &Answer, status: u16, reason: &str) {
    let body = answer.json();
    assert_eq!((answer.status, body["reason"].as_str()), (status, Some(reason)), "{body}");
    assert!(body["error"].is_string(), "{body}");
}

#[test]
fn a_call_ends_when_its_time_is_up() {
    let server = Bounded::new(|config| config.tool_limits.time = Duration::ZERO);
    let late = server.stats();
    assert_eq!(
        [&late["timed_out"], &late["success"], &late["return_code"], &late["partial_results"]],
        [&json!(true), &json!(false), &json!(-1), &json!(true)],
        "{late}"
    );
    assert!(late["stderr"].as_str().is_some_and(|text| text.contains("no end within 0 s")), "{late}");
}

#[test]
fn output_is_cut_and_says_so() {
    let server = Bounded::new(|config| config.tool_limits.output = 100);
    let long = server.stats();
    assert_eq!(long["success"], true, "{long}");
    assert!(long["stdout"].as_str().is_some_and(|text| (1..=100).contains(&text.len())), "{long}");
    assert!(long["stderr"].as_str().is_some_and(|text| text.contains("output cut at 100 bytes")), "{long}");
}

#[test]
fn bodies_too_large_or_too_slow_are_refused() {
    let server = Bounded::new(|config| {
        config.largest_body = 1000;
        config.body_time = Duration::from_millis(300);
    });
    let fits = json!({"action": "stats", "account": "all", "more": "x".repeat(900)}).to_string();
    assert_eq!(server.post(&[], &fits).status, 200);
    let large = json!({"action": "stats", "account": "all", "more": "x".repeat(1000)}).to_string();
    check_error(&server.post(&[], &large), 413, "payload_too_large");
    // The announced length alone is enough, and a body without one is counted.
    assert_eq!(status(&server.begin("Content-Length: 99999999999\r\n\r\n")), "413");
    let chunk = format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    assert_eq!(status(&server.begin(&format!("Transfer-Encoding: chunked\r\n\r\n{chunk}"))), "413");
    let begun = Instant::now();
    assert_eq!(status(&server.begin("Content-Length: 50\r\n\r\n{\"action\":")), "408");
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert_eq!(server.stats()["success"], true, "the next caller is served");
}

#[test]
fn more_callers_than_places_wait_or_are_sent_away() {
    // Commands wait for their turn, ...
    let server = Bounded::new(|config| config.tool_limits.at_once = 1);
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| server.stats())).collect();
        for call in calls {
            let result = call.join().expect("an answer");
            assert_eq!(result["success"], true, "{result}");
        }
    });
    // ... and requests that find no place are told to come again.
    let server = Bounded::new(|config| {
        config.concurrency = 1;
        config.body_time = Duration::from_secs(60);
    });
    let mut holding = Vec::new();
    let begun = Instant::now();
    let busy = loop {
        // One that comes while a request of ours has the place is itself sent away: then another tries.
        holding.push(server.begin("Content-Length: 50\r\n\r\n{"));
        std::thread::sleep(Duration::from_millis(50));
        let answer = server.post(&[], "{}");
        if answer.status == 503 || begun.elapsed() > Duration::from_secs(30) {
            break answer;
        }
    };
    check_error(&busy, 503, "busy");
    assert_eq!(busy.header("retry-after"), Some("2"));
    drop(holding);
    while server.post(&[], "{}").status == 503 {
        assert!(begun.elapsed() < Duration::from_secs(60), "a caller who left keeps no place");
    }
}

/// Only the first of two collects of an account runs; the second is told so at once.
#[test]
fn one_collect_of_an_account_at_a_time() {
    let open = Arc::new(AtomicBool::new(false));
    let gate = open.clone();
    let trust = Arc::new(Trust::default());
    let known = trust.clone();
    let signs_in = |asked: &Asked| matches!(asked.operation().as_str(), "AssumeRole" | "GetCallerIdentity");
    let aws = Door::open(move |asked| {
        if signs_in(asked) {
            return stand_in(&known, asked);
        }
        let begun = Instant::now();
        while !gate.load(Ordering::SeqCst) && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        Answer::new(
            403,
            "text/xml",
            "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>",
        )
    });
    let server = Server::start_in(scratch("collects"), &aws.url(), &[], &[]);
    let parameters = server.get("/aws/account/iamParameters").json();
    let external_id = parameters["externalId"].as_str().expect("an external id");
    *trust.external_id.lock().expect("no panic") = external_id.to_owned();
    server.link("shop", "arn:aws:iam::123456789012:role/strict");
    let collect = || {
        let headers = [("Authorization", &*format!("Bearer {KEY}")), ("Content-Type", "application/json")];
        let body = json!({"action": "collect", "account": "shop"}).to_string();
        request(server.port(), "POST", TARGET, &headers, body.as_bytes()).json()
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(collect);
        let begun = Instant::now();
        while aws.asked().iter().all(signs_in) && begun.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let second = collect();
        open.store(true, Ordering::SeqCst);
        assert_eq!((&second["success"], &second["return_code"]), (&json!(false), &json!(1)), "{second}");
        assert!(second["stderr"].as_str().is_some_and(|text| text.contains("runs already")), "{second}");
        let first = first.join().expect("an answer");
        assert!(!first["stderr"].as_str().unwrap_or_default().contains("runs already"), "{first}");
    });
}
