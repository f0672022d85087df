//! The router from outside: what the SDKs and the reference ask for, as data and one `check`.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use isobar_app::{App, Config, Rights};
use isobar_model::Secret;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{Rate, ServeConfig, router};

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

#[tokio::test]
async fn errors_have_the_words_of_the_reference() {
    let server = Server::demo().await;
    let id = server.account().await;
    let bad_format = "Invalid parameter: fileFormat. Must be one of: json, svg, png, webp, pdf, mxGraph";
    for (method, path, body, status, reason, error) in [
        ("GET", "/nowhere", "", 404, "not_found", "Not found"),
        ("GET", "/api/nowhere", "", 404, "not_found", "Not found"),
        ("GET", "/api/tools/cloudmapper", "", 405, "method_not_allowed", "Method not allowed"),
        ("GET", "/api/tools/nmap", "", 404, "not_found", "Not found"),
        ("PATCH", "/aws/account", "", 405, "method_not_allowed", "Method not allowed"),
        ("POST", "/user/me", "", 405, "method_not_allowed", "Method not allowed"),
        ("OPTIONS", "/aws/account", "", 405, "method_not_allowed", "Method not allowed"),
        (
            "PUT",
            "/aws/account/invalid-id",
            "{}",
            400,
            "invalid_property",
            "Invalid parameter format: accountId",
        ),
        (
            "DELETE",
            "/aws/account/invalid-id",
            "",
            400,
            "invalid_property",
            "Invalid parameter format: accountId",
        ),
        ("PUT", "/aws/account/ID?", "{}", 404, "not_found", "AwsAccount not found"),
        ("DELETE", "/aws/account/ID?", "", 404, "not_found", "AwsAccount not found"),
        (
            "GET",
            "/aws/account/invalid-id/us-east-1/png",
            "",
            400,
            "invalid_property",
            "Invalid parameter format: accountId",
        ),
        ("GET", "/aws/account/ID?/us-east-1/png", "", 404, "not_found", "AwsAccount not found"),
        (
            "GET",
            "/aws/account/ID?/us-mars-1/png",
            "",
            400,
            "invalid_parameter",
            "Invalid region parameter: us-mars-1",
        ),
        (
            "GET",
            "/aws/account/ID!/cn-north-1/png",
            "",
            400,
            "invalid_parameter",
            "Invalid region parameter: cn-north-1",
        ),
        ("GET", "/aws/account/ID!/us-east-1/gif", "", 400, "invalid_parameter", bad_format),
        (
            "GET",
            "/aws/account/ID!/us-east-1/png?projection=top",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: projection...",
        ),
        (
            "GET",
            "/aws/account/ID!/us-east-1/png?overlay=sg,vpc",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: overlay...",
        ),
        (
            "GET",
            "/aws/account/ID!/us-east-1/png?detail=full",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: detail...",
        ),
        (
            "GET",
            "/aws/account/ID!/us-east-1/png?grid=maybe",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: grid...",
        ),
        (
            "GET",
            "/aws/account/ID!/us-east-1/png?filter=(a",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: filter...",
        ),
        (
            "GET",
            "/aws/account/ID!/us-east-1/png?filter=%ff",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: ...",
        ),
        ("POST", "/aws/account", "{", 400, "invalid_json", "The request body is not valid JSON..."),
        ("POST", "/aws/account", "[]", 400, "invalid_json", "The request body must be a JSON object"),
        ("POST", "/aws/account", "{}", 400, "invalid_property", "Invalid parameter format: name"),
        (
            "POST",
            "/aws/account",
            r#"{"name":"a"}"#,
            400,
            "invalid_property",
            "Invalid parameter format: roleArn",
        ),
        (
            "POST",
            "/aws/account",
            r#"{"name":"a","roleArn":"arn:invalid-arn"}"#,
            400,
            "invalid_property",
            "Invalid parameter format: roleArn",
        ),
        (
            "POST",
            "/aws/account",
            r#"{"name":1,"roleArn":"x"}"#,
            400,
            "invalid_property",
            "Invalid parameter format: name",
        ),
        (
            "POST",
            "/aws/account",
            r#"{"name":"a","roleArn":"ROLE","readAccess":["x"]}"#,
            400,
            "invalid_property",
            "Invalid parameter format: readAccess",
        ),
        (
            "POST",
            "/aws/account",
            r#"{"name":"a","roleArn":"ROLE","region":"moon"}"#,
            400,
            "invalid_parameter",
            "Invalid region parameter: moon",
        ),
        ("GET", "/aws/account/%ff/us-east-1/png", "", 400, "invalid_property", "The request's path must..."),
        (
            "GET",
            "/aws/account/ID!/us-east-1/webp?width=16384&height=9",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: width, height. Must be smaller...",
        ),
        ("POST", "/azure/account", "{}", 400, "not_supported", "Azure accounts are not supported..."),
        ("DELETE", "/azure/account/x", "", 400, "invalid_property", "Invalid parameter format: accountId"),
        ("PUT", "/azure/account/ID?", "{}", 404, "not_found", "AzureAccount not found"),
        ("GET", "/azure/account/ID?/eastus/png", "", 404, "not_found", "AzureAccount not found"),
    ] {
        let path = path.replace("ID?", UNKNOWN).replace("ID!", &id);
        let answer = server.call(method, &path, &body.replace("ROLE", ROLE)).await;
        println!("{method} {path} {body}");
        check_error(&answer, status, reason, error);
    }
}

#[tokio::test]
async fn keys_decide() {
    let server = Server::demo().await;
    let id = server.account().await;
    let with = |key: Option<String>, method: &str, path: &str| {
        let builder = Request::builder().method(method).uri(path.to_owned());
        let builder = match key {
            Some(key) => builder.header("authorization", key),
            None => builder,
        };
        server.send(builder.body(Body::from("{}")).unwrap())
    };
    for wrong in [None, Some("Bearer"), Some("Bearer  "), Some("Basic abc"), Some("Bearer nope"), Some("x")] {
        let answer = with(wrong.map(str::to_owned), "GET", "/aws/account").await;
        assert_eq!(answer.status, 401, "{wrong:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(answer.json()["error"].is_string());
    }
    let reader = Some(format!("bearer {}", server.read_only.reveal()));
    assert_eq!(with(reader.clone(), "GET", "/aws/account").await.status, 200);
    for (method, path) in [("DELETE", format!("/aws/account/{id}")), ("PUT", format!("/aws/account/{id}"))] {
        let answer = with(reader.clone(), method, &path).await;
        check_error(&answer, 403, "insufficient_privileges", "API key does not have sufficient permissions");
    }
    let body = json!({"name": "a", "roleArn": ROLE}).to_string();
    let post = Request::builder()
        .method("POST")
        .uri("/aws/account")
        .header("authorization", reader.clone().unwrap());
    let answer = server.send(post.body(Body::from(body)).unwrap()).await;
    check_error(&answer, 403, "insufficient_privileges", "API key does not have sufficient permissions");
    // Policies are links for a browser, probes are for machines: neither needs a key.
    for open in [
        "/aws/account/iamParameters/policy/minimal",
        "/aws/account/iamParameters/policy/custom",
        "/healthz",
        "/readyz",
        "/openapi.json",
    ] {
        assert_eq!(with(None, "GET", open).await.status, 200, "{open}");
    }
    let scope = server.app.operator().await.unwrap();
    for key in server.app.keys(&scope).await.unwrap() {
        server.app.key_revoke(&scope, key.id).await.unwrap();
    }
    assert_eq!(with(reader, "GET", "/aws/account").await.status, 401);
    assert_eq!(server.get("/aws/account").await.status, 401);
    assert_eq!(server.key.reveal().len(), 44);
}

#[tokio::test]
async fn accounts_live_and_die_as_the_sdks_expect() {
    let server = Server::demo().await;
    // What Go sends: zero times that must not be stored, and an unknown field.
    let body = json!({
        "name": "Go", "roleArn": ROLE, "createdAt": "0001-01-01T00:00:00Z", "updatedAt": "0001-01-01T00:00:00Z",
        "id": UNKNOWN, "externalId": "", "CreatorId": "", "source": "aws", "whatever": 1,
        "readAccess": null, "region": "eu-west-1",
    });
    let created = server.call("POST", "/api/aws/account/", &body.to_string()).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let account = created.json();
    let id = account["id"].as_str().unwrap();
    assert!(id.len() == 36 && id != UNKNOWN && id == id.to_lowercase());
    assert_eq!(account["externalId"].as_str().unwrap().len(), 36);
    assert_eq!(account["readAccess"], Value::Null);
    assert_eq!(account["CreatorId"].as_str().unwrap().len(), 36);
    assert!(account.get("source").is_none() && account.get("whatever").is_none());
    let time = account["createdAt"].as_str().unwrap();
    assert!(time.len() == 24 && time.ends_with('Z') && !time.starts_with("0001"), "{time}");

    let team = format!("team/{UNKNOWN}");
    let body = json!({
        "id": "x", "name": "Renamed", "roleArn": ROLE, "createdAt": "0001-01-01T00:00:00Z", "readAccess": [team],
    });
    let updated = server.call("PUT", &format!("/aws/account/{id}"), &body.to_string()).await;
    assert_eq!(updated.status, 200);
    let changed = updated.json();
    assert_eq!(changed["name"], "Renamed");
    assert_eq!(changed["readAccess"], json!([team]));
    assert_eq!((&changed["id"], &changed["createdAt"]), (&account["id"], &account["createdAt"]));
    // Partial: what is absent stays, an empty list unshares.
    let changed = server.call("PUT", &format!("/aws/account/{id}"), r#"{"readAccess":[]}"#).await.json();
    assert_eq!((&changed["name"], &changed["readAccess"]), (&json!("Renamed"), &json!([])));

    let list = server.get("/aws/account/").await;
    let rows = list.json();
    let row = rows["accounts"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
    assert_eq!(row["source"], "aws");
    assert!(list.header("etag").starts_with("W/\""), "{}", list.header("etag"));

    let removed = server.call("DELETE", &format!("/aws/account/{id}"), "").await;
    assert_eq!((removed.status.as_u16(), removed.body.len()), (204, 0));
    assert!(removed.headers.get("content-type").is_none() && removed.headers.get("content-length").is_none());
    assert_eq!(server.call("DELETE", &format!("/aws/account/{id}"), "").await.status, 404);
    assert_eq!(server.get("/aws/account").await.json()["accounts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_small_endpoints() {
    let server = Server::demo().await;
    let user = server.get("/user/me").await.json();
    assert!(user["settings"].is_object() && user["email"].as_str().unwrap().contains('@'));
    assert!(user["accessedAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(server.get("/team").await.json(), json!([]));
    assert_eq!(server.get("/azure/account").await.json(), json!({"accounts": []}));
    let iam = server.get("/aws/account/iamParameters").await.json();
    assert_eq!(iam["accountId"], "111122223333");
    let expected = format!(
        "https://console.aws.amazon.com/iam/home?#/roles$new?step=type&roleType=crossAccount&isThirdParty\
         &accountID=111122223333&externalID={}&roleName=cloudcraft&policies=arn:aws:iam::aws:policy%2FReadOnlyAccess",
        iam["externalId"].as_str().unwrap()
    );
    assert_eq!(iam["awsConsoleUrl"], expected);
    let policy = server.get("/aws/account/iamParameters/policy/minimal").await.json();
    assert_eq!(policy["Version"], "2012-10-17");
    assert_eq!(policy["Statement"][0]["Effect"], "Allow");
    let scope = server.app.operator().await.unwrap();
    assert_eq!(iam["externalId"], server.app.user(&scope).await.unwrap().external_id.to_string());
}

#[tokio::test]
async fn drawings_in_every_format() {
    let server = Server::demo().await;
    let id = server.account().await;
    let region = "eu-west-1";
    for (format, kind, begins) in [
        ("json", "application/json", &b"{\"data\":"[..]),
        ("svg", "image/svg+xml", b"<?xml version=\"1.0\" standalone=\"no\"?>\n<!DOCTYPE svg"),
        ("png", "image/png", b"\x89PNG"),
        ("webp", "image/webp", b"RIFF"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("mxGraph", "application/xml", b"<"),
        ("mxgraph", "application/xml", b"<"),
    ] {
        let path = format!(
            "/aws/account/{id}/{region}/{format}?filter=type%3Dec2+OR+vpc&exclude=ebs&exclude=sg,natgateway&label=True&nobody=knows"
        );
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200, "{format}: {}", answer.text());
        assert_eq!(answer.header("content-type"), kind);
        assert!(answer.body.starts_with(begins), "{format}");
    }
    let sized = format!("/api/aws/account/{id}/{region}/svg?width=30&height=20&grid=true&transparent=true");
    let svg = server.get(&sized).await.text();
    for mark in [
        "<svg",
        "width=\"30\"",
        "height=\"20\"",
        "fill=\"url(#gridPatternMajor)\"",
        "fill=\"none\" id=\"interactionLayer\"",
    ] {
        assert!(svg.contains(mark), "{mark}");
    }
    let png = server.get(&format!("/aws/account/{id}/{region}/png?width=192&height=108")).await.body;
    assert_eq!((&png[16..20], &png[20..24]), (&192u32.to_be_bytes()[..], &108u32.to_be_bytes()[..]));
    // A region the demo does not have is an empty, true picture.
    let empty = server.get(&format!("/aws/account/{id}/ap-south-1/json")).await;
    assert_eq!(empty.status, 200);
    assert!(empty.json()["data"].is_object());
    let again = server.get(&sized).await.text();
    assert_eq!(svg, again, "the same request gives the same bytes");
}

#[tokio::test]
async fn a_hold_that_ends_is_a_202_and_the_retry_brings_the_result() {
    let server = Server::demo().await;
    let path = format!("/aws/account/{}/us-east-1/svg?grid=1", server.account().await);
    let asked =
        |wait: &'static str| server.request("GET", &path).header("prefer", wait).body(Body::empty()).unwrap();
    let early = server.send(asked("respond-async, wait=0")).await;
    assert_eq!((early.status.as_u16(), early.header("content-type")), (202, "application/json"));
    let words = "{\"code\":\"STILL_PROCESSING\",\"message\":\"Result wait time exceeded. Processing continues in the \
                 background, retry to receive result.\",\"retry\":true}";
    assert_eq!(early.text(), words);
    assert_eq!(early.header("preference-applied"), "wait=0");
    let late = server.send(asked("wait=9999")).await;
    assert_eq!((late.status.as_u16(), late.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(late.header("preference-applied"), "wait=120", "no longer than the operator allows");
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let server = Server::demo().await;
    for path in ["/aws/account", "/nowhere", "/", "/healthz"] {
        let answer = server.get(path).await;
        for (name, value) in [
            ("cache-control", "no-cache, no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "deny"),
            ("x-xss-protection", "1; mode=block"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(answer.header("vary").to_lowercase().contains("accept-encoding"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36);
        assert!(answer.headers.get("strict-transport-security").is_none(), "plain HTTP");
        assert!(!answer.status.is_redirection());
    }
    let mine =
        server.request("GET", "/aws/account").header("x-request-id", "abc-1").body(Body::empty()).unwrap();
    assert_eq!(server.send(mine).await.header("x-request-id"), "abc-1");
    let odd =
        server.request("GET", "/aws/account").header("x-request-id", "a b\"").body(Body::empty()).unwrap();
    assert_eq!(server.send(odd).await.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn limits_answer_in_json() {
    let rate = Some(Rate { requests: 3, per: Duration::from_secs(30) });
    let config = ServeConfig { rate, largest_body: 100, largest_head: 2000, ..ServeConfig::default() };
    let server = Server::with(config).await;
    let large = server.call("POST", "/aws/account", &"x".repeat(101)).await;
    check_error(&large, 413, "payload_too_large", "The request body is larger than 100 bytes");
    let head =
        server.request("GET", "/healthz").header("x-long", "y".repeat(3000)).body(Body::empty()).unwrap();
    check_error(&server.send(head).await, 431, "headers_too_large", "The request headers are larger...");
    check_error(
        &server.get(&format!("/healthz?{}", "z".repeat(3000))).await,
        414,
        "uri_too_long",
        "The request target...",
    );
    server.get("/user/me").await;
    server.get("/user/me").await;
    let refused = server.get("/user/me").await;
    check_error(&refused, 429, "too_many_requests", "Too many requests...");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    // Another key has its own limit.
    let bearer = format!("Bearer {}", server.read_only.reveal());
    let other =
        Request::builder().uri("/user/me").header("authorization", bearer).body(Body::empty()).unwrap();
    assert_eq!(server.send(other).await.status, 200);

    let config = ServeConfig { body_time: Duration::from_millis(20), rate: None, ..ServeConfig::default() };
    let server = Server::with(config).await;
    let never = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let slow = server.request("POST", "/aws/account").body(never).unwrap();
    check_error(&server.send(slow).await, 408, "request_timeout", "The request body did not arrive in time");
}

#[tokio::test]
async fn cross_origin_only_where_configured() {
    let preflight = |origin: &str| {
        Request::builder()
            .method("OPTIONS")
            .uri("/aws/account")
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .body(Body::empty())
            .unwrap()
    };
    let origins = vec!["https://maps.example.com".to_owned()];
    let server = Server::with(ServeConfig { origins, ..ServeConfig::default() }).await;
    let good = server.send(preflight("https://maps.example.com")).await;
    assert_eq!(good.header("access-control-allow-origin"), "https://maps.example.com");
    let bad = server.send(preflight("https://evil.example.com")).await;
    assert_eq!(bad.header("access-control-allow-origin"), "");
    let none = Server::demo().await.send(preflight("https://maps.example.com")).await;
    assert_eq!(none.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn the_page_signs_in_and_draws() {
    let server = Server::demo().await;
    let html = |method: &str, path: &str, cookie: &str, body: &str| {
        Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "text/html,application/xhtml+xml")
            .header("host", "127.0.0.1:8888")
            .header("cookie", cookie)
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    assert_eq!(server.get("/").await.json()["name"], "isobar");
    let front = server.send(html("GET", "/", "", "")).await;
    assert!(front.text().contains("<input type=\"password\" name=\"key\""));
    let wrong = server.send(html("POST", "/", "", "key=wrong")).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("This key is not known here"));

    let body = format!("key={}", crate::query::encode(server.key.reveal()));
    let inside = server.send(html("POST", "/", "", &body)).await;
    assert_eq!(inside.status, 200);
    let cookie = inside.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(inside.header("set-cookie").contains("; HttpOnly; SameSite=Strict"));
    let policy = inside.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");

    let page =
        server.send(html("GET", "/?set=1&filter=%3Cscript%3E&projection=2d", &cookie, "")).await.text();
    assert!(!page.contains("<script"), "{page}");
    let page = server.send(html("GET", "/", &cookie, "")).await.text();
    assert!(page.contains("<img src=\"/aws/account/"), "{page}");
    for format in ["svg", "png", "webp", "pdf", "mxGraph", "json"] {
        assert!(
            page.contains(&format!("/{format}?projection=isometric&amp;theme=light&amp;download=1")),
            "{format}"
        );
    }
    // The cookie reads the API, from our own page only, and never writes.
    let with = |method: &str, name: &'static str, value: &'static str| {
        let request = Request::builder().method(method).uri("/aws/account").header("cookie", cookie.as_str());
        server.send(
            request.header("host", "localhost:8888").header(name, value).body(Body::from("{}")).unwrap(),
        )
    };
    assert_eq!(with("GET", "sec-fetch-site", "same-origin").await.status, 200);
    assert_eq!(with("GET", "sec-fetch-site", "cross-site").await.status, 403);
    assert_eq!(with("GET", "origin", "https://evil.example.com").await.status, 403);
    assert_eq!(with("POST", "sec-fetch-site", "same-origin").await.status, 401);
    let rebound =
        Request::builder().uri("/").header("accept", "text/html").header("host", "evil.example.com");
    let rebound = server.send(rebound.header("cookie", cookie.as_str()).body(Body::empty()).unwrap()).await;
    check_error(&rebound, 403, "forbidden_origin", "The page is not served under this host name...");

    let out = server.send(html("POST", "/", &cookie, "leave=1")).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert!(server.send(html("GET", "/", &cookie, "")).await.text().contains("name=\"key\""));
}

#[tokio::test]
async fn the_explorer_needs_no_network() {
    let server = Server::demo().await;
    let page = server.get("/docs").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    for part in text.split('"').filter(|part| part.starts_with("/docs/")) {
        assert_eq!(server.get(part).await.status, 200, "{part}");
    }
    assert!(text.contains("/docs/swagger-ui-bundle.js"));
    let document = serde_json::to_value(crate::openapi()).unwrap();
    for path in ["/aws/account", "/aws/account/{account_id}/{region}/{format}", "/user/me", "/team"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    let errors = &document["paths"]["/aws/account"]["post"]["responses"];
    assert_eq!(errors["429"]["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Error");
}

#[tokio::test]
async fn counters_tell_no_names() {
    let server = Server::demo().await;
    let id = server.account().await;
    server.get(&format!("/aws/account/{id}/eu-west-1/json")).await;
    let text = server.get("/metrics").await.text();
    assert!(text.contains("isobar_http_requests_total{"), "{text}");
    assert!(!text.contains(&id));
    let off = ServeConfig { metrics: false, ..ServeConfig::default() };
    assert_eq!(Server::with(off).await.get("/metrics").await.status, 404);
}
