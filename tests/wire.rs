//! HTTP/1.1 as it is on the wire: a client that follows nothing and hides nothing, and a door at
//! which a test answers by hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// No test waits longer than this for one answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// An answer, byte for byte.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers in the order they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer to give at a [`Door`].
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type".into(), content_type.into())], body: body.into() }
    }
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.status, String::from_utf8_lossy(&self.body)))
    }
}

/// A request as it arrived at a [`Door`].
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The AWS operation that it asks for, where its protocol names one: `Action` of a query body
    /// or the last part of `X-Amz-Target`; else method and path.
    pub fn operation(&self) -> String {
        if let Some(target) = self.header("x-amz-target") {
            return target.rsplit('.').next().unwrap_or(target).to_owned();
        }
        let text = self.text();
        match text.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
            Some(action) => action.to_owned(),
            None => format!("{} {}", self.method, self.target),
        }
    }
    /// One field of a form body, percent-decoded.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = self.text();
        let raw = text.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?.to_owned();
        Some(percent_decode(&raw))
    }
    /// Passes the request on to a server on this machine and gives its answer back.
    pub fn forward(&self, port: u16) -> Answer {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .filter(|(n, _)| !matches!(n.as_str(), "connection" | "content-length" | "transfer-encoding"))
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        request(port, &self.method, &self.target, &headers, &self.body)
    }
}

fn percent_decode(raw: &str) -> String {
    let mut out = Vec::new();
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => out.push(b' '),
            b'%' if at + 2 < bytes.len() => {
                out.push(u8::from_str_radix(&raw[at + 1..at + 3], 16).unwrap_or(b'?'));
                at += 2;
            }
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Sends one request to 127.0.0.1 and reads the whole answer. Exactly the given headers are sent,
/// plus `Host` (unless given), `Content-Length` for a body, and `Connection: close`.
#[track_caller]
pub fn request(port: u16, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        head.push_str(&format!("Host: 127.0.0.1:{port}\r\n"));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || matches!(method, "POST" | "PUT") {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("Connection: close\r\n\r\n");
    // A server that refuses early may close before it has read everything; its answer counts.
    let mut writer = &stream;
    let _ = writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body));
    read_answer(&mut BufReader::new(&stream), method == "HEAD")
}

#[track_caller]
fn read_answer(reader: &mut impl BufRead, headless: bool) -> Answer {
    let first = read_line(reader).expect("an answer comes");
    let status = first.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status line");
    let headers = read_headers(reader);
    let mut body = Vec::new();
    let find = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    if headless || status == 204 || status == 304 {
    } else if find("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
        body = read_chunks(reader);
    } else if let Some(length) = find("content-length") {
        body.resize(length.parse().expect("a length"), 0);
        reader.read_exact(&mut body).expect("the body is as long as announced");
    } else {
        reader.read_to_end(&mut body).expect("the body ends");
    }
    Answer { status, headers, body }
}

fn read_line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).ok().filter(|&n| n > 0)?;
    Some(String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn read_headers(reader: &mut impl BufRead) -> Vec<(String, String)> {
    std::iter::from_fn(|| read_line(reader).filter(|line| !line.is_empty()))
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect()
}

fn read_chunks(reader: &mut impl BufRead) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = read_line(reader).expect("a chunk's size");
        let size = usize::from_str_radix(line.split(';').next().unwrap_or("").trim(), 16).expect("a size");
        let from = body.len();
        body.resize(from + size, 0);
        reader.read_exact(&mut body[from..]).expect("a whole chunk");
        let _ = read_line(reader);
        if size == 0 {
            return body;
        }
    }
}

/// A small HTTP server on a port of the system's choice that asks a function for each answer, one
/// thread a connection, and remembers what was asked.
pub struct Door {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    closed: Arc<AtomicBool>,
}

impl Door {
    /// Opens it.
    pub fn open(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let closed = Arc::new(AtomicBool::new(false));
        let (log, stop, answer) = (asked.clone(), closed.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (log, answer) = (log.clone(), answer.clone());
                std::thread::spawn(move || serve_one(&stream, &log, answer.as_ref()));
            }
        });
        Self { port, asked, closed }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything asked so far, in the order of arrival.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no thread panics with the log").clone()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve_one(stream: &TcpStream, log: &Mutex<Vec<Asked>>, answer: &(dyn Fn(&Asked) -> Answer + Send + Sync)) {
    let mut reader = BufReader::new(stream);
    let Some(first) = read_line(&mut reader) else { return };
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or("").to_owned(), words.next().unwrap_or("").to_owned());
    let headers = read_headers(&mut reader);
    let length = headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let asked = Asked { method, target, headers, body };
    log.lock().expect("no thread panics with the log").push(asked.clone());
    let answer = answer(&asked);
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        if !matches!(name.as_str(), "connection" | "content-length" | "transfer-encoding") {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", answer.body.len()));
    let mut writer = stream;
    let _ = writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(&answer.body));
}
