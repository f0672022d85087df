//! The page and the explorer, as a browser asks for them.

use axum::body::Body;
use http::Request;

use super::{Server, check_error};

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
