//! What lies around every route: headers, limits, other origins, counters.

use std::time::Duration;

use axum::body::Body;
use http::Request;

use super::{Server, check_error};
use crate::{Rate, ServeConfig};

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
