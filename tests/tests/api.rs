//! The OpenAPI document against the server: schemathesis sends what it allows and what it does not.

use isobar_tests::{KEY, Moto, Server, python, run_python, scratch};

#[test]
fn the_document_names_every_path_that_answers() {
    let server = Server::demo();
    let key = server.key();
    let document = server.get("/openapi.json");
    assert_eq!(document.status, 200, "{}", document.text());
    let document = document.json();
    let paths = document["paths"].as_object().expect("paths");
    for path in [
        "/aws/account",
        "/aws/account/{account_id}",
        "/aws/account/{account_id}/{region}/{format}",
        "/aws/account/iamParameters",
        "/aws/account/iamParameters/policy/minimal",
        "/aws/account/iamParameters/policy/custom",
        "/user/me",
        "/team",
    ] {
        assert!(paths.contains_key(path), "{path} is not among {:?}", paths.keys().collect::<Vec<_>>());
    }
    assert_eq!(key.len(), 44, "the SDK for Go refuses other lengths");
}

#[test]
fn schemathesis_finds_no_fault() {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let server = Server::start(&moto.url(), &["--hold", "5", "--reuse", "3600"]);
    server.link("shop", "arn:aws:iam::123456789012:role/isobar");
    let examples = if std::env::var_os("ISOBAR_FULL").is_some() { "100" } else { "12" };
    let folder = scratch("schemathesis");
    let tool = python().with_file_name("schemathesis");
    let ran = std::process::Command::new(tool)
        .current_dir(&folder)
        .args(["run", &format!("http://127.0.0.1:{}/openapi.json", server.port())])
        .args(["--header", &format!("Authorization: Bearer {KEY}")])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        ])
        .args(["--max-examples", examples, "--seed", "1", "--phases", "examples,fuzzing", "--workers", "1"])
        .args(["--generation-database", "none", "--request-timeout", "60", "--no-color"])
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .expect("schemathesis starts");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
}
