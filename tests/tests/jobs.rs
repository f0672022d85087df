//! Scans that take long: held, promised, shared, resumed after a crash.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use isobar_tests::{Answer, Door, KEY, Moto, Server, request, run_python};

const ROLE: &str = "arn:aws:iam::123456789012:role/isobar";

/// moto behind a door that holds the answers about databases while `slow` is set, and counts them.
struct Slow {
    _moto: Moto,
    door: Door,
    slow: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
}

fn slow_account() -> Slow {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let (port, slow, count) = (moto.port(), Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let (held, counted) = (slow.clone(), count.clone());
    let door = Door::open(move |asked| {
        if asked.operation() == "DescribeDBInstances" {
            counted.fetch_add(1, Ordering::SeqCst);
            let began = Instant::now();
            while held.load(Ordering::SeqCst) && began.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        asked.forward(port)
    });
    Slow { _moto: moto, door, slow, count }
}

fn path(account: &serde_json::Value, format: &str) -> String {
    format!("/aws/account/{}/eu-west-1/{format}", account["id"].as_str().expect("an id"))
}

fn ask_and_wait(port: u16, target: &str, wait: u32) -> Answer {
    let prefer = format!("wait={wait}");
    let headers = [("Authorization", format!("Bearer {KEY}")), ("Prefer", prefer)];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    request(port, "GET", target, &headers, b"")
}

/// Asks until the answer is no 202, as a patient client does.
fn patiently(server: &Server, target: &str) -> Answer {
    let began = Instant::now();
    loop {
        let answer = ask_and_wait(server.port(), target, 5);
        if answer.status != 202 {
            return answer;
        }
        assert!(began.elapsed() < Duration::from_secs(90), "stuck: {}", server.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_long_scan_is_promised_and_kept() {
    let slow = slow_account();
    let server = Server::start(&slow.door.url(), &["--hold", "1"]);
    let account = server.link("shop", ROLE);
    let began = Instant::now();
    let answer = server.get(&path(&account, "svg"));
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert!(began.elapsed() < Duration::from_secs(20), "the hold was {:?}", began.elapsed());
    let body = answer.json();
    assert_eq!(body["code"], "STILL_PROCESSING");
    assert_eq!(
        body["message"],
        "Result wait time exceeded. Processing continues in the background, retry to receive result."
    );
    assert_eq!(body["retry"], true);
    assert!(answer.header("content-type").unwrap_or_default().starts_with("application/json"));
    // Others join the same scan, in whatever format.
    assert_eq!(server.get(&path(&account, "json?filter=type=ec2")).status, 202);
    assert_eq!(slow.count.load(Ordering::SeqCst), 1, "the account is read more than once");
    slow.slow.store(false, Ordering::SeqCst);
    assert_eq!(patiently(&server, &path(&account, "svg")).status, 200);
    assert_eq!(patiently(&server, &path(&account, "png?scale=0.5")).status, 200);
    assert_eq!(slow.count.load(Ordering::SeqCst), 1, "renderings share the scan");
    // Fresh enough, until somebody insists.
    let headers = [("Authorization", format!("Bearer {KEY}")), ("Cache-Control", "no-cache".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let again = request(server.port(), "GET", &path(&account, "svg?theme=dark"), &headers, b"");
    assert!(matches!(again.status, 200 | 202), "{}", again.text());
    assert_eq!(slow.count.load(Ordering::SeqCst), 2, "no-cache did not scan anew");
}

#[test]
fn clients_that_go_away_do_not_stop_a_scan() {
    let slow = slow_account();
    let server = Server::start(&slow.door.url(), &["--hold", "30"]);
    let account = server.link("shop", ROLE);
    {
        use std::io::Write;
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
        let text = format!(
            "GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n\r\n",
            path(&account, "svg")
        );
        stream.write_all(text.as_bytes()).expect("sent");
        let began = Instant::now();
        while slow.count.load(Ordering::SeqCst) == 0 && began.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    slow.slow.store(false, Ordering::SeqCst);
    assert_eq!(patiently(&server, &path(&account, "svg")).status, 200);
    assert_eq!(slow.count.load(Ordering::SeqCst), 1, "the scan was begun again");
}

#[test]
fn a_crash_in_the_middle_leaves_nothing_stuck() {
    let slow = slow_account();
    let server = Server::start(&slow.door.url(), &["--hold", "1"]);
    let account = server.link("shop", ROLE);
    assert_eq!(server.get(&path(&account, "svg")).status, 202);
    assert_eq!(slow.count.load(Ordering::SeqCst), 1);
    let folder = server.crash();
    slow.slow.store(false, Ordering::SeqCst);
    let server = Server::start_in(folder.clone(), &slow.door.url(), &["--hold", "1"], &[]);
    let listed = server.get("/aws/account").json();
    assert_eq!(listed["accounts"][0]["id"], account["id"], "{listed}");
    let answer = patiently(&server, &path(&account, "json"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["data"]["isobar"]["partial"], false, "{}", body["data"]["isobar"]);
    assert!(body["data"].to_string().contains("orders"), "the database is missing");
}

#[test]
fn an_unlinked_account_ends_its_scan() {
    let slow = slow_account();
    let server = Server::start(&slow.door.url(), &["--hold", "1"]);
    let account = server.link("shop", ROLE);
    assert_eq!(server.get(&path(&account, "svg")).status, 202);
    let id = account["id"].as_str().expect("an id");
    assert_eq!(server.ask("DELETE", &format!("/aws/account/{id}"), "").status, 204);
    assert_eq!(server.get(&path(&account, "svg")).status, 404);
    slow.slow.store(false, Ordering::SeqCst);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(server.get(&path(&account, "svg")).status, 404);
    assert_eq!(server.get("/healthz").status, 200);
}
