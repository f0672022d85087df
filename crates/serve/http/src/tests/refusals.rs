//! What is refused, in the words of the reference: bad parameters, wrong paths, missing rights.

use axum::body::Body;
use http::Request;
use serde_json::json;

use super::{ROLE, Server, UNKNOWN, check_error};

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
        (
            "POST",
            "/aws/account/invalid-id/us-east-1/png",
            "{",
            400,
            "invalid_property",
            "Invalid parameter form...",
        ),
        (
            "POST",
            "/aws/account/ID!/us-east-1/gif",
            r#"{"nodes":[],"projection":"2d"}"#,
            400,
            "invalid_parameter",
            bad_format,
        ),
        (
            "POST",
            "/aws/account/ID!/us-east-1/png",
            "",
            400,
            "invalid_parameter",
            "Invalid parameter: like. Must be the JSON of an earlier snapshot; it cannot be read: EOF...",
        ),
        (
            "POST",
            "/aws/account/ID!/us-east-1/png",
            "{}",
            400,
            "invalid_parameter",
            "Invalid parameter: like. Must be the JSON of an earlier snapshot; it has no nodes or no projection",
        ),
        (
            "POST",
            "/aws/account/ID!/us-east-1/png?projection=2d",
            r#"{"projection":"isometric","nodes":[{"arn":"arn:aws:sqs:::a","mapPos":[1,2],"locked":true}]}"#,
            400,
            "invalid_parameter",
            "Invalid parameter: like. Must be drawn with projection=isometric: it locks places in isometric",
        ),
        (
            "POST",
            "/aws/account/ID?/us-east-1/png",
            r#"{"nodes":[],"projection":"2d"}"#,
            404,
            "not_found",
            "AwsAccount not found",
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
