//! The router from outside: what the SDKs and the reference ask for, as data and one `check`.
//!
//! Here is what the tests stand on: a demo server without a socket, and its answers.

mod cloudcraft;
mod layers;
mod page;
mod refusals;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use isobar_app::{App, Config, Rights};
use isobar_model::Secret;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{ServeConfig, router};

struct Server {
    router: Router,
    app: App,
    key: Secret,
    read_only: Secret,
}

/// An answer, read whole.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    async fn demo() -> Self {
        Self::with(ServeConfig { rate: None, ..ServeConfig::default() }).await
    }

    async fn with(config: ServeConfig) -> Self {
        let (app, key) = App::demo(Config::new("/nowhere")).await.unwrap();
        let scope = app.operator().await.unwrap();
        let (_, read_only) = app.key_create(&scope, "reader", Rights::Read).await.unwrap();
        Self { router: router(app.clone(), config).unwrap(), app, key, read_only }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let bearer = format!("Bearer {}", self.key.reveal());
        Request::builder().method(method).uri(path).header("authorization", bearer)
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// Sends with the read-write key and a body without any Content-Type.
    async fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send(self.request(method, path).body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn account(&self) -> String {
        self.get("/aws/account").await.json()["accounts"][0]["id"].as_str().unwrap().to_owned()
    }
}

/// An answer that is no success is a JSON object with these words.
fn check_error(answer: &Answer, status: u16, reason: &str, error: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert_eq!(body["reason"], reason, "{body}");
    assert_eq!(body["code"], status);
    let got = body["error"].as_str().expect("error is a text");
    let fits = match error.strip_suffix("...") {
        Some(start) => got.starts_with(start),
        None => got == error,
    };
    assert!(fits, "{got}");
}

const UNKNOWN: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const ROLE: &str = "arn:aws:iam::123456789012:role/cloudcraft";
